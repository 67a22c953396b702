"""What every listener can ask for by name."""

from collections.abc import Awaitable, Callable

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext

from bot.restores.catalog import Catalog
from bot.restores.credentials import Credentials
from bot.restores.service import RestoreService
from handlers.desk import Desk


def register(app: AsyncApp, service: RestoreService, catalog: Catalog, credentials: Credentials) -> None:
    desk = Desk(service, catalog, credentials)

    async def provide(context: AsyncBoltContext, next: Callable[[], Awaitable[None]]) -> None:  # noqa: A002 - Bolt's name
        context["desk"] = desk
        await next()

    app.middleware(provide)
