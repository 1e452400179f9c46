"""Nobody rings for a worker; the starter tariff by name, for tests that roll back and tests that commit; a broker."""

import pytest

from portal.accounts import roles
from tests.conftest import load_installation
from tests.makers import make_actor, make_filing_agent


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch):
    monkeypatch.setattr("portal.clocks.services._ring", lambda name: None)


@pytest.fixture
def starter(db):
    """The starter codes and tariff, which every test database holds."""


@pytest.fixture
def starter_committed(transactional_db):
    load_installation()


@pytest.fixture
def broker(starter):
    return make_filing_agent(name="Harbor Test Brokers")


@pytest.fixture
def licensed(broker):
    return make_actor(organization=broker, role=roles.LICENSED_INDIVIDUAL)
