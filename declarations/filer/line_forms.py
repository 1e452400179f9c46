"""A line between the declaration and its form: the main number first, quantities in the units of the number."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from declarations.filer.codebook import CodeBook
from declarations.filer.questions import Header, Question
from declarations.paths import duplicate, without_empty
from declarations.tariff.expressions import units_asked
from declarations.tariff.expressions.special import parse_special
from declarations.tariff.view import TariffView

CLASSIFICATION = "classification"
FREE_ROWS = 2  # quantities that can be given while the units of the number are not known
ROLE_OF_CHAPTER = {"98": "provision", "99": "additional"}


def to_form(content: Mapping[str, Any]) -> dict[str, Any]:
    """The line as its form sees it: `tariffs/0` classifies the goods, measures are rows."""
    found = duplicate(dict(content))
    numbers = found.get("tariffs") or []
    main = main_place(numbers)
    first = [numbers[main]] if main is not None else [{}]
    found["tariffs"] = first + [one for place, one in enumerate(numbers) if place != main]
    found["measures"] = [{"name": name, "value": value} for name, value in (found.get("measures") or {}).items()]
    return found


def from_form(form: Mapping[str, Any], units: Sequence[str]) -> dict[str, Any]:
    """The line as the declaration holds it; `units` are those in which the quantities of the form were given."""
    found = duplicate(dict(form))
    numbers = found.get("tariffs") or [{}]
    if numbers[0].get("hts_number"):
        numbers[0].setdefault("role", CLASSIFICATION)
    if units:
        given = zip(units, numbers[0].get("quantities") or [], strict=False)
        numbers[0]["quantities"] = [{**one, "unit": unit} for unit, one in given if one.get("value")]
    for one in numbers[1:]:
        if one.get("hts_number"):
            one["role"] = one.get("role") or ROLE_OF_CHAPTER.get(one["hts_number"][:2], CLASSIFICATION)
    found["tariffs"] = sorted(numbers, key=_wire_order)
    rows = found.get("measures") or []
    found["measures"] = {one["name"]: one["value"] for one in rows if one.get("name") and one.get("value")}
    return dict(without_empty(found))


def _wire_order(number: Mapping[str, Any]) -> int:
    return {"98": 0, "99": 1}.get(str(number.get("hts_number"))[:2], 2)


def main_place(numbers: Sequence[Mapping[str, Any]]) -> int | None:
    """Where the number stands that classifies the goods."""
    for place, one in enumerate(numbers):
        chapter = str(one.get("hts_number") or "")[:2]
        if one.get("role") in (None, "", CLASSIFICATION) and chapter not in ("98", "99", ""):
            return place
    return None


def main_number(content: Mapping[str, Any]) -> str:
    """The number that classifies the goods, or an empty text."""
    numbers = content.get("tariffs") or []
    place = main_place(numbers)
    return "" if place is None else str(numbers[place].get("hts_number") or "")


def units_of(tariff: TariffView, number: str | None) -> tuple[str, ...]:
    """Units in which the tariff wants the quantities of a number; none where it is not known."""
    line = tariff.line(number) if number else None
    return units_asked(line) if line is not None and line.declarable else ()


def in_units(form: dict[str, Any], units: Sequence[str]) -> dict[str, Any]:
    """The form's quantities stand in the order of the units; one in another unit is kept behind them."""
    first = form["tariffs"][0]
    given = {one.get("unit"): one for one in first.get("quantities") or []}
    ordered = [given.pop(unit, {"unit": unit}) for unit in units]
    first["quantities"] = ordered + list(given.values()) if units else list(given.values())
    return form


def quantity_questions(units: Sequence[str], book: CodeBook) -> list[Question]:
    """One question a unit; while the units are not known, amounts with units to choose."""
    if units:
        names = [book.name("units", unit) or unit for unit in units]
        return [
            Question(f"tariffs/0/quantities/{place}/value", _("Quantity in %(unit)s") % {"unit": name}, "", "amount",
                     width="medium", suffix=unit)
            for place, (unit, name) in enumerate(zip(units, names, strict=True))
        ]  # fmt: skip
    rows = []
    for place in range(FREE_ROWS):
        base = f"tariffs/0/quantities/{place}"
        rows.append(Question(f"{base}/value", _("Quantity"), "", "amount", width="medium"))
        rows.append(Question(f"{base}/unit", _("Unit"), "", "combo", codes="units", width="small"))
    return rows


def program_choices(tariff: TariffView, number: str, origin: str) -> list[Any]:
    """Preference programs: those that the number's special column or the origin allows, then all others."""
    line = tariff.line(number) if number else None
    named = {symbol for _rate, symbols in parse_special(line.special) for symbol in symbols} if line else set()
    is_free = line is not None and not line.special and line.general.startswith("Free")
    fitting: list[tuple[str, str]] = []
    others: list[tuple[str, str]] = []
    for one in sorted(tariff.programs(tariff.on), key=lambda row: row.code):
        by_column = bool({one.code, f"{one.code}*"} & named) or one.by_note or is_free
        fits = by_column and (origin in one.countries if one.countries else bool(origin))
        (fitting if fits else others).append((one.code, f"{one.code} {one.name}"))
    groups: list[Any] = [("", _("No claim"))]
    if fitting:
        groups.append((_("For this number and origin"), fitting))
    if others:
        groups.append((_("Other programs"), others))
    return groups


def new_line(header: Header, like: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What a fresh line begins with: an earlier line, or what is usual."""
    if like is not None:
        return duplicate(dict(like))
    currency = header.get("currency") or "USD"
    return {
        "valuation": {"method": "1", "invoice": {"currency": currency, "document": _only_invoice(header)}},
        "sold_to": {"same_as": "importer"},
    }


def _only_invoice(header: Header) -> str | None:
    """The number of the invoice, where there is exactly one among the papers."""
    numbers = [one.get("number") for one in papers(header) if "invoice" in str(one.get("type"))]
    return numbers[0] if len(numbers) == 1 else None


def papers(header: Header) -> Iterable[Mapping[str, Any]]:
    """The papers of the header."""
    return header.get("documents") or []
