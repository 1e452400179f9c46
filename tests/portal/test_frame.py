"""The frame of every page: who signs in, what is around a page, and what stands there when something fails."""

import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.test import Client
from django.urls import path, reverse

from declarations.rules import RULES
from portal import urls
from portal.accounts.models import Organization, User
from portal.accounts.services import grant_role
from portal.desk.services import open_task, tell
from portal.forms import TERMS, FieldView
from portal.templatetags.portal_ui import term_slug

pytestmark = pytest.mark.django_db
PASSWORD = "four plain words here"
NOW = datetime(2026, 11, 24, 14, 5, tzinfo=UTC)
TEMPLATES = Path(django_settings.BASE_DIR) / "templates"


class Page(HTMLParser):
    """Just enough of a page to see that it is sound: one main, one h1, ids once, labels that point somewhere."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.ids, self.pointed = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tags.append(tag)
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "label" and "for" in values:
            self.pointed.append(values["for"])
        self.pointed += (values.get("aria-describedby") or "").split()


def sound(response, status=200):
    assert response.status_code == status
    html = response.content.decode()
    page = Page(html)
    assert page.tags.count("main") == 1
    assert page.tags.count("h1") == 1
    assert len(page.ids) == len(set(page.ids))
    assert set(page.pointed) <= set(page.ids)
    assert 'href="#main"' in html
    assert re.search(r"<title>\s*\S", html)
    assert " style=" not in html
    return html


@pytest.fixture(autouse=True)
def _no_counted_tries():
    cache.clear()


@pytest.fixture
def organizations():
    make = Organization.objects.create
    return make(name="Blue Heron Batteries", kind="importer"), make(name="Long Meadow Furniture", kind="importer")


@pytest.fixture
def clerk(organizations):
    user = User.objects.create_user("clerk@example.test", PASSWORD, first_name="Ana", last_name="Example")
    grant_role(user=user, organization=organizations[0], role="importer_user")
    return user


@pytest.fixture
def signed_in(client, clerk):
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _raise(error):
    def view(request):
        raise error

    return view


def _confirm(request):
    context = {
        "title": "Withdraw it?", "words": "Customs is asked.", "consequences": ["The number is not used again."],
        "confirm": "Withdraw", "danger": True, "cancel": "/", "fields": [FieldView("why", "Why?")],
    }  # fmt: skip
    return render(request, "components/confirm_page.html", context)


@pytest.fixture
def faults(settings, client):
    """Addresses that fail, each in its way."""
    module = ModuleType("frame_fault_urls")
    module.urlpatterns = [
        path("fault/500/", _raise(RuntimeError("secret detail"))),
        path("fault/503/", _raise(OperationalError("secret detail"))),
        path("fault/403/", _raise(PermissionDenied())),
        path("fault/400/", _raise(SuspiciousOperation())),
        path("confirm/", _confirm),
        *urls.urlpatterns,
    ]
    for code in (400, 403, 404, 500):
        setattr(module, f"handler{code}", getattr(urls, f"handler{code}"))
    settings.ROOT_URLCONF = module
    client.raise_request_exception = False
    return client


# ---- pages ------------------------------------------------------------------------------------

OPEN_PAGES = (
    "account_login", "account_reset_password", "account_reset_password_done", "account_reset_password_from_key_done",
    "account_inactive", "account_signup", "account_email_verification_sent", "status", "tariff", "rulebook", "help",
)  # fmt: skip


@pytest.mark.parametrize("name", OPEN_PAGES)
def test_pages_open_to_everybody(client, name):
    html = sound(client.get(reverse(name)))
    assert "nothing on this site reaches a real authority" in html
    assert "Sign in" in html


@pytest.mark.parametrize("name", ["tasks", "account_logout", "account_change_password", "account_email"])
def test_pages_of_those_who_are_signed_in(signed_in, name):
    html = sound(signed_in.get(reverse(name), follow=True))
    assert "Blue Heron Batteries" in html
    assert reverse("account_logout") in html


def test_a_stale_link_for_a_new_password_says_what_to_do(client):
    html = sound(client.get("/accounts/password/reset/key/1-abc/", follow=True))
    assert "Ask for a new link" in html


def test_the_status_page_says_whether_one_can_file(client, settings):
    html = sound(client.get("/status/"))
    assert "You can file now" in html
    assert "Not heard of yet" in html


def test_the_status_page_when_the_records_are_away():
    html = render_to_string("status.html", {"readiness": {"ready": False, "database": False, "at": NOW.isoformat()}})
    assert "Not at the moment" in html
    assert "Cannot be reached" in html


def test_without_rehearsal_the_strip_is_gone(client, settings):
    settings.REHEARSAL = False
    assert "reaches a real authority" not in client.get("/status/").content.decode()


def test_without_uswds_the_plain_style_is_used(client, settings, tmp_path):
    settings.USWDS = tmp_path / "absent"
    html = client.get("/status/").content.decode()
    assert "css/fallback.css" in html
    assert "uswds" not in html.lower()


def test_the_inbox_shows_tasks_with_their_day_and_the_header_counts_them(signed_in, organizations):
    assert "Nothing needs you now" in sound(signed_in.get("/tasks/"))
    mine, other = organizations
    open_task(organization=mine, subject="D0", kind="a", words="Send <it>", now=NOW, due_on=date(2026, 12, 4))
    open_task(organization=other, subject="D1", kind="a", words="Not yours", now=NOW)
    tell(organizations=[mine], subject="D0", cause="x", words="Goods were released", now=NOW)
    html = sound(signed_in.get("/tasks/"))
    for words in ("Send &lt;it&gt;", "By 4 Dec 2026", "Goods were released", "24 Nov 2026, 09:05 EST"):
        assert words in html
    assert "Not yours" not in html
    assert re.search(r'portal-count">1<', html)


def test_one_changes_the_organization_in_the_header(signed_in, clerk, organizations):
    assert reverse("switch_organization") not in signed_in.get("/tasks/").content.decode()
    grant_role(user=clerk, organization=organizations[1], role="importer_admin")
    assert reverse("switch_organization") in signed_in.get("/tasks/").content.decode()
    signed_in.post(reverse("switch_organization"), {"organization": organizations[1].reference})
    assert "What Long Meadow Furniture has to do" in signed_in.get("/tasks/").content.decode()


def test_somebody_without_an_organization_is_told_what_to_do(client):
    client.force_login(
        User.objects.create_user("new@example.test", PASSWORD), backend="django.contrib.auth.backends.ModelBackend"
    )
    html = sound(client.get("/tasks/"), 403)
    assert "new@example.test" in html


def test_officers_see_the_way_to_their_desk_and_it_wears_our_colours(client, organizations):
    officer = User.objects.create_superuser("officer@example.test", PASSWORD)
    grant_role(user=officer, organization=organizations[0], role="customs_officer")
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    assert reverse("admin:index") in client.get("/tasks/").content.decode()
    html = client.get(reverse("admin:index")).content.decode()
    assert "css/admin.css" in html
    assert "nothing on this site reaches a real authority" in html


# ---- the tariff, the rule book, help ------------------------------------------------------------


def test_the_tariff_without_an_edition_says_so(client, no_tariff):
    assert "We hold no tariff for this day" in sound(client.get("/tariff/?q=batteries"))
    sound(client.get("/tariff/8507600090/"), 404)


def test_the_tariff_is_searched_and_browsed(client):
    html = sound(client.get("/tariff/?q=lithium&on=11/24/2026"))
    assert 'href="/tariff/8507600090/?on=2026-11-24"' in html
    assert "Nothing found" in sound(client.get("/tariff/?q=zzzzzz"))
    assert "Electrical and electronic goods" in sound(client.get("/tariff/85/"))
    assert "8507.60.00.90" in sound(client.get("/tariff/8507/"))
    assert "four digits" in sound(client.get("/tariff/?on=11/24/26"))
    for address in ("/tariff/?q=8507.60.0090", "/tariff/8507.60.0090/"):
        assert client.get(address)["Location"] == "/tariff/8507600090/"
    sound(client.get("/tariff/1234567890/"), 404)
    sound(client.get("/tariff/<b>/"), 404)


def test_a_line_shows_rates_additional_duties_and_a_trial_computation(client):
    html = sound(client.get("/tariff/8507600090/?on=2026-11-24"))
    for words in ("3.4%", "40%", "Free", "Russian Federation", "Number (NO)", "Choose the country of origin"):
        assert words in html
    html = sound(client.get("/tariff/8507600090/?on=2026-11-24&origin=CN&value=45,000&mode=11"))
    for words in ("9903.91.06", "Adds 25%", "Counted", "HTS 8507.60.00", "$18,617.13"):
        assert words in html
    html = sound(client.get("/tariff/8507600090/?origin=CN&value=many&q_KG=-1"))
    assert "Write a number such as" in html
    assert "Write an amount of zero or more" in html
    assert "portal-duty__total" not in html


def test_the_rule_book_has_an_anchor_for_each_rule_and_can_be_searched(client):
    html = sound(client.get("/rules/"))
    for rule in RULES:
        assert f'id="{rule.code}"' in html
    assert not re.search(r"\{[a-z_]+\}", html.partition("<main")[2].partition("</main")[0])
    html = sound(client.get("/rules/?q=HDR-SCHEMA"))
    assert 'portal-slot">schema<' in html
    assert f"of {len(RULES)} rules" in html
    assert "No rule has all these words" in sound(client.get("/rules/?q=zzzzzz&severity=error"))


def test_help_explains_every_word(client):
    html = sound(client.get("/help/"))
    for name in TERMS:
        assert f'id="{term_slug(name)}"' in html


# ---- signing in -------------------------------------------------------------------------------


def sign_in(client, password, email="clerk@example.test"):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_a_wrong_password_is_told_in_words_and_keeps_the_address(client, clerk):
    html = sound(sign_in(client, "not this one"))
    assert "do not go together" in html
    assert 'value="clerk@example.test"' in html
    assert "not this one" not in html


def test_nothing_given_is_told_at_the_field(client):
    html = sound(client.post(reverse("account_login"), {"login": "", "password": ""}))
    assert 'href="#id_login"' in html
    assert 'href="#id_password"' in html
    assert html.count('aria-invalid="true"') == 2


def test_the_right_password_goes_home_without_a_word(client, clerk):
    answer = sign_in(client, PASSWORD, "Clerk@Example.test")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert "portal-messages" not in client.get("/tasks/").content.decode()


def test_the_way_back_after_signing_in_is_kept(client, clerk):
    html = client.get("/tasks/", follow=True).content.decode()
    assert re.search(r'name="next"\s+value="/tasks/"', html)


def test_too_many_wrong_passwords_wait(client, clerk, settings):
    settings.AXES_ENABLED = True
    answers = [sign_in(client, f"wrong {n}") for n in range(6)]
    assert "do not go together" in sound(answers[0])
    html = sound(answers[4], 429)
    assert "15 minutes" in html
    assert "Choose a new password" in html
    assert "Wait some minutes" in sound(answers[5])


def test_signing_out_needs_a_button(signed_in):
    assert signed_in.get(reverse("account_logout")).status_code == 200
    assert signed_in.post(reverse("account_logout")).status_code == 302
    assert signed_in.get("/tasks/").status_code == 302


def test_a_forgotten_password_is_replaced_by_mail(client, clerk, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    client.post(reverse("account_reset_password"), {"email": "clerk@example.test"})
    link = re.search(r"http://testserver(/\S+)", mail.outbox[0].body)[1]
    form = client.get(link, follow=True)
    assert "Choose a new password" in sound(form)
    page = form.redirect_chain[-1][0]
    assert 'href="#id_password1"' in sound(client.post(page, {"password1": "short", "password2": "other"}))
    new = "some other plain words"
    done = client.post(page, {"password1": new, "password2": new}, follow=True)
    assert "Your password is changed" in sound(done)
    assert sign_in(client, new).status_code == 302


# ---- when something fails ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/fault/400/", 400, "could not be read"),
        ("/fault/403/", 403, "Your role does not allow this"),
        ("/no/such/page/", 404, "nothing at this address"),
        ("/fault/500/", 500, "Something went wrong on our side"),
        ("/fault/503/", 503, "try again in a moment"),
    ],
)
def test_each_failure_has_a_page_with_a_way_on(faults, address, status, words):
    answer = faults.get(address, headers={"X-Correlation-ID": "abcdef0123456789"})
    html = sound(answer, status)
    assert words in html
    assert "abcdef0123456789" in html
    assert 'href="/"' in html
    assert "secret detail" not in html
    assert answer.headers.get("Retry-After") == ("5" if status == 503 else None)


@pytest.mark.parametrize("name", ["500.html", "unavailable.html"])
def test_pages_for_our_own_faults_need_no_context(name, django_assert_num_queries):
    with django_assert_num_queries(0):
        html = render_to_string(name)
    assert "Customs self-filing" in html


def test_a_form_without_its_token_is_explained(clerk):
    client = Client(enforce_csrf_checks=True)
    html = sound(client.post(reverse("account_login"), {"login": "x", "password": "y"}), 403)
    assert "Please send it again" in html


def test_asking_before_something_is_done(faults, clerk):
    html = sound(faults.get("/confirm/"))
    assert "The number is not used again." in html
    assert "usa-button--secondary" in html


OURS = sorted(TEMPLATES.rglob("*.html"))


@pytest.mark.parametrize("template", OURS, ids=[str(one.relative_to(TEMPLATES)) for one in OURS])
def test_no_template_has_a_style_or_script_of_its_own(template):
    text = template.read_text()
    assert not re.search(r"\sstyle\s*=", text)
    assert "<style" not in text
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    assert "javascript:" not in text
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in tag


def test_the_policy_of_content_is_sent_and_pages_keep_to_it(client):
    answer = client.get(reverse("account_login"))
    assert "style-src 'self'" in answer["Content-Security-Policy"]
    html = answer.content.decode()
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", html)
