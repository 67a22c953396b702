"""One SQLite connection, owned by one thread; every piece of work is one transaction."""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database

from bot.errors import ConfigurationError, StoreError
from bot.store.migrations import migrations, unknown

T = TypeVar("T")

#: Shorter than the time a form has to be saved in, and than the time stopping may take.
BUSY_TIMEOUT_MS = 1500
#: At start another process may be changing the schema of a large database.
OPENING_TIMEOUT_MS = 30_000
_PREFIX = "sqlite:///"


def database_path(url: str) -> Path:
    """`sqlite:///restorebot.db` is a file in the current folder, `sqlite:////var/x.db` an absolute one.

    Raises `ConfigurationError` for any other kind of address.
    """
    if not url.startswith(_PREFIX) or len(url) == len(_PREFIX):
        raise ConfigurationError("DATABASE_URL must look like sqlite:///restorebot.db")
    return Path(url.removeprefix(_PREFIX))


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
        except BaseException as error:
            executor.shutdown(wait=False)
            if isinstance(error, sqlite3.Error):
                raise StoreError(f"The database {path} cannot be opened: {error}.") from error
            raise

    async def run(self, work: Callable[[Database], T]) -> T:
        """The result of `work`, whose writes are committed together or not at all. Raises `StoreError`."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._executor, _in_transaction, self._db, work)
        except sqlite3.Error as error:
            raise StoreError(f"The database cannot be used: {error}.") from error

    async def faults(self) -> list[str]:
        """What SQLite finds wrong with the file; it holds up no other process. Raises `StoreError`."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._executor, _quick_check, self._db)
        except sqlite3.Error as error:
            raise StoreError(f"The database cannot be read: {error}.") from error

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._executor, self._db.close)
        self._executor.shutdown()


def _open(path: Path) -> Database:
    connection = sqlite3.connect(path, isolation_level=None)
    db = Database(connection)
    try:
        connection.execute(f"PRAGMA busy_timeout={OPENING_TIMEOUT_MS}")
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        _in_transaction(db, partial(_migrate, path))
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    except BaseException:
        connection.close()
        raise
    return db


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Of several that change the journal at once SQLite refuses some without waiting."""
    until = time.monotonic() + OPENING_TIMEOUT_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _migrate(path: Path, db: Database) -> None:
    """Bring the schema up to date; whoever else opens the database waits for it. Raises `StoreError`."""
    if unknown(db):
        raise StoreError(
            f"The database {path} is of a newer version of restorebot. Install that one, or a later one."
        )
    migrations.apply(db)


def _quick_check(db: Database) -> list[str]:
    try:
        found = [row[0] for row in db.conn.execute("PRAGMA quick_check(10)")]
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        return [str(error)]
    lines = [line for each in found for line in each.splitlines() if not line.startswith("***")]
    return [] if lines == ["ok"] else lines


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
