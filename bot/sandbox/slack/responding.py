"""Answers beside the Web API: a command's acknowledgement, and what is posted to a response_url."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.sandbox.slack.content import Content, parse_content
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.records import Channel
from bot.sandbox.slack.response_urls import ResponseUrl
from bot.sandbox.slack.state import State
from bot.sandbox.slack.wire import SlackError


def respond(state: State, url: ResponseUrl, body: Mapping[str, Any]) -> None:
    """Post, replace or delete as the body says; without a response_type only the person sees it.

    Raises SlackError as `parse_content`, `message_not_found` when the original is gone, `thread_not_found`.
    """
    channel = state.directory.channel(url.channel)
    if body.get("delete_original"):
        _delete(state, channel, url)
        return
    content = parse_content(body)
    if body.get("replace_original") and url.original_ts:
        _replace(state, channel, url, content)
        return
    thread_ts = str(body.get("thread_ts") or "") or None
    message = state.by_app(content, thread_ts=thread_ts)
    if body.get("response_type") == "in_channel":
        state.board.post(channel, message)
    else:
        state.board.whisper(channel, url.user, message)
    url.original_ts = url.original_ts or message.ts


def _whispered(state: State, channel: Channel, url: ResponseUrl) -> Message | None:
    whispers = state.board.whispers(channel, url.user)
    return next((message for message in whispers if message.ts == url.original_ts), None)


def _replace(state: State, channel: Channel, url: ResponseUrl, content: Content) -> None:
    fields: dict[str, Any] = {
        "text": content.text,
        "blocks": content.blocks,
        "attachments": content.attachments,
    }
    if whisper := _whispered(state, channel, url):
        state.board.whisper(channel, url.user, replace(whisper, **fields))
        return
    original = state.board.find(channel, url.original_ts or "")
    state.board.edit(channel, replace(original, **fields))


def _delete(state: State, channel: Channel, url: ResponseUrl) -> None:
    if whisper := _whispered(state, channel, url):
        state.board.unwhisper(channel, url.user, whisper.ts)
        return
    if url.original_ts is None:
        raise SlackError("message_not_found")
    state.board.delete(channel, state.board.find(channel, url.original_ts))
