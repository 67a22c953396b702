"""Entries of the form's lists. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.restores.models import BackupGateway, BackupPlan, BackupSet
from bot.slack.forms.elements import OPTION_LIMIT, OPTIONS_LIMIT, UNAVAILABLE, VALUE_LIMIT, option
from bot.slack.message import Block
from bot.slack.mrkdwn import duration, size
from bot.slack.zones import in_zone

#: A set in which everything is there to be restored.
_WHOLE = frozenset({"finish", "finished", "success"})


#: A gateway reports every few seconds.
SILENT_AFTER = timedelta(minutes=10)


def plan_key(plan: BackupPlan) -> str:
    """What stands for a plan in a list: plans of several accounts stand in one."""
    return f"{plan.account}/{plan.backup_plan_id}"


def account_and_id(key: str) -> tuple[str, str]:
    account, _, backup_plan_id = key.partition("/")
    return account, backup_plan_id


def plan_option(plan: BackupPlan, *, with_account: bool) -> Block:
    where = (plan.region, plan.account) if with_account else (plan.region,)
    about = " · ".join(filter(None, (plan.source, plan.backup_plan_id)))
    return option(" · ".join((plan.name, plan.engine, *where)), plan_key(plan), about)


def plan_options(plans: Sequence[BackupPlan], silent: Iterable[str], *, with_account: bool) -> list[Block]:
    """As many as a list may have; last, what could not be asked, and how many more there are."""
    told = [unavailable_option(f"Not asked: {sentence}") for sentence in silent]
    fitting = [plan for plan in plans if len(plan_key(plan)) <= VALUE_LIMIT]
    room = OPTIONS_LIMIT - len(told)
    if len(fitting) > room:
        told.append(unavailable_option(f"… and {len(fitting) - room + 1} more: type more of the name"))
        room -= 1
    return [plan_option(plan, with_account=with_account) for plan in fitting[:room]] + told


def backup_set_option(backup_set: BackupSet, zone: str) -> Block:
    """Time, size and status. One that is not finished says so first: it cannot be restored."""
    whole = is_whole(backup_set)
    parts = (
        None if whole else f"⚠ {backup_set.status or 'unknown status'}",
        in_zone(backup_set.time, zone) if backup_set.time else backup_set.backup_set_id,
        size(backup_set.size) if backup_set.size is not None else None,
        backup_set.status if whole else None,
    )
    return option(" · ".join(filter(None, parts)), backup_set.backup_set_id, backup_set.backup_set_id)


def is_whole(backup_set: BackupSet) -> bool:
    return backup_set.status.lower() in _WHOLE


def gateway_option(gateway: BackupGateway, now: datetime) -> Block:
    """Name, status and the age of its last heartbeat; one that is silent is marked."""
    seen = gateway.last_heartbeat
    heard = "no heartbeat" if seen is None else f"heartbeat {duration(now - seen)} ago"
    silent = seen is None or now - seen > SILENT_AFTER
    about = " · ".join(filter(None, (gateway.hostname, gateway.backup_gateway_id)))
    text = " · ".join(filter(None, (gateway.name, gateway.status, heard)))
    return option(f"⚠ {text}" if silent else text, gateway.backup_gateway_id, about)


def matching(options: Iterable[Block], text: str, otherwise: str) -> list[Block]:
    """Those in which the text is found; where there are none, an entry that says so."""
    wanted = text.strip().lower()
    found = [made for made in options if wanted in f"{made['text']['text']} {made['value']}".lower()]
    left = len(found) - OPTIONS_LIMIT
    if left > 0:
        more = unavailable_option(f"… and {left + 1} more: type more to find them")
        return [*found[: OPTIONS_LIMIT - 1], more]
    return found or [unavailable_option(otherwise)]


def unavailable_option(sentence: str) -> Block:
    """An entry that says something, in two lines if need be, and cannot be submitted."""
    return option(sentence, UNAVAILABLE, sentence[OPTION_LIMIT - 1 :].strip() or None)
