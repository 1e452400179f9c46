"""Every operation x every kind of caller: no token, no scope, somebody else's object (A01, A02, A04, B16)."""

from datetime import timedelta

import pytest
from django.test import Client as HttpClient
from django.utils import timezone
from oauth2_provider.models import get_access_token_model

from declarations.models import Declaration
from portal.accounts import roles
from portal.accounts.models import Client, Membership
from portal.timezones import party_date
from tests.makers import make_agent, make_mandate
from tests.support.programs import Program, own_document
from tests.test_permissions import our_routes, stored

pytestmark = pytest.mark.django_db
# Method, address, the scope it takes, what a good request is answered.
OPERATIONS = [
    ("POST", "filings", "file", 202),
    ("POST", "dry-runs", "draft", 200),
    ("GET", "declarations", "read", 200),
    ("POST", "declarations", "draft", 201),
    ("GET", "declarations/{ref}", "read", 200),
    ("PATCH", "declarations/{ref}", "draft", 200),
    ("POST", "declarations/{ref}/submission", "file", 202),
    ("GET", "declarations/{ref}/assessment", "read", 200),
    ("GET", "declarations/{ref}/events", "read", 200),
    ("GET", "declarations/{ref}/messages", "read", 200),
    ("GET", "declarations/{ref}/receipt", "read", 200),
    ("GET", "declarations/{ref}/entry-summary.pdf", "read", 200),
    ("POST", "declarations/{ref}/amendment", "file", 409),
    ("POST", "declarations/{ref}/cancellation", "file", 202),
    ("POST", "declarations/{ref}/take-over", "file", 409),
    ("DELETE", "declarations/{ref}", "draft", 409),
    ("GET", "declarations/export", "read", 200),
    ("GET", "filed-versions", "read", 200),
    ("GET", "filed-versions/{version}", "read", 200),
    ("GET", "filed-versions/{version}/entry-summary.pdf", "read", 200),
    ("POST", "batches", "file", 202),
    ("GET", "batches", "read", 200),
    ("GET", "batches/{batch}", "read", 200),
    ("GET", "batches/{batch}/results", "read", 200),
    ("GET", "events", "read", 200),
    ("GET", "webhooks", "read", 200),
    ("POST", "webhooks", "read draft", 201),
    ("GET", "webhooks/{hook}", "read", 200),
    ("DELETE", "webhooks/{hook}", "read draft", 204),
    ("GET", "mandates", "read", 200),
    ("POST", "mandates", "draft", 201),
    ("GET", "mandates/{mandate}", "read", 200),
    ("POST", "mandates/{mandate}/talks", "draft", 200),
    ("POST", "mandates/{mandate}/signature", "file", 403),
    ("POST", "mandates/{mandate}/withdrawal", "file", 409),
    ("POST", "mandates/{mandate}/declination", "draft", 409),
    ("POST", "mandates/{mandate}/revocation", "file", 200),
    ("POST", "sandbox/clock", "draft", 409),
    ("GET", "tariff/lines?q=8507", "read", 200),
    ("GET", "tariff/lines/8507600090", "read", 200),
]
ONE = [one for one in OPERATIONS if "{" in one[1]]
OPEN = {"api_parity", "api_register_brokers", "api_register_aeo"}
NOBODYS = {
    name: letter + "0" * 12
    for name, letter in (("ref", "D"), ("hook", "H"), ("batch", "B"), ("version", "V"), ("mandate", "W"))
}
HEADERS = {"If_Match": "*"}


HOOK = "https://93.184.215.14/feed"


@pytest.fixture(autouse=True)
def _no_lookups(monkeypatch):
    monkeypatch.setattr("portal.webhooks.services.outside.check", lambda url: url)


def things_of(program):
    """A draft, a filed version, a webhook, a batch and an offered mandate of the program's organization."""
    draft = program.post("declarations", own_document(program)).json()["summary"]["reference"]
    hook = program.post("webhooks", {"url": HOOK}).json()["reference"]
    batch = ask(program, "POST", "batches", own_document(program), "things").json()["reference"]
    version = program.file(own_document(program)).json()["receipt"]["version"]
    mandate = make_mandate(principal=program.organization, until="offered").number
    return {"ref": draft, "hook": hook, "batch": batch, "version": version, "mandate": mandate}


def ask(program, method, path, body, key):
    media = "application/x-ndjson" if path == "batches" else "application/json"
    return program.ask(method, path, body, key=key, media=media, **HEADERS)


def body_of(program, path):
    if path in ("filings", "dry-runs", "declarations", "batches"):
        return own_document(program)
    from declarations.statements import STATEMENTS

    if path == "webhooks":
        return {"url": HOOK}
    if path == "mandates":
        return {"other": make_agent().reference, "actions": ["transmit"]}
    if path.endswith("/talks"):
        return {"on": party_date(timezone.now()).isoformat(), "means": "phone", "whom": "Robin", "words": "Goods."}
    if path.startswith("mandates/"):
        return {} if path.endswith("signature") else {"reason": "We work with somebody else."}
    if path.endswith("submission"):
        return {"statement": STATEMENTS[-1].id}
    if path.endswith("amendment"):
        return {"changes": {"contact": {"name": "Robin Test"}}, "reason": "The contact is another person."}
    return {"reason_code": "08"} if path.endswith("cancellation") else {}


def test_every_operation_has_a_row_here():
    names = {name for name in our_routes() if name.startswith("api_")}
    addresses = {path.partition("?")[0] for _, path, _, _ in OPERATIONS}
    assert len(names - OPEN) == len(addresses), "an address of the API without a row, or a row without one"


def test_each_operation_answers_its_own_program():
    program = Program(role=roles.IMPORTER_ADMIN)
    made = things_of(program)
    for place, (method, path, _scope, status) in enumerate(OPERATIONS):
        body = None if method in ("GET", "DELETE") else body_of(program, path)
        answer = ask(program, method, path.format(**made), body, f"k{place}" if method == "POST" else None)
        assert answer.status_code == status, (method, path, answer.content[:300])
        assert answer["Cache-Control"] == "no-store" and answer["X-Correlation-ID"]
        assert int(answer["RateLimit-Remaining"]) < int(answer["RateLimit-Limit"])


@pytest.mark.parametrize("until", ["draft", "filed"])
def test_somebody_elses_declaration_does_not_exist(until):
    owner, other = Program(), Program()
    made = things_of(owner)
    if until == "filed":
        made["ref"] = owner.file(own_document(owner)).json()["reference"]
    before = stored()
    for method, path, _scope, _status in ONE:
        body = None if method in ("GET", "DELETE") else body_of(other, path)
        answers = [ask(other, method, path.format(**one), body, f"{method}{path}"[:80]) for one in (made, NOBODYS)]
        assert [one.status_code for one in answers] == [404, 404], path
        told = [{**one.json(), "correlation_id": ""} for one in answers]
        assert told[0] == told[1]
    assert stored() == before
    assert other.get("declarations").json()["results"] == []
    assert made["ref"] not in other.get("events").content.decode()
    assert other.get("mandates").json()["results"] == []
    assert other.get("webhooks").json()["results"] == [] and owner.get(f"webhooks/{made['hook']}").status_code == 200


@pytest.mark.parametrize("scopes", ["read", "draft", "file"])
def test_an_operation_needs_its_scope(scopes):
    program = Program(scopes="read draft file")
    made = things_of(program)
    narrow = Program(program.organization, scopes=scopes)
    before = stored()
    for method, path, scope, _status in OPERATIONS:
        if scope == scopes:
            continue
        body = None if method in ("GET", "DELETE") else body_of(program, path)
        answer = ask(narrow, method, path.format(**made), body, "k")
        assert (answer.status_code, answer.json()["code"]) == (403, "SCOPE_MISSING"), path
    assert stored() == before


def test_without_a_token_nothing_opens_and_a_session_is_none():
    program = Program()
    made = things_of(program)
    signed_in = HttpClient(enforce_csrf_checks=False)
    signed_in.force_login(program.signatory, backend="django.contrib.auth.backends.ModelBackend")
    before = stored()
    for http in (HttpClient(), signed_in):
        for method, path, _scope, _status in OPERATIONS:
            answer = http.generic(method, f"/api/v1/{path.format(**made)}", b"{}", "application/json")
            assert answer.status_code == 401, path
            assert answer["WWW-Authenticate"] == 'Bearer realm="api"'
            assert answer.json()["code"] == "NOT_AUTHENTICATED"
    assert stored() == before


def test_a_token_ends_with_whatever_it_rests_on():
    from portal.accounts.models import Organization

    def spoiled(spoil):
        program = Program()
        assert program.get("declarations").status_code == 200
        spoil(program)
        return program.get("declarations").status_code

    now = timezone.now()
    past = now - timedelta(seconds=1)
    tokens = get_access_token_model().objects
    assert spoiled(lambda p: tokens.filter(application=p.client).update(expires=past)) == 401
    assert spoiled(lambda p: tokens.filter(application=p.client).delete()) == 401
    assert spoiled(lambda p: Client.objects.filter(pk=p.client.pk).update(closed_at=now)) == 401
    assert spoiled(lambda p: Client.objects.filter(pk=p.client.pk).update(expires_at=past)) == 401
    assert spoiled(lambda p: Organization.objects.filter(pk=p.organization.pk).update(is_active=False)) == 401
    assert spoiled(lambda p: type(p.signatory).objects.filter(pk=p.signatory.pk).update(is_active=False)) == 401
    assert spoiled(lambda p: setattr(p, "token", "nonsense")) == 401


def test_without_their_role_the_signatory_answers_for_nothing_more():
    program = Program()
    Membership.objects.filter(user=program.signatory).update(is_active=False)
    assert program.file(own_document(program)).status_code in (403, 422)
    assert program.get("declarations").json()["results"] == []
    assert not Declaration.objects.filter(importer=program.organization).exists()


def test_a_program_asks_for_no_more_than_it_was_given():
    program = Program(scopes="read")
    assert program.ask_token(scope="file").status_code == 400
    assert program.ask_token().json()["scope"] == "read"


def test_a_closed_or_expired_program_gets_no_token():
    program = Program()
    for change in ({"closed_at": timezone.now()}, {"closed_at": None, "expires_at": timezone.now()}):
        Client.objects.filter(pk=program.client.pk).update(**change)
        assert program.ask_token().status_code == 401


def test_a_wrong_method_and_a_wrong_address_are_problems_too():
    program = Program()
    assert program.get("nothing").json()["status"] == HttpClient().get("/api/v1/nothing").json()["status"] == 404
    assert program.ask("PUT", "filings", {}).status_code == 405
    assert program.get("nothing").status_code == 404
    assert program.get("declarations", Accept="text/html").status_code == 406


def test_who_may_not_sign_files_nothing():
    from portal.accounts.models import Organization

    for role, kind in ((roles.SERVICE_PROVIDER, "provider"), (roles.BROKER, "broker")):
        program = Program(Organization.objects.create(name=f"Test {kind}", kind=kind), role=role)
        owner = Program()
        answer = program.file(own_document(owner))
        assert (answer.status_code, answer.json()["code"]) == (403, "NO_MANDATE")


def test_the_quota_is_told_and_then_kept(settings):
    settings.API_QUOTA_BY_TIER = '{"standard": 3}'
    program, other = Program(), Program()
    left = [program.get("declarations")["RateLimit-Remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    refused = program.get("declarations")
    assert (refused.status_code, refused.json()["code"]) == (429, "TOO_MANY_REQUESTS")
    assert 1 <= int(refused["Retry-After"]) <= 60 and refused["RateLimit-Remaining"] == "0"
    assert other.get("declarations").status_code == 200


def test_without_the_cache_nothing_is_counted_and_filing_goes_on(settings, monkeypatch):
    def away(*args, **kwargs):
        raise ConnectionError

    program = Program()
    monkeypatch.setattr("portal.limits.cache.add", away)
    assert program.file(own_document(program)).status_code == 202


def test_a_token_is_not_asked_for_at_random():
    program = Program()
    answer = program.ask_token(client_secret="wrong")
    assert answer.status_code == 401 and "access_token" not in answer.json()


def test_the_figures_of_equal_access_are_open_to_everybody():
    stranger = HttpClient()
    told = stranger.get("/api/v1/parity?month=2026-10").json()
    assert told["month"] == "2026-10" and told["cells"] == []
    assert stranger.get("/api/v1/parity").status_code == 200
    assert stranger.get("/api/v1/parity?month=2026-13").status_code == 400


def test_a_webhook_tells_its_secret_once():
    program = Program()
    made = program.post("webhooks", {"url": HOOK, "kinds": ["declaration.*"]})
    assert made.status_code == 201 and len(made.json()["secret"]) > 20
    again = program.get(f"webhooks/{made.json()['reference']}").json()
    assert again["kinds"] == ["declaration.*"] and "secret" not in again
    assert program.post("webhooks", {"url": HOOK, "kinds": ["?"]}).json()["code"] == "KIND_UNCLEAR"
    assert program.post("webhooks", {"address": HOOK}).status_code == 422
