"""Make a declaration for every story, step by step in the order of time, through the services that people use.

What goes to customs and what comes back passes the same tables as on any other day: the outbox with its tries,
raw answers, facts, standing, trail. Nothing leaves the house.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from audits.demonstration import complaints, law
from audits.demonstration.answers import Said, build
from audits.demonstration.people import actor_of
from audits.demonstration.shipments import shipment
from audits.demonstration.stories import STORIES, Story
from declarations.decoding import decode_value
from declarations.flow import Act
from declarations.freeze import split
from declarations.models import Declaration, DeclarationVersion
from declarations.parity import services as parity
from declarations.services import drafts, filing, numbers, outcomes, requests, responses
from declarations.services.acts import advance
from portal.accounts.actors import SYSTEM, Actor
from portal.accounts.models import Organization
from portal.gateway import channels
from portal.gateway.channels import Receipt
from portal.gateway.inbound import receive
from portal.gateway.models import OutboundMessage
from portal.gateway.services import claim, put_off, settle
from portal.timezones import party_date

CORRELATION = "demonstration"
FILERS = {"importer": "clerk@importer.example", "second": "clerk@second.example"}
DUTY_STATEMENT = "13"
ON_THE_WAY = timedelta(seconds=4)  # from customs' stamp to our store
LEFT_ALONE = timedelta(days=365)  # the unknown outcome stays one until an operator asks
STRAY = ("ELSEWHERE7", "ZZZ99999991")  # an answer to something that was not filed here
DELIVERED = Receipt(channels.DELIVERED, 202, "taken over", duration_ms=412)
REFUSED = Receipt(channels.REFUSED, 403, "<html><body>Request blocked.</body></html>", duration_ms=88)
LOST = Receipt(channels.UNKNOWN, None, "ReadTimeout: The read operation timed out", duration_ms=5004)
MISSED = Receipt(channels.RETRY, None, "ConnectError: [Errno 111] Connection refused", duration_ms=3)


class Due(NamedTuple):
    """Something to do at a moment of the past."""

    at: datetime
    do: Callable[[datetime], None]


class Telling:
    """One story being told."""

    def __init__(self, story: Story, actor: Actor, begins: datetime, serial: int) -> None:
        self.story, self.actor, self.begins, self.serial = story, actor, begins, serial
        self.declaration: Declaration
        self.lrn = ""  # of the last message
        self.conversation = ""

    def dues(self) -> Iterable[Due]:
        """The steps with their moments."""
        for after, deed, said in self.story.steps:
            at = self.begins + timedelta(minutes=after)
            yield Due(at, partial(self.answer, said) if said else getattr(self, deed))

    def draft(self, now: datetime) -> None:
        day = party_date(self.begins) + timedelta(days=self.story.lands_in)
        self.declaration = draft(self.actor, self.story.ship, self.story.own, day=day, serial=self.serial, now=now)

    def prepare(self, now: datetime) -> None:
        filing.prepare(declaration=self.declaration, actor=self.actor, now=now)

    def sign(self, now: datetime) -> None:
        sign(self.version(), self.actor, now=now)

    def submit(self, now: datetime) -> None:
        version = self.version()
        filing.submit(version=version, actor=self.actor, now=now)
        self.lrn = version.lrn

    def discard(self, now: datetime) -> None:
        drafts.discard(draft=self.declaration, actor=self.actor, now=now)

    def expire(self, now: datetime) -> None:
        self.declaration.refresh_from_db()
        advance(declaration=self.declaration, act=Act.EXPIRE, actor=SYSTEM, now=now)
        numbers.void_unused(declaration=self.declaration, reason="The draft expired.", actor=SYSTEM, now=now)

    def cancel(self, now: datetime) -> None:
        words = "The goods were never loaded."
        request = requests.cancel(
            declaration=self.declaration, reason_code="08", reason=words, actor=self.actor, now=now
        )
        self.lrn = request.lrn

    def deliver(self, now: datetime) -> None:
        self.conversation = str(uuid4())
        self._send(replace(DELIVERED, conversation_id=self.conversation), now)

    def refuse(self, now: datetime) -> None:
        self._send(REFUSED, now)
        outcomes.apply_outcomes(now=now)

    def miss(self, now: datetime) -> None:
        self._send(MISSED, now)
        outcomes.apply_outcomes(now=now)

    def lose(self, now: datetime) -> None:
        put_off(message=self._send(LOST, now), until=now + LEFT_ALONE)

    def answer(self, said: Said, now: datetime) -> None:
        version = self.version()
        lrn = self.lrn if said.of_request else version.lrn
        assessment = filing.contents_of(version)[1] if said.function == DUTY_STATEMENT else None
        raw = build(said, at=now, lrn=lrn, entry_number=version.entry_number, assessment=assessment)
        hear(raw, channel=version.channel, conversation=self.conversation, now=now + ON_THE_WAY)

    def version(self) -> DeclarationVersion:
        """The live version as it stands."""
        self.declaration.refresh_from_db()
        version = self.declaration.live_version
        if version is None:
            raise ValueError(f"{self.story.own} has no live version")
        return version

    def _send(self, receipt: Receipt, now: datetime) -> OutboundMessage:
        (message,) = claim(now=now + timedelta(seconds=1), subject=self.declaration.reference)
        settle(message=message, receipt=receipt, now=now + timedelta(seconds=2))
        return message


@transaction.atomic
def make_filings(*, people: dict[str, Organization], now: datetime) -> list[Declaration]:
    """The demonstration declarations exist; where any exist already, nothing is added.

    One transaction: a portal that runs meanwhile sees all of it, or nothing.
    """
    importers = [people[key] for key in FILERS]
    if Declaration.objects.filter(importer__in=importers).exists():
        return []
    actors = {key: actor_of(email, CORRELATION) for key, email in FILERS.items()}
    tellings = [
        Telling(story, actors[story.organization], story.begins(now), serial)
        for serial, story in enumerate(STORIES, start=11)
    ]
    dues = [due for one in tellings for due in one.dues()]
    dues += [Due(at, do) for at, do in (*law.dues(now), *complaints.dues(now))]
    dues.append(Due(now - timedelta(hours=7), _hear_a_stray))
    for due in sorted(dues, key=lambda one: one.at):
        due.do(due.at)
    outcomes.remind(now=now)
    parity.publish_due(actor=SYSTEM, now=now)
    return [one.declaration for one in tellings]


def hear(raw: bytes, *, channel: str, conversation: str, now: datetime) -> None:
    """An answer has come in and was applied, or is kept as one that nothing here belongs to."""
    inbound = receive(channel=channel, external_id=str(uuid4()), raw=raw, conversation_id=conversation, now=now)
    responses.apply(inbound=inbound, now=now)


def make(actor: Actor, ship: str, own: str, *, day: date, serial: int, now: datetime) -> Declaration:
    """A declaration of the actor's organization, filed now and waiting in the outbox."""
    declaration = draft(actor, ship, own, day=day, serial=serial, now=now)
    version = filing.prepare(declaration=declaration, actor=actor, now=now)
    sign(version, actor, now=now)
    version.refresh_from_db()
    filing.submit(version=version, actor=actor, now=now)
    declaration.refresh_from_db()
    return declaration


def draft(actor: Actor, ship: str, own: str, *, day: date, serial: int, now: datetime) -> Declaration:
    """A draft of the actor's organization for a shipment that lands on `day`; `serial` tells its bill from others."""
    organization = actor.organization
    if organization is None:
        raise ValueError("a declaration is made for an organization")
    value = shipment(ship, day=day, own=own)
    _name_importer(value, organization)
    _number_bill(value, serial)
    header, items = split(decode_value(value))
    made = drafts.create(importer=organization, filer=organization, header=header, actor=actor, now=now)
    drafts.replace_lines(draft=made, contents=items, actor=actor, now=now)
    made.refresh_from_db()
    return made


def sign(version: DeclarationVersion, actor: Actor, *, now: datetime) -> None:
    """The version is signed by the actor."""
    if actor.user is None:
        raise ValueError("a person signs")
    filing.sign(version=version, signatory=actor.user, digest=version.digest, actor=actor, now=now, method=CORRELATION)


def _hear_a_stray(now: datetime) -> None:
    lrn, entry_number = STRAY
    raw = build(Said("01"), at=now, lrn=lrn, entry_number=entry_number)
    hear(raw, channel=settings.DEFAULT_CHANNEL, conversation=str(uuid4()), now=now + ON_THE_WAY)


def _name_importer(value: dict[str, Any], organization: Organization) -> None:
    value["contact"] = dict(organization.contact)
    value["parties"]["importer"] = {
        "id": organization.importer_number, "name": organization.name, "address": organization.address,
    }  # fmt: skip


def _number_bill(value: dict[str, Any], serial: int) -> None:
    """The innermost bill ends in the serial number."""
    bill = value["transport"]["bills"][0]
    part = bill.get("house") or bill["master"]
    part["number"] = f"{part['number'][:-2]}{serial % 100:02d}"
