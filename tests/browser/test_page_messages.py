"""What people see in channels and threads: text, dates, live changes, each person's own view."""

import asyncio
import re
from typing import Any

import pytest
from playwright.async_api import Locator, Page, WebSocketRoute, expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace
from tests.browser.pages import CHANNEL

pytestmark = pytest.mark.browser

# The page is back within moments, so the banner is watched from inside.
WATCH_THE_BANNER = """() => {
  const banner = document.querySelector(".banner.offline");
  new MutationObserver(() => { window.wasOffline ||= !banner.hidden; }).observe(banner, {attributes: true});
}"""
ATTACK = "<img src=x onerror=window.hacked=1><script>window.hacked=1</script>"


def log(page: Page) -> Locator:
    return page.get_by_role("log", name="Messages in #db-oncall")


def last(page: Page) -> Locator:
    return log(page).get_by_role("article").last


async def post(web: AsyncWebClient, **message: Any) -> str:
    return str((await web.chat_postMessage(channel=CHANNEL, **message))["ts"])


async def test_mrkdwn_looks_as_in_slack(chat: Page, web: AsyncWebClient) -> None:
    await post(
        web,
        text="*bold _both_* ~gone~ `a*b*c` snake_case_name 2*3*4 :white_check_mark: "
        "&lt;b&gt; &amp; 10:30:45\n"
        "> quoted *text*\nSee <https://example.com/?a=1&amp;b=2|the guide> or https://example.com/x_y.\n"
        "```\nline *one*\n  line two\n```\n<@U0BENOKORO1> <#C0GENERAL01|general> <!here>",
    )
    message = last(chat)
    await expect(message.locator("strong").nth(1)).to_have_text("bold both")
    await expect(message.locator("em")).to_have_text("both")
    await expect(message.locator("s")).to_have_text("gone")
    await expect(message.locator("code")).to_have_text("a*b*c")
    await expect(message.get_by_role("img", name="white check mark")).to_have_text("✅")
    await expect(message).to_contain_text("snake_case_name 2*3*4")
    await expect(message).to_contain_text("<b> & 10:30:45")
    await expect(message.locator("blockquote")).to_have_text("quoted text")
    guide = message.get_by_role("link", name="the guide")
    await expect(guide).to_have_attribute("href", "https://example.com/?a=1&b=2")
    await expect(message.get_by_role("link", name="https://example.com/x_y", exact=True)).to_be_visible()
    await expect(message.locator("pre")).to_have_text("line *one*\n  line two")
    await expect(message.locator(".mention")).to_have_text(["@Ben Okoro", "#general", "@here"])


async def test_text_is_never_taken_for_html(chat: Page, web: AsyncWebClient) -> None:
    plain = {"type": "plain_text", "text": ATTACK[:70]}
    option = {"text": plain, "value": "v"}
    blocks = [
        {"type": "header", "text": plain},
        {"type": "section", "text": {"type": "mrkdwn", "text": f"`{ATTACK}` <javascript:hacked=1|click>"}},
        {"type": "section", "fields": [{"type": "mrkdwn", "text": f"*{ATTACK}*"}]},
        {"type": "context", "elements": [plain]},
        {
            "type": "actions",
            "elements": [
                {"type": "button", "action_id": "press", "text": plain},
                {"type": "static_select", "action_id": "pick", "placeholder": plain, "options": [option]},
            ],
        },
    ]
    await post(web, text=ATTACK, attachments=[{"color": "danger", "blocks": blocks}])
    await chat.get_by_role("combobox", name="<img src=x").click()
    await expect(chat.get_by_role("option", name="<img src=x")).to_be_visible()
    await expect(last(chat)).to_contain_text(ATTACK)
    assert await chat.locator("img").count() == 0
    assert await last(chat).locator("script, a").count() == 0
    assert await chat.evaluate("window.hacked") is None


async def test_dates_are_in_the_zone_and_on_the_clock_of_the_person(chat: Page, web: AsyncWebClient) -> None:
    await post(web, text="<!date^1392734382^{date} / {date_num} / {date_long} at {time_secs}|unknown>")
    moment = last(chat).locator(".mrkdwn")
    alices = "February 18th, 2014 / 2014-02-18 / Tuesday, February 18th, 2014 at 10:39:42 PM"
    await expect(moment).to_have_text(alices)
    await chat.get_by_role("combobox", name="You are").select_option("Ben Okoro")
    bens = "February 18th, 2014 / 2014-02-18 / Tuesday, February 18th, 2014 at 15:39:42"
    await expect(moment).to_have_text(bens)


async def test_messages_come_change_and_go_while_the_page_is_open(chat: Page, web: AsyncWebClient) -> None:
    box = chat.get_by_role("textbox", name="Message #db-oncall")
    await box.fill("half a thought")
    ts = await post(web, text="Precheck is running")
    await expect(last(chat)).to_have_attribute("aria-label", re.compile(r"^Restore Bot, \d+:\d\d [AP]M$"))
    await expect(last(chat)).to_contain_text("APP")
    await web.chat_update(channel=CHANNEL, ts=ts, text="Precheck passed")
    await expect(last(chat)).to_contain_text("Precheck passed (edited)")
    await web.chat_delete(channel=CHANNEL, ts=ts)
    await expect(log(chat).get_by_role("article")).to_have_count(0)
    await expect(box).to_have_value("half a thought")
    await expect(box).to_be_focused()


async def test_new_messages_do_not_move_someone_who_reads_further_up(chat: Page, web: AsyncWebClient) -> None:
    for number in range(40):
        await post(web, text=f"line {number}")
    await expect(last(chat)).to_contain_text("line 39")
    await expect(last(chat)).to_be_in_viewport()
    await log(chat).evaluate("log => { log.scrollTop = 100 }")
    await post(web, text="the newest")
    jump = chat.get_by_role("button", name="New messages")
    await jump.wait_for()
    assert await log(chat).evaluate("log => log.scrollTop") == 100
    await jump.click()
    await expect(chat.get_by_text("the newest")).to_be_in_viewport()


async def test_a_thread_opens_beside_the_channel_and_takes_replies(chat: Page, web: AsyncWebClient) -> None:
    root = await post(web, text="Restore of orders-prod")
    await post(web, text="Precheck passed", thread_ts=root)
    await chat.get_by_role("button", name="1 reply").click()
    thread = chat.get_by_role("complementary", name="Thread")
    replies = thread.get_by_role("log", name="Thread messages").get_by_role("article")
    await expect(replies).to_contain_text(["Restore of orders-prod", "Precheck passed"])
    await thread.get_by_role("textbox", name="Reply in thread").fill("thank you")
    await chat.keyboard.press("Enter")
    await expect(replies.last).to_contain_text("thank you")
    await expect(chat.get_by_role("button", name="2 replies")).to_be_visible()
    await expect(log(chat).get_by_text("thank you")).to_have_count(0)
    await thread.get_by_role("button", name="Close thread").click()
    await expect(thread).to_be_hidden()


async def test_each_person_sees_what_is_theirs(
    chat: Page, web: AsyncWebClient, workspace: LocalWorkspace
) -> None:
    await web.chat_postEphemeral(channel=CHANNEL, user="U0ALICECHEN", text="just between us")
    await expect(last(chat)).to_contain_text("Only visible to you")
    await chat.get_by_role("combobox", name="You are").select_option("Ben Okoro")
    await expect(chat.get_by_text("just between us")).to_have_count(0)
    await chat.get_by_role("textbox", name="Message #db-oncall").fill("I am *Ben* <3")
    await chat.get_by_role("button", name="Send").click()
    await expect(last(chat)).to_contain_text("I am Ben <3")
    assert workspace.messages("#db-oncall")[-1]["user"] == "U0BENOKORO1"


async def test_other_channels_show_that_they_have_news(chat: Page, web: AsyncWebClient) -> None:
    await web.chat_postMessage(channel="C0GENERAL01", text="lunch")
    channels = chat.get_by_role("navigation", name="Channels")
    general = channels.get_by_role("button", name=re.compile("general.*1 unread"))
    await general.click()
    await expect(chat.get_by_role("log", name="Messages in #general")).to_contain_text("lunch")
    await expect(channels.get_by_role("button", name="general", exact=True)).to_have_attribute(
        "aria-current", "page"
    )


async def test_a_permalink_leads_to_its_message_and_a_reload_stays_there(
    chat: Page, web: AsyncWebClient
) -> None:
    root = await post(web, text="Restore of orders-prod")
    reply = str((await web.chat_postMessage(channel=CHANNEL, text="Failed: disk full", thread_ts=root))["ts"])
    link = (await web.chat_getPermalink(channel=CHANNEL, message_ts=reply))["permalink"]
    await web.chat_postMessage(channel="C0GENERAL01", text=f"look at <{link}|what happened>")
    await chat.get_by_role("navigation", name="Channels").get_by_role("button", name="general").click()
    await chat.get_by_role("link", name="what happened").click()
    replies = chat.get_by_role("log", name="Thread messages")
    await expect(replies).to_contain_text("Failed: disk full")
    await chat.reload()
    await expect(replies).to_contain_text("Failed: disk full")
    await chat.goto(str(link))
    await expect(replies).to_contain_text("Failed: disk full")


async def test_a_lost_connection_is_said_and_what_was_missed_is_fetched(
    page: Page, url: str, web: AsyncWebClient
) -> None:
    sockets: list[WebSocketRoute] = []
    came_back = asyncio.Event()

    def connect(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        if len(sockets) == 2:
            came_back.set()  # and stays deaf: nothing of the server reaches the page
        else:
            socket.connect_to_server()

    await page.route_web_socket(re.compile("/page/socket"), connect)
    await page.goto(url)
    await expect(log(page)).to_have_attribute("aria-busy", "false")
    await expect(page.get_by_text("You are offline")).to_be_hidden()
    await page.evaluate(WATCH_THE_BANNER)
    await sockets[0].close()
    await page.wait_for_function("window.wasOffline")
    await came_back.wait()
    await expect(page.get_by_text("You are offline")).to_be_hidden()
    await post(web, text="while you were away")
    await sockets[1].close()
    await expect(last(page)).to_contain_text("while you were away")
    await page.goto("about:blank")
