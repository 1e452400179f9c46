"""What every command shares: it ends in plain words, and the kinds of arguments are read the same way."""

from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError

from portal.errors import DomainError

UNREADABLE = 2
PORTS = 65_535


class PlainCommand(BaseCommand):
    """A refusal, or a database that is not there, is one line on standard error and exit 2, never a trace.

    Weak settings stop it; the checks of pages and models are for `check`, `migrate` and the servers.
    """

    requires_system_checks = (Tags.security,)

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run it; what the domain refuses and what the database lacks is told in words."""
        try:
            return super().execute(*args, **options)
        except DomainError as error:
            raise refusal(error) from error
        except (OperationalError, ProgrammingError) as error:
            first = str(error).strip().split("\n")[0]
            words = f"The database does not answer or is not set up ({first}). Run quickstart, or migrate, first."
            raise CommandError(words, returncode=UNREADABLE) from error


def refusal(error: DomainError) -> CommandError:
    """A refusal in words, with its code behind them for programs."""
    words = one_line(str(error))
    told = words if words == error.code else f"{words} ({error.code})"
    return CommandError(told, returncode=UNREADABLE)


def one_line(text: str) -> str:
    """A text in one line, without what a terminal would take for an order."""
    return "".join(one if one.isprintable() else "?" for one in " ".join(text.split()))


def present(path: Path, *, folder: bool = False) -> Path:
    """The path, where it is a file that can be opened, or a folder if one is welcome. Raises CommandError."""
    if not path.exists():
        raise CommandError(f"{path} cannot be read: there is no such file.", returncode=UNREADABLE)
    if path.is_dir() and not folder:
        raise CommandError(f"{path} cannot be read: it is a folder. Give a file.", returncode=UNREADABLE)
    return path


def port(text: str) -> int:
    """A port to listen on; 0 takes a free one."""
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= PORTS):
        raise ArgumentTypeError(f"“{text}” is not a port. Give a whole number from 1 to {PORTS}.")
    return int(text)


def day(text: str) -> date:
    """A day written as 2026-06-08."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.isoformat() != text:
        raise ArgumentTypeError(f"“{text}” is not a day. Write it as 2026-06-08 (year, month, day).")
    return found
