"""Every address x every kind of visitor, from a table checked in here: a new address without a row fails (A01, A02)."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from declarations.models import Declaration, Signature
from portal.accounts import roles
from portal.gateway.models import OutboundMessage
from tests.makers import PASSWORD, make_actor, make_declaration, make_user
from tests.visiting import BACKEND, officer, signed_in, stored

OPEN = {
    "status", "tariff", "tariff_line", "tariff_compare", "tariff_changes", "rulebook", "help", "healthz", "readyz",
    "metrics", "openapi", "openapi_page", "parity", "parity_file", "mandate_check",
}  # fmt: skip
# Pages for people who act in an organization: anonymous visitors sign in first.
SIGNED_IN = {
    "home",
    "declaration_list",
    "declaration_create",
    "declaration_start",
    "declaration_selected",
    "clients",
    "view_keep",
    "view_drop",
    "declaration_codes",
    "tasks",
    "switch_organization",
    "law_changes",
    "law_changes_file",
    "people",
    "people_invite",
    "person",
    "person_switch",
    "person_link",
    "webhooks",
    "webhook_add",
    "webhook",
    "webhook_rotate",
    "webhook_retire",
    "webhook_switch",
    "webhook_replay",
    "webhook_test",
    "webhook_remove",
    "programs",
    "program_add",
    "program",
    "program_change",
    "program_rotate",
    "program_end_secret",
    "program_close",
    "sandbox",
    "complaints",
    "complain",
    "batches",
    "batch",
    "declaration_export",
    "filed_versions",
    "filed_version",
    "filed_summary",
    "mandates",
    "mandate_offer",
    "mandate_ask",
    "mandate",
    "mandate_sign",
    "mandate_talk",
    "mandate_close",
}
# One's own account, in whatever organization and in none, for officers too.
ACCOUNT = {"second_factor", "second_factor_add", "second_factor_codes", "second_factor_remove"}
# One declaration: its own organization sees it, nobody else knows that it exists.
ONE = {
    "declaration", "declaration_status", "declaration_step", "declaration_autosave", "declaration_lines",
    "declaration_upload", "declaration_upload_example", "declaration_line", "declaration_line_autosave",
    "declaration_line_number", "declaration_tariff_search", "declaration_line_remove", "declaration_working",
    "declaration_check", "declaration_sign", "declaration_submission", "declaration_receipt", "declaration_reopen",
    "declaration_correct", "declaration_copy", "declaration_discard", "declaration_cancel", "declaration_messages",
    "declaration_message", "declaration_message_file", "entry_summary", "declaration_take_over", "declaration_changes",
    "declaration_document", "declaration_amend", "declaration_amend_step", "declaration_amend_line",
}  # fmt: skip
MACHINES = {"gateway_inbound", "oauth_token"}
ARGUMENTS = {
    "slug": "arrival", "line": "1", "message": "M000000000000", "list_name": "ports", "number": "8507600090",
    "name": "rehearsal", "person": "U000000000000", "webhook": "H000000000000", "mandate": "W000000000000",
    "program": "C000000000000", "act": "revoke", "batch": "B000000000000", "view": "S000000000000",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _ground(db, monkeypatch, settings):
    settings.WHITENOISE_AUTOREFRESH = True  # no list of all static files for every client
    monkeypatch.setattr("portal.clocks.services._ring", lambda name: None)


def our_routes(resolver=None, above=(), found=None):
    """Name -> the chain of patterns that leads to it, the admin's and the sign-in's own routes aside."""
    found = {} if found is None else found
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLPattern):
            if one.name and one.callback.__module__.split(".")[0] in (
                "portal",
                "declarations",
                "audits",
                "brokers",
                "oauth2_provider",
            ):
                found[one.name] = (*above, one)
        elif getattr(one, "app_name", None) != "admin":
            our_routes(one, (*above, one), found)
    return found


ROUTES = our_routes()


def address(name, reference, message=ARGUMENTS["message"]):
    wanted = {key for route in ROUTES[name] for key in route.pattern.converters}
    return reverse(name, kwargs={key: {**ARGUMENTS, "message": message}.get(key, reference) for key in wanted})


def message_of(declaration):
    """The reference of its message, where it has one."""
    found = OutboundMessage.objects.filter(subject=declaration.reference).first()
    return found.reference if found else ARGUMENTS["message"]


def said(answer):
    """The body of an answer without what differs from request to request."""
    text = answer.content.decode().replace(answer.wsgi_request.path, "")
    return re.sub(r"[0-9a-f]{32}|[A-Za-z0-9]{64}|D[0-9A-Z]{12}|nonce-\S+", "", text)


def test_every_address_of_ours_has_a_row():
    pages = {name for name in our_routes() if not name.startswith("api_")}  # those of programs: tests/declarations/api
    assert pages == OPEN | SIGNED_IN | ACCOUNT | ONE | MACHINES


def test_open_pages_answer_everybody():
    stranger = Client()
    for name in sorted(OPEN):
        assert stranger.get(address(name, "X")).status_code == 200, name


def test_strangers_sign_in_first():
    declaration = make_declaration("S01")
    before = stored()
    stranger = Client()
    for name in sorted(SIGNED_IN | ACCOUNT | ONE):
        answers = [getattr(stranger, method)(address(name, declaration.reference)) for method in ("get", "post")]
        assert 302 in [one.status_code for one in answers], name
        for answer in answers:
            assert answer.status_code in (302, 405), name
            if answer.status_code == 302:
                assert answer["Location"].startswith("/accounts/login/"), name
    assert stored() == before


@pytest.mark.parametrize("who", ["another importer", "a broker without a mandate"])
@pytest.mark.parametrize("until", ["draft", "submitted"])
def test_somebody_elses_declaration_does_not_exist(who, until):
    declaration = make_declaration("S01", until=until)
    role = roles.IMPORTER_ADMIN if who == "another importer" else roles.LICENSED_INDIVIDUAL
    client = signed_in(make_actor(role=role).user)
    before = stored()
    for name in sorted(ONE):
        for method in ("get", "post"):
            found = getattr(client, method)(address(name, declaration.reference, message_of(declaration)))
            missing = getattr(client, method)(address(name, "D000000000000"))
            assert found.status_code == missing.status_code
            assert found.status_code in (404, 405), (name, method, found.status_code)
            if found.status_code == 404:
                assert said(found) == said(missing), name
    assert stored() == before
    for page in ("/", "/declarations/", f"/declarations/?q={declaration.functional_reference_id}"):
        assert declaration.reference not in client.get(page).content.decode()


@pytest.mark.parametrize("until", ["draft", "ready", "signed", "submitted"])
def test_the_owner_never_meets_an_error_of_ours(until):
    actor = make_actor()
    declaration = make_declaration("S01", actor=actor, until=until)
    client = signed_in(actor.user)
    for name in sorted(ONE - {"declaration_message", "declaration_message_file"}):
        page = address(name, declaration.reference)
        assert client.get(page).status_code in (200, 302, 404, 405), name
    for name in sorted(ONE - {"declaration_message", "declaration_message_file"}):
        page = address(name, declaration.reference)
        assert client.post(page, {}).status_code in (200, 204, 302, 404, 405, 409, 422), name


def test_the_own_messages_can_be_read():
    actor = make_actor()
    declaration = make_declaration("S01", actor=actor, until="submitted")
    message = OutboundMessage.objects.get(subject=declaration.reference)
    client = signed_in(actor.user)
    for name in ("declaration_message", "declaration_message_file"):
        found = client.get(reverse(name, kwargs={"reference": declaration.reference, "message": message.reference}))
        assert found.status_code == 200
        assert "8507600090" in found.content.decode()


def test_a_removed_membership_and_a_disabled_user_are_refused_at_once():
    actor = make_actor()
    declaration = make_declaration("S01", actor=actor)
    client = signed_in(actor.user)
    page = address("declaration", declaration.reference)
    assert client.get(page).status_code == 200
    actor.user.memberships.all().delete()
    assert client.get(page).status_code == 403
    actor.user.is_active = False
    actor.user.save()
    assert client.get(page).status_code == 302


def test_a_form_without_its_token_is_refused():
    actor = make_actor()
    declaration = make_declaration("S01", actor=actor)
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(actor.user, backend=BACKEND)
    assert client.post(address("declaration_discard", declaration.reference)).status_code == 403
    declaration.refresh_from_db()
    assert declaration.filing == "DRAFT"


# What each role may do with a declaration of its own organization, by what the address does.
ACTS = {
    "declaration.draft": {
        "declaration_step", "declaration_autosave", "declaration_lines", "declaration_upload",
        "declaration_upload_example", "declaration_line", "declaration_line_autosave", "declaration_line_number",
        "declaration_tariff_search", "declaration_line_remove", "declaration_check", "declaration_reopen",
        "declaration_correct", "declaration_copy", "declaration_discard", "declaration_take_over",
    },
    "declaration.transmit": {"declaration_submission"},
    "declaration.sign": {"declaration_amend", "declaration_amend_step", "declaration_amend_line"},
    "declaration.cancel": {"declaration_cancel"},
    "declaration.read": {
        "declaration", "declaration_status", "declaration_working", "declaration_sign", "declaration_receipt",
        "declaration_messages", "declaration_message", "declaration_message_file", "entry_summary", "declaration_changes",
        "declaration_document",
    },
}  # fmt: skip


def test_every_address_of_a_declaration_has_an_act():
    assert set().union(*ACTS.values()) == ONE


@pytest.mark.parametrize("until", ["signed", "submitted"])
@pytest.mark.parametrize("role", sorted(roles.TRADER_ROLES))
def test_a_role_does_what_its_row_says_and_no_more(role, until):
    owner = make_actor()
    declaration = make_declaration("S01", actor=owner, until=until)
    client = signed_in(make_user(organization=owner.organization, role=role))
    before = stored()
    for act, names in ACTS.items():
        if act in roles.ACTIONS[role]:
            continue
        for name in names:
            for method in ("get", "post"):
                found = getattr(client, method)(address(name, declaration.reference, message_of(declaration)))
                assert found.status_code in (403, 405), (name, method, found.status_code)
    assert stored() == before
    for name in ACTS["declaration.read"]:
        answer = client.get(address(name, declaration.reference, message_of(declaration)))
        assert answer.status_code in (200, 302, 404), (name, answer.status_code)
        assert answer.status_code != 404 or name.startswith("declaration_message"), name
    allowed = "declaration.draft" in roles.ACTIONS[role]
    assert client.post(reverse("declaration_create")).status_code == (302 if allowed else 403)


def test_broker_staff_freeze_and_send_but_do_not_sign():
    owner = make_actor()
    ready = make_declaration("S01", actor=owner, until="ready")
    client = signed_in(make_user(organization=owner.organization, role=roles.BROKER))
    page = address("declaration_sign", ready.reference)
    assert 'name="password"' not in client.get(page).content.decode()
    client.post(page, {"password": PASSWORD, "digest": ready.live_version.digest})
    assert not Signature.objects.exists()
    assert Declaration.objects.get().filing == "READY"


@pytest.mark.parametrize("role", [roles.CUSTOMS_OFFICER, roles.OPERATOR, roles.LICENSING_OFFICER])
def test_officers_have_no_hand_in_the_pages_of_traders(role):
    declarations = [make_declaration("S01"), make_declaration("S01", until="submitted")]
    client = signed_in(officer(role))
    before = stored()
    for name in sorted(ONE | SIGNED_IN - {"switch_organization"}):
        for declaration in declarations:
            page = address(name, declaration.reference, message_of(declaration))
            for method, wanted in (("get", (302, 405)), ("post", (403, 405))):
                found = getattr(client, method)(page)
                assert found.status_code in wanted, (name, method, found.status_code)
                assert found.status_code != 302 or found["Location"] == "/admin/", (name, found["Location"])
    assert stored() == before


def test_a_disabled_user_and_a_switched_off_organization_are_refused_everywhere():
    actor = make_actor()
    declaration = make_declaration("S01", actor=actor, until="submitted")
    before = stored()
    client, other = signed_in(actor.user), signed_in(make_user(organization=actor.organization))
    actor.user.is_active = False
    actor.user.save()
    for name in sorted(SIGNED_IN | ACCOUNT | ONE):
        for method in ("get", "post"):
            found = getattr(client, method)(address(name, declaration.reference, message_of(declaration)))
            assert found.status_code in (302, 405), name
            assert found.status_code == 405 or found["Location"].startswith("/accounts/login/"), name
    actor.organization.is_active = False
    actor.organization.save()
    for name in sorted(ONE | SIGNED_IN - {"switch_organization"}):
        for method in ("get", "post"):
            found = getattr(other, method)(address(name, declaration.reference, message_of(declaration)))
            assert found.status_code in (403, 405), (name, method, found.status_code)
    assert stored() == before


def test_nobody_switches_to_an_organization_of_others():
    actor, elsewhere = make_actor(), make_actor()
    client = signed_in(actor.user)
    page = reverse("switch_organization")
    assert client.post(page, {"organization": elsewhere.organization.reference}).status_code == 404
    assert client.post(page, {"organization": "nothing"}).status_code == 404
    own = {"organization": actor.organization.reference, "next": "https://elsewhere.example/"}
    assert client.post(page, own)["Location"] == "/"


def test_every_post_needs_its_token():
    actor = make_actor()
    declaration = make_declaration("S01", actor=actor)
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(actor.user, backend=BACKEND)
    before = stored()
    for name in sorted(ONE | SIGNED_IN):
        for kind in ("application/x-www-form-urlencoded", "text/plain", "application/json"):
            answer = client.post(address(name, declaration.reference), b"act=save", content_type=kind)
            assert answer.status_code == 403, name
    assert stored() == before


def test_sign_in_and_its_lock_out(settings):
    settings.AXES_ENABLED = True
    user = make_user(organization=make_actor().organization)
    client = Client()
    answers = [client.post("/accounts/login/", {"login": user.email, "password": "wrong"}) for _ in range(6)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code in (403, 429) or "too many" in answers[-1].content.decode().lower()
    right = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert right.status_code != 302, "the lock-out holds for the right password too"
