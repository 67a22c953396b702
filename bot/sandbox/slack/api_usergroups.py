"""Web API: usergroups.*, and the one user group there is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.sandbox.slack.arguments import Arguments
from bot.sandbox.slack.records import SLACKBOT
from bot.sandbox.slack.seed import ALICE, BEN
from bot.sandbox.slack.state import State
from bot.sandbox.slack.wire import Json, SlackError


@dataclass(frozen=True)
class UserGroup:
    id: str
    handle: str
    name: str
    description: str
    members: tuple[str, ...]


USER_GROUPS = (UserGroup("S0DBADMINS1", "dba", "Database admins", "Ask them first", (ALICE, BEN)),)


def list_(state: State, arguments: Arguments) -> Json:
    counted, with_users = arguments.flag("include_count"), arguments.flag("include_users")
    team = state.installation.team.id
    return {
        "usergroups": [_shape(group, team, counted=counted, with_users=with_users) for group in USER_GROUPS]
    }


def users_list(state: State, arguments: Arguments) -> Json:  # noqa: ARG001  (the shape of every method)
    wanted = arguments.required("usergroup")
    for group in USER_GROUPS:
        if group.id == wanted:
            return {"users": list(group.members)}
    raise SlackError("no_such_subteam")


METHODS: Mapping[str, Callable[[State, Arguments], Json]] = {
    "usergroups.list": list_,
    "usergroups.users.list": users_list,
}


def _shape(group: UserGroup, team_id: str, *, counted: bool, with_users: bool) -> Json:
    return {
        "id": group.id,
        "team_id": team_id,
        "is_usergroup": True,
        "is_subteam": True,
        "is_external": False,
        "name": group.name,
        "description": group.description,
        "handle": group.handle,
        "date_create": 0,
        "date_update": 0,
        "date_delete": 0,
        "auto_type": None,
        "created_by": SLACKBOT,
        "updated_by": SLACKBOT,
        "deleted_by": None,
        "prefs": {"channels": [], "groups": []},
        **({"users": list(group.members)} if with_users else {}),
        **({"user_count": len(group.members)} if counted else {}),
    }
