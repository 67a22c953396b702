"""Names of others stand in messages as names: none of them is markup, and none breaks a line."""

from collections.abc import Iterator

import pytest

from bot.restores.dangers import dangers
from bot.restores.models import Location, RestoreObject
from bot.slack.card import card
from bot.slack.forms.draft import draft_of
from bot.slack.forms.risks import RisksPart
from bot.slack.forms.summary import in_words
from bot.slack.mrkdwn import code, word
from bot.slack.plans import plans_message
from tests.forms import FORM, PLAN
from tests.values import NOON, following, request, task


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("orders", "`orders`"),
        ("a\n:white_check_mark: *fine*", "`a :white_check_mark: *fine*`"),
        ("a\r\n\u2028b\u202ec", "`a b c`"),
        ("<!channel> `x`", "`&lt;!channel&gt; 'x'`"),
    ],
)
def test_a_name_is_code_on_one_line(name: str, shown: str) -> None:
    assert code(name) == shown


@pytest.mark.parametrize("text", ["MySQL", "cn-hangzhou", "订单_1", "12.5 GB (full)", "orders → rm-1"])
def test_a_harmless_word_stands_as_it_is(text: str) -> None:
    assert word(text) == text


@pytest.mark.parametrize("text", ["*bold*", ":tada:", "a\nb", "~x~", "<@U1>", "a`b", "a\u202eb"])
def test_any_other_word_is_code(text: str) -> None:
    assert word(text) == code(text)


FORGED = "x*\n:white_check_mark: *Nothing is dangerous* `c`\u202e"
SHOWN = "`x* :white_check_mark: *Nothing is dangerous* 'c'`"


def test_no_name_forges_a_line_of_the_form() -> None:
    plan = PLAN.evolve(name=FORGED)
    target = {"location": Location.RDS, "region": "cn-hangzhou", "instance_id": "rm-1"}
    state = FORM.evolve(plan=plan).wishing(objects=(RestoreObject(db_name=FORGED),), **target)
    draft = draft_of(state, plan, "U1")
    (summary,) = in_words(state, draft, None)
    risks = RisksPart.build(draft, dangers(draft, [following(request(), task(name=FORGED))], NOON))
    for block in (summary, risks[0]):
        assert SHOWN in block["text"]["text"]
        assert "*Nothing" not in block["text"]["text"].replace(SHOWN, "")


def test_no_name_forges_a_line_of_the_card_or_of_the_list() -> None:
    made = card(following(request(plan_name=FORGED, engine=FORGED), task(name=FORGED)))
    listed = plans_message([PLAN.evolve(name=FORGED)], {}, text="", start=0)
    for message in (made, listed):
        bare = "\n".join(_texts(message.blocks)) + message.text
        assert SHOWN in bare
        assert "\n:white_check_mark:" not in bare


def _texts(blocks: object) -> Iterator[str]:
    """Every text of mrkdwn."""
    if isinstance(blocks, dict):
        if blocks.get("type") == "mrkdwn":
            yield blocks["text"]
        blocks = list(blocks.values())
    if isinstance(blocks, list | tuple):
        for block in blocks:
            yield from _texts(block)
