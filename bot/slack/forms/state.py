"""What an open form knows. It travels in the view's `private_metadata` and so survives the bot's restart."""

import uuid
from enum import StrEnum

from bot.restores.models import BackupPlan, Frozen, Window
from bot.slack.message import Block

METADATA_LIMIT = 3000
WINDOWS_KEPT = 10


class Choice(StrEnum):
    """What to restore to."""

    LATEST = "latest"
    TIME = "time"
    BACKUP_SET = "backup_set"


class FormState(Frozen):
    """Where the form was opened, and what was chosen in it; nothing that was typed."""

    nonce: str
    channel_id: str
    plan: BackupPlan | None = None
    windows: tuple[Window, ...] = ()
    #: Older windows were left out.
    more_windows: bool = False
    choice: Choice = Choice.LATEST
    #: A time (epoch seconds) or a backup set (text and value) chosen for this plan, shown or not.
    time: int | None = None
    backup_set: tuple[str, str] | None = None

    def for_plan(self, plan: BackupPlan, windows: tuple[Window, ...]) -> "FormState":
        """The form for another plan: a time or set chosen for the last one means nothing here."""
        choice = self.choice if windows else Choice.BACKUP_SET
        fresh = FormState(nonce=self.nonce, channel_id=self.channel_id, plan=plan, windows=windows)
        return fresh.evolve(choice=choice)

    @classmethod
    def new(cls, channel_id: str) -> "FormState":
        return cls(nonce=uuid.uuid4().hex, channel_id=channel_id)

    @classmethod
    def of(cls, view: Block) -> "FormState":
        return cls.model_validate_json(view["private_metadata"])

    def dump(self) -> str:
        """JSON of at most 3,000 characters: a long list of databases is left out, then the older windows."""
        bare = self.evolve(plan=self.plan and self.plan.evolve(databases=()))
        latest = bare.evolve(windows=self.windows[-WINDOWS_KEPT:], more_windows=True)
        dumps = (state.model_dump_json(exclude_defaults=True) for state in (self, bare, latest))
        return next((text for text in dumps if len(text) <= METADATA_LIMIT), latest.model_dump_json())
