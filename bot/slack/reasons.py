"""Why a restore failed, in the language of whoever reads it. Pure."""

from bot.restores.models import JobError, RestoreTask
from bot.slack.mrkdwn import code, escape, shorten, verbatim
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
