"""The case as an officer reads it: codes with their words, days as people write them, what happened newest first."""

import pytest
from lxml import html

from declarations.models import Declaration
from portal.accounts import roles
from portal.accounts.models import Organization
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


LIST = "/admin/declarations/declaration/"


def test_lists_and_counts_leave_sandboxes_out_unless_asked(starter):
    client = signed_in(make_user(organization=make_authority(), role=roles.CUSTOMS_OFFICER))
    real, trial = (make_declaration("S01", until="submitted", now=NOW) for _ in "ab")
    Organization.objects.filter(pk=trial.importer_id).update(sandbox_of=real.importer)
    Declaration.objects.update(has_hold=True)

    def listed(asked=""):
        tree = html.fromstring(client.get(LIST + asked).content)
        links = tree.xpath("//table[@id='result_list']/tbody//th/a/@href")
        return {int(one.split("/")[4]) for one in links}

    assert listed() == listed("?has_hold__exact=1") == {real.pk}
    assert listed("?sandboxes=only") == {trial.pk} and listed("?sandboxes=both") == {real.pk, trial.pk}
    desk = html.fromstring(client.get("/admin/").content)
    [held] = desk.xpath("//a[contains(@href, 'has_hold')]")
    assert held.xpath("string(ancestor::tr)").split()[-1] == "1"
    filters = html.fromstring(client.get(LIST).content).xpath("//*[@id='changelist-filter']")[0].text_content()
    assert "Real filings" in filters and "Sandboxes only" in filters
    marked = "Sandbox: this was a trial"
    assert marked in client.get(f"{LIST}{trial.pk}/change/").content.decode()
    assert marked not in client.get(f"{LIST}{real.pk}/change/").content.decode()
