"""What every value of the domain has in common."""

from typing import Self

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A value that never changes; `evolve` makes the next one."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    def evolve(self, **changes: object) -> Self:
        unknown = changes.keys() - type(self).model_fields.keys()
        if unknown:
            raise TypeError(f"{type(self).__name__} has no {', '.join(sorted(unknown))}")
        return self.model_copy(update=changes)
