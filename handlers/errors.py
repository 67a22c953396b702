"""The one place where an error no listener could handle ends: logged without what the person typed."""

import asyncio

import structlog
from slack_bolt.async_app import AsyncApp, AsyncRespond
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackApiError

from bot.errors import RestoreBotError
from bot.slack.mrkdwn import escape
from bot.slack.outcome import outcome

log = structlog.get_logger()

#: Bolt looks every 10 ms for an acknowledgement, and drops one whose listener failed before it looked.
ACK_SEEN_SECONDS = 0.05


async def on_error(error: Exception, context: AsyncBoltContext, respond: AsyncRespond) -> None:
    """Before an acknowledgement Slack itself says that the app failed; after a command, this does.

    Bodies are not logged, nor messages of unknown errors: they may hold a password.
    """
    log.error(
        "listener failed",
        error=type(error).__name__,
        reason=outcome(error).reason if isinstance(error, SlackApiError) else None,
        where=_origin(error),
        user_id=context.user_id,
        channel_id=context.channel_id,
    )
    if context.ack.response is not None:
        await asyncio.sleep(ACK_SEEN_SECONDS)
    if context.response_url:
        known = error.sentence if isinstance(error, RestoreBotError) else None
        sentence = known or "Something went wrong here. Please try again."
        await respond(text=f":warning: {escape(sentence)}", response_type="ephemeral")


def _origin(error: Exception) -> str:
    """Module and line where it was raised."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else "unknown"


def register(app: AsyncApp) -> None:
    app.error(on_error)
