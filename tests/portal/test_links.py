"""Foot, menus and short addresses lead only to pages that are there."""

import pytest
from django.test import Client
from lxml import html

from portal.accounts import roles
from tests.makers import make_actor, make_authority

FRAME = "//header//a/@href | //footer//a/@href"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def visitor(kind):
    client = Client()
    if kind == "clerk":
        client.force_login(make_actor().user, backend=BACKEND)
    elif kind == "officer":
        client.force_login(make_actor(organization=make_authority(), role=roles.SPECIALIST).user, backend=BACKEND)
    return client


def links(client, address="/tariff/"):
    return sorted(set(html.fromstring(client.get(address).content).xpath(FRAME)))


@pytest.mark.parametrize("kind", ["stranger", "clerk", "officer"])
def test_every_link_of_the_frame_is_there(db, kind):
    client = visitor(kind)
    found = links(client)
    assert "/tariff/changes/" in found
    for address in found:
        assert client.get(address, follow=True).status_code == 200, address


def test_changes_of_law_stand_in_the_menu_of_traders_alone(db):
    there = {kind: "/audits/law-changes/" in links(visitor(kind)) for kind in ("stranger", "clerk", "officer")}
    assert there == {"stranger": False, "clerk": True, "officer": False}


def test_the_room_of_audits_begins_with_the_changes_of_law(db):
    answer = visitor("clerk").get("/audits/", follow=True)
    assert answer.redirect_chain == [("/audits/law-changes/", 302)]
    assert answer.status_code == 200
