"""What a person of the local workspace can enter and send off, and what becomes of answers that come late."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace, Person, PersonError

ALICE, BEN = "U0ALICECHEN", "U0BENOKORO1"
ONCALL, PRIVATE, OLD = "C0DBONCALL1", "C0DBAPRIVAT", "C0OLDONCALL"


class Now:
    """A clock that stands still until it is told."""

    def __init__(self) -> None:
        self.time = 1712345678.0

    def __call__(self) -> float:
        return self.time


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def option(value: str, text: str | None = None) -> dict[str, Any]:
    return {"text": plain(text or value), "value": value}


def field(element: dict[str, Any], **more: Any) -> dict[str, Any]:
    block = {"type": "input", "block_id": "b", "label": plain("Field")}
    return {**block, "element": {"action_id": "a", **element}, **more}


def modal(*blocks: dict[str, Any]) -> dict[str, Any]:
    basics = {"type": "modal", "callback_id": "form", "title": plain("Form"), "submit": plain("Go")}
    return {**basics, "blocks": list(blocks)}


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def workspace(now: Now) -> LocalWorkspace:
    return LocalWorkspace(now=now)


@pytest.fixture
async def client(workspace: LocalWorkspace) -> AsyncIterator[AsyncWebClient]:
    async with workspace.serve(port=0) as url:
        yield AsyncWebClient(token="xoxb-sandbox", base_url=f"{url}api/", retry_handlers=[])


@pytest.fixture
async def app(client: AsyncWebClient, workspace: LocalWorkspace) -> AsyncIterator[AsyncApp]:
    """A Bolt app that acknowledges the command, every element named `a`, and the form."""
    app = AsyncApp(client=client)

    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    app.command("/restore")(acknowledge)
    app.action("a")(acknowledge)
    app.view("form")(acknowledge)
    handler = AsyncSocketModeHandler(app, "xapp-sandbox")
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt annotates it not
    await workspace.app_connected()
    yield app
    await handler.close_async()  # type: ignore[no-untyped-call]  # nor this


@pytest.fixture
def alice(workspace: LocalWorkspace) -> Person:
    return workspace.person("alice")


class Desk:
    """Alice, with a way to put a dialog before her."""

    def __init__(self, alice: Person, client: AsyncWebClient, workspace: LocalWorkspace) -> None:
        self.alice = alice
        self._client = client
        self._workspace = workspace

    async def trigger(self) -> str:
        await self.alice.say("#db-oncall", "/restore")
        return str(self._workspace.sent_to_app[-1]["payload"]["trigger_id"])

    async def open(self, *blocks: dict[str, Any], callback_id: str = "form") -> None:
        view = modal(*blocks) | {"callback_id": callback_id}
        await self._client.views_open(trigger_id=await self.trigger(), view=view)


@pytest.fixture
def desk(app: AsyncApp, alice: Person, client: AsyncWebClient, workspace: LocalWorkspace) -> Desk:
    return Desk(alice, client, workspace)


MENU = {"type": "static_select", "options": [option("one"), option("two")]}
MENUS = {"type": "multi_static_select", "options": [option("one"), option("two")], "max_selected_items": 1}
PEOPLE = {"type": "multi_users_select", "max_selected_items": 1}


@pytest.mark.parametrize(
    ("element", "value"),
    [
        (MENU, option("three")),
        (MENU, [option("one")]),
        (MENU, "one of many"),
        ({"type": "radio_buttons", "options": [option("one")]}, option("three")),
        ({"type": "checkboxes", "options": [option("one")]}, [option("one"), option("three")]),
        ({"type": "checkboxes", "options": [option("one")]}, [option("one"), option("one")]),
        (MENUS, [option("one"), option("two")]),
        ({"type": "external_select"}, {"text": "one", "value": 1}),
        (PEOPLE, [ALICE, BEN]),
        ({"type": "multi_users_select"}, [BEN, BEN]),
        ({"type": "users_select"}, "U0NOBODY001"),
        ({"type": "users_select"}, 5),
        ({"type": "channels_select"}, PRIVATE),
        ({"type": "conversations_select"}, OLD),
        ({"type": "conversations_select"}, "C0NOWHERE01"),
        ({"type": "datepicker"}, "2026-02-30"),
        ({"type": "datepicker"}, "tomorrow"),
        ({"type": "timepicker"}, "24:00"),
        ({"type": "datetimepicker"}, 17),
        ({"type": "datetimepicker"}, 1_700_000_000.5),
        ({"type": "datetimepicker"}, True),
        ({"type": "datetimepicker"}, "1700000000"),
        ({"type": "plain_text_input"}, 5),
        ({"type": "number_input", "is_decimal_allowed": True}, 1.5),
        ({"type": "rich_text_input"}, {"type": "rich_text", "elements": [{"type": "nothing"}]}),
    ],
    ids=str,
)
async def test_what_no_client_lets_through_is_refused(
    desk: Desk, workspace: LocalWorkspace, element: dict[str, Any], value: Any
) -> None:
    await desk.open(field(element, dispatch_action=True))
    sent = len(workspace.sent_to_app)
    with pytest.raises(PersonError):
        await desk.alice.choose("b", "a", value)
    with pytest.raises(PersonError):
        await desk.alice.submit({"b": value})
    assert len(workspace.sent_to_app) == sent


@pytest.mark.parametrize(
    ("element", "value"),
    [
        (MENU, "two"),
        (MENUS, ["two"]),
        ({"type": "external_select"}, option("of the app")),
        (PEOPLE, [BEN]),
        ({"type": "channels_select"}, ONCALL),
        ({"type": "conversations_select"}, PRIVATE),
        ({"type": "datepicker"}, "2026-02-28"),
        ({"type": "timepicker"}, "23:59"),
        ({"type": "datetimepicker"}, 1_700_000_000),
        ({"type": "number_input", "is_decimal_allowed": True}, "-1.5"),
        ({"type": "plain_text_input"}, "x" * 3000),
    ],
    ids=lambda value: value["type"] if isinstance(value, dict) and "type" in value else "",
)
async def test_what_a_client_lets_through_reaches_the_app(
    desk: Desk, workspace: LocalWorkspace, element: dict[str, Any], value: Any
) -> None:
    await desk.open(field(element, dispatch_action=True))
    await desk.alice.choose("b", "a", value)
    [action] = workspace.sent_to_app[-1]["payload"]["actions"]
    kept = workspace.sent_to_app[-1]["payload"]["view"]["state"]["values"]["b"]["a"]
    assert action.items() >= kept.items()
    assert any(kept[key] for key in kept if key != "type")


@pytest.mark.parametrize(
    ("number", "refused"),
    [
        ("1e5", True),
        ("1_000", True),
        ("٣", True),
        ("0x1", True),
        (" 1", True),
        ("-1.5", False),
        (".5", False),
    ],
)
async def test_a_number_is_written_in_digits(desk: Desk, number: str, refused: bool) -> None:
    await desk.open(field({"type": "number_input", "is_decimal_allowed": True}))
    errors = await desk.alice.submit({"b": number})
    assert errors == ({"b": "Please enter a number."} if refused else {})


@pytest.mark.parametrize(
    "address", ["ops@example", "ops@@example.com", "ops@.com", "ops@example.", "o ps@x.y"]
)
async def test_an_email_address_has_one_at_and_a_domain(desk: Desk, address: str) -> None:
    await desk.open(field({"type": "email_text_input"}))
    assert await desk.alice.submit({"b": address}) == {"b": "Please enter an email address."}


async def test_an_option_is_the_dialogs_own_whatever_it_is_called(
    desk: Desk, workspace: LocalWorkspace
) -> None:
    await desk.open(field(MENU, dispatch_action=True))
    await desk.alice.choose("b", "a", option("two", "made up"))
    [action] = workspace.sent_to_app[-1]["payload"]["actions"]
    assert action["selected_option"] == option("two")


async def test_what_is_chosen_goes_with_its_option(
    desk: Desk, client: AsyncWebClient, workspace: LocalWorkspace
) -> None:
    await desk.open(field(MENU, dispatch_action=True))
    await desk.alice.choose("b", "a", "two")
    view = desk.alice.view
    assert view is not None
    for options, kept in (([option("two", "Two!")], option("two", "Two!")), ([option("three")], None)):
        changed = modal(field({**MENU, "options": options}, dispatch_action=True))
        await client.views_update(view_id=view["id"], view=changed)
        [values] = [each["state"]["values"]["b"]["a"] for each in desk.alice.views]
        assert values["selected_option"] == kept
    assert workspace.person("ben").view is None


async def test_an_overflow_menu_gives_its_own_options_only(
    client: AsyncWebClient, app: AsyncApp, alice: Person, workspace: LocalWorkspace
) -> None:
    menu = {"type": "overflow", "action_id": "a", "options": [option("one"), option("two")]}
    await client.chat_postMessage(channel=ONCALL, text="x", blocks=[{"type": "actions", "elements": [menu]}])
    [message] = workspace.messages("#db-oncall")
    sent = len(workspace.sent_to_app)
    with pytest.raises(PersonError):
        await alice.click(message, "a", option("three"))
    assert len(workspace.sent_to_app) == sent
    await alice.click(message, "a", "two")
    assert workspace.sent_to_app[-1]["payload"]["actions"][0]["selected_option"] == option("two")
    assert app is not None


@pytest.mark.parametrize("dispatches", [False, True])
async def test_an_input_block_of_a_message_tells_the_app_only_if_it_says_so(
    client: AsyncWebClient, app: AsyncApp, alice: Person, workspace: LocalWorkspace, dispatches: bool
) -> None:
    block = field({"type": "plain_text_input"}, dispatch_action=dispatches)
    await client.chat_postMessage(channel=ONCALL, text="x", blocks=[block])
    [message] = workspace.messages("#db-oncall")
    await alice.click(message, "a", "typed")
    assert len(workspace.sent_to_app) == dispatches
    assert app is not None


async def test_a_conversation_that_was_not_chosen_has_no_response_url(
    desk: Desk, workspace: LocalWorkspace
) -> None:
    select = {"type": "conversations_select", "response_url_enabled": True}
    for chosen, count in ((None, 0), (ONCALL, 1)):
        await desk.open(field(select, optional=True))
        assert await desk.alice.submit({"b": chosen}) == {}
        assert len(workspace.sent_to_app[-1]["payload"]["response_urls"]) == count


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"response_action": "clear"},
        {"response_action": "push", "view": modal(field({"type": "plain_text_input"}))},
        {"response_action": "update", "view": modal(field({"type": "plain_text_input"}))},
        {"response_action": "errors", "errors": {"b": "wrong"}},
    ],
    ids=lambda answer: answer.get("response_action", "nothing"),
)
async def test_a_late_answer_leaves_another_dialog_alone(
    desk: Desk, app: AsyncApp, workspace: LocalWorkspace, answer: dict[str, Any]
) -> None:
    arrived, closed = asyncio.Event(), asyncio.Event()

    async def slow(ack: AsyncAck) -> None:
        arrived.set()
        await closed.wait()
        await ack(**answer)

    app.view("slow")(slow)
    text = field({"type": "plain_text_input"})
    await desk.open(text, callback_id="slow")
    submitting = asyncio.create_task(desk.alice.submit({"b": "typed"}))
    await arrived.wait()
    await desk.alice.close()
    await desk.open({**text, "label": plain("Another")})
    before = desk.alice.views
    closed.set()
    assert await submitting == {}
    assert desk.alice.views == before
    assert workspace.person("ben").view is None


async def test_a_trigger_that_was_too_old_stays_too_old(desk: Desk, client: AsyncWebClient, now: Now) -> None:
    trigger = await desk.trigger()
    now.time += 3.1
    for _ in range(2):
        with pytest.raises(SlackApiError, match="expired_trigger_id"):
            await client.views_open(trigger_id=trigger, view=modal(field(MENU)))
