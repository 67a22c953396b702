"""What makes a restore dangerous though nothing in it is wrong. Pure."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from bot.restores.models import (
    Destination,
    Following,
    Frozen,
    Link,
    RequestState,
    RestoreDraft,
    RestoreObject,
    RestoreRequest,
    RestoreStatus,
)
from bot.restores.names import cut, folded, one_line
from bot.restores.places import Likeness, Place, instance_place, place_of, source_of
from bot.restores.possible import given_up

#: The same restore within this time is asked about once more.
REPEATED_WITHIN = timedelta(minutes=10)
#: "Latest" became a time when its task was created: hardly one further back, while logs are backed up.
LATEST_LAG = timedelta(hours=1)
#: A task that DBS does not list, and of which nothing was heard for this long, writes to nothing any more.
UNLISTED_FOR = timedelta(days=1)

_NAMES_LISTED = 10
_BUSY_LISTED = 3
_LONGEST_NAME = 64


class DangerKind(StrEnum):
    OWN_SOURCE = "own_source"
    SAME_NAME = "same_name"
    BUSY_TARGET = "busy_target"
    REPEATED = "repeated"


class Danger(Frozen):
    """Why to stop and think. `likeness` is that of the target and the plan's own source.

    `names` are those kept on the target, none: everything keeps its name; with a busy target they are tasks
    that are not told of one by one. The rest tells of the other restore: its task, who asked for it and when,
    and where its thread is.
    """

    kind: DangerKind
    likeness: Likeness = Likeness.SAME
    names: tuple[str, ...] = ()
    task_name: str | None = None
    user_id: str | None = None
    at: datetime | None = None
    link: Link | None = None

    @property
    def sentence(self) -> str:
        """It in words, without the person and the time, which every reader is shown in their own way."""
        return self.said(str)

    def said(self, quote: Callable[[str], str]) -> str:
        """The sentence with every name in it between quotes of this kind."""
        match self.kind:
            case DangerKind.OWN_SOURCE:
                return _OWN_SOURCE[self.likeness]
            case DangerKind.SAME_NAME if not self.names:
                return "Everything in the plan keeps its name on the target."
            case DangerKind.SAME_NAME:
                return f"These keep their names on the target: {self._listed(quote, _NAMES_LISTED)}."
            case DangerKind.BUSY_TARGET if self.names:
                listed = self._listed(quote, _BUSY_LISTED)
                return f"{len(self.names)} more restores go to this target: {listed}."
            case DangerKind.BUSY_TARGET:
                return f"Another restore goes to this target: {self._named(quote)}."
            case DangerKind.REPEATED:
                return f"The same restore was asked for a moment ago: {self._named(quote)}."

    @property
    def told(self) -> frozenset[tuple[DangerKind, str]]:
        """What a person who was told of it knows."""
        names = self.names if self.task_name is None else (self.task_name,)
        return frozenset((self.kind, name) for name in names or ("",))

    def _named(self, quote: Callable[[str], str]) -> str:
        return quote(cut(self.task_name or "", _LONGEST_NAME * 2))

    def _listed(self, quote: Callable[[str], str], most: int) -> str:
        unlisted = len(self.names) - most
        more = f" and {unlisted} more" if unlisted > 0 else ""
        return ", ".join(quote(cut(name, _LONGEST_NAME)) for name in self.names[:most]) + more


_OWN_SOURCE = {
    Likeness.SAME: "The target is what this plan backs up: its own source.",
    Likeness.OTHER_ADDRESS: (
        "The target is on the instance that this plan backs up, at another port or address."
    ),
    Likeness.POSSIBLE: (
        "The target may be what this plan backs up: both are behind a Database Gateway,"
        " and nothing tells them apart."
    ),
}


def unseen(found: Iterable[Danger], seen: Iterable[Danger]) -> bool:
    """Whether there is something among these that those do not tell of."""
    known = {each for danger in seen for each in danger.told}
    return any(not danger.told <= known for danger in found)


def dangers(draft: RestoreDraft, others: Sequence[Following], now: datetime) -> tuple[Danger, ...]:
    """All there are, the worst first. A form submitted again is no danger to itself."""
    others = [other for other in others if other.request is None or other.request.nonce != draft.nonce]
    target = place_of(draft.spec.destination)
    found = []
    if likeness := target.likeness(source_of(draft.plan)):
        found.append(Danger(kind=DangerKind.OWN_SOURCE, likeness=likeness))
    kept = tuple(_path(item.db_name, item.schema_name) for item in draft.spec.objects if _keeps_name(item))
    if kept or not draft.spec.objects:
        found.append(Danger(kind=DangerKind.SAME_NAME, names=kept))
    found += _busy([
        _told(DangerKind.BUSY_TARGET, other)
        for other in others
        if _is_active(other, now) and any(target.same(place) for place in _targets(other))
    ])  # fmt: skip
    repeated = [
        _told(DangerKind.REPEATED, other)
        for other in others
        if other.request and not _came_to_nothing(other) and _is_repeated(draft, other.request, now)
    ]
    newest = sorted(repeated, key=lambda danger: danger.at or now)[-1:]
    return (*found, *newest)


def _busy(found: list[Danger]) -> list[Danger]:
    """One by one the first of them, and the others together: nobody reads a hundred."""
    if len(found) <= _BUSY_LISTED + 1:
        return found
    names = tuple(danger.task_name or "" for danger in found[_BUSY_LISTED:])
    return [*found[:_BUSY_LISTED], Danger(kind=DangerKind.BUSY_TARGET, names=names)]


def target_of(destination: Destination, plan_name: str) -> str:
    """What a person types to go on in spite of a danger."""
    address = destination.ip and destination.port and f"{destination.ip}:{destination.port}"
    return destination.instance_id or address or destination.ip or one_line(plan_name)


def _keeps_name(item: RestoreObject) -> bool:
    """Many servers take names for one that differ in case or in blanks at the end."""
    (database, schema), (new_database, new_schema) = _names(item)
    return folded(database) == folded(new_database) and folded(schema) == folded(new_schema)


def _names(item: RestoreObject) -> tuple[tuple[str, str | None], tuple[str, str | None]]:
    """Database and schema: in the backup, and on the target."""
    source = (item.db_name, item.schema_name)
    return source, (item.new_db_name or item.db_name, item.new_schema_name or item.schema_name)


def _path(*names: str | None) -> str:
    return ".".join(filter(None, names))


def _is_active(other: Following, now: datetime) -> bool:
    """Whether it writes to its target, or may still come to."""
    request, task = other.request, other.task
    if request and request.state in {RequestState.REFUSED, RequestState.ABANDONED}:
        return False
    if task is None:
        return request is not None and request.state is not RequestState.START_REFUSED
    if given_up(other) or (not task.reported and now - other.changed_at > UNLISTED_FOR):
        return False
    refused = request is not None and request.state is RequestState.START_REFUSED
    waits = task.state in {RestoreStatus.INIT, RestoreStatus.CHECK_PASS}
    return not (task.ended or task.precheck_failed or (refused and waits))


def _targets(other: Following) -> list[Place]:
    places = [place_of(other.request.spec.destination)] if other.request else []
    return [*places, instance_place(other.task.destination_instance_id)] if other.task else places


def _came_to_nothing(other: Following) -> bool:
    """Whether it has to be asked for again if it is still wanted."""
    request, task = other.request, other.task
    if request and request.state in {RequestState.REFUSED, RequestState.ABANDONED}:
        return True
    return task is not None and (given_up(other) or task.precheck_failed or task.state is RestoreStatus.STOP)


def _is_repeated(draft: RestoreDraft, request: RestoreRequest, now: datetime) -> bool:
    mine, earlier = draft.spec, request.spec
    return (
        now - request.created_at <= REPEATED_WITHIN
        and mine.backup_plan_id == earlier.backup_plan_id
        and _same_point(draft, request)
        and _bare(mine.destination) == _bare(earlier.destination)
        and {_names(item) for item in mine.objects} == {_names(item) for item in earlier.objects}
    )


def _same_point(draft: RestoreDraft, request: RestoreRequest) -> bool:
    """A request for the latest time holds the time that was, once its task is being created."""
    mine, earlier = draft.spec.point, request.spec.point
    if not mine.latest or earlier.time is None:
        return mine == earlier
    ends = [window.end for window in draft.windows]
    return earlier.time >= min(request.created_at - LATEST_LAG, max(ends, default=request.created_at))


def _bare(destination: Destination) -> tuple[Destination, Place]:
    """A target apart from who connects to it and how its address is spelled."""
    return destination.evolve(instance_id=None, ip=None, user_name=None), place_of(destination)


def _told(kind: DangerKind, other: Following) -> Danger:
    request, task = other.request, other.task
    if request:
        name, user_id, at = request.spec.task_name, request.user_id, request.created_at
        return Danger(kind=kind, task_name=name, user_id=user_id, at=at, link=other.link)
    named = (task.name or task.restore_task_id) if task else None
    return Danger(kind=kind, task_name=named, at=task.created_at if task else None, link=other.link)
