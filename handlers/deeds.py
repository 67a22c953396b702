"""The buttons of a restore that is there: start it, give it up, ask about it, and why it failed."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import DbsError
from bot.restores.models import RestoreStatus
from bot.slack import buttons, replies
from bot.slack.dialogs import GiveUpForm
from bot.slack.message import Message
from bot.slack.prechecks import precheck_message
from bot.slack.receipt import receipt_json_message, receipt_message
from handlers import repeating, watching
from handlers.answering import answer_in_dialog, conclude, from_dbs, put_up
from handlers.desk import Desk
from handlers.press import Deeds, Press


async def start(press: Press) -> Message:
    await press.desk.register.start(press.following, press.user_id, press.place.channel_id)
    return replies.STARTED


async def give_up(press: Press) -> None:
    """Asks first: from a menu a tap is soon done."""
    await press.desk.register.may_give_up(press.following)
    await put_up(press.client, press.place, GiveUpForm.build(press.following))


async def given_up(
    ack: AsyncAck, view: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, desk: Desk
) -> None:
    async def work() -> Message:
        following = await desk.register.link(GiveUpForm.link_id(view))
        if following is None:
            return replies.UNKNOWN
        await desk.register.give_up(following, body["user"]["id"])
        return replies.GIVEN_UP

    await conclude(ack, client, view, GiveUpForm.TITLE, work())


async def show_status(press: Press) -> Message:
    return replies.followed(press.following)


async def check_now(press: Press) -> Message:
    """What DBS says at this moment; the thread learns of it by itself."""
    register = press.desk.register
    await register.check_now(press.following)
    return replies.as_dbs_says(await from_dbs(register.seen_now(press.following)))


async def explain(press: Press) -> Message:
    """In the language of the person who asks; what is known already, if DBS does not answer."""
    following, language = press.following, await press.language()
    task = following.task
    if task is None or task.state is not RestoreStatus.STOP:
        return replies.NOT_FAILED
    try:
        error = await from_dbs(press.desk.register.explain(following, language))
    except DbsError as silent:
        known = task.job_errors.get(language) or next(iter(task.job_errors.values()), None)
        return replies.explained(following, task, known, silent.sentence)
    return replies.explained(following, task, error)


async def show_precheck(press: Press) -> None:
    async def work() -> Message:
        return precheck_message(await from_dbs(press.desk.register.precheck(press.following)))

    await answer_in_dialog(press.client, press.place, "What DBS said", work())


async def receipt(press: Press) -> Message:
    return receipt_message(press.following, await press.desk.register.log(press.following))


async def receipt_as_json(press: Press) -> Message:
    return receipt_json_message(press.following, await press.desk.register.log(press.following))


DEEDS = Deeds(
    answered={
        buttons.START: start,
        buttons.STATUS: show_status,
        buttons.CHECK_NOW: check_now,
        buttons.EXPLAIN: explain,
        buttons.RECEIPT: receipt,
        buttons.RECEIPT_JSON: receipt_as_json,
        buttons.FOLLOW: watching.follow,
        buttons.UNFOLLOW: watching.unfollow,
        buttons.UNWATCH: watching.unwatch,
    },
    opened={
        buttons.GIVE_UP: give_up,
        buttons.PRECHECK: show_precheck,
        buttons.AGAIN: repeating.try_again,
        buttons.WATCH_ELSEWHERE: watching.watch_elsewhere,
    },
)


def register(app: AsyncApp) -> None:
    for action_id in (*DEEDS.action_ids, buttons.MENU):
        app.action(action_id)(DEEDS.callback)
    app.view(GiveUpForm.CALLBACK_ID)(given_up)
