"""The tariff as one immutable value for a day: what rules and duty computation look things up in.

Numbers are digits without dots: ten for chapters 1 to 97 (a leaf of eight takes 00), as printed for 98 and 99.
"""

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from msgspec import Struct

from declarations.assessment import Editions
from declarations.tariff.notes import NO_NOTES, NoteRates

PLANS = 1_000  # plans of lines kept in a view: a declaration has no more lines
GAP = "gap"  # the effect of a row that says where our lists end
FOOTNOTE = "footnote"  # the effect of a row that repeats what a footnote of the schedule names: never a duty
NOT_MEASURES = (GAP, FOOTNOTE)
UNLISTED = "?"  # in a scope: goods of a list that is not held here; no number falls under it
PRINTED = "chapter99-printed"  # the family of headings as printed: any other set speaks for a heading before it


class TariffLine(Struct, frozen=True, kw_only=True):
    """One line in force. Rates are texts, inherited as a block from the nearest line that prints them."""

    number: str
    description: str
    path: tuple[str, ...] = ()  # descriptions of the lines above, outermost first
    units: tuple[str, ...] = ()  # ACE unit codes, in the order of reporting
    general: str = ""
    special: str = ""
    column2: str = ""
    declarable: bool = True
    heading_of_rate: str = ""  # the number that prints the rate, for the legal basis


class Program(Struct, frozen=True, kw_only=True):
    """A special program indicator: who may claim it, when, and what it frees from."""

    code: str
    name: str
    countries: frozenset[str]  # origins that may claim it; empty where the list is not held
    effective_from: date
    effective_to: date | None = None
    mpf_exempt: bool = False
    certification_needed: bool = False
    legal_basis: str = ""
    by_note: bool = False  # free by its general note: the special column never prints it (N, Y)


class FeeYear(Struct, frozen=True, kw_only=True):
    """Fees in force on a day (19 CFR 24.23, 24.24); US dollars."""

    mpf_rate: Decimal  # share of the value
    mpf_minimum: Decimal
    mpf_maximum: Decimal
    informal_automated: Decimal  # class 311
    dutiable_mail: Decimal  # class 496
    manual_surcharge: Decimal  # class 500
    hmf_rate: Decimal
    mpf_not_on: frozenset[str] = frozenset({"23"})  # entry types on which it is not charged
    hmf_not_on: frozenset[str] = frozenset({"06", "11", "12", "22", "31", "32", "34", "38"})
    effective_from: date
    effective_to: date | None = None
    source: str = ""


class Measure(Struct, frozen=True, kw_only=True):
    """A duty beside the column rate, or an exemption from one, as a dated row."""

    heading: str  # 8 digits of chapter 99
    authority: str  # for example s301_china, s301_forced_labor, s232_metals
    effect: str  # add, floor (total in lieu), floor_met, exempt, prohibit; gap: see TariffView.gaps_of
    rate: Decimal | None = None  # share of the value, 0.25 for 25 %
    origins: frozenset[str] = frozenset()  # empty: every origin
    excluded_origins: frozenset[str] = frozenset()
    scope: tuple[str, ...] = ()  # prefixes of numbers, UNLISTED among them; empty: every number
    excluded_scope: tuple[str, ...] = ()
    program: str | None = None  # an exemption that needs this preference claim
    exempts: frozenset[str] = frozenset()  # authorities an exemption lifts
    effective_from: date
    effective_to: date | None = None
    order: int = 0  # place on the line (CSMS 69668138): 301, 338, 232, 201
    legal_basis: str = ""
    note: str = ""
    requires: frozenset[str] = frozenset()  # an exemption that needs a duty of one of these authorities on the line
    claimed_only: bool = False  # its condition is the filer's to state: never proposed, accepted where declared
    content: str = ""  # the duty is on this value, stated under the line's measures, and not on the line's whole value
    gives_way: frozenset[str] = frozenset()  # it falls away where a duty of one of these authorities is on the line
    effective_at: datetime | None = None  # the instant on its first day, where that is not the whole day
    ends_at: datetime | None = None  # the first instant at which it is in force no more, within its last day


class ExchangeQuote(Struct, frozen=True, kw_only=True):
    """US dollars for one unit of a currency on a day, and which kind of rate it is."""

    currency: str
    rate: Decimal
    rate_date: date
    basis: str  # quarterly, daily, proclaimed, or reference where it is not a certified rate
    source: str = ""


class ExchangeSpan(Struct, frozen=True, kw_only=True):
    """A rate that holds for every day of a span: a month's reference rate, a business day and the days off after it."""

    quote: ExchangeQuote
    first: date
    last: date


class OriginStatus(Struct, frozen=True, kw_only=True):
    """What goods are because of where they come from, claim or not: `column2`, or `mpf_exempt`."""

    country: str
    status: str
    ground: str = ""
    effective_from: date
    effective_to: date | None = None
    legal_basis: str = ""


# General note 3(b): column 2 countries. Cuba since 1962, North Korea since 1951, Russia and Belarus since April 2022.
COLUMN_2 = tuple(
    OriginStatus(country=country, status="column2", effective_from=date.fromisoformat(first), legal_basis="HTS GN 3(b)")
    for country, first in (("CU", "1962-05-24"), ("KP", "1951-09-01"), ("RU", "2022-04-09"), ("BY", "2022-04-09"))
)


class MeasureIndex:
    """Measures by the prefixes of their scope: a number costs a few look-ups, not a scan. Shared, never changed."""

    MEMO = 50_000  # answers kept

    def __init__(self, measures: Iterable[Measure]) -> None:
        self.rows = tuple(measures)
        self._excluded = tuple(frozenset(one.excluded_scope) for one in self.rows)
        by_prefix: dict[str, list[int]] = {}
        self._by_heading: dict[str, list[Measure]] = {}
        for place, one in enumerate(self.rows):
            self._by_heading.setdefault(one.heading, []).append(one)
            for prefix in set(one.scope) or {""}:
                by_prefix.setdefault(prefix, []).append(place)
        kept: dict[tuple[int, ...], tuple[int, ...]] = {}  # whole lists of numbers fall under the same few rows
        self._by_prefix = {prefix: kept.setdefault(tuple(held), tuple(held)) for prefix, held in by_prefix.items()}
        self._lengths = sorted({len(prefix) for prefix in self._by_prefix})
        self._cuts = sorted({len(prefix) for prefixes in self._excluded for prefix in prefixes})
        self._memo: dict[tuple[str, str, date], Matching] = {}
        self.turning_days = frozenset(day for one in self.rows for day in _turning_days(one))

    def of(self, number: str, origin: str, on: date) -> tuple[Measure, ...]:
        """Rows whose scope, origin and dates match, in wire order; gaps among them."""
        return self.matching(number, origin, on).rows

    def matching(self, number: str, origin: str, on: date) -> "Matching":
        """The same rows, and apart from one another the measures and the gaps."""
        key = (number, origin, on)
        found = self._memo.get(key)
        if found is None:
            if len(self._memo) >= self.MEMO:
                self._memo.clear()
            found = self._memo.setdefault(key, self._find(number, origin, on))
        return found

    def of_heading(self, heading: str) -> tuple[Measure, ...]:
        """Every row of a chapter 99 heading, whatever its dates."""
        return tuple(self._by_heading.get(heading, ()))

    def _find(self, number: str, origin: str, on: date) -> "Matching":
        cuts = {number[:length] for length in self._cuts}
        places = {place for length in self._lengths for place in self._by_prefix.get(number[:length], ())}
        found = (
            self.rows[place]
            for place in places
            if _in_force(self.rows[place], on)
            and (not self.rows[place].origins or origin in self.rows[place].origins)
            and origin not in self.rows[place].excluded_origins
            and not (self._excluded[place] and self._excluded[place] & cuts)
        )
        rows = tuple(sorted(found, key=lambda one: (one.order, one.heading, one.program or "")))
        measures = tuple(one for one in rows if one.effect not in NOT_MEASURES)
        return Matching(
            rows,
            measures,
            tuple(one for one in rows if one.effect == GAP),
            tuple(one for one in rows if one.effect == FOOTNOTE),
        )


class Matching(NamedTuple):
    """What is in force for a number, an origin and a day: measures, and rows that say where our lists end."""

    rows: tuple[Measure, ...]
    measures: tuple[Measure, ...]
    gaps: tuple[Measure, ...]
    footnotes: tuple[Measure, ...]


class Memo:
    """Answers by question, a limited number of them: when it is full it begins anew.

    For pure questions only: two threads that ask the same at once may both work it out, and keep the first answer.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._held: dict[Hashable, Any] = {}

    def __len__(self) -> int:
        return len(self._held)

    def get(self, question: Hashable, answer: Callable[[], Any]) -> Any:
        """What was answered before, or else what `answer` says."""
        found = self._held.get(question)
        if found is None:
            found = answer()
            if len(self._held) >= self._size:
                self._held.clear()
            found = self._held.setdefault(question, found)
        return found


class TariffView:
    """Everything in force on `on`, in memory, shared by all requests of a process, never changed."""

    def __init__(
        self,
        *,
        on: date,
        editions: Editions,
        lines: Mapping[str, TariffLine],
        measures: tuple[Measure, ...] | MeasureIndex = (),
        fee_years: tuple[FeeYear, ...] = (),
        programs: tuple[Program, ...] = (),
        quotes: Mapping[tuple[str, date], ExchangeQuote] | None = None,
        successors: Mapping[str, tuple[str, ...]] | None = None,
        spans: tuple[Mapping[str, tuple[ExchangeSpan, ...]], ...] = (),
        origins: tuple[OriginStatus, ...] = COLUMN_2,
        notes: NoteRates = NO_NOTES,
        lines_from: date | None = None,
        held: Mapping[str, Sequence[int]] | None = None,
    ) -> None:
        self.on = on
        self.editions = editions
        self.lines_from = lines_from  # first day the lines are good for; None where that is not known
        self.held = held or {}  # ids of the editions it was made of, by table
        self.notes = notes  # rates that stand in a note of a chapter
        self._lines = lines
        self._measures = measures if isinstance(measures, MeasureIndex) else MeasureIndex(measures)
        self._fee_years = fee_years
        self._programs = programs
        self._quotes = quotes or {}
        self._successors = successors or {}
        self._spans = spans  # layers, the first that holds the day speaks; each sorted and without overlaps
        self._origins = origins
        self._by_origin: dict[tuple[str, str], list[OriginStatus]] = {}
        for one in origins:
            self._by_origin.setdefault((one.country, one.status), []).append(one)
        self.plans = Memo(PLANS)  # what duty computation works out for lines that are alike

    def line(self, number: str | None) -> TariffLine | None:
        """The line with this number, or None."""
        return self._lines.get(normal_number(number)) if number else None

    def successors(self, number: str) -> tuple[str, ...]:
        """Numbers that replaced one that is no longer in force."""
        return self._successors.get(normal_number(number), ())

    def predecessors(self, number: str) -> tuple[str, ...]:
        """Numbers no longer in force that this one replaced."""
        return tuple(sorted(old for old, new in self._successors.items() if normal_number(number) in new))

    def measures_of(self, number: str, *, origin: str, on: date, at: datetime | None = None) -> tuple[Measure, ...]:
        """Measures whose scope, origin and dates match, in wire order. Conditions are the caller's to judge.

        `at` is the time of entry: it chooses among measures that begin or end within the day.
        """
        found = self._measures.matching(normal_number(number), origin, on).measures
        if at is None or on not in self._measures.turning_days:
            return found
        return tuple(one for one in found if _stands_at(one, on, at))

    def turns_within(self, number: str, *, origin: str, on: date) -> bool:
        """Whether the time of day chooses which measures fall on a number."""
        if on not in self._measures.turning_days:
            return False
        return any(on in _turning_days(one) for one in self.measures_of(number, origin=origin, on=on))

    def footnotes_of(self, number: str, *, origin: str, on: date) -> tuple[Measure, ...]:
        """What footnotes of the schedule name for a number. They may be stale: a hint, never a duty."""
        return self._measures.matching(normal_number(number), origin, on).footnotes

    def gaps_of(self, number: str, *, origin: str, on: date) -> tuple[Measure, ...]:
        """Where our lists end: authorities that may add a duty to this number although we hold no row for it."""
        return self._measures.matching(normal_number(number), origin, on).gaps

    def measure(self, heading: str, *, on: date) -> Measure | None:
        """The measure of a chapter 99 heading on a day, or None."""
        return next((one for one in self._measures.of_heading(heading[:8]) if _in_force(one, on)), None)

    def measure_rows(self, heading: str) -> tuple[Measure, ...]:
        """Every row of a chapter 99 heading, ended ones too: says why a declared number does not apply."""
        return self._measures.of_heading(heading[:8])

    def fees(self, on: date) -> FeeYear | None:
        """Fees in force on a day, or None where we hold none."""
        return next((one for one in self._fee_years if _in_force(one, on)), None)

    def program(self, code: str, *, on: date | None = None) -> Program | None:
        """A preference program; with `on`, only if it is in force that day."""
        known = [one for one in self._programs if one.code == code]
        if on is None:
            return known[-1] if known else None
        return next((one for one in known if _in_force(one, on)), None)

    def programs(self, on: date) -> tuple[Program, ...]:
        """All programs in force on a day."""
        return tuple(one for one in self._programs if _in_force(one, on))

    def exchange(self, currency: str, on: date) -> ExchangeQuote | None:
        """The rate for a currency on its day (the date of export: 19 CFR 159.32), or None."""
        exact = self._quotes.get((currency, on))
        if exact is not None:
            return exact
        for layer in self._spans:
            spans = layer.get(currency, ())
            place = bisect_right(spans, on, key=lambda one: one.first) - 1
            if place >= 0 and on <= spans[place].last:
                return spans[place].quote
        return None

    def origin_status(self, country: str, status: str, on: date) -> OriginStatus | None:
        """The status that goods of a country have on a day (`column2`, `mpf_exempt`), or None."""
        rows = self._by_origin.get((country, status), ())
        return next((one for one in rows if _in_force(one, on)), None)

    @property
    def lines(self) -> Mapping[str, TariffLine]:
        """All lines by number."""
        return self._lines

    @property
    def all_measures(self) -> tuple[Measure, ...]:
        """Every row of every measure held, whatever its dates."""
        return self._measures.rows

    def with_measures(self, measures: MeasureIndex) -> "TariffView":
        """The same day's tariff with other measures: what would have been owed under another law."""
        return TariffView(
            on=self.on,
            editions=self.editions,
            lines=self._lines,
            measures=measures,
            fee_years=self._fee_years,
            programs=self._programs,
            quotes=self._quotes,
            successors=self._successors,
            spans=self._spans,
            origins=self._origins,
            notes=self.notes,
            lines_from=self.lines_from,
            held=self.held,
        )


CANADIAN_PROVINCES = frozenset(["XA", "XB", "XC", "XM", "XN", "XO", "XP", "XQ", "XS", "XT", "XV", "XW", "XY"])


def country_of(origin: str | None) -> str:
    """The country of an origin: goods may be declared of a Canadian province (19 CFR 102, appendix)."""
    return "CA" if origin in CANADIAN_PROVINCES else origin or ""


@lru_cache(maxsize=65_536)
def normal_number(number: str) -> str:
    """Digits only; an eight-digit number of chapters 1 to 97 takes the statistical suffix 00."""
    digits = "".join(ch for ch in number if ch in "0123456789")
    if len(digits) == 8 and digits[:2] not in ("98", "99"):
        return digits + "00"
    if len(digits) == 10 and digits[:2] in ("98", "99") and digits.endswith("00"):
        return digits[:8]
    return digits


def _in_force(row: Measure | FeeYear | Program | OriginStatus, on: date) -> bool:
    return row.effective_from <= on and (row.effective_to is None or on <= row.effective_to)


def _turning_days(row: Measure) -> list[date]:
    """The days within which a measure begins or ends."""
    first = [row.effective_from] if row.effective_at else []
    return first + ([row.effective_to] if row.ends_at and row.effective_to else [])


def _stands_at(row: Measure, on: date, at: datetime) -> bool:
    begun = row.effective_at is None or on != row.effective_from or row.effective_at <= at
    return begun and (row.ends_at is None or on != row.effective_to or at < row.ends_at)
