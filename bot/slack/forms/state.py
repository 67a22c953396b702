"""What an open form knows. It travels in each view's `private_metadata` and so survives the bot's restart."""

import uuid
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Self

from pydantic import Field

from bot.restores.models import (
    BackupPlan,
    DuplicateConflict,
    Frozen,
    Location,
    RestorePoint,
    Window,
    Wish,
)
from bot.restores.shapes import TASK_NAME_LENGTH
from bot.slack.forms.naming import readable
from bot.slack.message import Block

METADATA_LIMIT = 3000
WINDOWS_KEPT = 10
#: What stands before metadata that had to be compressed; JSON begins with a brace.
_COMPRESSED = "z"


#: Ways to name an account beside the stored credentials; a credential's name has no colon.
TYPED = ":typed"
NONE = ":none"


class Choice(StrEnum):
    """What to restore to."""

    LATEST = "latest"
    TIME = "time"
    BACKUP_SET = "backup_set"


class TooLarge(ValueError):
    """A plan says more of itself than a form can carry."""


class FormState(Frozen):
    """All that was said in a form so far, in whichever step; no password.

    `wish` keeps what is not shown at the moment as well: a time while the latest is chosen, the port of
    another location. `revision` is part of the ids of the blocks whose values the bot itself sets: Slack
    keeps what was typed as long as an id stays the same.
    """

    nonce: str
    channel_id: str | None = None
    #: The form was opened where there is no channel, so it asks for one.
    asks_channel: bool = False
    zone: str = "UTC"
    plan: BackupPlan | None = None
    #: The bot put the plan in; its block has another id than an empty one.
    found: bool = False
    windows: tuple[Window, ...] = ()
    #: Older windows are not known here.
    more_windows: bool = False
    choice: Choice = Choice.LATEST
    #: A stored credential by name, `TYPED` or `NONE`; empty as long as nothing is chosen.
    account: str = ""
    wish: Wish = Wish()
    #: The plan, with its account, whose backups `wish` speaks of; empty as long as it is nobody's.
    of_plan: str = ""
    #: What the bot itself put into `wish` for that plan.
    filled: Wish = Wish()
    #: The databases as text while they are written instead of chosen; `wish` holds what can be read of it.
    objects_text: str | None = None
    #: All databases of the plan are meant, as DBS names them: their names do not travel.
    every: bool = False
    #: Databases were named and did not fit. They have to be named again: nothing stands for them.
    unkept: bool = False
    #: More than the databases did not fit.
    cut: bool = False
    #: Texts of chosen entries, by value: a list that is shown again begins with them.
    labels: dict[str, str] = Field(default_factory=dict)
    revision: int = 0
    #: The nonce of the request that this one repeats, so that what differs can be told.
    again_of: str | None = None
    #: The last step is shown by itself: no other lies below it.
    alone: bool = False
    #: The turn in which the step was put on top of those below: whatever is done there later is newer.
    pushed: int = 0

    @classmethod
    def new(cls, channel_id: str | None, wish: Wish | None = None, zone: str = "UTC") -> Self:
        """A fresh form with a nonce of its own, filled as wished."""
        wish = wish or Wish()
        return cls(
            nonce=uuid.uuid4().hex,
            channel_id=channel_id,
            asks_channel=channel_id is None,
            zone=zone,
            choice=_choice(wish),
            account=wish.credential or (TYPED if wish.user_name else ""),
            wish=wish,
        )

    @classmethod
    def of(cls, view: Block) -> Self:
        """The state a view was built from."""
        text = view["private_metadata"]
        if text.startswith(_COMPRESSED):
            text = zlib.decompress(urlsafe_b64decode(text[len(_COMPRESSED) :])).decode()
        state = cls.model_validate_json(text)
        return state if state.objects_text is None else state.written(state.objects_text)

    def written(self, text: str) -> Self:
        """With databases as text; what cannot be read names none."""
        return self.wishing(objects=readable(text)).evolve(objects_text=text, every=False)

    def block(self, name: str) -> str:
        """The id of a block whose value the bot may set."""
        return f"{name}:{self.revision}" if self.revision else name

    def set(self, **wishes: object) -> Self:
        """With values of the wish that the bot itself puts in: their blocks start anew."""
        return self.wishing(**wishes).evolve(revision=self.revision + 1)

    def wishing(self, **wishes: object) -> Self:
        """With values of the wish as the person has put them in."""
        return self.evolve(wish=self.wish.evolve(**wishes))

    def labelled(self, value: str | None, label: str | None) -> Self:
        """With the text of a chosen entry; the texts of what is not chosen any more are forgotten."""
        chosen = {self.wish.backup_set_id, self.wish.backup_gateway_id}
        kept = {known: text for known, text in self.labels.items() if known in chosen}
        return self.evolve(labels=kept | ({value: label} if value and label else {}))

    def for_plan(self, plan: BackupPlan, windows: tuple[Window, ...] | None) -> Self:
        """The form for a plan: what is usual for it, where nothing else was said.

        What was said of another plan's backups means nothing here, nor what was filled in for it; what the
        person said of the target and the time stays. `windows` None: DBS did not say.
        """
        unknown, key = windows is None, f"{plan.account}/{plan.backup_plan_id}"
        fresh = self if self.of_plan in {"", key} else self._of_no_plan()
        fresh = fresh.evolve(
            plan=plan.evolve(databases=()), of_plan=key, windows=windows or (), more_windows=unknown
        )
        if not windows and not unknown:
            fresh = fresh.evolve(choice=Choice.BACKUP_SET)
        said = fresh.wish
        return fresh.fill(
            {name: value for name, value in _usual(plan).items() if getattr(said, name) is None}
        )

    def fill(self, values: Mapping[str, object]) -> Self:
        """With what the bot knows of the plan, and forgets with it."""
        known = {name: value for name, value in values.items() if value is not None}
        return self.set(**known).evolve(filled=self.filled.evolve(**known))

    def _of_no_plan(self) -> Self:
        put_in = self.filled.model_dump(exclude_defaults=True)
        untouched = [name for name, value in put_in.items() if getattr(self.wish, name) == value]
        forgotten = dict.fromkeys([*untouched, "backup_set_id", "objects"])
        return self.wishing(**forgotten).evolve(
            filled=Wish(), objects_text=None, every=False, unkept=False, cut=False
        )

    @property
    def point(self) -> RestorePoint:
        """What is chosen to restore to."""
        match self.choice:
            case Choice.TIME:
                return RestorePoint(time=self.wish.time)
            case Choice.BACKUP_SET:
                return RestorePoint(backup_set_id=self.wish.backup_set_id)
            case _:
                return RestorePoint()

    @property
    def location(self) -> Location:
        return self.wish.location or Location.RDS

    def dump(self) -> str:
        """At most 3,000 characters. What does not fit even compressed is left out, oldest windows first.

        Databases and what is typed of the target are never left out in silence: `unkept`, `cut`.
        Raises `TooLarge`.
        """
        for state in self._smaller():
            text = state.model_dump_json(exclude_defaults=True)
            if len(text) > METADATA_LIMIT:
                text = _COMPRESSED + urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode()
            if len(text) <= METADATA_LIMIT:
                return text
        raise TooLarge("what DBS says of the plan does not fit into a form")

    @property
    def kept(self) -> Self:
        """What is left of it when it comes back."""
        return self.of({"private_metadata": self.dump()})

    def _smaller(self) -> Iterator[Self]:
        derived = self.every or self.objects_text is not None
        whole = self.wishing(objects=None) if derived else self
        yield whole
        many = len(self.windows) > WINDOWS_KEPT
        yield whole.evolve(windows=self.windows[-WINDOWS_KEPT:], more_windows=self.more_windows or many)
        bare = whole.evolve(windows=self.windows[-1:], more_windows=True, labels={})
        yield bare
        if (self.wish.objects and not self.every) or (self.objects_text or "").strip():
            text = None if self.objects_text is None else ""
            bare = bare.wishing(objects=None).evolve(objects_text=text, unkept=True)
            yield bare
        said = bare.wish
        left = Wish(
            location=said.location, time=said.time, backup_set_id=said.backup_set_id, objects=said.objects
        )
        yield bare.evolve(wish=left, filled=Wish(), cut=True)


def _choice(wish: Wish) -> Choice:
    if wish.time is not None:
        return Choice.TIME
    return Choice.BACKUP_SET if wish.backup_set_id else Choice.LATEST


def _usual(plan: BackupPlan) -> dict[str, object]:
    """What a restore of this plan most often wants."""
    location = plan.source_location if plan.source_location in set(Location) else Location.RDS
    return {
        "location": Location(location),
        "region": plan.source_region or plan.region,
        "duplicate_conflict": DuplicateConflict.FAIL,
        "cross_aliyun_id": plan.cross_aliyun_id,
        "cross_role_name": plan.cross_role_name,
        "task_name": f"{plan.name} from Slack"[:TASK_NAME_LENGTH],
        "start": True,
    }
