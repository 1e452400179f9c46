"""What else will be checked once it is known what kind of entry it is and how the goods come.

Most of what customs wants depends on these two. While one is missing, the draft is judged as if each of its
answers had been given: what is wrong with every one of them is wrong now, the rest waits for the answer.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

import msgspec

from declarations.document import Document, Transport
from declarations.facts import Facts
from declarations.freeze import freeze
from declarations.models import Declaration
from declarations.reference import code_tables, gather
from declarations.rules import check
from declarations.rules.base import Violation
from declarations.services.filing import Review, assess_at, complete
from declarations.tariff.selectors import current_view
from portal.timezones import party_date

LINES = 20  # lines of goods that are judged with each answer
ENTRY_TYPES = ("01", "03", "11")  # those that the pages offer
MODES = ("10", "11", "20", "21", "30", "31", "32", "33", "34", "40", "41", "50", "60", "70")


class Foreseen(NamedTuple):
    """What is wrong whatever is answered, and what else would be with some answer, by the member that decides."""

    certain: tuple[Violation, ...]
    waiting: Mapping[str, tuple[Violation, ...]]


def foresee(declaration: Declaration, review: Review, *, now: datetime) -> Foreseen:
    """Nothing where both are known."""
    if review.document.entry_type and _mode(review.document):
        return Foreseen((), {})
    frozen = freeze(declaration)
    document = msgspec.structs.replace(frozen, items=frozen.items[:LINES])
    answers = {
        "/entry_type": ENTRY_TYPES if not document.entry_type else (),
        "/transport/mode": MODES if not _mode(document) else (),
    }
    on = party_date(now, declaration.party)
    facts = gather(declaration, document, on=on, codes=code_tables(on))
    said = {_key(one) for one in review.violations}
    certain: list[Violation] = []
    waiting: dict[str, tuple[Violation, ...]] = {}
    for pointer, values in answers.items():
        judged = [_errors(_with(document, pointer, value), declaration, facts, on, now) for value in values]
        always = {key for key in judged[0] if all(key in one for one in judged)} - said if judged else set()
        certain += [judged[0][key] for key in always]
        said |= always
        found = {key: one for each in judged for key, one in each.items() if key not in said}
        if found:
            waiting[pointer] = tuple(found.values())
    return Foreseen(tuple(certain), waiting)


def _mode(document: Document) -> str | None:
    return document.transport.mode if document.transport else None


def _with(document: Document, pointer: str, value: str) -> Document:
    if pointer == "/entry_type":
        return msgspec.structs.replace(document, entry_type=value)
    return msgspec.structs.replace(
        document, transport=msgspec.structs.replace(document.transport or Transport(), mode=value)
    )


def _errors(
    document: Document, declaration: Declaration, facts: Facts, on: date, now: datetime
) -> dict[tuple[str, str], Violation]:
    assessment = assess_at(document, on=on, now=now)
    completed = complete(document, assessment, declaration.entry_number or None)
    found: Iterable[Violation] = check(completed, assessment=assessment, facts=facts, tariff=current_view(on), now=now)
    return {_key(one): one for one in found if one.severity == "error"}


def _key(violation: Violation) -> tuple[str, str]:
    return violation.code, violation.pointer
