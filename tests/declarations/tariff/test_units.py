"""From the print to ACE codes, and between units of one kind."""

from decimal import Decimal as D

import pytest

from declarations.tariff.units import ace_units, ace_units_of, quantity_in


@pytest.mark.parametrize(
    ("printed", "codes"),
    [
        ("kg", ("KG",)), ("No.", ("NO",)), ("No", ("NO",)), ("doz.", ("DOZ",)), ("prs.", ("PRS",)), ("liters", ("L",)),
        ("m2", ("M2",)), ("m²", ("M2",)), ("No. and kg", ("NO", "KG")), ("X", ()), ("", ()), ("doz. prs.", ("DPR",)),
        ("pf.liters", ("PFL",)), (" kg", ("KG",)), ("doz. ", ("DOZ",)), ("carat", ("CAR",)), ("Pb kg", ("Pb kg",)),
        ("kg cmsc", ("kg cmsc",)), ("cy kg", ("CYK",)),
    ],
)  # fmt: skip
def test_a_print_becomes_its_codes_or_stays_visible(printed, codes):
    assert ace_units(printed) == codes


def test_units_keep_their_order_and_stand_once():
    assert ace_units_of(["No. and kg", "kg"]) == ("NO", "KG")
    assert ace_units_of(["m3", "kg"]) == ("M3", "KG")


@pytest.mark.parametrize(
    ("unit", "given", "found"),
    [
        ("KG", {"KG": "5"}, "5"), ("KG", {"T": "2"}, "2000"), ("T", {"KG": "500"}, "0.5"), ("G", {"KG": "1"}, "1000"),
        ("NO", {"DOZ": "2"}, "24"), ("DOZ", {"NO": "18"}, "1.5"), ("PRS", {"DPR": "1"}, "12"),
        ("L", {"M3": "1"}, "1000"),
        ("GR", {"NO": "288"}, "2"), ("PFL", {"L": "5"}, None), ("KG", {"L": "5"}, None), ("CYK", {"KG": "5"}, None),
        ("KG", {}, None),
    ],
)  # fmt: skip
def test_a_quantity_is_converted_only_within_its_kind(unit, given, found):
    quantities = {code: D(value) for code, value in given.items()}
    assert quantity_in(unit, quantities) == (None if found is None else D(found))
