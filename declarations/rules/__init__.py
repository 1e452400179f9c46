"""The rule book: what a United States declaration must say, each rule with its code, message and law.

Pure: a document, its assessment, facts gathered beforehand, the tariff of the day and the time go in,
all violations come out at once. Who files is no input.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Context, localcontext

from declarations.assessment import Assessment
from declarations.document import Document
from declarations.facts import Facts
from declarations.rules import (
    adcvd,
    bills,
    bonds,
    chapter98,
    chapter99,
    classification,
    correction,
    documents,
    entry,
    fees,
    header,
    items,
    makers,
    matrix,
    origin,
    parties,
    payment,
    preference,
    reading,
    signing,
    texts,
    timing,
    transport,
    valuation,
)
from declarations.rules.base import Case, Rule, Severity, Stage, Violation
from declarations.rules.languages import template_of
from declarations.rules.ordering import place_of
from declarations.tariff.view import TariffView
from portal.languages import ENGLISH
from portal.timezones import party_date

RULES: tuple[Rule, ...] = (
    *header.RULES,
    *entry.RULES,
    *timing.RULES,
    *matrix.RULES,
    *transport.RULES,
    *bills.RULES,
    *parties.RULES,
    *makers.RULES,
    *items.RULES,
    *classification.RULES,
    *chapter98.RULES,
    *chapter99.RULES,
    *origin.RULES,
    *preference.RULES,
    *valuation.RULES,
    *adcvd.RULES,
    *fees.RULES,
    *payment.RULES,
    *bonds.RULES,
    *documents.RULES,
    *correction.RULES,
    *signing.RULES,
    *texts.RULES,
)
_BY_CODE: Mapping[str, Rule] = {one.code: one for one in RULES}

# Products of two amounts of 15 digits are exact with this many.
_EXACT = Context(prec=60)

__all__ = ["RULES", "Rule", "Severity", "Stage", "Violation", "check", "legal_basis", "message", "rule_of"]


def check(
    document: Document,
    *,
    assessment: Assessment,
    facts: Facts,
    tariff: TariffView,
    now: datetime,
    stage: Stage = "prepare",
) -> tuple[Violation, ...]:
    """All violations, in the order of the document, then by code; rules that a waiver lifts are left out.

    That an amount cannot be computed is not said again where another error at the same member says why.

    At stage `sign` somebody signs, and must be known to be authorised; before, that is judged only
    where the facts name a signatory.
    """
    case = Case(document, assessment, facts, tariff, now, party_date(now, reading.PARTY), stage)
    with localcontext(_EXACT):
        found = [one for each in RULES if each.code not in facts.waived for one in each.run(case)]
    explained = {one.pointer for one in found if one.severity == "error" and one.code != fees.UNASSESSED}
    told = (one for one in found if one.code != fees.UNASSESSED or one.pointer not in explained)
    return tuple(sorted(told, key=lambda one: (place_of(one.pointer), one.code)))


def rule_of(code: str) -> Rule:
    """The rule with this code. Raises KeyError where the book has none, or no longer."""
    return _BY_CODE[code]


def message(violation: Violation, language: str = ENGLISH) -> str:
    """The words for the filer; English where a language has none.

    A missing value shows as an ellipsis; a rule no longer in the book as its code.
    """
    found = _BY_CODE.get(violation.code)
    if found is None:
        return violation.code
    words = (None if language == ENGLISH else template_of(violation.code, language)) or found.message
    return words.format_map(_Values(violation.params)).strip()


def legal_basis(violation: Violation) -> str:
    """The law behind a violation, or an empty text for a rule no longer in the book."""
    found = _BY_CODE.get(violation.code)
    return found.law if found else ""


class _Values(dict[str, str]):
    """Values of a message; what is not given shows as an ellipsis."""

    def __missing__(self, name: str) -> str:
        return "…"
