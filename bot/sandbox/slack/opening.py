"""What a person does with the app itself: open its Home, or its direct conversation."""

from bot.sandbox.slack.records import Channel
from bot.sandbox.slack.state import State
from bot.sandbox.slack.wire import Json


def open_home(state: State, user: str) -> Json | None:
    """Open the Home tab: the app hears of it, and the view it published so far comes back, if any."""
    home = state.homes.of(user)
    published = None if home is None else home.to_json(state.installation)
    state.events.app_home_opened(user, state.directory.open_im(user), "home", published)
    return state.homes.page_view(user)


def open_im(state: State, user: str) -> Channel:
    """Open the direct conversation with the app, which is its Messages tab."""
    channel = state.directory.open_im(user)
    state.events.app_home_opened(user, channel, "messages", None)
    return channel
