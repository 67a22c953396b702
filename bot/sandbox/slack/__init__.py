"""A local workspace: Slack's Web API, Socket Mode and a page to use them from, on loopback and in memory."""

from bot.sandbox.slack.block_kit import elements_of, options_of
from bot.sandbox.slack.installation import Shortcut, SlashCommand
from bot.sandbox.slack.messages import blocks_of
from bot.sandbox.slack.person import Person
from bot.sandbox.slack.wire import PersonError
from bot.sandbox.slack.workspace import LocalWorkspace

__all__ = [
    "LocalWorkspace",
    "Person",
    "PersonError",
    "Shortcut",
    "SlashCommand",
    "blocks_of",
    "elements_of",
    "options_of",
]
