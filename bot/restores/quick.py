"""A restore in one line: `plan=orders at=-2h location=RDS instance=rm-… db=old:new`. Pure.

`read` takes what a person typed, `written` says a draft the same way. Passwords are never typed here.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from difflib import get_close_matches

from bot.restores import shapes
from bot.restores.models import (
    DEFAULT_ACCOUNT,
    DuplicateConflict,
    RestoreDraft,
    RestoreObject,
    Wish,
)
from bot.restores.moments import moment
from bot.restores.objects import objects_from_json, objects_to_json
from bot.restores.requirements import LOCATIONS, TABLE, Field, Given, given
from bot.restores.words import EQUALS, Value, pairs, quoted

COMMAND = "/restore"
NO_PASSWORD = "A password is never typed into a command. Leave it out and type it into the form."  # noqa: S105 - a sentence

_FIELDS: Mapping[str, Field] = {row.key: row.field for row in TABLE if row.key}
_KEYS: Mapping[Field, str] = {field: key for key, field in _FIELDS.items()}
_PLAN, _AT, _DB = _KEYS[Field.PLAN], _KEYS[Field.TIME], _KEYS[Field.OBJECTS]
_ACCOUNT, _CREDENTIAL, _OBJECTS, _START, _LATEST = "account", "credential", "objects", "start", "latest"
KEYS = (*_FIELDS, _ACCOUNT, _CREDENTIAL, _OBJECTS, _START)
#: Pairs of which a restore has one.
_EITHER = (
    (_AT, _KEYS[Field.BACKUP_SET_ID]),
    (_DB, _OBJECTS),
    (_CREDENTIAL, _KEYS[Field.USER_NAME]),
)
_CONFLICTS = {"fail": DuplicateConflict.FAIL, "rename": DuplicateConflict.RENAME}
_CHOICES: Mapping[str, Mapping[str, object]] = {
    _KEYS[Field.LOCATION]: {location.value: location for location in LOCATIONS},
    _KEYS[Field.DUPLICATE_CONFLICT]: _CONFLICTS,
    _START: {"yes": True, "no": False},
}
_SECRET_WORD = r"(?:[\w-]{0,40}(?:passw|pwd|secret|kennwort|密码|口令)[\w-]{0,40}|pass|pw)"  # noqa: S105 - names of secrets
_SECRET_ALONE = r"(?:pass(?:word|wd|wort|phrase|code)?|pwd|pw|secret|kennwort|密码|口令)"  # noqa: S105 - names of secrets
_SECRET = re.compile(
    rf"(?<!\w){_SECRET_WORD}\s*[{EQUALS}]"
    rf"|(?<!\S)-*{_SECRET_WORD}\s*[:\N{{FULLWIDTH COLON}}]"
    rf"|(?<!\S)--?{_SECRET_WORD}(?!\S)"
    # "password hunter2", but not "password at=-2h", which looks for a plan of that name.
    rf"|(?<!\S){_SECRET_ALONE}\s+(?![^\s{EQUALS}]+\s*[{EQUALS}])\S"
    # user=root:hunter2 and mysql://root:hunter2@host
    rf"|(?<!\S)-*user\s*[{EQUALS}]\s*[^\s:/]+[:/\N{{FULLWIDTH COLON}}]\S"
    r"|\w://[^\s:@/]*:[^\s@]+@",
    re.IGNORECASE,
)
#: What some write for the letters of a word they have learned not to write.
_DISGUISES = str.maketrans("@$0", "aso")


def read(text: str, *, now: datetime, zone: tzinfo) -> Wish | tuple[str, ...]:
    """What a person wants, or a sentence for each mistake. `zone` is theirs, for times that name none."""
    command = without_name(text)
    try:
        found = pairs(command)
    except ValueError as error:
        return (NO_PASSWORD if has_secret(command) else str(error),)
    if has_secret(" ".join(f"{key}={value.loose}" if key else value.loose for key, value in found)):
        return (NO_PASSWORD,)
    said: dict[str, list[Value]] = {}
    for key, value in found:
        said.setdefault(key or _PLAN, []).append(value)
    wanted: dict[str, object] = {}
    mistakes = []
    for key, values in said.items():
        try:
            wanted |= _wanted(key, values, now, zone)
        except ValueError as error:
            mistakes.append(str(error))
    mistakes += [
        f"{one} and {other} exclude each other." for one, other in _EITHER if {one, other} <= said.keys()
    ]
    return tuple(mistakes) or Wish.model_validate(wanted)


def has_secret(text: str) -> bool:
    """Whether a password stands in it, as far as that can be seen."""
    return any(_SECRET.search(each) for each in (text, text.translate(_DISGUISES)))


def without_name(text: str) -> str:
    """A command may be pasted as it was shown: with its name, between backticks."""
    bare = text.strip().strip("`").strip()
    return re.sub(rf"^{COMMAND}(?!\S)", "", bare)


def _wanted(key: str, values: list[Value], now: datetime, zone: tzinfo) -> dict[str, object]:
    """What a key says of a wish. Raises `ValueError` with a sentence."""
    if key not in KEYS:
        raise ValueError(_unknown(key))
    if len(values) > 1 and key != _DB:
        raise ValueError(f"{key} is given twice. Put quotes around a value that holds “{key}=”.")
    if not all(value.text.strip() for value in values):
        raise ValueError(f"{key} has no value. Give it one, or leave it out.")
    try:
        return _meaning(key, values, now, zone)
    except ValueError as error:
        raise ValueError(f"{key}: {error}") from None


def _meaning(key: str, values: list[Value], now: datetime, zone: tzinfo) -> dict[str, object]:
    text = values[0].text
    if key == _DB:
        return {Field.OBJECTS: tuple(_object(value) for value in values)}
    if key == _OBJECTS:
        return {Field.OBJECTS: objects_from_json(text)}
    if key == _AT:
        latest = text.lower() == _LATEST
        return {_LATEST: True} if latest else {Field.TIME: moment(text, now=now, zone=zone)}
    field = _FIELDS.get(key)
    if key in _CHOICES:
        return {field or key: _choice(_CHOICES[key], text)}
    if field and (sentence := shapes.wrong(field, text)):
        raise ValueError(sentence)
    return {field or key: text}


def _choice(choices: Mapping[str, object], text: str) -> object:
    for name, meaning in choices.items():
        if name.lower() == text.lower():
            return meaning
    raise ValueError(f"Use one of {', '.join(choices)}.")


def _object(value: Value) -> RestoreObject:
    match value.parts():
        case [old] if old:
            return RestoreObject(db_name=old)
        case [old, new] if old and new:
            return RestoreObject(db_name=old, new_db_name=None if new == old else new)
        case _:
            raise ValueError("Write old or old:new. Put quotes around a name that holds a colon.")


def _unknown(key: str) -> str:
    """Names the key alone: what stands behind it may be anything."""
    names = {name: name for name in KEYS} | {
        name.lower(): row.key for row in TABLE if row.key for name in (row.field, row.parameter)
    }
    near = get_close_matches(key, names, n=1, cutoff=0.5)
    meant = f"Did you mean {names[near[0]]}?" if near else f"The keys are {', '.join(KEYS)}."
    return f"{key[:40]} is not a key. {meant}"


def written(draft: RestoreDraft, *, with_account: bool = False) -> str:
    """The command that fills the form like this again, the password left out.

    `with_account`: there are others, in which a plan may have the same id.
    """
    values = given(draft.spec)
    said = [pair for row in TABLE if row.key for pair in _pairs(row.key, row.field, values[row.field], draft)]
    if with_account or draft.spec.account != DEFAULT_ACCOUNT:
        said.insert(1, f"{_ACCOUNT}={quoted(draft.spec.account)}")
    return " ".join((COMMAND, *said, f"{_START}={'yes' if draft.start else 'no'}"))


def _pairs(key: str, field: Field, value: Given, draft: RestoreDraft) -> list[str]:
    """A field in a command; a stored credential stands for the user."""
    match field:
        case Field.TIME if draft.spec.point.latest:
            return [f"{key}={_LATEST}"]
        case Field.USER_NAME if draft.credential:
            return [f"{_CREDENTIAL}={quoted(draft.credential)}"]
        case Field.USER_NAME if value:
            return [f"{key}={quoted(str(value), marks=':/')}"]
        case Field.DUPLICATE_CONFLICT:
            return [f"{key}={name}" for name, policy in _CONFLICTS.items() if policy == value]
        case Field.OBJECTS:
            return _objects(key, draft.spec.objects)
    match value:
        case None | "":
            return []
        case datetime():
            return [f"{key}={value.astimezone(UTC).isoformat().removesuffix('+00:00')}Z"]
        case _:
            return [f"{key}={quoted(str(value))}"]


def _objects(key: str, objects: tuple[RestoreObject, ...]) -> list[str]:
    """One `db` each, or JSON where schemas are named, or nothing is."""
    if not objects or any(each.schema_name or each.new_schema_name for each in objects):
        return [f"{_OBJECTS}={objects_to_json(objects)}"]
    return [
        f"{key}={':'.join(quoted(name, marks=':') for name in (each.db_name, each.new_db_name) if name)}"
        for each in objects
    ]
