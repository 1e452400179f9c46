"""A law change over filed declarations: who is affected, by how much, stopped and resumed, published by a second officer."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from lxml import html

from audits.demonstration.shipments import SHIPMENTS
from audits.remedies import services
from audits.remedies.flow import ChangeRefused, State
from audits.remedies.models import LawChangeResult
from audits.remedies.rates import load_rates
from audits.remedies.selectors import known_authorities, sums_of
from audits.remedies.tasks import work_law_changes
from declarations.models import Declaration
from declarations.tariff.models import TradeMeasure
from portal.accounts import roles
from portal.accounts.models import Organization
from portal.desk.models import Notice
from portal.trail.models import TrailEntry
from tests.makers import NOW, PASSWORD, make_actor, make_authority, make_declaration

FORM = {
    "title": "At the desk", "legal_basis": "A notice", "effect": "annul", "authorities": ["s301_forced_labor"],
    "headings": "", "rate": "", "first": "2026-07-24", "last": "2026-12-31", "interest_to": "2026-12-24",
}  # fmt: skip
PERIOD = {"first": date(2026, 7, 24), "last": date(2026, 12, 31), "interest_to": date(2026, 12, 24)}


@pytest.fixture(autouse=True)
def _ground(starter):
    load_rates()


def officer():
    return make_actor(organization=make_authority(), role=roles.SPECIALIST)


def annul(actor, *authorities, **more):
    given = {"title": "A judgment", "legal_basis": "A court, 1 December 2026", "effect": "annul", **PERIOD, **more}
    return services.make(actor=actor, now=NOW, authorities=authorities, **given)


def run(change, actor):
    services.start(change=change, actor=actor, now=NOW)
    work_law_changes()
    change.refresh_from_db()


def test_the_duty_of_a_measure_is_refunded_with_interest_line_by_line():
    declaration = make_declaration("S01", until="submitted", now=NOW)  # 45,000 dollars of batteries from China
    untouched = make_declaration("S02", until="submitted", now=NOW)
    maker = officer()
    change = annul(maker, "s301_forced_labor")
    run(change, maker)
    assert change.state == State.DONE
    assert (change.done, change.total) == (2, 2)
    found = LawChangeResult.objects.get(change=change)
    assert found.declaration_id == declaration.pk != untouched.pk
    assert found.before == Decimal("18617.13")
    assert found.difference == Decimal("-5625.00")
    assert [(one["item"], one["code"], one["before"], one["after"]) for one in found.working["lines"]] == [
        (1, "99030531", "5625.00", "0.00")
    ]
    # thirty days at 6 %: 5,625 x ((1 + 0.06 / 365)^30 - 1)
    assert found.interest == Decimal("-27.81")
    assert found.working["interest"]["certain"] is False


def test_filings_of_a_sandbox_are_not_counted():
    real = make_declaration("S01", until="submitted", now=NOW)
    trial = make_declaration("S01", until="submitted", now=NOW)
    Organization.objects.filter(pk=trial.importer_id).update(sandbox_of=real.importer)
    maker = officer()
    change = annul(maker, "s301_forced_labor")
    run(change, maker)
    assert change.total == 1
    assert [one.declaration_id for one in change.results.all()] == [real.pk]


def test_another_rate_gives_a_bill():
    make_declaration("S01", until="submitted", now=NOW)
    maker = officer()
    change = annul(maker, effect="rate", headings=("9903.05.31",), rate=Decimal("0.15"))
    run(change, maker)
    found = LawChangeResult.objects.get(change=change)
    assert found.difference == Decimal("1125.00")  # 45,000 x (15 % - 12.5 %)
    assert found.interest > 0


def test_computing_with_what_is_held_changes_nothing_where_nothing_was_corrected():
    for ship in SHIPMENTS:
        make_declaration(ship, until="submitted", now=NOW)
    maker = officer()
    change = annul(maker, effect="as_held")
    run(change, maker)
    assert change.done == change.total > 0
    assert not change.results.exists()


def test_running_again_changes_nothing_and_finds_what_was_filed_since():
    make_declaration("S01", until="submitted", now=NOW)
    maker = officer()
    change = annul(maker, "s301_forced_labor")
    run(change, maker)
    before = list(change.results.values())
    run(change, maker)
    assert list(change.results.values()) == before
    make_declaration("S01", until="submitted", now=NOW)
    run(change, maker)
    assert change.results.count() == 2
    assert list(change.results.order_by("pk").values())[:1] == before


def test_stopped_half_way_and_resumed_it_ends_as_if_it_had_run_through():
    for _ in range(5):
        make_declaration("S01", until="submitted", now=NOW)
    maker = officer()
    change = annul(maker, "s301_forced_labor")
    services.start(change=change, actor=maker, now=NOW)
    assert services.step(change=change, actor=maker, now=NOW, size=2)
    change.refresh_from_db()
    services.stop(change=change, actor=maker, now=NOW)
    assert not services.step(change=change, actor=maker, now=NOW, size=2)
    assert change.results.count() == 2
    work_law_changes()
    assert change.results.count() == 2
    services.resume(change=change, actor=maker, now=NOW)
    work_law_changes()
    change.refresh_from_db()
    assert change.state == State.DONE
    assert (change.done, change.results.count()) == (5, 5)
    assert sums_of(change).refunds == Decimal("28125.00")


def test_rejected_and_unsent_declarations_are_left_out():
    make_declaration("S01", until="signed", now=NOW)
    rejected = make_declaration("S01", until="submitted", now=NOW)
    Declaration.objects.filter(pk=rejected.pk).update(legal="REJECTED")
    maker = officer()
    change = annul(maker, "s301_forced_labor")
    run(change, maker)
    assert (change.total, change.results.count()) == (0, 0)


def test_a_second_officer_publishes_and_the_importer_sees_it_by_line():
    actor = make_actor()
    declaration = make_declaration("S01", actor=actor, until="submitted", now=NOW)
    stranger = make_actor()
    maker = officer()
    change = annul(maker, "s301_forced_labor", title="Forced labour duty is not owed")
    run(change, maker)
    page = signed_in(actor)
    assert b"Forced labour duty is not owed" not in page.get("/audits/law-changes/").content
    with pytest.raises(ChangeRefused):
        services.publish(change=change, actor=maker, now=NOW)
    services.publish(change=change, actor=officer(), now=NOW)
    assert Notice.objects.filter(organization=actor.organization, subject=change.reference).count() == 1
    assert not Notice.objects.filter(organization=stranger.organization).exists()
    text = page.get("/audits/law-changes/").content.decode()
    assert "Forced labour duty is not owed" in text
    assert "$5,625.00" in text
    rows = list(csv.DictReader(io.StringIO(page.get("/audits/law-changes.csv").content.decode())))
    assert [(one["entry_number"], one["before"], one["after"]) for one in rows] == [
        (declaration.entry_number, "5625.00", "0.00")
    ]
    assert b"not owed" not in signed_in(stranger).get("/audits/law-changes/").content
    kinds = list(TrailEntry.objects.filter(subject=change.reference).order_by("seq").values_list("kind", flat=True))
    assert kinds == ["law_change.make", "law_change.start", "law_change.finish", "law_change.publish"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"last": date(2026, 1, 1)}, {"effect": "rate"}, {"rate": Decimal("0.1")}, {"legal_basis": " "}, {"authorities": ()},
        {"effect": "rate", "rate": Decimal(25)}, {"effect": "rate", "rate": Decimal(-1)},
        {"interest_to": date(2026, 7, 23)}, {"headings": ("99999999",)},
    ],
)  # fmt: skip
def test_a_change_that_says_too_little_is_refused(wrong):
    given = {"title": "X", "legal_basis": "Y", "effect": "annul", "authorities": ("s301_china",), **PERIOD, **wrong}
    with pytest.raises(services.ChangeNotSound):
        services.make(actor=officer(), now=NOW, **given)


def test_an_officer_makes_runs_and_stops_it_at_the_desk():
    make_declaration("S01", until="submitted", now=NOW)
    page = signed_in(officer())
    shown = html.fromstring(page.get("/admin/remedies/lawchange/add/").content)
    box = shown.xpath("//label[input[@type='checkbox' and @name='authorities' and @value='s301_forced_labor']]")
    assert [one.text_content().strip() for one in box] == ["Section 301, forced labor"]
    made = page.post("/admin/remedies/lawchange/add/", FORM)
    assert made.status_code == 302, made.content.decode()[-3000:]
    change = services.LawChange.objects.get(title="At the desk")
    address = f"/admin/remedies/lawchange/{change.pk}"
    assert b"1 declaration stands filed" in page.get(f"{address}/act/start/").content
    page.post(f"{address}/act/start/")
    work_law_changes()
    text = page.get(f"{address}/change/").content.decode()
    assert "5,625.00 USD" in text
    assert "1 of 1 declarations looked at" in text
    assert "You made it: a second officer publishes it" in text
    assert "/act/publish/" not in text
    assert "interest on refunds" in text
    second = signed_in(officer()).get(f"{address}/change/").content.decode()
    assert "Publish to importers" in second
    assert "a second officer" not in second
    heads = page.get("/admin/remedies/lawchangeresult/").content.decode().lower()
    assert "difference in usd (+ bill, − refund)" in heads
    result = change.results.get()
    assert "9903.05.31" in page.get(f"/admin/remedies/lawchangeresult/{result.pk}/change/").content.decode()
    page.post(f"{address}/act/publish/")
    change.refresh_from_db()
    assert change.state == State.DONE  # its maker does not publish it


@pytest.mark.parametrize("more", ["", roles.AUDITOR, "superuser"])
def test_whoever_made_it_publishes_it_by_no_door_whatever_else_they_may_do(more):
    """A08 through the admin: refused in words, told to nobody, and a second officer does it."""
    make_declaration("S01", until="submitted")
    maker = officer()
    if more == "superuser":
        type(maker.user).objects.filter(pk=maker.user.pk).update(is_superuser=True)
    elif more:
        maker.user.memberships.create(organization=maker.organization, role=more)
    page = signed_in(maker)
    page.post("/admin/remedies/lawchange/add/", FORM)
    change = services.LawChange.objects.get(title="At the desk")
    place = f"/admin/remedies/lawchange/{change.pk}"
    page.post(f"{place}/act/start/")
    work_law_changes()
    notices, trail = Notice.objects.count(), TrailEntry.objects.count()
    for sent in ({}, {"reason": "It is right."}, {"reason": "It is right.", "created_by": ""}):
        answer = page.post(f"{place}/act/publish/", sent, follow=True)
        assert "a second officer" in answer.content.decode()
    assert page.post(f"{place}/change/", {"created_by": "", "state": "PUBLISHED"}).status_code == 403
    page.post("/admin/remedies/lawchange/", {"action": "publish", "_selected_action": change.pk})
    change.refresh_from_db()
    assert (change.state, change.created_by, change.published_at) == (State.DONE, maker.user, None)
    assert (Notice.objects.count(), TrailEntry.objects.count()) == (notices, trail)
    second = signed_in(officer())
    assert second.post(f"{place}/act/publish/").status_code == 302
    change.refresh_from_db()
    assert change.state == State.PUBLISHED and Notice.objects.count() == notices + 1


@pytest.mark.parametrize(
    ("field", "wrong", "words"),
    [
        ("rate", {"effect": "rate", "rate": "2500"}, "at most 1,000 percent"),
        ("rate", {"effect": "rate", "rate": "-1"}, "zero or more"),
        ("rate", {"effect": "rate"}, "Say the rate"),
        ("rate", {"rate": "10"}, "Leave the rate empty"),
        ("last", {"last": "2026-07-23"}, "ends before it begins"),
        ("interest_to", {"interest_to": "2026-07-23"}, "Interest ends before the period begins"),
        ("headings", {"headings": "9999.99.99"}, "No duty is held under 99999999"),
        ("authorities", {"authorities": []}, "Say which authority"),
    ],
)
def test_the_desk_says_what_is_wrong_at_its_field(field, wrong, words):
    page = signed_in(officer()).post("/admin/remedies/lawchange/add/", FORM | wrong)
    assert page.status_code == 200
    errors = page.context["adminform"].form.errors
    assert list(errors) == [field]
    assert words in errors[field][0]
    assert not services.LawChange.objects.exists()


def test_a_rate_is_asked_for_in_percent():
    page = signed_in(officer())
    assert page.post("/admin/remedies/lawchange/add/", FORM | {"effect": "rate", "rate": "25"}).status_code == 302
    change = services.LawChange.objects.get(title="At the desk")
    assert change.rate == Decimal("0.25")
    assert b"25 % of the value" in page.get(f"/admin/remedies/lawchange/{change.pk}/change/").content


def test_laws_of_which_there_are_hints_only_are_not_offered():
    row = TradeMeasure.objects.first()
    row.pk, row.authority, row.effect, row.heading = None, "schedule_footnote", "footnote", ""
    row.save(force_insert=True)
    assert "schedule_footnote" not in known_authorities()
    assert "s301_forced_labor" in known_authorities()


def test_a_trader_and_an_officer_without_the_role_do_not_get_there():
    change = annul(officer(), "s301_forced_labor")
    for actor in (make_actor(), make_actor(organization=make_authority(), role=roles.LICENSING_OFFICER)):
        page = signed_in(actor)
        assert page.get(f"/admin/remedies/lawchange/{change.pk}/change/").status_code in (302, 403)
        assert page.post(f"/admin/remedies/lawchange/{change.pk}/act/start/").status_code in (302, 403)
    change.refresh_from_db()
    assert change.state == State.DRAFT


def signed_in(actor):
    page = Client()
    page.login(username=actor.user.email, password=PASSWORD)
    return page
