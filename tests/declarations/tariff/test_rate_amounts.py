"""Rates of every kind applied to invented goods: exact dollars, or a question by name."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declarations.tariff.expressions import (
    Computed,
    Missing,
    apply,
    apply_upon,
    lacks,
    needs,
    parse,
)
from portal.money import to_cent_half_up

WATCH = "44¢ each + 6% on the case + 14% on the strap, band or bracelet + 5.3% on the battery"
RAW_SUGAR = (
    "1.4606¢/kg less 0.020668¢/kg for each degree under 100 degrees (and fractions of a degree in proportion) "
    "but not less than 0.943854¢/kg"
)
PARTS = (
    "4.3% + 1.7¢/jewel + 0.2¢ for each other piece or part, but if consisting in part of a plate or a set of plates "
    "the total duty shall not exceed the duty for the complete movement"
)
EMBROIDERY = (
    "4.2%, but in the case of embroidery in the piece not less than the rate which would apply "
    "to such product if not embroidered"
)
FREE_EMBROIDERY = EMBROIDERY.replace("4.2%", "Free")


def decimals(figures):
    return {name: D(one) for name, one in (figures or {}).items()}


def run(text, value="10000", quantities=None, measures=None):
    return apply(parse(text), value=D(value), quantities=decimals(quantities), measures=decimals(measures))


@pytest.mark.parametrize(
    ("text", "quantities", "measures", "amount"),
    [
        # 500 watches: 220 + 6 % of 3,000 + 14 % of 1,200.50 + 5.3 % of 400
        (WATCH, {"NO": "500"}, {"case": "3000", "strap, band or bracelet": "1200.50", "battery": "400"}, "589.27"),
        ("$1.75 each + 4.8% on the case", {"DOZ": "2"}, {"case": "90"}, "46.32"),
        ("3.9% on the movement and case + 5.3% on the battery", {}, {"movement and case": "800", "battery": "0"}, "31.2"),
        ("17¢ each + 2.5% + 1¢/jewel", {"NO": "10", "JWL": "170"}, {}, "253.4"),
        ("17¢ each + 2.5% + 1¢/jewel", {"NO": "10"}, {"jewels": "170"}, "253.4"),
        # 10 movements of 9 jewels have 20 over seven
        ("43¢ each + 2.8¢/jewel over 7", {"NO": "10", "JWL": "90"}, {"jewels over 7": "20"}, "4.86"),
        ("4.7% on the value of the rifle + 20% on the value of the telescopic sight, if any", {},
         {"value of rifle": "4000", "value of telescopic sight": "0"}, "188"),
        ("2.5% on the value of the lead content", {"KG": "900", "Pb kg": "850"}, {"value of lead content": "1700"}, "42.5"),
        ("0.7¢/kg on copper content + 0.7¢/kg on lead content", {"KG": "100000", "Cu kg": "1500"},
         {"lead content": "250"}, "12.25"),
        ("$1.10/t on tungsten content", {"W kg": "500"}, {}, "0.55"),
        ("0.01¢/kg of total sugars", {"L": "9000", "KTS": "5000"}, {}, "0.5"),
        ("16.9¢/kg of total sugars + 5.1%", {"KG": "1000"}, {"total sugars": "650"}, "619.85"),
        ("3.7¢/kg on drained weight", {"KG": "1000"}, {"drained weight": "620"}, "22.94"),
        ("2.1¢/kg on entire contents of container", {"KG": "1000"}, {}, "21"),
        ("5¢/kg on contents and container", {"KG": "1000"}, {"contents and container": "1090"}, "54.5"),
        ("$1.32/t, including weight of container", {"T": "25"}, {"weight with container": "25.4"}, "33.528"),
        ("20¢/gross of immediate containers", {}, {"immediate containers": "12.5"}, "2.5"),
        ("86.1¢/m2of recording surface", {}, {"recording surface": "40"}, "34.44"),
        ("3.1¢/liter + 22.1¢/pf. liter on ethyl alcohol content", {"L": "900", "PFL": "45"}, {}, "37.845"),
        ("$40/kg of anhydrous morphine content", {"kg amc": "0.25"}, {}, "10"),
        ("0.3¢/line/ gross + 4.6%", {"GR": "50", "GRL": "1800"}, {}, "465.4"),
        ("10¢/1,000 pins + 3.5%", {"K": "12"}, {}, "351.2"),
        ("13.5¢/kg + 6.3% + 1.9¢/article", {"NO": "240", "KG": "36"}, {}, "639.42"),
        ("3 percent of the fair retail value", {}, {"fair retail value": "1500"}, "45"),
        (RAW_SUGAR, {"T": "2"}, {"degrees": "98.5"}, "28.59196"),
        (RAW_SUGAR, {"KG": "2000"}, {"degrees": "100.5"}, "29.212"),
        (RAW_SUGAR, {"KG": "2000"}, {"degrees": "75"}, "18.878"),
        (RAW_SUGAR, {"KG": "2000"}, {"degrees": "74"}, "18.87708"),
        (PARTS, {}, {"jewels": "17", "other pieces or parts": "100", "plates": "0"}, "430.489"),
        (PARTS, {}, {"jewels": "17", "other pieces or parts": "100", "plates": "1",
                     "duty for the complete movement": "90.5"}, "90.5"),
        (PARTS, {}, {"jewels": "17", "other pieces or parts": "100", "plates": "1",
                     "duty for the complete movement": "900"}, "430.489"),
        (EMBROIDERY, {}, {"embroidery in the piece": "0"}, "420"),
        (EMBROIDERY, {}, {"embroidery in the piece": "1", "duty if not embroidered": "1490"}, "1490"),
        (EMBROIDERY, {}, {"embroidery in the piece": "1", "duty if not embroidered": "419.99"}, "420"),
        (FREE_EMBROIDERY, {}, {"embroidery in the piece": "0"}, "0"),
        (FREE_EMBROIDERY, {}, {"embroidery in the piece": "1", "duty if not embroidered": "12.5"}, "12.5"),
    ],
)  # fmt: skip
def test_a_rate_applied(text, quantities, measures, amount):
    found = run(text, quantities=quantities, measures=measures)
    assert isinstance(found, Computed), found
    assert found.amount == D(amount)


@pytest.mark.parametrize(
    ("text", "value", "quantities", "amount"),
    [
        ("33 1/3%", "300", {}, "100"),
        ("33 1/3% + 0.5¢ each", "300", {"NO": "1"}, "100.005"),
        ("6 2/3%", "15", {}, "1"),
        ("3¢/doz.", "0", {"NO": "10"}, "0.025"),
        ("1¢/gross + 3¢/doz.", "0", {"NO": "36"}, "0.0925"),
        ("0.0123456789¢/kg", "0", {"KG": "999999999999999"}, "123456788999.999876543211"),
    ],
)
def test_nothing_is_lost_before_the_caller_rounds(text, value, quantities, amount):
    assert run(text, value=value, quantities=quantities).amount == D(amount)


def test_half_a_cent_out_of_a_dozen_goes_up():
    assert to_cent_half_up(run("3¢/doz.", quantities={"NO": "10"}).amount) == D("0.03")


@pytest.mark.parametrize(
    ("text", "quantities", "measures", "missing"),
    [
        (WATCH, {}, {}, [("unit", "NO"), ("measure", "case"), ("measure", "strap, band or bracelet"),
                         ("measure", "battery")]),
        (WATCH, {"NO": "1"}, {"case": "1", "battery": "1"}, [("measure", "strap, band or bracelet")]),
        ("43¢ each + 2.8¢/jewel over 7", {"NO": "10"}, {}, [("measure", "jewels over 7")]),
        ("17¢ each + 2.5% + 1¢/jewel", {"NO": "10"}, {}, [("measure", "jewels")]),
        ("5¢/kg on contents and container", {"KG": "10"}, {}, [("measure", "contents and container")]),
        ("1¢/kg, including weight of container", {"KG": "10"}, {}, [("measure", "weight with container")]),
        ("16.9¢/kg of total sugars + 5.1%", {"KG": "10"}, {}, [("measure", "total sugars")]),
        ("1¢/liter on lead content", {"Pb kg": "10"}, {}, [("measure", "lead content")]),
        (RAW_SUGAR, {}, {}, [("unit", "KG"), ("measure", "degrees")]),
        (RAW_SUGAR, {"KG": "1"}, {}, [("measure", "degrees")]),
        (RAW_SUGAR, {"L": "1"}, {"degrees": "96"}, [("unit", "KG")]),
        (PARTS, {}, {"jewels": "1"}, [("measure", "other pieces or parts"), ("measure", "plates"),
                                      ("measure", "duty for the complete movement")]),
        (PARTS, {}, {"jewels": "1", "other pieces or parts": "2", "plates": "1"},
         [("measure", "duty for the complete movement")]),
        (PARTS, {}, {"jewels": "1", "other pieces or parts": "2"},
         [("measure", "plates"), ("measure", "duty for the complete movement")]),
        (EMBROIDERY, {}, {}, [("measure", "embroidery in the piece"), ("measure", "duty if not embroidered")]),
        (FREE_EMBROIDERY, {}, {"embroidery in the piece": "1"}, [("measure", "duty if not embroidered")]),
        ("4.4¢/kg + 3¢/kg", {}, {}, [("unit", "KG")]),
        ("See additional U.S. note 1", {}, {}, [("rate", "it refers elsewhere: See additional U.S. note 1")]),
        ("Free, under bond", {}, {}, [("rate", "Free, under bond")]),
        ("3.4% or so", {}, {}, [("rate", "3.4% or so")]),
        ("", {}, {}, [("rate", "none is printed")]),
        ("No change", {}, {}, [("rate", "the duty of the line")]),
        ("The duty rate provided in such subheading minus 0.5%", {}, {}, [("rate", "the duty of the line")]),
        ("3.4%", {}, {}, []),
    ],
)  # fmt: skip
def test_all_that_is_lacking_is_named_at_once(text, quantities, measures, missing):
    found = lacks(parse(text), quantities=decimals(quantities), measures=decimals(measures))
    assert [(one.kind, one.name) for one in found] == missing
    result = run(text, quantities=quantities, measures=measures)
    assert result == found[0] if found else isinstance(result, Computed)


@pytest.mark.parametrize(
    ("text", "measures", "amount", "working"),
    [
        ("No change", {}, "340", "340 duty of the line"),
        ("The duty provided in the applicable subheading + 25%", {}, "2840", "340 duty of the line + 10000 x 25 %"),
        (
            "The duty provided in the applicable subheading + a duty of 25% upon the value of the non-U.S. content",
            {"value of non-U.S. content": "6000"}, "1840",
            "340 duty of the line + 6000 value of non-U.S. content x 25 %",
        ),
        ("The duty rate provided in such subheading minus 0.5%", {}, "290", "340 duty of the line + 10000 x -0.5 %"),
        ("The duty rate provided in such subheading minus 5%", {}, "0", "340 duty of the line + 10000 x -5 %"),
        ("15%", {}, "1500", "10000 x 15 %"),
    ],
)  # fmt: skip
def test_a_rate_upon_the_duty_of_the_line(text, measures, amount, working):
    found = apply_upon(parse(text), duty=D(340), value=D(10000), quantities={}, measures=decimals(measures))
    assert found == Computed(D(amount), working)


def test_a_content_that_is_not_given_is_asked_for_upon_the_duty_of_the_line():
    text = "The duty provided in the applicable subheading + a duty of 25% upon the value of the non-U.S. content"
    found = apply_upon(parse(text), duty=D(340), value=D(10000), quantities={}, measures={})
    assert found == Missing("measure", "value of non-U.S. content")


def test_working_says_how_a_limit_came_about_and_shortens_what_has_no_end():
    found = run(
        PARTS,
        measures={
            "jewels": "17", "other pieces or parts": "100", "plates": "2", "duty for the complete movement": "90.5",
        },
    )  # fmt: skip
    assert found.working == (
        "10000 x 4.3 % + 17 jewels x $0.017 + 100 other pieces or parts x $0.002, "
        "not more than 90.5 duty for the complete movement"
    )
    assert run("3¢/doz.", quantities={"NO": "10"}).working == "0.8333 DOZ x $0.03"


texts = st.sampled_from(
    [WATCH, RAW_SUGAR, PARTS, EMBROIDERY, "3.4%", "4.4¢/kg + 4%", "17¢ each + 2.5% + 1¢/jewel", "5.7¢/kg on drained weight + 8%",
     "2.5% on the value of the lead content", "89.6¢/1000", "2.6% on the movement and case + 3.6% on the battery"]
)  # fmt: skip
figure = st.decimals(0, 10**7, places=2, allow_nan=False)


@given(texts, figure, st.data())
def test_what_a_rate_asks_for_is_what_it_needs(text, value, data):
    """With every need answered there is an amount of zero or more; with one taken away there is a question."""
    rate = parse(text)
    given_facts = {need: data.draw(figure) for need in needs(rate)}

    def sides(facts):
        quantities = {need.name: one for need, one in facts.items() if need.kind == "unit"}
        measures = {need.name: one for need, one in facts.items() if need.kind == "measure"}
        return {"quantities": quantities, "measures": measures}

    found = apply(rate, value=value, **sides(given_facts))
    assert isinstance(found, Computed)
    assert found.amount >= 0
    for need in given_facts:
        if need.name in ("duty for the complete movement", "duty if not embroidered"):  # needed only with their goods
            continue
        rest = {one: figure for one, figure in given_facts.items() if one != need}
        assert Missing(need.kind, need.name) in lacks(rate, **sides(rest))
        assert isinstance(apply(rate, value=value, **sides(rest)), Missing)


def test_how_jewels_are_spread_over_several_clocks_is_asked_and_never_guessed():
    rate = parse("43¢ each + 2.8¢/jewel over 7")
    found = apply(rate, value=D(1000), quantities={"NO": D(10)}, measures={"jewels": D(100)})
    assert found == Missing("measure", "jewels over 7")
