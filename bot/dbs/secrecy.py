"""Keeping secrets out of everything that is shown, raised or logged."""

import html
import json
import logging
import re
from collections.abc import Iterable
from urllib.parse import quote_plus

from pydantic import SecretStr

from bot.dbs.signing import encode

_MASK = "***"
_PASSWORD = re.compile(r"((?:password|passwd|pwd)[\"']?\s*[=:]\s*)[^\s,;&]+", re.IGNORECASE)


def redact(text: str, secrets: Iterable[SecretStr]) -> str:
    """`text` with every secret masked, in each of the forms an echoed parameter may take."""
    typed = {secret.get_secret_value() for secret in secrets}
    # What DBS quotes it may have trimmed.
    values = (typed | {secret.strip() for secret in typed}) - {""}
    if not values:
        return text
    longest_first = sorted(values, key=len, reverse=True)
    patterns = ("".join(map(_any_form, value)) for value in longest_first)
    return re.sub("|".join(patterns), _MASK, text, flags=re.IGNORECASE)


def masked(text: str) -> str:
    """`text` without what it says a password is: DBS may quote a connection string in its reasons."""
    return _PASSWORD.sub(rf"\1{_MASK}", text)


def _any_form(character: str) -> str:
    """A pattern for a character as it is, in a URL (encoded once, twice or not at all), in JSON, XML or HTML.

    By character, because nobody agrees on which ones a URL must encode.
    """
    forms = {
        character,
        encode(character),
        encode(encode(character)),
        quote_plus(character, errors="surrogatepass"),
        json.dumps(character)[1:-1],
        html.escape(character),
    }
    return f"(?:{'|'.join(map(re.escape, sorted(forms, key=len, reverse=True)))})"


def quiet_http_logs() -> None:
    """Drop httpx's log lines below WARNING: they print the whole URL, and DBS's URLs hold passwords.

    A filter rather than a level, so that no later logging configuration can undo it. Safe to call again.
    """
    logging.getLogger("httpx").addFilter(_warnings_only)


def _warnings_only(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING
