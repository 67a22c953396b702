"""Where requests, tasks, links and the outbox are kept."""
