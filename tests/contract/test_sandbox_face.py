"""The sandbox as a story: people who act, a DBS to advance, a log of what arrived, events to await."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from bot.sandbox.sandbox import PortError
from bot.sandbox.slack import PersonError
from tests.blocks import plain

Json = dict[str, Any]
FRUITS = [{"text": {"type": "plain_text", "text": name}, "value": name[:1]} for name in ("Apple", "Banana")]


def field(label: str, element: Json, **more: Any) -> Json:
    block_id, element = label.lower(), {"action_id": "it", **element}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element, **more}


FORM: Json = {
    "type": "modal",
    "callback_id": "form",
    "title": plain("A form"),
    "submit": plain("Send"),
    "blocks": [
        field("Name", {"type": "plain_text_input"}),
        field("Fruit", {"type": "static_select", "options": FRUITS}),
        field("Fruits", {"type": "checkboxes", "options": FRUITS}),
        field("Town", {"type": "external_select", "min_query_length": 0}),
        field("When", {"type": "datetimepicker"}),
        {
            "type": "actions",
            "block_id": "more",
            "elements": [{"type": "button", "action_id": "shout", "text": plain("Shout")}],
        },
    ],
}


class Greeter:
    """A small app: a command that opens the form, and a message with a button for what was submitted."""

    def __init__(self, sandbox: Sandbox) -> None:
        environment = sandbox.environment()
        self.submitted: list[Json] = []
        self.client = AsyncWebClient(
            token=environment["SLACK_BOT_TOKEN"], base_url=environment["SLACK_API_URL"], retry_handlers=[]
        )
        app = AsyncApp(client=self.client)
        app.command("/restore")(self.open)
        app.options("it")(self.towns)
        app.view("form")(self.submit)
        app.action("shout")(self.shout)
        self.handler = AsyncSocketModeHandler(app, environment["SLACK_APP_TOKEN"])

    async def open(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        await self.client.views_open(trigger_id=body["trigger_id"], view=FORM)

    async def towns(self, ack: AsyncAck, body: Json) -> None:
        await ack(options=[{"text": plain(f"{body['value']}haven"), "value": "h"}])

    async def submit(self, ack: AsyncAck, view: Json) -> None:
        values = {block_id: entry["it"] for block_id, entry in view["state"]["values"].items()}
        if values["name"]["value"] == "nobody":
            await ack(response_action="errors", errors={"name": "Nobody is not a name."})
            return
        await ack()
        self.submitted.append(values)
        button = {"type": "button", "action_id": "shout", "text": plain("Shout")}
        blocks: list[Json] = [
            {"type": "section", "text": plain(f"Hello {values['name']['value']}")},
            {"type": "actions", "elements": [button]},
        ]
        await self.client.chat_postMessage(channel="#db-oncall", text="Hello", blocks=blocks)

    async def shout(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        where = {"thread_ts": body["message"]["ts"]} if "message" in body else {}
        await self.client.chat_postMessage(channel="#db-oncall", text="HELLO!", **where)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(speed=0) as sandbox:
        yield sandbox


@pytest.fixture
async def greeter(sandbox: Sandbox) -> AsyncIterator[Greeter]:
    greeter = Greeter(sandbox)
    await greeter.handler.connect_async()  # type: ignore[no-untyped-call]  # as Bolt left it
    await sandbox.workspace.app_connected()
    yield greeter
    await greeter.handler.close_async()  # type: ignore[no-untyped-call]  # as Bolt left it


async def test_alice_fills_in_a_form_and_ben_presses_the_button_below_its_result(
    sandbox: Sandbox, greeter: Greeter
) -> None:
    alice, ben = sandbox.alice, sandbox.ben
    await alice.command("/restore")
    await alice.see("A form")
    await alice.fill("Name", "nobody")
    await alice.fill("fruit", "Banana")
    await alice.fill("Fruits", ["Apple", "Banana"])
    await alice.fill("Town", "New")
    await alice.fill("When", datetime(2026, 5, 1, 12, tzinfo=UTC))
    assert await alice.submit() == {"Name": "Nobody is not a name."}
    await alice.fill("Name", "Alice")
    await alice.click("Shout")
    await ben.see("HELLO!")
    assert await alice.submit() == {}
    assert "Hello Alice" in await ben.see("Hello Alice")
    await ben.click("Shout")
    await sandbox.until(lambda: len([text for text in ben.sight() if text == "HELLO!"]) == 2)
    (values,) = greeter.submitted
    assert values["fruit"]["selected_option"] == FRUITS[1]
    assert values["fruits"]["selected_options"] == FRUITS
    assert values["town"]["selected_option"]["text"]["text"] == "Newhaven"
    assert values["when"]["selected_date_time"] == 1777636800


async def test_what_is_not_there_is_not_seen(sandbox: Sandbox, greeter: Greeter) -> None:
    await sandbox.alice.command("/restore")
    await sandbox.alice.fill("Name", "Alice")
    for missing in (sandbox.ben.see("A form", within=0.01), sandbox.alice.click("Delete all", within=0.01)):
        with pytest.raises(TimeoutError):
            await missing
    with pytest.raises(PersonError, match="There is no option 'Cherry'"):
        await sandbox.alice.fill("Fruit", "Cherry")


async def test_the_log_holds_every_request_at_either_service_in_order(sandbox: Sandbox) -> None:
    slack = AsyncWebClient(token="xoxb-sandbox", base_url=f"{sandbox.workspace_url}api/", retry_handlers=[])
    await slack.auth_test()
    async with httpx.AsyncClient() as http:
        await http.get(f"{sandbox.dbs_url}?Action=DescribeRegions")
    await slack.chat_postMessage(channel="#db-oncall", text="hello")
    assert [(request.service, request.name, request.status) for request in sandbox.journal] == [
        ("slack", "auth.test", 200),
        ("dbs", "DescribeRegions", 400),
        ("slack", "chat.postMessage", 200),
    ]
    assert sandbox.journal[-1].arguments["text"] == "hello"
    assert "token" not in sandbox.journal[-1].arguments
    assert "hello" not in repr(sandbox.journal)


async def test_the_whole_control_api_is_at_the_pages_address(sandbox: Sandbox) -> None:
    async with httpx.AsyncClient(base_url=sandbox.workspace_url) as page:
        before = sandbox.clock.now()
        assert (await page.post("/control/dbs/time", json={"advance": 60})).json()["now"] == before + 60
        assert (await page.post("/control/dbs/faults", json={"kind": "hang"})).json()["ok"]
        assert (await page.post("/control/slack/faults", json={"kind": "throttle"})).json()["ok"]
    assert len(sandbox.dbs.faults.all) == len(sandbox.workspace.faults.all) == 1


async def test_a_condition_about_either_service_is_awaited(sandbox: Sandbox) -> None:
    sandbox.dbs.faults.add("status")
    async with httpx.AsyncClient() as http:
        await http.get(f"{sandbox.dbs_url}?Action=DescribeRegions")
    assert await sandbox.until(lambda: sandbox.dbs.faults.all[0].hits) == 1
    with pytest.raises(TimeoutError):
        await sandbox.until(lambda: sandbox.workspace.journal, within=0.01)


async def test_without_a_supervised_bot_there_is_none_to_crash(sandbox: Sandbox) -> None:
    async with httpx.AsyncClient(base_url=sandbox.workspace_url) as page:
        for answer in (await page.get("/control/bot"), await page.post("/control/bot", json={"do": "crash"})):
            assert answer.status_code == 404
            assert answer.json() == {
                "ok": False,
                "error": "No bot is supervised here; `restorebot sandbox` starts one.",
            }


async def test_both_services_listen_on_loopback_and_leave_with_the_sandbox() -> None:
    async with Sandbox() as sandbox:
        urls = [httpx.URL(url) for url in sandbox.urls]
        assert {url.host for url in urls} == {"127.0.0.1"}
        with pytest.raises(PortError, match="--dbs-port"):
            async with Sandbox(dbs_port=urls[1].port or 0):
                pytest.fail("two services on one port")
    async with httpx.AsyncClient() as http:
        for url in urls:
            with pytest.raises(httpx.ConnectError):
                await http.get(url)
