"""One declaration of a batch, by the path of a filing of its own: read, looked at, then written or refused."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, transaction

from declarations.decoding import DocumentRefused, Fault, decode
from declarations.document import Document
from declarations.models import Batch, BatchRow, Declaration
from declarations.services import filing_now
from declarations.services.acting import parties_of
from declarations.services.filing_now import Looked
from declarations.services.reviewing import HasErrors, violation_json
from portal import prepared
from portal.accounts.actors import Actor
from portal.desk.services import gathering
from portal.errors import DomainError
from portal.timezones import party_date

log = structlog.get_logger(__name__)
ACTIONS = {
    Batch.Mode.FILE: "declaration.transmit", Batch.Mode.DRY_RUN: "declaration.create",
    Batch.Mode.DRAFT: "declaration.create",
}  # fmt: skip
NO_DOCUMENT = ("DOC-ENCODING", "DOC-DUPLICATE", "DOC-DEPTH", "DOC-JSON", "DOC-SIZE")
FAILED = "ROW_FAILED"
MOST_VIOLATIONS = 200
SIGNING = "declaration.sign"
Outcome = BatchRow.Outcome


class ReferenceTwice(DomainError):
    """Declarations of one batch have the same own reference, so nobody can tell which is meant."""

    code = "REFERENCE_TWICE"
    status = 422

    def members(self) -> dict[str, object]:
        """Where to look, as a violation."""
        return {"violations": [fault_json(Fault(self.code, "/functional_reference_id", str(self)))]}


class Verdict(NamedTuple):
    """What became of a row: the columns that it is given."""

    outcome: str
    code: str = ""
    words: str = ""
    violations: list[dict[str, Any]] = []
    declaration: Declaration | None = None
    total_due: Decimal | None = None


class Seen(NamedTuple):
    """A row that was looked at: what is to be written, or why it is refused."""

    row: BatchRow
    looked: Looked | None
    verdict: Verdict | None


def see(row: BatchRow, raw: bytes, *, twice: list[int], mode: str, actor: Actor, now: datetime) -> Seen:
    """The row as a declaration, looked at. `twice` are the rows with its own reference. Writes nothing."""

    def read() -> Document:
        if len(twice) > 1:
            raise ReferenceTwice(_words_of_twice(row, twice))
        return decode(raw)

    return _seen(row, read, mode, actor, now)


def see_again(row: BatchRow, looked: Looked, *, mode: str, actor: Actor, now: datetime) -> Seen:
    """A row that was looked at before others were written, looked at once more."""
    return _seen(row, lambda: looked.document, mode, actor, now)


def _seen(row: BatchRow, read: Callable[[], Document], mode: str, actor: Actor, now: datetime) -> Seen:
    try:
        document = read()
        parties = parties_of(document, actor, ACTIONS[Batch.Mode(mode)], on=party_date(now))
        looked = filing_now.look(
            document=document, importer=parties.importer, filer=parties.filer, actor=actor, now=now,
            check=mode != Batch.Mode.DRAFT,
        )  # fmt: skip
        if looked.review is not None and looked.review.errors:
            raise HasErrors(looked.review)
    except DomainError as error:
        return Seen(row, None, refusal(error))
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        return Seen(row, None, _failed(row, error))
    return Seen(row, looked, None)


def write(seen: Seen, *, mode: str, actor: Actor, now: datetime) -> Verdict:
    """What was seen is filed or kept, with its verdict on the row, or refused. In the caller's transaction."""
    verdict = seen.verdict
    if seen.looked is not None:
        try:
            with transaction.atomic(), gathering():
                verdict = _done(seen.looked, mode, actor, now)
                _mark(seen.row, verdict, now)
            return verdict
        except DomainError as error:
            verdict = refusal(error)
        except (OperationalError, InterfaceError):
            raise
        except (DatabaseError, ValueError, LookupError, TypeError, ArithmeticError) as error:
            verdict = _failed(seen.row, error)
    if verdict is None:
        raise RuntimeError("a row was neither looked at nor refused")
    _mark(seen.row, verdict, now)
    return verdict


def _done(looked: Looked, mode: str, actor: Actor, now: datetime) -> Verdict:
    if mode == Batch.Mode.DRAFT:
        return Verdict(Outcome.ACCEPTED, declaration=filing_now.keep_draft(looked, actor=actor, now=now))
    found = looked.review
    if found is None:
        raise RuntimeError("a declaration that is to be filed was not looked at")
    said = [violation_json(one) for one in found.violations]
    total = Decimal(found.assessment.totals.total)
    if mode == Batch.Mode.FILE:
        filed = filing_now.file_now(looked, actor=actor, now=now)
        return Verdict(Outcome.ACCEPTED, violations=said, declaration=filed.declaration, total_due=total)
    if actor.may(SIGNING):
        with gathering() as events:
            filing_now.try_now(looked, actor=actor, now=now)
            events.clear()
    return Verdict(Outcome.ACCEPTED, violations=said, total_due=total)


def refusal(error: DomainError) -> Verdict:
    """The verdict of a refusal, with all violations that it names."""
    if isinstance(error, DocumentRefused):
        violations = [fault_json(one) for one in error.faults[:MOST_VIOLATIONS]]
        if error.faults and error.faults[0].code in NO_DOCUMENT:
            return Verdict(Outcome.UNREADABLE, "UNREADABLE", str(error), violations)
    else:
        violations = list(error.members().get("violations", ()))[:MOST_VIOLATIONS]  # type: ignore[call-overload]  # a list where it is given
    total = None
    if isinstance(error, HasErrors):
        total = Decimal(error.review.assessment.totals.total)
    return Verdict(Outcome.REFUSED, error.code, str(error), violations, total_due=total)


def fault_json(fault: Fault) -> dict[str, Any]:
    """A fault of reading as the interface gives it."""
    return {
        "code": fault.code, "pointer": fault.pointer, "message": fault.message, "legal_basis": "", "severity": "error"
    }  # fmt: skip


def _failed(row: BatchRow, error: Exception) -> Verdict:
    log.error("a row of a batch failed", batch=row.batch_id, row=row.number, exc_info=error)
    return Verdict(Outcome.REFUSED, FAILED, "The portal could not work on this row. Nothing of it was kept.")


def _mark(row: BatchRow, verdict: Verdict, now: datetime) -> None:
    changes = {
        "outcome": verdict.outcome, "code": verdict.code, "words": verdict.words, "violations": verdict.violations,
        "declaration": verdict.declaration, "total_due": verdict.total_due, "done_at": now,
    }  # fmt: skip
    if not prepared.change(BatchRow, changes, id=row.pk, outcome=Outcome.WAITING):
        raise RuntimeError("a row of a batch was done by somebody else")


def _words_of_twice(row: BatchRow, twice: list[int]) -> str:
    places = ", ".join(map(str, twice[:20])) + (" and more" if len(twice) > 20 else "")
    return f"The own reference {row.own_reference} stands in rows {places} of this batch. None of them is filed."
