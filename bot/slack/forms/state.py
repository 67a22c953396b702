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
    """Where the form was opened, and the plan chosen in it with its windows; nothing that was typed."""

    nonce: str
    channel_id: str
    plan: BackupPlan | None = None
    windows: tuple[Window, ...] = ()
    choice: Choice = Choice.LATEST

    @classmethod
    def new(cls, channel_id: str) -> "FormState":
        return cls(nonce=uuid.uuid4().hex, channel_id=channel_id)

    @classmethod
    def of(cls, view: Block) -> "FormState":
        return cls.model_validate_json(view["private_metadata"])

    def dump(self) -> str:
        """JSON of at most 3,000 characters: a long list of databases is left out, then the older windows."""
        bare = self.evolve(plan=self.plan and self.plan.evolve(databases=()))
        for state in (self, bare):
            text = state.model_dump_json(exclude_defaults=True)
            if len(text) <= METADATA_LIMIT:
                return text
        return bare.evolve(windows=self.windows[-WINDOWS_KEPT:]).model_dump_json(exclude_defaults=True)
