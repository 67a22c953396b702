"""What the local workspace sends to its app, and what the app may send back."""

from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.sandbox.slack import LocalWorkspace


def sent(workspace: LocalWorkspace) -> dict[str, Any]:
    """The payload that went to the app last."""
    payload: dict[str, Any] = workspace.sent_to_app[-1]["payload"]
    return payload


async def webhook(workspace: LocalWorkspace, **body: Any) -> tuple[int, str]:
    """Post to the response_url of the last payload with Slack's own client."""
    hook = AsyncWebhookClient(sent(workspace)["response_url"], retry_handlers=[])
    answer = await hook.send_dict(body)
    return answer.status_code, answer.body


async def acknowledge(ack: AsyncAck) -> None:
    """A listener that does no more than it must."""
    await ack()


async def address(web: AsyncWebClient) -> str:
    """Where the app may connect, once."""
    return str((await web.apps_connections_open(app_token="xapp-sandbox"))["url"])


class Socket:
    """A bare connection of the app, already greeted, that acknowledges what it is told to."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def envelope(self, *, acknowledge: bool = True) -> dict[str, Any]:
        envelope: dict[str, Any] = await self._socket.receive_json()
        if acknowledge:
            await self._socket.send_json({"envelope_id": envelope["envelope_id"]})
        return envelope

    async def event(self) -> dict[str, Any]:
        """The next event, acknowledged."""
        event: dict[str, Any] = (await self.envelope())["payload"]["event"]
        return event
