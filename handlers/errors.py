"""The one place where an error no listener could handle ends: logged without what the person typed."""

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext

log = structlog.get_logger()


async def on_error(error: Exception, context: AsyncBoltContext) -> None:
    """The person is told by Slack that the app failed. Bodies are not logged: they may hold a password."""
    log.error(
        "listener failed",
        error=type(error).__name__,
        where=_origin(error),
        user_id=context.user_id,
        channel_id=context.channel_id,
    )


def _origin(error: Exception) -> str:
    """Module and line where it was raised; the message of an unknown error could quote what was typed."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else "unknown"


def register(app: AsyncApp) -> None:
    app.error(on_error)
