"""Sandboxes: the twin of an organization in which everything is tried out and nothing reaches customs.

A twin has the facts of its organization, a filer code and numbers of its own, and the same bonds. Its people are
those of the organization, with the same roles; its programs are its own.
"""

import itertools
from datetime import datetime

from django.conf import settings
from django.db import transaction

from declarations.models import CustomsBond, FilerCode, NumberRange
from portal.accounts.actors import Actor
from portal.accounts.models import Organization
from portal.desk.services import publish
from portal.errors import DomainError
from portal.gateway.channels import ChannelDown, NoClock, channel
from portal.trail.services import record

NUMBERS = 99_999
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
COPIED = (
    "kind", "party", "importer_number", "address", "contact", "on_file_since", "last_entry_on", "ach_set_up", "tier",
)  # fmt: skip
LONGEST = 366 * 24 * 3600


class SandboxRefused(DomainError):
    """The organization has a sandbox already, is one itself, or files nothing."""

    code = "SANDBOX_REFUSED"


class NotASandbox(DomainError):
    """What only a sandbox may do."""

    code = "NOT_A_SANDBOX"


class SandboxClockAbsent(DomainError):
    """Nobody moves the clock of the authority that answers sandboxes here."""

    code = "SANDBOX_CLOCK_ABSENT"


class SandboxAway(DomainError):
    """The authority that answers sandboxes cannot be reached."""

    code = "SANDBOX_AWAY"
    status = 503


def sandbox_of(organization: Organization) -> Organization | None:
    """The twin of the organization, where it has one."""
    return Organization.objects.filter(sandbox_of=organization).first()


@transaction.atomic
def make_sandbox(*, organization: Organization, actor: Actor, now: datetime) -> Organization:
    """The organization has a twin for trying out. Raises SandboxRefused."""
    mother = Organization.objects.select_for_update().get(pk=organization.pk)
    if mother.sandbox_of_id is not None or mother.kind == Organization.Kind.AUTHORITY:
        raise SandboxRefused("A sandbox belongs to an organization that files.")
    if sandbox_of(mother) is not None:
        raise SandboxRefused("There is a sandbox already.")
    facts = {name: getattr(mother, name) for name in COPIED}
    twin = Organization.objects.create(name=f"{mother.name[:190]} (sandbox)", sandbox_of=mother, **facts)
    if mother.kind != Organization.Kind.PROVIDER:
        code = FilerCode.objects.create(organization=twin, code=_free_code())
        NumberRange.objects.create(filer_code=code, first=1, last=NUMBERS, next_number=1)
    for bond in CustomsBond.objects.filter(organization=mother).order_by("pk"):
        bond.pk, bond.organization = None, twin
        bond._state.adding = True
        bond.save()
    data = {"sandbox": twin.reference}
    record(subject=f"organization:{mother.reference}", kind="sandbox.make", actor=actor, now=now, data=data)
    publish(organizations=[mother], kind="sandbox.make", reference=twin.reference, actor=actor, now=now)
    return twin


def advance_clock(*, organization: Organization, seconds: int, actor: Actor, now: datetime) -> str:
    """It is later for the authority that answers sandboxes, and it has given what became due; gives its time.

    All sandboxes of this installation share its clock. Raises NotASandbox, SandboxClockAbsent and SandboxAway.
    """
    require_sandbox(organization)
    try:
        there = channel(settings.SANDBOX_CHANNEL).advance_clock(seconds)
    except NoClock as error:
        raise SandboxClockAbsent("Whoever runs the portal has not opened the clock of the sandboxes.") from error
    except ChannelDown as error:
        raise SandboxAway("The authority of the sandboxes does not answer. Try again in a moment.") from error
    with transaction.atomic():
        data = {"advance_seconds": seconds, "authority_time": there}
        subject = f"organization:{organization.reference}"
        record(subject=subject, kind="sandbox.clock", actor=actor, now=now, data=data)
    return there


def require_sandbox(organization: Organization) -> None:
    """Raise NotASandbox for an organization whose filings are real."""
    if organization.sandbox_of_id is None:
        raise NotASandbox("Only a program of a sandbox may do this.")


def _free_code() -> str:
    """A filer code beginning with Z that nobody has, from the end: ZZZ, ZZY, ..."""
    taken = set(FilerCode.objects.filter(code__startswith="Z").values_list("code", flat=True))
    pairs = itertools.product(reversed(DIGITS), repeat=2)
    found = next((code for first, second in pairs if (code := f"Z{first}{second}") not in taken), None)
    if found is None:
        raise SandboxRefused("No filer code is left for another sandbox. Tell whoever runs the portal.")
    return found
