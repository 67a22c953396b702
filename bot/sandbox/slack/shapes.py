"""How people and channels look in answers: in the Web API's shape and in the page's."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.sandbox.slack.records import SLACKBOT, Channel, User
from bot.sandbox.slack.wire import Json


def api_user(user: User, *, team_id: str, include_locale: bool) -> Json:
    """A `user` object as users.info gives it."""
    return {
        "id": user.id,
        "team_id": team_id,
        "name": user.name,
        "deleted": False,
        "color": user.color.removeprefix("#"),
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": user.tz_label,
        "tz_offset": _tz_offset(user),
        "profile": _profile(user, team_id),
        "is_admin": False,
        "is_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": user.bot_id is not None,
        "is_app_user": False,
        "updated": 0,
        **({"locale": user.locale} if include_locale else {}),
    }


def page_user(user: User) -> Json:
    return {
        "id": user.id,
        "name": user.name,
        "real_name": user.real_name,
        "display_name": user.real_name,
        "color": user.color,
        # The Web API calls Slackbot no bot; here the flag says whom one can be on the page.
        "is_bot": not user.is_person,
        "tz": user.tz,
        "tz_label": user.tz_label,
        "tz_offset": _tz_offset(user),
        "locale": user.locale,
    }


def api_channel(channel: Channel, *, viewer: str, include_num_members: bool = True) -> Json:
    """A `channel` object as conversations.info gives it to `viewer`."""
    if channel.is_im:
        return {
            "id": channel.id,
            "created": channel.created,
            "is_im": True,
            "is_archived": False,
            "is_org_shared": False,
            "user": channel.im_with,
            "is_open": True,
        }
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": True,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_general": channel.name == "general",
        "is_shared": False,
        "is_member": viewer in channel.members,
        "created": channel.created,
        "creator": SLACKBOT,
        "topic": {"value": channel.topic, "creator": SLACKBOT, "last_set": channel.created},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        **({"num_members": len(channel.members)} if include_num_members else {}),
    }


def page_channel(channel: Channel, viewer: str) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "is_private": channel.is_private,
        "is_im": channel.is_im,
        "is_archived": channel.is_archived,
        "is_member": viewer in channel.members,
        "topic": channel.topic,
        "num_members": len(channel.members),
        **({"user": next(iter(channel.members - {viewer}), viewer)} if channel.is_im else {}),
    }


def _profile(user: User, team_id: str) -> Json:
    return {
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.real_name,
        "display_name_normalized": user.real_name,
        "team": team_id,
        **({"bot_id": user.bot_id} if user.bot_id else {"email": f"{user.name}@example.com"}),
    }


def _tz_offset(user: User) -> int:
    """Seconds east of UTC, now."""
    offset = datetime.now(ZoneInfo(user.tz)).utcoffset()
    return int(offset.total_seconds()) if offset else 0
