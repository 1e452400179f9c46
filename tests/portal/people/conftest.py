"""An importer with its administrator, and an operator at the desk."""

import pytest

from portal.accounts import roles
from tests.declarations.filer.browsing import signed_in
from tests.makers import make_authority, make_importer, make_user


@pytest.fixture(autouse=True)
def _ground(monkeypatch, settings):
    settings.WHITENOISE_AUTOREFRESH = True
    monkeypatch.setattr("portal.clocks.services._ring", lambda name: None)


@pytest.fixture
def importer():
    return make_importer()


@pytest.fixture
def administrator(importer):
    return make_user(organization=importer, role=roles.IMPORTER_ADMIN)


@pytest.fixture
def client(administrator):
    return signed_in(administrator)


@pytest.fixture
def operator():
    return make_user(organization=make_authority(), role=roles.OPERATOR)


@pytest.fixture
def desk(operator):
    return signed_in(operator)
