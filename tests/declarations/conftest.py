"""Starter codes and tariff, loaded once for all tests that do not commit, and again for those that do."""

from datetime import UTC, datetime

import pytest

from declarations.tariff.starter import load_starter
from portal.codes.starter_codes import load_starter_codes

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch):
    monkeypatch.setattr("portal.clocks.services._ring", lambda name: None)


@pytest.fixture
def starter(db):
    load_starter_codes()
    load_starter(now=NOW)


@pytest.fixture
def starter_committed(transactional_db):
    load_starter_codes()
    load_starter(now=NOW)
