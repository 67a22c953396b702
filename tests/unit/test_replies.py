"""What a person is answered who pressed a button, and the dialogs for it: within Slack's limits."""

import json
from datetime import timedelta

import pytest

from bot.errors import (
    DbsError,
    DbsRejected,
    DbsUnreachable,
    NotOffered,
    NotPossible,
    RestoreBotError,
    StoreError,
)
from bot.restores.models import JobError, PrecheckItem, PrecheckReport, Stage
from bot.slack import replies
from bot.slack.dialogs import GiveUpForm, dialog, waiting
from bot.slack.glance import name
from bot.slack.message import Message
from bot.slack.mrkdwn import time
from bot.slack.prechecks import precheck_message
from bot.slack.watch_form import WatchForm
from tests import values
from tests.values import NOON

FAILED = values.following(values.request(), values.task("stop", error_message="disk <full> & `more`"))


def test_who_was_first_is_named() -> None:
    said = replies.impossible(NotPossible("It was given up already.", user_id="U9"))
    assert said.text.endswith("It was given up already by <@U9>.")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (StoreError(), "database does not answer"),
        (DbsRejected("The instance is <busy>.", code="Busy"), "&lt;busy&gt;"),
        (DbsUnreachable(), "nothing is done twice"),
        (NotOffered(), "does not restore this backup plan"),
    ],
)
def test_every_error_is_an_answer(error: RestoreBotError, words: str) -> None:
    assert words in replies.why_not(error).text


def test_an_explanation_stands_beside_dbss_own_text_and_nothing_in_either_is_markup() -> None:
    task = FAILED.task
    assert task is not None
    text = replies.explained(FAILED, task, JobError(code="E1", message="The disk is <!channel> full.")).text
    assert "&lt;!channel&gt;" in text
    assert "disk &lt;full&gt;" in text
    assert "E1" in text


def test_without_an_explanation_nothing_is_made_up() -> None:
    task = FAILED.task
    assert task is not None
    assert "explains it no further" in replies.explained(FAILED, task, None).text
    silent = replies.explained(FAILED, task, None, DbsError("DBS does not answer.").sentence).text
    assert "DBS does not answer. Try again in a moment." in silent


@pytest.mark.parametrize("text", ["x" * 9000, "<&>" * 3000, "```" * 900, "数" * 9000])
def test_raw_items_however_long_fit_into_a_dialog(text: str) -> None:
    items = tuple(PrecheckItem(name=f"CHECK_{n}", state="failed", message=text) for n in range(80))
    view = dialog("What DBS said", precheck_message(PrecheckReport(status="failed", items=items)))
    assert len(view["blocks"]) <= 100
    assert all(len(block["text"]["text"]) <= 3000 for block in view["blocks"] if "text" in block)
    assert "50 more" in str(view["blocks"][-1])
    assert len(json.dumps(view)) < 250_000


def test_a_long_text_that_is_set_apart_stays_so_in_a_dialog() -> None:
    view = dialog("Receipt", Message(text="```\n" + "x" * 39_000 + "\n```"))
    texts = [block["text"]["text"] for block in view["blocks"]]
    assert len(texts) > 1
    assert all(text.startswith("```\n") and text.endswith("\n```") and len(text) <= 3000 for text in texts)


def test_dialogs_name_their_restore_and_carry_what_they_need() -> None:
    asks = GiveUpForm.build(FAILED)
    assert GiveUpForm.link_id(asks) == FAILED.link.link_id
    assert "keeps the task `s1`" in str(asks["blocks"])
    form = WatchForm.build("s1", name(FAILED))
    form["state"] = {"values": {WatchForm.CHANNEL: {"channel": {"selected_conversation": "C9"}}}}
    assert WatchForm.read(form) == ("s1", "C9")
    assert all(len(each["title"]["text"]) <= 24 for each in (asks, form, waiting("x" * 40)))


def test_a_restore_is_named_in_answers_and_dialogs_as_on_its_card() -> None:
    task = FAILED.task
    assert task is not None
    assert "*orders → rm-1*" in replies.explained(FAILED, task, None).text
    assert "Give up *orders → rm-1*?" in str(GiveUpForm.build(FAILED))


def test_why_it_failed_is_told_with_stage_percent_and_time_as_in_the_thread() -> None:
    task = values.task("stop", stages={Stage.FULL_DATA: 60}, finished_at=NOON + timedelta(minutes=7))
    text = replies.explained(FAILED.evolve(task=task), task, None).text
    assert f"It stopped at data 60 %, after 7 min ({time(NOON + timedelta(minutes=7))})." in text
