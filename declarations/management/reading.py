"""What the commands read: a file or standard input, with one document or one a line."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import CommandError

from portal.management.plain import UNREADABLE, present

STANDARD_INPUT = "-"


def read_input(name: str) -> bytes:
    """The bytes of a file, or of standard input. Raises CommandError in words, exit 2."""
    try:
        if name == STANDARD_INPUT:
            return sys.stdin.buffer.read()
        return present(Path(name)).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CommandError(f"{name} cannot be read: {reason}.", returncode=UNREADABLE) from error


def documents(name: str) -> Iterator[bytes]:
    """One document; or, where the whole is not one JSON value and a line is an object by itself, one a line.

    An object that stands indented is a part of a document, never a document of its own.
    """
    data = read_input(name)
    lines = [line for line in data.splitlines() if line.strip()]
    if len(lines) > 1 and not _is_json(data) and any(_is_object(line) for line in lines):
        yield from lines
    else:
        yield data


def _is_object(line: bytes) -> bool:
    return line.startswith(b"{") and line.rstrip().endswith(b"}") and _is_json(line)


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True
