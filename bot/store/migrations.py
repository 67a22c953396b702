"""The schema and how it came to be. Times are epoch seconds; JSON columns hold values of the domain."""

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("restorebot")


@migrations()
def m001_requests_tasks_links_outbox(db: Database) -> None:
    for statement in _FIRST:
        db.execute(statement)


@migrations()
def m002_accounts_and_passwords(db: Database) -> None:
    for statement in _SECOND:
        db.execute(statement)


_FIRST = (
    """
    CREATE TABLE requests (
        nonce TEXT PRIMARY KEY,
        client_token TEXT NOT NULL UNIQUE,
        task_name TEXT NOT NULL UNIQUE,
        state TEXT NOT NULL,
        restore_task_id TEXT UNIQUE,
        open INTEGER NOT NULL,
        due_at REAL NOT NULL,
        request TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX requests_open ON requests (due_at) WHERE open",
    """
    CREATE TABLE tasks (
        restore_task_id TEXT PRIMARY KEY,
        region TEXT NOT NULL,
        status TEXT,
        snapshot TEXT,
        tracked_since REAL NOT NULL,
        next_poll_at REAL
    ) STRICT
    """,
    "CREATE INDEX tasks_due ON tasks (next_poll_at) WHERE next_poll_at IS NOT NULL",
    """
    CREATE TABLE links (
        link_id INTEGER PRIMARY KEY,
        channel_id TEXT NOT NULL,
        thread_ts TEXT,
        nonce TEXT UNIQUE REFERENCES requests (nonce),
        restore_task_id TEXT REFERENCES tasks (restore_task_id),
        created_at REAL NOT NULL,
        changed_at REAL NOT NULL,
        card_version INTEGER NOT NULL DEFAULT 1,
        card_shown INTEGER NOT NULL DEFAULT 0,
        card_digest TEXT
    ) STRICT
    """,
    "CREATE INDEX links_task ON links (restore_task_id)",
    "CREATE INDEX links_stale ON links (link_id) WHERE card_shown < card_version",
    """
    CREATE TABLE outbox (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        event_id TEXT NOT NULL UNIQUE,
        link_id INTEGER NOT NULL REFERENCES links (link_id),
        kind TEXT NOT NULL,
        event TEXT,
        state TEXT NOT NULL CHECK (state IN ('new', 'sending', 'uncertain', 'sent', 'parked')),
        due_at REAL NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        created_at REAL NOT NULL,
        ts TEXT,
        note TEXT
    ) STRICT
    """,
    "CREATE INDEX outbox_pending ON outbox (link_id, sequence) WHERE state NOT IN ('sent', 'parked')",
)

_SECOND = (
    "ALTER TABLE tasks ADD COLUMN account TEXT NOT NULL DEFAULT 'default'",
    """
    CREATE TABLE passwords (
        nonce TEXT PRIMARY KEY REFERENCES requests (nonce),
        token TEXT NOT NULL,
        expires_at REAL NOT NULL
    ) STRICT
    """,
    "CREATE INDEX links_created ON links (created_at)",
)
