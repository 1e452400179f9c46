"""Nobody rings for a worker; the starter tariff by name, for tests that roll back and tests that commit."""

import pytest

from tests.conftest import load_installation


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch):
    monkeypatch.setattr("portal.clocks.services._ring", lambda name: None)


@pytest.fixture
def starter(db):
    """The starter codes and tariff, which every test database holds."""


@pytest.fixture
def starter_committed(transactional_db):
    load_installation()
