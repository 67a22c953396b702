"""How far a restore is and how it goes on, in words and bars. Pure."""

from datetime import datetime, timedelta

from bot.restores.models import (
    Following,
    RequestState,
    RestoreRequest,
    RestoreTask,
    Stage,
    Timeline,
    Window,
)
from bot.restores.names import cut
from bot.restores.pace import TOLD_AFTER
from bot.restores.possible import given_up
from bot.restores.progress import DONE
from bot.restores.timeline import ran, stage_seconds
from bot.slack.mrkdwn import bar, clock, code, duration, time, user, verbatim
from bot.slack.phases import STAGE_NAMES, Phase, phase, standing_in_words, starts
from bot.slack.prechecks import cleaned, done
from bot.slack.reasons import job_error, sentence

_CELLS = 10
#: Further apart, times need their days.
_A_DAY_APART = timedelta(hours=12)
_WORDS_LIMIT = 700
_LONGEST_STATUS = 60
#: A precheck may take so long; what was not started for longer has waited.
_WAITED = timedelta(minutes=5)
_SOON_SHOWN = timedelta(seconds=1)


def status(following: Following) -> str:
    """The first line says it all in bold; the others what goes with it."""
    lines = [left(following), _line(following), *_beside(following)]
    return "\n".join(filter(None, lines))


def first_line(following: Following) -> str:
    """What it says in bold, for lists: `:white_check_mark: *Finished* in 12 min`."""
    return _line(following).partition("\n")[0]


def bars(task: RestoreTask) -> str:
    """A bar for each stage, and how long those that are done took."""
    seconds = stage_seconds(task)
    width = max(len(STAGE_NAMES[stage]) for stage in task.stages)
    lines = []
    for stage in Stage:
        if stage in task.stages:
            percent = task.stages[stage]
            line = f"{STAGE_NAMES[stage]:<{width}}  {bar(percent, _CELLS)} {percent:>3} %"
            if percent >= DONE and stage in seconds:
                line += f"  {duration(timedelta(seconds=seconds[stage]))}"
            lines.append(line)
    return "```" + "\n".join(lines) + "```"


def took_in_words(task: RestoreTask) -> str:
    """`10 min`; of one that had waited for its start `10 min (3 h 20 min after it was created)`."""
    if task.took is None:
        return ""
    run = ran(task)
    if run is None or task.took - run < _WAITED:
        return duration(task.took)
    return f"{duration(run)} ({duration(task.took)} after it was created)"


def bars_in_words(task: RestoreTask) -> str:
    """`Structure 100 %, data 42 %`: the same for who hears it."""
    told = ", ".join(
        f"{STAGE_NAMES[stage].lower()} {task.stages[stage]} %" for stage in Stage if stage in task.stages
    )
    return told[:1].upper() + told[1:]


def left(following: Following) -> str:
    """Who gave it up, and when; empty if nobody did."""
    if not given_up(following):
        return ""
    when = f", {time(following.given_up_at)}" if following.given_up_at else ""
    by = user(following.given_up_by or "")
    return f":no_entry_sign: *Given up* by {by}{when}. DBS keeps the task as it is:"


def _line(following: Following) -> str:
    request, task = following.request, following.task
    now = phase(following)
    if task is None or not task.status:
        return _before_dbs_spoke(request, now)
    match now:
        case Phase.PRECHECK:
            return _precheck(task, request)
        case Phase.PRECHECK_FAILED:
            return ":x: *Precheck failed*, nothing was restored"
        case Phase.PASSED:
            return ":large_blue_circle: *Precheck passed*, about to start"
        case Phase.WAITING:
            return ":white_circle: *Precheck passed, not started.* It waits until somebody starts it."
        case Phase.RUNNING:
            return _running(task)
        case Phase.PAUSED:
            since = task.timeline.paused_at if task.timeline else None
            return ":double_vertical_bar: *Paused*" + (f" since {time(since)}" if since else "")
        case Phase.FAILED:
            return _failed(task, following.link.language)
        case Phase.FINISHED:
            took = took_in_words(task)
            return f":white_check_mark: *Finished*{took and f' in {took}'}" + (
                f", {time(task.finished_at)}" if task.finished_at else ""
            )
        case _:
            return f":grey_question: DBS says {code(cut(task.status, _LONGEST_STATUS))}"


def _before_dbs_spoke(request: RestoreRequest | None, now: Phase) -> str:
    if request is None:
        return ":hourglass_flowing_sand: *No status from DBS yet*"
    match now:
        case Phase.REFUSED:
            words = _words(request.error or "")
            return f":no_entry: *Refused*, no task was created\n{words}"
        case Phase.ABANDONED:
            return ":no_entry: *No task was created.* Please submit the restore again."
        case Phase.CREATED if not starts(request):
            return ":white_circle: *Created, not started*, no status from DBS yet"
        case Phase.CREATED:
            return ":hourglass_flowing_sand: *Created*, no status from DBS yet"
        case _ if request.doubt_told:
            return ":grey_question: *Unknown whether DBS created the task.* It will not be created twice."
        case _ if request.error:
            waiting = ":hourglass_flowing_sand: *DBS has not taken this yet*, trying again"
            return f"{waiting}\n{_words(request.error)}"
        case _:
            return ":hourglass_flowing_sand: *Creating the restore task*"


def _precheck(task: RestoreTask, request: RestoreRequest | None) -> str:
    line = ":hourglass_flowing_sand: *Precheck not finished*"
    if request and not starts(request):
        line = ":white_circle: *Created, not started*; its precheck is not finished"
    report = task.precheck
    if report and report.items:
        return f"{line}, {done(report)} of {len(report.items)} items done"
    return line + (f", {report.progress} %" if report and report.progress else "")


def _running(task: RestoreTask) -> str:
    timeline = task.timeline
    if timeline is None or timeline.started_at is None:
        return ":large_blue_circle: *Running*"
    seen_at = timeline.moved_at or timeline.started_at
    so_far = seen_at - timeline.started_at
    since = clock(timeline.started_at) if so_far < _A_DAY_APART else time(timeline.started_at)
    # How long it ran is known as of its last movement: of one that stands still that would be too little.
    elapsed = f" for {duration(so_far)}" if so_far >= _SOON_SHOWN and not timeline.stalled else ""
    icon = ":large_yellow_circle:" if timeline.stalled else ":large_blue_circle:"
    return f"{icon} *Running*{elapsed}, since {since}\n{_outlook(timeline, seen_at)}"


def _outlook(timeline: Timeline, seen_at: datetime) -> str:
    """When it is expected to end, or that it stands still."""
    if timeline.stalled:
        return f":turtle: *No progress since {time(seen_at)}*: when it ends cannot be told"
    return f"Ends {between(timeline.ends, seen_at)}" if timeline.ends else "When it ends cannot be told yet"


def between(window: Window, seen_at: datetime) -> str:
    """Between when it is expected to end, as seen at that moment."""
    near = window.end - seen_at < _A_DAY_APART
    begin, end = (clock(window.begin), clock(window.end)) if near else (time(window.begin), time(window.end))
    return f"about {end}" if begin == end else f"between *{begin}* and *{end}*"


def _failed(task: RestoreTask, language: str) -> str:
    stands = standing_in_words(task)
    where = f" at {stands}" if stands else ""
    took = took_in_words(task)
    after = took and f", after {took}"
    error = job_error(task, language)
    if error:
        words = sentence(error)
    else:
        words = _words(cleaned(task.error_message)) if task.error_message else "DBS gave no reason."
    return f":red_circle: *Failed*{where}{after}\n{words}"


def _beside(following: Following) -> list[str]:
    """What is said beside the status, whatever it is."""
    request, task = following.request, following.task
    lines = []
    if task and request and request.state is RequestState.CREATED and request.start and request.error:
        waits = ":hourglass_flowing_sand: DBS has not taken the order to start yet"
        lines.append(f"{waits}\n{_words(request.error)}")
    if task and not task.reported:
        lines.append(
            ":grey_question: DBS no longer lists this task; this is what it last said."
            if task.status
            else ":grey_question: DBS does not list this task."
        )
    if following.silent:
        since = clock(following.changed_at - TOLD_AFTER)
        lines.append(f":satellite_antenna: *DBS has not answered since {since}, or longer*: this may be old.")
    return lines


def _words(text: str) -> str:
    return verbatim(text, _WORDS_LIMIT)
