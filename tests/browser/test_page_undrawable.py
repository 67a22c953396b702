"""What the page cannot draw takes nothing else with it."""

import json

from playwright.async_api import Page, Route, expect
from slack_sdk.web.async_client import AsyncWebClient

CHANNEL = "C0DBONCALL1"


async def test_a_moment_after_the_end_of_dates_shows_its_fallback(chat: Page, web: AsyncWebClient) -> None:
    await web.chat_postMessage(channel=CHANNEL, text="<!date^9999999999999^{date}|by far>")
    await web.chat_postMessage(channel=CHANNEL, text="<!date^8640000000000^{date_num}|the last>")
    await web.chat_postMessage(channel=CHANNEL, text="after it")
    log = chat.get_by_role("log", name="Messages in #db-oncall")
    for words in ("by far", "275760-09-13", "after it"):
        await expect(log.get_by_role("article").filter(has_text=words)).to_be_visible()


async def test_every_other_message_is_drawn(chat: Page, web: AsyncWebClient) -> None:
    async def spoil(route: Route) -> None:
        answer = await route.fetch()
        body = await answer.json()
        body["messages"][1]["blocks"] = [{"type": "context", "block_id": "b"}]
        await route.fulfill(response=answer, body=json.dumps(body))

    for text in ("first", "second", "third"):
        await web.chat_postMessage(channel=CHANNEL, text=text)
    await chat.route("**/page/messages?*", spoil)
    await chat.reload()
    log = chat.get_by_role("log", name="Messages in #db-oncall")
    await expect(log.get_by_role("article")).to_have_count(3)
    for words in ("first", "This message cannot be shown here.", "third"):
        await expect(log.get_by_role("article").filter(has_text=words)).to_be_visible()
    await chat.get_by_role("textbox", name="Message #db-oncall").fill("still works")
    await chat.keyboard.press("Enter")
    await expect(log.get_by_role("article").filter(has_text="still works")).to_be_visible()
