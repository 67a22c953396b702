"""Which restore a command means, and what to answer when that is not clear."""

import asyncio
from collections.abc import Callable, Iterable, Sequence

from bot.errors import DbsError
from bot.restores.meant import alike, is_likely_id, name_in
from bot.restores.models import Following, Scope, Which
from bot.slack import guide
from bot.slack.forms.elements import buttons
from bot.slack.message import Message
from bot.slack.mrkdwn import code, escape, shorten
from bot.slack.offers import candidates, to_lists
from handlers.calls import Call

_SCANNED = 100
_NAME_SHOWN = 80


async def found(call: Call) -> list[Following]:
    """The restores that are called so: one if its whole id or name was given."""
    return await _here(call, await call.desk.register.find(call.text))


async def active(call: Call, fits: Callable[[Following], bool] = lambda _: True) -> list[Following]:
    """Restores that are under way and fit, the newest first."""
    page = await call.desk.register.page(Which(scope=Scope.ACTIVE), 0, _SCANNED)
    return await _here(call, [each for each in page.restores if fits(each)])


async def _here(call: Call, followings: Iterable[Following]) -> list[Following]:
    """As this channel follows them, where it does."""

    async def here(following: Following) -> Following:
        task_id = following.link.restore_task_id
        known = await call.desk.register.here(call.channel_id, task_id) if task_id else None
        return known or following

    return list(await asyncio.gather(*map(here, followings)))


async def latest(call: Call) -> tuple[Following, ...]:
    """Restores in any state, the newest first."""
    return (await call.desk.register.page(Which(scope=Scope.ALL), 0, _SCANNED)).restores


async def missing(call: Call, command: str, fitting: Sequence[Following], otherwise: str) -> Message:
    """Nothing was named: what could be."""
    said, viewer = guide.usage(command), await call.viewer()
    return candidates(said, fitting, command, viewer=viewer, otherwise=otherwise)


async def several(call: Call, command: str, followings: Sequence[Following]) -> Message:
    if len(followings) == 1:
        said = f"One restore is called like {shown(call)}. Is it this one?"
    else:
        said = f"{len(followings)} restores are called like {shown(call)}. Which one do you mean?"
    return candidates(said, followings, command, viewer=await call.viewer())


async def nothing(call: Call, command: str, known: Sequence[Following] | None = None) -> Message:
    """Nothing is called so: what may be meant, of the `known` or else of those under way."""
    said = f"No restore here is called {shown(call)}"
    said += ", and DBS lists no restore task of that id." if is_likely_id(call.text) else "."
    return await instead(call, command, said, known)


async def silent(call: Call, command: str, error: DbsError) -> Message:
    """Nothing here is called so, and DBS did not say whether it knows it."""
    said = f":warning: No restore here is called {shown(call)}, and DBS could not be asked."
    return await instead(call, command, f"{said} {escape(error.sentence)}")


async def instead(call: Call, command: str, said: str, known: Sequence[Following] | None = None) -> Message:
    """Something is not there: what is called nearly like it, and the lists to look in."""
    near = alike(name_in(call.text), await active(call) if known is None else known)
    if near:
        said = f"{said} Did you mean {'this one' if len(near) == 1 else 'one of these'}?"
        offered = candidates(said, near, command, viewer=await call.viewer())
        return Message(offered.text, (*offered.blocks, buttons(*to_lists(len(near)))))
    return guide.suggestion(said, *to_lists())


def shown(call: Call) -> str:
    return code(shorten(name_in(call.text), _NAME_SHOWN))
