"""Filings for statistics: one that went through every service, and plain copies of it with what customs said."""

import itertools
from datetime import timedelta

from declarations.models import ControlFact, Declaration, DeclarationVersion
from portal.accounts.models import Organization
from tests.makers import make_importer

_count = itertools.count(1)


def organization(kind="importer"):
    return (
        make_importer() if kind == "importer" else Organization.objects.create(name=f"Firm {next(_count)}", kind=kind)
    )


def submitted(at, *, filer, port="2704", transmitter=None):
    """A version as it stands after it was sent."""
    n = next(_count)
    declaration = Declaration.objects.create(
        importer=filer, filer=filer, transmitter=transmitter, port_of_entry=port, created_at=at, updated_at=at,
        submitted_at=at, filing="SUBMITTED",
    )  # fmt: skip
    return DeclarationVersion.objects.create(
        declaration=declaration, number=1, state="SUBMITTED", filer=filer, channel="rehearsal", lrn=f"LRN{n}",
        entry_number=f"{n:011d}", statement_id="us", content_sha256="0" * 64, assessment_sha256="0" * 64,
        digest="0" * 64, created_at=at, submitted_at=at,
    )  # fmt: skip


def answered(version, kind, after=60, **more):
    """What customs said so many seconds later."""
    at = version.submitted_at + timedelta(seconds=after)
    values = {"issued_at": at, "received_at": at, "response_id": f"R{next(_count)}"} | more
    return ControlFact.objects.create(declaration=version.declaration, version=version, kind=kind, **values)


def file_many(at, *, filer, accepted=0, rejected=0, waiting=0, examined=0, port="2704", seconds=60, transmitter=None):
    """So many filings with their outcomes, a second apart."""
    for n in range(accepted + rejected + waiting):
        version = submitted(at + timedelta(seconds=n), filer=filer, port=port, transmitter=transmitter)
        if n < accepted + rejected:
            answered(version, "ACCEPTED" if n < accepted else "REJECTED", seconds + n)
        if n < examined:
            answered(version, "EXAM", 2 * seconds + n)
