"""The portal's own database role, as a test of PostgreSQL takes it on."""

import contextlib
import os

import pytest
from django.db import connection

from portal import database_role

needs_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="roles are PostgreSQL's: .ci/run asks there"
)
ROLE = f"portal_app_{os.getpid()}"  # roles are the cluster's, and other processes test there too


@contextlib.contextmanager
def as_application():
    """What is done within is done by a role that owns nothing. Call it in a test's transaction, which takes it back."""
    database_role.create(ROLE, "for-tests-only")
    database_role.grant(ROLE)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL SESSION AUTHORIZATION {ROLE}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL SESSION AUTHORIZATION DEFAULT")
