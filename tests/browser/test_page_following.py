"""What it takes to follow something: replies the channel sees as well, notes in threads, direct messages."""

import asyncio
import re

import pytest
from playwright.async_api import Locator, Page, expect
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace
from bot.sandbox.slack.installation import DEFAULT_SHORTCUTS
from tests.blocks import Json, option, plain
from tests.browser.pages import ALICE, AT_BOTH_WIDTHS, CHANNEL, at_rest

pytestmark = pytest.mark.browser

CARD = "*orders-prod* → `rm-1` :large_blue_circle:"
END = f"<@{ALICE}> The restore finished."


async def post(web: AsyncWebClient, text: str, channel: str = CHANNEL, **more: object) -> str:
    return str((await web.chat_postMessage(channel=channel, text=text, **more))["ts"])  # type: ignore[arg-type]  # any of its arguments


def log(page: Page, name: str = "#db-oncall") -> Locator:
    return page.get_by_role("log", name=f"Messages in {name}")


def thread(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Thread")


@AT_BOTH_WIDTHS
async def test_a_reply_sent_to_the_channel_as_well_says_so_and_leads_to_its_thread(
    chat: Page, web: AsyncWebClient
) -> None:
    root = await post(web, CARD)
    await post(web, "Precheck passed", thread_ts=root)
    await post(web, END, thread_ts=root, reply_broadcast=True)
    await expect(log(chat).get_by_role("article")).to_have_count(2)
    told = log(chat).get_by_role("article").last
    await expect(told).to_contain_text("@Alice Chen The restore finished.")
    await expect(told).to_contain_text("replied to a thread: orders-prod → rm-1 🔵")
    await told.get_by_role("button", name="orders-prod → rm-1").click()
    replies = thread(chat).get_by_role("article")
    await expect(replies).to_have_count(3)
    await expect(replies.last).to_contain_text("Also sent to the channel")
    await expect(replies.nth(1)).not_to_contain_text("Also sent")
    await thread(chat).get_by_role("button", name="Close thread").click()
    await chat.reload()
    await expect(log(chat).get_by_role("article").last).to_contain_text("replied to a thread")


async def test_what_a_reply_in_the_channel_belongs_to_is_shown_as_a_reader_sees_it(
    chat: Page, web: AsyncWebClient
) -> None:
    text = f"<@{ALICE}> *asked* in <#{CHANNEL}> at <!date^0^{{date_num}}|then> <!here> :tada: <https://a.example|more>"
    root = await post(web, text)
    await post(web, END, thread_ts=root, reply_broadcast=True)
    told = log(chat).get_by_role("article").last
    open_thread = told.get_by_role("button", name="@Alice Chen asked")
    await expect(open_thread).to_have_text("@Alice Chen asked in #db-oncall at 1970-01-01 @here 🎉 more")


async def test_what_a_reply_in_the_channel_belongs_to_is_shown_as_it_is_now(
    chat: Page, web: AsyncWebClient
) -> None:
    root = await post(web, "orders-prod: running")
    await post(web, END, thread_ts=root, reply_broadcast=True)
    told = log(chat).get_by_role("article").last
    await expect(told).to_contain_text("replied to a thread: orders-prod: running")
    await web.chat_update(channel=CHANNEL, ts=root, text="orders-prod: finished")
    await expect(told).to_contain_text("replied to a thread: orders-prod: finished")


async def test_a_draft_has_as_many_lines_as_it_needs_when_a_thread_opens_beside_it(
    chat: Page, web: AsyncWebClient
) -> None:
    root = await post(web, CARD)
    await post(web, "Precheck passed", thread_ts=root)
    draft = chat.get_by_role("textbox", name="Message #db-oncall")
    await draft.fill("word " * 20)
    await expect(draft).to_have_css("height", "34px")
    await log(chat).get_by_role("button", name="1 reply").click()
    await expect(draft).to_have_css("height", "56px")
    await thread(chat).get_by_role("button", name="Close thread").click()
    await expect(draft).to_have_css("height", "34px")


async def test_a_message_that_a_link_led_to_stays_marked_when_it_is_edited(
    chat: Page, web: AsyncWebClient
) -> None:
    root = await post(web, "orders-prod: running")
    await chat.goto(str((await web.chat_getPermalink(channel=CHANNEL, message_ts=root))["permalink"]))
    card = log(chat).get_by_role("article").last
    await expect(card).to_have_class(re.compile(r"\btarget\b"))
    await card.evaluate("(node) => node.style.animationDuration = '60s'")
    await web.chat_update(channel=CHANNEL, ts=root, text="orders-prod: finished")
    await expect(card).to_contain_text("orders-prod: finished")
    await expect(card).to_have_class(re.compile(r"\btarget\b"))


async def test_what_is_said_above_a_reply_is_never_taken_for_html(chat: Page, web: AsyncWebClient) -> None:
    root = await post(web, "&lt;img src=x onerror=window.hacked=1&gt;")
    await post(web, END, thread_ts=root, reply_broadcast=True)
    told = log(chat).get_by_role("article").last
    await expect(told.get_by_role("button", name="<img src=x onerror=window.hacked=1>")).to_be_visible()
    assert await chat.evaluate("window.hacked") is None


@AT_BOTH_WIDTHS
async def test_a_thread_in_direct_messages_is_read_with_its_notes_and_ends(
    chat: Page, web: AsyncWebClient
) -> None:
    opened = await web.conversations_open(users=ALICE)
    channel = opened["channel"]["id"]
    root = await post(web, CARD, channel)
    await post(web, "Precheck passed", channel, thread_ts=root)
    await web.chat_postEphemeral(channel=channel, user=ALICE, text="How it is now", thread_ts=root)
    await post(web, END, channel, thread_ts=root, reply_broadcast=True)
    link = (await web.chat_getPermalink(channel=channel, message_ts=root))["permalink"]
    await chat.goto(link)
    await expect(log(chat, "Restore Bot").get_by_role("article")).to_have_count(2)
    await chat.get_by_role("button", name="2 replies").click()
    note = thread(chat).get_by_role("article").filter(has_text="How it is now")
    await expect(note).to_contain_text("Only visible to you")
    await expect(thread(chat).get_by_role("article")).to_have_count(4)


@AT_BOTH_WIDTHS
async def test_a_choice_in_a_menu_of_a_card_is_told_once_it_is_confirmed(
    chat: Page, bolt: AsyncApp, web: AsyncWebClient
) -> None:
    chosen: asyncio.Queue[str] = asyncio.Queue()

    @bolt.action("restore_menu")
    async def menu(ack: AsyncAck, body: Json) -> None:
        await ack()
        await chosen.put(body["actions"][0]["selected_option"]["value"])

    confirm = {
        "title": plain("Are you sure?"),
        "text": plain("Nothing more will be told."),
        "confirm": plain("Yes"),
        "deny": plain("No"),
    }
    element = {
        "type": "overflow",
        "action_id": "restore_menu",
        "options": [option("Check now"), option("Stop watching here")],
        "confirm": confirm,
    }
    section = {"type": "section", "text": plain("orders-prod"), "accessory": element}
    await post(web, "orders-prod", blocks=[section])
    for answer in ("No", "Yes"):
        await log(chat).get_by_role("button", name="More options").click()
        await chat.get_by_role("menuitem", name="Stop watching here").click()
        dialog = chat.get_by_role("dialog", name="Are you sure?")
        await expect(dialog).to_contain_text("Nothing more will be told.")
        await dialog.get_by_role("button", name=answer).click()
        await expect(dialog).to_have_count(0)
    assert await chosen.get() == "stop watching here"
    await at_rest(chat)
    assert chosen.empty()


@AT_BOTH_WIDTHS
async def test_the_shortcuts_of_the_manifest_are_offered_on_every_message(
    chat: Page, bolt: AsyncApp, web: AsyncWebClient, workspace: LocalWorkspace
) -> None:
    used: asyncio.Queue[Json] = asyncio.Queue()

    @bolt.shortcut("restore_status")
    async def status(ack: AsyncAck, shortcut: Json) -> None:
        await ack()
        await used.put(shortcut)

    root = await post(web, CARD)
    reply = await post(web, "Precheck passed", thread_ts=root)
    await chat.get_by_role("button", name="1 reply").click()
    await thread(chat).get_by_role("article").last.hover()
    await thread(chat).get_by_role("button", name="More actions").click()
    menu = thread(chat).get_by_role("menu", name="Message actions")
    for shortcut in DEFAULT_SHORTCUTS:
        offered = menu.get_by_role("menuitem", name=shortcut.name)
        await expect(offered).to_have_count(1 if shortcut.type == "message" else 0)
    await menu.get_by_role("menuitem", name="Restore status").click()
    told = await used.get()
    assert (told["message"]["ts"], told["message"]["thread_ts"]) == (reply, root)
    assert told["response_url"]
    await workspace.settled()
