"""Logs: one line per transition, ids as fields, never what a person typed."""

import logging
import sys

import structlog


def configure(level: int = logging.INFO) -> None:
    """Send everything to standard error. Libraries that would print payloads or URLs stay above DEBUG."""
    logging.basicConfig(
        level=level, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    for name in ("slack_sdk", "aiohttp.access", "asyncio"):
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    # Bolt warns that a token in the environment goes unused beside a client: here that is always so.
    logging.getLogger("slack_bolt").setLevel(max(level, logging.ERROR))
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S"),
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                # The one it takes by itself where it finds rich shows local variables: passwords, too.
                exception_formatter=structlog.dev.plain_traceback,
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
