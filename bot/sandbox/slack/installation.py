"""The app under test as the workspace knows it: its ids, name, slash commands, scopes and tokens."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.sandbox.slack.wire import Json


@dataclass(frozen=True)
class Team:
    id: str
    domain: str
    name: str


@dataclass(frozen=True)
class SlashCommand:
    """A slash command as the app's manifest describes it."""

    command: str
    description: str
    usage_hint: str = ""


@dataclass(frozen=True)
class Shortcut:
    """A shortcut as the app's manifest describes it: global, or in the menu of every message."""

    callback_id: str
    name: str
    description: str = ""
    type: Literal["global", "message"] = "global"


#: Made up, and opens nothing: apps are to look at the signature instead.
VERIFICATION_TOKEN = "sandbox-verification-token"  # noqa: S105  (see above)
LOCAL_TEAM = Team("T0LOCAL0001", "local-workspace", "Local workspace")
DEFAULT_COMMANDS = (
    SlashCommand(
        "/restore",
        "Restore a database from a backup",
        "[plan | plan=… at=… | plans | list | status | watch | follow | start | again | history | help]",
    ),
)
#: The shortcuts of the project's manifest.
DEFAULT_SHORTCUTS = (
    Shortcut("restore", "Restore a database", "Choose a backup plan and restore from it"),
    Shortcut(
        "restore_status", "Restore status", "How far this restore is, for your eyes only", type="message"
    ),
    Shortcut("restore_follow", "Tell me by DM", "Follow this restore by direct message", type="message"),
    Shortcut(
        "restore_watch", "Watch in a channel", "Follow this restore in another channel too", type="message"
    ),
    Shortcut("restore_again", "Restore again", "Open the form as this restore was", type="message"),
    Shortcut(
        "restore_receipt",
        "Restore receipt",
        "Who restored what, where to, when, and how it ended",
        type="message",
    ),
)
#: The events of the project's manifest.
DEFAULT_EVENTS = ("app_home_opened", "channel_unarchive", "group_unarchive", "member_joined_channel")
#: The bot scopes of the project's manifest.
DEFAULT_SCOPES = (
    "commands",
    "chat:write",
    "channels:read",
    "channels:join",
    "channels:history",
    "groups:read",
    "groups:history",
    "im:read",
    "im:history",
    "im:write",
    "users:read",
)


@dataclass(frozen=True)
class Installation:
    """One app, installed in one workspace."""

    bot_token: str = field(repr=False)
    app_token: str = field(repr=False)
    signing_secret: str = field(repr=False)
    app_name: str = "Restore Bot"
    commands: Sequence[SlashCommand] = DEFAULT_COMMANDS
    shortcuts: Sequence[Shortcut] = DEFAULT_SHORTCUTS
    events: Sequence[str] = DEFAULT_EVENTS
    scopes: Sequence[str] = DEFAULT_SCOPES
    team: Team = LOCAL_TEAM
    app_id: str = "A0RESTORE01"
    bot_id: str = "B0RESTORE01"
    bot_user: str = "U0RESTORE01"

    def command(self, name: str) -> SlashCommand | None:
        return next((command for command in self.commands if command.command == name), None)

    def bot_profile(self) -> Json:
        return {
            "id": self.bot_id,
            "app_id": self.app_id,
            "name": self.app_name,
            "icons": {},
            "deleted": False,
            "updated": 0,
            "team_id": self.team.id,
        }
