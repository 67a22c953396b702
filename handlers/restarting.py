"""`/restore start` and `/restore again`."""

import asyncio

from bot.errors import DbsError, NotPossible
from bot.restores.asking import wish_of_task
from bot.restores.meant import key_of, name_in
from bot.restores.models import Following
from bot.restores.possible import cannot_start
from bot.slack import glance
from bot.slack.forms.state import FormState
from bot.slack.forms.step import Notice
from bot.slack.guide import run_button, suggestion
from bot.slack.lists import where
from bot.slack.message import Message
from bot.slack.mrkdwn import escape, word
from bot.slack.offers import candidates, done
from handlers import repeating
from handlers.calls import Answer, Call, Form
from handlers.finding import (
    LABELS,
    active,
    at_dbs,
    found,
    latest,
    missing,
    nothing,
    several,
    shown,
    silent,
    whole,
)
from handlers.following import not_followed

#: A form has to open within the 3 seconds of its trigger.
DESCRIBED_WITHIN_SECONDS = 1.2
_NONE_WAITS = "No restore waits for a start at the moment."
_LITTLE_KNOWN = Notice(
    "This restore was made elsewhere: DBS tells its plan, point and target. Fill in the rest.",
    icon=":information_source:",
)


async def start(call: Call) -> Answer:
    if not name_in(call.text):
        return await missing(call, "start", await active(call, _waits), _NONE_WAITS)
    match await found(call):
        case []:
            return await not_followed(call, "start", start=True)
        case [following] if whole(call, following):
            return await _started(call, following)
        case [following]:
            reason = cannot_start(following)
            return _refused(following, reason) if reason else await several(call, "start", [following])
        case followings:
            waiting = [each for each in followings if _waits(each)]
            if waiting:
                return await several(call, "start", waiting)
            said = (
                f"{len(followings)} restores are called like {shown(call)}. None of them waits for a start."
            )
            return candidates(said, followings, "status", LABELS["status"], viewer=await call.viewer())


def _waits(following: Following) -> bool:
    return cannot_start(following) is None


async def _started(call: Call, following: Following) -> Message:
    try:
        await call.desk.register.start(following, call.user_id)
    except NotPossible as error:
        return _refused(following, error.sentence)
    except DbsError as error:
        key = key_of(following)
        said = f":warning: *{word(glance.title(following))}* could not be started. {escape(error.sentence)}"
        return done(said, run_button(f"start {key}", "Try again", 0), _status(following))
    thread = where(following, await call.viewer())
    name = f"*{word(glance.title(following))}*"
    return done(
        f":arrow_forward: The start of {name} is ordered. What comes of it is told in {thread}.",
        _status(following),
    )


def _refused(following: Following, sentence: str) -> Message:
    return done(f"*{word(glance.title(following))}*: {escape(sentence)}", _status(following))


def _status(following: Following) -> dict[str, object]:
    return run_button(f"status {key_of(following)}", LABELS["status"], 1)


# Once more


async def again(call: Call) -> Answer:
    """A trigger lives 3 seconds: what is not known by then is not in the form."""
    if not name_in(call.text):
        otherwise = "Nothing was restored yet."
        return await missing(call, "again", await latest(call), otherwise)
    try:
        async with asyncio.timeout(repeating.REMEMBERED_WITHIN_SECONDS):
            followings = await found(call)
    except TimeoutError:
        return _too_slow(call, "My database")
    match followings:
        case []:
            return await _again_as_dbs_says(call)
        case [following]:
            return _form(call, following)
        case _:
            return await several(call, "again", followings)


def _form(call: Call, following: Following) -> Form:
    state = repeating.again(following, call.channel_id)
    if following.request:
        return Form(state)
    return Form(state, _LITTLE_KNOWN if following.task else repeating.GONE)


async def _again_as_dbs_says(call: Call) -> Answer:
    try:
        async with asyncio.timeout(DESCRIBED_WITHIN_SECONDS):
            located = await at_dbs(call)
    except DbsError as error:
        return await silent(call, "again", error)
    except TimeoutError:
        return _too_slow(call, "DBS")
    if located is None:
        return await nothing(call, "again", await latest(call))
    account, task = located
    return Form(FormState.new(call.channel_id, wish_of_task(task, account.name)), _LITTLE_KNOWN)


def _too_slow(call: Call, who: str) -> Message:
    said = f":hourglass: {who} did not answer in time for a form. Try again in a moment."
    return suggestion(said, run_button(f"again {name_in(call.text)}", "Try again"))
