"""Which restore is meant by what somebody typed: whole names, parts of them, and nearly right ones. Pure."""

import re
from collections.abc import Sequence
from difflib import get_close_matches

from bot.restores.models import Following

#: How alike an id or a name and what was typed are, for one to be meant by the other.
ALIKE = 0.75
#: What pasting leaves around a name.
_AROUND = " \t\r\n.,;`'\"<>“”„"
#: Task ids look so; nothing else is worth asking DBS about.
_ID = re.compile(r"[A-Za-z0-9]{3,64}")
#: Most words are names; one that holds a digit is likelier an id.
_LIKELY_ID = re.compile(r"[A-Za-z]*[0-9][A-Za-z0-9]*")


def name_in(text: str) -> str:
    """A name or id as it was meant, however it was pasted."""
    return text.strip(_AROUND)


def spellings(text: str) -> tuple[str, ...]:
    """The name as typed; then as an id that was typed with capitals, or with blanks within."""
    name = name_in(text)
    typed = (name, name.lower(), re.sub(r"\s+", "", name).lower())
    return tuple(dict.fromkeys(each for each in typed if each))


def ids_in(text: str) -> tuple[str, ...]:
    """What may be a task id in it."""
    return tuple(each for each in spellings(text) if _ID.fullmatch(each))


def is_likely_id(text: str) -> bool:
    """Whether it was rather meant as a task id than as a name."""
    return _LIKELY_ID.fullmatch(name_in(text)) is not None


def key_of(following: Following) -> str:
    """What names it in a command and nothing else: its task, or its request while there is none."""
    request = following.request
    return following.link.restore_task_id or (request.mark if request else "")


def names_of(following: Following) -> tuple[str, ...]:
    """What names it as a whole."""
    request, task = following.request, following.task
    names = (
        following.link.restore_task_id,
        request and request.mark,
        request and request.nonce,
        request and request.spec.task_name,
        request and request.spec.task_name.removesuffix(f" {request.mark}"),
        task and task.name,
    )
    return tuple(name for name in names if name)


def plan_of(following: Following) -> str:
    """The name of its backup plan; empty where that is not known."""
    request, task = following.request, following.task
    return request.plan_name if request else task.plan_name if task else ""


def is_whole(following: Following, text: str) -> bool:
    """Whether it is named by its whole id or name, not by a part of it or by its plan."""
    return text.lower() in {name.lower() for name in names_of(following)}


def is_called(following: Following, text: str) -> bool:
    """The same of what somebody typed, however it is spelt."""
    return any(is_whole(following, name) for name in spellings(text))


def named(text: str, followings: Sequence[Following]) -> list[Following]:
    """Those it names as a whole; else those it names a part of, or the plan of."""
    if wholly := [each for each in followings if is_whole(each, text)]:
        return wholly
    return [
        each
        for each in followings
        if any(text.lower() in name.lower() for name in (*names_of(each), plan_of(each)))
    ]


def called(text: str, followings: Sequence[Following]) -> list[Following]:
    """The same of what somebody typed, in the first spelling that names any."""
    return next(filter(None, (named(name, followings) for name in spellings(text))), [])


def alike(text: str, followings: Sequence[Following], most: int = 3) -> tuple[Following, ...]:
    """Those that are called nearly like it, or whose plan is, the likeliest first."""
    called: dict[str, list[Following]] = {}
    for following in followings:
        for name in (*names_of(following), plan_of(following)):
            called.setdefault(name.lower(), []).append(following)
    near = get_close_matches(text.lower(), list(called), n=most * 2, cutoff=ALIKE)
    found = {each.link.link_id: each for name in near for each in called[name]}
    return tuple(found.values())[:most]


def plan_like(text: str, followings: Sequence[Following]) -> str | None:
    """The name of a plan that was restored and is called nearly like it."""
    names = {plan.lower(): plan for plan in map(plan_of, followings) if plan}
    near = get_close_matches(text.lower(), list(names), n=1, cutoff=ALIKE)
    return names[near[0]] if near else None


def plan_names(followings: Sequence[Following], most: int = 10) -> tuple[str, ...]:
    """The plans that were restored, the latest first."""
    return tuple(dict.fromkeys(filter(None, map(plan_of, followings))))[:most]
