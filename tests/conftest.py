"""What every test stands on: the database of a fresh installation, keys and checkpoints of its own.

Tests that commit empty the database after them; the next one that rolls back finds the installation again.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import TestCase, TransactionTestCase

REFERENCE_DATA = Path(os.environ.get("REFERENCE_DATA", Path(__file__).resolve().parent.parent.parent / "shared"))
LOADED_AT = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
SERIAL = ("browser", "fault", "bench", "schema")
MOST_WORKERS = 8


def pytest_xdist_auto_num_workers(config):
    """A process a core for the everyday suite; one for named files and for suites that start processes themselves."""
    named = [one for one in config.args if one not in config.getini("testpaths")]
    marks = config.option.markexpr.replace("not ", "not-").split()
    if named or any(mark in marks for mark in SERIAL):
        return 0
    return min(len(os.sched_getaffinity(0)), MOST_WORKERS)


@pytest.fixture(autouse=True)
def _own_secrets(settings, tmp_path):
    settings.KEYS = str(tmp_path / "keys")
    settings.CHECKPOINT_FILE = tmp_path / "checkpoints.jsonl"
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.AXES_ENABLED = False
    settings.TRAFFIC_FLUSH_SECONDS = 0  # no thread that writes while a test looks on
    settings.WHITENOISE_AUTOREFRESH = True  # no list of all static files for every test client
    _forget_requests()
    cache.clear()  # quotas are counted there, by keys that come again in the next test


def _forget_requests():
    """Requests of an earlier test, counted in this process, are of programs that are gone."""
    from portal.programs import traffic

    traffic._counts.clear()


def load_installation():
    """The starter codes, parameters and tariff are in the database; nothing changes where they are."""
    from declarations.tariff.starter import load_starter
    from portal.codes.starter_codes import load_starter_codes
    from portal.parameters.starter_parameters import load_starter_parameters

    load_starter_codes()
    load_starter_parameters()
    load_starter(now=LOADED_AT)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database is that of a fresh installation."""
    with django_db_blocker.unblock():
        load_installation()


@pytest.fixture(scope="session", autouse=True)
def _emptied_and_filled_again():
    """Emptying a test database passes the write-once triggers, which come back with the migration signal."""
    empty, begin = TransactionTestCase._fixture_teardown, TestCase.__dict__["_enter_atomics"]
    emptied = False

    def teardown(self):
        from portal.trail.protection import unprotect

        nonlocal emptied
        unprotect()
        empty(self)
        emptied = True

    def enter_atomics(cls):
        nonlocal emptied
        if emptied:
            load_installation()
            emptied = False
        return begin.__func__(cls)

    TransactionTestCase._fixture_teardown = teardown
    TestCase._enter_atomics = classmethod(enter_atomics)
    yield
    TransactionTestCase._fixture_teardown = empty
    TestCase._enter_atomics = begin


@pytest.fixture
def no_tariff(db):
    """A database that holds no tariff yet, for the length of a test."""
    from declarations.tariff.models import MeasureSet, ReferenceSet, TariffEdition

    for model in (TariffEdition, MeasureSet, ReferenceSet):
        model.objects.all().delete()


@pytest.fixture(scope="session")
def reference_data():
    """Published data beside the project; a test that needs it is skipped where it is absent."""
    if not (REFERENCE_DATA / "data" / "SOURCES.md").exists():
        pytest.skip(f"no reference data at {django_settings.REFERENCE_DATA}")
    return REFERENCE_DATA
