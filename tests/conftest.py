"""What every test stands on: keys and checkpoints of its own, and write-once triggers that let a flush through."""

import os
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import TransactionTestCase

REFERENCE_DATA = Path(os.environ.get("REFERENCE_DATA", Path(__file__).resolve().parent.parent.parent / "shared"))


@pytest.fixture(autouse=True)
def _own_secrets(settings, tmp_path):
    settings.KEYS = str(tmp_path / "keys")
    settings.CHECKPOINT_FILE = tmp_path / "checkpoints.jsonl"
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.AXES_ENABLED = False
    settings.WHITENOISE_AUTOREFRESH = True  # no list of all static files for every test client


@pytest.fixture(scope="session", autouse=True)
def _flush_passes_the_triggers():
    """Emptying a test database removes trail entries; the triggers come back with the migration signal."""
    original = TransactionTestCase._fixture_teardown

    def teardown(self):
        from portal.trail.protection import unprotect

        unprotect()
        original(self)

    TransactionTestCase._fixture_teardown = teardown
    yield
    TransactionTestCase._fixture_teardown = original


@pytest.fixture(scope="session")
def reference_data():
    """Published data beside the project; a test that needs it is skipped where it is absent."""
    if not (REFERENCE_DATA / "data" / "SOURCES.md").exists():
        pytest.skip(f"no reference data at {django_settings.REFERENCE_DATA}")
    return REFERENCE_DATA
