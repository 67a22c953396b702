"""Lists of restores a person asked for: those there are, and those that ended. Pure."""

import json
from dataclasses import dataclass

from bot.restores.meant import name_in
from bot.restores.models import Following, Page, Scope, Which
from bot.restores.names import cut
from bot.slack import glance
from bot.slack.buttons import RECEIPT, STATUS, restore_button
from bot.slack.forms.elements import button, buttons
from bot.slack.glance import Viewer
from bot.slack.message import Block, Message, context, section
from bot.slack.mrkdwn import TEXT_LIMIT, code, shorten, word
from bot.slack.sentences import stages_in_words

#: A button that shows a list, or another page of it, in the place of the one it stands in; numbered.
TURN = "turn_list"
#: Restores on a page.
PAGE = 10
_ROW_TEXT_LIMIT = 380
_TEXT_KEPT = 900
LABEL_LIMIT = 30
PLAN_SHOWN = 80

_SCOPES = {"active": Scope.ACTIVE, "mine": Scope.ALL, "plan": Scope.ALL, "all": Scope.ALL}
_VIEWS = (("list", "Active"), ("list mine", "Mine"), ("list all", "All"), ("history", "History"))


@dataclass(frozen=True)
class Listed:
    """What a list shows: which restores, the command that shows them, and what they are called."""

    which: Which
    command: str
    title: str

    @property
    def names_no_plan(self) -> bool:
        """The restores of a plan are asked for, and it is not said of which."""
        return self.command == "list plan"


# What is asked for


def asked_list(text: str, user_id: str) -> Listed | None:
    """`active`, `mine`, `plan <plan>`, `all` or nothing, then perhaps a plan; None for any other word."""
    first, _, rest = text.partition(" ")
    first, plan = name_in(first).lower() or "active", name_in(rest)
    scope = _SCOPES.get(first)
    if scope is None:
        return None
    mine = user_id if first == "mine" else None
    title = {
        "active": "Restores under way",
        "mine": "Restores you asked for",
        "plan": "Restores",
        "all": "All restores",
    }[first]
    command = " ".join(filter(None, ("list", first, plan)))
    return Listed(Which(scope=scope, user_id=mine, plan=plan or None), command, _of_plan(title, plan))


def asked_history(plan: str) -> Listed:
    which = Which(scope=Scope.ENDED, plan=plan or None)
    return Listed(which, f"history {plan}".strip(), _of_plan("Restores that ended", plan))


def list_words() -> tuple[str, ...]:
    return tuple(_SCOPES)


def _of_plan(title: str, plan: str) -> str:
    return f"{title} of plans like {code(cut(plan, PLAN_SHOWN))}" if plan else title


# Pages


def page_message(listed: Listed, page: Page, viewer: Viewer, *, meant: str | None = None) -> Message:
    """A page of restores. `meant` is the plan that was probably meant where there are none."""
    history = listed.which.scope is Scope.ENDED
    title = _title(listed, page)
    asked_back = [f"Did you mean {code(cut(meant, PLAN_SHOWN))}?"] if meant else []
    blocks: list[Block] = [section(f"*{title}*"), *map(context, asked_back)]
    for following in page.restores:
        text = row(following, viewer, history=history)
        blocks.append(section(text) | {"accessory": _row_button(following, history=history)})
    if turns := _turns(listed, page):
        blocks.append(buttons(*turns))
    blocks.append(buttons(*_views(listed, meant)))
    told = [heard(following, viewer, history=history) for following in page.restores]
    return Message(shorten("\n".join([title, *asked_back, *told]), TEXT_LIMIT), tuple(blocks))


def turned(value: str) -> tuple[str, int]:
    """The command a button of a list stands for, and the number of the first restore to show."""
    asked = json.loads(value)
    return str(asked["text"]), int(asked["start"])


def _title(listed: Listed, page: Page) -> str:
    if page.total == 0:
        return f"{listed.title}: none"
    shown = len(page.restores)
    which = f", {page.start + 1} to {page.start + shown}" if shown < page.total else ""
    return f"{listed.title}: {page.total}{which}"


def _turns(listed: Listed, page: Page) -> list[Block]:
    end, made = page.start + len(page.restores), []
    if page.start > 0:
        made.append(_turn("back", "Back", listed.command, max(0, page.start - PAGE)))
    if end < page.total:
        made.append(_turn("more", f"More ({page.total - end} left)", listed.command, end))
    return made


def _views(listed: Listed, meant: str | None) -> list[Block]:
    """The other lists; where this one is empty, perhaps the one that was meant."""
    name = "history" if listed.which.scope is Scope.ENDED else "list plan"
    made = [_turn("meant", f"Of {shorten(meant, LABEL_LIMIT)}", f"{name} {meant}", 0)] if meant else []
    same = {listed.command, listed.command.removesuffix(" active")}
    return made + [
        _turn(command.replace(" ", "_"), label, command, 0)
        for command, label in _VIEWS
        if command not in same
    ]


def _turn(name: str, label: str, command: str, start: int) -> Block:
    value = json.dumps({"text": command[:_TEXT_KEPT], "start": start}, ensure_ascii=False)
    return button(f"{TURN}:{name}", label, value)


def row(following: Following, viewer: Viewer, *, history: bool = False) -> str:
    lines = [
        glance.linked(following, viewer),
        glance.status(following, viewer.language),
        stages_in_words(following.task) if history and following.task else None,
        glance.place(following, viewer),
    ]
    return "\n".join(filter(None, lines))


def heard(following: Following, viewer: Viewer, *, history: bool = False) -> str:
    """A row on one line, without links: for who listens."""
    lines = [
        f"{word(glance.title(following))}: {glance.status(following, viewer.language)}",
        stages_in_words(following.task) if history and following.task else None,
        glance.place(following, viewer),
    ]
    return shorten(" · ".join(filter(None, lines)).replace("\n", " "), _ROW_TEXT_LIMIT)


def _row_button(following: Following, *, history: bool) -> Block:
    link_id = following.link.link_id
    if history:
        return restore_button(RECEIPT, "Receipt", link_id)
    return restore_button(STATUS, "Status", link_id)
