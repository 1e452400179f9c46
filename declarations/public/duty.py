"""The duty of one number from one country: what was asked, and the same computation that a declaration gets."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from declarations.assessment import Assessment
from declarations.document import Dates, Document, Item, Preference, Quantity, Tariff, Transport, Valuation
from declarations.tariff.calculate import assess
from declarations.tariff.expressions import units_asked
from declarations.tariff.expressions.special import claim_rate
from declarations.tariff.view import TariffLine, TariffView
from portal.codes.selectors import CodeRow
from portal.forms import FieldError, FieldView, tidy_decimal

MODES = (("11", gettext_lazy("By ship")), ("30", gettext_lazy("By truck")), ("40", gettext_lazy("By air")))
USUAL_VALUE = "1000"


@dataclass
class Question:
    """What somebody asks about a number."""

    on: date
    origin: str = ""
    value: str = USUAL_VALUE
    mode: str = "11"
    program: str = ""
    quantities: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def can_be_told(self) -> bool:
        """Whether an origin is chosen, and everything could be read."""
        return bool(self.origin) and not self.errors


def read_question(given: QueryDict, line: TariffLine, on: date, countries: list[CodeRow]) -> Question:
    """What can be read of the address; what cannot is told at its field."""
    asked = Question(on=on)
    asked.origin = given.get("origin", "") if given.get("origin", "") in {one.code for one in countries} else ""
    asked.mode = given.get("mode", "") if given.get("mode", "") in dict(MODES) else "11"
    asked.program = given.get("program", "").strip().upper()[:2]
    asked.value = _amount(asked, given, "value") or USUAL_VALUE
    for unit in units_asked(line):
        amount = _amount(asked, given, f"q_{unit}")
        if amount is not None:
            asked.quantities[unit] = amount
    return asked


def _amount(asked: Question, given: QueryDict, name: str) -> str | None:
    asked.typed[name] = given.get(name, "")[:40]
    try:
        found = tidy_decimal(asked.typed[name])
    except FieldError as error:
        asked.errors[name] = str(error)
        return None
    if found is not None and found.startswith("-"):
        asked.errors[name] = _("Write an amount of zero or more.")
        return None
    return found


def programs_for(line: TariffLine, origin: str, view: TariffView, on: date) -> list[tuple[str, str]]:
    """Programs that goods of an origin may claim for this line."""
    return [
        (one.code, f"{one.code} {one.name}")
        for one in view.programs(on)
        if (not one.countries or origin in one.countries)
        and ((one.by_note and one.countries) or claim_rate(line.special, one.code) is not None)
    ]


def fields_of(asked: Question, line: TariffLine, countries: list[CodeRow], programs: list[tuple[str, str]],
              units: dict[str, str]) -> list[FieldView]:  # fmt: skip
    """The form of the question."""
    shown = asked.typed
    by_name = sorted(countries, key=lambda one: one.name)
    rows = [
        FieldView("origin", _("Country of origin"), kind="select", value=asked.origin, term="country of origin",
                  choices=[(one.code, one.name) for one in by_name]),
        FieldView("value", _("Value"), kind="decimal", prefix="$", value=shown.get("value") or asked.value,
                  error=asked.errors.get("value", "")),
        FieldView("mode", _("How it comes"), kind="select", choices=MODES, value=asked.mode),
    ]  # fmt: skip
    if programs:
        none = ("", _("No claim"))
        rows.append(FieldView("program", _("Preference claimed"), kind="select", choices=[none, *programs],
                              value=asked.program))  # fmt: skip
    for unit in units_asked(line):
        name, called = f"q_{unit}", _("Quantity in %(unit)s") % {"unit": units.get(unit, unit).lower()}
        rows.append(FieldView(name, called, kind="decimal", suffix=unit,
                              value=shown.get(name, ""), error=asked.errors.get(name, "")))  # fmt: skip
    return rows


def answer(asked: Question, line: TariffLine, view: TariffView, now: datetime) -> Assessment | None:
    """The computation, or nothing while no origin is chosen or something cannot be read."""
    if not asked.can_be_told:
        return None
    document = Document(
        profile="US", entry_type="01", currency="USD", dates=Dates(estimated_entry=asked.on.isoformat()),
        transport=Transport(mode=asked.mode), items=(item_of(asked, line),),
    )  # fmt: skip
    return assess(document, tariff=view, now=now)


def item_of(asked: Question, line: TariffLine) -> Item:
    """The goods of a question as a line of a declaration."""
    quantities = tuple(Quantity(value=value, unit=unit) for unit, value in asked.quantities.items())
    return Item(
        sequence=1,
        origin_country=asked.origin,
        preference=Preference(program=asked.program) if asked.program else None,
        tariffs=(Tariff(hts_number=line.number, role="classification", quantities=quantities),),
        valuation=Valuation(entered_value=asked.value),
    )
