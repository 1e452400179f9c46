"""The tariff's own pages: what a search shows, why it found it, and the way down without scripts."""

import pytest
from django.test import Client
from django.urls import reverse

from declarations.selectors import numbers_filed
from declarations.tariff.selectors import current_view
from portal.accounts import roles
from tests.declarations.filer.browsing import page_of, signed_in, words_of
from tests.declarations.public.reading import page, said
from tests.makers import DAY, make_actor, make_declaration, make_importer

pytestmark = pytest.mark.usefixtures("starter")


@pytest.fixture
def client():
    return Client()


def shown(client, **query):
    answer = client.get("/tariff/", query)
    assert answer.status_code == 200
    return answer


def subheadings(answer):
    return [one.split("/")[2] for one in page_of(answer).xpath("//main//h3/a/@href")]


@pytest.mark.parametrize("q", ["rechargeable battery", "rechargable batteries", "recharging battery"])
def test_words_are_found_in_other_forms_and_misspelled(client, q):
    assert "850760" in subheadings(shown(client, q=q))


def test_a_result_shows_where_it_stands_why_it_is_there_and_numbers_to_declare(client):
    answer = shown(client, q="rechargeable battery", on="2026-11-24")
    words = words_of(answer)
    assert "Storage batteries 8507.60 Lithium-ion batteries" in words
    assert "“rechargeable battery”: the schedule says “electric storage batteries lithium-ion”." in words
    links = page_of(answer).xpath("//main//tbody//th/a/@href")
    assert "/tariff/8507600090/?on=2026-11-24" in links
    assert all(len(one.split("/")[2]) >= 8 for one in links)


def test_a_number_still_leads_to_its_lines(client):
    assert "8507.60.00.90" in words_of(shown(client, q="8507.60"))
    assert client.get("/tariff/", {"q": "8507600090"}).status_code == 302


@pytest.mark.parametrize("q", ["camiseta de algodón", "ordinateur zzqqxx"])
def test_words_of_another_language_are_named(client, q):
    text = said(page(client, "/tariff/", q=q))
    assert "Few of your words were understood" in text
    assert "Few of your words" not in said(page(client, "/tariff/", q="lithum battery"))


def test_a_heading_that_only_measures_have_shows_what_it_does(client):
    number = next(
        one.heading
        for one in current_view(DAY).all_measures
        if len(one.heading) == 8 and current_view(DAY).line(one.heading) is None
    )
    assert client.get("/tariff/", {"q": number})["Location"] == f"/tariff/{number}/"
    text = said(page(client, f"/tariff/{number}/"))
    assert "What this number does" in text
    assert "does not print this number" in text
    assert client.get("/tariff/99999999/").status_code == 404


def test_full_width_digits_are_digits(client):
    assert client.get("/tariff/", {"q": "８５０７６０００９０"})["Location"] == "/tariff/8507600090/"
    assert client.get("/tariff/８５０７６０００９０/")["Location"] == "/tariff/8507600090/"


def test_what_is_not_found_shows_the_chapters(client):
    words = words_of(shown(client, q="qqqxxzz"))
    assert "Nothing found" in words
    assert "Electrical and electronic goods" in words


def test_every_step_down_leads_on_to_a_number(client):
    here, seen = "/tariff/", []
    for wanted in ("85", "8507", "8507600090"):
        links = page_of(client.get(here)).xpath("//main//a/@href")
        assert f"/tariff/{wanted}/" in links, (here, links)
        here = f"/tariff/{wanted}/"
        seen.append(client.get(here).status_code)
    assert seen == [200, 200, 200]
    deeper = client.get("/tariff/85076000/")
    assert {"/tariff/85/", "/tariff/8507/"} <= set(page_of(deeper).xpath("//main//ol//a/@href"))
    assert "Which of these are your goods?" in words_of(deeper)


def test_numbers_of_the_importer_come_first_and_say_so():
    actor = make_actor(organization=make_importer())
    client = signed_in(actor.user)
    assert "was filed before" not in words_of(shown(client, q="battery"))
    filed = make_declaration("S01", actor=actor, until="submitted")
    number, goods = filed.items.values_list("hts_number", "description").first()
    assert [(one.number, one.description) for one in numbers_filed(actor, actor.organization)][0] == (number, goods)
    answer = shown(client, q=goods)
    assert subheadings(answer)[0] == number[:6]
    assert "was filed before" in words_of(answer)


def test_nobody_else_sees_what_an_importer_filed():
    importer = make_importer()
    make_declaration("S01", actor=make_actor(organization=importer), until="submitted")
    make_declaration("S01", actor=make_actor(), until="draft")
    other = make_actor()
    assert numbers_filed(other, importer) == []
    assert numbers_filed(other, other.organization) == []
    assert numbers_filed(None, None) == []
    assert numbers_filed(make_actor(organization=importer, role=roles.IMPORTER_ADMIN), importer) != []


def test_the_way_down_inside_a_line_ends_at_a_number_to_use():
    actor = make_actor(organization=make_importer())
    client, draft = signed_in(actor.user), make_declaration("S01", actor=actor)
    address = reverse("declaration_tariff_search", args=[draft.reference, "1"])
    for under, wanted in (("", "85"), ("85", "8507"), ("8507", "")):
        answer = client.get(address, {"under": under})
        links = page_of(answer).xpath("//main//a/@href")
        assert not wanted or f"{address}?under={wanted}" in links
    assert reverse("declaration_line", args=[draft.reference, "1"]) + "?number=8507600090#goods" in links
    part = client.get(address, {"under": "85"}, headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    assert b'hx-target="#hits"' in part.content
    assert (
        "Or go down from the chapter"
        in client.get(address, {"box": "1"}, headers={"HX-Request": "true"}).content.decode()
    )
    for odd in ("00", "x", "99999999999999", "\x00"):
        assert client.get(address, {"under": odd}).status_code == 200


def test_the_look_up_of_a_line_knows_what_was_filed_and_says_why():
    actor = make_actor(organization=make_importer())
    make_declaration("S01", actor=actor, until="submitted")
    client, draft = signed_in(actor.user), make_declaration("S01", actor=actor)
    address = reverse("declaration_tariff_search", args=[draft.reference, "1"])
    words = words_of(client.get(address, {"q": "rechargeable batery"}))
    assert "the schedule says" in words
    assert "was filed before" in words
