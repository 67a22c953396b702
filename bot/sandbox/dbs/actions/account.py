"""What every action works on."""

from dataclasses import dataclass

from bot.sandbox.clock import SimulatedClock
from bot.sandbox.dbs.errors import not_found
from bot.sandbox.dbs.estate import BackupPlan, Estate
from bot.sandbox.dbs.tasks import Task, TaskBook, TokenMemory
from bot.sandbox.faults import Faults


@dataclass(frozen=True)
class Account:
    clock: SimulatedClock
    estate: Estate
    tasks: TaskBook
    tokens: TokenMemory
    faults: Faults

    def plan(self, plan_id: str) -> BackupPlan:
        if (plan := self.estate.plan(plan_id)) is None:
            raise not_found("BackupPlanId")
        return plan

    def task(self, task_id: str, parameter: str = "RestoreTaskId") -> Task:
        if (task := self.tasks.get(task_id)) is None:
            raise not_found(parameter)
        return task
