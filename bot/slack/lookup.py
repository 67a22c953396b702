"""Whether a message was posted after all: looked for by its event id, which its metadata carries."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.restores.models import Outgoing
from bot.slack.outcome import Verdict, outcome

EVENT_TYPE = "restore_event"
PAGE = 100
#: Seconds by which the clocks of Slack and the bot may differ.
SKEW = 3600
#: What Slack says to an app that may post in a conversation and not read it.
_NO_READING = frozenset(
    {
        "access_denied",
        "method_not_supported_for_channel_type",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
    }
)


class LookupRefusedError(Exception):
    """Slack does not let the bot read this conversation."""


async def find(client: AsyncWebClient, message: Outgoing) -> str | None:
    """The `ts` of the message, None if it is not there; of several the first.

    Raises `LookupRefusedError` for an event that the bot may not look for. A card is then taken not to be
    there: without one its thread could tell nothing.
    """
    try:
        return next(iter(await postings(client, message)), None)
    except LookupRefusedError:
        if message.event is None:
            return None
        raise


async def postings(client: AsyncWebClient, message: Outgoing) -> list[str]:
    """The `ts` of every message with this event id, in the order in which Slack took them.

    Raises `LookupRefusedError`.
    """
    try:
        found = [
            str(posted["ts"])
            async for posted in _read(client, message)
            if _event_id(posted) == message.event_id
        ]
    except SlackApiError as error:
        what = outcome(error)
        if what.verdict is Verdict.REFUSED or what.reason in _NO_READING:
            raise LookupRefusedError(what.reason) from None
        raise
    return sorted(found, key=Decimal)


async def _read(client: AsyncWebClient, message: Outgoing) -> AsyncIterator[dict[str, Any]]:
    """The thread; for a card the channel since it was decided on."""
    link = message.following.link
    cursor = ""
    while True:
        common: dict[str, Any] = {
            "channel": link.channel_id,
            "include_all_metadata": True,
            "limit": PAGE,
            "cursor": cursor or None,
        }
        if message.event is not None:
            page = await client.conversations_replies(ts=link.thread_ts or "", **common)
        else:
            oldest = str(message.created_at.timestamp() - SKEW)
            page = await client.conversations_history(oldest=oldest, **common)
        for posted in page["messages"]:
            yield posted
        before, cursor = cursor, (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return
        if cursor == before:
            raise ValueError("a list without an end")


def _event_id(posted: dict[str, Any]) -> str | None:
    metadata = posted.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return None
    found = (metadata.get("event_payload") or {}).get("event_id")
    return found if isinstance(found, str) else None
