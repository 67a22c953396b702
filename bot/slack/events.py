"""What the thread is told of events: who is called, what is said, what can be done about it. Pure."""

from collections.abc import Sequence

from bot.restores.models import Event, EventKind, Following, Link
from bot.restores.names import cut
from bot.restores.possible import cannot_start
from bot.slack.buttons import AGAIN, CHECK_NOW, EDIT, EXPLAIN, PRECHECK, RECEIPT, RECEIPT_JSON, restore_button
from bot.slack.card_buttons import start_button
from bot.slack.card_facts import card_title
from bot.slack.forms.elements import buttons
from bot.slack.message import Block, Message, section
from bot.slack.mrkdwn import SECTION_LIMIT, TEXT_LIMIT, begun, user, word
from bot.slack.sentences import Said, said, waits_for_start

_ENDS = frozenset({EventKind.FINISHED, EventKind.FAILED})
_WITHOUT_TASK = frozenset({EventKind.REFUSED, EventKind.NEVER_SENT, EventKind.ABANDONED})
#: What needs somebody, or is over: whoever follows the restore, in their own thread or elsewhere, is called.
FOR_PEOPLE = _ENDS | {EventKind.START_REFUSED, EventKind.PRECHECK_FAILED, EventKind.STALLED}
#: Said in full among others, too.
_IN_FULL = _WITHOUT_TASK | FOR_PEOPLE | {EventKind.GIVEN_UP}
_FOLDED = ":hourglass: I could not post for a while. Meanwhile:"
#: What all blocks of a message may hold together is little more.
_FOLDED_LIMIT = 12_000
#: Of a line for an event that is not said in full.
_LINE_LIMIT = 400
_LONGEST_TITLE = 200


def event_message(event: Event, following: Following) -> Message:
    """One event as one message: its sentence, then DBS's own words where there are any."""
    text = begun(_in_full(event, following), TEXT_LIMIT)
    row = _buttons(event, following)
    return Message(text=text, blocks=(*_sections(text), buttons(*row)) if row else ())


def folded_message(events: Sequence[Event], following: Following) -> Message:
    """Several events as one message, in order. What ended, or needs the person, is said in full.

    It has the buttons of the last event that has any.
    """
    full = sum(event.kind in _IN_FULL for event in events)
    room = _FOLDED_LIMIT - len(_FOLDED) - _LINE_LIMIT * (len(events) - full)
    limit = min(SECTION_LIMIT, room // max(1, full))
    lines = [_FOLDED, *(_listed(event, following, limit) for event in events)]
    rows = (_buttons(event, following) for event in reversed(events))
    row = next(filter(None, rows), None)
    return Message(text="\n".join(lines), blocks=(*map(section, lines), buttons(*row)) if row else ())


def is_broadcast(events: Sequence[Event], link: Link, *, end_in_channel: bool) -> bool:
    """Whether a message of these events is shown in the channel as well as in its thread."""
    kinds = {event.kind for event in events}
    return bool(kinds & FOR_PEOPLE) if link.is_direct else end_in_channel and bool(kinds & _ENDS)


def headline(event: Event, following: Following) -> str:
    """The event on one line, calling nobody but whoever caused it."""
    one = said(event, following)
    return f"{one.icon} {one.headline}"


def _listed(event: Event, following: Following, limit: int) -> str:
    if event.kind in _IN_FULL:
        return begun(_in_full(event, following), limit)
    return begun(_first(said(event, following), event, following), _LINE_LIMIT)


def _in_full(event: Event, following: Following) -> str:
    one = said(event, following)
    loud = event.kind in (FOR_PEOPLE if following.link.is_direct else _ENDS)
    # Outside of its thread it has to say of which restore it speaks.
    which = f"*{word(cut(card_title(following), _LONGEST_TITLE))}*" if loud else ""
    return "\n".join(filter(None, (_first(one, event, following), which, one.details)))


def _first(one: Said, event: Event, following: Following) -> str:
    called = _called(event, following)
    return " ".join(filter(None, (one.icon, called and user(called), one.headline)))


def _called(event: Event, following: Following) -> str | None:
    """Who is mentioned: whoever asked in the request's own thread, in any other whoever watches there."""
    link, request = following.link, following.request
    waits = event.kind is EventKind.PRECHECK_PASSED and waits_for_start(following)
    if link.nonce is None:
        return link.user_id if event.kind in FOR_PEOPLE or waits else None
    calls = event.kind in FOR_PEOPLE | _WITHOUT_TASK or waits
    return request.user_id if request and calls else None


def _sections(text: str) -> list[Block]:
    """The text in as many blocks as it takes; it is parted where no quote is open."""
    if len(text) <= SECTION_LIMIT:
        return [section(text)]
    lines, at, quoted = text.split("\n"), 0, False
    for number, line in enumerate(lines):
        if not quoted and number > 0 and sum(map(len, lines[:number])) + number <= SECTION_LIMIT:
            at = number
        quoted ^= line.count("```") % 2 == 1
    first, rest = "\n".join(lines[:at]), "\n".join(lines[at:])
    return [section(begun(part, SECTION_LIMIT)) for part in (first, rest) if part]


def _buttons(event: Event, following: Following) -> list[Block]:
    """What can be done about an event; of the form only where a request can fill it."""
    link_id, asked = following.link.link_id, following.request is not None
    again = restore_button(AGAIN, "Try again", link_id, style="primary")
    edit = restore_button(EDIT, "Edit and try again", link_id)
    match event.kind:
        case kind if kind in _WITHOUT_TASK and asked:
            return [edit | {"style": "primary"}]
        case EventKind.PRECHECK_FAILED:
            raw = restore_button(PRECHECK, "What DBS said", link_id)
            return [edit | {"style": "primary"}, raw] if asked else [raw]
        case EventKind.FAILED:
            why = restore_button(EXPLAIN, "Why?", link_id)
            return [again, edit, why] if asked else [why]
        case EventKind.FINISHED:
            receipt = restore_button(RECEIPT, "Receipt", link_id)
            return [receipt, restore_button(RECEIPT_JSON, "Receipt as JSON", link_id)]
        case EventKind.PRECHECK_PASSED | EventKind.START_REFUSED if cannot_start(following) is None:
            return [start_button(following)]
        case EventKind.STALLED:
            return [restore_button(CHECK_NOW, "Check now", link_id)]
        case _:
            return []
