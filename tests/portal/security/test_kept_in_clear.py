"""A09: after a story, every column of every table is searched for the secrets that were used in it."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection

from tests.makers import PASSWORD, make_user
from tests.support.programs import Program, own_document

pytestmark = pytest.mark.django_db


def everything_kept():
    """Table and column -> all that stands in it, as bytes."""
    kept = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [one[0] for one in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    raw = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                    kept.setdefault(f"{table}.{name}", []).append(raw)
    return {place: b"\n".join(values) for place, values in kept.items()}


@pytest.fixture
def secrets_of_a_story(monkeypatch):
    """What was told or chosen while a program filed, a webhook was made and a person set up an authenticator."""
    monkeypatch.setattr("portal.webhooks.services.outside.check", lambda url: url)
    program = Program()
    person = make_user(organization=program.organization)
    seed = generate_totp_secret()
    TOTP.activate(person, seed)
    assert program.file(own_document(program)).status_code == 202
    hook = program.post("webhooks", {"url": "https://93.184.215.14/feed"}, key="hook").json()
    return {
        "password": PASSWORD, "client secret": program.secret, "webhook secret": hook["secret"],
        "authenticator seed": seed, "access token": program.token,
    }  # fmt: skip


def test_no_secret_stands_in_the_database(secrets_of_a_story):
    kept = everything_kept()
    assert kept["accounts_client.name"], "the search sees what is there"
    found = {
        (name, place)
        for name, secret in secrets_of_a_story.items()
        for place, text in kept.items()
        if secret.encode() in text
    }
    assert found == set()


def test_a_seed_opens_with_its_own_key_only_and_an_older_one_stays_readable(settings, tmp_path):
    from portal import keys
    from portal.accounts.adapters import AuthenticatorAdapter

    adapter = AuthenticatorAdapter()
    kept = adapter.encrypt("JBSWY3DPEHPK3PXP")
    assert adapter.decrypt(kept) == "JBSWY3DPEHPK3PXP" and kept != adapter.encrypt("JBSWY3DPEHPK3PXP")
    assert adapter.decrypt("JBSWY3DPEHPK3PXP") == "JBSWY3DPEHPK3PXP"
    changed = kept[:-6] + ("A" if kept[-6] != "A" else "B") + kept[-5:]
    with pytest.raises(keys.Unsealable, match="changed"):
        adapter.decrypt(changed)
    settings.KEYS = str(tmp_path / "other-keys")
    with pytest.raises(keys.Unsealable, match="no longer"):
        adapter.decrypt(kept)
