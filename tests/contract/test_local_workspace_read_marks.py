"""What a person has read, which names in their messages become links, and how they come into a channel."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.sandbox.slack import LocalWorkspace

ALICE, BEN, MARA, BOT = "U0ALICECHEN", "U0BENOKORO1", "U0MARASILVA", "U0RESTORE01"
CHANNEL, RANDOM, PRIVATE, OLD = "C0DBONCALL1", "C0RANDOM001", "C0DBAPRIVAT", "C0OLDONCALL"

Json = dict[str, Any]


class Page:
    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url

    async def post(self, path: str, **body: Any) -> Json:
        async with self._session.post(f"{self._url}page/{path}", json=body) as answer:
            told: Json = await answer.json()
            return told

    async def unread(self, user: str) -> Json:
        async with self._session.get(f"{self._url}page/boot", params={"user": user}) as answer:
            unread: Json = (await answer.json())["unread"]
            return unread

    async def listen(self, user: str) -> aiohttp.ClientWebSocketResponse:
        """A socket that has already got the person's views."""
        socket = await self._session.ws_connect(f"{self._url}page/socket?user={user}")
        await socket.receive_json()
        return socket


@pytest.fixture
def workspace() -> LocalWorkspace:
    return LocalWorkspace()


@pytest.fixture
async def page(workspace: LocalWorkspace) -> AsyncIterator[Page]:
    async with workspace.serve(port=0) as url, aiohttp.ClientSession() as session:
        yield Page(session, url)


async def test_what_others_wrote_is_unread_until_it_is_read(page: Page, workspace: LocalWorkspace) -> None:
    alice, ben = workspace.person("alice"), workspace.person("ben")
    await ben.say("#db-oncall", "one")
    await alice.say("#db-oncall", "two")
    await ben.say("#db-oncall", "three, @Alice Chen")
    since, *_ = [message["ts"] for message in workspace.messages("#db-oncall")]
    assert await page.unread(ALICE) == {CHANNEL: {"count": 2, "mentions": 1, "since": since}}
    assert (await page.unread(BEN))[CHANNEL]["count"] == 1
    assert await page.unread(MARA) == {}  # who is not in the channel has nothing to read there
    await page.post("read", user=ALICE, channel=CHANNEL)
    assert await page.unread(ALICE) == {}
    assert (await page.unread(BEN))[CHANNEL]["count"] == 1


async def test_every_page_of_the_person_hears_of_the_news_and_of_the_reading(
    page: Page, workspace: LocalWorkspace
) -> None:
    socket = await page.listen(ALICE)
    await workspace.person("ben").say("#db-oncall", "hello")
    told = await socket.receive_json()
    assert (told["type"], told["unread"]["count"]) == ("message", 1)
    await page.post("read", user=ALICE, channel=CHANNEL)
    assert await socket.receive_json() == {"type": "read", "channel": CHANNEL, "unread": None}


async def test_replies_in_threads_are_no_news_of_the_channel(page: Page, workspace: LocalWorkspace) -> None:
    ben = workspace.person("ben")
    await ben.say("#db-oncall", "root")
    await page.post("read", user=ALICE, channel=CHANNEL)
    root = workspace.messages("#db-oncall")[0]["ts"]
    await ben.say("#db-oncall", "reply", thread_ts=root)
    assert await page.unread(ALICE) == {}


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("@ben", f"<@{BEN}>"),
        ("@Ben Okoro, please", f"<@{BEN}>, please"),
        ("(@Restore Bot)", f"(<@{BOT}>)"),
        ("@here and @channel", "<!here> and <!channel>"),
        ("in #general.", "in <#C0GENERAL01|general>."),
        ("#database-changes", "<#C0DBCHANGES|database-changes>"),
        ("@benjamin #generally me@ben.example", "@benjamin #generally me@ben.example"),
        ("1 < 2 & <@U1>", "1 &lt; 2 &amp; &lt;@U1&gt;"),
    ],
)
async def test_names_become_links(workspace: LocalWorkspace, typed: str, sent: str) -> None:
    await workspace.person("alice").say("#db-oncall", typed)
    assert workspace.messages("#db-oncall")[-1]["text"] == sent


async def test_a_private_channel_is_not_named_to_those_who_do_not_know_it(workspace: LocalWorkspace) -> None:
    await workspace.person("alice").say("#general", "#dba-private")
    await workspace.person("mara").say("#general", "#dba-private")
    texts = [message["text"] for message in workspace.messages("#general")]
    assert texts == [f"<#{PRIVATE}|dba-private>", "#dba-private"]


async def test_who_joins_a_channel_can_write_there_and_has_nothing_to_catch_up_on(
    page: Page, workspace: LocalWorkspace
) -> None:
    await workspace.person("alice").say("#random", "before Mara came")
    assert await page.post("join", user=MARA, channel=RANDOM) == {"ok": True}
    assert await page.unread(MARA) == {}
    await workspace.person("mara").say("#random", "hello")
    assert workspace.messages("#random")[-1]["user"] == MARA


@pytest.mark.parametrize(
    ("path", "channel", "sentence"),
    [
        ("join", PRIVATE, "There is no such channel."),
        ("join", "C0NOWHERE", "There is no such channel."),
        ("join", OLD, "#old-oncall is archived."),
        ("read", PRIVATE, "There is no such channel."),
        ("read", None, "There is no such channel."),
    ],
)
async def test_a_channel_that_cannot_be_joined_or_read_is_refused(
    page: Page, path: str, channel: str | None, sentence: str
) -> None:
    assert await page.post(path, user=MARA, channel=channel) == {"ok": False, "error": sentence}
