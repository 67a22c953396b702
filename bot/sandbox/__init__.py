"""A local workspace and a local DBS: the real protocols on loopback, for trying the bot and for its tests."""

from bot.sandbox.sandbox import Sandbox

__all__ = ["Sandbox"]
