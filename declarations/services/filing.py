"""From a draft to a filing: complete, review, prepare, sign, submit (house rules, rows 3 to 9).

Freezing, assessing, checking and encoding run before the transaction; inside it are the
compare-and-set, the digest comparison and the inserts.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec
from django.conf import settings
from django.db import IntegrityError, transaction

from declarations.assessment import Assessment, ItemAssessment
from declarations.document import DeclarantStatement, Document, Filing, Item, Tariff, canonical
from declarations.facts import CodeTables, Facts
from declarations.flow import Act, ActRefused
from declarations.freeze import freeze
from declarations.messages.wco_xml import encode
from declarations.models import Declaration, DeclarationVersion, DutyTotal, Receipt, Signature
from declarations.reference import code_tables, gather
from declarations.rules import check
from declarations.rules.base import Violation
from declarations.services import numbers
from declarations.services.acts import advance
from declarations.statements import statement_on, words_of
from declarations.tariff.calculate import assess
from declarations.tariff.selectors import current_view
from declarations.tariff.view import TariffView
from portal import keys, prepared
from portal.accounts.actors import Actor
from portal.accounts.models import User
from portal.errors import DomainError
from portal.gateway.services import enqueue
from portal.records.services import keep_bytes, read_bytes, read_many
from portal.timezones import party_date

LAST_NUMBER = "SELECT MAX(number) FROM declarations_declarationversion WHERE declaration_id = %s"
LRN_IS_TAKEN = "SELECT 1 FROM declarations_declarationversion WHERE channel = %s AND lrn = %s"


class Review(NamedTuple):
    """What the portal thinks of a declaration: completed document, money, all violations."""

    document: Document
    assessment: Assessment
    violations: tuple[Violation, ...]
    editions: Mapping[str, Any] = {}  # what the assessment was made with: what a version keeps

    @property
    def errors(self) -> list[Violation]:
        """Violations that stop a filing."""
        return [one for one in self.violations if one.severity == "error"]

    @property
    def warnings(self) -> list[Violation]:
        """Violations that do not."""
        return [one for one in self.violations if one.severity != "error"]


class _Said(msgspec.Struct):
    """The one member of a document that goes into the words to sign; the rest is not read."""

    declarant_statement: DeclarantStatement | None = None


class HasErrors(DomainError):
    """The declaration cannot be filed as it stands; `review` has every reason."""

    code = "HAS_ERRORS"

    def __init__(self, review: Review) -> None:
        super().__init__(f"There are {len(review.errors)} problems to correct before this can be filed.")
        self.review = review


class DigestChanged(DomainError):
    """What was shown for signing is no longer what stands there."""

    code = "DIGEST_CHANGED"


class NotAllowedToSign(DomainError):
    """The person may not sign for the importer (19 CFR 141.19, 141.31 to 141.39)."""

    code = "NOT_ALLOWED_TO_SIGN"


def complete(document: Document, assessment: Assessment, entry_number: str | None) -> Document:
    """The document with entered values, the ordered tariff numbers of each line and the entry number. Pure."""
    by_sequence = {one.sequence: one for one in assessment.items}
    items = tuple(_complete_item(item, by_sequence.get(item.sequence or 0)) for item in document.items)
    filing = document.filing or Filing(acts=("release", "summary"), release_certification=True)
    if not filing.acts:
        filing = msgspec.structs.replace(filing, acts=("release", "summary"))
    number = numbers.as_part(entry_number) if entry_number else document.entry_number
    return msgspec.structs.replace(document, items=items, filing=filing, entry_number=number)


def assess_at(document: Document, *, on: date, now: datetime) -> Assessment:
    """What is owed by the tariff in force: lines whose rate date is another day take the edition of that day.

    No harbor maintenance fee where the port of unlading is known to be outside the list of 19 CFR 24.24(b)(1).
    """
    return _assessed(document, tariff=current_view(on), codes=code_tables(on), on=on, now=now)[0]


def _assessed(
    document: Document, *, tariff: TariffView, codes: CodeTables, on: date, now: datetime
) -> tuple[Assessment, dict[str, Any]]:
    """The assessment, and the editions and facts that give it again to the cent (house rule 9)."""
    held = {on.isoformat(): tariff.held}

    def at(day: date) -> TariffView:
        view = current_view(day)
        held[day.isoformat()] = view.held
        return view

    place = (document.ports.unlading or document.ports.entry) if document.ports else None
    port = codes.ports.get(place or "")
    harbor_fee = port.harbor_fee if port else None
    assessment = assess(document, tariff=tariff, now=now, harbor_fee=harbor_fee, at=at)
    names = {"tariff": assessment.editions.tariff, "measures": assessment.editions.measures}
    return assessment, {**names, "harbor_fee": harbor_fee, "held": held}


def review(
    *, declaration: Declaration, now: datetime, signatory: User | None = None, document: Document | None = None
) -> Review:
    """Everything there is to say about the declaration now; nothing is written, no number is used."""
    frozen = document or freeze(declaration)
    on = party_date(now, declaration.party)
    tariff, codes = current_view(on), code_tables(on)
    assessment, editions = _assessed(frozen, tariff=tariff, codes=codes, on=on, now=now)
    completed = complete(frozen, assessment, declaration.entry_number or None)
    facts = gather(declaration, completed, on=on, signatory=signatory, codes=codes)
    return Review(completed, assessment, _check(completed, assessment, facts, tariff, now), editions)


def prepare(*, declaration: Declaration, actor: Actor, now: datetime) -> DeclarationVersion:
    """A version stands ready to sign: frozen, assessed, checked, numbered. Raises HasErrors, ActRefused.

    The entry number is taken on the first prepare and kept by every later one.
    """
    found = review(declaration=declaration, now=now, signatory=actor.user)
    if found.errors:
        raise HasErrors(found)
    with transaction.atomic():
        locked = prepared.find(Declaration, lock=True, id=declaration.pk)
        if locked is None or locked.row_version != declaration.row_version or locked.filing != declaration.filing:
            raise ActRefused("Somebody else has just changed this declaration. Please look at it again.")
        entry_number = locked.entry_number or numbers.allocate(filer=declaration.filer, declaration=locked, now=now)
        document = complete(found.document, found.assessment, entry_number)
        version = _store_version(declaration, document, found, entry_number, now)
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
    chosen = msgspec.json.decode(read_bytes(version.content_sha256), type=_Said).declarant_statement
    statement = statement_on(party_date(now, declaration.party))
    words = words_of(
        statement, capacity=chosen.capacity if chosen else None, obtained_by=chosen.obtained_by if chosen else None
    )
    name = signatory.get_full_name() or signatory.email
    message = "\n".join([digest, statement.id, words, signatory.reference, name, now.isoformat()])
    key_id, code = keys.sign("signature", message.encode())
    with transaction.atomic():
        signature = Signature(
            version=version, signatory=signatory, name=name, title=signatory.title, statement_id=statement.id,
            statement=words, digest=digest, method=method, signed_at=now, key_id=key_id, code=code,
        )  # fmt: skip
        prepared.add(signature)
        advance(
            declaration=declaration, act=Act.SIGN, actor=actor, now=now,
            data={"digest": digest, "statement": statement.id, "signatory": signatory.reference, "method": method},
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
    receipt = _receipt(version, actor, now)
    try:
        _file(declaration, version, receipt, body, actor, now)
    except IntegrityError:
        if (given := prepared.find(Receipt, version=version.pk)) is None:
            raise
        return given  # filed in this very moment by another request
    return receipt


def _file(
    declaration: Declaration, version: DeclarationVersion, receipt: Receipt, body: bytes, actor: Actor, now: datetime
) -> None:
    """Receipt, message and state stand together; of two at once the second breaks the rule of one receipt a version."""
    with transaction.atomic():
        prepared.add(receipt)
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


def contents_of(version: DeclarationVersion) -> tuple[Document, Assessment]:
    """What was frozen, read back from the kept bytes."""
    content, assessment = read_many([version.content_sha256, version.assessment_sha256])
    return msgspec.json.decode(content, type=Document), msgspec.json.decode(assessment, type=Assessment)


def digest_of(version: DeclarationVersion) -> str:
    """The digest as it follows from what the version holds."""
    return _digest(
        content=version.content_sha256, assessment=version.assessment_sha256, entry_number=version.entry_number,
        lrn=version.lrn, editions=version.editions, statement_id=version.statement_id,
    )  # fmt: skip


def lrn_of(functional_reference_id: str, number: int) -> str:
    """Local reference of a version: the filer's own for the first, with `-n` for later ones (22 at most)."""
    return functional_reference_id if number == 1 else f"{functional_reference_id}-{number}"


def _declaration_of(version: DeclarationVersion) -> Declaration:
    """The version's declaration as it stands now. Raises ActRefused where another version took its place."""
    declaration = prepared.find(Declaration, id=version.declaration_id)
    if declaration is None or declaration.live_version_id != version.pk:
        raise ActRefused("This version is no longer the one to file. Please look at the declaration again.")
    declaration.live_version = version
    version.declaration = declaration
    return declaration


def _check(
    document: Document, assessment: Assessment, facts: Facts, tariff: TariffView, now: datetime
) -> tuple[Violation, ...]:
    return check(document, assessment=assessment, facts=facts, tariff=tariff, now=now)


def _complete_item(item: Item, assessed: ItemAssessment | None) -> Item:
    """Fill in what the filer left to us: the stack where none is declared, the entered value where none is given.

    A stack that the filer declares stays as it is, for the rules to compare with the proposal.
    """
    if assessed is None:
        return item
    declared = any((one.hts_number or "")[:2] in ("98", "99") for one in item.tariffs)
    tariffs = _with_values(item, assessed) if declared else _proposed(item, assessed)
    valuation = item.valuation
    if valuation is not None and valuation.entered_value is None:
        valuation = msgspec.structs.replace(valuation, entered_value=assessed.entered_value)
    return msgspec.structs.replace(item, tariffs=tariffs or item.tariffs, valuation=valuation)


def _proposed(item: Item, assessed: ItemAssessment) -> tuple[Tariff, ...]:
    given = {one.hts_number: one for one in item.tariffs}
    return tuple(
        Tariff(
            hts_number=one.hts_number,
            role=one.role,
            value=one.value,
            quantities=given[one.hts_number].quantities if one.hts_number in given else (),
        )
        for one in assessed.tariffs
    )


def _with_values(item: Item, assessed: ItemAssessment) -> tuple[Tariff, ...]:
    values = {one.hts_number: one.value for one in assessed.tariffs}
    return tuple(
        one if one.value is not None else msgspec.structs.replace(one, value=values.get(one.hts_number or ""))
        for one in item.tariffs
    )


def _store_version(
    declaration: Declaration, document: Document, found: Review, entry_number: str, now: datetime
) -> DeclarationVersion:
    """Version, two kept contents and the totals: four statements, whatever the number of lines."""
    ((last,),) = prepared.read(LAST_NUMBER, declaration.pk)
    number = (last or 0) + 1
    lrn = _free_lrn(document.functional_reference_id or declaration.reference, number)
    statement = statement_on(party_date(now, declaration.party))
    content_sha, assessment_sha = keep_bytes(
        [canonical(document), msgspec.json.encode(found.assessment, order="sorted")], now=now
    )
    assessment, editions = found.assessment, dict(found.editions)
    fields: dict[str, Any] = {
        "entry_number": entry_number, "lrn": lrn, "editions": editions, "statement_id": statement.id,
    }  # fmt: skip
    version = DeclarationVersion(
        declaration=declaration, number=number, filer=declaration.filer, authority=declaration.party,
        channel=settings.DEFAULT_CHANNEL, acts=",".join(document.filing.acts if document.filing else ()),
        content_sha256=content_sha, assessment_sha256=assessment_sha, created_at=now,
        digest=_digest(content=content_sha, assessment=assessment_sha, **fields), **fields,
    )  # fmt: skip
    prepared.add(version)
    amounts = {
        name: getattr(assessment.totals, name)
        for name in ("duty", "antidumping", "countervailing", "tax", "fees", "total")
    } | {f"fee {one.code}": one.amount for one in assessment.fees}
    prepared.add_all(
        DutyTotal(version=version, kind=kind, amount=Decimal(amount), currency=assessment.currency)
        for kind, amount in amounts.items()
    )
    return version


def _free_lrn(own: str, number: int) -> str:
    """A local reference that nothing on the channel has had: answers and questions are matched by it.

    A void version keeps its own for ever, and another filer may have chosen the same words.
    """
    wanted = lrn_of(own, number)
    if not prepared.read(LRN_IS_TAKEN, settings.DEFAULT_CHANNEL, wanted):
        return wanted
    same_start = DeclarationVersion.objects.filter(channel=settings.DEFAULT_CHANNEL, lrn__startswith=own[:17])
    taken = set(same_start.values_list("lrn", flat=True))
    others = (lrn_of(own[:17], count) for count in range(1000, 10_000))
    return next(lrn for lrn in others if lrn not in taken)


def _digest(*, content: str, assessment: str, entry_number: str, lrn: str, editions: object, statement_id: str) -> str:
    told = {
        "declaration": content, "assessment": assessment, "entry_number": entry_number, "lrn": lrn,
        "editions": editions, "statement": statement_id,
    }  # fmt: skip
    return hashlib.sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _receipt(version: DeclarationVersion, actor: Actor, now: datetime) -> Receipt:
    own, importer = actor.organization, version.declaration.importer_id
    transmitter = own.name if own else actor.label
    declarant = own if own is not None and own.pk == importer else version.declaration.importer
    message = "\n".join([version.reference, version.digest, version.lrn, version.channel, now.isoformat(), transmitter])
    key_id, code = keys.sign("receipt", message.encode())
    return Receipt(
        version=version, at=now, digest=version.digest, channel=version.channel, declarant=declarant.name,
        transmitter=transmitter, key_id=key_id, code=code,
    )  # fmt: skip
