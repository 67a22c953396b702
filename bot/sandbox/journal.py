"""What is written down of a request that arrived at a local service."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Arrival:
    """One request. `status` is None while it is unanswered, and for good if it never was.

    `name` is Slack's method, `response_url` or DBS's action, `error` the service's code for a refusal,
    `faults` the kinds that struck. Arguments can hold a password. `at` orders the arrivals of several
    services; it is no time of day.
    """

    service: str
    name: str
    arguments: Mapping[str, Any] = field(repr=False)
    http_method: str
    status: int | None = None
    error: str | None = None
    faults: list[str] = field(default_factory=list)
    at: int = field(default_factory=time.monotonic_ns, repr=False)
