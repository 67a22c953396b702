"""blocks.validate of the local workspace: Block Kit's rules without posting anything."""

import json
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace

PLAIN = {"type": "plain_text", "text": "x"}
DIVIDER = {"type": "divider"}
MODAL = {"type": "modal", "title": PLAIN, "blocks": [DIVIDER]}
HOME = {"type": "home", "blocks": [DIVIDER]}
NUMBER = {"type": "input", "label": PLAIN, "element": {"type": "number_input", "is_decimal_allowed": True}}


@pytest.fixture
def workspace() -> LocalWorkspace:
    return LocalWorkspace(scopes=[])


@pytest.mark.parametrize(
    "given",
    [
        {"blocks": [DIVIDER]},
        {"blocks": [NUMBER]},
        {"blocks": json.dumps([DIVIDER])},
        {"message": {"text": "x"}},
        {"message": {"blocks": [DIVIDER]}},
        {"view": MODAL},
        {"view": HOME},
        {"view": MODAL | {"blocks": [NUMBER], "submit": PLAIN}},
    ],
    ids=str,
)
async def test_what_is_right_passes_without_any_scope(web: AsyncWebClient, given: dict[str, Any]) -> None:
    assert (await web.api_call("blocks.validate", json=given))["ok"]


@pytest.mark.parametrize(
    ("given", "error", "pointers"),
    [
        ({"blocks": [DIVIDER, {"type": "header"}]}, "invalid_blocks", ["/1"]),
        (
            {"blocks": [{"type": "header", "text": {"type": "mrkdwn", "text": ""}}]},
            "invalid_blocks",
            ["/0/text/type", "/0/text/text"],
        ),
        ({"blocks": {}}, "invalid_blocks", [""]),
        ({"message": {"blocks": [DIVIDER] * 51}}, "invalid_message", ["/blocks"]),
        ({"message": {"blocks": [NUMBER]}}, "invalid_message", ["/blocks/0/element/type"]),
        ({"message": []}, "invalid_message", [""]),
        ({"view": MODAL | {"title": None}}, "invalid_view", ["/title"]),
        ({"view": MODAL | {"blocks": [NUMBER]}}, "invalid_view", [""]),
        ({"view": HOME | {"blocks": [NUMBER]}}, "invalid_view", ["/blocks/0/element/type"]),
        ({"view": HOME | {"title": PLAIN}}, "invalid_view", [""]),
        ({"view": 5}, "invalid_view", [""]),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_pointed_at(
    web: AsyncWebClient, given: dict[str, Any], error: str, pointers: list[str]
) -> None:
    with pytest.raises(SlackApiError) as caught:
        await web.api_call("blocks.validate", json=given)
    answer = caught.value.response
    assert answer["error"] == error
    assert [flaw["pointer"] for flaw in answer["errors"]] == pointers
    assert all(flaw["message"] and flaw["code"] == "failed_constraint" for flaw in answer["errors"])


@pytest.mark.parametrize("given", [{}, {"blocks": [DIVIDER], "view": MODAL}, {"blocks": "not json"}])
async def test_exactly_one_thing_is_looked_at(web: AsyncWebClient, given: dict[str, Any]) -> None:
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await web.api_call("blocks.validate", json=given)


async def test_slacks_own_client_sends_it(web: AsyncWebClient) -> None:
    assert (await web.blocks_validate(blocks=json.dumps([DIVIDER])))["ok"]
