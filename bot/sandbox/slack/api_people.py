"""Web API: who is who (auth.*, api.*, apps.*, bots.*, users.*)."""

from collections.abc import Callable, Mapping

from bot.sandbox.slack.arguments import Arguments
from bot.sandbox.slack.paging import limit_of, page
from bot.sandbox.slack.shapes import api_user
from bot.sandbox.slack.state import State
from bot.sandbox.slack.wire import Json, SlackError


def api_test(state: State, arguments: Arguments) -> Json:  # noqa: ARG001  (the shape of every method)
    """Echo; with `error` the answer is that error."""
    if "error" in arguments:
        raise SlackError(arguments.text("error"), args=dict(arguments.raw))
    return {"args": dict(arguments.raw)}


def auth_test(state: State, arguments: Arguments) -> Json:  # noqa: ARG001  (the shape of every method)
    installation = state.installation
    return {
        "url": f"{state.base_url}/",
        "team": installation.team.name,
        "team_id": installation.team.id,
        "user": state.directory.user(installation.bot_user).name,
        "user_id": installation.bot_user,
        "bot_id": installation.bot_id,
        "is_enterprise_install": False,
    }


def connections_open(state: State, arguments: Arguments) -> Json:  # noqa: ARG001  (the shape of every method)
    ticket, app_id = state.sockets.ticket(), state.installation.app_id
    return {"url": f"{state.base_url.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={app_id}"}


def bots_info(state: State, arguments: Arguments) -> Json:
    installation = state.installation
    if arguments.text("bot", installation.bot_id) != installation.bot_id:
        raise SlackError("bot_not_found")
    return {"bot": {**installation.bot_profile(), "user_id": installation.bot_user}}


def users_info(state: State, arguments: Arguments) -> Json:
    user = state.directory.user(arguments.required("user"))
    team, with_locale = state.installation.team.id, arguments.flag("include_locale")
    return {"user": api_user(user, team_id=team, include_locale=with_locale)}


def users_list(state: State, arguments: Arguments) -> Json:
    limit = limit_of(arguments, 0, least=0) or 1000  # Slack's own default is 0: as many as there are
    piece, metadata = page(state.directory.users, arguments.text("cursor"), limit, key=lambda user: user.id)
    team, with_locale = state.installation.team.id, arguments.flag("include_locale")
    members = [api_user(user, team_id=team, include_locale=with_locale) for user in piece]
    return {"members": members, "response_metadata": metadata}


METHODS: Mapping[str, Callable[[State, Arguments], Json]] = {
    "api.test": api_test,
    "auth.test": auth_test,
    "apps.connections.open": connections_open,
    "bots.info": bots_info,
    "users.info": users_info,
    "users.list": users_list,
}
