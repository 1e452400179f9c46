"""Two days, two origins, two claims side by side; what changed between two days for some numbers, or for one's own."""

import csv
import io
from datetime import date

import pytest

from declarations.tariff.models import HtsLine, TariffEdition, TradeMeasure
from declarations.tariff.selectors import forget_views
from tests.declarations.filer.browsing import signed_in
from tests.declarations.public.reading import of_class, page, said
from tests.makers import NOW, make_actor, make_declaration

pytestmark = pytest.mark.django_db
COMPARE = "/tariff/8507600090/compare/"
CHANGES = "/tariff/changes/"


def rows(root, place):
    """Rows of a table: what stands first, the cells, whether the row is marked."""
    tables = [one for one in of_class(root, "portal-compare") if one.getparent().tag != "details"]
    found = tables[place].findall("tbody/tr")
    return {
        said(one[0]): ([said(cell) for cell in one[1:]], "portal-differs" in one.get("class")) for one in found
    }  # fmt: skip


def test_two_days_side_by_side_with_totals_and_marks(client):
    root = page(client, COMPARE, on="2026-11-24", on2="2026-02-20", origin="CN", value="45000", mode="11")
    owed = rows(root, 0)
    assert list(owed) == [
        "9903.91.06", "9903.05.31", "9903.01.24", "9903.01.25", "8507.60.00.90", "Merchandise processing fee",
        "Harbor maintenance fee",
    ]  # fmt: skip
    assert owed["9903.91.06"] == (["$11,250.00 (25%)", "$11,250.00 (25%)", "same"], False)
    assert owed["9903.05.31"] == (["$5,625.00 (12.5%)", "–", "−$5,625.00"], True)
    assert owed["9903.01.24"] == (["–", "$4,500.00 (10%)", "+$4,500.00"], True)
    total = [said(one) for one in root.xpath(".//tfoot/tr/td")]
    assert total == ["$18,617.13", "$21,992.13", "+$3,375.00"]
    assert "$3,375.00 more" in said(root.xpath(".//*[@role='status']")[-1])
    assert rows(root, 1)["9903.01.24 Emergency powers, fentanyl"] == (["–", "Adds 10%", "Differs"], True)
    assert rows(root, 2)["General rate"] == (["3.4%", "3.4%", "same"], False)


def test_two_origins_with_a_claim_on_one_side(client):
    root = page(
        client, COMPARE, on="2026-11-24", origin="CN", origin2="MX", program2="S", value="45000", mode="30"
    )  # fmt: skip
    owed = rows(root, 0)
    assert owed["8507.60.00.90"] == (["$1,530.00 (3.4%)", "$0.00 (Free)", "−$1,530.00"], True)
    assert owed["Merchandise processing fee"][0] == ["$155.88", "–", "−$155.88"]
    assert said(root.xpath(".//tfoot/tr/td")[1]) == "$0.00"


@pytest.fixture
def earlier():
    """An edition before the starter: the number stood under its predecessor."""
    later = HtsLine.objects.get(number="8507600090")
    made = TariffEdition.objects.create(
        name="2025-rev-9", sha256="0" * 64, source="starter 2025", effective_from=date(2025, 5, 1), loaded_at=NOW
    )
    later.pk, later.edition, later.number, later.printed_number = None, made, "8507600020", "8507.60.00.20"
    later.save(force_insert=True)
    forget_views()
    yield
    forget_views()


def test_what_could_not_be_computed_is_no_amount_and_leads_to_the_number_before(client, earlier):
    root = page(client, COMPARE, on="2025-05-13", on2="2026-11-24", origin="CN", value="10000")
    status = said(root.xpath(".//*[@role='status']")[-1])
    assert status == (
        "China, 13 May 2025: could not be computed. China, 24 Nov 2026: $4,137.14. So there is no difference to show."
    )
    assert [said(one) for one in root.xpath(".//tfoot/tr/td")] == ["could not be computed", "$4,137.14", "–"]
    assert rows(root, 0)["8507.60.00.90"] == (["not computed", "$340.00 (3.4%)", "Differs"], True)
    (link,) = of_class(root, "usa-alert__text")[-1].findall("a")
    assert said(link) == "8507.60.00.20"
    assert link.get("href").startswith("/tariff/8507600020/?on=2025-05-13&origin=CN")
    there = page(client, link.get("href").partition("#")[0])
    assert "you would owe" in said(there)


def test_a_day_before_the_first_schedule_has_no_total(client):
    root = page(client, COMPARE, on="2020-01-01", on2="2026-11-24", origin="CN")
    assert "China, 1 Jan 2020: no schedule is held." in said(root.xpath(".//*[@role='status']")[-1])
    assert rows(root, 2)["Number"][0][0] == "No schedule is held"


def test_a_comparison_of_a_thing_with_itself_says_so(client):
    assert "Both sides are the same" in said(page(client, COMPARE, on="2026-11-24", origin="CN"))
    assert "Choose the country of origin" in said(page(client, COMPARE))


@pytest.mark.parametrize(
    "address", ["/tariff/1234567890/compare/", "/tariff/8507/compare/", "/tariff/99039106/compare/"]
)
def test_what_has_no_rate_of_its_own_is_not_compared(client, address):
    assert client.get(address).status_code == 404


def test_dots_lead_to_the_plain_address_and_bad_input_is_told(client):
    assert client.get("/tariff/8507.60.0090/compare/")["Location"] == COMPARE
    text = said(page(client, COMPARE, on="soon", on2="32 May 2026", origin="ZZ", value="much", origin2="<b>"))
    assert "Write the date with the year in four digits" in text
    assert "This day is not in the calendar" in text
    assert "Write a number such as" in text


def test_what_changed_for_a_number_and_an_origin(client):
    root = page(
        client, CHANGES, **{"numbers": "8507.60.0090", "from": "2026-02-20", "to": "2026-11-24", "origin": "CN"}
    )
    text = said(root)
    assert "One number of 1 changed." in text
    assert "CN 48.4 % 40.9 %" in text
    table = {
        said(one[0]): [said(cell) for cell in one[1:]]
        for one in root.xpath(".//section[@class='portal-change']//tbody/tr")
    }
    assert table["9903.01.24 Emergency powers, fentanyl"] == ["10 %", "–", "CN"]
    assert table["9903.05.31 Section 301, forced labor"] == ["–", "12.5 %", "CN"]


@pytest.fixture
def stated():
    """A duty whose condition is the filer's to state, since June."""
    row = TradeMeasure.objects.filter(heading="99039405", claimed_only=True).first()
    row.pk, row.heading, row.effective_from, row.order = None, "99038999", date(2026, 6, 1), 99
    row.save(force_insert=True)
    forget_views()
    yield
    forget_views()


def test_what_counts_only_where_it_is_stated_is_folded_and_says_so(client, stated):
    days = {"from": "2026-02-20", "to": "2026-11-24"}
    root = page(client, CHANGES, numbers="8507.60.0090", origin="CN", **days)
    (folded,) = root.xpath(".//section[@class='portal-change']//details")
    assert "9903.89.99 Section 232, cars and parts (where you state it)" in said(folded)
    assert "9903.89.99" not in said(root).replace(said(folded), "")
    file = client.get(CHANGES, {"numbers": "8507600090", "origin": "CN", "format": "csv", **days})
    assert "(where you state it)" in file.content.decode()
    root = page(client, COMPARE, on="2026-11-24", on2="2026-02-20", origin="CN")
    (folded,) = root.xpath(".//details[.//table[contains(@class, 'portal-compare')]]")
    assert "9903.94.05 Section 232, cars and parts Adds 25% (where you state it)" in said(folded)


def test_a_beginning_gathers_what_all_have_in_common(client):
    root = page(client, CHANGES, **{"numbers": "8507", "from": "2026-02-20", "to": "2026-11-24", "origin": "CN"})
    common = of_class(root, "portal-change")[0]
    assert "On all of them alike" in said(common)
    assert "9903.05.31" in said(common)
    assert said(root).count("9903.05.31") == 1


def test_the_file_has_a_row_a_change(client):
    asked = {"numbers": "8507600090", "from": "2026-02-20", "to": "2026-11-24", "origin": "CN", "format": "csv"}
    answer = client.get(CHANGES, asked)
    assert answer["Content-Type"].startswith("text/csv")
    assert "tariff-changes-2026-02-20-2026-11-24.csv" in answer["Content-Disposition"]
    found = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert {one["number"] for one in found} == {"8507600090"}
    assert found[0] | {"goods": ""} == {
        "number": "8507600090", "goods": "", "what": "All duties, percent of the value", "before": "48.4 %",
        "after": "40.9 %", "origins": "CN", "from": "2026-02-20", "to": "2026-11-24",
    }  # fmt: skip
    assert any(one["what"].startswith("9903.01.24") and not one["after"] for one in found)


def test_the_own_catalogue_has_what_was_drafted_with_its_origins(client):
    actor = make_actor()
    make_declaration("S01", actor=actor)
    other = make_actor()
    days = {"from": "2026-02-20", "to": "2026-11-24", "mine": "1"}
    own = said(page(signed_in(actor.user), CHANGES, **days))
    assert "8507.60.00.90" in own
    assert "All duties together" in own
    assert "Your organization has no numbers yet" in said(page(signed_in(other.user), CHANGES, **days))
    stranger = said(page(client, CHANGES, **days))
    assert "when you are signed in" in stranger
    assert "8507.60.00.90 Lithium" not in stranger


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"numbers": "batteries"}, "Write numbers like 8507.60.00.90"),
        ({"numbers": "85", "from": "2026-11-24", "to": "2026-02-20"}, "The first day is after the second"),
        ({"numbers": "01 02 03 04"}, "at most 3 chapters"),
        ({"numbers": "8507600090", "from": "1990-01-01"}, "We hold no schedule for 1 Jan 1990"),
        ({"from": "yesterday"}, "Write the date with the year in four digits"),
        ({}, "Name numbers or a chapter to begin"),
    ],
)
def test_what_cannot_be_answered_is_said(client, asked, words):
    assert words in said(page(client, CHANGES, **asked))


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ("84 85", "Ask for one chapter at a time, or sign in to ask for up to 3"),
        (" ".join(f"85{n:02d}" for n in range(1, 42)), "at most 40 headings at a time"),
    ],
)
def test_who_is_not_signed_in_asks_for_one_chapter_at_a_time(client, numbers, words):
    days, file = {"from": "2026-02-20", "to": "2026-11-24"}, {"format": "csv"}
    for form in ({}, file):
        assert words in said(page(client, CHANGES, numbers=numbers, **days, **form))
    assert client.get(CHANGES, {"numbers": "85", **days, **file})["Content-Type"].startswith("text/csv")
    own = signed_in(make_actor().user)
    assert own.get(CHANGES, {"numbers": numbers, **days, **file})["Content-Type"].startswith("text/csv")


def test_the_tariff_leads_to_its_changes_and_to_those_of_the_own_numbers(client):
    assert page(client, "/tariff/").xpath("//main//a[starts-with(@href, '/tariff/changes/')]/@href") == [CHANGES]
    own = page(signed_in(make_actor().user), "/tariff/")
    assert own.xpath("//main//a[starts-with(@href, '/tariff/changes/')]/@href") == [CHANGES, f"{CHANGES}?mine=true"]
