"""The payloads the app gets, complete as Slack sends them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.installation import VERIFICATION_TOKEN, Installation
from bot.sandbox.slack.records import Channel, User
from bot.sandbox.slack.wire import Json


@dataclass(frozen=True)
class Actor:
    """Who did it, in which installation, with what to answer on."""

    installation: Installation
    user: User
    trigger_id: str


def slash_command(actor: Actor, channel: Channel, command: str, text: str, response_url: str) -> Json:
    installation = actor.installation
    name = "privategroup" if channel.is_private else channel.name
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": installation.team.id,
        "team_domain": installation.team.domain,
        "channel_id": channel.id,
        "channel_name": name,
        "user_id": actor.user.id,
        "user_name": actor.user.name,
        "command": command,
        "text": text,
        "api_app_id": installation.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": actor.trigger_id,
    }


def block_actions(actor: Actor, place: Json, action: Json, values: Mapping[str, Any]) -> Json:
    """`place` holds what the container brings: container, and view, or channel, message and response_url."""
    common = _interactive("block_actions", actor)
    state = {} if "view" in place else {"state": {"values": values}}
    return {**common, **place, **state, "trigger_id": actor.trigger_id, "actions": [action]}


def block_suggestion(actor: Actor, place: Json, block_id: str, action_id: str, value: str) -> Json:
    question = {"block_id": block_id, "action_id": action_id, "value": value}
    return {**_interactive("block_suggestion", actor), **place, **question}


def view_submission(actor: Actor, view: Json, response_urls: list[Json]) -> Json:
    return {
        **_interactive("view_submission", actor),
        "trigger_id": actor.trigger_id,
        "view": view,
        "response_urls": response_urls,
    }


def view_closed(actor: Actor, view: Json, *, is_cleared: bool) -> Json:
    return {**_interactive("view_closed", actor), "view": view, "is_cleared": is_cleared}


def global_shortcut(actor: Actor, callback_id: str, action_ts: str) -> Json:
    common = _interactive("shortcut", actor)
    return {**common, "trigger_id": actor.trigger_id, "callback_id": callback_id, "action_ts": action_ts}


def message_shortcut(
    actor: Actor, callback_id: str, action_ts: str, *, channel: Channel, message: Json, response_url: str
) -> Json:
    return {
        **global_shortcut(actor, callback_id, action_ts),
        "type": "message_action",
        "channel": {"id": channel.id, "name": channel.name},
        "message_ts": message["ts"],
        "message": message,
        "response_url": response_url,
    }


def _interactive(kind: str, actor: Actor) -> Json:
    installation, user = actor.installation, actor.user
    team = installation.team
    return {
        "type": kind,
        "team": {"id": team.id, "domain": team.domain},
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": team.id},
        "api_app_id": installation.app_id,
        "token": VERIFICATION_TOKEN,
        "enterprise": None,
        "is_enterprise_install": False,
    }
