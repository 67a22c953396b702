"""Web API: chat.*"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.sandbox.slack import app_channels
from bot.sandbox.slack.arguments import Arguments
from bot.sandbox.slack.content import parse_content
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.metadata import parse_metadata
from bot.sandbox.slack.records import Channel
from bot.sandbox.slack.state import State
from bot.sandbox.slack.wire import Json, SlackError

MAX_UPDATED_TEXT = 4000


def post_message(state: State, arguments: Arguments) -> Json:
    channel = app_channels.writable(state, arguments.required("channel"))
    thread_ts = arguments.text("thread_ts") or None
    message = state.by_app(
        parse_content(arguments.raw),
        thread_ts=thread_ts,
        is_broadcast=thread_ts is not None and arguments.flag("reply_broadcast"),
        metadata=parse_metadata(arguments),
    )
    posted = state.board.post(channel, message)
    shape = state.board.log(channel).render(posted, include_metadata=True)
    return {"channel": channel.id, "ts": posted.ts, "message": shape}


def post_ephemeral(state: State, arguments: Arguments) -> Json:
    channel = app_channels.writable(state, arguments.required("channel"))
    user = state.directory.user(arguments.required("user"))
    if user.id not in channel.members:
        raise SlackError("user_not_in_channel")
    message = state.by_app(parse_content(arguments.raw), thread_ts=arguments.text("thread_ts") or None)
    if state.board.can_show(channel, message.thread_ts):
        state.board.show_to(channel, user.id, message)
    return {"message_ts": message.ts}


def update(state: State, arguments: Arguments) -> Json:
    """Text without blocks removes the blocks and shows as edited; attachments and metadata not given stay."""
    channel = app_channels.writable_by_id(state, arguments.required("channel"))
    known = _own(state, channel, arguments.required("ts"), "cant_update_message")
    if len(arguments.text("text")) > MAX_UPDATED_TEXT:
        raise SlackError("msg_too_long")
    content = parse_content(arguments.raw)
    keeps_blocks = "blocks" not in arguments and "text" not in arguments
    changed = replace(
        known,
        text=content.text if "text" in arguments else known.text,
        blocks=known.blocks if keeps_blocks else content.blocks,
        attachments=content.attachments if "attachments" in arguments else known.attachments,
        metadata=parse_metadata(arguments) if "metadata" in arguments else known.metadata,
        edited_ts=known.edited_ts if content.blocks else state.board.timestamps.next(),
    )
    state.board.edit(channel, changed)
    shape = state.board.log(channel).render(changed, include_metadata=True)
    return {"channel": channel.id, "ts": changed.ts, "text": changed.text, "message": shape}


def delete(state: State, arguments: Arguments) -> Json:
    channel = app_channels.writable_by_id(state, arguments.required("channel"))
    message = _own(state, channel, arguments.required("ts"), "cant_delete_message")
    state.board.delete(channel, message)
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(state: State, arguments: Arguments) -> Json:
    channel = app_channels.known(state, arguments.required("channel"))
    message = state.board.find(channel, arguments.required("message_ts"))
    link = f"{state.base_url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts and message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


METHODS: Mapping[str, Callable[[State, Arguments], Json]] = {
    "chat.postMessage": post_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update,
    "chat.delete": delete,
    "chat.getPermalink": get_permalink,
}


def _own(state: State, channel: Channel, ts: str, error: str) -> Message:
    """A message by the app itself. Raises SlackError `message_not_found`, or `error` for someone else's."""
    message = state.board.find(channel, ts)
    if message.user != state.installation.bot_user:
        raise SlackError(error)
    return message
