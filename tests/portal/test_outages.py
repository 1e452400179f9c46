"""What a lost database is called, and that it is answered with "try again" wherever it is noticed."""

from types import SimpleNamespace

import psycopg2
import pytest
from django.db import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    connection,
    transaction,
)
from django.test import Client

from portal import middleware
from portal.outages import is_outage


class Told(psycopg2.DatabaseError):
    """An error as the driver gives it: with the server's code, or without, and the cursor that it came from."""

    def __init__(self, words, *, code=None, closed=0):
        super().__init__(words)
        self.code, self.held = code, SimpleNamespace(connection=SimpleNamespace(closed=closed))

    @property
    def pgcode(self):
        return self.code

    @property
    def cursor(self):
        return self.held


def wrapped(kind, told):
    """As the framework hands it on."""
    error = kind(*told.args)
    error.__cause__ = told
    return error


LOST = "server closed the connection unexpectedly"


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (OperationalError(LOST), True),
        (InterfaceError("connection already closed"), True),
        (wrapped(DatabaseError, Told(LOST)), True),
        (wrapped(ProgrammingError, Told("no results to fetch", closed=2)), True),
        (wrapped(ProgrammingError, Told("no results to fetch")), False),
        (wrapped(DatabaseError, Told("deadlock", code="XX000")), False),
        (wrapped(IntegrityError, Told("duplicate key", code="23505")), False),
        (DatabaseError("Save with update_fields did not affect any rows."), False),
        (ValueError("no number"), False),
        (None, False),
    ],
)
def test_which_errors_mean_that_the_database_is_away(error, away):
    assert is_outage(error) is away


def raised_by(act):
    try:
        act()
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def test_a_mistake_of_ours_that_follows_from_the_loss_is_part_of_it():
    def use_after_the_loss():
        try:
            raise OperationalError(LOST)
        except OperationalError:
            raise transaction.TransactionManagementError("the transaction is broken")  # noqa: B904  (as the framework does)

    assert is_outage(raised_by(use_after_the_loss))
    assert not is_outage(transaction.TransactionManagementError("without any loss"))


def test_a_mistake_of_ours_elsewhere_is_not_excused_by_a_loss_before_it():
    def fail_while_handling():
        try:
            raise OperationalError(LOST)
        except OperationalError:
            raise KeyError("ours")  # noqa: B904  (a mistake in the handling itself)

    assert not is_outage(raised_by(fail_while_handling))


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no connection that is lost")
def test_a_connection_that_the_server_ends_is_an_outage_by_whatever_name(transactional_db):
    with connection.cursor() as cursor:
        ended = raised_by(lambda: cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert is_outage(ended)
    connection.close()


@pytest.mark.parametrize(("path", "media"), [("/declarations/", "text/html"), ("/accounts/login/", "text/html")])
def test_a_loss_noticed_before_any_view_is_answered_with_try_again(path, media, monkeypatch, db):
    """Middlewares read the session and the roles; the framework makes a 500 of what they raise."""

    def lost(self, request):
        raise OperationalError(LOST)

    monkeypatch.setattr(middleware.ActorMiddleware, "__call__", lost)
    answer = Client(raise_request_exception=False).get(path)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer["Content-Type"].startswith(media)


def test_a_mistake_noticed_before_any_view_stays_a_500(monkeypatch, db):
    def wrong(self, request):
        raise ProgrammingError("no such column")

    monkeypatch.setattr(middleware.ActorMiddleware, "__call__", wrong)
    assert Client(raise_request_exception=False).get("/accounts/login/").status_code == 500
