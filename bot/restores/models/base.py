"""What every value of the domain has in common."""

from typing import Self

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A value that never changes; `evolve` makes the next one."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    def evolve(self, **changes: object) -> Self:
        return self.model_copy(update=changes)
