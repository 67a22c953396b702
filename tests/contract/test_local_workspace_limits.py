"""Every length and count of Block Kit, of views and of messages: at its limit, and one past it."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.block_kit import check_blocks, check_options, view_problems
from bot.sandbox.slack.block_kit.tables import VIEW_BYTES
from tests.contract.calls import error_of

CHANNEL = "C0DBONCALL1"
Json = dict[str, Any]
Make = Callable[[int], Json]


def plain(length: int = 1) -> Json:
    return {"type": "plain_text", "text": "x" * length}


def option(number: int = 0, *, text: int = 1, **fields: Any) -> Json:
    return {"text": plain(text), "value": str(number), **fields}


def options(count: int) -> list[Json]:
    return [option(number) for number in range(count)]


def section(**fields: Any) -> Json:
    return {"type": "section", **fields}


def button(**fields: Any) -> Json:
    return section(text=plain(), accessory={"type": "button", "text": plain(), **fields})


def asked(**fields: Any) -> Json:
    confirm = {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain(), **fields}
    return button(confirm=confirm)


def image(**fields: Any) -> Json:
    return {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a", **fields}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def entry(kind: str, **fields: Any) -> Json:
    element = {"type": kind, **fields}
    return {"type": "input", "label": plain(), "element": element}


def menu(**fields: Any) -> Json:
    return entry("static_select", **{"options": options(1), **fields})


def url(length: int) -> str:
    return "https://".ljust(length, "x")


#: What grows, its limit, and a block with so much of it.
BLOCKS: Mapping[str, tuple[int, Make]] = {
    "block_id": (255, lambda n: {"type": "divider", "block_id": "x" * n}),
    "section text": (3000, lambda n: section(text=plain(n))),
    "section fields": (10, lambda n: section(fields=[plain()] * n)),
    "section field": (2000, lambda n: section(fields=[plain(n)])),
    "header text": (150, lambda n: {"type": "header", "text": plain(n)}),
    "context elements": (10, lambda n: {"type": "context", "elements": [plain()] * n}),
    "context text": (3000, lambda n: {"type": "context", "elements": [plain(n)]}),
    "actions": (25, lambda n: actions(*[{"type": "button", "text": plain()}] * n)),
    "markdown": (12_000, lambda n: {"type": "markdown", "text": "x" * n}),
    "image url": (3000, lambda n: image(image_url=url(n))),
    "image alt text": (2000, lambda n: image(alt_text="x" * n)),
    "image title": (2000, lambda n: image(title=plain(n))),
    "input label": (2000, lambda n: entry("plain_text_input") | {"label": plain(n)}),
    "input hint": (2000, lambda n: entry("plain_text_input") | {"hint": plain(n)}),
    "action_id": (255, lambda n: button(action_id="x" * n)),
    "button text": (75, lambda n: button(text=plain(n))),
    "button value": (2000, lambda n: button(value="x" * n)),
    "button url": (3000, lambda n: button(url=url(n))),
    "button label": (75, lambda n: button(accessibility_label="x" * n)),
    "confirm title": (100, lambda n: asked(title=plain(n))),
    "confirm text": (300, lambda n: asked(text=plain(n))),
    "confirm yes": (30, lambda n: asked(confirm=plain(n))),
    "confirm no": (30, lambda n: asked(deny=plain(n))),
    "overflow options": (5, lambda n: actions({"type": "overflow", "options": options(n)})),
    "options": (100, lambda n: menu(options=options(n))),
    "option text": (75, lambda n: menu(options=[option(text=n)])),
    "option value": (150, lambda n: menu(options=[option() | {"value": "x" * n}])),
    "option description": (75, lambda n: menu(options=[option(description=plain(n))])),
    "option groups": (
        100,
        lambda n: entry(
            "static_select", option_groups=[{"label": plain(), "options": options(1)} for _ in range(n)]
        ),
    ),
    "options in a group": (
        100,
        lambda n: entry("static_select", option_groups=[{"label": plain(), "options": options(n)}]),
    ),
    "group label": (
        75,
        lambda n: entry("static_select", option_groups=[{"label": plain(n), "options": options(1)}]),
    ),
    "placeholder": (150, lambda n: menu(placeholder=plain(n))),
    "radio buttons": (10, lambda n: entry("radio_buttons", options=options(n))),
    "checkboxes": (10, lambda n: entry("checkboxes", options=options(n))),
    "initial text": (3000, lambda n: entry("plain_text_input", initial_value="x" * n)),
    "min_length": (3000, lambda n: entry("plain_text_input", min_length=n)),
    "max_length": (3000, lambda n: entry("plain_text_input", max_length=n)),
    "chosen at the start": (
        2,
        lambda n: entry("multi_users_select", max_selected_items=2, initial_users=["U"] * n),
    ),
    "list indent": (
        8,
        lambda n: {
            "type": "rich_text",
            "elements": [{"type": "rich_text_list", "style": "bullet", "indent": n, "elements": []}],
        },
    ),
}  # fmt: skip

#: The same for views.
VIEWS: Mapping[str, tuple[int, Make]] = {
    "title": (24, lambda n: {"title": plain(n)}),
    "submit": (24, lambda n: {"submit": plain(n)}),
    "close": (24, lambda n: {"close": plain(n)}),
    "blocks": (100, lambda n: {"blocks": [{"type": "divider"}] * n}),
    "callback_id": (255, lambda n: {"callback_id": "x" * n}),
    "external_id": (255, lambda n: {"external_id": "x" * n}),
    "private_metadata": (3000, lambda n: {"private_metadata": "x" * n}),
}

#: The same for messages, with the error one past the limit.
MESSAGES: Mapping[str, tuple[int, str, Make]] = {
    "blocks": (50, "msg_blocks_too_many", lambda n: {"blocks": [{"type": "divider"}] * n}),
    "characters in blocks": (
        13_200,
        "msg_blocks_too_long",
        lambda n: {"blocks": [section(fields=[plain(1320)] * 9 + [plain(n - 9 * 1320)])]},
    ),
    "attachments": (100, "too_many_attachments", lambda n: {"attachments": [{"text": "x"}] * n}),
}  # fmt: skip


@pytest.mark.parametrize("what", BLOCKS)
def test_a_block_may_reach_its_limit_and_not_pass_it(what: str) -> None:
    limit, make = BLOCKS[what]
    surface = "message" if what == "markdown" else "modal"
    assert check_blocks([make(limit)], surface, "") == []
    assert len(check_blocks([make(limit + 1)], surface, "")) == 1


@pytest.mark.parametrize("what", VIEWS)
@pytest.mark.parametrize("kind", ["modal", "home"])
def test_a_view_may_reach_its_limit_and_not_pass_it(what: str, kind: str) -> None:
    limit, make = VIEWS[what]
    basics = {"type": kind, "blocks": [{"type": "divider"}]} | ({"title": plain()} if kind == "modal" else {})
    if kind == "home" and what in {"title", "submit", "close"}:
        [problem] = view_problems({**basics, **make(limit)}, kind, "/view")
        assert problem.message == f"invalid additional property: {what}"
        return
    assert list(view_problems({**basics, **make(limit)}, kind, "/view")) == []
    assert len(list(view_problems({**basics, **make(limit + 1)}, kind, "/view"))) == 1


@pytest.mark.parametrize(("count", "good"), [(0, True), (100, True), (101, False)])
def test_suggestions_are_a_hundred_at_most(count: int, good: bool) -> None:
    assert (check_options({"options": options(count)}) == []) is good


@pytest.mark.parametrize("what", MESSAGES)
async def test_a_message_may_reach_its_limit_and_not_pass_it(web: AsyncWebClient, what: str) -> None:
    limit, error, make = MESSAGES[what]
    posted = await web.chat_postMessage(channel=CHANNEL, text="x", **make(limit))
    past = make(limit + 1)
    assert await error_of(web.chat_postMessage(channel=CHANNEL, text="x", **past)) == error
    assert await error_of(web.chat_update(channel=CHANNEL, ts=posted["ts"], text="x", **past)) == error


async def test_text_is_cut_on_posting_and_refused_on_updating(web: AsyncWebClient) -> None:
    for length, kept in ((40_000, 40_000), (40_001, 40_000)):
        posted = await web.chat_postMessage(channel=CHANNEL, text="x" * length)
        assert len(posted["message"]["text"]) == kept
    update = {"channel": CHANNEL, "ts": posted["ts"]}
    await web.chat_update(**update, text="x" * 4000)
    assert await error_of(web.chat_update(**update, text="x" * 4001)) == "msg_too_long"


async def test_a_view_of_250_kilobytes_is_looked_at_and_a_byte_more_is_too_large(
    web: AsyncWebClient,
) -> None:
    bare = '{"type":"modal","title":{"type":"plain_text","text":"x"},"blocks":[],"private_metadata":"%s"}'
    room = VIEW_BYTES - len(bare % "")
    for size, error in ((room, "invalid_arguments"), (room + 1, "view_too_large")):
        call = web.api_call("views.open", json={"trigger_id": "1.2.3", "view": bare % ("x" * size)})
        assert await error_of(call) == error
