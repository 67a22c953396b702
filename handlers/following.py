"""How far a restore is and who is told of it: `/restore status`, `watch`, `unwatch`, `follow`, `unfollow`."""

from collections.abc import Iterable, Sequence

from bot.errors import DbsError, NotPossible
from bot.restores.meant import key_of, name_in, named
from bot.restores.models import Following
from bot.slack import glance
from bot.slack.guide import run_button
from bot.slack.lists import where
from bot.slack.membership import cannot_post
from bot.slack.message import Message
from bot.slack.mrkdwn import escape, word
from bot.slack.offers import done, standing, unfollowed
from handlers.calls import Answer, Call
from handlers.finding import (
    LABELS,
    active,
    at_dbs,
    found,
    ids_in,
    instead,
    missing,
    nothing,
    several,
    shown,
    silent,
    spellings,
)
from handlers.watching import direct_messages

_NONE_ACTIVE = "No restore is under way at the moment. A task made elsewhere is found by its id."
_NONE_ELSEWHERE = (
    "No restore is under way that is not followed here already. A task made elsewhere is found by its id."
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


async def not_followed(call: Call, command: str, *, start: bool = False) -> Message:
    try:
        located = await at_dbs(call)
    except DbsError as error:
        return await silent(call, command, error)
    if located is None:
        return await nothing(call, command)
    _, task = located
    return unfollowed(task.restore_task_id, task, start=start)


# In a channel


async def watch(call: Call) -> Answer:
    if reason := await cannot_post(call.client, call.channel_id):
        return Message(f":warning: {escape(reason)}")
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
            thread = where(following, await call.viewer())
            return Message(f"There is no task to follow yet. What comes of it is told in {thread}.")
        case followings:
            return await several(call, command, followings)
    return await _now_told(call, command, *told) if told else await nothing(call, command)


async def _watched(call: Call, task_ids: Iterable[str], channel_id: str) -> tuple[Following, bool] | None:
    """The first of these that DBS knows, followed there; whether that is new."""
    for task_id in task_ids:
        language = await call.language()
        if told := await call.desk.register.watch(task_id, channel_id, call.user_id, language):
            return told
    return None


async def _now_told(call: Call, command: str, following: Following, is_new: bool) -> Message:  # noqa: FBT001 - as `Register.watch` gives it
    name, key = f"*{word(glance.title(following))}*", key_of(following)
    thread, by_message = where(following, await call.viewer()), command == "follow"
    undo = run_button(f"un{command} {key}", LABELS[f"un{command}"], 1)
    if not is_new:
        already = "You are told of it already" if by_message else "It is already followed here"
        return done(f"{name}: {already}, in {thread}.", *([] if following.link.nonce else [undo]))
    if by_message:
        said = f":bell: From now on you are told of {name} in {thread}."
    else:
        said = f":eyes: From now on {name} is watched here. Its card is posted below."
    if following.task and following.task.ended:
        said += " It has ended: nothing more will happen to it."
    return done(said, run_button(f"status {key}", LABELS["status"], 0), undo)


async def _told_no_more(call: Call, command: str, channel_id: str, nobody: str) -> Message:
    watched, name = await call.desk.register.watched(channel_id), name_in(call.text)
    if not name:
        going_on = [each for each in watched if each.task is None or not each.task.ended]
        if len(going_on) > 1:
            return await missing(call, command, going_on, nobody)
        fitting = going_on
    else:
        fitting = next(filter(None, (named(each, watched) for each in spellings(name))), [])
    match fitting:
        case [] if not name:
            return Message(nobody)
        case []:
            return await _not_watched(call, command, channel_id, watched)
        case [following]:
            return await _let_go(call, command, following)
        case _:
            return await several(call, command, fitting)


async def _not_watched(call: Call, command: str, channel_id: str, watched: Sequence[Following]) -> Message:
    for following in await found(call):
        if following.link.channel_id == channel_id:
            return await _let_go(call, command, following)
    place = "You are not told of" if command == "unfollow" else "Nobody watches"
    way = "by direct message" if command == "unfollow" else "here"
    return await instead(call, command, f"{place} {shown(call)} {way}.", watched)


async def _let_go(call: Call, command: str, following: Following) -> Message:
    name = f"*{word(glance.title(following))}*"
    try:
        was_told = await call.desk.register.unwatch(following)
    except NotPossible as error:
        return Message(f"{name}: {escape(error.sentence)}")
    if command == "unfollow":
        said = f"You are told nothing more of {name} by direct message"
    else:
        said = f"{name} is watched here no longer"
    again = command.removeprefix("un")
    offer = run_button(f"{again} {key_of(following)}", f"{again.capitalize()} again")
    return done(f"{said}." if was_told else f"{said}: that was so already.", offer)
