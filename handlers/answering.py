"""Answering whoever pressed something: to them alone, where they did it, also when the answer takes long."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

import structlog
from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import DbsError, NotPossible, RestoreBotError
from bot.slack import replies
from bot.slack.dialogs import dialog, waiting
from bot.slack.message import Block, Message
from handlers.opening import show
from handlers.place import Place

log = structlog.get_logger()

T = TypeVar("T")

TITLE = "Restore"
#: DBS is asked again and again for a while; nobody watches a button for that long.
DBS_WITHIN_SECONDS = 8.0
CONCLUDED_WITHIN_SECONDS = 2.0


async def answer(client: AsyncWebClient, place: Place, finding: Awaitable[Message]) -> None:
    """Say what is found, or why nothing was; where there is no thread in a dialog, which is there at once."""
    if place.channel_id is None:
        await answer_in_dialog(client, place, TITLE, finding)
    else:
        await say(client, place, await or_why_not(finding))


async def tell(client: AsyncWebClient, place: Place, message: Message) -> None:
    """Say what is known at once."""
    if place.channel_id is None:
        await put_up(client, place, dialog(TITLE, message))
    else:
        await say(client, place, message)


async def answer_in_dialog(
    client: AsyncWebClient, place: Place, title: str, finding: Awaitable[Message]
) -> None:
    asking = asyncio.ensure_future(or_why_not(finding))
    try:
        view = await put_up(client, place, waiting(title))
        await _shown(client, view["id"], title, asking)
    finally:
        asking.cancel()


async def conclude(
    ack: AsyncAck,
    client: AsyncWebClient,
    view: Block,
    title: str,
    finding: Awaitable[Message],
    *,
    field: str | None = None,
) -> None:
    """Answer a dialog that was submitted, in its place; why not, beside its `field` if there is one.

    Slack waits 3 seconds: what takes longer is awaited there.
    """
    asking = asyncio.ensure_future(finding)
    await asyncio.wait([asking], timeout=CONCLUDED_WITHIN_SECONDS)
    if not asking.done():
        await ack(response_action="update", view=waiting(title))
        await _shown(client, view["id"], title, or_why_not(asking))
    elif field is not None and isinstance(error := asking.exception(), RestoreBotError):
        await ack(response_action="errors", errors={field: error.sentence})
    else:
        await ack(response_action="update", view=dialog(title, await or_why_not(asking)))


async def _shown(client: AsyncWebClient, view_id: str, title: str, asking: Awaitable[Message]) -> None:
    """Nobody is left with a dialog that waits for ever."""
    try:
        message = await asking
    except Exception:
        await show(client, view_id, dialog(title, replies.BROKEN))
        raise
    await show(client, view_id, dialog(title, message))


async def or_why_not(finding: Awaitable[T]) -> T | Message:
    """What is found; every reason why not is an answer, too."""
    try:
        return await finding
    except NotPossible as error:
        return replies.impossible(error)
    except RestoreBotError as error:
        log.warning("no answer", kind=type(error).__name__, error=error.sentence)
        return replies.why_not(error)


async def from_dbs(asked: Awaitable[T]) -> T:
    """What DBS answers, if it does so while somebody still waits. Raises `DbsError`."""
    try:
        async with asyncio.timeout(DBS_WITHIN_SECONDS):
            return await asked
    except TimeoutError:
        raise DbsError("DBS does not answer.") from None


async def say(client: AsyncWebClient, place: Place, message: Message) -> None:
    """To the person alone. A direct conversation has no one else in it, so there it simply is a reply."""
    blocks = list(message.blocks) or None
    if place.is_direct or place.response_url is None:
        channel = place.channel_id or place.user_id
        await client.chat_postMessage(
            channel=channel, thread_ts=place.root_ts, text=message.text, blocks=blocks
        )
        return
    respond = AsyncRespond(response_url=place.response_url)
    answered = await respond(
        text=message.text,
        blocks=blocks,
        response_type="ephemeral",
        replace_original=False,
        thread_ts=place.thread_ts,
    )
    if answered.status_code != 200:  # noqa: PLR2004 - HTTP's word for it
        log.warning("an answer was not taken", status=answered.status_code, user_id=place.user_id)


async def put_up(client: AsyncWebClient, place: Place, view: Block) -> Block:
    """Open a dialog, on top of the one in which something was pressed; a trigger lives 3 seconds."""
    opening = client.views_push if place.in_dialog else client.views_open
    return (await opening(trigger_id=place.trigger_id, view=view))["view"]  # type: ignore[no-any-return]  # the SDK types no answers
