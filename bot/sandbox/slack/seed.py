"""The people and channels every local workspace starts with."""

from bot.sandbox.slack.installation import Installation
from bot.sandbox.slack.records import SLACKBOT, Channel, User

ALICE, BEN, MARA = "U0ALICECHEN", "U0BENOKORO1", "U0MARASILVA"


def users(installation: Installation) -> list[User]:
    """Three people in three time zones, of whom Ben reads Chinese, Slackbot, and the app's bot user."""
    return [
        User(ALICE, "alice", "Alice Chen", "#4a7bd0", "Asia/Shanghai", "China Standard Time"),
        User(BEN, "ben", "Ben Okoro", "#b8563f", "Europe/Berlin", "Central European Time", "zh-CN"),
        User(MARA, "mara", "Mara Silva", "#2f8f6b", "America/Sao_Paulo", "Brasilia Time", "pt-BR"),
        User(SLACKBOT, "slackbot", "Slackbot", "#757575", "UTC", "Coordinated Universal Time"),
        User(
            installation.bot_user,
            "restorebot",
            installation.app_name,
            "#7a4bb5",
            "UTC",
            "Coordinated Universal Time",
            bot_id=installation.bot_id,
        ),
    ]


def channels(installation: Installation, *, created: int) -> list[Channel]:
    """The app is in three of the public channels; Mara is only in #general."""
    people = frozenset({ALICE, BEN})
    served = people | {installation.bot_user}
    return [
        Channel("C0DBONCALL1", "db-oncall", served, "Databases on call", created=created),
        Channel(
            "C0DBCHANGES", "database-changes", served, "Who changes which database, and when", created=created
        ),
        Channel("C0GENERAL01", "general", served | {MARA}, "Everyone, everything", created=created),
        Channel("C0RANDOM001", "random", people, "Whatever else there is", created=created),
        Channel(
            "C0DBAPRIVAT",
            "dba-private",
            people,
            "For the database administrators",
            is_private=True,
            created=created,
        ),
        Channel(
            "C0OLDONCALL",
            "old-oncall",
            served,
            "Its successor is #db-oncall",
            is_archived=True,
            created=created,
        ),
    ]
