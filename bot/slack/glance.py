"""A restore at a glance, as in a list of them: which it is, how far, and where it is followed. Pure."""

from dataclasses import dataclass

from bot.restores.models import ENGLISH, Following, Link, RestoreTask
from bot.restores.names import one_line
from bot.slack.card_facts import card_title
from bot.slack.card_status import between, first_line, left
from bot.slack.mrkdwn import code, escape, shorten, time, user, word
from bot.slack.phases import Phase, phase, standing_in_words
from bot.slack.prechecks import readable
from bot.slack.reasons import job_error

TITLE_LIMIT = 150
REASON_LIMIT = 200


@dataclass(frozen=True)
class Viewer:
    """Who looks, in which of DBS's languages, and the address of their workspace, where it is known."""

    user_id: str
    address: str | None = None
    language: str = ENGLISH


def title(following: Following) -> str:
    """That of its card, cut."""
    return shorten(one_line(card_title(following)), TITLE_LIMIT)


def name(following: Following) -> str:
    """That within a sentence."""
    return f"*{word(title(following))}*"


def linked(following: Following, viewer: Viewer) -> str:
    """The title in bold; for whoever may read the thread it leads there."""
    said, thread = title(following), _address(following.link, viewer)
    if thread is None:
        return name(following)
    shown = escape(said).replace("|", "¦").replace("`", "'")
    reference = f"<{thread}|{shown}>"
    return f"*{reference}*" if word(said) == said else reference


def where(following: Following, viewer: Viewer) -> str:
    """The way to its thread, for whoever may read it."""
    channel, thread = _channel(following.link, viewer), _address(following.link, viewer)
    return f"<{thread}|its thread> in {channel}" if thread else channel


def _address(link: Link, viewer: Viewer) -> str | None:
    """Of a thread that is there; None for whoever may not read it."""
    if viewer.address is None or link.thread_ts is None or not _may_read(link, viewer):
        return None
    return f"{viewer.address}archives/{link.channel_id}/p{link.thread_ts.replace('.', '')}"


def _channel(link: Link, viewer: Viewer) -> str:
    if not link.is_direct:
        return f"<#{link.channel_id}>"
    return "your direct messages" if _may_read(link, viewer) else "somebody's direct messages"


def _may_read(link: Link, viewer: Viewer) -> bool:
    return not link.is_direct or link.user_id == viewer.user_id


def owner(following: Following) -> str | None:
    """Who asked for it, or for it to be watched."""
    return following.request.user_id if following.request else following.link.user_id


def status(following: Following, language: str = ENGLISH) -> str:
    """In words: status, stage and percent, expected end; why it failed in that language, if DBS said so."""
    task, words = following.task, "\n".join(filter(None, (left(following), _line(following, language))))
    if task is not None and not task.reported:
        words += "\n:grey_question: DBS does not list this task at the moment"
    elif following.silent:
        words += "\n:satellite_antenna: DBS does not answer at the moment"
    return words


def _line(following: Following, language: str) -> str:
    task = following.task
    match phase(following):
        case Phase.RUNNING if task:
            return f":large_blue_circle: *Running*{_at(', ', task)}{_ends(task)}"
        case Phase.FAILED if task:
            return f":red_circle: *Failed*{_at(' at ', task)}{_ended(task)}{_why(task, language)}"
        case Phase.PAUSED if task:
            return f"{first_line(following)}{_at(', ', task)}"
        case _:
            return first_line(following)


def _at(link: str, task: RestoreTask) -> str:
    stands = standing_in_words(task)
    return f"{link}{stands}" if stands else ""


def place(following: Following, viewer: Viewer) -> str:
    """To which time it goes back, where it is followed, since when and for whom, and by which task."""
    link = following.link
    parts = (
        _back_to(following),
        _channel(link, viewer),
        _asked(following),
        code(link.restore_task_id) if link.restore_task_id else None,
    )
    return " · ".join(filter(None, parts))


def _asked(following: Following) -> str:
    request, task, watcher = following.request, following.task, following.link.user_id
    if request:
        return f"asked by {user(request.user_id)}, {time(request.created_at)}"
    watched = f"watched by {user(watcher)}" if watcher else None
    created = f"created {time(task.created_at)}" if task and task.created_at else None
    return ", ".join(filter(None, (watched, created)))


def _back_to(following: Following) -> str | None:
    """DBS names the moment that "latest" came to be."""
    point = following.request.spec.point if following.request else None
    asked = point.time if point else None
    if at := asked or (following.task.restore_time if following.task else None):
        return f"back to {time(at)}"
    if point is None or point.backup_set_id:
        return f"backup set {code(point.backup_set_id)}" if point and point.backup_set_id else None
    return "back to the latest time"


def _ends(task: RestoreTask) -> str:
    timeline = task.timeline
    if timeline and timeline.stalled:
        since = f" since {time(timeline.moved_at)}" if timeline.moved_at else ""
        return f"\n:turtle: No progress{since}"
    if timeline and timeline.ends:
        return f" · ends {between(timeline.ends, timeline.moved_at or timeline.ends.begin)}"
    return " · can't tell yet when it ends"


def _ended(task: RestoreTask) -> str:
    return f" · {time(task.finished_at)}" if task.finished_at else ""


def _why(task: RestoreTask, language: str) -> str:
    """In DBS's own sentence; the machine's words only where there is none."""
    if error := job_error(task, language):
        said = shorten(one_line(error.message.replace("`", "'")), REASON_LIMIT)
        return f"\n{escape(said)}"
    return _reason(task.error_message)


def _reason(words: str | None) -> str:
    return f"\n{code(shorten(readable(words), REASON_LIMIT))}" if words else ""
