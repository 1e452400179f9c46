"""Structured logs: one JSON object a line in service, readable lines on a desk; one correlation id throughout.

A line break in a value cannot start a second line, and values of members that hold secrets are masked.
"""

import logging
import logging.config
from typing import Any

import structlog

SECRET_MEMBERS = ("password", "secret", "token", "authorization", "cookie", "signature_key")


def mask_secrets(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    """Replace values of secret members, at any depth of one."""
    for name in event:
        if any(word in name.lower() for word in SECRET_MEMBERS):
            event[name] = "***"
    return event


def flatten_lines(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    """Keep each record on one line."""
    for name, value in event.items():
        if isinstance(value, str) and name != "exception" and ("\n" in value or "\r" in value):
            event[name] = value.replace("\r", "\\r").replace("\n", "\\n")
    return event


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
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"plain": formatter},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
            "root": {"handlers": ["stderr"], "level": options.get("level", "INFO")},
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
