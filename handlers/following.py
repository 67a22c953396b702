"""How far a restore is and who is told of it: `/restore status`, `watch`, `unwatch`, `follow`, `unfollow`."""

from collections.abc import Iterable, Sequence

from bot.errors import DbsError, NotPossible
from bot.restores.meant import called, ids_in, name_in
from bot.restores.models import Following
from bot.restores.ports import Watched
from bot.slack import done
from bot.slack.message import Message
from bot.slack.offers import standing, unfollowed
from handlers.calls import Answer, Call
from handlers.finding import active, found, instead, latest, missing, nothing, several, shown, silent
from handlers.watching import direct_messages, may_post, told_in

_NONE_ACTIVE = "No restore is under way at the moment. A task made elsewhere is found by its id."
_NONE_ELSEWHERE = (
    "No restore is under way beside those followed here already. A task made elsewhere is found by its id."
)


async def status(call: Call) -> Answer:
    if not name_in(call.text):
        return await missing(call, "status", await active(call), _NONE_ACTIVE)
    match await found(call):
        case []:
            return await not_followed(call, "status")
        case [following]:
            await call.desk.register.check_now(following)
            return standing(following, await call.viewer())
        case followings:
            return await several(call, "status", followings)


async def not_followed(call: Call, command: str) -> Message:
    try:
        listed = await call.desk.register.listed(call.text)
    except DbsError as error:
        return await silent(call, command, error)
    starting = command == "start"
    if listed is None:
        return await nothing(call, command, None if starting else await latest(call))
    _, task = listed
    return unfollowed(task.restore_task_id, task, start=starting)


# In a channel


async def watch(call: Call) -> Answer:
    await may_post(call.client, call.channel_id)
    if not name_in(call.text):
        elsewhere = [each for each in await active(call) if each.link.channel_id != call.channel_id]
        return await missing(call, "watch", elsewhere, _NONE_ELSEWHERE)
    return await _told_in(call, "watch", call.channel_id)


async def unwatch(call: Call) -> Answer:
    nobody = "Nothing is watched here beside this channel's own restores, which are told to the end."
    return await _told_no_more(call, "unwatch", call.channel_id, nobody)


# By direct message


async def follow(call: Call) -> Answer:
    if not name_in(call.text):
        return await missing(call, "follow", await active(call), _NONE_ACTIVE)
    return await _told_in(call, "follow", await direct_messages(call.client, call.user_id))


async def unfollow(call: Call) -> Answer:
    nobody = "You follow no restore by direct message."
    return await _told_no_more(call, "unfollow", await direct_messages(call.client, call.user_id), nobody)


# Both


async def _told_in(call: Call, command: str, channel_id: str) -> Message:
    match await found(call):
        case []:
            try:
                told = await _watched(call, ids_in(call.text), channel_id)
            except DbsError as error:
                return await silent(call, command, error)
        case [following] if task_id := following.link.restore_task_id:
            told = await _watched(call, [task_id], channel_id)
        case [following]:
            return done.no_task_yet(following, await call.viewer())
        case followings:
            return await several(call, command, followings)
    if told is None:
        return await nothing(call, command)
    say = done.followed if command == "follow" else done.watched
    return say(told.following, await call.viewer(), is_new=told.is_new)


async def _watched(call: Call, task_ids: Iterable[str], channel_id: str) -> Watched | None:
    """The first of these that DBS knows."""
    for task_id in task_ids:
        if told := await told_in(call.client, call.desk, call.user_id, channel_id, task_id):
            return told
    return None


async def _told_no_more(call: Call, command: str, channel_id: str, nobody: str) -> Message:
    watched, name = await call.desk.register.watched(channel_id), name_in(call.text)
    match called(name, watched) if name else [each for each in watched if not each.ended]:
        case [following]:
            return await _let_go(call, command, following)
        case []:
            return await _not_watched(call, command, channel_id, watched) if name else Message(nobody)
        case several_called if name:
            return await several(call, command, several_called)
        case going_on:
            return await missing(call, command, going_on, nobody)


async def _not_watched(call: Call, command: str, channel_id: str, watched: Sequence[Following]) -> Message:
    for following in await found(call):
        if following.link.channel_id == channel_id:
            return await _let_go(call, command, following)
    place = "You are not told of" if command == "unfollow" else "Nobody watches"
    way = "by direct message" if command == "unfollow" else "here"
    return await instead(call, command, f"{place} {shown(call)} {way}.", watched)


async def _let_go(call: Call, command: str, following: Following) -> Message:
    try:
        was_told = await call.desk.register.unwatch(following)
    except NotPossible as error:
        return done.impossible(following, error)
    say = done.unfollowed if command == "unfollow" else done.unwatched
    return say(following, was_told=was_told)
