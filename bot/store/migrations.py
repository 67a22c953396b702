"""The schema and how it came to be. Times are epoch seconds; JSON columns hold values of the domain."""

from contextlib import closing

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("restorebot")

#: Messages that are neither posted nor given up. The index on them is used by queries that say it like this.
PENDING = "state NOT IN ('sent', 'parked', 'folded')"


def unknown(db: Database) -> list[str]:
    """Migrations the database went through that this version does not have."""
    with closing(Database(memory=True)) as empty:
        known = {each.name for each in migrations.pending(empty)}
    return [each.name for each in migrations.applied(db) if each.name not in known]


@migrations()
def m001_requests_tasks_links_outbox(db: Database) -> None:
    for statement in _FIRST:
        db.execute(statement)


@migrations()
def m002_accounts_and_passwords(db: Database) -> None:
    for statement in _SECOND:
        db.execute(statement)


@migrations()
def m003_workers(db: Database) -> None:
    for statement in _THIRD:
        db.execute(statement)


@migrations()
def m004_watching(db: Database) -> None:
    for statement in _FOURTH:
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

_THIRD = (
    """
    CREATE TABLE workers (
        worker_id TEXT PRIMARY KEY,
        beat INTEGER NOT NULL DEFAULT 0,
        started_at REAL NOT NULL DEFAULT (unixepoch())
    ) STRICT
    """,
    "ALTER TABLE requests ADD COLUMN owner TEXT",
    "ALTER TABLE tasks ADD COLUMN owner TEXT",
    "ALTER TABLE tasks ADD COLUMN silent INTEGER NOT NULL DEFAULT 0",
    "DROP INDEX tasks_due",
    "CREATE INDEX tasks_due ON tasks (next_poll_at, owner) WHERE next_poll_at IS NOT NULL",
    "ALTER TABLE links ADD COLUMN editor TEXT",
    "ALTER TABLE links ADD COLUMN parked REAL",
    "ALTER TABLE links ADD COLUMN parked_reason TEXT",
    "ALTER TABLE links ADD COLUMN told_at REAL",
    "ALTER TABLE links ADD COLUMN reposted INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX links_changed ON links (changed_at)",
    "CREATE INDEX links_parked ON links (channel_id) WHERE parked IS NOT NULL",
    # A constraint on the states cannot be changed in place.
    "ALTER TABLE outbox RENAME TO earlier",
    """
    CREATE TABLE outbox (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        event_id TEXT NOT NULL UNIQUE,
        link_id INTEGER NOT NULL REFERENCES links (link_id),
        kind TEXT NOT NULL,
        event TEXT,
        state TEXT NOT NULL CHECK (state IN ('new', 'sending', 'uncertain', 'sent', 'parked', 'folded')),
        due_at REAL NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        created_at REAL NOT NULL,
        ts TEXT,
        note TEXT,
        owner TEXT,
        taken_over INTEGER NOT NULL DEFAULT 0,
        sweep_at REAL,
        folded_into TEXT,
        CHECK ((state = 'folded') = (folded_into IS NOT NULL))
    ) STRICT
    """,
    """
    INSERT INTO outbox (
        sequence, event_id, link_id, kind, event, state, due_at, attempts, created_at, ts, note, taken_over
    )
    SELECT
        sequence, event_id, link_id, kind, event,
        -- Nobody is known to be sending it any more, so nobody would give it back.
        CASE state WHEN 'sending' THEN 'uncertain' ELSE state END,
        CASE state WHEN 'sending' THEN unixepoch() + 60 ELSE due_at END,
        attempts, created_at, ts, note, state = 'sending'
    FROM earlier
    """,
    "DROP TABLE earlier",
    f"CREATE INDEX outbox_pending ON outbox (link_id, sequence) WHERE {PENDING}",
    "CREATE INDEX outbox_links ON outbox (link_id)",
    "CREATE INDEX outbox_sweeps ON outbox (sweep_at) WHERE sweep_at IS NOT NULL",
    "CREATE INDEX outbox_folded ON outbox (folded_into) WHERE folded_into IS NOT NULL",
)

_FOURTH = (
    "ALTER TABLE tasks ADD COLUMN backup_plan_id TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE tasks ADD COLUMN size INTEGER",
    "ALTER TABLE tasks ADD COLUMN ended_at REAL",
    "ALTER TABLE tasks ADD COLUMN given_up_by TEXT",
    "ALTER TABLE tasks ADD COLUMN given_up_at REAL",
    "ALTER TABLE links ADD COLUMN user_id TEXT",
    "ALTER TABLE links ADD COLUMN language TEXT NOT NULL DEFAULT 'en'",
    "ALTER TABLE links ADD COLUMN closed_at REAL",
    "UPDATE links SET user_id = (SELECT request ->> '$.user_id' FROM requests WHERE nonce = links.nonce)",
    """
    UPDATE tasks SET backup_plan_id = COALESCE(
        (SELECT request ->> '$.spec.backup_plan_id' FROM requests
            WHERE requests.restore_task_id = tasks.restore_task_id),
        snapshot ->> '$.backup_plan_id',
        ''
    )
    """,
    """
    UPDATE tasks SET ended_at = (
        SELECT MAX(changed_at) FROM links WHERE links.restore_task_id = tasks.restore_task_id
    ) WHERE next_poll_at IS NULL
    """,
    "CREATE INDEX tasks_plan ON tasks (backup_plan_id, ended_at)",
    "CREATE INDEX links_thread ON links (channel_id, thread_ts)",
    # A task is watched once in a channel.
    """
    CREATE UNIQUE INDEX links_watching ON links (restore_task_id, channel_id)
    WHERE nonce IS NULL AND closed_at IS NULL
    """,
    """
    CREATE TABLE homes (
        user_id TEXT PRIMARY KEY,
        opened_at REAL NOT NULL,
        language TEXT NOT NULL DEFAULT 'en',
        digest TEXT
    ) STRICT
    """,
)
