"""From a draft to a filing: complete, review, prepare, sign, submit (house rules, rows 3 to 9).

Freezing, assessing, checking and encoding run before the transaction; inside it are the
compare-and-set, the digest comparison and the inserts.
"""

from datetime import datetime
from decimal import Decimal

import msgspec
from django.db import IntegrityError, transaction

from declarations.access import require_authority
from declarations.assessment import Assessment
from declarations.document import DeclarantStatement, Document
from declarations.flow import Act, ActRefused
from declarations.messages.wco_xml import encode
from declarations.models import Declaration, DeclarationVersion, Receipt, Signature
from declarations.services import numbers
from declarations.services.acting import require_named, worth_of
from declarations.services.acts import advance
from declarations.services.filed_shipments import keep_shipments
from declarations.services.proofs import digest_of, is_genuine, receipt_of, signature_over
from declarations.services.reviewing import HasErrors, Review, assess_at, complete, review
from declarations.services.versions import contents_of, lrn_of, store_version
from portal import prepared
from portal.accounts.actors import Actor
from portal.accounts.models import User
from portal.errors import DomainError
from portal.gateway.services import enqueue
from portal.records.services import read_bytes, read_many
from portal.timezones import party_date

__all__ = [
    "DigestChanged", "HasErrors", "NotAllowedToSign", "Review", "assess_at", "complete", "contents_of", "digest_of",
    "is_genuine", "lrn_of", "prepare", "reopen", "return_to_draft", "review", "sign", "submit",
]  # fmt: skip


class _Said(msgspec.Struct):
    """The one member of a document that goes into the words to sign; the rest is not read."""

    declarant_statement: DeclarantStatement | None = None


class DigestChanged(DomainError):
    """What was shown for signing is no longer what stands there."""

    code = "DIGEST_CHANGED"


class NotAllowedToSign(DomainError):
    """The person may not sign for the importer (19 CFR 141.19, 141.31 to 141.39)."""

    code = "NOT_ALLOWED_TO_SIGN"
    status = 403


def prepare(*, declaration: Declaration, actor: Actor, now: datetime) -> DeclarationVersion:
    """A version stands ready to sign: frozen, assessed, checked, numbered. Raises HasErrors, ActRefused.

    The entry number is taken on the first prepare and kept by every later one.
    """
    found = review(declaration=declaration, now=now, signatory=actor.signatory)
    if found.errors:
        raise HasErrors(found)
    require_named(found.document, declaration.importer, actor)
    with transaction.atomic():
        locked = prepared.find(Declaration, lock=True, id=declaration.pk)
        if locked is None or locked.row_version != declaration.row_version or locked.filing != declaration.filing:
            raise ActRefused("Somebody else has just changed this declaration. Please look at it again.")
        entry_number = locked.entry_number or numbers.allocate(
            filer=declaration.filer, declaration=locked, now=now, wanted=found.document.entry_number
        )
        document = complete(found.document, found.assessment, entry_number)
        version = store_version(declaration, document, found, entry_number, now).version
        advance(
            declaration=declaration, act=Act.PREPARE, actor=actor, now=now, version=version,
            data={"digest": version.digest, "entry_number": entry_number, "lrn": version.lrn},
            changes={"entry_number": entry_number, "total_due": Decimal(found.assessment.totals.total)},
        )  # fmt: skip
    return version


def sign(
    *, version: DeclarationVersion, signatory: User, digest: str, actor: Actor, now: datetime, method: str
) -> Signature:
    """The version is signed over its digest by a named person. Raises DigestChanged, NotAllowedToSign, ActRefused.

    The caller has had the person give their credential again; `method` says which.
    """
    declaration = version.declaration
    if digest != version.digest or digest != digest_of(version):
        raise DigestChanged("The declaration has changed since you read it. Please read it again before signing.")
    if declaration.live_version_id != version.pk:
        raise ActRefused("This version is no longer the one to sign. Please look at the declaration again.")
    if not actor.may("declaration.sign"):
        raise NotAllowedToSign("Your role does not allow you to sign for the importer.")
    _require(actor, version, "declaration.sign", now)
    chosen = msgspec.json.decode(read_bytes(version.content_sha256), type=_Said).declarant_statement
    signature = signature_over(
        version, chosen=chosen, party=declaration.party, signatory=signatory, method=method, now=now
    )
    with transaction.atomic():
        prepared.add(signature)
        advance(
            declaration=declaration, act=Act.SIGN, actor=actor, now=now,
            data={"digest": digest, "statement": signature.statement_id, "signatory": signatory.reference,
                  "method": method},
        )  # fmt: skip
    return signature


def submit(*, version: DeclarationVersion, actor: Actor, now: datetime) -> Receipt:
    """The signed version is filed: the message stands in the outbox and the receipt is given. Raises ActRefused.

    Submitting what was submitted already gives the same receipt, and files nothing again.
    """
    given = prepared.find(Receipt, version=version.pk)
    if given is not None:
        return given
    declaration = _declaration_of(version)
    _require(actor, version, "declaration.transmit", now)
    content, kept = read_many([version.content_sha256, version.assessment_sha256])
    if digest_of(version) != version.digest:
        raise DigestChanged("What is stored is not what was signed. Nothing was sent; please call for help.")
    document = msgspec.json.decode(content, type=Document)
    assessment = msgspec.json.decode(kept, type=Assessment)
    body = encode(
        document, assessment=assessment, lrn=version.lrn, version=version.number, plain=msgspec.json.decode(content)
    )
    if prepared.find(Signature, version=version.pk, digest=version.digest) is None:
        raise ActRefused("The declaration is not signed.")
    receipt = receipt_of(version, actor, now)
    try:
        _file(declaration, version, document, receipt, body, actor, now)
    except IntegrityError:
        if (given := prepared.find(Receipt, version=version.pk)) is None:
            raise
        return given  # filed in this very moment by another request
    return receipt


def _file(
    declaration: Declaration, version: DeclarationVersion, document: Document, receipt: Receipt, body: bytes,
    actor: Actor, now: datetime,
) -> None:  # fmt: skip
    """Receipt, message and state stand together; of two at once the second breaks the rule of one receipt a version."""
    with transaction.atomic():
        prepared.add(receipt)
        keep_shipments(declaration.importer, version, document)
        enqueue(
            subject=declaration.reference, channel=version.channel, purpose="declarations", local_reference=version.lrn,
            body=body, correlation_id=actor.correlation_id, now=now,
        )  # fmt: skip
        advance(
            declaration=declaration, act=Act.SUBMIT, actor=actor, now=now,
            data={"digest": version.digest, "lrn": version.lrn, "channel": version.channel},
            changes={"submitted_at": now, "transmitter": actor.organization},
        )  # fmt: skip


def reopen(*, declaration: Declaration, actor: Actor, now: datetime) -> None:
    """The prepared or signed version is void and the declaration a draft again. Raises ActRefused."""
    advance(declaration=declaration, act=Act.REOPEN, actor=actor, now=now)


def return_to_draft(*, declaration: Declaration, actor: Actor, now: datetime) -> None:
    """A rejected declaration is a draft again; the entry number is kept. Raises ActRefused."""
    if declaration.legal != "REJECTED":
        raise ActRefused("Only a declaration that customs rejected can be corrected and sent again.")
    version = declaration.live_version
    coming = (version.number if version else 0) + 1
    advance(
        declaration=declaration, act=Act.RETURN, actor=actor, now=now,
        changes={"since_version": coming, "legal": "NONE", "standing": {}, "has_hold": False},
    )  # fmt: skip


def _require(actor: Actor, version: DeclarationVersion, action: str, now: datetime) -> None:
    """Who signs or sends for another has a live mandate for these very goods. Raises NoMandate, ActionNotAllowed."""
    declaration = version.declaration
    on = party_date(now, declaration.party)
    require_authority(actor, declaration, action, on=on, worth=lambda: worth_of(contents_of(version)[1]))


def _declaration_of(version: DeclarationVersion) -> Declaration:
    """The version's declaration as it stands now. Raises ActRefused where another version took its place."""
    declaration = prepared.find(Declaration, id=version.declaration_id)
    if declaration is None or declaration.live_version_id != version.pk:
        raise ActRefused("This version is no longer the one to file. Please look at the declaration again.")
    declaration.live_version = version
    version.declaration = declaration
    return declaration
