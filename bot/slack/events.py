"""What the thread is told of events. Pure."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from bot.restores.models import Event, EventKind, Following, PrecheckItem, RestoreRequest, Stage
from bot.slack.card import STAGE_NAMES
from bot.slack.forms.elements import button, buttons
from bot.slack.message import Block, Message, section
from bot.slack.mrkdwn import SECTION_LIMIT, TEXT_LIMIT, code, duration, shorten, user, verbatim

ITEMS_SHOWN = 8

#: The button that opens the form as it was; its value is the nonce of the request.
EDIT = "edit_and_try_again"
_TO_TRY_AGAIN = frozenset({EventKind.REFUSED, EventKind.NEVER_SENT, EventKind.ABANDONED})
#: What ended, or needs the person.
_IN_FULL = _TO_TRY_AGAIN | {
    EventKind.START_REFUSED,
    EventKind.PRECHECK_FAILED,
    EventKind.FAILED,
    EventKind.FINISHED,
}
_FOLDED = ":hourglass: I could not post for a while. Meanwhile:"
_FENCE = "```"

_STAGE_DONE = {
    Stage.STRUCTURE_BEFORE: "The structure is restored.",
    Stage.FULL_DATA: "All data is restored.",
    Stage.STRUCTURE_AFTER: "Indexes and triggers are restored.",
    Stage.INCREMENTAL: "The logs are applied up to the chosen time.",
    Stage.DATABASE_ONLINE: "The database is online.",
}


def event_message(event: Event, following: Following) -> Message:
    """One event as one message: its sentence, then DBS's own words where there are any."""
    text = _cut(_SENTENCES[event.kind](event, following))
    if event.kind not in _TO_TRY_AGAIN or following.request is None:
        return Message(text=text)
    return Message(text=text, blocks=(section(text), _edit(following.request)))


def folded_message(events: Sequence[Event], following: Following) -> Message:
    """Several events as one message, in order. What ended, or needs the person, is said in full."""
    lines = [_FOLDED, *(_listed(event, following) for event in events)]
    text = "\n".join(lines)
    if following.request is None or not any(event.kind in _TO_TRY_AGAIN for event in events):
        return Message(text=text)
    return Message(text=text, blocks=(*map(section, lines), _edit(following.request)))


def _listed(event: Event, following: Following) -> str:
    text = _SENTENCES[event.kind](event, following)
    return _cut(text, SECTION_LIMIT) if event.kind in _IN_FULL else text.partition("\n")[0]


def _cut(text: str, limit: int = TEXT_LIMIT) -> str:
    """The beginning of a long text; a quote that is cut is closed, lest it swallow what follows."""
    if len(text) <= limit:
        return text
    begun = shorten(text, limit - len(_FENCE) - 1)
    return f"{begun}\n{_FENCE}" if begun.count(_FENCE) % 2 else begun


def _edit(request: RestoreRequest) -> Block:
    return buttons(button(EDIT, "Edit and try again", request.nonce))


def _words(event: Event, otherwise: str = "DBS gave no reason.") -> str:
    return verbatim(event.text) if event.text else otherwise


def _who(following: Following) -> str:
    return f"{user(following.request.user_id)} " if following.request else ""


def _created(_: Event, following: Following) -> str:
    return (
        f":memo: DBS created the task {code(following.link.restore_task_id or '')}. Its precheck comes first."
    )


def _refused(event: Event, following: Following) -> str:
    what = "The restore cannot be ordered" if event.own else "DBS refused the restore"
    return f":no_entry: {_who(following)}{what}; there is no task.\n{_words(event)}"


def _unsettled(event: Event, _: Following) -> str:
    return (
        ":grey_question: It is not known whether DBS created the task. I am finding out, and it will not be"
        f" created twice.\n{_words(event, '')}"
    )


def _never_sent(_: Event, following: Following) -> str:
    return (
        f":no_entry: {_who(following)}The password is no longer in memory, and DBS was never asked to create"
        " the task: nothing is being restored. Please submit again."
    )


def _abandoned(_: Event, following: Following) -> str:
    return (
        f":no_entry: {_who(following)}The password is no longer in memory, and DBS lists no task for this"
        " request: nothing is being restored. Please submit again."
    )


def _start_refused(event: Event, following: Following) -> str:
    return f":warning: {_who(following)}DBS did not start the task.\n{_words(event)}"


def _precheck_passed(event: Event, following: Following) -> str:
    told = ":heavy_check_mark: Precheck passed" + (f", {len(event.items)} items." if event.items else ".")
    if following.request and not following.request.start:
        told += f" {_who(following)}The task was not to be started: start it in the DBS console."
    return told


def _precheck_failed(event: Event, following: Following) -> str:
    items = [_item(item) for item in event.items[:ITEMS_SHOWN]]
    if len(event.items) > ITEMS_SHOWN:
        items.append(f"… and {len(event.items) - ITEMS_SHOWN} more.")
    lines = "\n".join(items) or "DBS names no item."
    return f":x: {_who(following)}Precheck failed. Nothing was restored.\n{lines}"


def _item(item: PrecheckItem) -> str:
    return f"• {code(item.name)}" + (f"\n{verbatim(item.message)}" if item.message else "")


def _stage_done(event: Event, _: Following) -> str:
    stage = event.stage or Stage.FULL_DATA
    return f":ballot_box_with_check: {_STAGE_DONE.get(stage, f'{STAGE_NAMES[stage]}: done.')}"


def _data_progress(event: Event, _: Following) -> str:
    return f":arrow_forward: Data: {event.percent} %"


def _failed(event: Event, following: Following) -> str:
    return f":red_circle: {_who(following)}The restore failed.\n{_words(event)}"


def _finished(event: Event, following: Following) -> str:
    took = f" in {duration(timedelta(seconds=event.seconds))}" if event.seconds is not None else ""
    return f":white_check_mark: {_who(following)}The restore finished{took}."


def _other_status(event: Event, _: Following) -> str:
    return f":grey_question: DBS now says {code(event.text or '')}, a status its pages do not explain."


def _dbs_silent(event: Event, _: Following) -> str:
    return (
        ":satellite_antenna: DBS has not answered for some minutes: what is said here may be old. I keep"
        f" asking.\n{_words(event, '')}"
    )


def _fixed(sentence: str) -> Callable[[Event, Following], str]:
    return lambda _event, _following: sentence


_SENTENCES: dict[EventKind, Callable[[Event, Following], str]] = {
    EventKind.UNSETTLED: _unsettled,
    EventKind.CREATED: _created,
    EventKind.REFUSED: _refused,
    EventKind.NEVER_SENT: _never_sent,
    EventKind.ABANDONED: _abandoned,
    EventKind.START_REFUSED: _start_refused,
    EventKind.PRECHECK_PASSED: _precheck_passed,
    EventKind.PRECHECK_FAILED: _precheck_failed,
    EventKind.STARTED: _fixed(":arrow_forward: The restore is running."),
    EventKind.DATA_PROGRESS: _data_progress,
    EventKind.STAGE_DONE: _stage_done,
    EventKind.PAUSED: _fixed(":double_vertical_bar: DBS paused the restore."),
    EventKind.RESUMED: _fixed(":arrow_forward: The restore goes on."),
    EventKind.FAILED: _failed,
    EventKind.FINISHED: _finished,
    EventKind.OTHER_STATUS: _other_status,
    EventKind.UNREPORTED: _fixed(
        ":grey_question: DBS does not list this task. That does not mean it failed; I keep asking."
    ),
    EventKind.REPORTED_AGAIN: _fixed(":information_source: DBS lists the task now."),
    EventKind.DBS_SILENT: _dbs_silent,
    EventKind.DBS_BACK: _fixed(":information_source: DBS answers again."),
}
