"""One number and one question about it, asked again with another day, origin, claim or way of transport."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from declarations.assessment import Assessment
from declarations.document import Item
from declarations.public.duty import Question, answer, item_of
from declarations.tariff.calculate.reading import FEE, QUANTITY
from declarations.tariff.history import DAY, Shelf, rows_for, turns
from declarations.tariff.view import FeeYear, Measure, TariffLine, TariffView

HUNDRED = Decimal(100)
HUNDREDTH = Decimal("0.01")
ROUND_VALUE = "10000"  # what a rate is told on, where no quantity decides


class Trial:
    """Answers for one number. `view` is the tariff of the day asked for; other days are read for this number alone."""

    def __init__(self, asked: Question, line: TariffLine, view: TariffView, now: datetime) -> None:
        self.asked = asked
        self.line = line
        self.view = view
        self.now = now

    @cached_property
    def shelf(self) -> Shelf:
        """The number in every edition held."""
        return Shelf([self.line.number], known=self.view)

    @property
    def item(self) -> Item:
        """The goods of the question as a line of a declaration."""
        return item_of(self.asked, self.line)

    def tariff_on(self, on: date) -> TariffView | None:
        """The tariff of a day, as far as this number goes."""
        return self.view if on == self.view.on else self.shelf.view_or_none(on)

    def answer(self, **changes: Any) -> Assessment | None:
        """What is owed with these parts of the question changed; nothing where no schedule is held for the day."""
        asked = replace(self.asked, **changes)
        view = self.tariff_on(asked.on)
        return answer(asked, self.line, view, self.now) if view else None

    def rows(self, origin: str = "") -> list[Measure]:
        """Measures that name the number and the origin, whatever their days."""
        return rows_for(self.view.all_measures, self.line.number, origin or self.asked.origin)

    def turns(self) -> list[date]:
        """Days on which what is owed may change: editions, measures, the program claimed, the status of the origin."""
        found = {*turns(self.rows()), *self.shelf.days()}
        program = self.view.program(self.asked.program) if self.asked.program else None
        statuses = (self.view.origin_status(self.asked.origin, one, self.view.on) for one in ("column2", "mpf_exempt"))
        for one in (program, *statuses):
            if one is not None:
                found |= {one.effective_from} | ({one.effective_to + DAY} if one.effective_to else set())
        return sorted(found)

    def fee_turns(self) -> list[date]:
        """Days near the one asked for on which the fees change."""
        year: FeeYear | None = self.view.fees(self.asked.on)
        ends = [year.effective_to + DAY] if year and year.effective_to else []
        return [year.effective_from, *ends] if year else []

    def rate_on(self, on: date) -> tuple[Decimal | None, Assessment | None]:
        """All duties of a day together, in percent of the value; None where they cannot be told."""
        found = self.answer(on=on, value=ROUND_VALUE, quantities={}, errors={})
        if found is not None and any(one.code == QUANTITY for one in found.unassessed) and self.asked.quantities:
            found = self.answer(on=on, errors={})
        return (rate_of(found) if found else None), found


def rate_of(assessment: Assessment) -> Decimal | None:
    """All duties of an assessment in percent of its value, to the hundredth; None where something is not computed."""
    value = assessment.entered_value
    if not value or any(one.code != FEE for one in assessment.unassessed):
        return None
    return (Decimal(assessment.totals.duty) * HUNDRED / value).quantize(HUNDREDTH)
