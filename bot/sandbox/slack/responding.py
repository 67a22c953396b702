"""Answers beside the Web API: a command's acknowledgement, and what is posted to a response_url."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.sandbox.slack.arguments import Arguments
from bot.sandbox.slack.content import Content, parse_content
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.records import Channel
from bot.sandbox.slack.response_urls import ResponseUrl
from bot.sandbox.slack.state import State
from bot.sandbox.slack.wire import SlackError


def respond(state: State, url: ResponseUrl, body: Mapping[str, Any]) -> None:
    """Post, replace or delete as the body says; without a response_type only the person sees it.

    Raises SlackError as `parse_content`, `message_not_found` when the original is gone, `thread_not_found`,
    `is_archived`.
    """
    channel, arguments = state.directory.channel(url.channel), Arguments(body)
    if channel.is_archived:
        raise SlackError("is_archived")
    if arguments.flag("delete_original"):
        _delete(state, channel, url)
        return
    content = parse_content(body)
    if arguments.flag("replace_original") and url.original_ts:
        _replace(state, channel, url, content)
        return
    thread_ts = arguments.text("thread_ts") or None
    message = state.by_app(content, thread_ts=thread_ts)
    if body.get("response_type") == "in_channel":
        state.board.post(channel, message)
    elif state.board.can_show(channel, thread_ts):
        state.board.show_to(channel, url.user, message)
    url.original_ts = url.original_ts or message.ts


def _ephemeral(state: State, channel: Channel, url: ResponseUrl) -> Message | None:
    ephemerals = state.board.ephemerals(channel, url.user)
    return next((message for message in ephemerals if message.ts == url.original_ts), None)


def _replace(state: State, channel: Channel, url: ResponseUrl, content: Content) -> None:
    fields: dict[str, Any] = {
        "text": content.text,
        "blocks": content.blocks,
        "attachments": content.attachments,
    }
    if ephemeral := _ephemeral(state, channel, url):
        state.board.show_to(channel, url.user, replace(ephemeral, **fields))
        return
    original = state.board.find(channel, url.original_ts or "")
    state.board.edit(channel, replace(original, **fields))


def _delete(state: State, channel: Channel, url: ResponseUrl) -> None:
    if ephemeral := _ephemeral(state, channel, url):
        state.board.hide_from(channel, url.user, ephemeral.ts)
        return
    if url.original_ts is None:
        raise SlackError("message_not_found")
    state.board.delete(channel, state.board.find(channel, url.original_ts))
