"""Slack listeners, thin: acknowledge, parse, one service call, reply. `register` is the routing table."""

from slack_bolt.async_app import AsyncApp

from handlers import (
    actions,
    channels,
    commands,
    deeds,
    errors,
    home,
    lists,
    middleware,
    options,
    plans,
    repeating,
    shortcuts,
    views,
    watching,
)
from handlers.desk import Desk


def register(app: AsyncApp, desk: Desk, *, let_in: channels.LetIn, home_opened: home.Opened) -> None:
    middleware.register(app, desk)
    commands.register(app)
    lists.register(app)
    shortcuts.register(app)
    deeds.register(app)
    watching.register(app)
    repeating.register(app)
    plans.register(app)
    actions.register(app)
    options.register(app)
    views.register(app)
    channels.register(app, let_in)
    home.register(app, home_opened)
    errors.register(app)
