"""The Events API: what happens in the workspace, told to the app, again and again until it acknowledges."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from bot.sandbox.slack.ids import Timestamps, new_id
from bot.sandbox.slack.installation import VERIFICATION_TOKEN, Installation
from bot.sandbox.slack.records import Channel
from bot.sandbox.slack.route import FIRST, NoAnswer, Retry, Route
from bot.sandbox.slack.wire import Json

# Seconds before the second, third and fourth attempt, each counted from the failure before it.
RETRY_AFTER = (0, 60, 300)


class Events:
    """Delivers each event, beside the call that caused it.

    `route` gives the way to the app as it is by then; `sleep` waits on the workspace's clock.
    """

    def __init__(
        self,
        installation: Installation,
        timestamps: Timestamps,
        *,
        route: Callable[[], Route],
        sleep: Callable[[float], Awaitable[None]],
        spawn: Callable[[Coroutine[Any, Any, None]], None],
    ) -> None:
        self._installation = installation
        self._timestamps = timestamps
        self._route = route
        self._sleep = sleep
        self._spawn = spawn

    def fire(self, event: Json, *, subscription: str | None = None) -> None:
        """Tell the app, if it subscribed to events of this type (or to `subscription`)."""
        if (subscription or event["type"]) in self._installation.events:
            self._spawn(self._deliver(self._callback(event)))

    def app_home_opened(self, user: str, im: Channel, tab: str, view: Json | None) -> None:
        home = {} if view is None else {"view": view}
        event_ts = self._timestamps.next()
        event = {"user": user, "channel": im.id, "tab": tab, "event_ts": event_ts, **home}
        self.fire({"type": "app_home_opened", **event})

    def member_joined(self, channel: Channel, user: str, inviter: str | None) -> None:
        """Someone came into a channel the app is in; its own coming counts too."""
        if self._installation.bot_user in channel.members:
            self.fire({
                "type": "member_joined_channel",
                "user": user,
                "channel": channel.id,
                "channel_type": "G" if channel.is_private else "C",
                "team": self._installation.team.id,
                "event_ts": self._timestamps.next(),
                **({"inviter": inviter} if inviter else {}),
            })  # fmt: skip

    def unarchived(self, channel: Channel) -> None:
        """A channel the app is in was brought back, by the first person who could have."""
        members = sorted(channel.members - {self._installation.bot_user})
        if self._installation.bot_user in channel.members:
            self.fire({
                "type": "group_unarchive" if channel.is_private else "channel_unarchive",
                "channel": channel.id,
                "user": members[0] if members else self._installation.bot_user,
                "event_ts": self._timestamps.next(),
            })  # fmt: skip

    def said(self, channel: Channel, message: Json) -> None:
        """A person wrote where the app is: `message.*` by the kind of channel, and `app_mention`."""
        if self._installation.bot_user not in channel.members:
            return
        told = {**message, "channel": channel.id, "event_ts": message["ts"]}
        kind = "im" if channel.is_im else "group" if channel.is_private else "channel"
        subscription = {"im": "message.im", "group": "message.groups", "channel": "message.channels"}[kind]
        self.fire({**told, "channel_type": kind}, subscription=subscription)
        if not channel.is_im and f"<@{self._installation.bot_user}>" in message["text"]:
            self.fire({**told, "type": "app_mention"})

    async def _deliver(self, callback: Json) -> None:
        """Try at once, and three times more. Nobody is told when the last attempt fails."""
        retry = FIRST
        for wait in (*RETRY_AFTER, None):
            try:
                await self._route().ask("events_api", callback, retry)
            except NoAnswer as failure:
                if wait is None or not failure.again:
                    return
                await self._sleep(wait)
                retry = Retry(retry.attempt + 1, failure.reason)
            else:
                return

    def _callback(self, event: Json) -> Json:
        installation = self._installation
        authorization = {
            "enterprise_id": None,
            "team_id": installation.team.id,
            "user_id": installation.bot_user,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": installation.team.id,
            "api_app_id": installation.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": new_id("Ev"),
            "event_time": int(float(event["event_ts"])),
            "authorizations": [authorization],
            "is_ext_shared_channel": False,
            "event_context": f"4-{new_id('ev')}",
        }
