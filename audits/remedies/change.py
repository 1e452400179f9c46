"""A change of law as a value, and the tariff as it would have been. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

import msgspec
from msgspec import Struct

from declarations.document import Document, Item
from declarations.tariff.view import Measure

ANNUL, RATE, AS_HELD = "annul", "rate", "as_held"
DUTY_EFFECTS = ("add", "floor", "floor_met", "replace")
DAY = timedelta(days=1)


class Change(Struct, frozen=True, kw_only=True):
    """Duties of authorities or headings, in a period of rate dates, that never were or had another rate.

    `annul`: the duty is not owed; `rate`: its rate is `rate`, a share of the value; `as_held`: no row changes, the
    declarations are computed again with the measures that are held now (a list was corrected with effect back).
    """

    effect: str
    authorities: frozenset[str] = frozenset()
    headings: frozenset[str] = frozenset()  # eight digits
    rate: Decimal | None = None
    first: date
    last: date

    def covers(self, measure: Measure) -> bool:
        """True for a duty that the change is about."""
        named = measure.heading in self.headings or measure.authority in self.authorities
        return named and measure.effect in DUTY_EFFECTS


def changed(rows: Iterable[Measure], change: Change) -> tuple[Measure, ...]:
    """The measures as the change has them: a row is cut at the ends of the period, the part inside is changed."""
    if change.effect == AS_HELD:
        return tuple(rows)
    return tuple(part for one in rows for part in (_parts(one, change) if change.covers(one) else (one,)))


def _parts(one: Measure, change: Change) -> Iterator[Measure]:
    ends = one.effective_to or date.max
    if one.effective_from > change.last or ends < change.first:
        yield one
        return
    if one.effective_from < change.first:
        yield msgspec.structs.replace(one, effective_to=change.first - DAY)
    if change.effect == RATE:
        yield msgspec.structs.replace(
            one,
            rate=change.rate,
            effective_from=max(one.effective_from, change.first),
            effective_to=min(ends, change.last),
        )
    if ends > change.last:
        yield msgspec.structs.replace(one, effective_from=change.last + DAY)


def undeclared(document: Document, stated: frozenset[str]) -> Document:
    """The document without the chapter 99 numbers that follow from the law, for the new law to propose its own.

    `stated` are headings whose condition only the filer can state (a claimed exclusion): those stay.
    """
    items = tuple(_undeclared(one, stated) for one in document.items)
    return msgspec.structs.replace(document, items=items)


def _undeclared(item: Item, stated: frozenset[str]) -> Item:
    kept = tuple(
        one
        for one in item.tariffs
        if not (one.hts_number or "").startswith("99") or (one.hts_number or "")[:8] in stated
    )
    return item if len(kept) == len(item.tariffs) else msgspec.structs.replace(item, tariffs=kept)
