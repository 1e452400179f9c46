"""What a rule is: one function, one code, and a docstring that is the message the filer reads."""

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Literal, NamedTuple

from declarations.assessment import Assessment
from declarations.document import Bond, Document, Item, Party
from declarations.facts import Facts
from declarations.rules import reading
from declarations.rules.lines import Line, read_lines
from declarations.tariff.view import GAP, Measure, Program, TariffView

Severity = Literal["error", "warning", "information"]
Stage = Literal["prepare", "sign"]


class Violation(NamedTuple):
    """One failure: the rule's code, the JSON Pointer of the member to mend, values for the message."""

    code: str
    pointer: str
    params: dict[str, str]
    severity: Severity = "error"


@dataclass(frozen=True)
class Case:
    """All a rule may look at. `on` is the day, where the Party counts its days.

    What many rules ask is read once and kept: lines with their numbers, parties, look-ups by heading.
    """

    document: Document
    assessment: Assessment
    facts: Facts
    tariff: TariffView
    now: datetime
    on: date
    stage: Stage = "prepare"

    def items(self) -> Iterator[tuple[int, Item]]:
        """Lines with their index, as JSON Pointers count them."""
        return iter(enumerate(self.document.items))

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Lines with all that rules ask about them, each looked up once."""
        return read_lines(self.document, self.assessment, self.tariff, self.rate_date)

    @cached_property
    def entry_type(self) -> str:
        """The entry type, or an empty text."""
        return self.document.entry_type or ""

    @cached_property
    def mode(self) -> str:
        """The mode of transport, or an empty text."""
        transport = self.document.transport
        return (transport.mode if transport else None) or ""

    @cached_property
    def acts(self) -> tuple[str, ...]:
        """What is filed; while nothing is said, both acts are judged."""
        filing = self.document.filing
        return (filing.acts if filing else ()) or ("release", "summary")

    @property
    def files_release(self) -> bool:
        """The entry is filed."""
        return "release" in self.acts

    @property
    def files_summary(self) -> bool:
        """The entry summary is filed."""
        return "summary" in self.acts

    @property
    def informal(self) -> bool:
        """Entry types 11 and 12."""
        return self.entry_type in reading.INFORMAL

    @cached_property
    def entry_date(self) -> date | None:
        """The expected time of entry: the elected date, else the estimated one, else import or arrival."""
        dates = self.document.dates
        if dates is None:
            return None
        said = (dates.entry_date_election, dates.estimated_entry, dates.import_date, dates.estimated_arrival)
        return next((found for found in map(reading.day, said) if found), None)

    @cached_property
    def rate_date(self) -> date:
        """The day whose rates apply where the assessment does not say: in-bond goods, then entry, then today."""
        in_bond = self.document.in_bond
        accepted = reading.day(in_bond.accepted_date) if in_bond else None
        return accepted or self.entry_date or self.on

    @cached_property
    def continuous_bonds(self) -> tuple[Bond, ...]:
        """Bonds of type 8."""
        return tuple(one for one in self.document.bonds if one.type == "8")

    @cached_property
    def makers(self) -> tuple[tuple[str, Line, Party], ...]:
        """Manufacturers, each where it is written; `same_as` is judged where it points to."""
        found = ((line, line.item.manufacturer) for line in self.lines)
        return tuple((f"{line.at}/manufacturer", line, one) for line, one in found if one and one.same_as is None)

    @cached_property
    def parties(self) -> tuple[tuple[str, str, Party], ...]:
        """Role, pointer and party for all parties of header and lines, each where it is written."""
        found = list(reading.header_parties(self.document))
        for line in self.lines:
            item = line.item
            members = (item.manufacturer, item.sold_to, item.delivered_to, item.foreign_exporter)
            for role, party in zip(reading.LINE_ROLES, members, strict=True):
                if party is not None:
                    found.append((role, f"{line.at}/{role}", party))
        return tuple(found)

    @cached_property
    def total_value(self) -> Decimal:
        """Values of all lines, whole dollars."""
        return sum((line.value for line in self.lines), Decimal(0))

    @cached_property
    def document_kinds(self) -> dict[str, str]:
        """Kind of each document by its id."""
        return {one.id: one.type or "" for one in self.document.documents if one.id}

    @cached_property
    def _parties(self) -> dict[str, Party | None]:
        return {}

    def party(self, role: str) -> Party | None:
        """The party in a header role, `same_as` followed."""
        if role not in self._parties:
            self._parties[role] = self.document.party(role)
        return self._parties[role]

    def resolve(self, party: Party | None) -> Party | None:
        """A party of a line, `same_as` followed into the header."""
        if party is None or party.same_as is None:
            return party
        return self.party(party.same_as) if party.same_as in reading.ROLES else None

    @cached_property
    def _measures(self) -> dict[tuple[str, date, str], Measure | None]:
        return {}

    def measure(self, heading: str, line: Line) -> Measure | None:
        """The measure of a chapter 99 heading on the day of a line: the row for its origin, else any in force."""
        key = (heading, line.rate_date, line.country)
        if key not in self._measures:
            rows = [
                one
                for one in self.tariff.measure_rows(heading)
                if one.effect != GAP
                and one.effective_from <= line.rate_date
                and (one.effective_to is None or line.rate_date <= one.effective_to)
            ]
            fitting = (one for one in rows if is_for(one, line.country))
            self._measures[key] = next(fitting, rows[0] if rows else None)
        return self._measures[key]

    @cached_property
    def _programs(self) -> dict[tuple[str, date], Program | None]:
        return {}

    def program(self, code: str, on: date) -> Program | None:
        """A preference program in force on a day."""
        key = (code, on)
        if key not in self._programs:
            self._programs[key] = self.tariff.program(code, on=on)
        return self._programs[key]

    @cached_property
    def _known_programs(self) -> dict[str, bool]:
        return {}

    def knows_program(self, code: str) -> bool:
        """The program exists, in force or not."""
        if code not in self._known_programs:
            self._known_programs[code] = self.tariff.program(code) is not None
        return self._known_programs[code]


def is_for(measure: Measure, country: str) -> bool:
    """The measure is for goods of this country."""
    return (not measure.origins or country in measure.origins) and country not in measure.excluded_origins


Finding = tuple[str, dict[str, str]] | str
Check = Callable[[Case], Iterable[Finding]]


class Rule(NamedTuple):
    """A rule of the book; `theme` is the file it stands in."""

    code: str
    severity: Severity
    law: str
    message: str
    theme: str
    check: Check

    def run(self, case: Case) -> Iterator[Violation]:
        """All violations of this rule. A finding is a pointer, or a pointer with values for the message."""
        for finding in self.check(case):
            pointer, params = (finding, {}) if isinstance(finding, str) else finding
            yield Violation(self.code, pointer, params, self.severity)


def rule(code: str, severity: Severity, law: str) -> Callable[[Check], Rule]:
    """Declare a rule. The docstring is the message template: what is wrong, why, how to mend it."""

    def declare(check: Check) -> Rule:
        message = inspect.getdoc(check)
        if not message:
            raise TypeError(f"rule {code} has no message")
        return Rule(code, severity, law, " ".join(message.split()), check.__module__.rsplit(".", 1)[-1], check)

    return declare
