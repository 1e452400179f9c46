"""The case as an officer reads it: codes with their words, days as people write them, what happened newest first."""

import pytest
from lxml import html

from portal.accounts import roles
from tests.declarations.filer.browsing import signed_in
from tests.makers import NOW, make_authority, make_declaration, make_document, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(starter):
    dates = make_document("S01", day=NOW.date())["dates"] | {"entry_time": "14:30"}
    filed = make_declaration("S01", until="submitted", now=NOW, dates=dates)
    client = signed_in(make_user(organization=make_authority(), role=roles.CUSTOMS_OFFICER))
    return html.fromstring(client.get(f"/admin/declarations/declaration/{filed.pk}/change/").content)


def test_codes_are_shown_with_their_words_and_days_as_people_write_them(case):
    rows = {
        row.findtext("th").strip(): row.findtext("td").strip() for row in case.xpath("//tr[th[@scope='row'] and td]")
    }
    wanted = {
        "Entry type": "01 consumption, free or dutiable", "Port of entry": "2709 Long Beach, CA",
        "Mode of transport": "11 vessel, container", "Estimated arrival": "24 Nov 2026",
        "Estimated entry": "24 Nov 2026, 14:30 Eastern time", "State of destination": "CA California",
    }  # fmt: skip
    assert {name: rows[name] for name in wanted} == wanted
    assert "CN China" in [cell.text for cell in case.xpath("//table//td")]


def test_what_happened_is_a_plain_list_newest_first(case):
    (listed,) = case.xpath("//h2[text()='What happened']/following-sibling::*[1]")
    assert listed.tag == "ul"
    what = [one.text_content().partition("EST: ")[2] for one in listed]
    assert [one.partition(" (")[0] for one in what] == ["Filed", "Signed", "Checked and frozen", "Draft started"]
