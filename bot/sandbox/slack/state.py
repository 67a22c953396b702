"""Everything the workspace holds, in memory, built and joined in one place."""

from typing import Any

from bot.sandbox.clock import SimulatedClock
from bot.sandbox.slack import seed
from bot.sandbox.slack.background import Background
from bot.sandbox.slack.board import Board
from bot.sandbox.slack.content import Content
from bot.sandbox.slack.directory import Directory
from bot.sandbox.slack.events import Events
from bot.sandbox.slack.feed import Feed
from bot.sandbox.slack.homes import Homes
from bot.sandbox.slack.installation import Installation
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.payloads import Actor
from bot.sandbox.slack.rates import Rates
from bot.sandbox.slack.reading import Reading
from bot.sandbox.slack.records import SLACKBOT, Channel
from bot.sandbox.slack.request_url import RequestUrl
from bot.sandbox.slack.response_urls import ResponseUrl, ResponseUrls
from bot.sandbox.slack.route import Route
from bot.sandbox.slack.sockets import AppSockets
from bot.sandbox.slack.triggers import Triggers
from bot.sandbox.slack.views import ViewStacks
from bot.sandbox.slack.wire import Json


class State:
    def __init__(self, installation: Installation, clock: SimulatedClock) -> None:
        self.installation = installation
        now = clock.now
        self.feed = Feed(clock)
        self.background = Background(now, self.feed)
        self.directory = Directory(
            seed.users(installation),
            seed.channels(installation, created=int(now())),
            bot_user=installation.bot_user,
            feed=self.feed,
        )
        self.board = Board(self.directory, self.feed, now)
        self.reading = Reading(self.directory, self.board, self.feed)
        self.views = ViewStacks(installation, self.feed, self.board.timestamps)
        self.triggers = Triggers(now)
        self.response_urls = ResponseUrls(now)
        self.rates = Rates(now)
        self.homes = Homes(installation, self.feed, self.board.timestamps)
        self.sent: list[Json] = []
        self.sockets = AppSockets(self.feed, now, installation.app_id, self.sent)
        self.request_url: RequestUrl | None = None
        self.events = Events(
            installation,
            self.board.timestamps,
            route=lambda: self.route,
            sleep=self.background.sleep,
            spawn=self.background.spawn,
        )
        self.directory.on_join = self.events.member_joined
        # Where the app reaches this workspace: where it is served, or the address the app last called.
        self.base_url = ""

    @property
    def route(self) -> Route:
        """The way to the app: its request URL if it has one, else its sockets."""
        return self.request_url or self.sockets

    async def close(self) -> None:
        await self.background.close()
        await self.sockets.close()

    def actor(self, user: str) -> Actor:
        """The person as a payload names them, with a fresh trigger."""
        return Actor(self.installation, self.directory.user(user), self.triggers.issue(user))

    def response_address(self, channel: str, user: str, *, original_ts: str | None = None) -> str:
        """A fresh response_url; `original_ts` is the message that `replace_original` means."""
        return self.address_of(self.response_urls.issue(channel, user, original_ts=original_ts))

    def address_of(self, url: ResponseUrl) -> str:
        return f"{self.base_url}/response/{url.key}"

    def by_app(self, content: Content, **fields: Any) -> Message:
        """A new message by the app; `fields` are the Message's own."""
        author: Json = {
            "bot_id": self.installation.bot_id,
            "app_id": self.installation.app_id,
            "team": self.installation.team.id,
            "bot_profile": self.installation.bot_profile(),
        }
        return self._message(self.installation.bot_user, content, author=author, **fields)

    def by_person(self, user: str, text: str, **fields: Any) -> Message:
        return self._message(user, Content(text), author={"team": self.installation.team.id}, **fields)

    def slackbot_says(self, channel: Channel, user: str, text: str, thread_ts: str | None = None) -> None:
        """Tell one person something about what they just did."""
        self.board.show_to(channel, user, self._message(SLACKBOT, Content(text), thread_ts=thread_ts))

    def page_messages(self, channel: Channel, user: str, thread_ts: str | None = None) -> list[Json]:
        """What the person sees, oldest first: the channel with what only they see, or one thread."""
        log, ephemerals = self.board.log(channel), self.board.ephemerals(channel, user)
        shown = log.thread(thread_ts) if thread_ts else list(log.roots())
        shown += [message for message in ephemerals if message.thread_ts == thread_ts]
        return [log.render(message) for message in sorted(shown, key=lambda message: message.ts)]

    def _message(self, user: str, content: Content, **fields: Any) -> Message:
        return Message(
            self.board.timestamps.next(),
            user,
            content.text,
            blocks=content.blocks,
            attachments=content.attachments,
            **fields,
        )
