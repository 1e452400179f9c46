"""The migration that seals what stood in clear, there and back."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection

from portal.accounts.models import Organization, known_by
from tests.makers import make_importer

NUMBER, PLAIN = "412-70-3958", "12-345678900"
pytestmark = pytest.mark.django_db(transaction=True)


def kept():
    with connection.cursor() as cursor:
        cursor.execute("SELECT importer_number FROM accounts_organization ORDER BY id")
        return [number for (number,) in cursor.fetchall()]


def migrate(to):
    call_command("migrate", "accounts", to, verbosity=0)


@pytest.fixture
def _back_again():
    yield
    migrate("0005")


@pytest.mark.usefixtures("_back_again")
def test_numbers_are_sealed_and_opened_again():
    Organization.objects.all().delete()
    sole, firm = make_importer(number=NUMBER), make_importer(number=PLAIN)
    migrate("0004")
    assert kept() == [NUMBER, PLAIN], "as before: in clear"
    with connection.cursor() as cursor, pytest.raises(IntegrityError):
        cursor.execute("UPDATE accounts_organization SET importer_number = %s WHERE id = %s", [PLAIN, sole.pk])
    migrate("0005")
    assert NUMBER not in kept()[0] and kept()[1] == PLAIN
    assert list(Organization.objects.filter(known_by(NUMBER))) == [sole]
    assert list(Organization.objects.filter(known_by(PLAIN))) == [firm]
    assert Organization.objects.get(pk=sole.pk).importer_number == NUMBER
