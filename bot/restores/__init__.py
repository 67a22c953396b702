"""The domain: what a restore is and what happens to it. No Slack, no HTTP, no SQL."""
