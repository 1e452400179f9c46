"""Rates that are those of another number: taken from it where it stands on the line, else named and never zero."""

import pytest

from tests.declarations.tariff.makers import amounts, document, fees, item, line, measure, owed, view

FARMING, GLASS, PARTS = "98170050", "98100099", "98180005"
AS_IF = "The rate applicable in the absence of this heading"
ENSEMBLE = "The rate applicable to each garment in the ensemble if separately entered"
SET = "The rate of duty applicable to that article in the set subject to the highest rate of duty"
JUICE = "The rate applicable to the natural juice in heading 2009"
TARIFF = view(
    line("8432100000", "Free", column2="40%"),
    line("7013990000", "12%", column2="60%"),
    line(FARMING, "Free", column2=AS_IF),
    line(GLASS, "Free", column2="25%"),
    line(PARTS, f"{AS_IF[:-7]}subheading on the cost of such parts", column2="50 percent of the cost of such parts"),
    line("98170098", "No change", column2="No change"),
    line("6104220000", ENSEMBLE),
    line("6104320000", "14.9%"),
    line("6104520000", "8.3%"),
    line("8206000000", SET),
    line("8205400000", "6.2%"),
    line("2106905400", JUICE),
    line("2009110000", "7.85¢/liter", units=("L",)),
    line("9110110000", "The rate applicable to the complete, assembled movement"),
    measures=[measure("99038803", 25, origins=["CN"])],
)


def found(*numbers, **more):
    return owed(document(item(*numbers, **more)), TARIFF)


def reason(assessment):
    return " ".join(one.reason for one in assessment.unassessed)


def test_a_provision_frees_by_the_column_of_the_origin():
    assert amounts(found(FARMING, "8432100000", origin="VN"))["8432100000"] == "0.00"
    taxed = found(FARMING, "8432100000", origin="RU")
    assert taxed.item(1).lines[0].amount == "4000.00"
    assert taxed.item(1).lines[0].legal_basis == "HTS 8432.10.00, column 2; HTS 9817.00.50"
    assert "499" not in fees(taxed)


def test_a_provision_with_a_rate_of_its_own_in_column_2_is_named_and_not_free():
    assert "cannot be computed: 25%" in reason(found(GLASS, "7013990000", origin="RU"))
    assert found(GLASS, "7013990000", origin="CN").unassessed == ()


def test_a_provision_that_changes_nothing_leaves_the_duties_of_the_line():
    assert amounts(found("98170098", "7013990000")) == {
        "99038803": "2500.00", "7013990000": "1200.00", "501": "12.50",
    }  # fmt: skip


def test_a_rate_on_a_cost_is_on_the_value_stated_with_the_number():
    paid = found(PARTS, "7013990000", origin="VN", values=["7000", "3000"])
    assert amounts(paid)["7013990000"] == "360.00"
    assert "Say which part" in reason(found(PARTS, "7013990000", origin="VN"))


@pytest.mark.parametrize(
    ("numbers", "values", "quantities", "duty"),
    [
        (("8206000000", "8205400000"), ["10000", "0"], (), "620.00"),
        (("9110110000", "7013990000"), ["10000", "0"], (), "1200.00"),
        (("6104220000", "6104320000"), ["0", "10000"], (), "1490.00"),
        (("6104220000", "6104320000", "6104520000"), ["0", "6000", "4000"], (), "1226.00"),
    ],
)
def test_a_rate_that_is_anothers_is_taken_from_its_number(numbers, values, quantities, duty):
    assert found(*numbers, origin="VN", values=values, quantities=quantities).totals.duty == duty


def test_the_law_of_a_rate_that_is_anothers_names_both_numbers():
    first = found("8206000000", "8205400000", origin="VN", values=["10000", "0"]).item(1).lines[0]
    assert first.rate == "6.2%"
    assert first.legal_basis == "HTS 8206.00.00, column 1 general: the rate of 8205.40.00.00"


@pytest.mark.parametrize(
    ("numbers", "values"),
    [
        (("8206000000",), None),
        (("6104220000",), None),
        (("6104220000", "6104320000", "6104520000"), ["1000", "5000", "4000"]),
        (("8206000000", "8205400000", "7013990000"), ["10000", "0", "0"]),
        (("2106905400", "7013990000"), ["10000", "0"]),
        (("8206000000", "6104220000"), ["10000", "0"]),
    ],
)
def test_what_cannot_be_followed_is_named_with_where_to_look(numbers, values):
    assessment = found(*numbers, origin="VN", values=values)
    assert assessment.unassessed
    assert {one.code for one in assessment.unassessed} == {"DUTY-RATE"}
    assert "Give the number whose rate it takes on the same line" in reason(assessment)
    assert assessment.item(1).lines == ()


def test_an_amount_for_a_quantity_asks_for_the_quantity_of_the_number_that_takes_it():
    juice = found("2106905400", "2009110000", origin="VN", values=["10000", "0"])
    assert {one.code for one in juice.unassessed} == {"DUTY-QUANTITY"}
    assert "/items/0/tariffs/0/quantities" in {one.pointer for one in juice.unassessed}
