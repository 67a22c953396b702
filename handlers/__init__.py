"""Slack listeners, thin: acknowledge, parse, one service call, reply. `register` is the routing table."""

from slack_bolt.async_app import AsyncApp

from bot.restores.catalog import Catalog
from bot.restores.credentials import Credentials
from bot.restores.service import RestoreService
from handlers import actions, channels, commands, errors, middleware, options, plans, shortcuts, views


def register(
    app: AsyncApp,
    service: RestoreService,
    catalog: Catalog,
    credentials: Credentials,
    *,
    let_in: channels.LetIn,
) -> None:
    middleware.register(app, service, catalog, credentials)
    commands.register(app)
    shortcuts.register(app)
    plans.register(app)
    actions.register(app)
    options.register(app)
    views.register(app)
    channels.register(app, let_in)
    errors.register(app)
