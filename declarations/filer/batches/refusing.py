"""Why a whole file is refused. What is wrong with one declaration is told at its row and loses no other."""

from typing import Any

from declarations.decoding import Fault
from declarations.services.batch_rows import fault_json
from portal.errors import DomainError

MOST_DECLARATIONS = 5_000
MOST_FAULTS = 100


class BatchRefused(DomainError):
    """Nothing of the file was taken; the violations say what to mend."""

    code = "BATCH_REFUSED"
    status = 422
    title = "The file cannot be taken"

    def __init__(self, *words: str) -> None:
        super().__init__(words[0])
        self.words = words[:MOST_FAULTS]

    def members(self) -> dict[str, Any]:
        """Every fault."""
        return {"violations": [fault_json(Fault(self.code, "", one)) for one in self.words]}


class TooManyDeclarations(DomainError):
    """The file holds more than a batch may."""

    code = "BATCH_TOO_LONG"
    status = 422
    title = "The file cannot be taken"


def too_many(count: int) -> None:
    """Raise TooManyDeclarations where so many are more than a batch may hold."""
    if count > MOST_DECLARATIONS:
        raise TooManyDeclarations(f"A batch holds at most {MOST_DECLARATIONS:,} declarations. Send the rest apart.")
