"""What App Home shows."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.restores.models import (
    Following,
    JobError,
    Page,
    PrecheckItem,
    PrecheckReport,
    RequestState,
    RestorePoint,
    RestoreStatus,
    Stage,
    Timeline,
    Window,
)
from bot.sandbox.slack.block_kit import checked_view
from bot.slack.glance import Viewer, linked, place, status, title
from bot.slack.home import ENDED_SHOWN, MINE_SHOWN, OPEN_FORM, TEAM_SHOWN, home_digest, home_view
from bot.slack.homes import without
from bot.slack.message import Block
from bot.slack.mrkdwn import time
from tests import values

ADDRESS = "https://team.slack.com/"
SHOUT = "<!channel> | *x* & `y`\n<@U1>"
NOBODY = Page(restores=(), start=0, total=0)


def restore(number: int = 1, **changes: object) -> Following:
    """A restore that runs, asked for by U1."""
    asked = values.request(f"{number:032x}", restore_task_id=f"s{number}")
    seen = values.task(restore_task_id=f"s{number}", stages={Stage.FULL_DATA: 40})
    return values.following(asked, seen).evolve(**changes)


def page(*restores: Following, total: int | None = None) -> Page:
    return Page(restores=restores, start=0, total=len(restores) if total is None else total)


def home(
    mine: Page = NOBODY,
    team: Page = NOBODY,
    ended: Page = NOBODY,
    *,
    address: str | None = ADDRESS,
    language: str = "en",
) -> Block:
    return home_view("U1", mine, team, ended, address=address, language=language)


def texts(view: Block) -> list[str]:
    """All that a view says, block by block."""
    told = []
    for block in view["blocks"]:
        parts = [block.get("text"), *block.get("elements", ())]
        told.append(" ".join(part["text"] for part in parts if part))
    return told


def said(view: Block) -> str:
    return "\n".join(texts(view))


def in_state(state: str, **changes: object) -> str:
    return status(restore(task=values.task(state, **changes)))


def test_a_home_without_restores_is_friendly_and_offers_to_begin() -> None:
    view = home()
    assert "You have no restore under way" in said(view)
    assert "No restore has ended here yet" in said(view)
    assert "/restore plans" in said(view)
    begin = view["blocks"][0]["accessory"]
    assert (begin["action_id"], begin["style"]) == (OPEN_FORM, "primary")


def test_a_restore_is_shown_with_status_percent_target_and_a_link_to_its_thread() -> None:
    view = said(home(page(restore())))
    assert "*Running*" in view
    assert "data 40 %" in view
    assert "can't tell yet when it ends" in view
    assert "*<https://team.slack.com/archives/C1/p1000100|orders → rm-1>*" in view
    assert f"back to the latest time · <#C1> · asked by <@U1>, {time(values.NOON)} · `s1`" in view


def test_of_the_restores_of_others_it_is_said_whose_they_are() -> None:
    shown = home_view("U2", NOBODY, page(restore()), NOBODY, address=ADDRESS)
    assert f"<#C1> · asked by <@U1>, {time(values.NOON)} · `s1`" in said(shown)


@pytest.mark.parametrize(
    ("point", "restored", "words"),
    [
        (RestorePoint(time=values.NOON), None, f"back to {time(values.NOON)}"),
        (RestorePoint(backup_set_id="b1"), None, "backup set `b1`"),
        (RestorePoint(), None, "back to the latest time"),
        (RestorePoint(), values.NOON, f"back to {time(values.NOON)}"),
    ],
)
def test_it_is_said_what_is_restored(point: RestorePoint, restored: datetime | None, words: str) -> None:
    asked = values.request(spec=values.spec(point=point))
    assert place(values.following(asked, values.task(restore_time=restored)), Viewer("U1")).startswith(words)


def test_a_restore_whose_end_can_be_told_is_shown_with_it() -> None:
    ends = Window(begin=values.NOON, end=values.NOON + timedelta(minutes=25))
    shown = in_state("running", timeline=Timeline(ends=ends))
    assert "ends between " in shown
    assert "can't tell" not in shown


def test_a_restore_that_stalls_says_since_when() -> None:
    shown = in_state("running", timeline=Timeline(stalled=True, moved_at=values.NOON))
    assert f"No progress since {time(values.NOON)}" in shown


@pytest.mark.parametrize(
    ("state", "changes", "words"),
    [
        ("init", {}, "*Precheck not finished*"),
        (
            "init",
            {"precheck": PrecheckReport(status="running", progress=30)},
            "*Precheck not finished*, 30 %",
        ),
        (
            "init",
            {"precheck": PrecheckReport(status="failed", items=(PrecheckItem(name="x", state="failed"),))},
            "*Precheck failed*, nothing was restored",
        ),
        ("check_pass", {}, "*Precheck passed*"),
        ("pause", {"stages": {Stage.FULL_DATA: 40}}, "*Paused*, data 40 %"),
        ("stop", {"error_message": "no\nspace"}, "*Failed*\n`no space`"),
        ("success", {"finished_at": values.NOON + timedelta(minutes=3)}, "*Finished* in 3 min, "),
        ("odd`ity", {}, "DBS says `odd'ity`"),
        ("running", {"reported": False}, "DBS does not list this task"),
    ],
)
def test_every_status_is_said_in_words(state: str, changes: dict[str, object], words: str) -> None:
    assert words in in_state(state, **changes)


@pytest.mark.parametrize("state", RestoreStatus)
def test_no_status_is_left_out(state: RestoreStatus) -> None:
    assert "*" in in_state(state.value) or "DBS says" in in_state(state.value)


@pytest.mark.parametrize("state", RequestState)
def test_a_request_without_a_task_says_where_it_is(state: RequestState) -> None:
    shown = status(values.following(values.request(state=state, error="no" if state == "refused" else None)))
    assert shown.startswith(":")
    assert "None" not in shown


def test_a_task_that_was_not_to_be_started_waits_for_it() -> None:
    waiting = values.following(values.request(start=False), values.task("check_pass"))
    assert "waits until somebody starts it" in status(waiting)


def test_what_is_given_up_and_what_is_silent_says_so() -> None:
    left = restore(given_up_by="U2", given_up_at=values.NOON, task=values.task("stop"))
    assert status(left).startswith(f":no_entry_sign: *Given up* by <@U2>, {time(values.NOON)}")
    assert "*Failed*" in status(left)
    assert "DBS does not answer" in status(restore(silent=True))


def test_a_failure_is_explained_in_the_language_of_whoever_looks() -> None:
    errors = {"en": JobError(code="E", message="disk full"), "cn": JobError(code="E", message="磁盘已满")}
    failed = page(
        restore(
            task=values.task("stop", stages={Stage.FULL_DATA: 60}, job_errors=errors, error_message="raw")
        )
    )
    assert "*Failed* at data 60 %\n磁盘已满" in said(home(ended=failed, language="cn"))
    assert "disk full" in said(home(ended=failed))
    only_english = page(restore(task=values.task("stop", job_errors={"en": errors["en"]})))
    assert "disk full" in said(home(ended=only_english, language="cn"))


def test_there_is_no_link_before_there_is_a_thread_nor_without_an_address() -> None:
    early = restore()
    early = early.evolve(link=early.link.evolve(thread_ts=None))
    for view in (home(page(early)), home(page(restore()), address=None)):
        assert "archives" not in said(view)
        assert "*orders → rm-1*" in said(view)
        assert "<#C1>" in said(view)


def test_a_thread_in_somebodys_direct_messages_is_linked_for_them_alone() -> None:
    asked = restore()
    direct = asked.evolve(link=asked.link.evolve(channel_id="D1", user_id="U1"))
    assert "archives/D1" in said(home(page(direct)))
    shown = home_view("U2", NOBODY, page(direct), NOBODY, address=ADDRESS)
    assert "archives" not in said(shown)
    assert "direct messages" in said(shown)


def test_what_somebody_follows_by_direct_message_is_linked_for_them_whoever_asked_for_it() -> None:
    asked = restore()
    followed = asked.evolve(link=asked.link.evolve(channel_id="D2", nonce=None, user_id="U2"))
    assert "archives/D2" in linked(followed, Viewer("U2", ADDRESS))
    assert "archives" not in linked(followed, Viewer("U1", ADDRESS))


def test_a_task_that_nobody_asked_for_here_has_its_own_name() -> None:
    assert title(values.following(None, values.task(name="console"))) == "console"
    assert title(values.following(None, values.task())) == "s1"
    of_plan = values.task(plan_name="ledger", backup_plan_id="dbs7")
    assert title(values.following(None, of_plan)) == "ledger"
    there = of_plan.evolve(destination_instance_id="rm-7")
    assert title(values.following(None, there)) == "ledger → rm-7"
    assert title(values.following(None, there.evolve(name="console"))) == "console"
    adopted = values.following(None, values.task())
    watched = adopted.evolve(link=adopted.link.evolve(user_id="U3"))
    assert "watched by <@U3>" in said(home(team=page(watched)))


def test_what_is_left_out_is_counted() -> None:
    mine = page(*map(restore, range(MINE_SHOWN)), total=40)
    team = page(*map(restore, range(100, 100 + TEAM_SHOWN)), total=400)
    ended = page(*map(restore, range(200, 200 + ENDED_SHOWN)), total=5000)
    view = home(mine, team, ended)
    assert "My active restores (40)" in texts(view)
    assert "and 25 more: type `/restore list mine`" in texts(view)
    assert "and 385 more: type `/restore list active`" in texts(view)
    assert "and 4990 more: type `/restore history`" in texts(view)


def test_others_that_lie_too_far_back_to_be_read_are_counted_all_the_same() -> None:
    assert "and 3 more: type `/restore list active`" in texts(home(team=page(total=3)))


def test_the_team_is_everybody_else() -> None:
    hers, adopted = restore(1), values.following(None, values.task(restore_task_id="s9"))
    adopted = adopted.evolve(link=adopted.link.evolve(user_id="U1"))
    his = restore(2, request=values.request("b" * 32, user_id="U2"))
    mine = page(hers, adopted, total=2)
    rest = without(page(his, hers, adopted, total=5), mine, "U1")
    assert (rest.restores, rest.total) == ((his,), 3)


def test_a_home_looks_the_same_until_something_visible_changes() -> None:
    before, later = restore(), restore(version=7, changed_at=values.NOON + timedelta(hours=1))
    moved = restore(task=values.task(stages={Stage.FULL_DATA: 41}))
    assert home_digest(home(page(before))) == home_digest(home(page(later)))
    assert home_digest(home(page(before))) != home_digest(home(page(moved)))


@given(st.text(max_size=300) | st.just(SHOUT), st.text(max_size=3000) | st.just(SHOUT))
def test_words_of_others_neither_break_a_home_nor_mention_anybody(name: str, words: str) -> None:
    asked = values.request(plan_name=name, error=words, state=RequestState.REFUSED)
    seen = values.task("stop", error_message=words)
    restores = page(values.following(asked), values.following(asked, seen))
    view = checked_view(home(restores, restores, restores), "home")
    assert "<!channel>" not in said(view)


def test_the_fullest_home_is_within_the_limits_of_slack() -> None:
    long = "x" * 5000
    asked = values.request(plan_name=long)
    seen = values.task("stop", name=long, error_message=long)
    one = values.following(asked, seen, given_up_by="U2", silent=True)
    full = page(*[one] * 50, total=10**6)
    view = checked_view(home(full, full, full), "home")
    assert len(view["blocks"]) <= 100
