"""What to look at before anybody relies on what was restored. Pure."""

from bot.restores.models import DuplicateConflict, Engine, RestoreRequest
from bot.slack.mrkdwn import code, time

_NAMES_SHOWN = 3
_LONGEST_NAME = 60
_OF_ENGINE = {
    Engine.MYSQL: "Do views, triggers and events work, and may the application's account use them?",
    Engine.MARIADB: "Do views, triggers and events work, and may the application's account use them?",
    Engine.DRDS: "Are all shards and broadcast tables there, with as many rows as you expect?",
    Engine.POSTGRESQL: "Are owners, extensions and sequences right? Has `ANALYZE` run?",
    Engine.MSSQL: "Is the database online, and do its users belong to logins of this server?",
    Engine.ORACLE: "Is the database open, and is anything in `dba_objects` marked `INVALID`?",
    Engine.MONGODB: "Are the indexes there (`getIndexes()`), and as many documents as you expect?",
    Engine.REDIS: "Are there as many keys as you expect (`DBSIZE`), and do they expire when they should?",
}
_ANY_ENGINE = "Is everything there that the application needs, and may its account use it?"


def checklist(request: RestoreRequest | None) -> tuple[str, ...]:
    """Questions that fit the engine, the time restored to, and what became of names."""
    if request is None:
        return ("Is the newest data as old as it should be?", _ANY_ENGINE)
    fits = next((_OF_ENGINE[engine] for engine in Engine if engine == request.engine), _ANY_ENGINE)
    return tuple(filter(None, (_newest(request), fits, _names(request))))


def _newest(request: RestoreRequest) -> str:
    at = request.spec.point.time
    if at is None:
        return "Is the newest data as old as the backup?"
    return f"Is the newest row you know from just before {time(at)}?"


def _names(request: RestoreRequest) -> str:
    if request.spec.duplicate_conflict is DuplicateConflict.RENAME:
        return "What had a name that was taken now has another: which names are new on the target?"
    renamed = [each.new_db_name for each in request.spec.objects if each.new_db_name]
    if not renamed:
        return ""
    names = ", ".join(code(name[:_LONGEST_NAME]) for name in renamed[:_NAMES_SHOWN])
    more = f" and {len(renamed) - _NAMES_SHOWN} more" if len(renamed) > _NAMES_SHOWN else ""
    return f"Does the application use the new names, {names}{more}?"
