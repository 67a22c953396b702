"""Prechecks as people read them."""

import json

import pytest

from bot.restores.models import PrecheckItem, PrecheckReport
from bot.slack.dialogs import dialog
from bot.slack.prechecks import advice, cleaned, failed_items, precheck_message, readable, title

TRACE = (
    "java.lang.RuntimeException: Access denied for user 'rw'@'%': missing privileges [CREATE] on *.*\n"
    "\tat com.aliyun.dbs.precheck.item.DestinationPrivilegeCheck.run(DestinationPrivilegeCheck.java:87)\n"
    "\tat com.aliyun.dbs.precheck.PreCheckJob.execute(PreCheckJob.java:142)\n"
    "\t... 12 more"
)


def item(name: str, message: str | None = None, state: str = "failed", **changes: object) -> PrecheckItem:
    return PrecheckItem(name=name, state=state, message=message).evolve(**changes)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        (TRACE, "Access denied for user 'rw'@'%': missing privileges [CREATE] on *.*"),
        ("java.lang.RuntimeException: java.sql.SQLException: denied", "denied"),
        ("SQLException: denied", "denied"),
        ('Exception in thread "main" java.lang.IllegalStateException: odd', "odd"),
        ("com.a.B: failed; nested exception is java.io.IOException: no route", "failed: no route"),
        ("com.a.CheckException: it failed\nCaused by: java.io.IOException: no route", "it failed no route"),
        ("java.io.IOException: no route\nCaused by: java.net.X: no route", "no route"),
        ("disk   full\n\non the target", "disk full on the target"),
        ("java.lang.NullPointerException", "java.lang.NullPointerException"),
        ("host db.internal.Example: refused", "host db.internal.Example: refused"),
        ("权限不足", "权限不足"),
        ("", ""),
    ],
)
def test_what_dbs_said_is_told_without_its_java(said: str, read: str) -> None:
    assert readable(said) == read


def test_lines_that_are_no_trace_stay_lines() -> None:
    assert cleaned("java.sql.SQLException: disk full\non the target\n\tat a.B.c(B.java:1)") == (
        "disk full\non the target"
    )


@pytest.mark.parametrize(
    ("name", "shown", "does"),
    [
        ("CHECK_BACKUP_SET", "The backup", "backup set"),
        ("CHECK_DEST_CONNECTION", "Connection to the database", "lets DBS in"),
        ("CHECK_DEST_VERSION", "Version of the database", "version"),
        ("CHECK_DEST_PRIVILEGE", "Privileges of the account", "Grant"),
        ("CHECK_RESTORE_OBJECTS", "Databases to restore", "databases anew"),
        ("CHECK_DISK_SPACE", "Space on the target", "Make room"),
        ("checkSameName", "Names that exist already", "new names"),
    ],
)
def test_an_item_is_called_by_what_it_is_about_and_says_what_to_change(
    name: str, shown: str, does: str
) -> None:
    assert title(item(name)) == f"*{shown}* (`{name}`)"
    assert does in advice(item(name))


def test_an_unknown_item_is_shown_as_written_with_general_advice() -> None:
    odd = item("CHECK_OTHER", "quota 7 exceeded")
    assert title(odd) == "*`CHECK_OTHER`*"
    assert advice(odd).startswith("Put right what DBS names")


def test_an_unknown_item_is_told_by_its_message() -> None:
    assert title(item("CHECK_7", "Unknown database 'x'")) == "*Databases to restore* (`CHECK_7`)"


def test_the_check_itself_says_more_than_its_group() -> None:
    assert title(item("CHECK_DEST", item="CHECK_DEST_VERSION")) == (
        "*Version of the database* (`CHECK_DEST_VERSION`)"
    )


def test_a_failed_item_is_told_with_its_message_and_what_to_change() -> None:
    told = failed_items((item("CHECK_DEST_PRIVILEGE", TRACE), item("CHECK_7")))
    assert "java" not in told
    assert "\nGrant the account" in told
    assert "• *`CHECK_7`*\nDBS gave no reason.\n" in told
    assert failed_items(()) == "DBS names no item."


def test_what_dbs_said_is_there_to_the_letter_item_by_item() -> None:
    items = (
        item("CHECK_CONN", state="finish"),
        item("CHECK_PRIV", TRACE),
        item("CHECK_LOG", "binlog is short", state="warning"),
        item("CHECK_7", state="catched"),
    )
    message = precheck_message(PrecheckReport(status="failed", items=items))
    blocks = [block["text"]["text"] for block in message.blocks]
    for words in (
        "DestinationPrivilegeCheck.java:87",
        ":white_check_mark: *Connection",
        ":warning: *Time to restore to*",
        "DBS says `catched`",
        "4 of 4 items done",
    ):
        assert any(words in block for block in blocks), words
    assert "CHECK_CONN finish" in message.text


@pytest.mark.parametrize("report", [None, PrecheckReport(status="")])
def test_a_precheck_nobody_told_of_is_said(report: PrecheckReport | None) -> None:
    assert "told nothing" in precheck_message(report).text


@pytest.mark.parametrize("text", ["x" * 9000, "<&>" * 3000, "```" * 900, "数" * 9000])
def test_raw_items_however_long_fit_into_a_dialog_and_say_that_they_were_cut(text: str) -> None:
    items = tuple(PrecheckItem(name=f"CHECK_{n}", state="failed", message=text) for n in range(80))
    view = dialog("What DBS said", precheck_message(PrecheckReport(status="failed", items=items)))
    assert len(view["blocks"]) <= 100
    assert all(len(block["text"]["text"]) <= 3000 for block in view["blocks"] if "text" in block)
    assert "more characters" in str(view["blocks"][1])
    assert "50 more items" in str(view["blocks"][-1])
    assert len(json.dumps(view)) < 250_000


def test_failed_items_stand_first() -> None:
    items = (PrecheckItem(name="A", state="finish"), PrecheckItem(name="B", state="failed", message="no"))
    shown = precheck_message(PrecheckReport(status="failed", items=items))
    assert "`B`" in str(shown.blocks[1])
