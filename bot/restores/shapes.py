"""What a value must look like: one sentence for one that cannot be right, whatever DBS knows. Pure."""

import re
from collections.abc import Callable, Mapping
from ipaddress import ip_address

from bot.restores.requirements import Field

HIGHEST_PORT = 65535
TASK_NAME_LENGTH = 100

_LABEL = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_FULL_PATH = re.compile(r"(/|[A-Za-z]:[\\/]|\\\\).*")


def wrong(field: Field, text: str) -> str | None:
    """Why this text cannot be the field's value; None if it can, or if the field is free."""
    fits, sentence = _SHAPES.get(field, (_anything, ""))
    return None if fits(text) else sentence


def _anything(_text: str) -> bool:
    return True


def _like(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


def _line(longest: int) -> Callable[[str], bool]:
    return lambda text: len(text) <= longest and not _CONTROL.search(text)


def _is_address(text: str) -> bool:
    """An IP address of either version, or a host name, whose last label is never a number.

    `127.1` and `0x7f000001` are IP addresses to some, and another text for one than is compared with.
    """
    try:
        ip_address(text)
    except ValueError:
        labels = text.removesuffix(".").split(".")
        named = all(_LABEL.fullmatch(label) for label in labels) and not _NUMBER.fullmatch(labels[-1])
        return named and len(text) <= 253  # noqa: PLR2004 - the limit of DNS
    return True


def _is_port(text: str) -> bool:
    return re.fullmatch(r"[0-9]{1,5}", text) is not None and 1 <= int(text) <= HIGHEST_PORT


def _is_path(text: str) -> bool:
    return _FULL_PATH.fullmatch(text) is not None and _line(1024)(text)


_PATH = "Give the whole path, like /data/restore or C:\\restore."
_SHAPES: Mapping[Field, tuple[Callable[[str], bool], str]] = {
    Field.BACKUP_SET_ID: (_like(r"\S{1,128}"), "The id of a backup set has no blanks."),
    Field.REGION: (
        _like(r"[a-z]{2,}(-[a-z0-9]+){1,5}"),
        "A region looks like cn-hangzhou or ap-southeast-1.",
    ),
    Field.BACKUP_GATEWAY_ID: (
        _like(r"[1-9][0-9]{0,18}"),
        "The id of a gateway is a number, like 23313123312.",
    ),
    Field.INSTANCE_ID: (
        _like(r"[A-Za-z0-9][A-Za-z0-9._-]{1,127}"),
        "The id of an instance has letters, digits and dashes alone, like rm-bp1a2b3c4d5e.",
    ),
    Field.IP: (_is_address, "Give an IP address or a host name alone: no port, no http://."),
    Field.PORT: (_is_port, f"A port is a number from 1 to {HIGHEST_PORT}."),
    Field.DATABASE_NAME: (_line(128), "The name of a database is one line of at most 128 characters."),
    Field.ORACLE_SID: (_like(r"\S{1,128}"), "A SID has no blanks, and at most 128 characters."),
    Field.RESTORE_DIR: (_is_path, _PATH),
    Field.RESTORE_HOME: (_is_path, _PATH),
    Field.USER_NAME: (_like(r"\S{1,128}"), "An account has no blanks, and at most 128 characters."),
    Field.CROSS_ALIYUN_ID: (
        _like(r"[0-9]{1,32}"),
        "The UID of an account is a number, like 1876543210987654.",
    ),
    Field.CROSS_ROLE_NAME: (
        _like(r"[A-Za-z0-9._@-]{1,64}"),
        "A role's name has letters, digits, dots and dashes alone, and at most 64 of them.",
    ),
    Field.TASK_NAME: (
        _line(TASK_NAME_LENGTH),
        f"A task name is one line of at most {TASK_NAME_LENGTH} characters.",
    ),
}
