"""Where the workspace is, for links to its messages."""

import asyncio

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.outcome import outcome

log = structlog.get_logger()

ASKED_FOR_SECONDS = 0.8


class Workspace:
    """Its address, with a slash at its end; asked for once. None as long as Slack does not tell."""

    def __init__(self) -> None:
        self._address: str | None = None

    async def address(self, client: AsyncWebClient) -> str | None:
        if self._address is None:
            try:
                async with asyncio.timeout(ASKED_FOR_SECONDS):
                    self._address = (await client.auth_test()).get("url")
            except (SlackApiError, ClientError, OSError) as error:
                log.warning("address of the workspace not known", reason=outcome(error).reason)
        return self._address
