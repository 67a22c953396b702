"""Block Kit as Slack checks it: composition objects, elements, blocks and views.

Read `tables` first: as data it says what may stand where, with which fields and limits, and its docstring
explains its words. `rules` are the few that bind fields together, and the tables name them. `schema` is the
language of both: a check takes a value and its JSON pointer and yields the `Problem`s it sees. `walk` goes
over lists of blocks, `views` over a modal or a Home.
"""

from bot.sandbox.slack.block_kit.rules import options_of
from bot.sandbox.slack.block_kit.schema import Problem, State
from bot.sandbox.slack.block_kit.views import checked_view, refuse, view_problems
from bot.sandbox.slack.block_kit.walk import (
    check_blocks,
    check_options,
    elements_of,
    find_element,
    may_start_from,
    state_of,
    with_ids,
)

__all__ = [
    "Problem",
    "State",
    "check_blocks",
    "check_options",
    "checked_view",
    "elements_of",
    "find_element",
    "may_start_from",
    "options_of",
    "refuse",
    "state_of",
    "view_problems",
    "with_ids",
]
