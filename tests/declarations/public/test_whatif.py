"""What would I owe: the page says what a declaration would, why, and what would change it."""

from datetime import date

import pytest
from django.utils import timezone

from declarations.services import filing
from declarations.tariff.history import Shelf, lines_on
from declarations.tariff.selectors import NoEdition, current_view, measure_sets
from portal.shown import hts, money
from tests.declarations.public.reading import of_class, page, said
from tests.makers import make_declaration

pytestmark = pytest.mark.django_db
LINE = "/tariff/8507600090/"
ABSENT = ".//*[@id='absent']/following-sibling::details[following-sibling::h2[@id='course']]//tbody/tr"


def stack(root):
    """Each line of the stack: its words, its amount."""
    rows = root.xpath(".//ol[@class='portal-stack']/li")
    return [(said(one.find(".//h4")), said(of_class(one, "portal-amount")[0])) for one in rows]


@pytest.mark.parametrize(("ship", "mode"), [("S01", "11"), ("S02", None)])
def test_the_page_owes_what_a_declaration_owes(client, ship, mode):
    declaration = make_declaration(ship)
    found = filing.review(declaration=declaration, now=timezone.now())
    item, owed = found.document.items[0], found.assessment.items[0]
    line = next(one for one in item.tariffs if one.role == "classification" or one.hts_number[:2] != "99")
    asked = {
        "origin": item.origin_country, "value": owed.entered_value, "on": owed.rate_date,
        "mode": mode or found.document.transport.mode,
        "program": item.preference.program if item.preference else "",
    }  # fmt: skip
    asked |= {f"q_{one.unit}": one.value for one in line.quantities}
    shown = stack(page(client, f"/tariff/{line.hts_number}/", **asked))
    assert [amount for _words, amount in shown] == [money(one.amount) for one in owed.lines]
    for (words, _amount), one in zip(shown, owed.lines, strict=True):
        assert one.kind == "fee" or hts(one.code) in words


def test_every_line_says_its_rule_inputs_rounding_law_and_edition(client):
    root = page(client, LINE, on="2026-11-24", origin="CN", value="45,001")
    words = [said(one) for one in root.xpath(".//ol[@class='portal-stack']/li")]
    assert len(words) == 5
    for part in (
        "9903.91.06 Section 301, China $11,250.25", "Adds 25%. Counted", "China four-year review, from 2026",
        "25% of $45,001 is $11,250.25. Whole cents: nothing to round.", "19 USC 2411", "edition ",
    ):  # fmt: skip
        assert part in words[0]
    assert "3.4% of $45,001 is $1,530.034. Rounded down to the cent: $1,530.03." in words[2]
    assert "The general rate, for goods of most countries, as printed at 8507.60.00." in words[2]
    assert "Lithium-ion batteries" in words[2]
    assert "at least $34.58 and at most $670.86" in words[3]
    assert "Rounded up to the cent" not in words[3]
    assert "unloaded from a ship" in words[4]


def test_a_claim_says_what_it_saves_and_what_it_needs(client):
    root = page(client, LINE, on="2026-11-24", origin="MX", value="45000", mode="30")
    (table,) = [one for one in root.iter("table") if "A claim for preference" in said(one)]
    row = next(said(one) for one in table.findall("tbody/tr") if said(one).startswith("S "))
    assert "1,530.00" not in row.split("6,030.00")[0]  # the ordinary duty and section 301 together
    assert "6,030.00 155.88 0.00" in row
    assert "A certification of origin" in row
    claimed = page(client, LINE, on="2026-11-24", origin="MX", value="45000", mode="30", program="S")
    assert ("9903.05.94 Section 301, forced labor", "$0.00") in stack(claimed)
    assert "you would owe $0.00" in said(claimed)


def test_what_does_not_count_says_why(client):
    root = page(client, LINE, on="2026-11-24", origin="MX", value="45000")
    rows = {said(one.find("th")): said(one) for one in root.xpath(ABSENT)}
    assert "It needs a claim under S" in rows["9903.05.94"]
    assert "yours to state" in rows["9903.94.05"]
    assert "It ended on 23 Jul 2026" in rows["9903.03.01"]
    claimed = page(client, LINE, on="2026-11-24", origin="MX", value="45000", program="S")
    rows = {said(one.find("th")): said(one) for one in claimed.xpath(ABSENT)}
    assert "9903.05.94 lifts it" in rows["9903.05.55"]


def test_a_duty_that_the_filer_may_state_in_place_of_another_is_named(client):
    root = page(client, "/tariff/7208370060/", on="2026-11-24", origin="GB", value="10000")
    assert "You may state 9903.82.04 in its place, 25 %, where this is true of your goods" in said(root)


def test_near_a_change_both_sides_are_shown(client):
    near = page(client, LINE, on="2026-07-20", origin="CN", value="45000", mode="30")
    turns = [said(one) for one in of_class(near, "portal-turn")]
    assert any(
        one.startswith("It changes on 24 Jul 2026.") and "9903.05.31 begins: $5,625.00" in one and "9903.03.01 ends" in one
        for one in turns
    )  # fmt: skip
    total = said(of_class(near, "portal-sums")[0].find("tfoot/tr/td"))
    assert f"Until 23 Jul 2026 {total} From 24 Jul 2026" in " ".join(turns)
    far = page(client, LINE, on="2026-11-24", origin="CN", value="45000")
    assert not of_class(far, "portal-turn")


def test_the_harbor_fee_is_for_ships(client):
    by_ship = page(client, LINE, on="2026-11-24", origin="CN", value="45000", mode="11")
    assert "no harbor maintenance fee: $56.25 less" in said(by_ship)
    by_truck = page(client, LINE, on="2026-11-24", origin="CN", value="45000", mode="30")
    assert "$56.25 more" in said(by_truck)


def test_plots_have_tables_with_the_same_figures(client):
    root = page(client, LINE, on="2026-11-24", origin="CN", value="45000")
    assert [said(one).partition(" 8507")[0] for one in root.xpath(".//svg[@role='img']/title")] == [
        "All duties on",
        *["Measures on"] * 2,
        *["Measures on a claim or a condition, on"] * 2,
    ]  # a plot of bars is drawn for a wide page and for a phone
    (folded,) = root.xpath(".//details[.//svg]")
    assert "9903.94.05" in said(folded)
    assert not any("9903.94.05" in said(one) for one in root.xpath(".//svg[not(ancestor::details)]"))
    rows = [said(one) for one in root.xpath("(.//*[@id='course']/following-sibling::details)[1]//tbody/tr")]
    assert rows[-1].startswith("since 24 Jul 2026 40.9 %")
    assert "9903.91.06, 9903.05.31, 8507.60.00.90" in rows[-1]
    assert "40.9 %" in [one.text for one in root.xpath(".//svg//text")]


@pytest.mark.parametrize("wrong", [{"value": "abc"}, {"value": "-5"}, {"value": "9" * 23}, {"on": "2026-02-31"}])
def test_a_question_that_cannot_be_read_has_no_answer_but_the_reason_at_its_field(client, wrong):
    root = page(client, LINE, **{"on": "2026-11-24", "origin": "CN", "value": "45000", **wrong})
    (name,) = wrong
    field = root.xpath(f".//*[@name='{name}']")[0]
    assert field.get("aria-invalid") == "true"
    text = said(root.xpath("//main")[0])
    assert "mend what is marked above" in text
    assert "you would owe" not in text.lower().replace("what you would owe", "")
    assert not [*of_class(root, "portal-plot"), *of_class(root, "portal-stack"), *root.xpath(ABSENT)]


def test_the_sets_of_measures_are_listed_with_their_digests(client):
    text = said(page(client, LINE, on="2026-11-24"))
    (held,) = measure_sets(current_view(date(2026, 11, 24)))
    assert f"{held.name}, from 1 Jan 2018, digest {held.sha256[:8]}" in text


def test_without_an_origin_nothing_is_told(client):
    root = page(client, LINE, on="2026-11-24")
    assert not [*of_class(root, "portal-plot"), *of_class(root, "portal-stack")]


def test_a_few_lines_of_any_day_are_those_of_the_whole_schedule():
    known = current_view(date(2026, 11, 24))
    numbers = [one for one in known.lines if one.startswith("8507")]
    shelf = Shelf(numbers, known=known)
    whole, part = current_view(date(2026, 3, 1)), shelf.view(date(2026, 3, 1))
    assert dict(part.lines) == {one: whole.lines[one] for one in part.lines}
    assert part.editions == whole.editions
    assert part.measures_of(numbers[-1], origin="CN", on=part.on) == whole.measures_of(
        numbers[-1], origin="CN", on=part.on
    )
    assert part.origin_status("CU", "column2", part.on) == whole.origin_status("CU", "column2", part.on)
    assert dict(Shelf(beginnings=["8507"], known=known).view(part.on).lines).keys() >= part.lines.keys()
    assert lines_on(["8507600090"], part.on) == {"8507600090": whole.line("8507600090")}
    assert shelf.view_or_none(date(1999, 1, 1)) is None
    with pytest.raises(NoEdition):
        shelf.view(date(1999, 1, 1))
