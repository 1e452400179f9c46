"""Versions: what was frozen for one filing, under a local reference that nothing else on the channel has."""

from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec
from django.conf import settings

from declarations.assessment import Assessment
from declarations.document import Document
from declarations.document.canonical import canonical_of, canonical_value
from declarations.models import Declaration, DeclarationVersion, DutyTotal
from declarations.services.proofs import digest_over
from declarations.services.reviewing import Review
from declarations.statements import statement_on
from portal import prepared
from portal.accounts.models import Organization
from portal.records.services import keep_bytes, read_many
from portal.timezones import party_date

LAST_NUMBER = "SELECT MAX(number) FROM declarations_declarationversion WHERE declaration_id = %s"
FIRST_OTHER, OTHERS = 1_000, 9_000  # four digits
LRN_IS_TAKEN = "SELECT 1 FROM declarations_declarationversion WHERE channel = %s AND lrn = %s"


class Stored(NamedTuple):
    """A version, and what it was frozen to, as a JSON value in canonical form."""

    version: DeclarationVersion
    plain: Any


def store_version(
    declaration: Declaration, document: Document, found: Review, entry_number: str, now: datetime,
    *, state: str = DeclarationVersion.State.READY, first: int | None = None,
) -> Stored:  # fmt: skip
    """Version, two kept contents and the totals: few statements, whatever the number of lines.

    `first` is the key of the version where the declaration has none yet; `state` is where it stands at once.
    """
    number = 1 if first else (prepared.read(LAST_NUMBER, declaration.pk)[0][0] or 0) + 1
    channel = channel_of(declaration.importer, declaration.filer)
    lrn = _free_lrn(document.functional_reference_id or declaration.reference, number, channel, declaration.filer_id)
    statement = statement_on(party_date(now, declaration.party))
    plain, working = canonical_value(document), msgspec.json.encode(found.assessment, order="sorted")
    content_sha, assessment_sha = keep_bytes([canonical_of(plain), working], now=now)
    assessment, editions = found.assessment, dict(found.editions)
    fields: dict[str, Any] = {
        "entry_number": entry_number, "lrn": lrn, "editions": editions, "statement_id": statement.id,
    }  # fmt: skip
    version = DeclarationVersion(
        declaration=declaration, number=number, filer=declaration.filer, authority=declaration.party,
        channel=channel, acts=",".join(document.filing.acts if document.filing else ()),
        content_sha256=content_sha, assessment_sha256=assessment_sha, created_at=now, state=state,
        submitted_at=now if state == DeclarationVersion.State.SUBMITTED else None,
        digest=digest_over(content=content_sha, assessment=assessment_sha, **fields), **fields,
    )  # fmt: skip
    prepared.add(version, key=first)
    amounts = {
        name: getattr(assessment.totals, name)
        for name in ("duty", "antidumping", "countervailing", "tax", "fees", "total")
    } | {f"fee {one.code}": one.amount for one in assessment.fees}
    prepared.add_all(
        DutyTotal(version=version, kind=kind, amount=Decimal(amount), currency=assessment.currency)
        for kind, amount in amounts.items()
    )
    return Stored(version, plain)


def channel_of(*parties: Organization) -> str:
    """The channel on which a filing of these travels: where one is a sandbox, nothing reaches customs."""
    if any(one.sandbox_of_id is not None for one in parties):
        return str(settings.SANDBOX_CHANNEL)
    return str(settings.DEFAULT_CHANNEL)


def contents_of(version: DeclarationVersion) -> tuple[Document, Assessment]:
    """What was frozen, read back from the kept bytes."""
    content, assessment = read_many([version.content_sha256, version.assessment_sha256])
    return msgspec.json.decode(content, type=Document), msgspec.json.decode(assessment, type=Assessment)


def lrn_of(functional_reference_id: str, number: int) -> str:
    """Local reference of a version: the filer's own for the first, with `-n` for later ones (22 at most)."""
    return functional_reference_id if number == 1 else f"{functional_reference_id}-{number}"


def _free_lrn(own: str, number: int, channel: str, filer: int) -> str:
    """A local reference that nothing on the channel has had: answers and questions are matched by it.

    A void version keeps its own for ever, and another filer may have chosen the same words; then a number is added
    that differs from filer to filer, so that hardly ever a second one has to be tried.
    """
    wanted = lrn_of(own, number)
    if _is_free(wanted, channel):
        return wanted
    others = (lrn_of(own[:17], FIRST_OTHER + (filer + count) % OTHERS) for count in range(OTHERS))
    return next(lrn for lrn in others if _is_free(lrn, channel))


def _is_free(lrn: str, channel: str) -> bool:
    """Nobody has it, nor takes it in this moment: two filers may have chosen the same words."""
    return not prepared.read_alone(f"lrn {channel} {lrn}", LRN_IS_TAKEN, channel, lrn)
