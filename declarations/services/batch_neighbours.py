"""Rows that are looked at together and written one after the other: which of them has to be looked at again.

What a row may find of those before it, of this run or of another one: its bill was filed a moment ago, or it is an
informal entry, whose value is added up with others of its day.
"""

from collections.abc import Iterable

from declarations.models import FiledShipment
from declarations.rules.reading import INFORMAL
from declarations.services import numbers
from declarations.services.batch_rows import Seen
from declarations.services.filing_now import Looked
from declarations.shipments import asked_keys, filed_keys

TWICE = "ENT-DUP"


class Neighbours:
    """Bills of the importers as they are filed. Who files waits here for others who file under the same codes."""

    def __init__(self, seen: Iterable[Seen], *, files: bool) -> None:
        self._filed: set[tuple[int, str]] = set()
        self._files = files
        looked = [one.looked for one in seen if one.looked is not None] if files else []
        if not looked:
            return
        numbers.hold({one.declaration.filer_id for one in looked})
        importers = {one.declaration.importer_id for one in looked}
        keys = {key for one in looked for key in asked_keys(one.document)}
        found = FiledShipment.objects.filter(importer__in=importers, bill_sha256__in=keys)
        self._filed |= set(found.values_list("importer_id", "bill_sha256"))

    def concern(self, looked: Looked) -> bool:
        """True where the row may look otherwise by now."""
        if not self._files or looked.review is None:
            return False
        if looked.document.entry_type in INFORMAL:
            return True
        importer = looked.declaration.importer_id
        if all((importer, key) not in self._filed for key in asked_keys(looked.document)):
            return False
        return all(one.code != TWICE for one in looked.review.violations)

    def note(self, looked: Looked | None) -> None:
        """The row is written; what was refused at the last moment is taken for filed, which asks once too often."""
        if looked is not None and self._files:
            importer = looked.declaration.importer_id
            self._filed |= {(importer, key) for key in filed_keys(looked.document)}
