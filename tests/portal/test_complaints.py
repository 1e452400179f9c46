"""Complaints about unequal access: received, acknowledged, decided, late and published without a name."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from declarations.tasks import remind_deadlines
from portal.accounts import roles
from portal.clocks.models import Deadline
from portal.complaints import services
from portal.complaints.flow import TABLE, Act, ComplaintMoved, State, after
from portal.complaints.models import Complaint
from portal.complaints.selectors import published_outcomes, tally
from portal.complaints.tasks import count_breaches
from portal.desk.models import Notice, Task
from portal.parameters.models import Parameter
from portal.trail.models import TrailEntry
from portal.trail.verification import verify
from tests.makers import make_actor, make_authority, make_user

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
DAY_0 = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # a Tuesday; Thursday is Thanksgiving
DECISION = {"outcome": "upheld", "decision": "You are right.", "published": "An importer waited longer; it is mended."}


@pytest.fixture(autouse=True)
def _ground(monkeypatch):
    monkeypatch.setattr("portal.clocks.services._ring", lambda name: None)


@pytest.fixture
def trader():
    return make_actor()


@pytest.fixture
def ombudsman():
    return make_actor(organization=make_authority(), role=roles.OMBUDSMAN)


@pytest.fixture
def complaint(trader, ombudsman):
    return lodged(trader)


def lodged(trader, now=DAY_0, words="Ours wait for two days, others for two hours."):
    return services.lodge(
        organization=trader.organization, subject="Long waits at Laredo", words=words, actor=trader, now=now
    )


def on_day(number):
    return time_machine.travel(DAY_0 + timedelta(days=number), tick=False)


def browser(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def due(complaint):
    return dict(Deadline.objects.filter(subject=complaint.reference).values_list("kind", "due_on"))


def test_both_clocks_run_from_the_day_it_came(complaint, ombudsman):
    assert due(complaint) == {"complaint_ack": date(2026, 11, 27), "complaint_decide": date(2026, 12, 24)}
    keepers = set(Deadline.objects.values_list("organization", flat=True))
    assert keepers == {ombudsman.organization.pk}, "the clock is the authority's to keep"


def test_the_clocks_are_parameters(trader):
    Parameter.objects.filter(name="complaint_ack").update(value="5")
    Parameter.objects.filter(name="complaint_decide").update(value="10")
    assert due(lodged(trader)) == {"complaint_ack": date(2026, 12, 2), "complaint_decide": date(2026, 12, 4)}
    assert "within 5 business days" in Client().get("/parity/").content.decode()


def test_in_time_it_is_acknowledged_and_decided_and_nothing_is_counted(complaint, trader, ombudsman):
    services.acknowledge(complaint=complaint, actor=ombudsman, now=DAY_0 + timedelta(days=1))
    complaint.refresh_from_db()
    services.decide(complaint=complaint, actor=ombudsman, now=DAY_0 + timedelta(days=30), **DECISION)
    with on_day(60):
        assert count_breaches() == 0
    assert set(Deadline.objects.values_list("state", flat=True)) == {"MET"}
    assert tally() == (1, 1, 0, 0)
    assert Notice.objects.filter(organization=trader.organization).count() == 2
    kinds = list(TrailEntry.objects.filter(subject=f"complaint:{complaint.reference}").values_list("kind", flat=True))
    assert kinds == ["complaint.receive", "complaint.acknowledge", "complaint.decide"]
    assert list(verify()) == []


def test_day_31_without_a_decision_escalates_and_counts_once(complaint, trader, ombudsman):
    services.acknowledge(complaint=complaint, actor=ombudsman, now=DAY_0 + timedelta(days=1))
    with on_day(30):
        assert count_breaches() == 0
    with on_day(31):
        remind_deadlines()  # marks deadlines that have passed, before or after: it makes no difference
        assert count_breaches() == 1
        assert count_breaches() == 0
    assert tally() == (1, 0, 0, 1)
    assert Deadline.objects.get(kind="complaint_decide").state == "MISSED"
    assert Task.objects.get(kind="late:complaint_decide").organization == ombudsman.organization
    assert "not decided" in Notice.objects.filter(organization=trader.organization).latest("pk").words
    assert TrailEntry.objects.filter(kind="complaint.breach").count() == 1


def test_no_acknowledgement_in_two_business_days_counts_too(complaint):
    with on_day(3):
        assert count_breaches() == 0, "27 November is the second business day"
    with on_day(4):
        assert count_breaches() == 1
    assert tally() == (1, 0, 1, 0)


def test_a_late_act_is_a_breach_even_where_nobody_counted_before(complaint, ombudsman):
    services.acknowledge(complaint=complaint, actor=ombudsman, now=DAY_0 + timedelta(days=20))
    complaint.refresh_from_db()
    services.decide(complaint=complaint, actor=ombudsman, now=DAY_0 + timedelta(days=31), **DECISION)
    assert tally() == (1, 1, 1, 1)
    assert set(Deadline.objects.values_list("state", flat=True)) == {"MISSED"}
    assert not Task.objects.filter(state="OPEN").exists()


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("act", list(Act))
def test_every_pair_of_state_and_act(state, act):
    if (state, act) in TABLE:
        assert after(state, act) == TABLE[state, act]
    else:
        with pytest.raises(ComplaintMoved):
            after(state, act)


def test_two_who_decide_at_once_decide_once(complaint, ombudsman):
    services.acknowledge(complaint=complaint, actor=ombudsman, now=DAY_0)
    with pytest.raises(ComplaintMoved):
        services.acknowledge(complaint=complaint, actor=ombudsman, now=DAY_0)
    complaint.refresh_from_db()
    same = Complaint.objects.get(pk=complaint.pk)
    services.decide(complaint=complaint, actor=ombudsman, now=DAY_0, **DECISION)
    with pytest.raises(ComplaintMoved):
        services.decide(complaint=same, actor=ombudsman, now=DAY_0, **{**DECISION, "outcome": "not_upheld"})
    assert Complaint.objects.get().outcome == "upheld"


def test_only_the_ombudsman_decides(complaint, trader):
    operator = make_actor(organization=make_authority(), role=roles.OPERATOR)
    for actor in (trader, operator):
        with pytest.raises(services.NotTheOmbudsman):
            services.acknowledge(complaint=complaint, actor=actor, now=DAY_0)
    assert Complaint.objects.get().state == "RECEIVED"


def test_what_everybody_reads_names_nobody(complaint, trader, ombudsman):
    services.acknowledge(complaint=complaint, actor=ombudsman, now=DAY_0)
    complaint.refresh_from_db()
    for name in (trader.organization.name.upper(), trader.user.email, trader.user.last_name, complaint.reference):
        words = {**DECISION, "published": f"The complaint of {name}, was right."}
        with pytest.raises(services.NamesSomebody):
            services.decide(complaint=complaint, actor=ombudsman, now=DAY_0, **words)
    with pytest.raises(services.NoWords):
        services.decide(complaint=complaint, actor=ombudsman, now=DAY_0, **{**DECISION, "published": " "})
    services.decide(complaint=complaint, actor=ombudsman, now=DAY_0, **DECISION)
    (shown,) = published_outcomes()
    assert shown == (date(2026, 11, 1), "Upheld", DECISION["published"])
    page = Client().get("/parity/").content.decode()
    assert DECISION["published"] in page
    assert DECISION["decision"] not in page
    assert trader.organization.name not in page


def test_a_trader_complains_and_sees_their_own_alone(trader, ombudsman):
    client = browser(trader.user)
    assert "You have not complained" in client.get("/parity/complaints/").content.decode()
    answer = client.post("/parity/complaints/new/", {"subject": "", "words": ""})
    assert "Tell what happened." in answer.content.decode()
    given = {"subject": "Slow", "words": "Two days.\n<b>Always</b>"}
    for _twice in range(2):
        assert client.post("/parity/complaints/new/", given)["Location"] == "/parity/complaints/"
    assert Complaint.objects.count() == 1, "sent twice, received once"
    page = client.get("/parity/complaints/").content.decode()
    assert "&lt;b&gt;Always" in page
    assert "The ombudsman answers" in page
    assert "Two days" not in browser(make_actor().user).get("/parity/complaints/").content.decode()


def test_the_desk_of_the_ombudsman(complaint, ombudsman, trader):
    client = browser(ombudsman.user)
    assert "Complaints to acknowledge" in client.get("/admin/").content.decode()
    place = f"/admin/complaints/complaint/{complaint.pk}/"
    page = client.get(f"{place}change/").content.decode()
    assert "27 Nov 2026" in page
    assert client.post(f"{place}change/", {"state": "DECIDED"}).status_code == 403
    assert client.get(f"{place}act/acknowledge/").status_code == 200
    assert Complaint.objects.get().state == "RECEIVED", "looking does nothing"
    client.post(f"{place}act/acknowledge/")
    assert Complaint.objects.get().state == "ACKNOWLEDGED"
    assert "Please fill in" in client.post(f"{place}act/decide/", {"outcome": "upheld"}).content.decode()
    named = client.post(f"{place}act/decide/", {**DECISION, "published": trader.organization.name})
    assert "must not name" in named.content.decode()
    assert client.post(f"{place}act/decide/", DECISION).status_code == 302
    assert Complaint.objects.get().state == "DECIDED"
    assert client.get(f"{place}act/nothing/").status_code == 403


@pytest.mark.parametrize("role", sorted(roles.OFFICER_ROLES - {roles.OMBUDSMAN}))
def test_other_officers_do_not_see_complaints(complaint, role):
    client = browser(make_user(organization=make_authority(), role=role))
    place = f"/admin/complaints/complaint/{complaint.pk}/"
    for page in ("/admin/complaints/complaint/", f"{place}change/"):
        assert client.get(page).status_code in (302, 403)
    for act in ("acknowledge", "decide"):
        assert client.post(f"{place}act/{act}/", DECISION).status_code == 403
    assert Complaint.objects.get().state == "RECEIVED"
