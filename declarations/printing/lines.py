"""Blocks 31 to 38: the lines, each with all its tariff numbers in wire order, its cases, taxes and fees. Pure."""

from collections.abc import Iterator
from typing import Any

from declarations.assessment import (
    ANTIDUMPING,
    COUNTERVAILING,
    DUTY_KINDS,
    FEE,
    TAX,
    Assessment,
    AssessmentLine,
    ItemAssessment,
)
from declarations.document import Document, Item, Quantity
from declarations.printing import words
from declarations.printing.header import SHOWN_BILLS, mid_of, packages_of
from portal.tariff_numbers import dotted

CELLS = ("33", "34", "35", "36", "37", "38")
TOGETHER_ROWS = 10
TOGETHER_TEXT = 1_200
RELATED = {True: "Related", False: "Not related", None: ""}


def line_blocks(document: Document, assessment: Assessment) -> list[dict[str, Any]]:
    """Every line of the document in order: `31`, `32`, and `rows` with the blocks 33 to 38."""
    found = []
    for index, (item, assessed) in enumerate(with_assessment(document, assessment)):
        rows = [*_tariff_rows(item, assessed), *_case_rows(item, assessed), *_charge_rows(assessed)]
        main = _main_row(rows)
        main["34"] += [_kilograms(item)] if item.gross_mass_kg else []
        main["36"] += _charges_and_relation(item)
        main["37"] += [f"Visa {item.visa}"] if item.visa else []
        if index == 0:
            main["34"] += _packages(document)
        told = details(document, item)
        found.append(
            {
                "31": sequence(item, index), "32": item.description or "", "details": told, "rows": rows,
                "together": fits_together(len(rows), item.description or "", *told),
            }
        )  # fmt: skip
    return found


def fits_together(rows: int, *texts: str) -> bool:
    """Whether a line is short enough to be kept on one page."""
    return rows <= TOGETHER_ROWS and sum(len(one) for one in texts) <= TOGETHER_TEXT


def with_assessment(document: Document, assessment: Assessment) -> Iterator[tuple[Item, ItemAssessment | None]]:
    """Each item with what was computed of it; a number that stands twice is met in order."""
    by_sequence: dict[int, list[ItemAssessment]] = {}
    for one in assessment.items:
        by_sequence.setdefault(one.sequence, []).append(one)
    for index, item in enumerate(document.items):
        waiting = by_sequence.get(item.sequence if item.sequence is not None else index + 1)
        yield item, waiting.pop(0) if waiting else None


def sequence(item: Item, index: int) -> str:
    """The number of the line in three digits."""
    return f"{item.sequence if item.sequence is not None else index + 1:03d}"


def _row(kind: str, **cells: str | list[str]) -> dict[str, Any]:
    """A row of the table; every cell is a list of short texts, one below the other."""
    row: dict[str, Any] = {"kind": kind} | {key: [] for key in CELLS}
    for key, value in cells.items():
        row[key.removeprefix("b")] += [value] if isinstance(value, str) else value
    return row


def _main_row(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The row of the first classification number; else the first row; else a row of its own."""
    for one in rows:
        if one["kind"] == "classification":
            return one
    if not rows:
        rows.append(_row("classification"))
    return rows[0]


def _tariff_rows(item: Item, assessed: ItemAssessment | None) -> Iterator[dict[str, Any]]:
    stacked = assessed.tariffs if assessed and assessed.tariffs else item.tariffs
    computed = bool(assessed and assessed.tariffs)
    lines = _by_code(assessed, DUTY_KINDS)
    quantities = _quantities(item)
    for one in stacked:
        number = one.hts_number or ""
        plain = number[:2] not in ("98", "99")
        claim = item.preference.program if item.preference and plain else ""
        found = lines.get(number, [])
        line = found.pop(0) if found else None
        waiting = quantities.get(number, [])
        yield _row(
            "classification" if plain else "provision",
            b33=" ".join(part for part in (claim, dotted(number)) if part),
            b35=[_quantity(each) for each in (waiting.pop(0) if waiting else ())],
            b36=[words.number(one.value)] if one.value else [],
            b37=[line.rate] if line else [],
            b38=[words.money(line.amount)] if line else [] if computed else [words.NOT_COMPUTED],
        )


def _quantities(item: Item) -> dict[str, list[tuple[Quantity, ...]]]:
    found: dict[str, list[tuple[Quantity, ...]]] = {}
    for one in item.tariffs:
        found.setdefault(one.hts_number or "", []).append(one.quantities)
    return found


def _by_code(assessed: ItemAssessment | None, kinds: tuple[str, ...]) -> dict[str, list[AssessmentLine]]:
    found: dict[str, list[AssessmentLine]] = {}
    for one in assessed.lines if assessed else ():
        if one.kind in kinds:
            found.setdefault(one.code, []).append(one)
    return found


def _case_rows(item: Item, assessed: ItemAssessment | None) -> Iterator[dict[str, Any]]:
    """Cases in the order of the document: 33B the number, 37B the rate, 38 the deposit in cash or the bond."""
    lines = _by_code(assessed, (ANTIDUMPING, COUNTERVAILING))
    for one in item.adcvd:
        found = lines.get((one.case_number or "").upper(), [])
        line = found.pop(0) if found else None
        bonded = one.security in ("bond", "B")
        yield _row(
            "case",
            b33=words.case(one.case_number),
            b36=[words.number(one.value)] if one.value else [],
            b37=[line.rate] if line else [],
            b38=[words.money(line.amount) if line else words.NOT_COMPUTED, *(["by bond"] if bonded else [])],
        )


def _charge_rows(assessed: ItemAssessment | None) -> Iterator[dict[str, Any]]:
    """Internal revenue tax and the fees of the line, before any minimum or maximum."""
    for one in assessed.lines if assessed else ():
        if one.kind in (TAX, FEE):
            yield _row(
                one.kind,
                b33=words.named(one.code, words.CHARGES),
                b37=[one.rate] if one.rate else [],
                b38=words.money(one.amount),
            )


def _quantity(one: Quantity) -> str:
    return " ".join(part for part in (words.number(one.value), one.unit) if part)


def _kilograms(item: Item) -> str:
    return f"{words.number(item.gross_mass_kg)} kg"


def _charges_and_relation(item: Item) -> list[str]:
    total = item.charges.total_whole_usd if item.charges else None
    charges = [f"C {words.number(total)}"] if total else []
    return charges + ([RELATED[item.related_parties]] if item.related_parties is not None else [])


def _packages(document: Document) -> list[str]:
    bills = document.transport.bills if document.transport else ()
    found = [packages_of(one) for one in bills if packages_of(one)]
    return found if len(found) <= SHOWN_BILLS else ["see bills"]


def details(document: Document, item: Item) -> list[str]:
    """What else is said of the goods: short texts for the space below the description."""
    export = f"exported {words.day(item.export_date)}" if item.export_date else ""
    export += f" from {item.export_country}" if item.export_country else ""
    port = f"foreign port {item.foreign_port_of_lading}" if item.foreign_port_of_lading else ""
    mid = mid_of(document, item.manufacturer)
    journey = [f"Origin {item.origin_country}" if item.origin_country else "", export.strip(), port]
    return [
        one
        for one in (
            ", ".join(part for part in journey if part), f"Manufacturer {mid}" if mid else "", _claim(item),
            _set(item), *_papers(item), *_declarations(item), _zone(item), _agencies(item), _overrides(item),
        )
        if one
    ]  # fmt: skip


def _claim(item: Item) -> str:
    claim = item.preference
    if claim is None or not claim.program:
        return ""
    return f"Preference claimed {claim.program}" + (", net cost" if claim.net_cost else "")


def _set(item: Item) -> str:
    parts = []
    if item.article_set:
        parts.append(" ".join(one for one in ("Set", item.article_set.set, item.article_set.role) if one))
    parts += [f"Product claim {item.product_claim}"] if item.product_claim else []
    parts += [f"Fee exemption {item.fee_exemption}"] if item.fee_exemption else []
    return ", ".join(parts)


def _papers(item: Item) -> Iterator[str]:
    for ruling in item.rulings:
        yield " ".join(one for one in ("Ruling", ruling.type, ruling.number) if one)
    for licence in item.licences:
        yield " ".join(one for one in ("License", licence.type, licence.number) if one)


def _declarations(item: Item) -> Iterator[str]:
    for one in item.importer_declarations:
        name = words.METALS.get(one.type or "", "")
        head = " ".join(part for part in ("Declaration", one.type) if part)
        yield ", ".join(part for part in (head, name, one.country, one.text) if part)


def _zone(item: Item) -> str:
    if item.ftz is None:
        return ""
    parts = (
        f"Zone {item.ftz.zone_id}" if item.ftz.zone_id else "",
        f"status {item.ftz.status}" if item.ftz.status else "",
        words.day(item.ftz.privileged_date),
        words.number(item.ftz.quantity),
    )
    return ", ".join(one for one in parts if one)


def _agencies(item: Item) -> str:
    found = []
    for one in item.pga:
        disclaimed = f"disclaimed {one.disclaim}" if one.disclaim else ""
        found.append(" ".join(part for part in (one.agency, one.program, one.processing, disclaimed) if part))
    return f"Agencies: {'; '.join(found)}" if found else ""


def _overrides(item: Item) -> str:
    found = [" ".join(part for part in (one.warning, one.override) if part) for one in item.census_overrides]
    return f"Census overrides: {', '.join(found)}" if found else ""
