"""Twenty declarations in every state, made through the same services that people use."""

from datetime import date, datetime, timedelta
from typing import Any

from audits.demonstration.shipments import shipment
from declarations.decoding import decode_value
from declarations.freeze import split
from declarations.models import Declaration
from declarations.services import drafts, filing, requests
from portal.accounts.actors import Actor, actor_for
from portal.accounts.models import Organization, User

# What the rehearsal authority does is chosen by the first three characters of the filer's reference.
FILED = (
    ("S01", "A01BATT1", "cleared"), ("S02", "A02PLAS1", "cleared without duty"), ("S07", "A03SHOE1", "rejected"),
    ("S06", "A05CREAM", "cleared, answers out of order"), ("S09", "A06FRIES", "cleared, answers in reverse"),
    ("S10", "A07TOYS1", "cleared, every answer twice"), ("S04", "A12WALL1", "accepted with a warning"),
    ("S03", "A15BEDS1", "released with open debt, then cleared"), ("S01", "A17BATT2", "released, then suspended"),
    ("S06", "A18CREA2", "held by an agency, then lifted"), ("S10", "A13TOYS2", "payment asked"),
    ("S09", "DEMOFRI2", "released and cleared"), ("S02", "B01PLAS2", "outcome unknown, then found"),
)  # fmt: skip
CANCELLED = ("S10", "A04TOYS3")  # the authority waits for the goods, so there is time to cancel
OPEN = (
    ("S07", "DRAFT1", "draft"),
    ("S03", "DRAFT2", "draft"),
    ("S04", "READY1", "ready"),
    ("S01", "SIGNED1", "signed"),
)


def make_filings(*, people: dict[str, Organization], now: datetime) -> list[Declaration]:
    """The demonstration declarations exist; where any exist already, nothing is added."""
    importer = people["importer"]
    if Declaration.objects.filter(importer=importer).exists():
        return []
    user = User.objects.get(email="clerk@importer.example")
    actor = actor_for(user, importer, correlation_id="demonstration")
    today = now.date()
    made = [make(actor, ship, own, day=today, until="submitted", now=now) for ship, own, _ in FILED]
    made += [make(actor, ship, own, day=today + timedelta(days=3), until=until, now=now) for ship, own, until in OPEN]
    cancelled = make(actor, *CANCELLED, day=today, until="submitted", now=now)
    requests.cancel(
        declaration=cancelled, reason_code="08", reason="The goods were never loaded.", actor=actor, now=now
    )
    discarded = make(actor, "S09", "GIVENUP", day=today, until="draft", now=now)
    drafts.discard(draft=discarded, actor=actor, now=now)
    other = User.objects.get(email="clerk@second.example")
    made.append(
        make(
            actor_for(other, people["second"], correlation_id="demonstration"),
            "S02",
            "SECOND1",
            day=today,
            until="draft",
            now=now,
        )
    )
    return [*made, cancelled, discarded]


def make(actor: Actor, ship: str, own: str, *, day: date, until: str, now: datetime) -> Declaration:
    """One declaration of the actor's organization, taken as far as `until` says."""
    value = shipment(ship, day=day, own=own)
    organization = actor.organization
    if organization is None or actor.user is None:
        raise ValueError("a person in an organization files")
    _name_importer(value, organization)
    header, items = split(decode_value(value))
    draft = drafts.create(importer=organization, filer=organization, header=header, actor=actor, now=now)
    drafts.replace_lines(draft=draft, contents=items, actor=actor, now=now)
    draft.refresh_from_db()
    if until == "draft":
        return draft
    version = filing.prepare(declaration=draft, actor=actor, now=now)
    if until in ("signed", "submitted"):
        filing.sign(
            version=version, signatory=actor.user, digest=version.digest, actor=actor, now=now, method="demonstration"
        )
    if until == "submitted":
        version.refresh_from_db()
        filing.submit(version=version, actor=actor, now=now)
    draft.refresh_from_db()
    return draft


def _name_importer(value: dict[str, Any], organization: Organization) -> None:
    value["parties"]["importer"] = {
        "id": organization.importer_number, "name": organization.name, "address": organization.address,
    }  # fmt: skip
