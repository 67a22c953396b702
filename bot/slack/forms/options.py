"""Entries of the form's lists. Pure."""

from bot.restores.clock import written
from bot.restores.models import BackupPlan, BackupSet
from bot.slack.forms.elements import OPTION_LIMIT, UNAVAILABLE, option
from bot.slack.message import Block
from bot.slack.mrkdwn import size


def plan_option(plan: BackupPlan) -> Block:
    about = " · ".join(filter(None, (plan.source, plan.backup_plan_id)))
    return option(f"{plan.name} · {plan.engine} · {plan.region}", plan.backup_plan_id, about)


def backup_set_option(backup_set: BackupSet) -> Block:
    parts = (
        written(backup_set.time) if backup_set.time else backup_set.backup_set_id,
        size(backup_set.size) if backup_set.size is not None else None,
        backup_set.status,
    )
    return option(" · ".join(filter(None, parts)), backup_set.backup_set_id, backup_set.backup_set_id)


def unavailable_option(sentence: str) -> Block:
    """The one entry of a list that could not be loaded: it says so, in two lines if need be."""
    return option(sentence, UNAVAILABLE, sentence[OPTION_LIMIT - 1 :].strip() or None)
