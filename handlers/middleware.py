"""Before every listener: what Slack delivers twice is done once, and what listeners can ask for by name."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from handlers.desk import Desk

MOST_KEPT = 1000

Next = Callable[[], Awaitable[None]]


class Once:
    """Lets pass what was not there before: everything a person does has a trigger of its own.

    A second delivery is not acknowledged either. The first one is, and says what becomes of the form.
    """

    def __init__(self) -> None:
        self._seen: OrderedDict[str, None] = OrderedDict()

    async def let_pass(self, body: dict[str, Any], next: Next) -> BoltResponse | None:  # noqa: A002 - Bolt's name
        trigger_id = body.get("trigger_id")
        if isinstance(trigger_id, str) and trigger_id:
            if trigger_id in self._seen:
                return BoltResponse(status=404)
            self._seen[trigger_id] = None
            while len(self._seen) > MOST_KEPT:
                self._seen.popitem(last=False)
        await next()
        return None


def register(app: AsyncApp, desk: Desk) -> None:
    async def provide(context: AsyncBoltContext, next: Next) -> None:  # noqa: A002 - Bolt's name
        context["desk"] = desk
        await next()

    app.middleware(Once().let_pass)
    app.middleware(provide)
