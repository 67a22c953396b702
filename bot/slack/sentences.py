"""What is said of each event: a headline, and what stands below it. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.restores.models import Event, EventKind, Following, RestoreTask, Stage
from bot.restores.possible import cannot_start
from bot.restores.timeline import stage_seconds
from bot.slack.card_status import between, took_in_words
from bot.slack.checklist import checklist
from bot.slack.mrkdwn import clock, code, duration, time, user, verbatim
from bot.slack.phases import STAGE_NAMES, Phase, phase, standing_in_words
from bot.slack.prechecks import failed_items
from bot.slack.reasons import reason


@dataclass(frozen=True)
class Said:
    """Whoever is called stands between the icon and the headline."""

    icon: str
    headline: str
    details: str = ""


_STAGE_DONE = {
    Stage.STRUCTURE_BEFORE: "The structure is restored.",
    Stage.FULL_DATA: "All data is restored.",
    Stage.STRUCTURE_AFTER: "Indexes and triggers are restored.",
    Stage.INCREMENTAL: "The logs are applied up to the chosen time.",
    Stage.DATABASE_ONLINE: "The database is online.",
}


_LEFT_OVER = (
    "Whether DBS cleans up what it had written is not known: look at the target before you try again."
)


def said(event: Event, following: Following) -> Said:
    return _SENTENCES[event.kind](event, following)


def waits_for_start(following: Following) -> bool:
    """Whether the request behind it was not to be started, or its start not ordered yet."""
    return following.request is not None and not following.request.start


def _words(event: Event, otherwise: str = "DBS gave no reason.") -> str:
    return verbatim(event.text) if event.text else otherwise


def _someone(event: Event) -> str:
    return user(event.user_id) if event.user_id else "Somebody"


def _created(_: Event, following: Following) -> Said:
    task = code(following.link.restore_task_id or "")
    return Said(":memo:", f"DBS created the task {task}. Its precheck comes first.")


def _refused(event: Event, _: Following) -> Said:
    what = "The restore cannot be ordered" if event.own else "DBS refused the restore"
    return Said(":no_entry:", f"{what}; there is no task.", _words(event))


def _unsettled(event: Event, _: Following) -> Said:
    headline = (
        "It is not known whether DBS created the task. I am finding out, and it will not be created twice."
    )
    return Said(":grey_question:", headline, _words(event, ""))


def _never_sent(_event: Event, _: Following) -> Said:
    headline = (
        "The password is no longer in memory, and DBS was never asked to create the task: nothing is being"
        " restored. Please submit again."
    )
    return Said(":no_entry:", headline)


def _abandoned(_event: Event, _: Following) -> Said:
    headline = (
        "The password is no longer in memory, and DBS lists no task for this request: nothing is being"
        " restored. Please submit again."
    )
    return Said(":no_entry:", headline)


def _start_refused(event: Event, _: Following) -> Said:
    return Said(":warning:", "DBS did not start the task.", _words(event))


def _precheck_passed(event: Event, following: Following) -> Said:
    headline = "Precheck passed" + (f", {len(event.items)} items." if event.items else ".")
    if waits_for_start(following):
        headline += " As was asked for, it is not started yet: it waits until somebody starts it."
    elif cannot_start(following) is None:
        headline += " It is not started; if nobody does that in the console, it can be done here."
    return Said(":heavy_check_mark:", headline)


def _precheck_failed(event: Event, _: Following) -> Said:
    return Said(":x:", "Precheck failed. Nothing was restored.", failed_items(event.items))


def _stage_done(event: Event, _: Following) -> Said:
    stage = event.stage or Stage.FULL_DATA
    return Said(":ballot_box_with_check:", _STAGE_DONE.get(stage, f"{STAGE_NAMES[stage]}: done."))


def _data_progress(event: Event, following: Following) -> Said:
    timeline = following.task.timeline if following.task else None
    outlook = ""
    if timeline and timeline.ends and timeline.moved_at and phase(following) is Phase.RUNNING:
        outlook = f", ends {between(timeline.ends, timeline.moved_at)}"
    return Said(":arrow_forward:", f"Data: {event.percent} %{outlook}")


def _failed(event: Event, following: Following) -> Said:
    task, language = following.task, following.link.language
    details = [
        reason(task, event.text, language),
        *([stopped(task)] if task else []),
        _LEFT_OVER,
    ]
    return Said(":red_circle:", "The restore failed.", "\n".join(filter(None, details)))


def stopped(task: RestoreTask) -> str:
    """Where, when and after how long it stopped, as far as that is known."""
    where = standing_in_words(task)
    parts = [
        f"at {where}" if where else "",
        f"after {took}" if (took := took_in_words(task)) else "",
    ]
    known = ", ".join(filter(None, parts))
    when = f" ({time(task.finished_at)})" if task.finished_at else ""
    return f"It stopped {known}{when}." if known else ""


def _finished(event: Event, following: Following) -> Said:
    whole = duration(timedelta(seconds=event.seconds)) if event.seconds is not None else ""
    took = (took_in_words(following.task) if following.task else "") or whole
    checks = "\n".join(f"• {question}" for question in checklist(following.request))
    stages = stages_in_words(following.task) if following.task else ""
    details = [stages, f"*Before anybody relies on it*\n{checks}"]
    return Said(
        ":white_check_mark:",
        f"The restore finished{took and f' in {took}'}.",
        "\n".join(filter(None, details)),
    )


def stages_in_words(task: RestoreTask) -> str:
    """`Structure 12 s · data 6 min`: how long each stage took, as far as that is known."""
    seconds = stage_seconds(task)
    took = [
        f"{STAGE_NAMES[stage].lower()} {duration(timedelta(seconds=seconds[stage]))}"
        for stage in Stage
        if stage in seconds
    ]
    told = " · ".join(took)
    return told[:1].upper() + told[1:]


def _other_status(event: Event, _: Following) -> Said:
    status = code(event.text or "")
    return Said(":grey_question:", f"DBS now says {status}, a status its pages do not explain.")


def _dbs_silent(event: Event, _: Following) -> Said:
    headline = "DBS has not answered for some minutes: what is said here may be old. I keep asking."
    return Said(":satellite_antenna:", headline, _words(event, ""))


def _stalled(event: Event, following: Following) -> Said:
    for_long = f" for {duration(timedelta(seconds=event.seconds))}" if event.seconds is not None else ""
    task = following.task
    timeline = task.timeline if task else None
    moved_at = timeline.moved_at or timeline.started_at if timeline else None
    known = [
        f"at {standing_in_words(task)}" if task and standing_in_words(task) else "",
        f"since {clock(moved_at)}" if moved_at else "",
    ]
    stands = ", ".join(filter(None, known))
    details = (f"It stands {stands}. " if stands else "") + (
        "DBS still says that it is running, and gives no reason. I keep looking, and tell when it moves."
    )
    return Said(":turtle:", f"Nothing has moved{for_long}.", details)


def _moving_again(_: Event, following: Following) -> Said:
    where = standing_in_words(following.task) if following.task else ""
    return Said(":arrow_forward:", "It moves again" + (f": {where}." if where else "."))


def _start_ordered(event: Event, _: Following) -> Said:
    return Said(":rocket:", f"{_someone(event)} ordered the start.")


def _given_up(event: Event, _: Following) -> Said:
    headline = f"{_someone(event)} gave this restore up: nothing more is to be done about it."
    details = (
        "DBS keeps the task, and cannot cancel it. Should it be started in the console, that is told here."
    )
    return Said(":no_entry_sign:", headline, details)


def _fixed(icon: str, headline: str) -> Callable[[Event, Following], Said]:
    return lambda _event, _following: Said(icon, headline)


_SENTENCES: dict[EventKind, Callable[[Event, Following], Said]] = {
    EventKind.UNSETTLED: _unsettled,
    EventKind.CREATED: _created,
    EventKind.REFUSED: _refused,
    EventKind.NEVER_SENT: _never_sent,
    EventKind.ABANDONED: _abandoned,
    EventKind.START_REFUSED: _start_refused,
    EventKind.PRECHECK_PASSED: _precheck_passed,
    EventKind.PRECHECK_FAILED: _precheck_failed,
    EventKind.STARTED: _fixed(":arrow_forward:", "The restore is running."),
    EventKind.DATA_PROGRESS: _data_progress,
    EventKind.STAGE_DONE: _stage_done,
    EventKind.PAUSED: _fixed(":double_vertical_bar:", "DBS paused the restore."),
    EventKind.RESUMED: _fixed(":arrow_forward:", "The restore goes on."),
    EventKind.FAILED: _failed,
    EventKind.FINISHED: _finished,
    EventKind.OTHER_STATUS: _other_status,
    EventKind.UNREPORTED: _fixed(
        ":grey_question:",
        "DBS does not list this task. That does not mean it failed; I keep asking.",
    ),
    EventKind.REPORTED_AGAIN: _fixed(":information_source:", "DBS lists the task now."),
    EventKind.DBS_SILENT: _dbs_silent,
    EventKind.DBS_BACK: _fixed(":information_source:", "DBS answers again."),
    EventKind.STALLED: _stalled,
    EventKind.MOVING_AGAIN: _moving_again,
    EventKind.START_ORDERED: _start_ordered,
    EventKind.GIVEN_UP: _given_up,
}
