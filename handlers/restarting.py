"""`/restore start` and `/restore again`."""

import asyncio

from bot.errors import DbsError, NotPossible
from bot.restores.meant import is_called, name_in
from bot.restores.models import Following
from bot.restores.possible import cannot_start
from bot.slack import done
from bot.slack.forms.again import LITTLE_KNOWN, as_dbs_says, as_it_was, what_is_missing
from bot.slack.message import Message
from bot.slack.offers import candidates
from handlers.calls import Answer, Call, Form
from handlers.finding import active, found, latest, missing, nothing, several, shown, silent
from handlers.following import not_followed
from handlers.repeating import REMEMBERED_WITHIN_SECONDS

#: A form has to open within the 3 seconds of its trigger.
DESCRIBED_WITHIN_SECONDS = 1.2
_NONE_WAITS = "No restore waits for a start at the moment."


async def start(call: Call) -> Answer:
    if not name_in(call.text):
        return await missing(call, "start", await active(call, _waits), _NONE_WAITS)
    match await found(call):
        case []:
            return await not_followed(call, "start")
        case [following]:
            try:
                return await _started(call, following)
            except NotPossible as error:
                return done.impossible(following, error)
        case followings:
            waiting = [each for each in followings if _waits(each)]
            if waiting:
                return await several(call, "start", waiting)
            said = (
                f"{len(followings)} restores are called like {shown(call)}. None of them waits for a start."
            )
            return candidates(said, followings, "status", viewer=await call.viewer())


def _waits(following: Following) -> bool:
    return cannot_start(following) is None


async def _started(call: Call, following: Following) -> Message:
    """At once if it was named as a whole; else it is asked first whether it is meant."""
    register = call.desk.register
    if not is_called(following, call.text):
        await register.may_start(following, call.channel_id)
        return await several(call, "start", [following])
    try:
        await register.start(following, call.user_id, call.channel_id)
    except DbsError as error:
        return done.start_failed(following, error)
    return done.start_ordered(following, await call.viewer())


# Once more


async def again(call: Call) -> Answer:
    """A trigger lives 3 seconds: what is not known by then is not in the form."""
    if not name_in(call.text):
        otherwise = "Nothing was restored yet."
        return await missing(call, "again", await latest(call), otherwise)
    try:
        async with asyncio.timeout(REMEMBERED_WITHIN_SECONDS):
            followings = await found(call)
    except TimeoutError:
        return done.too_slow("My database", f"again {name_in(call.text)}")
    match followings:
        case []:
            return await _again_as_dbs_says(call)
        case [following]:
            return Form(as_it_was(following, call.channel_id), what_is_missing(following))
        case _:
            return await several(call, "again", followings)


async def _again_as_dbs_says(call: Call) -> Answer:
    try:
        async with asyncio.timeout(DESCRIBED_WITHIN_SECONDS):
            listed = await call.desk.register.listed(call.text)
    except DbsError as error:
        return await silent(call, "again", error)
    except TimeoutError:
        return done.too_slow("DBS", f"again {name_in(call.text)}")
    if listed is None:
        return await nothing(call, "again", await latest(call))
    account, task = listed
    return Form(as_dbs_says(task, account.name, call.channel_id), LITTLE_KNOWN)
