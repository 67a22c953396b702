"""App Home: a button to begin, and the restores that matter to whoever looks. Pure."""

from collections.abc import Callable
from functools import partial
from hashlib import sha256
from json import dumps

from bot.restores.models import ENGLISH, Following, Page
from bot.slack import glance
from bot.slack.forms.elements import button
from bot.slack.message import Block, context, header, section
from bot.slack.mrkdwn import code

OPEN_FORM = "open_form"
CALLBACK_ID = "restores"
#: Restores shown of each kind. With two blocks each all of them stay below Slack's 100 blocks.
MINE_SHOWN = TEAM_SHOWN = 15
ENDED_SHOWN = 10

_INTRO = (
    "*Restore a database* from an Alibaba Cloud DBS backup: choose a plan, say what to restore and where to,"
    " and follow it in one thread to its end."
)
_HINT = (
    f"{code('/restore plans')} lists what can be restored, {code('/restore help')} says what else there is."
    " This page is kept current for a day after it was opened."
)
_NOBODY_ELSE = "Nobody else restores anything at the moment."

_Row = Callable[[Following], tuple[Block, Block]]


def home_view(
    user_id: str,
    mine: Page,
    team: Page,
    ended: Page,
    *,
    address: str | None = None,
    language: str = ENGLISH,
) -> Block:
    """The Home of a person: their active restores, those of others, and the last that ended.

    `address` is the workspace's, with a slash at its end; where it is not known there are no links to
    threads. `language` is the one failures are explained in.
    """
    row = partial(_row, viewer=glance.Viewer(user_id, address, language))

    blocks: list[Block] = [
        {**section(_INTRO), "accessory": {**button(OPEN_FORM, "Restore a database"), "style": "primary"}},
        *_part(
            "My active restores",
            mine,
            MINE_SHOWN,
            row,
            nothing="You have no restore under way. All quiet.",
            more="/restore list mine",
        ),
        *_part(
            "The team's active restores",
            team,
            TEAM_SHOWN,
            row,
            nothing=_NOBODY_ELSE if mine.total else "Nor has anybody else.",
            more="/restore list active",
        ),
        *_part(
            "Lately ended",
            ended,
            ENDED_SHOWN,
            row,
            nothing="No restore has ended here yet.",
            more="/restore history",
            counted=False,
        ),
        {"type": "divider"},
        context(_HINT),
    ]
    return {"type": "home", "callback_id": CALLBACK_ID, "blocks": blocks}


def home_digest(view: Block) -> str:
    """Equal for views that look the same."""
    return sha256(dumps(view, sort_keys=True).encode()).hexdigest()


def _part(
    name: str, page: Page, most: int, row: _Row, *, nothing: str, more: str, counted: bool = True
) -> list[Block]:
    """A heading and the restores below it, or a friendly word that there are none."""
    heading = header(f"{name} ({page.total})" if counted and page.total else name)
    rows = [block for following in page.restores[:most] for block in row(following)]
    left = page.total - len(page.restores[:most])
    if left > 0:
        rest = [context(f"and {left} more: type {code(more)}")]
    else:
        rest = [] if rows else [context(nothing)]
    return [{"type": "divider"}, heading, *rows, *rest]


def _row(following: Following, viewer: glance.Viewer) -> tuple[Block, Block]:
    lead, status = glance.linked(following, viewer), glance.status(following, viewer.language)
    return section(f"{lead}\n{status}"), context(glance.place(following, viewer))
