"""Threads in channels that are closed to the bot: parked, the person told, gone on with later.

Nothing of a parked thread is given up. It is tried again now and then, and at once when Slack says that the
bot was let in or the channel brought back.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.restores.models import Following
from bot.restores.ports import Outbox
from bot.slack.mrkdwn import code
from bot.slack.outcome import Verdict, outcome

log = structlog.get_logger()

RETRY = timedelta(minutes=5)

_WHY = {
    "channel_not_found": "I am not in it any more, or it is gone. Should it still be there, type"
    " `/invite @restorebot` in it",
    "is_archived": "it is archived. Unarchive it",
    "not_in_channel": "I am not in it any more. Type `/invite @restorebot` in it",
}
_ITS_SETTINGS = "its settings do not let me. Ask an admin to change them"


class Parking:
    """Parks links, and tells whoever asked for the restore, once for each time a thread is cut off."""

    def __init__(self, client: AsyncWebClient, outbox: Outbox, *, now: Callable[[], datetime]) -> None:
        self._client = client
        self._outbox = outbox
        self._now = now
        self._telling: set[int] = set()

    async def park(self, following: Following, reason: str) -> bool:
        """Nothing of this link is tried for a while. Whether the person is still to be told."""
        link = following.link
        if link.parked is None:
            log.warning("thread cut off", link_id=link.link_id, channel_id=link.channel_id, reason=reason)
        return await self._outbox.park_link(link, reason, self._now() + RETRY)

    async def tell(self, following: Following, reason: str) -> None:
        """Tell the person by direct message; when Slack has no time for it now, with the next attempt."""
        link_id = following.link.link_id
        if link_id in self._telling:
            return
        self._telling.add(link_id)
        try:
            if await self._told(following, reason):
                await self._outbox.told(following.link, self._now())
        finally:
            self._telling.discard(link_id)

    async def _told(self, following: Following, reason: str) -> bool:
        """Whether that is settled. A direct message in doubt is not repeated: it is no part of the thread."""
        link = following.link
        if link.user_id is None or link.is_direct:
            return True
        try:
            await self._client.chat_postMessage(
                channel=link.user_id, text=cut_off(following, reason), unfurl_links=False
            )
        except Exception as error:  # noqa: BLE001 - the thread is parked whether the person hears of it or not
            what = outcome(error)
            log.warning("person not told of a thread cut off", reason=what.reason)
            return what.verdict is not Verdict.NOT_NOW
        return True


def cut_off(following: Following, reason: str) -> str:
    """What the person is told. Pure."""
    link, request = following.link, following.request
    name = f" of {code(request.spec.task_name)}" if request else ""
    told = (
        f":mute: I cannot post in <#{link.channel_id}>: {_WHY.get(reason, _ITS_SETTINGS)},"
        f" and I go on with the thread{name} where it stopped; nothing of it is lost."
    )
    if link.restore_task_id:
        told += f" Until then {code(f'/restore status {link.restore_task_id}')} shows how far it is."
    return told
