"""Invented organizations and people with their roles, filer codes and bonds."""

import os
import secrets
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from audits.demonstration.shipments import IMPORTER
from brokers import services as mandates
from brokers.models import Mandate
from brokers.wording import wording_of
from declarations.models import CustomsBond, FilerCode, NumberRange
from portal.accounts import roles
from portal.accounts.actors import Actor, actor_for
from portal.accounts.models import Organization, User
from portal.accounts.services import grant_role
from portal.timezones import party_date


class Person(NamedTuple):
    """A sign-in of the demonstration."""

    email: str
    first_name: str
    last_name: str
    title: str
    organization: str
    role: str
    what: str


ORGANIZATIONS = {
    "importer": (Organization.Kind.IMPORTER, IMPORTER["name"], IMPORTER["id"], IMPORTER["address"]),
    "second": (
        Organization.Kind.IMPORTER, "Maple Lantern Trading Inc", "45-678901200",
        {"street": "900 Mines Road", "city": "Laredo", "subdivision": "TX", "postcode": "78045", "country": "US"},
    ),
    "broker": (
        Organization.Kind.BROKER, "Bayline Demonstration Brokers", "",
        {"street": "77 Quay Street", "city": "Oakland", "subdivision": "CA", "postcode": "94607", "country": "US"},
    ),
    "authority": (
        Organization.Kind.AUTHORITY, "Rehearsal Customs Office", "",
        {"street": "1 Custom House Square", "city": "Washington", "subdivision": "DC", "postcode": "20001", "country": "US"},
    ),
}  # fmt: skip
PEOPLE = (
    Person("clerk@importer.example", "Dana", "Clerk", "Import clerk", "importer", roles.IMPORTER_USER, "files declarations for Example Imports"),
    Person("owner@importer.example", "Robin", "Owner", "Vice president", "importer", roles.IMPORTER_ADMIN, "administers Example Imports"),
    Person("clerk@second.example", "Sam", "Lantern", "Owner", "second", roles.IMPORTER_ADMIN, "a second importer, who sees nothing of the first"),
    Person("desk@broker.example", "Kim", "Bayline", "Licensed broker", "broker", roles.LICENSED_INDIVIDUAL, "a customs broker"),
    Person("officer@authority.example", "Lee", "Officer", "Customs officer", "authority", roles.CUSTOMS_OFFICER, "an officer, in the officers' desk"),
    Person("specialist@authority.example", "Jo", "Specialist", "Import specialist", "authority", roles.SPECIALIST, "an import specialist, who makes law changes"),
    Person("auditor@authority.example", "Max", "Auditor", "Auditor", "authority", roles.AUDITOR, "an auditor, who publishes what the specialist made"),
    Person("ombudsman@authority.example", "Noa", "Ombudsman", "Ombudsman", "authority", roles.OMBUDSMAN, "the ombudsman, who decides complaints about unequal access"),
    Person("admin@authority.example", "Alex", "Operator", "System operator", "authority", roles.OPERATOR, "runs the portal: retry, adopt, verify"),
)  # fmt: skip
MANDATES_BEFORE = timedelta(days=130)  # before the first filing of the demonstration, so that feeds are in order
FILERS = {"importer": ("ZZZ", 1_000_001), "second": ("ZZY", 2_000_001), "broker": ("ZZX", 3_000_001)}


@transaction.atomic
def make_people(*, now: datetime) -> dict[str, Organization]:
    """The organizations and people exist; those that exist already stay as they are."""
    found = {key: _organization(key, now) for key in ORGANIZATIONS}
    password = demonstration_password()
    for person in PEOPLE:
        user = User.objects.filter(email=person.email).first()
        if user is None:
            user = User.objects.create_user(
                person.email, password, first_name=person.first_name, last_name=person.last_name, title=person.title,
                is_staff=person.role in roles.OFFICER_ROLES, is_superuser=person.role == roles.OPERATOR,
            )  # fmt: skip
        grant_role(user=user, organization=found[person.organization], role=person.role)
    if not Mandate.objects.filter(agent=found["broker"]).exists():
        _make_mandates(found, now - MANDATES_BEFORE)
    return found


def actor_of(email: str, correlation_id: str) -> Actor:
    """A person of the demonstration, acting in their organization."""
    user = User.objects.get(email=email)
    return actor_for(user, user.memberships.get().organization, correlation_id=correlation_id)


def demonstration_password() -> str:
    """One password for all of them, made once for this installation and kept in its key folder."""
    path = settings.VAR / "keys" / "demonstration_password"
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.write(handle, f"rehearse-{secrets.token_hex(4)}".encode())
        os.close(handle)
    return path.read_text()


def _make_mandates(found: dict[str, Organization], now: datetime) -> None:
    """The broker acts for the importer, whose vice president has signed; the second importer is asked and has not."""
    owner, broker = actor_of("owner@importer.example", "demo"), actor_of("desk@broker.example", "demo")
    scope = mandates.Scope(
        actions=frozenset({"prepare", "sign", "transmit", "cancel"}),
        starts_on=party_date(now),
        value_limit=Decimal(250_000),
    )
    given = mandates.offer(principal=found["importer"], agent=found["broker"], scope=scope, actor=owner, now=now)
    digest = wording_of(given, party_date(now, given.party)).digest
    mandates.sign(
        mandate=given, digest=digest, accepts_payment_notice=True, method=mandates.DEMONSTRATION, actor=owner, now=now
    )
    mandates.ask(principal=found["second"], agent=found["broker"], scope=scope, actor=broker, now=now)


def _organization(key: str, now: datetime) -> Organization:
    kind, name, number, address = ORGANIZATIONS[key]
    person = next(one for one in PEOPLE if one.organization == key)
    contact = {"name": f"{person.first_name} {person.last_name}", "phone": "5625550142", "email": person.email}
    defaults = {
        "importer_number": number, "address": address, "contact": contact, "ach_set_up": True,
        "on_file_since": date(2024, 1, 15), "last_entry_on": (now - timedelta(days=40)).date(),
    }  # fmt: skip
    organization, is_new = Organization.objects.get_or_create(name=name, kind=kind, defaults=defaults)
    if is_new and key in FILERS:
        code, first = FILERS[key]
        filer_code = FilerCode.objects.create(organization=organization, code=code)
        NumberRange.objects.create(filer_code=filer_code, first=first, last=first + 99_998, next_number=first)
    if is_new and kind == Organization.Kind.IMPORTER:
        CustomsBond.objects.create(
            organization=organization, type="8", surety="036", number="260100001", amount=Decimal(500000),
            effective_on=date(2025, 1, 1),
        )  # fmt: skip
    return organization
