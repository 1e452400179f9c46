"""What the commands share that load files: a file, or every file of a folder that is in a layout known here."""

import contextlib
import csv
from collections.abc import Callable, Iterator
from pathlib import Path

from django.core.management.base import CommandError

from declarations.tariff.load import FileNotUnderstood
from portal.errors import DomainError
from portal.management.plain import UNREADABLE, PlainCommand, one_line, present


class LoadingCommand(PlainCommand):
    """Loads files and tells what became of each."""

    layouts = ""  # what is understood, for whoever gives something else
    passed_over: tuple[type[DomainError], ...] = (FileNotUnderstood,)  # no reason to stop within a folder

    def load_all(self, path: Path, load: Callable[[Path], str], what: str) -> None:
        """The file is loaded, or of a folder every file that is understood; the others are named. Exit 2 for none."""
        present(path, folder=True)
        if not path.is_dir():
            self.load_one(path, load)
            return
        loaded = [self._loaded(one, load) for one in self.files_in(path)]
        if not any(loaded):
            raise CommandError(f"No file in {path} is in a layout of {what}. {self.layouts}", returncode=UNREADABLE)

    def files_in(self, folder: Path) -> list[Path]:
        """The files of a folder, in the order in which they are loaded."""
        return sorted(one for one in folder.iterdir() if one.is_file())

    def load_one(self, path: Path, load: Callable[[Path], str]) -> None:
        """The file is loaded, or refused with the layouts that are understood."""
        try:
            with in_words(path):
                self.stdout.write(load(path))
        except FileNotUnderstood as error:
            if not self.layouts:
                raise
            raise CommandError(
                f"{one_line(str(error))} {self.layouts} ({error.code})", returncode=UNREADABLE
            ) from error

    def _loaded(self, path: Path, load: Callable[[Path], str]) -> bool:
        try:
            with in_words(path):
                self.stdout.write(load(path))
        except self.passed_over as error:
            self.stderr.write(f"Passed over {path.name}: {one_line(str(error))}")
            return False
        return True


@contextlib.contextmanager
def in_words(path: Path) -> Iterator[None]:
    """What cannot be taken apart at all is a file that is not understood."""
    try:
        yield
    except (csv.Error, RecursionError, UnicodeError) as error:
        words = f"{path.name} is neither a table (CSV) nor JSON that can be taken apart."
        raise FileNotUnderstood(words, file=path.name) from error
