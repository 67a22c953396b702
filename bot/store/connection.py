"""One SQLite connection, owned by one thread; every piece of work is one transaction."""

import asyncio
import fcntl
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database

from bot.errors import ConfigurationError, StoreError
from bot.store.migrations import migrations

T = TypeVar("T")

#: Shorter than the time a form has to be saved in, and than the time stopping may take.
BUSY_TIMEOUT_MS = 1500
_PREFIX = "sqlite:///"


def database_path(url: str) -> Path:
    """`sqlite:///restorebot.db` is a file in the current folder, `sqlite:////var/x.db` an absolute one.

    Raises `ConfigurationError` for any other kind of address.
    """
    if not url.startswith(_PREFIX) or len(url) == len(_PREFIX):
        raise ConfigurationError("DATABASE_URL must look like sqlite:///restorebot.db")
    return Path(url.removeprefix(_PREFIX))


@contextmanager
def sole_user(path: Path) -> Iterator[None]:
    """One bot per database: two would both act on the same requests. Raises `StoreError`.

    The lock goes with the process, however it ends.
    """
    try:
        lock = path.with_name(f"{path.name}.lock").open("w")
    except OSError as error:
        raise StoreError(f"The database {path} cannot be opened: {error.strerror}.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StoreError(f"Another restorebot uses the database {path}.") from error
        yield


class Connection:
    """Runs synchronous functions of a `Database`, one after the other, away from the event loop."""

    def __init__(self, executor: ThreadPoolExecutor, db: Database) -> None:
        self._executor = executor
        self._db = db

    @classmethod
    async def open(cls, path: Path) -> "Connection":
        """Open or make the file and bring its schema up to date. Raises `StoreError`."""
        executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        loop = asyncio.get_running_loop()
        try:
            return cls(executor, await loop.run_in_executor(executor, _open, path))
        except sqlite3.Error as error:
            executor.shutdown(wait=False)
            raise StoreError(f"The database {path} cannot be opened: {error}.") from error

    async def run(self, work: Callable[[Database], T]) -> T:
        """The result of `work`, whose writes are committed together or not at all. Raises `StoreError`."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._executor, _in_transaction, self._db, work)
        except sqlite3.Error as error:
            raise StoreError(f"The database cannot be used: {error}.") from error

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._executor, self._db.close)
        self._executor.shutdown()


def _open(path: Path) -> Database:
    connection = sqlite3.connect(path, isolation_level=None)
    db = Database(connection)
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
    _in_transaction(db, migrations.apply)
    return db


def _in_transaction(db: Database, work: Callable[[Database], T]) -> T:
    """A transaction takes the write lock at once: one that reads first could not get it later."""
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        result = work(db)
        db.conn.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise
    return result
