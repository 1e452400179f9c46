"""Texts of rates, as a tree and applied."""

from decimal import Decimal as D

import pytest

from declarations.tariff.expressions import (
    FREE,
    Applicable,
    Computed,
    Missing,
    Money,
    Percent,
    Sugar,
    Sum,
    Unparsed,
    apply,
    claim_rate,
    parse,
    parse_special,
)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("Free", FREE),
        ("free", FREE),
        ("3.4%", Sum((Percent(D("3.4")),))),
        ("33 1/3%", Sum((Percent(D(33) + D(1) / D(3)),))),
        ("1¢/kg", Sum((Money(D("0.01"), "KG"),))),
        ("$1.646/kg", Sum((Money(D("1.646"), "KG"),))),
        ("4.4 cents/kg", Sum((Money(D("0.044"), "KG"),))),
        ("0.9¢ each", Sum((Money(D("0.009"), "NO"),))),
        ("68¢/head", Sum((Money(D("0.68"), "NO"),))),
        ("$2.16 each", Sum((Money(D("2.16"), "NO"),))),
        ("2.8¢/doz.", Sum((Money(D("0.028"), "DOZ"),))),
        ("6.5¢/gross", Sum((Money(D("0.065"), "GR"),))),
        ("89.6¢/1000", Sum((Money(D("0.896"), "NO", D(1000)),))),
        ("18.9¢/pf.liter", Sum((Money(D("0.189"), "PFL"),))),
        ("$1.32/pf. liter", Sum((Money(D("1.32"), "PFL"),))),
        ("4.5¢/ liter", Sum((Money(D("0.045"), "L"),))),
        ("5.25¢/bbl", Sum((Money(D("0.0525"), "BBL"),))),
        ("$1.24/t", Sum((Money(D("1.24"), "T"),))),
        ("18.7¢/m2", Sum((Money(D("0.187"), "M2"),))),
        ("$1.13/m3", Sum((Money(D("1.13"), "M3"),))),
        ("18.7¢/clean kg", Sum((Money(D("0.187"), "CYK"),))),
        ("4.4¢/kg + 4%", Sum((Money(D("0.044"), "KG"), Percent(D(4))))),
        ("42.3¢/kg +8.5%", Sum((Money(D("0.423"), "KG"), Percent(D("8.5"))))),
        ("90¢/pr. + 20%", Sum((Money(D("0.9"), "PRS"), Percent(D(20))))),
        ("1.7¢/kg on lead content", Sum((Money(D("0.017"), "KG", of="lead content"),))),
        ("3.6606¢/kg of total sugars", Sum((Money(D("0.036606"), "KG", of="total sugars"),))),
        ("5¢/kg on contents and container", Sum((Money(D("0.05"), "KG", of="contents and container"),))),
        ("$1.32/t, including weight of container", Sum((Money(D("1.32"), "T", of="weight with container"),))),
        ("6.5% on the entire set", Sum((Percent(D("6.5")),))),
        ("17¢ each + 2.5% + 1¢/jewel", Sum((Money(D("0.17"), "NO"), Percent(D("2.5")), Money(D("0.01"), "jewels")))),
        (
            "43¢ each + 2.8¢/jewel over 7 + 3.7% on the case",
            Sum((Money(D("0.43"), "NO"), Money(D("0.028"), "jewels", over=D(7)), Percent(D("3.7"), "case"))),
        ),
        ("10¢/1,000 pins + 3.5%", Sum((Money(D("0.1"), "NO", D(1000)), Percent(D("3.5"))))),
        ("$2.50/thou- sand + 40%", Sum((Money(D("2.5"), "NO", D(1000)), Percent(D(40))))),
        ("The duty provided in the applicable subheading", Applicable()),
        ("The duty provided in the applicable subheading + 25%", Applicable(D(25))),
        ("The duty provided in the applicable subheading plus 25%", Applicable(D(25))),
        ("The duty provided in the applicable subheading + a duty of 25%", Applicable(D(25))),
        ("No change", Applicable()),
        (
            "3.6606¢/kg less 0.020668¢/kg for each degree under 100 degrees (and fractions of a degree in proportion) "
            "but not less than 3.143854¢/kg",
            Sugar(D("0.036606"), D("0.00020668"), D(100), D("0.03143854")),
        ),
    ],
)
def test_a_text_becomes_its_tree(text, tree):
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("See additional U.S. note 1", "reference"),
        ("The rate applicable to the natural juice in heading 2009", "reference"),
        (
            "The duty provided in the applicable subheading + a duty of 50% upon the value of the steel content",
            "reference",
        ),
        ("Free, under bond", "condition"),
        ("3.4% or so", "unknown"),
        ("25", "unknown"),
        ("4.4¢/furlong", "unknown"),
        ("4.4¢/kg + whatever", "unknown"),
        ("10 1/0%", "unknown"),
    ],
)
def test_what_is_not_understood_is_never_guessed(text, reason):
    found = parse(text)
    assert isinstance(found, Unparsed)
    assert (found.text, found.reason) == (text, reason)


def run(text, value="10000", quantities=None, measures=None):
    return apply(
        parse(text),
        value=D(value),
        quantities={unit: D(one) for unit, one in (quantities or {}).items()},
        measures={name: D(one) for name, one in (measures or {}).items()},
    )


@pytest.mark.parametrize(
    ("text", "quantities", "measures", "amount"),
    [
        ("Free", {}, {}, "0"),
        ("3.4%", {}, {}, "340"),
        ("4.4¢/kg + 4%", {"KG": "1234"}, {}, "454.296"),
        ("4.4¢/kg", {"T": "1.234"}, {}, "54.296"),
        ("$1.24/t", {"KG": "500"}, {}, "0.62"),
        ("2.8¢/doz.", {"NO": "24"}, {}, "0.056"),
        ("89.6¢/1000", {"NO": "2500"}, {}, "2.24"),
        ("20¢/thousand + 3.5%", {"K": "3"}, {}, "350.6"),
        ("90¢/pr. + 20%", {"PRS": "10"}, {}, "2009"),
        ("1.7¢/kg on lead content", {"KG": "1000"}, {"lead content": "600"}, "10.2"),
        ("1.7¢/kg on lead content", {"KG": "1000", "Pb kg": "500"}, {}, "8.5"),
        ("3.7¢/kg on drained weight", {"KG": "100"}, {}, "3.7"),
        ("3.7¢/kg on drained weight", {"KG": "100"}, {"drained weight": "60"}, "2.22"),
        ("44¢ each + 6% on the case + 14% on the strap, band or bracelet", {"NO": "10"},
         {"case": "100", "strap, band or bracelet": "50"}, "17.4"),
        ("43¢ each + 2.8¢/jewel over 7", {"NO": "10"}, {"jewels over 7": "30"}, "5.14"),
        ("43¢ each + 2.8¢/jewel over 7", {"NO": "1"}, {"jewels": "17"}, "0.71"),
        ("43¢ each + 2.8¢/jewel over 7", {"NO": "10"}, {"jewels": "5"}, "4.3"),
        ("17¢ each + 1¢/jewel", {"NO": "1", "JWL": "3"}, {}, "0.2"),
    ],
)  # fmt: skip
def test_a_rate_applied(text, quantities, measures, amount):
    found = run(text, quantities=quantities, measures=measures)
    assert isinstance(found, Computed)
    assert found.amount == D(amount)


def test_sugar_by_degrees_down_to_its_floor():
    text = (
        "3.6606¢/kg less 0.020668¢/kg for each degree under 100 degrees (and fractions of a degree in proportion) "
        "but not less than 3.143854¢/kg"
    )
    assert run(text, quantities={"KG": "1000"}, measures={"degrees": "96.5"}).amount == D("35.88262")
    assert run(text, quantities={"KG": "1000"}, measures={"degrees": "60"}).amount == D("31.43854")
    assert run(text, quantities={"KG": "1000"}) == Missing("measure", "degrees")
    assert run(text, measures={"degrees": "96"}) == Missing("unit", "KG")


@pytest.mark.parametrize(
    ("text", "lack"),
    [
        ("4.4¢/kg", Missing("unit", "KG")),
        ("18.9¢/pf.liter", Missing("unit", "PFL")),
        ("6% on the case", Missing("measure", "case")),
        ("1.7¢/kg on lead content", Missing("measure", "lead content")),
        ("Free, under bond", Missing("rate", "Free, under bond")),
    ],
)
def test_what_a_computation_lacks_is_named(text, lack):
    assert run(text, quantities={"L": "5"}) == lack


def test_working_is_one_short_line():
    assert run("4.4¢/kg + 4%", quantities={"KG": "1234.00"}).working == "1234 KG x $0.044 + 10000 x 4 %"
    assert run("33 1/3%", value="300").working == "300 x 33.3333 %"
    assert run("33 1/3%", value="300").amount.quantize(D("0.01")) == D("100.00")


SPECIAL = "Free (A*, AU,BH) 2.5% (KR) See 9822.05.20 (P+) See 9823.09.01-9823.09.09 (S+)8.8¢/liter(JO)"


def test_the_special_column_is_a_rate_for_each_program():
    assert parse_special(SPECIAL) == (
        ("Free", frozenset({"A*", "AU", "BH"})),
        ("2.5%", frozenset({"KR"})),
        ("See 9822.05.20", frozenset({"P+"})),
        ("See 9823.09.01-9823.09.09", frozenset({"S+"})),
        ("8.8¢/liter", frozenset({"JO"})),
    )


@pytest.mark.parametrize(
    ("program", "rate"),
    [
        ("AU", "Free"), ("KR", "2.5%"), ("A", "Free"), ("A+", None), ("S", None), ("S+", "See 9823.09.01-9823.09.09"),
        ("P", None), ("P+", "See 9822.05.20"), ("JO", "8.8¢/liter"), ("XX", None), ("A*", "Free"),
    ],
)  # fmt: skip
def test_a_claim_opens_only_its_own_rate(program, rate):
    assert claim_rate(SPECIAL, program) == rate


def test_a_claim_does_not_open_the_plus_program():
    assert claim_rate("Free (A+,D,E*)", "A") is None
    assert claim_rate("Free (A+,D,E*)", "A+") == "Free"
    assert claim_rate("Free (A+,D,E*)", "E") == "Free"
    assert claim_rate("Free (A,E)", "A+") is None
    assert claim_rate("", "KR") is None
