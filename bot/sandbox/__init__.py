"""A local workspace and a local DBS: the real protocols on loopback, for trying the bot and for its tests."""
