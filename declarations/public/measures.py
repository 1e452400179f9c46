"""Additional duties of one number and origin, in words."""

from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from declarations.tariff.view import Measure, TariffView
from portal.money import plain

AUTHORITIES: dict[str, Any] = {
    "s301_china": gettext_lazy("Section 301, China"),
    "s301_forced_labor": gettext_lazy("Section 301, forced labor"),
    "s301_brazil": gettext_lazy("Section 301, Brazil"),
    "s232_metals": gettext_lazy("Section 232, steel, aluminum and copper"),
    "s232_autos": gettext_lazy("Section 232, cars and parts"),
    "s232_trucks": gettext_lazy("Section 232, trucks and parts"),
    "s232_wood": gettext_lazy("Section 232, wood"),
    "s232_pharmaceuticals": gettext_lazy("Section 232, medicines"),
    "s232_semiconductors": gettext_lazy("Section 232, semiconductors"),
    "s232_drones": gettext_lazy("Section 232, drones"),
    "s201_solar": gettext_lazy("Section 201, solar cells"),
    "s201_quartz": gettext_lazy("Section 201, quartz"),
    "s122": gettext_lazy("Section 122"),
    "s338_canada": gettext_lazy("Section 338, Canada"),
    "ieepa_reciprocal": gettext_lazy("Emergency powers, reciprocal duty"),
    "ieepa_reciprocal_india": gettext_lazy("Emergency powers, India"),
    "ieepa_brazil": gettext_lazy("Emergency powers, Brazil"),
    "ieepa_fentanyl": gettext_lazy("Emergency powers, fentanyl"),
    "ieepa_border": gettext_lazy("Emergency powers, border"),
    "column2_russia": gettext_lazy("Column 2, Russia"),
}


class Row(NamedTuple):
    """A measure as the page shows it."""

    heading: str
    name: str
    note: str
    effect: str
    since: date
    until: date | None
    law: str


def rows_of_heading(view: TariffView, heading: str) -> list[Row]:
    """What a number of chapter 99 does, its ended rows too."""
    return [_row(one) for one in view.measure_rows(heading)]


def _row(one: Measure) -> Row:
    return Row(
        heading=one.heading, name=authority_of(one), note=one.note, effect=effect_of(one), since=one.effective_from,
        until=one.effective_to, law=one.legal_basis,
    )  # fmt: skip


def authority_of(one: Measure) -> str:
    """The law under which a measure stands, by its usual name."""
    return name_of_authority(one.authority)


def name_of_authority(authority: str) -> str:
    """The usual name of a law by our short one."""
    return str(AUTHORITIES.get(authority, authority.replace("_", " ").capitalize()))


def effect_of(one: Measure) -> str:
    """What a measure does, in a few words."""
    rate = f"{plain(one.rate * 100)}%" if one.rate is not None else ""
    words = {
        "add": _("adds %(rate)s") if rate else _("adds a duty"),
        "replace": _("%(rate)s in place of the column rate") if rate else _("in place of the column rate"),
        "floor": _("a total of %(rate)s, where the column rate is lower"),
        "floor_met": _("adds nothing, where the column rate is %(rate)s or more"),
        "exempt": _("frees from the duty"),
        "prohibit": _("may not be imported"),
        "gap": _("may add a duty: we do not hold this list"),
    }
    return words.get(one.effect, one.effect) % {"rate": rate}
