"""Structured logs: one JSON object a line in service, readable lines on a desk; one correlation id throughout.

A line break in a value cannot start a second line, and values of members that hold secrets are masked. What a
client got wrong is no fault of ours: it is never an error, and it has no trace. With a file, everything goes
there and the terminal shows errors only.
"""

import logging
import logging.config
import logging.handlers
from typing import Any

import structlog

from portal.personal import masked

SECRET_MEMBERS = ("password", "secret", "token", "authorization", "cookie", "signature_key")
FILE_BYTES = 10_000_000
OLD_FILES = 3
ESCAPED = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))} | {10: "\\n", 13: "\\r"}


def mask_secrets(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    """Replace values of secret members, at any depth of one."""
    for name in event:
        if any(word in name.lower() for word in SECRET_MEMBERS):
            event[name] = "***"
    return event


def mask_numbers(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    """Show only the last digits of personal numbers, in whatever text they stand."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = masked(value)
        elif isinstance(value, dict | list | tuple | BaseException):
            said = str(value)
            event[name] = value if masked(said) == said else masked(said)
    return event


def flatten_lines(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    """Keep each record on one line of characters that can be seen."""
    for name, value in event.items():
        if isinstance(value, str) and name != "exception":
            event[name] = value.translate(ESCAPED)
    return event


class KnownRefusals(logging.Filter):
    """The framework's own records of bad requests at their weight, one line each; below the level they are dropped.

    A request that is refused before any page sees it (a forged host, a body too large) is a warning; a page that
    answers 4xx is news, which the line of the request tells already.
    """

    def __init__(self, level: int | str) -> None:
        super().__init__()
        self.level = logging.getLevelNamesMapping()[level] if isinstance(level, str) else level

    def filter(self, record: logging.LogRecord) -> bool:
        """False where the record weighs less than what is logged."""
        if record.name.startswith("django.security"):
            _weigh(record, logging.WARNING)
        elif record.name == "django.request" and getattr(record, "status_code", 500) < 500:
            _weigh(record, logging.INFO)
        return record.levelno >= self.level


def _weigh(record: logging.LogRecord, level: int) -> None:
    record.levelno, record.levelname = level, logging.getLevelName(level)
    record.exc_info = record.exc_text = None


def _handlers(options: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Standard error; with a file, the file for everything and standard error for errors."""
    terminal = {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["heavy_enough"]}
    path = options.get("file")
    if not path:
        return {"stderr": terminal}
    kept = {
        "class": "logging.handlers.RotatingFileHandler", "filename": str(path), "maxBytes": FILE_BYTES,
        "backupCount": OLD_FILES, "encoding": "utf-8", "delay": True,
    }  # fmt: skip
    return {"file": terminal | kept, "stderr": terminal | {"filters": ["errors"]}}


def configure(options: dict[str, Any]) -> None:
    """Set up standard logging and structlog alike (Django's LOGGING_CONFIG)."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.format_exc_info,
        mask_secrets,
        mask_numbers,
        flatten_lines,
    ]
    renderer = (
        structlog.processors.JSONRenderer() if options.get("json") else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    }
    level, handlers = options.get("level", "INFO"), _handlers(options)
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"plain": formatter},
            "filters": {
                "heavy_enough": {"()": KnownRefusals, "level": level},
                "errors": {"()": KnownRefusals, "level": "ERROR"},
            },
            "handlers": handlers,
            "root": {"handlers": list(handlers), "level": level},
            "loggers": {
                "django.server": {"level": "WARNING"},
                "httpx": {"level": "WARNING"},
                "celery": {"level": "WARNING"},
                "kombu": {"level": "ERROR"},
                "axes": {"level": "WARNING"},
                "gunicorn": {"level": "WARNING"},
            },
        }
    )
