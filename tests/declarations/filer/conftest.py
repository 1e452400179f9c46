"""A clerk at work on a fixed day."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.declarations.filer.browsing import signed_in
from tests.makers import NOW, make_actor, make_declaration, make_importer, make_user


class Clock:
    """The time as the portal sees it; it goes on only when it is told to."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now

    def wait(self, seconds):
        self.now += timedelta(seconds=seconds)


@pytest.fixture(autouse=True)
def clock(monkeypatch, settings):
    settings.WHITENOISE_AUTOREFRESH = True  # no list of all static files for every client
    found = Clock()
    monkeypatch.setattr(timezone, "now", found)
    return found


@pytest.fixture
def importer(starter):
    return make_importer()


@pytest.fixture
def actor(importer):
    return make_actor(organization=importer)


@pytest.fixture
def client(actor):
    return signed_in(actor.user)


@pytest.fixture
def colleague(importer):
    return make_user(organization=importer)


@pytest.fixture
def draft(actor, clock):
    return make_declaration("S01", actor=actor, now=clock())
