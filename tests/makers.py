"""One maker a thing, situations as keywords. Everything goes through the services that people use."""

import itertools
import secrets
from datetime import UTC, date, datetime
from decimal import Decimal

from django.utils import timezone

from audits.demonstration.shipments import shipment
from brokers import services as mandates
from brokers.models import Mandate
from brokers.wording import wording_of
from declarations.decoding import decode_value
from declarations.freeze import split
from declarations.models import CustomsBond, Declaration, FilerCode, NumberRange
from declarations.services import drafts, filing
from declarations.services.acting import filer_for
from portal.accounts import roles
from portal.accounts.actors import Actor, actor_for
from portal.accounts.models import Organization, User
from portal.accounts.services import grant_role
from portal.credentials import WITH_CODE
from portal.timezones import party_date

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
DAY = date(2026, 11, 24)
PASSWORD = "correct horse battery"
_count = itertools.count(secrets.randbelow(40_000) + 1)  # other processes make things in the same database


def make_importer(
    *,
    name: str | None = None,
    code: str | None = None,
    numbers: int = 90_000,
    bond: bool = True,
    number: str | None = None,
) -> Organization:
    n = next(_count)
    organization = Organization.objects.create(
        name=name or f"Test Importer {n}", kind=Organization.Kind.IMPORTER, importer_number=number or f"{10 + n % 80}-{n:07d}00",
        address={"street": "1 Test Road", "city": "Long Beach", "subdivision": "CA", "postcode": "90802", "country": "US"},
        contact={"name": "Terry Test", "phone": "5625550100", "email": "t@importer.example"},
        on_file_since=date(2024, 1, 1), last_entry_on=date(2026, 10, 1), ach_set_up=True,
    )  # fmt: skip
    filer_code = FilerCode.objects.create(organization=organization, code=code or _code(n))
    NumberRange.objects.create(filer_code=filer_code, first=1, last=numbers, next_number=1)
    if bond:
        CustomsBond.objects.create(
            organization=organization, type="8", surety="036", number=f"26{n:07d}", amount=Decimal(500000),
            effective_on=date(2025, 1, 1),
        )  # fmt: skip
    return organization


def _code(n: int) -> str:
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    n = n % 46_655 + 1  # never 000
    return digits[n // 1296] + digits[n // 36 % 36] + digits[n % 36]


def make_agent(kind: str = "broker", *, name: str | None = None) -> Organization:
    """A customs broker or a service provider."""
    return Organization.objects.create(name=name or f"Test Agent {next(_count)}", kind=kind)


def make_filing_agent(kind: str = "broker", *, name: str | None = None) -> Organization:
    """An agent with a filer code and numbers of its own."""
    agent = make_agent(kind, name=name)
    filer_code = FilerCode.objects.create(organization=agent, code=_code(next(_count)))
    NumberRange.objects.create(filer_code=filer_code, first=1, last=9000, next_number=1)
    return agent


def make_user(
    *, organization: Organization | None = None, role: str = roles.IMPORTER_USER, email: str | None = None
) -> User:
    n = next(_count)
    officer = role in roles.OFFICER_ROLES
    user = User.objects.create_user(
        email or f"person{n}@test.example",
        PASSWORD,
        first_name="Pat",
        last_name=f"Person{n}",
        title="Clerk",
        is_staff=officer,
    )
    if organization is not None:
        grant_role(user=user, organization=organization, role=role)
    return user


def make_authority() -> Organization:
    return Organization.objects.create(name=f"Test Customs {next(_count)}", kind=Organization.Kind.AUTHORITY)


def make_actor(*, organization: Organization | None = None, role: str = roles.IMPORTER_USER) -> Actor:
    organization = organization or make_importer()
    return actor_for(make_user(organization=organization, role=role), organization, correlation_id="test-correlation")


def make_document(
    ship: str = "S01", *, own: str | None = None, lines: int = 0, day: date = DAY, **header: object
) -> dict:
    """A shipment as JSON; `lines` repeats its first line so often."""
    value = shipment(ship, day=day, own=own or f"T{next(_count):05d}")
    if lines:
        value["items"] = [{**value["items"][0]} for _ in range(lines)]
    return value | header


def make_declaration(
    ship: str = "S01",
    *,
    actor: Actor | None = None,
    until: str = "draft",
    now: datetime | None = None,
    importer: Organization | None = None,
    **document: object,
) -> Declaration:
    """A declaration as far as `until` says: draft, ready, signed, submitted; of the actor's client, if one is named."""
    actor = actor or make_actor()
    now = now or timezone.now()
    document.setdefault("day", party_date(now))
    value = make_document(ship, **document)
    organization = importer or actor.organization
    value["parties"]["importer"] = {
        "id": organization.importer_number, "name": organization.name, "address": organization.address,
    }  # fmt: skip
    header, items = split(decode_value(value))
    filer, transmitter = (
        (filer_for(importer, actor.organization), actor.organization) if importer else (organization, None)
    )
    draft = drafts.create(
        importer=organization, filer=filer, transmitter=transmitter, header=header, actor=actor, now=now
    )
    drafts.replace_lines(draft=draft, contents=items, actor=actor, now=now)
    draft.refresh_from_db()
    if until != "draft":
        version = filing.prepare(declaration=draft, actor=actor, now=now)
        if until in ("signed", "submitted"):
            filing.sign(
                version=version, signatory=actor.user, digest=version.digest, actor=actor, now=now, method="password"
            )
        if until == "submitted":
            version.refresh_from_db()
            filing.submit(version=version, actor=actor, now=now)
    return Declaration.objects.select_related("importer", "filer", "transmitter", "live_version").get(pk=draft.pk)


def make_scope(**said: object) -> mandates.Scope:
    """What a mandate covers: everything a broker may do, from 1 November 2026 on, unless said otherwise."""
    known = {"actions": frozenset({"prepare", "sign", "transmit", "cancel"}), "starts_on": date(2026, 11, 1)}
    return mandates.Scope(**(known | said))


def make_mandate(
    *,
    principal: Organization | None = None,
    agent: Organization | None = None,
    until: str = "live",
    now: datetime = NOW,
    **scope: object,
) -> Mandate:
    """A mandate as far as `until` says: offered, asked, live, declined, revoked, ended."""
    principal, agent = principal or make_importer(), agent or make_agent()
    if agent.kind == "provider":
        scope.setdefault("actions", frozenset({"transmit"}))
    owner = make_actor(organization=principal, role=roles.IMPORTER_ADMIN)
    role = roles.LICENSED_INDIVIDUAL if agent.kind == "broker" else roles.SERVICE_PROVIDER
    other = make_actor(organization=agent, role=role)
    between = {"principal": principal, "agent": agent, "scope": make_scope(**scope), "now": now}
    made = mandates.ask(actor=other, **between) if until == "asked" else mandates.offer(actor=owner, **between)
    if until in ("live", "revoked", "ended"):
        sign_mandate(made, actor=owner, now=now)
    because = {"mandate": made, "reason": "No longer needed.", "now": now}
    if until == "revoked":
        mandates.revoke(actor=owner, **because)
    elif until in ("ended", "declined"):
        (mandates.end if until == "ended" else mandates.decline)(actor=other, **because)
    return made


def sign_mandate(mandate: Mandate, *, actor: Actor, now: datetime = NOW) -> None:
    """The importer signs what it reads on that day."""
    digest = wording_of(mandate, party_date(now, mandate.party)).digest
    mandates.sign(mandate=mandate, digest=digest, accepts_payment_notice=True, method=WITH_CODE, actor=actor, now=now)
