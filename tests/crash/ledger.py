"""DBS as the model of creation knows it: what it was asked, what it did, and how its answers get lost."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pydantic import SecretStr

from bot.errors import DbsRejected, DbsThrottled, DbsUnreachable, DbsUnreadable
from bot.restores.models import (
    BackupGateway,
    BackupPlan,
    BackupSet,
    JobError,
    PrecheckReport,
    RestoreSpec,
    RestoreTask,
    Window,
)
from tests.crash.fragile import FREEZES, START, Died, Ice, World

#: How late, in seconds, a call may reach DBS after the bot stopped waiting for it.
LATEST = 25.0
PLAN = BackupPlan(
    backup_plan_id="dbs1",
    name="orders",
    engine="MySQL",
    region="cn-hangzhou",
    window=Window(begin=START - timedelta(days=7), end=START),
)

WRITE_FATES = (
    "done",
    "answer lost",
    "answer unreadable",
    "lost",
    "late",
    "never sent",
    "throttled",
    "refused",
    "foreign id",
    "died before",
    "died after",
    "died, late",
)
READ_FATES = ("done", "silent", "unreadable", "died after")


@dataclass
class Made:
    task: RestoreTask
    visible_at: float
    started: bool = False


@dataclass
class Ledger:
    """Implements the port `Dbs`. `fates` befall the next calls, in order; then all goes well."""

    world: World
    #: Seconds until a list shows a new task.
    hidden_for: float
    fates: list[str] = field(default_factory=list)
    made: dict[str, Made] = field(default_factory=dict)
    #: What each token was for, as it was sent first.
    sent: dict[str, tuple[RestoreSpec, str | None]] = field(default_factory=dict)
    #: Of the process that calls now.
    ice: Ice = field(default_factory=Ice)
    on_the_way: list[tuple[float, str]] = field(default_factory=list)

    # Writes

    async def create_restore_task(
        self, spec: RestoreSpec, *, password: SecretStr | None, client_token: str
    ) -> str:
        secret = password.get_secret_value() if password else None
        first = self.sent.setdefault(client_token, (spec, secret))
        assert first == (spec, secret), "DBS takes a token for one set of parameters alone"
        fate, ice = self._fate((*WRITE_FATES, *FREEZES)), self.ice
        if fate == "frozen before":
            await ice.freeze()
        if fate == "foreign id" and (others := await self.world.followed()):
            self._make(client_token)
            return others[0]
        if fate in {"late", "died, late"}:
            self.on_the_way.append((self.world.passed + LATEST, client_token))
        self._befall(fate, lambda: self._make(client_token))
        if fate == "frozen after":
            await ice.freeze()
        return self.made[client_token].task.restore_task_id

    async def start_restore_task(self, restore_task_id: str, *, region: str, client_token: str) -> None:
        made = self._by_id(restore_task_id)
        assert made is not None, "an order to start what was never made"

        def start() -> None:
            made.started = True
            made.task = made.task.evolve(status="running")

        self._befall(self._fate(WRITE_FATES), start)

    def _make(self, token: str) -> None:
        if token not in self.made:
            spec, _ = self.sent[token]
            task = RestoreTask(restore_task_id=f"s{len(self.made)}", status="check_pass", name=spec.task_name)
            self.made[token] = Made(task, self.world.passed + self.hidden_for)

    def _befall(self, fate: str, do: Callable[[], None]) -> None:
        match fate:
            case "lost" | "late":
                raise DbsUnreachable
            case "never sent":
                error = DbsUnreachable()
                error.certain = True
                raise error
            case "throttled":
                raise DbsThrottled
            case "refused":
                raise DbsRejected("The instance is busy.", code="Task.Busy")
            case "died before" | "died, late":
                raise Died
        do()
        match fate:
            case "answer lost":
                raise DbsUnreachable
            case "answer unreadable":
                raise DbsUnreadable
            case "died after":
                raise Died

    def arrive(self) -> None:
        """What was on its way that long is there by now."""
        due = [token for at, token in self.on_the_way if at <= self.world.passed]
        self.on_the_way = [(at, token) for at, token in self.on_the_way if at > self.world.passed]
        for token in due:
            self._make(token)

    def settle_down(self) -> None:
        """Whatever is under way arrives, and lists show all there is."""
        for _, token in self.on_the_way:
            self._make(token)
        self.on_the_way = []
        for made in self.made.values():
            made.visible_at = 0

    # Reads

    async def describe_plan_restore_tasks(
        self, backup_plan_id: str, *, region: str
    ) -> tuple[RestoreTask, ...]:
        self._read()
        return tuple(each.task for each in self.made.values() if each.visible_at <= self.world.passed)

    async def describe_restore_tasks(self, ids: Collection[str], *, region: str) -> dict[str, RestoreTask]:
        self._read()
        return {
            each.task.restore_task_id: each.task
            for each in self.made.values()
            if each.task.restore_task_id in ids
        }

    async def describe_backup_plans(
        self, *, region: str, backup_plan_id: str | None = None
    ) -> tuple[BackupPlan, ...]:
        self._read()
        return (PLAN,)

    async def describe_restorable_windows(
        self, backup_plan_id: str, *, region: str, begin: datetime, end: datetime
    ) -> tuple[Window, ...]:
        """The window moves on."""
        self._read()
        return (Window(begin=begin, end=START + timedelta(seconds=self.world.passed)),)

    async def describe_precheck(self, restore_task_id: str, *, region: str) -> PrecheckReport:
        raise NotImplementedError

    async def describe_job_error(self, task_id: str, *, region: str, language: str) -> JobError | None:
        raise NotImplementedError

    async def describe_regions(self, *, region: str) -> tuple[str, ...]:
        raise NotImplementedError

    async def describe_backup_sets(self, backup_plan_id: str, *, region: str) -> tuple[BackupSet, ...]:
        raise NotImplementedError

    async def describe_backup_gateways(self, *, region: str) -> tuple[BackupGateway, ...]:
        raise NotImplementedError

    def _read(self) -> None:
        match self._fate(READ_FATES):
            case "silent":
                raise DbsUnreachable
            case "unreadable":
                raise DbsUnreadable
            case "died after":
                raise Died

    def _fate(self, known: tuple[str, ...]) -> str:
        """A fate that cannot befall this call lets it pass. A freeze waits for one that it can."""
        if self.fates and self.fates[0] in FREEZES and self.fates[0] not in known:
            return "done"
        fate = self.fates.pop(0) if self.fates else "done"
        return fate if fate in known else "done"

    def _by_id(self, restore_task_id: str) -> Made | None:
        return next(
            (each for each in self.made.values() if each.task.restore_task_id == restore_task_id), None
        )
