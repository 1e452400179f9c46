"""What the portal thinks of a declaration before anything is filed: completed, assessed, checked. Writes nothing."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

import msgspec

from declarations.assessment import Assessment, ItemAssessment
from declarations.document import Document, Filing, Item, Tariff
from declarations.facts import CodeTables
from declarations.freeze import freeze
from declarations.models import Declaration
from declarations.reference import code_tables, gather
from declarations.rules import check, message, rule_of
from declarations.rules.base import Violation
from declarations.services import numbers
from declarations.tariff.calculate import assess
from declarations.tariff.selectors import NoEdition, current_view
from declarations.tariff.view import TariffView
from portal.accounts.models import User
from portal.errors import DomainError
from portal.languages import ENGLISH
from portal.timezones import party_date


class Review(NamedTuple):
    """What the portal thinks of a declaration: completed document, money, all violations."""

    document: Document
    assessment: Assessment
    violations: tuple[Violation, ...]
    editions: Mapping[str, Any] = {}  # what the assessment was made with: what a version keeps

    @property
    def errors(self) -> list[Violation]:
        """Violations that stop a filing."""
        return [one for one in self.violations if one.severity == "error"]

    @property
    def warnings(self) -> list[Violation]:
        """Violations that do not."""
        return [one for one in self.violations if one.severity != "error"]


PROBLEMS = "There are {count} problems to correct before this can be filed."
ONE_PROBLEM = "There is 1 problem to correct before this can be filed."


class HasErrors(DomainError):
    """The declaration cannot be filed as it stands; `review` has every reason."""

    code = "HAS_ERRORS"
    status = 422

    def __init__(self, review: Review) -> None:
        count = len(review.errors)
        words = ONE_PROBLEM if count == 1 else PROBLEMS
        super().__init__(words.format(count=count), template=words, count=count)
        self.review = review

    def members(self) -> dict[str, object]:
        """All violations and what would be owed, for a problem document."""
        return self.members_in(ENGLISH)

    def members_in(self, language: str) -> dict[str, object]:
        """The same, with the words of violations in a language."""
        found = [violation_json(one, language) for one in self.review.violations]
        return {"violations": found, "assessment": self.review.assessment}


def complete(document: Document, assessment: Assessment, entry_number: str | None) -> Document:
    """The document with entered values, the ordered tariff numbers of each line and the entry number. Pure."""
    by_sequence = {one.sequence: one for one in assessment.items}
    items = tuple(_complete_item(item, by_sequence.get(item.sequence or 0)) for item in document.items)
    filing = document.filing or Filing(acts=("release", "summary"), release_certification=True)
    if not filing.acts:
        filing = msgspec.structs.replace(filing, acts=("release", "summary"))
    number = numbers.as_part(entry_number) if entry_number else document.entry_number
    return msgspec.structs.replace(document, items=items, filing=filing, entry_number=number)


def assess_at(document: Document, *, on: date, now: datetime) -> Assessment:
    """What is owed by the tariff in force: lines whose rate date is another day take the edition of that day.

    Lines of a day for which no edition is held are named as not assessed.
    No harbor maintenance fee where the port of unlading is known to be outside the list of 19 CFR 24.24(b)(1).
    """
    return _assessed(document, tariff=current_view(on), codes=code_tables(on), on=on, now=now)[0]


def _assessed(
    document: Document, *, tariff: TariffView, codes: CodeTables, on: date, now: datetime
) -> tuple[Assessment, dict[str, Any]]:
    """The assessment, and the editions and facts that give it again to the cent (house rule 9)."""
    held = {on.isoformat(): tariff.held}

    def at(day: date) -> TariffView | None:
        try:
            view = current_view(day)
        except NoEdition:
            return None
        held[day.isoformat()] = view.held
        return view

    place = (document.ports.unlading or document.ports.entry) if document.ports else None
    port = codes.ports.get(place or "")
    harbor_fee = port.harbor_fee if port else None
    assessment = assess(document, tariff=tariff, now=now, harbor_fee=harbor_fee, at=at)
    names = {"tariff": assessment.editions.tariff, "measures": assessment.editions.measures}
    return assessment, {**names, "harbor_fee": harbor_fee, "held": held}


def review(
    *, declaration: Declaration, now: datetime, signatory: User | None = None, document: Document | None = None
) -> Review:
    """Everything there is to say about the declaration now; nothing is written, no number is used."""
    frozen = document or freeze(declaration)
    on = party_date(now, declaration.party)
    tariff, codes = current_view(on), code_tables(on)
    assessment, editions = _assessed(frozen, tariff=tariff, codes=codes, on=on, now=now)
    completed = complete(frozen, assessment, declaration.entry_number or None)
    facts = gather(declaration, completed, on=on, signatory=signatory, codes=codes)
    return Review(
        completed, assessment, check(completed, assessment=assessment, facts=facts, tariff=tariff, now=now), editions
    )


def _complete_item(item: Item, assessed: ItemAssessment | None) -> Item:
    """Fill in what the filer left to us: the stack where none is declared, the entered value where none is given.

    A stack that the filer declares stays as it is, for the rules to compare with the proposal.
    """
    if assessed is None:
        return item
    declared = any((one.hts_number or "")[:2] in ("98", "99") for one in item.tariffs)
    tariffs = _with_values(item, assessed) if declared else _proposed(item, assessed)
    valuation = item.valuation
    if valuation is not None and valuation.entered_value is None:
        valuation = msgspec.structs.replace(valuation, entered_value=assessed.entered_value)
    return msgspec.structs.replace(item, tariffs=tariffs or item.tariffs, valuation=valuation)


def _proposed(item: Item, assessed: ItemAssessment) -> tuple[Tariff, ...]:
    given = {one.hts_number: one for one in item.tariffs}
    return tuple(
        Tariff(
            hts_number=one.hts_number,
            role=one.role,
            value=one.value,
            quantities=given[one.hts_number].quantities if one.hts_number in given else (),
        )
        for one in assessed.tariffs
    )


def _with_values(item: Item, assessed: ItemAssessment) -> tuple[Tariff, ...]:
    values = {one.hts_number: one.value for one in assessed.tariffs}
    return tuple(
        one if one.value is not None else msgspec.structs.replace(one, value=values.get(one.hts_number or ""))
        for one in item.tariffs
    )


def violation_json(violation: Violation, language: str = ENGLISH) -> dict[str, Any]:
    """A violation as the interface gives it."""
    return {
        "code": violation.code,
        "pointer": violation.pointer,
        "message": message(violation, language),
        "legal_basis": rule_of(violation.code).law,
        "severity": violation.severity,
    }
