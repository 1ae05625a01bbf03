"""What did the program do? One JSON line per event, with the request's id and nothing about persons."""

import logging
import sys

import structlog

SAFE_EVENT_KEYS = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "request_id",
        "method",
        "endpoint",
        "status",
        "ms",
        "user_id",
        "target_id",
        "reason",
        "kind",
        "rows",
        "error",
        "where",
        "exc_type",
        "head",
        "mail",  # where there is no mail server: numbers and links, never content
    }
)


def _only_safe_keys(_logger: object, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Drops every key that is not on the list: a log line can never carry a form's content by mistake."""
    return {key: value for key, value in event.items() if key in SAFE_EVENT_KEYS}


def configure_logging(level: int = logging.INFO) -> None:
    """Sets structlog up to write JSON to standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_safe_keys,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def log() -> structlog.typing.FilteringBoundLogger:
    """The program's logger."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger()
    return logger
