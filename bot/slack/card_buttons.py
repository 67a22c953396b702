"""What can be done about a restore from its card: a menu, and a row of buttons. Pure."""

from bot.restores.models import Following
from bot.restores.possible import cannot_give_up, cannot_start, given_up
from bot.slack.buttons import (
    AGAIN,
    CHECK_NOW,
    EDIT,
    EXPLAIN,
    FOLLOW,
    GIVE_UP,
    PRECHECK,
    RECEIPT,
    START,
    UNWATCH,
    WATCH_ELSEWHERE,
    menu,
    restore_button,
)
from bot.slack.card_facts import target_name
from bot.slack.message import Block, plain
from bot.slack.mrkdwn import shorten
from bot.slack.phases import Phase, phase

_LONGEST_TARGET = 100
#: While it may still go on, it can be looked at, and told to others.
_OPEN = frozenset(
    {
        Phase.CREATED,
        Phase.PRECHECK,
        Phase.PRECHECK_FAILED,
        Phase.PASSED,
        Phase.WAITING,
        Phase.RUNNING,
        Phase.PAUSED,
        Phase.OTHER,
    }
)


def card_menu(following: Following) -> Block | None:
    """The lesser actions; None where there are none."""
    link = following.link
    if link.closed_at is not None or link.restore_task_id is None:
        return None
    now, left = phase(following), given_up(following)
    actions: list[str] = []
    if now in _OPEN and not left:
        actions += [CHECK_NOW] if link.is_direct else [CHECK_NOW, FOLLOW]
        actions.append(WATCH_ELSEWHERE)
    if now is Phase.FAILED and not left:
        actions.append(RECEIPT)
    if link.nonce is None and now is not Phase.FINISHED:
        actions.append(UNWATCH)
    if cannot_give_up(following) is None:
        actions.append(GIVE_UP)
    return menu(link.link_id, *actions) if actions else None


def card_row(following: Following) -> list[Block]:
    """The next steps, the likeliest first; of the form only where a request can fill it."""
    if following.link.closed_at is not None:
        return []
    link_id, asked = following.link.link_id, following.request is not None
    again = restore_button(AGAIN, "Try again", link_id)
    edit = restore_button(EDIT, "Edit and try again", link_id)
    match phase(following):
        case now if now is Phase.FINISHED or given_up(following):
            receipt = restore_button(RECEIPT, "Receipt", link_id)
            return [receipt, restore_button(EDIT, "Restore again", link_id)] if asked else [receipt]
        case Phase.REFUSED | Phase.ABANDONED if asked:
            return [_primary(edit)]
        case Phase.PRECHECK_FAILED:
            raw = restore_button(PRECHECK, "What DBS said", link_id)
            return [_primary(edit), again, raw] if asked else [raw]
        case Phase.FAILED:
            why = restore_button(EXPLAIN, "Why?", link_id)
            return [_primary(again), edit, why] if asked else [why]
        case _ if cannot_start(following) is None:
            return [start_button(following)]
        case _:
            return []


def start_button(following: Following) -> Block:
    return start_confirmed(restore_button(START, "Start", following.link.link_id, style="primary"), following)


def start_confirmed(made: Block, following: Following) -> Block:
    """A button that asks once more: what is started cannot be stopped from here."""
    target = target_name(following)
    onto = f" to {shorten(target, _LONGEST_TARGET)}" if target else ""
    return made | {
        "confirm": {
            "title": plain("Start this restore?"),
            "text": plain(f"DBS begins to write{onto}. Once it runs, DBS has no way to stop it."),
            "confirm": plain("Start"),
            "deny": plain("Not yet"),
        }
    }


def _primary(made: Block) -> Block:
    return made | {"style": "primary"}
