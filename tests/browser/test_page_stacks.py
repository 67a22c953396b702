"""Three views on top of each other, answers that do not come, and another person at the page."""

import asyncio
import re
from typing import Any

import pytest
from playwright.async_api import Page, expect
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace, route
from tests.blocks import Json, plain
from tests.browser.pages import AT_BOTH_WIDTHS, forgive, opened, show_sidebar

pytestmark = pytest.mark.browser

# Playwright looks at a page again only when a form's submission is over: the button is watched from inside.
WATCH_THE_BUTTON = """() => {
  const button = document.querySelector("dialog .submit");
  const watch = () => { window.wasBusy ||= button.disabled && button.ariaBusy === "true"; };
  new MutationObserver(watch).observe(button, {attributes: true});
}"""


def step(title: str, *, label: str = "Name", **more: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": "v"}
    return {
        "type": "modal",
        "callback_id": title.lower(),
        "title": plain(title),
        "submit": plain("Next"),
        "blocks": [{"type": "input", "block_id": "name", "label": plain(label), "element": element}],
        **more,
    }


@AT_BOTH_WIDTHS
async def test_a_stack_of_three_views_is_walked_back(
    chat: Page, bolt: AsyncApp, workspace: LocalWorkspace, width: int
) -> None:
    @bolt.view("first")
    async def to_second(ack: AsyncAck) -> None:
        await ack(response_action="push", view=step("Second", label="Target"))

    @bolt.view("second")
    async def to_third(ack: AsyncAck) -> None:
        await ack(response_action="push", view=step("Third", label="Reason"))

    @bolt.view("third")
    async def to_the_end(ack: AsyncAck) -> None:
        await ack(response_action="update", view={**step("Done"), "submit": plain("Finish")})

    first = await opened(chat, bolt, step("First"))
    await first.get_by_label("Name").fill("orders")
    await chat.keyboard.press("Enter")
    second = chat.get_by_role("dialog", name="Second")
    await second.get_by_label("Target").fill("rm-1")
    await chat.keyboard.press("Enter")
    third = chat.get_by_role("dialog", name="Third")
    await expect(third.get_by_label("Reason")).to_be_focused()
    box = await third.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    await third.get_by_role("button", name="Back").click()
    await expect(second.get_by_label("Target")).to_have_value("rm-1")
    await second.get_by_role("button", name="Back").click()
    await expect(first.get_by_label("Name")).to_have_value("orders")
    await expect(first.get_by_role("button", name="Back")).to_have_count(0)
    await first.get_by_role("button", name="Next").click()
    await second.get_by_label("Target").fill("rm-2")
    await chat.keyboard.press("Enter")
    await third.get_by_label("Reason").fill("a bad deploy")
    await chat.keyboard.press("Enter")
    done = chat.get_by_role("dialog", name="Done")
    await expect(done.get_by_role("button", name="Finish")).to_be_visible()
    assert len(workspace.person("alice").views) == 3
    await done.get_by_role("button", name="Close dialog").click()
    await expect(chat.get_by_role("dialog")).to_have_count(0)
    await workspace.until(lambda: workspace.person("alice").view is None)


async def test_the_app_clears_the_whole_stack(chat: Page, bolt: AsyncApp) -> None:
    @bolt.view("first")
    async def to_second(ack: AsyncAck) -> None:
        await ack(response_action="push", view=step("Second"))

    @bolt.view("second")
    async def clear(ack: AsyncAck) -> None:
        await ack(response_action="clear")

    await (await opened(chat, bolt, step("First"))).get_by_label("Name").fill("orders")
    await chat.keyboard.press("Enter")
    await chat.get_by_role("dialog", name="Second").get_by_label("Name").fill("orders")
    await chat.keyboard.press("Enter")
    await expect(chat.get_by_role("dialog")).to_have_count(0)


@AT_BOTH_WIDTHS
async def test_a_slow_answer_is_waited_for_and_a_missing_one_is_said(
    chat: Page, bolt: AsyncApp, browser_errors: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    release = asyncio.Event()
    told: list[str] = []

    @bolt.view("first")
    async def answer_late(ack: AsyncAck, view: Json) -> None:
        told.append(view["id"])
        await release.wait()
        await ack()

    first = await opened(chat, bolt, step("First"))
    await first.get_by_label("Name").fill("orders")
    monkeypatch.setattr(route, "ACK_SECONDS", 0.3)
    submit = first.get_by_role("button", name="Next")
    await chat.evaluate(WATCH_THE_BUTTON)
    await submit.click()
    await chat.wait_for_function("window.wasBusy")
    await expect(first.get_by_role("alert")).to_have_text("We had some trouble connecting. Try again?")
    await expect(submit).to_be_enabled()
    await expect(first.get_by_label("Name")).to_have_value("orders")
    release.set()
    await submit.click()
    await expect(first).to_have_count(0)
    assert len(set(told)) == 1
    forgive(browser_errors, "400 (Bad Request)")


async def test_a_command_nobody_acknowledges_is_said_by_slackbot(
    chat: Page, bolt: AsyncApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = asyncio.Event()

    @bolt.command("/restore")
    async def never(ack: AsyncAck) -> None:
        await release.wait()
        await ack()

    monkeypatch.setattr(route, "ACK_SECONDS", 0.05)
    await chat.get_by_role("textbox", name="Message #db-oncall").fill("/restore")
    await chat.keyboard.press("Enter")
    note = chat.get_by_role("article").last
    await expect(note).to_contain_text("Only visible to you")
    await expect(note).to_contain_text(re.compile(r"/restore failed .*operation_timeout"))
    release.set()


@AT_BOTH_WIDTHS
async def test_another_person_takes_the_page_over_without_a_reload(
    chat: Page, bolt: AsyncApp, web: AsyncWebClient
) -> None:
    await chat.evaluate("window.before = true")
    await web.chat_postMessage(channel="C0DBONCALL1", text="<!date^1392734382^{time}|unknown>")
    moment = chat.get_by_role("article").last
    await expect(moment).to_contain_text("10:39 PM")
    await show_sidebar(chat)
    await chat.get_by_role("combobox", name="You are").select_option("Ben Okoro")
    await expect(moment).to_contain_text("15:39")
    await expect(chat).to_have_url(re.compile("user=U0BENOKORO1"))
    assert await chat.evaluate("window.before")
    first = await opened(chat, bolt, step("First"))
    await expect(first.get_by_label("Name")).to_be_focused()
