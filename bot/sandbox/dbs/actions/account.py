"""What every action works on."""

from dataclasses import dataclass

from bot.sandbox.dbs.ageing import aged
from bot.sandbox.dbs.errors import not_found
from bot.sandbox.dbs.estate import BackupPlan, Estate
from bot.sandbox.dbs.tasks import Task, TaskBook, TokenMemory
from bot.sandbox.faults import Strikes


@dataclass(frozen=True)
class Account:
    """The account during one call: what time it is, and by how much the clock of DBS is ahead of it."""

    now_ms: int
    estate: Estate
    tasks: TaskBook
    tokens: TokenMemory
    strikes: Strikes
    ahead_ms: int = 0

    @property
    def shown_ms(self) -> int:
        """The time as DBS takes and tells it. What goes on in a task takes its time whatever clocks show."""
        return self.now_ms + self.ahead_ms

    def plans(self) -> tuple[BackupPlan, ...]:
        return tuple(aged(plan, self.now_ms) for plan in self.estate.plans)

    def plan(self, plan_id: str) -> BackupPlan:
        if (plan := self.estate.plan(plan_id)) is None:
            raise not_found("BackupPlanId")
        return aged(plan, self.now_ms)

    def task(self, task_id: str, parameter: str = "RestoreTaskId") -> Task:
        if (task := self.tasks.get(task_id)) is None:
            raise not_found(parameter)
        return task
