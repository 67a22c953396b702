"""A channel is open to the bot again: threads that were cut off there go on at once."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext

LetIn = Callable[[str], Awaitable[None]]


def register(app: AsyncApp, let_in: LetIn) -> None:
    async def joined(event: dict[str, Any], context: AsyncBoltContext) -> None:
        """Somebody came into a channel the bot is in; only its own coming changes anything."""
        if event["user"] == context.bot_user_id:
            await let_in(event["channel"])

    async def unarchived(event: dict[str, Any]) -> None:
        await let_in(event["channel"])

    app.event("member_joined_channel")(joined)
    app.event("channel_unarchive")(unarchived)
    app.event("group_unarchive")(unarchived)
