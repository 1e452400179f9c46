"""A session that ends while a page is being filled in: what was typed is kept, and shown again after signing in."""

from django.conf import settings
from django.test import Client
from django.urls import reverse

from declarations.models import Declaration
from tests.declarations.filer.browsing import at, fill, form_at, send, step, value_in, values_of, words_of
from tests.makers import PASSWORD


def sign_out(client):
    """Only the session is gone: the cookie that protects forms is still there."""
    client.cookies.pop(settings.SESSION_COOKIE_NAME)


def sign_in(client, user, address):
    login = reverse("account_login")
    shown = client.get(login, {"next": address})
    return client.post(login, values_of(form_at(shown, login)) | {"login": user.email, "password": PASSWORD})


def test_what_was_typed_into_a_step_is_shown_again_and_saved_by_the_button(client, actor, draft):
    address = step(draft, "contact")
    page = client.get(address)
    sign_out(client)
    refused = send(client, page, address, contact_name="Typed for long", contact_phone="12")
    assert refused.url == f"{reverse('account_login')}?next={address}"
    assert "What you typed is kept" in words_of(client.get(refused.url))
    assert sign_in(client, actor.user, address).url == address
    assert Declaration.objects.get().header["contact"]["name"] != "Typed for long"
    shown = client.get(address)
    assert "This is not saved yet" in words_of(shown)
    assert value_in(shown, "contact_name") == "Typed for long"
    assert value_in(shown, "contact_phone") == "12", "also what cannot be read"
    assert send(client, shown, address, contact_phone="5625550199").status_code == 302
    assert Declaration.objects.get().header["contact"]["name"] == "Typed for long"
    assert "This is not saved yet" not in words_of(client.get(address))


def test_what_was_typed_into_a_line_follows_the_line(client, actor, draft):
    new = at(draft, "declaration_line", "new")
    fill(client, new, act="save", description="Second")
    address = at(draft, "declaration_line", "2")
    page = client.get(address)
    sign_out(client)
    send(client, page, address, act="save", description="Typed for long")
    sign_in(client, actor.user, address)
    first = at(draft, "declaration_line_remove", "1")
    send(client, client.get(first), first)
    shown = client.get(address)
    assert value_in(shown, "description") == "Typed for long"
    assert send(client, shown, at(draft, "declaration_line", "1"), act="save").status_code == 302
    assert [one.content["description"] for one in draft.items.all()] == ["Typed for long"]


def test_what_is_saved_can_be_shown_instead(client, actor, draft):
    address = step(draft, "contact")
    page = client.get(address)
    sign_out(client)
    send(client, page, address, contact_name="Typed for long")
    sign_in(client, actor.user, address)
    assert value_in(client.get(f"{address}?saved"), "contact_name") != "Typed for long"
    assert value_in(client.get(address), "contact_name") != "Typed for long"


def test_somebody_else_who_signs_in_does_not_see_it(client, colleague, draft):
    address = step(draft, "contact")
    page = client.get(address)
    sign_out(client)
    send(client, page, address, contact_name="Typed for long")
    sign_in(client, colleague, address)
    assert "Typed for long" not in words_of(client.get(address))
    assert value_in(client.get(address), "contact_name") != "Typed for long"


def test_a_very_long_page_is_not_kept(client, actor, draft):
    address = step(draft, "contact")
    page = client.get(address)
    sign_out(client)
    send(client, page, address, contact_name="x" * 100_000)
    sign_in(client, actor.user, address)
    assert "This is not saved yet" not in words_of(client.get(address))


def test_a_page_that_saves_itself_is_told(client, draft):
    address, itself = step(draft, "contact"), at(draft, "declaration_autosave", "contact")
    typed = values_of(form_at(client.get(address), address))
    sign_out(client)
    answer = client.post(itself, typed, headers={"HX-Request": "true"})
    assert answer.status_code == 401
    line = at(draft, "declaration_line_autosave", "1")
    assert client.post(line, typed, headers={"HX-Request": "true"}).status_code == 401


def test_without_any_cookie_nothing_is_saved_and_the_page_says_what_to_do(client, actor, draft):
    careful, address = Client(enforce_csrf_checks=True), step(draft, "contact")
    typed = {"contact_name": "Typed <for> long", "password": "a secret"}
    refused = careful.post(address, typed, headers={"Sec-Fetch-Site": "same-origin"})
    assert refused.status_code == 403
    words = words_of(refused)
    assert "Nothing was saved" in words
    assert "Sign in in a new window" in words
    assert "contact_name Typed <for> long" in words, "it can be copied"
    assert "a secret" not in words
    elsewhere = careful.post(address, typed, headers={"Sec-Fetch-Site": "cross-site"})
    assert "Typed" not in words_of(elsewhere), "nobody else puts words on our page"
    login = careful.post(reverse("account_login"), typed, headers={"Sec-Fetch-Site": "same-origin"})
    assert login.status_code == 403
    assert "Typed" not in words_of(login)
    assert Declaration.objects.get().header["contact"]["name"] != "Typed <for> long"
