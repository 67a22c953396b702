"""Why a restore failed, in the language of whoever reads it. Pure."""

from bot.restores.models import Following, JobError, RestoreTask
from bot.slack.message import Message, section
from bot.slack.mrkdwn import SECTION_LIMIT, TEXT_LIMIT, begun, code, escape, shorten, verbatim
from bot.slack.prechecks import cleaned

_OTHERWISE = "DBS gave no reason."
_SENTENCE_LIMIT, _CODE_LIMIT = 600, 100


def sentence(error: JobError) -> str:
    """DBS's sentence with its code, on one line."""
    # No backtick of DBS's begins a quote here.
    said = escape(shorten(" ".join(error.message.replace("`", "'").split()), _SENTENCE_LIMIT))
    name = code(shorten(error.code, _CODE_LIMIT)) if error.code else ""
    return " ".join(filter(None, (said, f"({name})" if said and name else name)))


def job_error(task: RestoreTask | None, language: str) -> JobError | None:
    """In this language, else in any DBS gave."""
    errors = task.job_errors if task else {}
    return errors.get(language) or next(iter(errors.values()), None)


def reason(task: RestoreTask | None, said: str | None, language: str) -> str:
    """DBS's sentence where it has one, then its own text `said`, without its Java."""
    error = job_error(task, language)
    own = verbatim(cleaned(said)) if said else ""
    return "\n".join(filter(None, (sentence(error) if error else "", own))) or _OTHERWISE


def explanation(following: Following, error: JobError | None) -> Message:
    """The answer to "Why?": the sentence, what kind of job it was, and DBS's own text to the letter."""
    own = following.task.error_message if following.task else None
    lines = [
        f":mag: *Why it failed*: {sentence(error)}"
        if error
        else ":mag: DBS has no explanation for this failure."
    ]
    if error and (error.job_type or error.job_state):
        kinds = (("Job", error.job_type), ("state", error.job_state))
        lines.append(
            " · ".join(f"{name} {code(shorten(value, _CODE_LIMIT))}" for name, value in kinds if value)
        )
    if own:
        lines.append(f"In full:\n{verbatim(own, 2000)}")
    text = begun("\n".join(lines), min(TEXT_LIMIT, SECTION_LIMIT))
    return Message(text=text, blocks=(section(text),))
