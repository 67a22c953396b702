"""Who else is told of a restore: a person by direct message, this channel, or another one."""

from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import NotPossible
from bot.restores.ports import Watched
from bot.slack import glance, replies
from bot.slack.buttons import WATCH
from bot.slack.membership import cannot_post
from bot.slack.message import Message
from bot.slack.mrkdwn import code
from bot.slack.outcome import outcome
from bot.slack.watch_form import WatchForm
from handlers.answering import answer, conclude, from_dbs, put_up
from handlers.desk import Desk
from handlers.place import Place
from handlers.press import Press

log = structlog.get_logger()


async def follow(press: Press) -> Message:
    """By direct message, once, however often it is pressed."""
    if press.task_id is None:
        raise NotPossible("There is no task to follow yet. Its thread tells when there is.")
    if press.following.ended:
        return replies.OVER
    channel_id = await direct_messages(press.client, press.user_id)
    watched = await told_in(press.client, press.desk, press.user_id, channel_id, press.task_id)
    if watched is None:
        return replies.unlisted(press.task_id)
    return replies.FOLLOWED if watched.is_new else replies.FOLLOWED_BEFORE


async def unfollow(press: Press) -> Message:
    channel_id = await direct_messages(press.client, press.user_id)
    here = await press.desk.register.here(channel_id, press.task_id or "")
    if here is None or not await press.desk.register.unwatch(here):
        return replies.NEVER_FOLLOWED
    return replies.UNFOLLOWED


async def direct_messages(client: AsyncWebClient, user_id: str) -> str:
    """The person's conversation with the bot. Raises `NotPossible`."""
    try:
        return str((await client.conversations_open(users=user_id))["channel"]["id"])
    except SlackApiError as error:
        reason = outcome(error).reason
        log.warning("no conversation with a person", user_id=user_id, reason=reason)
        raise NotPossible(f"Slack does not let me write to you directly ({reason}).") from error


async def may_post(client: AsyncWebClient, channel_id: str) -> None:
    """Raises `NotPossible` with why nothing could be told there."""
    if reason := await cannot_post(client, channel_id):
        raise NotPossible(reason)


async def told_in(
    client: AsyncWebClient, desk: Desk, user_id: str, channel_id: str, task_id: str
) -> Watched | None:
    """A task is told in a channel from now on, in the language of whoever wants it. As `Register.watch`."""
    language = await desk.zones.language(client, user_id)
    return await desk.register.watch(task_id, channel_id, user_id, language)


async def unwatch(press: Press) -> Message:
    done = await press.desk.register.unwatch(press.following)
    return replies.unwatched(press.task_id) if done else replies.UNWATCHED_BEFORE


async def watch_elsewhere(press: Press) -> None:
    if press.task_id is None:
        raise NotPossible("There is no task to watch yet. Its thread tells when there is.")
    form = WatchForm.build(press.task_id, glance.name(press.following))
    await put_up(press.client, press.place, form)


async def watch_here(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, desk: Desk) -> None:
    """A task that nobody may follow yet, so that its own id is the button's value."""
    await ack()
    place, task_id = Place.of(body), body["actions"][0]["value"]
    if place.channel_id is None:
        await put_up(client, place, WatchForm.build(task_id, code(task_id)))
    else:
        await answer(client, place, _watched(client, desk, place.user_id, place.channel_id, task_id))


async def _watched(
    client: AsyncWebClient, desk: Desk, user_id: str, channel_id: str, task_id: str
) -> Message:
    await may_post(client, channel_id)
    watched = await from_dbs(told_in(client, desk, user_id, channel_id, task_id))
    return replies.watched(channel_id, is_new=watched.is_new) if watched else replies.unlisted(task_id)


async def watch_submitted(
    ack: AsyncAck, view: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, desk: Desk
) -> None:
    """What is wrong with the channel is said beside it."""
    task_id, channel_id = WatchForm.read(view)
    work = _watched(client, desk, body["user"]["id"], channel_id or "", task_id)
    await conclude(ack, client, view, WatchForm.TITLE, work, field=WatchForm.CHANNEL)


def register(app: AsyncApp) -> None:
    app.action(WATCH)(watch_here)
    app.view(WatchForm.CALLBACK_ID)(watch_submitted)
