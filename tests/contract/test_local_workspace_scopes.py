"""Scopes: an app can do what it was installed for, and hears what it lacks."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace
from bot.sandbox.slack.installation import DEFAULT_SCOPES
from bot.sandbox.slack.rates import ALLOWANCES
from bot.sandbox.slack.scopes import EVERY_SCOPE, NEEDED
from bot.sandbox.slack.web_api import METHODS

MANIFEST = Path(__file__).parents[2] / "manifest.yml"
CHANNEL, ALICE = "C0DBONCALL1", "U0ALICECHEN"

#: Calls that lack nothing but a scope, and the scope.
CALLS: Sequence[tuple[str, dict[str, Any], str]] = [
    ("bots.info", {}, "users:read"),
    ("chat.postMessage", {"channel": CHANNEL, "text": "x"}, "chat:write"),
    ("chat.postEphemeral", {"channel": CHANNEL, "user": ALICE, "text": "x"}, "chat:write"),
    ("chat.update", {"channel": CHANNEL, "ts": "1.0", "text": "x"}, "chat:write"),
    ("chat.delete", {"channel": CHANNEL, "ts": "1.0"}, "chat:write"),
    ("conversations.list", {}, "channels:read"),
    ("conversations.list", {"types": "private_channel"}, "groups:read"),
    ("conversations.list", {"types": "im"}, "im:read"),
    ("conversations.list", {"types": "public_channel,mpim"}, "channels:read,mpim:read"),
    ("conversations.info", {"channel": CHANNEL}, "channels:read"),
    ("conversations.members", {"channel": CHANNEL}, "channels:read"),
    ("conversations.history", {"channel": CHANNEL}, "channels:history"),
    ("conversations.replies", {"channel": CHANNEL, "ts": "1.0"}, "channels:history"),
    (
        "conversations.info",
        {"channel": "C0DBAPRIVAT"},
        "channels:read,groups:read,im:read,mpim:read",
    ),
    ("conversations.open", {"users": ALICE}, "im:write"),
    ("conversations.join", {"channel": "C0RANDOM001"}, "channels:join"),
    ("reactions.add", {"channel": CHANNEL, "timestamp": "1.0", "name": "eyes"}, "reactions:write"),
    ("reactions.remove", {"channel": CHANNEL, "timestamp": "1.0", "name": "eyes"}, "reactions:write"),
    ("usergroups.list", {}, "usergroups:read"),
    ("usergroups.users.list", {"usergroup": "S0DBADMINS1"}, "usergroups:read"),
    ("users.conversations", {"types": "im"}, "im:read"),
    ("users.info", {"user": ALICE}, "users:read"),
    ("users.list", {}, "users:read"),
]


@asynccontextmanager
async def client_with(scopes: Sequence[str]) -> AsyncIterator[AsyncWebClient]:
    async with LocalWorkspace(scopes=scopes).serve(port=0) as url:
        yield AsyncWebClient(token="xoxb-sandbox", base_url=f"{url}api/", retry_handlers=[])


async def answer(client: AsyncWebClient, method: str, arguments: dict[str, Any]) -> Any:
    try:
        return await client.api_call(method, json=arguments)
    except SlackApiError as error:
        return error.response


@pytest.mark.parametrize(("method", "arguments", "needed"), CALLS)
async def test_a_call_without_its_scope_is_told_which_it_lacks(
    method: str, arguments: dict[str, Any], needed: str
) -> None:
    provided = [scope for scope in EVERY_SCOPE if scope not in needed.split(",")]
    async with client_with(provided) as client:
        refused = await answer(client, method, arguments)
    assert refused["error"] == "missing_scope"
    assert (refused["needed"], refused["provided"]) == (needed, ",".join(provided))


@pytest.mark.parametrize(("method", "arguments", "needed"), CALLS)
async def test_a_call_with_its_scope_gets_past_that_check(
    method: str, arguments: dict[str, Any], needed: str
) -> None:
    async with client_with(needed.split(",")) as client:
        assert (await answer(client, method, arguments)).get("error") != "missing_scope"


def test_every_method_that_needs_a_scope_is_tried_here() -> None:
    assert {method for method, _, _ in CALLS} == NEEDED.keys()


def test_every_method_has_a_rate() -> None:
    assert ALLOWANCES.keys() == METHODS.keys()


def test_the_scopes_are_those_of_the_manifest_unless_told_otherwise() -> None:
    named = re.findall(r"^      - (\S+)$", MANIFEST.read_text(), re.MULTILINE)
    assert tuple(named) == DEFAULT_SCOPES


async def test_a_direct_conversation_needs_its_own_scope() -> None:
    scopes = [scope for scope in EVERY_SCOPE if scope != "im:history"]
    async with client_with(scopes) as client:
        opened = (await client.conversations_open(users=ALICE))["channel"]["id"]
        refused = await answer(client, "conversations.history", {"channel": opened})
        assert (refused["error"], refused["needed"]) == ("missing_scope", "im:history")
        assert (await client.conversations_history(channel=CHANNEL))["ok"]


async def test_every_answer_names_the_scopes_of_the_token() -> None:
    async with client_with(["chat:write", "commands"]) as client:
        assert (await client.auth_test()).headers["X-OAuth-Scopes"] == "chat:write,commands"


async def test_an_unknown_kind_of_conversation_is_refused() -> None:
    async with client_with(EVERY_SCOPE) as client:
        refused = await answer(client, "conversations.list", {"types": "club"})
    assert refused["error"] == "invalid_types"
