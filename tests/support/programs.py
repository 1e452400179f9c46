"""A program with its token, as a test asks the API."""

import itertools
import json

from django.test import Client as HttpClient

from portal.accounts import roles
from portal.accounts.models import Client
from tests.makers import make_importer, make_user

_keys = itertools.count(1)


class Program:
    """Asks the API as a program of an organization; JSON in and out."""

    def __init__(self, organization=None, *, role=roles.IMPORTER_USER, scopes="read draft file"):
        self.organization = organization or make_importer()
        self.signatory = make_user(organization=self.organization, role=role)
        self.secret = f"secret-{next(_keys)}-long-enough"
        self.client = Client.objects.create(
            name="Test program", organization=self.organization, signatory=self.signatory, scopes=scopes,
            client_type=Client.CLIENT_CONFIDENTIAL, authorization_grant_type=Client.GRANT_CLIENT_CREDENTIALS,
            client_secret=self.secret,
        )  # fmt: skip
        self.http = HttpClient()
        self.token = self.ask_token().json()["access_token"]

    def ask_token(self, **more):
        form = {"grant_type": "client_credentials", "client_id": self.client.client_id, "client_secret": self.secret}
        return HttpClient().post("/oauth/token/", form | more)

    def ask(self, method, path, body=None, *, key=None, media="application/json", **headers):
        if body is not None and not isinstance(body, str | bytes):
            body = json.dumps(body)
        given = {
            "Authorization": f"Bearer {self.token}",
            **{name.replace("_", "-"): text for name, text in headers.items()},
        }
        if key:
            given["Idempotency-Key"] = key
        return self.http.generic(method, f"/api/v1/{path}", body or b"", media, headers=given)

    def get(self, path, **headers):
        return self.ask("GET", path, **headers)

    def post(self, path, body=None, **headers):
        return self.ask("POST", path, body, **headers)

    def file(self, body, key=None):
        return self.post("filings", body, key=key or f"key-{next(_keys)}")


def own_document(program, ship="S01", **more):
    """A shipment whose importer is the program's organization."""
    from django.utils import timezone

    from portal.timezones import party_date
    from tests.makers import make_document

    value = make_document(ship, day=party_date(timezone.now()), **more)
    one = program.organization
    value["parties"]["importer"] = {"id": one.importer_number, "name": one.name, "address": one.address}
    return value
