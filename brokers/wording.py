"""The words of a mandate as they are signed, the digest over all it says, and whether a signature is still true."""

import hashlib
import json
from datetime import date
from typing import NamedTuple

from brokers.models import Mandate
from brokers.terms import Form, anniversary, form_on
from portal import keys
from portal.accounts.models import User

PURPOSE = "mandate"


class Wording(NamedTuple):
    """What is read and signed on a day."""

    form: Form
    words: str
    notice: str
    ends_on: date | None
    digest: str


def wording_of(mandate: Mandate, on: date) -> Wording:
    """The words that a signature of that day covers, with the last day that the form allows. Raises NoForm."""
    form = form_on(mandate.party, on)
    ends_on = last_day(form, is_partnership=mandate.is_partnership, wanted=mandate.ends_on, on=on)
    names = {"principal": mandate.principal.name, "agent": mandate.agent.name}
    words = form.text.format(**names, **_scope(mandate, ends_on))
    notice = form.payment_notice.format(**names)
    return Wording(form, words, notice, ends_on, _digest(mandate, form.id, words, notice, ends_on))


def last_day(form: Form, *, is_partnership: bool, wanted: date | None, on: date) -> date | None:
    """The day wished for, or the last that the form allows a partnership that signs on that day."""
    if not is_partnership or form.partnership_years is None:
        return wanted
    most = anniversary(on, form.partnership_years)
    return most if wanted is None else min(wanted, most)


def seal(mandate: Mandate, signatory: User) -> tuple[str, str]:
    """The key's id and the code over everything that is signed, and by whom and when."""
    return keys.sign(PURPOSE, _message(mandate, signatory))


def is_genuine(mandate: Mandate) -> bool:
    """True where the mandate still says what was signed, and its code is the one that the portal gave."""
    if mandate.signed_by is None:
        return False
    digest = _digest(mandate, mandate.form, mandate.statement, mandate.payment_notice, mandate.ends_on)
    same = digest == mandate.digest
    return same and keys.verify(mandate.key_id, _message(mandate, mandate.signed_by), mandate.signature_code)


def _message(mandate: Mandate, signatory: User) -> bytes:
    at = mandate.signed_at.isoformat() if mandate.signed_at else ""
    parts = [mandate.digest, signatory.reference, mandate.signed_name, mandate.signed_title, mandate.method, at]
    return "\n".join(parts).encode()


def _digest(mandate: Mandate, form: str, words: str, notice: str, ends_on: date | None) -> str:
    said = {
        "number": mandate.number, "party": mandate.party, "form": form, "words": words, "payment_notice": notice,
        "principal": mandate.principal.reference, "agent": mandate.agent.reference,
        "actions": sorted(mandate.actions), "document_types": sorted(mandate.document_types),
        "ports": sorted(mandate.ports), "starts_on": mandate.starts_on.isoformat(),
        "value_limit": f"{mandate.value_limit:.2f} {mandate.value_currency}" if mandate.value_limit else "",
        "ends_on": ends_on.isoformat() if ends_on else "", "partners": mandate.partners,
    }  # fmt: skip
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _scope(mandate: Mandate, ends_on: date | None) -> dict[str, str]:
    """The limits as phrases that fit the text of a form."""
    limit = f"{mandate.value_currency} {mandate.value_limit:,.2f}" if mandate.value_limit else ""
    partners = f" {mandate.principal.name} is a partnership of {_and(mandate.partners)}." if mandate.partners else ""
    return {
        "actions": "; ".join(mandate.action_words),
        "types": f"entry types {_and(mandate.document_types)}" if mandate.document_types else "all entry types",
        "ports": f"the ports {_and(mandate.ports)}" if mandate.ports else "all ports",
        "limit": f"goods of at most {limit} a filing" if limit else "goods of any value",
        "starts": _day(mandate.starts_on),
        "ends": f"ends with {_day(ends_on)}" if ends_on else "lasts until it is revoked or ended",
        "partners": partners,
    }


def _and(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
