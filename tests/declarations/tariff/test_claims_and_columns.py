"""Which column a line is under, and what a claim does."""

from datetime import date

import pytest

from declarations.tariff.notes import NoteRate, NoteRates
from declarations.tariff.view import OriginStatus
from tests.declarations.tariff.makers import amounts, document, fees, item, line, owed, program, view

DUTIABLE = line("3926909989", "5.3%", special="Free (AU,KR,S) 2.5% (JO) See 9822.05.20 (S+)")
FREE = line("3304995000")
NO_SPECIAL = line("6404119020", "20%")


def base(number, **more):
    tariff = view(DUTIABLE, FREE, NO_SPECIAL, line("0402999000", "10%", special="Free (A*,D)"))
    return owed(document(item(number, **more)), tariff)


@pytest.mark.parametrize(
    ("claim", "origin", "amount", "law"),
    [
        (None, "KR", "530.00", "column 1 general"),
        ("KR", "KR", "0.00", "column 1 special (KR)"),
        ("JO", "JO", "250.00", "column 1 special (JO)"),
        ("Y", "GU", "0.00", "column 1 special (Y)"),
    ],
)
def test_a_claim_opens_its_rate(claim, origin, amount, law):
    found = base("3926909989", claim=claim, origin=origin).item(1).lines[0]
    assert (found.amount, found.legal_basis) == (amount, f"HTS 3926.90.99, {law}")


@pytest.mark.parametrize(
    ("claim", "origin", "reason"),
    [
        ("KR", "VN", "VN is not in the program"),
        ("SG", "SG", "the special column does not name SG"),
        ("A", "IN", "the program is not in force on 2026-11-24"),
        ("XX", "KR", "there is no such program"),
    ],
)
def test_a_claim_that_does_not_hold_is_computed_without_it_and_said(claim, origin, reason):
    found = base("3926909989", claim=claim, origin=origin)
    assert found.item(1).lines[0].amount == "530.00"
    assert f"{claim} claim not counted: {reason}" in found.item(1).lines[0].working
    assert "499" in fees(found)


def test_an_empty_special_column_with_a_dutiable_rate_refuses_the_claim():
    assert amounts(base("6404119020", claim="KR", origin="KR"))["6404119020"] == "2000.00"


def test_an_empty_special_column_with_a_free_rate_allows_it():
    found = base("3304995000", claim="KR", origin="KR")
    assert found.item(1).lines[0].amount == "0.00"
    assert "499" not in fees(found)


def test_a_special_rate_that_refers_elsewhere_is_not_guessed():
    found = base("3926909989", claim="S+", origin="MX")
    assert [(one.code, one.pointer) for one in found.unassessed] == [("DUTY-RATE", "/items/0/tariffs/0/hts_number")]
    assert "See 9822.05.20" in found.unassessed[0].reason


def test_a_program_has_its_last_day():
    agoa = {"claim": "D", "origin": "LS"}
    tariff = view(line("0402999000", "10%", special="Free (D)"))
    on_time = owed(document(item("0402999000", **agoa), entry="2026-12-31"), tariff)
    late = owed(document(item("0402999000", **agoa), entry="2027-01-01"), tariff)
    assert (on_time.totals.duty, late.totals.duty) == ("0.00", "1000.00")
    assert "499" in fees(on_time)  # AGOA does not free from the processing fee


def test_without_any_program_held_the_special_column_decides():
    tariff = view(DUTIABLE, programs=())
    found = owed(document(item("3926909989", claim="KR", origin="KR")), tariff)
    assert found.totals.duty == "0.00"
    assert "499" in fees(found)  # we hold nothing that says it is free of it


def test_goods_of_some_origins_are_free_of_the_processing_fee_claim_or_not():
    free = OriginStatus(country="LS", status="mpf_exempt", ground="least developed", effective_from=date(1990, 8, 20))
    tariff = view(DUTIABLE, origins=(free,))
    found = owed(document(item("3926909989", origin="LS"), item("3926909989", origin="ZA")), tariff)
    assert "499" not in amounts(found, 1)
    assert amounts(found, 2)["499"] == "34.64"


def test_each_number_of_a_line_must_have_its_claim_for_the_fee_to_go():
    tariff = view(
        line("9102111000", "5%", special="Free (KR)"), line("9102112500", "5%"), programs=(program("KR", "KR"),)
    )
    both = item("9102111000", "9102112500", origin="KR", claim="KR", value="500", values=["300", "200"])
    found = owed(document(both), tariff)
    assert (amounts(found)["9102111000"], amounts(found)["9102112500"]) == ("0.00", "10.00")
    assert "499" in amounts(found)


NOTED = line("5810921000", "See additional U.S. note 2", column2="See additional U.S. note 2")
FLOOR = "but in the case of embroidery in the piece not less than the rate which would apply to such product if not embroidered"
LAW = "HTS chapter 58, additional U.S. note 2"


def noted(column, text, first=date(2025, 1, 1), last=None):
    return NoteRate(
        number="58109210", column=column, text=text, effective_from=first, effective_to=last, legal_basis=LAW
    )


EMBROIDERY = view(NOTED, notes=NoteRates((noted("general", f"4.2%, {FLOOR}"), noted("column2", f"90%, {FLOOR}"))))


@pytest.mark.parametrize(
    ("origin", "column", "measures", "amount"),
    [
        ("CN", "column 1 general", {"embroidery in the piece": "0"}, "420.00"),
        ("CN", "column 1 general", {"embroidery in the piece": "1", "duty if not embroidered": "1490"}, "1490.00"),
        ("RU", "column 2", {"embroidery in the piece": "0"}, "9000.00"),
    ],
)
def test_a_rate_that_stands_in_a_note_is_computed_from_it(origin, column, measures, amount):
    found = owed(document(item("5810921000", origin=origin, measures=measures)), EMBROIDERY).item(1).lines[0]
    assert (found.amount, found.legal_basis) == (amount, f"HTS 5810.92.10, {column}; {LAW}")


def test_a_rate_of_a_note_asks_for_what_it_depends_on():
    found = owed(document(item("5810921000")), EMBROIDERY)
    assert [one.pointer for one in found.unassessed] == ["/items/0/measures"]
    assert "give the measures 'embroidery in the piece' and 'duty if not embroidered'" in found.unassessed[0].reason


def test_a_note_that_is_not_held_for_the_day_is_named_and_never_zero():
    ended = view(NOTED, notes=NoteRates((noted("general", "4.2%", last=date(2026, 11, 23)),)))
    for tariff in (view(NOTED), ended):
        found = owed(document(item("5810921000")), tariff)
        assert [one.code for one in found.unassessed] == ["DUTY-RATE"]
        assert "See additional U.S. note 2" in found.unassessed[0].reason
        assert found.totals.duty == "0.00"
        assert found.item(1).lines == ()
