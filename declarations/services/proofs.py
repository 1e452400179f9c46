"""What proves an act later: the signature over a digest, the receipt of a submission. Built here, written by others."""

import hashlib
import json
from datetime import datetime

from declarations.document import DeclarantStatement
from declarations.models import DeclarationVersion, Receipt, Signature
from declarations.statements import statement_on, words_of
from portal import keys
from portal.accounts.actors import Actor
from portal.accounts.models import User
from portal.timezones import party_date


def signature_over(
    version: DeclarationVersion, *, chosen: DeclarantStatement | None, party: str, signatory: User, method: str,
    now: datetime,
) -> Signature:  # fmt: skip
    """The signature of a person over the version's digest, with the words in force and the declarant's choices."""
    statement = statement_on(party_date(now, party))
    words = words_of(
        statement, capacity=chosen.capacity if chosen else None, obtained_by=chosen.obtained_by if chosen else None
    )
    name = signatory.get_full_name() or signatory.email
    message = "\n".join([version.digest, statement.id, words, signatory.reference, name, now.isoformat()])
    key_id, code = keys.sign("signature", message.encode())
    return Signature(
        version=version, signatory=signatory, name=name, title=signatory.title, statement_id=statement.id,
        statement=words, digest=version.digest, method=method, signed_at=now, key_id=key_id, code=code,
    )  # fmt: skip


def receipt_of(version: DeclarationVersion, actor: Actor, now: datetime) -> Receipt:
    """The receipt of a submission in this moment, with the portal's own code over it (SF-29)."""
    own, importer = actor.organization, version.declaration.importer_id
    transmitter = own.name if own else actor.label
    declarant = own if own is not None and own.pk == importer else version.declaration.importer
    key_id, code = keys.sign("receipt", _receipt_message(version, now, transmitter))
    return Receipt(
        version=version, at=now, digest=version.digest, channel=version.channel, declarant=declarant.name,
        transmitter=transmitter, key_id=key_id, code=code,
    )  # fmt: skip


def is_genuine(given: Receipt) -> bool:
    """The receipt carries the code that the portal gave it, and the version is still what was filed."""
    version = given.version
    same = given.digest == version.digest == digest_of(version)
    return same and keys.verify(given.key_id, _receipt_message(version, given.at, given.transmitter), given.code)


def digest_of(version: DeclarationVersion) -> str:
    """The digest as it follows from what the version holds."""
    return digest_over(
        content=version.content_sha256, assessment=version.assessment_sha256, entry_number=version.entry_number,
        lrn=version.lrn, editions=version.editions, statement_id=version.statement_id,
    )  # fmt: skip


def digest_over(
    *, content: str, assessment: str, entry_number: str, lrn: str, editions: object, statement_id: str
) -> str:
    """SHA-256 over all that a signature covers, in hexadecimal."""
    told = {
        "declaration": content, "assessment": assessment, "entry_number": entry_number, "lrn": lrn,
        "editions": editions, "statement": statement_id,
    }  # fmt: skip
    return hashlib.sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _receipt_message(version: DeclarationVersion, at: datetime, transmitter: str) -> bytes:
    parts = [version.reference, version.digest, version.lrn, version.channel, at.isoformat(), transmitter]
    return "\n".join(parts).encode()
