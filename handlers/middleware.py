"""What every listener can ask for by name."""

from collections.abc import Awaitable, Callable

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext

from handlers.desk import Desk


def register(app: AsyncApp, desk: Desk) -> None:
    async def provide(context: AsyncBoltContext, next: Callable[[], Awaitable[None]]) -> None:  # noqa: A002 - Bolt's name
        context["desk"] = desk
        await next()

    app.middleware(provide)
