"""A whole declaration in one act: looked at before, then drafted, prepared, signed and filed in one transaction.

It leaves the same rows, trail, events and digest as the four steps of a person; only the statements are
fewer. `look` writes nothing; `file_now`, `keep_draft` and `submit_now` are called in the caller's transaction.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec
from django.db import connection, transaction

from declarations.access import require_authority
from declarations.document import SCHEMA, Document
from declarations.flow import Act, Filing, after
from declarations.freeze import split_tidily
from declarations.messages.wco_xml import encode
from declarations.models import Declaration, DeclarationVersion, FilerCode, GoodsItem, Receipt
from declarations.services import numbers
from declarations.services.acting import worth_of
from declarations.services.filed_shipments import keep_shipments
from declarations.services.filing import NotAllowedToSign
from declarations.services.mirrors import mirror_header, mirrored
from declarations.services.proofs import receipt_of, signature_over
from declarations.services.reviewing import HasErrors, Review, complete, review
from declarations.services.telling import ENTRY_DAYS, ENTRY_LAW, entry_words
from declarations.services.versions import store_version
from portal import prepared
from portal.accounts.actors import Actor
from portal.accounts.models import Organization, User
from portal.clocks.models import Deadline
from portal.desk.services import publish_all
from portal.gateway.services import enqueue
from portal.personal import seal_in_bytes
from portal.timezones import party_date
from portal.trail.services import record_many

CREATED = "declaration.create"
STEPS = (Act.PREPARE, Act.SIGN, Act.SUBMIT)
NOT_KEPT = 0  # the key of a declaration that stands in no table yet
METHOD = "client_credentials"
INSERT_LINES = {
    "postgresql": (
        "INSERT INTO declarations_goodsitem"
        " (declaration_id, key, sequence, description, hts_number, origin_country, content)"
        " SELECT %s, one.* FROM jsonb_to_recordset(%s::jsonb) AS one"
        " (key text, sequence int, description text, hts_number text, origin_country text, content jsonb)"
    ),
    "sqlite": (
        "INSERT INTO declarations_goodsitem"
        " (declaration_id, key, sequence, description, hts_number, origin_country, content)"
        " SELECT %s, value->>'key', value->>'sequence', value->>'description', value->>'hts_number',"
        " value->>'origin_country', value->'content' FROM json_each(%s)"
    ),
}


class Looked(NamedTuple):
    """A declaration that nobody has kept yet, and what the portal thinks of it (None: nobody has asked)."""

    declaration: Declaration
    lines: list[dict[str, Any]]
    document: Document
    review: Review | None


class Filed(NamedTuple):
    """What stands after filing."""

    declaration: Declaration
    version: DeclarationVersion
    receipt: Receipt


def look(
    *, document: Document, importer: Organization, filer: Organization, actor: Actor, now: datetime, check: bool = True
) -> Looked:
    """The document as a declaration of this importer, reviewed on demand. Writes nothing and takes no number."""
    header, lines, tidied = split_tidily(document)
    fixed = {"profile": importer.party, "schema": SCHEMA, "function": "original"}
    numbered = tuple(
        one if one.sequence == number else msgspec.structs.replace(one, sequence=number)
        for number, one in enumerate(tidied.items, start=1)
    )
    whole = msgspec.structs.replace(tidied, items=numbered, **fixed)
    declaration = Declaration(
        id=NOT_KEPT, importer=importer, filer=filer, transmitter=actor.organization, created_by=actor.signatory,
        party=importer.party, header=header, created_at=now, updated_at=now, item_count=len(lines),
    )  # fmt: skip
    mirror_header(declaration)
    signatory = actor.signatory if actor.may("declaration.sign") else None
    found = review(declaration=declaration, now=now, signatory=signatory, document=whole) if check else None
    return Looked(declaration, lines, whole, found)


def keep_draft(looked: Looked, *, actor: Actor, now: datetime) -> Declaration:
    """What was looked at stands as a draft, with trail, event and clock."""
    (key,) = prepared.reserve(Declaration)
    with prepared.together():
        declaration = _keep(looked, now, key)
        _remember(declaration, [(CREATED, {}, [])], actor, now)
    return declaration


def file_now(looked: Looked, *, actor: Actor, now: datetime) -> Filed:
    """What was looked at is filed: version, signature, receipt, message, trail and events stand together.

    Raises HasErrors, NotAllowedToSign, NumbersExhausted, NumberTaken.
    """
    found, draft, signatory = looked.review, looked.declaration, actor.signatory
    if found is None or found.errors:
        raise HasErrors(found or review(declaration=draft, now=now, document=looked.document))
    if signatory is None or not actor.may("declaration.sign"):
        raise NotAllowedToSign("Your role does not allow you to sign for the importer.")
    for action in ("declaration.sign", "declaration.transmit"):
        require_authority(
            actor, draft, action, on=party_date(now, draft.party), worth=lambda: worth_of(found.assessment)
        )
    filer_code, entry_number = numbers.next_for(filer=draft.filer, wanted=found.document.entry_number)
    keys = prepared.reserve(Declaration, DeclarationVersion)
    with prepared.together():
        return _file(looked, found, signatory, filer_code, entry_number, keys, actor, now)


def try_now(looked: Looked, *, actor: Actor, now: datetime) -> None:
    """All that filing does is done and taken back: nothing is kept. Raises what `file_now` raises."""
    with transaction.atomic():
        file_now(looked, actor=actor, now=now)
        transaction.set_rollback(True)


def _file(
    looked: Looked, found: Review, signatory: User, filer_code: FilerCode, entry_number: str, keys: list[int],
    actor: Actor, now: datetime,
) -> Filed:  # fmt: skip
    """All rows of a filing, under the keys that were reserved."""
    declaration = _keep(
        looked, now, keys[0], live_version_id=keys[1], entry_number=entry_number, submitted_at=now,
        filing=_through(STEPS)[-1][1].value, total_due=Decimal(found.assessment.totals.total),
    )  # fmt: skip
    numbers.enter(filer_code=filer_code, number=entry_number, declaration=declaration, now=now)
    document = complete(found.document, found.assessment, entry_number)
    submitted = DeclarationVersion.State.SUBMITTED
    version, plain = store_version(declaration, document, found, entry_number, now, state=submitted, first=keys[1])
    _refuse_twin(looked, version, now)
    declaration.live_version = version
    signature = signature_over(
        version, chosen=document.declarant_statement, party=declaration.party, signatory=signatory, method=METHOD,
        now=now,
    )  # fmt: skip
    prepared.add(signature)
    receipt = receipt_of(version, actor, now)
    prepared.add(receipt)
    keep_shipments(declaration.importer, version, document)
    body = encode(document, assessment=found.assessment, lrn=version.lrn, version=version.number, plain=plain)
    enqueue(
        subject=declaration.reference, channel=version.channel, purpose="declarations", local_reference=version.lrn,
        body=body, correlation_id=actor.correlation_id, now=now,
    )  # fmt: skip
    told: dict[Act, dict[str, Any]] = {
        Act.PREPARE: {"digest": version.digest, "entry_number": entry_number, "lrn": version.lrn},
        Act.SIGN: {"digest": version.digest, "statement": signature.statement_id, "signatory": signatory.reference,
                   "method": METHOD},
        Act.SUBMIT: {"digest": version.digest, "lrn": version.lrn, "channel": version.channel},
    }  # fmt: skip
    _remember(declaration, _steps(version, told), actor, now)
    return Filed(declaration, version, receipt)


def _refuse_twin(looked: Looked, version: DeclarationVersion, now: datetime) -> None:
    """Where the own reference was free when it was looked at and is not now: what the rules say of it now stops it.

    Filings of one filer come here one after the other, since each holds the row that gives out its numbers.
    """
    if version.lrn in ("", looked.document.functional_reference_id, looked.declaration.reference):
        return
    fresh = review(declaration=looked.declaration, now=now, document=looked.document)
    if fresh.errors:
        raise HasErrors(fresh)


def _steps(
    version: DeclarationVersion, told: dict[Act, dict[str, Any]]
) -> list[tuple[str, dict[str, Any], list[dict[str, Any]]]]:
    """Trail and feed of the three steps, after the draft began."""
    found: list[tuple[str, dict[str, Any], list[dict[str, Any]]]] = [(CREATED, {}, [])]
    for act, (was, to) in zip(STEPS, _through(STEPS), strict=True):
        data = {"from": was.value, "to": to.value, "version": version.number, **told[act]}
        change = {"pointer": "/filing", "from": was.value, "to": to.value}
        found.append((f"declaration.{act.value.lower()}", data, [change]))
    return found


def _through(acts: tuple[Act, ...]) -> list[tuple[Filing, Filing]]:
    """The states that a draft goes through, pair by pair, as the table has them."""
    pairs, state = [], Filing.DRAFT
    for act in acts:
        to = after(state, act)
        pairs.append((state, to))
        state = to
    return pairs


def _keep(looked: Looked, now: datetime, key: int, **columns: Any) -> Declaration:
    """The declaration and its lines stand, with the clock that runs from the arrival: three statements."""
    draft = looked.declaration
    declaration = Declaration(
        importer=draft.importer, filer=draft.filer, transmitter=draft.transmitter, created_by=draft.created_by,
        party=draft.party, header=draft.header, created_at=now, updated_at=now, item_count=draft.item_count, **columns,
    )  # fmt: skip
    mirror_header(declaration)
    new_key = GoodsItem._meta.get_field("key").get_default
    rows = [
        {"key": new_key(), "sequence": place, "content": one, **mirrored(one)}
        for place, one in enumerate(looked.lines, start=1)
    ]
    declaration.goods = next((one["description"] for one in rows if one["description"]), "")
    prepared.add(declaration, key=key)
    prepared.run(INSERT_LINES[connection.vendor], [declaration.pk, seal_in_bytes(msgspec.json.encode(rows)).decode()])
    if declaration.arrives_on is not None:
        prepared.add(
            Deadline(
                subject=declaration.reference, kind="entry", organization=declaration.importer, created_at=now,
                due_on=declaration.arrives_on + timedelta(days=ENTRY_DAYS), law=ENTRY_LAW,
                words=entry_words(declaration),
            )
        )  # fmt: skip
    return declaration


def _remember(
    declaration: Declaration, steps: list[tuple[str, dict[str, Any], list[dict[str, Any]]]], actor: Actor, now: datetime
) -> None:
    """Trail and feeds, last in the transaction: they take locks."""
    entries = [(kind, data) for kind, data, _ in steps]
    record_many(subject=declaration.reference, entries=entries, actor=actor, now=now, is_new=True)
    parties = (declaration.importer_id, declaration.filer_id, declaration.transmitter_id)
    publish_all(
        organizations=[one for one in parties if one is not None], events=[(kind, said) for kind, _, said in steps],
        reference=declaration.reference, actor=actor, now=now,
    )  # fmt: skip
