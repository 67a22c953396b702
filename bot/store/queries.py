"""The longer queries. A restore as its thread sees it is a link with the request and the task behind it."""

FOLLOWING = """
    SELECT links.*, requests.request, tasks.snapshot
    FROM links
    LEFT JOIN requests ON requests.nonce = links.nonce
    LEFT JOIN tasks ON tasks.restore_task_id = links.restore_task_id
"""

#: Three small sets, each by an index, however many links there are.
CURRENT = f"""
    {FOLLOWING}
    WHERE links.link_id IN (
        SELECT link_id FROM links WHERE created_at >= ?
        UNION SELECT link_id FROM requests JOIN links USING (nonce) WHERE requests.open
        UNION SELECT link_id FROM tasks JOIN links USING (restore_task_id) WHERE next_poll_at IS NOT NULL
    )
    ORDER BY links.link_id
"""  # noqa: S608 - made of constants alone

#: The first message of each thread that is not yet posted; nothing can go below a card that is not there.
HEADS = """
    SELECT outbox.*, outbox.state AS outbox_state, links.channel_id
    FROM outbox JOIN links USING (link_id)
    WHERE outbox.sequence IN (
        SELECT MIN(sequence) FROM outbox WHERE state NOT IN ('sent', 'parked') GROUP BY link_id
    )
    AND outbox.state IN ('new', 'uncertain')
    AND (outbox.event IS NULL OR links.thread_ts IS NOT NULL)
"""

NEXT_DUE = f"""
    SELECT MIN(due_at) AS at FROM ({HEADS}) AS heads
    WHERE heads.channel_id NOT IN (SELECT value FROM json_each(?))
"""  # noqa: S608 - made of constants alone

CLAIMABLE = f"""
    SELECT heads.event_id, heads.event, heads.outbox_state, heads.attempts,
        heads.created_at AS decided_at, following.*
    FROM ({HEADS}) AS heads JOIN ({FOLLOWING}) AS following USING (link_id)
    WHERE heads.due_at <= ? AND following.channel_id NOT IN (SELECT value FROM json_each(?))
    ORDER BY heads.sequence
"""  # noqa: S608 - made of constants alone
