"""The longer queries. A restore as its thread sees it is a link with the request and the task behind it."""

from bot.store.migrations import PENDING

FOLLOWING = """
    SELECT links.*, requests.request, tasks.snapshot, tasks.account, tasks.region,
        tasks.silent AS dbs_silent, tasks.given_up_by, tasks.given_up_at, tasks.ended_at
    FROM links
    LEFT JOIN requests ON requests.nonce = COALESCE(links.nonce, (
        SELECT nonce FROM requests AS behind WHERE behind.restore_task_id = links.restore_task_id
    ))
    LEFT JOIN tasks ON tasks.restore_task_id = links.restore_task_id
"""

#: One thread of each restore: its own, or the first that watches a task nobody asked for here.
_FIRST = """
    (links.nonce IS NOT NULL OR links.link_id = (
        SELECT MIN(link_id) FROM links AS watching
        WHERE watching.restore_task_id = links.restore_task_id AND watching.closed_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM requests WHERE requests.restore_task_id = watching.restore_task_id)
    ))
"""

#: As it is compared, however DBS writes it.
_STATUS = "lower(trim(IFNULL(tasks.status, '')))"
#: Those that wait for a start nobody will order.
_LEFT = f"(tasks.given_up_by IS NOT NULL AND {_STATUS} IN ('', 'init', 'check_pass'))"
_ACTIVE = f"(IFNULL(requests.open, 0) OR tasks.next_poll_at IS NOT NULL) AND NOT {_LEFT}"

_ONES = f"""
    FROM ({FOLLOWING} WHERE {_FIRST} AND CASE :scope WHEN 'active' THEN {_ACTIVE} WHEN 'ended' THEN
        tasks.ended_at IS NOT NULL OR {_LEFT} ELSE TRUE END
        AND (:user_id IS NULL OR links.user_id = :user_id)
        AND (:plan IS NULL OR tasks.backup_plan_id = :plan
            OR requests.request ->> '$.spec.backup_plan_id' = :plan
            OR instr(lower(requests.request ->> '$.plan_name'), lower(:plan))
            OR instr(lower(tasks.snapshot ->> '$.plan_name'), lower(:plan)))
    )
"""

_ENDED_FIRST = "CASE :scope WHEN 'ended' THEN IFNULL(ended_at, given_up_at) END DESC"
PAGE = f"SELECT * {_ONES} ORDER BY {_ENDED_FIRST}, link_id DESC LIMIT :most OFFSET :start"
COUNT = f"SELECT COUNT(*) AS n {_ONES}"

#: By the whole id or name, with the mark of a request or without, before a part of one, the newest first.
NAMED = f"""
    {FOLLOWING}
    WHERE {_FIRST} AND (
        links.restore_task_id = :text OR requests.nonce = :text
        OR instr(lower(requests.task_name), lower(:text))
        OR instr(lower(requests.request ->> '$.plan_name'), lower(:text))
        OR instr(lower(tasks.snapshot ->> '$.name'), lower(:text))
        OR instr(lower(tasks.snapshot ->> '$.plan_name'), lower(:text))
    )
    ORDER BY links.restore_task_id IS :text DESC,
        (lower(requests.task_name) IS lower(:text) OR lower(tasks.snapshot ->> '$.name') IS lower(:text)
            OR instr(lower(requests.task_name), lower(:text) || ' rb-') IS 1) DESC,
        links.link_id DESC
    LIMIT :most
"""

#: Small sets, each by an index, however many links there are. What was asked for a moment ago is open,
#: whatever the clock says of who asked.
_ASKED = """
    SELECT link_id FROM links WHERE created_at >= ?
    UNION SELECT link_id FROM requests JOIN links USING (nonce) WHERE requests.open
"""
_FOLLOWED = "SELECT link_id FROM tasks JOIN links USING (restore_task_id) WHERE next_poll_at IS NOT NULL"
ASKED = f"{FOLLOWING} WHERE links.link_id IN ({_ASKED}) AND {_FIRST} ORDER BY links.link_id"
CURRENT = (
    f"{FOLLOWING} WHERE links.link_id IN ({_ASKED} UNION {_FOLLOWED}) AND {_FIRST} ORDER BY links.link_id"
)

#: The first message of each thread that is not yet posted; nothing can go below a card that is not there.
#: Not of a thread of which one is under way, or held by another worker: it could come late.
_HEADS = f"""
    SELECT outbox.*, outbox.state AS outbox_state, outbox.created_at AS decided_at, links.channel_id,
        MAX(outbox.due_at, COALESCE(links.parked, 0)) AS ready_at
    FROM outbox JOIN links USING (link_id)
    WHERE outbox.sequence IN (SELECT MIN(sequence) FROM outbox WHERE {PENDING} GROUP BY link_id)
    AND outbox.state IN ('new', 'uncertain')
    AND (outbox.event IS NULL OR links.thread_ts IS NOT NULL)
    AND NOT EXISTS (
        SELECT 1 FROM outbox AS held
        WHERE held.link_id = outbox.link_id AND held.{PENDING}
        AND (held.state = 'sending' OR held.owner <> :me)
    )
    AND links.channel_id NOT IN (SELECT value FROM json_each(:busy))
"""  # noqa: S608 - made of constants alone

NEXT_DUE = f"""
    SELECT MIN(at) AS at FROM (
        SELECT MIN(ready_at) AS at FROM ({_HEADS})
        UNION ALL SELECT MIN(sweep_at) FROM outbox WHERE sweep_at IS NOT NULL
    )
"""  # noqa: S608 - made of constants alone

_OUTGOING = """
    SELECT message.event_id, message.event, message.outbox_state, message.attempts, message.decided_at,
        message.owner, message.taken_over, message.ts, following.*
"""

#: A few of each channel: what is claimed and not posted has to be given back, and after a crash looked for.
CLAIMABLE = f"""
    {_OUTGOING}
    FROM (
        SELECT *, ROW_NUMBER() OVER (PARTITION BY channel_id ORDER BY sequence) AS place
        FROM ({_HEADS}) WHERE ready_at <= :now OR ready_at > :farthest
    ) AS message JOIN ({FOLLOWING}) AS following USING (link_id)
    WHERE message.place <= :most
    ORDER BY message.sequence
"""  # noqa: S608 - made of constants alone

_MESSAGES = "SELECT outbox.*, outbox.state AS outbox_state, outbox.created_at AS decided_at FROM outbox"

BEHIND = f"""
    {_OUTGOING}
    FROM ({_MESSAGES}) AS message JOIN ({FOLLOWING}) AS following USING (link_id)
    WHERE message.link_id = :link_id AND message.{PENDING} AND message.state = 'new'
    AND message.sequence > (SELECT sequence FROM outbox WHERE event_id = :event_id)
    ORDER BY message.sequence
"""  # noqa: S608 - made of constants alone

SWEEPABLE = f"""
    {_OUTGOING}
    FROM ({_MESSAGES}) AS message JOIN ({FOLLOWING}) AS following USING (link_id)
    WHERE message.sweep_at IS NOT NULL AND message.state = 'sent'
    AND (message.sweep_at <= :now OR message.sweep_at > :farthest)
    ORDER BY message.sweep_at LIMIT 100
"""

#: The task is not yet running, waits for somebody, or is over; or the thread is.
_AT_REST = f"""
    (tasks.ended_at IS NOT NULL OR links.closed_at IS NOT NULL
    OR {_STATUS} IN ('', 'init', 'check_pass', 'pause', 'stop'))
"""

#: A parked link's card waits for the link.
#: All cards of a task change at one moment. Slack may take an edit of one: of that which missed the most.
STALE = f"""
    {FOLLOWING}
    WHERE card_shown < card_version AND thread_ts IS NOT NULL AND (editor IS NULL OR editor = :me)
    AND NOT IFNULL(parked > :now AND parked <= :farthest, 0)
    AND link_id NOT IN (SELECT value FROM json_each(:waiting))
    ORDER BY {_AT_REST} DESC, IFNULL(:turns ->> ('$.' || link_id), -1),
        changed_at, card_version - card_shown DESC
    LIMIT :most
"""  # noqa: S608 - made of constants alone

CARRIED = """
    SELECT folded_into, event FROM outbox
    WHERE folded_into IN (SELECT value FROM json_each(?)) ORDER BY sequence
"""

_FREE = """
    (owner IS NULL OR owner = :me) AND NOT EXISTS (
        SELECT 1 FROM json_each(:busy) WHERE value ->> 0 = tasks.account AND value ->> 1 = tasks.region
    )
"""

#: Two ranges of one index, so that what is far from due is not looked at.
DUE_TASKS = f"""
    UPDATE tasks SET owner = :me WHERE restore_task_id IN (
        SELECT restore_task_id FROM (
            SELECT restore_task_id FROM tasks WHERE next_poll_at <= :now AND {_FREE}
            ORDER BY next_poll_at LIMIT :most
        )
        UNION ALL SELECT restore_task_id FROM tasks WHERE next_poll_at > :horizon AND {_FREE}
        LIMIT :most
    )
    RETURNING *
"""  # noqa: S608 - made of constants alone

NEXT_POLL = f"SELECT MIN(next_poll_at) AS at FROM tasks WHERE next_poll_at IS NOT NULL AND {_FREE}"  # noqa: S608 - made of constants alone

ENDED = f"""
    SELECT links.link_id, links.nonce, links.restore_task_id
    FROM links
    LEFT JOIN requests ON requests.nonce = links.nonce
    LEFT JOIN tasks ON tasks.restore_task_id = links.restore_task_id
    WHERE links.changed_at < ?
    AND requests.open IS NOT 1
    AND tasks.next_poll_at IS NULL
    AND NOT EXISTS (
        SELECT 1 FROM outbox WHERE outbox.link_id = links.link_id AND ({PENDING} OR sweep_at IS NOT NULL)
    )
    ORDER BY links.changed_at LIMIT ?
"""  # noqa: S608 - made of constants alone
