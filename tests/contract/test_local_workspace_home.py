"""App Home and the direct conversation of the local workspace, with a Bolt app at the other end."""

from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace, Person, Shortcut
from tests.blocks import plain
from tests.contract.envelopes import acknowledge

ALICE, BEN, BOT = "U0ALICECHEN", "U0BENOKORO1", "U0RESTORE01"

FAST = {"text": plain("fast"), "value": "fast"}
PICKER = {
    "type": "input",
    "block_id": "plan",
    "label": plain("Plan"),
    "element": {"type": "external_select", "action_id": "plan"},
    "dispatch_action": True,
}
BUTTON = {"type": "button", "action_id": "again", "text": plain("Again")}


def home(text: str) -> dict[str, Any]:
    title = {"type": "section", "text": plain(text)}
    buttons = {"type": "actions", "block_id": "buttons", "elements": [BUTTON]}
    return {"type": "home", "callback_id": "home", "blocks": [title, PICKER, buttons]}


@pytest.fixture
def workspace() -> LocalWorkspace:
    return LocalWorkspace(events=["app_home_opened"], shortcuts=[Shortcut("new", "New", "Opens the form")])


@pytest.fixture
def app(bolt: AsyncApp, web: AsyncWebClient) -> AsyncApp:
    """A Bolt app that publishes a Home when it is opened, and again at the press of a button."""

    async def opened(event: dict[str, Any]) -> None:
        if event["tab"] == "home":
            await web.views_publish(user_id=event["user"], view=home("welcome"))

    async def pressed(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        view = body["view"]
        await web.views_publish(user_id=body["user"]["id"], view=home("again"), hash=view["hash"])

    async def suggest(ack: AsyncAck) -> None:
        await ack(options=[FAST])

    bolt.event("app_home_opened")(opened)
    bolt.action("again")(pressed)
    bolt.action("plan")(acknowledge)
    bolt.options("plan")(suggest)
    return bolt


def text_of(view: dict[str, Any] | None) -> str | None:
    return None if view is None else str(view["blocks"][0]["text"]["text"])


async def test_a_home_is_published_when_it_is_opened_and_changes_with_its_buttons(
    app: AsyncApp, alice: Person, workspace: LocalWorkspace
) -> None:
    assert alice.open_home() is None
    await workspace.until(lambda: text_of(alice.home) == "welcome")
    event = workspace.sent_to_app[0]["payload"]["event"]
    assert (event["type"], event["user"], event["tab"]) == ("app_home_opened", ALICE, "home")
    assert "view" not in event
    assert await alice.options("plan", "plan", "f") == [FAST]
    await alice.choose("plan", "plan", FAST)
    await alice.choose("buttons", "again")
    payload = workspace.sent_to_app[-1]["payload"]
    assert (payload["view"]["type"], payload["container"]["type"]) == ("home", "view")
    assert payload["view"]["state"]["values"]["plan"]["plan"]["selected_option"] == FAST
    await workspace.until(lambda: text_of(alice.home) == "again")
    assert text_of(alice.open_home()) == "again"
    await workspace.settled()
    second = [each for each in workspace.sent_to_app if each["type"] == "events_api"][1]["payload"]["event"]
    assert (second["view"]["id"], text_of(second["view"])) == (payload["view"]["id"], "again")


async def test_each_person_has_their_own_home(web: AsyncWebClient, workspace: LocalWorkspace) -> None:
    for user in (ALICE, BEN):
        await web.views_publish(user_id=user, view=home(f"for {user}"))
    assert text_of(workspace.person("alice").home) == f"for {ALICE}"
    assert text_of(workspace.person("ben").home) == f"for {BEN}"
    assert workspace.person("mara").home is None


async def test_a_home_keeps_its_id_and_what_was_chosen_and_gets_a_new_hash(
    app: AsyncApp, web: AsyncWebClient, alice: Person
) -> None:
    first = (await web.views_publish(user_id=ALICE, view=home("one")))["view"]
    await alice.choose("plan", "plan", FAST)
    second = (await web.views_publish(user_id=ALICE, view=home("two"), hash=first["hash"]))["view"]
    assert second["id"] == first["id"] == second["root_view_id"]
    assert second["hash"] != first["hash"]
    assert second["state"]["values"]["plan"]["plan"]["selected_option"] == FAST
    assert {"title", "submit"} & {name for name, value in second.items() if value} == set()
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await web.views_publish(user_id=ALICE, view=home("three"), hash=first["hash"])


async def test_the_page_opens_a_home_and_hears_of_every_change(url: str, web: AsyncWebClient) -> None:
    async with aiohttp.ClientSession() as session:

        async def post(path: str, **body: Any) -> dict[str, Any]:
            async with session.post(f"{url}page/{path}", json={"user": ALICE, **body}) as answer:
                return {"status": answer.status, **await answer.json()}

        assert await post("home") == {"status": 200, "ok": True, "view": None}
        async with session.ws_connect(f"{url}page/socket?user={ALICE}") as page:
            await page.receive_json()
            await web.views_publish(user_id=BEN, view=home("for Ben"))
            await web.views_publish(user_id=ALICE, view=home("for Alice"))
            event = await page.receive_json()
        assert (event["type"], text_of(event["view"])) == ("home", "for Alice")
        assert event["view"]["app"] == {"name": "Restore Bot"}
        assert (await post("home"))["view"] == event["view"]


async def test_the_page_opens_the_direct_conversation(url: str, workspace: LocalWorkspace) -> None:
    async with aiohttp.ClientSession() as session:
        bodies = []
        for _ in range(2):
            async with session.post(f"{url}page/im", json={"user": ALICE}) as answer:
                bodies.append(await answer.json())
        async with session.get(f"{url}page/boot?user={ALICE}") as answer:
            boot = await answer.json()
    channel = bodies[0]["channel"]
    assert bodies[0] == bodies[1]
    assert (channel["is_im"], channel["user"], channel["is_archived"]) == (True, BOT, False)
    assert channel in boot["channels"]
    assert boot["app"] == {"id": "A0RESTORE01", "name": "Restore Bot", "bot_user": BOT}
    assert boot["shortcuts"] == [
        {"callback_id": "new", "name": "New", "description": "Opens the form", "type": "global"}
    ]
    await workspace.settled()
