"""Whether a message was posted after all: looked for by its event id, which its metadata carries."""

from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.restores.models import Outgoing
from bot.slack.outcome import Verdict, outcome

EVENT_TYPE = "restore_event"
PAGE = 100
#: Seconds by which the clocks of Slack and the bot may differ.
SKEW = 3600


class LookupRefusedError(Exception):
    """Slack does not let the bot read this conversation."""


async def find(client: AsyncWebClient, message: Outgoing) -> str | None:
    """The `ts` of the message, None if it is not there.

    Raises `LookupRefusedError` for an event that the bot may not look for. A card is then taken not to be
    there: without one its thread could tell nothing.
    """
    try:
        return await _search(client, message)
    except SlackApiError as error:
        what = outcome(error)
        if what.verdict is not Verdict.REFUSED and what.reason != "missing_scope":
            raise
        if message.event is None:
            return None
        raise LookupRefusedError(what.reason) from None


async def _search(client: AsyncWebClient, message: Outgoing) -> str | None:
    link = message.following.link
    cursor = ""
    while True:
        common: dict[str, Any] = {
            "channel": link.channel_id,
            "include_all_metadata": True,
            "limit": PAGE,
            "cursor": cursor or None,
        }
        if link.thread_ts:
            page = await client.conversations_replies(ts=link.thread_ts, **common)
        else:
            oldest = str(message.created_at.timestamp() - SKEW)
            page = await client.conversations_history(oldest=oldest, **common)
        for posted in page["messages"]:
            if _event_id(posted) == message.event_id:
                return str(posted["ts"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return None


def _event_id(posted: dict[str, Any]) -> str | None:
    metadata = posted.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return None
    found = (metadata.get("event_payload") or {}).get("event_id")
    return found if isinstance(found, str) else None
