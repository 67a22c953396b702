"""The list of backup plans a person asked for: what can be restored of each, and a button to do it. Pure."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.restores.models import BackupPlan
from bot.slack.forms.elements import button, buttons
from bot.slack.forms.options import plan_key
from bot.slack.message import Block, Message, context, section
from bot.slack.mrkdwn import code, escape, shorten, time, word

PAGE = 10
RESTORE = "restore_plan"
MORE = "more_plans"
#: What a button's value may hold, with room for the number.
_TEXT_KEPT = 1000


def plans_message(
    plans: Sequence[BackupPlan],
    last_backups: Mapping[str, datetime | None],
    *,
    text: str,
    start: int,
    silent: Sequence[str] = (),
    nearest: Sequence[BackupPlan] = (),
    with_account: bool = False,
) -> Message:
    """A page of them, from number `start` on; where there are none, the `nearest`.

    `last_backups` by plan key; what is missing is not known.
    """
    page = plans[start : start + PAGE]
    left = len(plans) - start - len(page)
    title = _title(len(plans), text, start, len(page))
    if nearest:
        title, page = f"{title} Did you mean {'this one' if len(nearest) == 1 else 'one of these'}?", nearest
    blocks: list[Block] = [section(title)]
    blocks += [_plan(plan, last_backups, with_account=with_account) for plan in page]
    blocks += [context(f":warning: Not asked: {escape(sentence)}") for sentence in silent]
    if left > 0:
        value = json.dumps({"text": text[:_TEXT_KEPT], "start": start + len(page)})
        blocks.append(buttons(button(MORE, f"More ({left} left)", value)))
    names = ", ".join(word(plan.name) for plan in page)
    return Message(text=shorten(f"{title} {names}", 4000), blocks=tuple(blocks))


def more_of(value: str) -> tuple[str, int]:
    """Text and start of the page a button asks for."""
    asked = json.loads(value)
    return str(asked["text"]), int(asked["start"])


def _title(count: int, text: str, start: int, shown: int) -> str:
    like = f" matching {code(text)}" if text else ""
    if count == 0:
        return f"No backup plan{like}."
    which = f", {start + 1} to {start + shown}" if shown < count else ""
    return f"{count} backup plan{'s' if count > 1 else ''}{like}{which}"


def _plan(plan: BackupPlan, last_backups: Mapping[str, datetime | None], *, with_account: bool) -> Block:
    about = [f"*{word(plan.name)}*", word(plan.engine), word(plan.region)]
    about += [f"account {word(plan.account)}"] if with_account else []
    about += [code(plan.source)] if plan.source else []
    lines = [" · ".join(about), _restorable(plan), _last_backup(plan, last_backups)]
    return {**section("\n".join(lines)), "accessory": button(RESTORE, "Restore", plan_key(plan))}


def _restorable(plan: BackupPlan) -> str:
    if plan.window is None:
        return "No time to restore to, only backup sets"
    return f"Backups from {time(plan.window.begin)} to {time(plan.window.end)}"


def _last_backup(plan: BackupPlan, last_backups: Mapping[str, datetime | None]) -> str:
    key = plan_key(plan)
    if key not in last_backups:
        return "Last backup: not known, DBS did not say"
    at = last_backups[key]
    return f"Last backup: {time(at)}" if at is not None else "Last backup: none finished"
