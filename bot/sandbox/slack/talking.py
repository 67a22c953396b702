"""What a person does in the composer: write a message, or run a slash command."""

from typing import Any

from bot.sandbox.slack import payloads
from bot.sandbox.slack.content import MAX_TEXT
from bot.sandbox.slack.linking import linked
from bot.sandbox.slack.records import Channel
from bot.sandbox.slack.responding import respond
from bot.sandbox.slack.route import NoAnswer
from bot.sandbox.slack.state import State
from bot.sandbox.slack.wire import PersonError, SlackError


def readable(state: State, user: str, ref: str) -> Channel:
    """A channel this person can open. Raises PersonError."""
    try:
        channel = state.directory.channel(ref)
    except SlackError as error:
        raise PersonError("There is no such channel.") from error
    if user not in state.directory.audience(channel):
        raise PersonError("There is no such channel.")
    return channel


def writable(state: State, user: str, ref: str) -> Channel:
    """A channel this person can write in. Raises PersonError."""
    channel = readable(state, user, ref)
    if channel.is_archived:
        raise PersonError(f"#{channel.name} is archived.")
    if user not in channel.members:
        raise PersonError(f"You are not a member of #{channel.name}.")
    return channel


def join(state: State, user: str, ref: str) -> Channel:
    """Come into a public channel; what was written before is no news. Raises PersonError."""
    channel = readable(state, user, ref)
    if channel.is_archived:
        raise PersonError(f"#{channel.name} is archived.")
    joined = state.directory.join(channel, user)
    state.reading.mark(joined, user)
    return joined


def post(state: State, user: str, channel: Channel, text: str, thread_ts: str | None = None) -> None:
    """Post what the person typed. Raises PersonError."""
    if not text.strip():
        raise PersonError("There is nothing to send.")
    if len(text) > MAX_TEXT:
        raise PersonError("This message is too long.")
    sent = linked(text, state.directory.users, state.directory.visible_to(user))
    try:
        message = state.board.post(channel, state.by_person(user, sent, thread_ts=thread_ts))
    except SlackError as error:
        raise PersonError("This thread is gone.") from error
    state.events.said(channel, message.to_json())


async def run_command(
    state: State, user: str, channel: Channel, line: str, thread_ts: str | None = None
) -> None:
    """Send the line ("/restore help") to the app and show its answer. What goes wrong, Slackbot says."""
    name, _, text = line.strip().partition(" ")
    if name == "/invite":
        _invite(state, user, channel, text.strip().removeprefix("@"))
        return
    if state.installation.command(name) is None:
        state.slackbot_says(channel, user, _unknown(name), thread_ts)
        return
    if thread_ts is not None:
        state.slackbot_says(channel, user, f"{name} is not supported in threads. Sorry!", thread_ts)
        return
    url = state.response_urls.issue(channel.id, user)
    address = state.address_of(url)
    payload = payloads.slash_command(state.actor(user), channel, name, text.strip(), address)
    try:
        answer = _as_body(await state.route.ask("slash_commands", payload))
        if answer:
            respond(state, url, answer)
    except NoAnswer as failure:
        sentence = f"{name} failed because the app {failure.words} ({failure.code})."
        state.slackbot_says(channel, user, sentence)
    except SlackError as error:
        sentence = f"{name} failed because the app's answer cannot be shown ({error.error})."
        state.slackbot_says(channel, user, sentence)


def _invite(state: State, user: str, channel: Channel, name: str) -> None:
    """Slack's own command: whoever is named comes into the channel."""
    for someone in state.directory.users:
        if name in {someone.name, someone.real_name, f"<{someone.id}>"}:
            state.directory.join(channel, someone.id, inviter=user)
            state.slackbot_says(channel, user, f"<@{someone.id}> is in the channel now.")
            return
    state.slackbot_says(channel, user, f"Nobody here is called {name or 'that'}. Type `/invite @restorebot`.")


def _as_body(answer: Any) -> dict[str, Any]:
    if isinstance(answer, str):
        return {"text": answer} if answer else {}
    return answer if isinstance(answer, dict) else {}


def _unknown(name: str) -> str:
    return (
        f"`{name}` is not a valid command. A message that starts with a “/” is taken for one; "
        "to send it as it is, put a space before the “/”."
    )
