"""Lists of restores, and what is meant by names that are nearly right."""

import json
from datetime import timedelta

import pytest

from bot.restores.models import (
    Destination,
    Following,
    JobError,
    Location,
    Page,
    RequestState,
    RestoreStatus,
    Scope,
    Stage,
    StageTime,
    Timeline,
)
from bot.sandbox.slack.content import parse_content
from bot.slack.glance import Viewer, where
from bot.slack.lists import asked_history, asked_list, page_message, turned
from bot.slack.message import Message
from bot.slack.mrkdwn import TEXT_LIMIT
from bot.slack.offers import candidates, plan_candidates, standing, unfollowed
from tests import values
from tests.followed import restore, watched
from tests.values import NOON

ADDRESS = "https://team.slack.com/"
VIEWER = Viewer("U1", ADDRESS)
SHOUT = "<!channel> & <@U1> `code`"


def page(*restores: Following, start: int = 0, total: int | None = None) -> Page:
    return Page(restores=restores, start=start, total=len(restores) if total is None else total)


def listed(text: str = "", *restores: Following, start: int = 0, total: int | None = None) -> Message:
    asked = asked_list(text, "U1")
    assert asked is not None
    return page_message(asked, page(*restores, start=start, total=total), VIEWER)


def drawable(message: Message) -> None:
    """Slack would take it."""
    parse_content({"text": message.text, "blocks": list(message.blocks)})
    assert len(message.text) <= TEXT_LIMIT
    assert len(str(message.blocks)) < 13_200 * 2


# What is asked for


@pytest.mark.parametrize(
    ("text", "scope", "user_id", "plan"),
    [
        ("", Scope.ACTIVE, None, None),
        ("ACTIVE", Scope.ACTIVE, None, None),
        ("mine", Scope.ALL, "U1", None),
        ("mine orders prod", Scope.ALL, "U1", "orders prod"),
        ("plan  `orders`", Scope.ALL, None, "orders"),
        ("plan", Scope.ALL, None, None),
        ("all", Scope.ALL, None, None),
    ],
)
def test_a_list_is_asked_for_in_words(text: str, scope: Scope, user_id: str | None, plan: str | None) -> None:
    asked = asked_list(text, "U1")
    assert asked is not None
    assert (asked.which.scope, asked.which.user_id, asked.which.plan) == (scope, user_id, plan)
    again = asked_list(asked.command.removeprefix("list").strip(), "U1")
    assert again == asked


def test_any_other_word_is_no_list() -> None:
    assert asked_list("yours", "U1") is None


# Pages


def test_a_failure_is_explained_in_the_language_of_who_reads() -> None:
    errors = {
        "en": JobError(code="Full", message="No room."),
        "cn": JobError(code="Full", message="空间不足。"),
    }
    failed = restore(task=values.task("stop", job_errors=errors))
    asked = asked_list("all", "U1")
    assert asked is not None
    for language, words in (("en", "No room."), ("cn", "空间不足。")):
        viewer = Viewer("U1", ADDRESS, language)
        for message in (page_message(asked, page(failed), viewer), standing(failed, viewer)):
            assert words in message.text
            assert words in str(message.blocks)


def test_a_page_says_which_of_how_many_and_leads_to_the_others() -> None:
    middle = listed("all", *(restore(number) for number in range(10, 20)), start=10, total=25)
    assert "All restores: 25, 11 to 20" in middle.text
    (row,) = (block for block in middle.blocks if "More" in str(block))
    back, more = row["elements"]
    assert turned(back["value"]) == ("list all", 0)
    assert turned(more["value"]) == ("list all", 20)
    last = listed("all", restore(), start=20, total=21)
    assert "More" not in str(last.blocks)
    assert turned(next(iter(last.blocks[-2]["elements"]))["value"]) == ("list all", 10)


def test_a_list_leads_to_the_other_lists_but_not_to_itself() -> None:
    for text, label in (("", "Active"), ("mine", "Mine"), ("all", "All")):
        labels = [element["text"]["text"] for element in listed(text).blocks[-1]["elements"]]
        assert label not in labels
        assert len(labels) == 3
    history = page_message(asked_history(""), page(), VIEWER)
    assert "History" not in str(history.blocks[-1])


def test_the_text_tells_all_that_the_rows_do() -> None:
    text = listed("", restore(), watched()).text
    for said in (
        "orders → rm-1",
        "Running",
        "60 %",
        "<@U1>",
        "<#C1>",
        "s1made0001",
        "from the console",
        "<@U2>",
    ):
        assert said in text
    assert "archives" not in text


def test_history_tells_the_stages_that_were_seen_in_order() -> None:
    timeline = Timeline(
        stages={
            Stage.FULL_DATA: StageTime(began_at=NOON, done_at=NOON + timedelta(minutes=3)),
            Stage.STRUCTURE_BEFORE: StageTime(began_at=NOON, done_at=NOON + timedelta(seconds=5)),
            Stage.INCREMENTAL: StageTime(began_at=NOON),
        }
    )
    ended = restore().evolve(task=values.task("finish", timeline=timeline))
    message = page_message(asked_history("orders"), page(ended), VIEWER)
    assert "Structure 5 s · data 3 min" in message.text
    assert "Structure 5 s · data 3 min" in str(message.blocks)
    assert message.text.startswith("Restores that ended of plans like `orders`: 1")


@pytest.mark.parametrize("status", [*RestoreStatus, "odd"])
@pytest.mark.parametrize("state", RequestState)
def test_a_restore_in_any_state_has_its_row(status: str, state: RequestState) -> None:
    one = restore()
    assert one.request is not None
    asked = one.request.evolve(state=state, error="No such instance.")
    for task in (values.task(status), None):
        following = one.evolve(request=asked, task=task)
        message = listed("all", following, following.evolve(request=None))
        assert "None" not in message.text
        drawable(message)


def test_names_of_others_mention_nobody() -> None:
    one = restore()
    assert one.request is not None
    target = Destination(location=Location.RDS, instance_id=SHOUT)
    spec = one.request.spec.evolve(destination=target, task_name=SHOUT)
    loud = one.evolve(request=one.request.evolve(plan_name=SHOUT, spec=spec))
    other = watched().evolve(task=values.task("stop", name=SHOUT, error_message=SHOUT))
    for message in (
        listed("all", loud, other),
        page_message(asked_history(SHOUT), page(loud, other), VIEWER, meant=SHOUT),
        candidates("Which?", [loud, other], "status", viewer=VIEWER),
        plan_candidates("Which?", [SHOUT], "list plan"),
        unfollowed("s1", values.task(name=SHOUT)),
    ):
        told = message.text + json.dumps(
            [block for block in message.blocks if block["type"] not in {"actions", "header"}]
        )
        assert "<!channel>" not in told
        drawable(message)


def test_the_longest_names_fit() -> None:
    one = restore()
    assert one.request is not None
    long = "x" * 3000
    target = Destination(location=Location.RDS, instance_id=long)
    spec = one.request.spec.evolve(destination=target, task_name=long)
    wide = one.evolve(
        request=one.request.evolve(plan_name=long, spec=spec),
        task=values.task("stop", error_message=long, name=long),
    )
    drawable(listed("all " + long, *[wide] * 10, start=10, total=30))
    drawable(page_message(asked_history(long), page(*[wide] * 10), VIEWER))
    drawable(candidates("Which?", [wide] * 30, "start", viewer=VIEWER))
    drawable(plan_candidates("Which?", [long] * 10, "list plan"))
    drawable(unfollowed("s" * 64, values.task(name=long)))


# Where


def test_a_thread_is_linked_where_its_address_is_known() -> None:
    assert where(restore(), VIEWER) == f"<{ADDRESS}archives/C1/p1700000000000100|its thread> in <#C1>"
    assert where(restore(), Viewer("U1")) == "<#C1>"
    unposted = restore().evolve(link=restore().link.evolve(thread_ts=None))
    assert where(unposted, VIEWER) == "<#C1>"


def test_nobody_is_led_into_the_direct_messages_of_another() -> None:
    direct = restore().evolve(link=restore().link.evolve(channel_id="D1"))
    assert "your direct messages" in where(direct, VIEWER)
    assert where(direct, Viewer("U2", ADDRESS)) == "somebody's direct messages"
    assert "archives" not in str(listed("", direct.evolve(link=direct.link.evolve(user_id="U9"))).text)


# Which one is meant


def test_more_candidates_than_fit_are_counted() -> None:
    message = candidates("Which?", [restore(number) for number in range(15)], "again", viewer=VIEWER)
    assert "and 5 more" in message.text
    assert "and 5 more" in str(message.blocks)
    buttons = [block["accessory"] for block in message.blocks if "accessory" in block]
    assert len({button["action_id"] for button in buttons}) == 10
    assert buttons[1]["value"] == "again s1made0001"


def test_a_start_is_asked_about_once_more() -> None:
    (button,) = (
        block["accessory"]
        for block in candidates("Which?", [restore()], "start", viewer=VIEWER).blocks
        if "accessory" in block
    )
    assert "to rm-1." in button["confirm"]["text"]["text"]


def test_a_task_that_nobody_follows_can_be_watched_or_restored_again_by_one_button_each() -> None:
    for start in (False, True):
        message = unfollowed("s1", values.task("check_pass"), start=start)
        rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
        assert [[each["text"]["text"] for each in row] for row in rows] == [["Watch here", "Restore again"]]
        assert ("then start it" in message.text) == start


@pytest.mark.parametrize("plan", ["数" * 2000, '"' * 2000, "\\" * 2000, "\N{OCTOPUS}" * 2000])
def test_a_button_keeps_of_a_long_plan_what_slack_takes(plan: str) -> None:
    drawable(listed(f"plan {plan}"))
    drawable(listed(f"plan {plan}", restore(), total=30))
