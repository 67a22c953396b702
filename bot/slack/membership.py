"""Whether the bot can post where it was called: asked when a form opens, lest a thread never comes."""

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.outcome import outcome

#: What Slack says of a channel the bot is not in and cannot join.
_NOT_IN = frozenset(
    {"channel_not_found", "method_not_supported_for_channel_type", "not_in_channel", "restricted_action"}
)


async def cannot_post(client: AsyncWebClient, channel_id: str) -> str | None:
    """Why the bot cannot post in a channel, in a sentence; None if it can or Slack does not say.

    It joins public channels.
    """
    try:
        channel = (await client.conversations_info(channel=channel_id))["channel"]
        if channel.get("is_archived"):
            return "This channel is archived. Call me in another one."
        if channel.get("is_member") or channel.get("is_im"):
            return None
        await client.conversations_join(channel=channel_id)
    except (SlackApiError, ClientError, OSError) as error:
        if outcome(error).reason in _NOT_IN:
            return "I am not in this channel and cannot post here. Type /invite @restorebot, then try again."
    return None
