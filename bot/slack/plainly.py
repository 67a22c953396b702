"""A message whose blocks Slack will not have is shown by its text alone, which tells the whole story."""

from collections.abc import Awaitable, Callable

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.message import Block, Message
from bot.slack.outcome import Verdict, outcome

log = structlog.get_logger()

Show = Callable[[str, list[Block]], Awaitable[AsyncSlackResponse]]


async def plainly(message: Message, show: Show) -> AsyncSlackResponse:
    """Show text and blocks; after a definite no the text. Raises what the last call raised."""
    try:
        return await show(message.text, list(message.blocks))
    except SlackApiError as error:
        what = outcome(error)
        if what.verdict is not Verdict.REFUSED or not message.blocks:
            raise
        log.warning("blocks refused, the text alone is shown", reason=what.reason)
    return await show(message.text, [])
