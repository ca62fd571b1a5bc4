"""Structured logs: one JSON object a line, with the request or task it belongs to; never content."""

from __future__ import annotations

import logging

import structlog
from structlog.typing import Processor

_shared: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def current_request_id() -> str:
    """Return the id of the request that is being answered; '' outside of one."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def make_formatter() -> logging.Formatter:
    """Return the formatter of the root handler, and send structlog's own events through it."""
    structlog.configure(
        processors=[*_shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
    )
