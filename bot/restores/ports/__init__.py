"""What the domain needs from outside, so that it imports neither a database nor HTTP nor Slack."""

from bot.restores.ports.dbs import Dbs
from bot.restores.ports.outbox import FARTHEST, Outbox
from bot.restores.ports.requests import CREATION_OPEN, Beside, PasswordStore, RequestStore, SealedPassword
from bot.restores.ports.roster import Home, Homes, Roster, Watched, Watching
from bot.restores.ports.tasks import History, TaskStore
from bot.restores.ports.workers import WorkerStore

__all__ = [
    "CREATION_OPEN",
    "FARTHEST",
    "Beside",
    "Dbs",
    "History",
    "Home",
    "Homes",
    "Outbox",
    "PasswordStore",
    "RequestStore",
    "Roster",
    "SealedPassword",
    "TaskStore",
    "Watched",
    "Watching",
    "WorkerStore",
]
