"""What the steps of the form have in common. Pure."""

from dataclasses import dataclass

from bot.restores.models import BackupPlan
from bot.slack.forms.elements import button, buttons
from bot.slack.forms.state import FormState
from bot.slack.message import Block, plain, section
from bot.slack.mrkdwn import code, escape, word

FormErrors = dict[str, str]
#: The button that asks DBS once more for what a step lacks.
AGAIN = "again"


@dataclass(frozen=True)
class Notice:
    """Something to be said at the top of a step; with `again` there is a button to ask DBS once more."""

    text: str
    again: bool = False
    icon: str = ":warning:"


def about(plan: BackupPlan, *, with_account: bool) -> str:
    """What the list's entry has no room for."""
    parts = [f"Backs up {code(plan.source)}"] if plan.source else []
    parts.append(f"plan {code(plan.backup_plan_id)}")
    if with_account:
        parts.append(f"account {word(plan.account)}")
    if plan.status:
        parts.append(f"status {word(plan.status)}")
    return " · ".join(parts)


def said(notice: Notice | None) -> list[Block]:
    """A notice as blocks."""
    if notice is None:
        return []
    blocks = [section(f"{notice.icon} {escape(notice.text)}")]
    return [*blocks, buttons(button(AGAIN, "Ask again"))] if notice.again else blocks


def modal(
    callback_id: str, title: str, state: FormState, blocks: list[Block], *, submit: str, close: str
) -> Block:
    """A step of the form. The bot hears when it is left, so that nothing typed in it is lost."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": state.dump(),
        "title": plain(title),
        "submit": plain(submit),
        "close": plain(close),
        "notify_on_close": True,
        "blocks": blocks,
    }


def beside(view: Block, errors: FormErrors, otherwise: str) -> FormErrors:
    """Errors by the inputs the view really has; those of others stand together beside one that it has."""
    inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    placed = {block: sentence for block, sentence in errors.items() if block in inputs}
    lost = [sentence for block, sentence in errors.items() if block not in inputs]
    if not lost:
        return placed
    return placed | {otherwise: " ".join([*filter(None, [placed.get(otherwise)]), *lost])}


def unshowable(view: Block) -> Block:
    """In the place of a step that Slack refuses to show. What was put in so far is kept in it."""
    sentence = (
        ":no_entry: Slack refuses to show this step as it was filled in. Nothing was sent to DBS."
        " Go back and choose less at once, or restore in the DBS console."
    )
    kept = ("type", "callback_id", "private_metadata", "title", "close")
    return {key: view[key] for key in kept} | {"blocks": [section(sentence)]}
