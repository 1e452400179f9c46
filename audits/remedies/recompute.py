"""What a change is worth for one version: both assessments side by side, by line and class."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from audits.remedies.change import AS_HELD, Change, changed, undeclared
from audits.remedies.interest import Quarter, interest_on
from declarations.assessment import Assessment
from declarations.document import Document
from declarations.models import DeclarationVersion
from declarations.services.recomputing import Views, assess_again, decode_contents, views_of
from declarations.tariff.selectors import current_view
from declarations.tariff.view import Measure, MeasureIndex, TariffView
from portal.money import ZERO, cents
from portal.timezones import party_date


class Worth(NamedTuple):
    """Duty before and after in dollars, interest, and the working. `reason` is filled where it cannot be told."""

    before: Decimal
    after: Decimal | None
    interest: Decimal | None
    working: dict[str, Any]
    reason: str = ""

    @property
    def is_unchanged(self) -> bool:
        """True where not a cent differs."""
        return not self.reason and self.after == self.before


UNTOUCHED = Worth(ZERO, ZERO, ZERO, {})


class Prepared(NamedTuple):
    """The measures of a tariff under the change. The rows it was made of are held, so that their identity stands."""

    rows: tuple[Measure, ...]
    measures: MeasureIndex
    headings: tuple[bytes, ...]  # of the authorities concerned


class Recomputer:
    """Recomputes versions under one change; keeps the changed measures that it has built."""

    KEPT = 16

    def __init__(self, change: Change, *, quarters: list[Quarter], interest_to: date) -> None:
        self.change = change
        self._quarters = quarters
        self._interest_to = interest_to
        self._prepared: dict[int, Prepared] = {}

    def worth(self, version: DeclarationVersion, content: bytes, kept: bytes) -> Worth:
        """What the change is worth for the version with these kept bytes. Writes nothing."""
        filed = views_of(version)
        on = party_date(version.created_at, version.authority)
        if self.change.effect != AS_HELD and not any(one in kept for one in self._of(filed(on)).headings):
            return UNTOUCHED
        document, assessment = decode_contents(content, kept)
        views = self._under_the_change(filed)
        again = assess_again(version, undeclared(document, _stated(document, views(on))), views=views)
        before = Decimal(assessment.totals.total)
        if again.unassessed:
            return Worth(before, None, None, {}, again.unassessed[0].reason[:300])
        after = Decimal(again.totals.total)
        deposited = party_date(version.submitted_at or version.created_at, version.authority)
        interest = interest_on(after - before, deposited=deposited, paid=self._interest_to, quarters=self._quarters)
        working = {
            "lines": _differing(assessment, again),
            "totals": _totals(assessment, again),
            "deposited": deposited.isoformat(),
            "interest": {"working": interest.working, "certain": interest.certain},
        }
        return Worth(before, after, interest.amount, working)

    def _under_the_change(self, filed: Views) -> Views:
        if self.change.effect == AS_HELD:
            return current_view
        return lambda on: filed(on).with_measures(self._of(filed(on)).measures)

    def _of(self, view: TariffView) -> Prepared:
        held = self._prepared.get(id(view.all_measures))
        if held is None:
            if len(self._prepared) >= self.KEPT:
                self._prepared.clear()
            held = self._prepared[id(view.all_measures)] = _prepare(view.all_measures, self.change)
        return held


def _prepare(rows: tuple[Measure, ...], change: Change) -> Prepared:
    touched = {one.authority for one in rows if change.covers(one)}
    headings = {one.heading.encode() for one in rows if one.authority in touched}
    return Prepared(rows, MeasureIndex(changed(rows, change)), tuple(sorted(headings)))


def _stated(document: Document, view: TariffView) -> frozenset[str]:
    """Declared headings all of whose rows are the filer's to claim."""
    declared = {(one.hts_number or "")[:8] for item in document.items for one in item.tariffs}
    rows = {heading: view.measure_rows(heading) for heading in declared if heading.startswith("99")}
    return frozenset(heading for heading, found in rows.items() if found and all(one.claimed_only for one in found))


def _differing(before: Assessment, after: Assessment) -> list[dict[str, str | int]]:
    """Each line of duty or fee whose amount differs: item, kind, number, old and new amount, and its law."""
    old, new = _amounts(before), _amounts(after)
    found: list[dict[str, str | int]] = []
    for key in sorted({*old, *new}):
        was, now = old.get(key, (ZERO, "", "")), new.get(key, (ZERO, "", ""))
        if was[0] != now[0]:
            item, kind, code = key
            found.append(
                {"item": item, "kind": kind, "code": code, "before": cents(was[0]), "after": cents(now[0]),
                 "legal_basis": now[1] or was[1], "working": now[2] or was[2]}
            )  # fmt: skip
    return found


def _amounts(assessment: Assessment) -> dict[tuple[int, str, str], tuple[Decimal, str, str]]:
    found: dict[tuple[int, str, str], tuple[Decimal, str, str]] = {}
    for item in assessment.items:
        for one in item.lines:
            key = (item.sequence, one.kind, one.code)
            so_far = found.get(key, (ZERO, "", ""))[0]
            found[key] = (so_far + Decimal(one.amount), one.legal_basis, one.working)
    return found


def _totals(before: Assessment, after: Assessment) -> dict[str, list[str]]:
    names = ("duty", "antidumping", "countervailing", "tax", "fees", "total")
    pairs = {name: [getattr(before.totals, name), getattr(after.totals, name)] for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1] or name == "total"}
