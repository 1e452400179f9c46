"""What customs' answers add up to. Pure: the same facts give the same standing, in whatever order they came.

Four things, joined on the page: legal state, holds, money, requests. "Released" is conditional and
is shown so; "cleared" is not a word of US law: there the summary was accepted.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct


class Legal(StrEnum):
    """Legal state of an act, lowest to highest."""

    NONE = "NONE"
    RECEIVED = "RECEIVED"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    RELEASED = "RELEASED"
    CLEARED = "CLEARED"
    CANCELLED = "CANCELLED"


RANK = {state: rank for rank, state in enumerate(Legal)}


class Kind(StrEnum):
    """Kinds of facts."""

    ACCEPTED = "ACCEPTED"
    RECEIVED = "RECEIVED"
    REJECTED = "REJECTED"
    EXAM = "EXAM"
    DOCUMENTS = "DOCUMENTS"
    CORRECTED = "CORRECTED"
    RELEASED = "RELEASED"
    CLEARED = "CLEARED"
    CANCELLED = "CANCELLED"
    DECISION = "DECISION"
    DUTY = "DUTY"
    FUNDS = "FUNDS"
    PAYMENT_ASKED = "PAYMENT_ASKED"
    RECORDED = "RECORDED"
    HOLD = "HOLD"
    QUERY = "QUERY"
    HOLD_LIFTED = "HOLD_LIFTED"
    RELEASE_REVOKED = "RELEASE_REVOKED"
    DUPLICATE = "DUPLICATE"  # "you used this local reference before": proof that the first one arrived
    UNLISTED = "UNLISTED"  # a code we do not know goes to a person


BY_FUNCTION: dict[str, Kind] = {
    "01": Kind.ACCEPTED, "02": Kind.RECEIVED, "03": Kind.REJECTED, "05": Kind.EXAM, "06": Kind.DOCUMENTS,
    "07": Kind.CORRECTED, "08": Kind.RELEASED, "09": Kind.CLEARED, "10": Kind.CANCELLED, "11": Kind.DECISION,
    "13": Kind.DUTY, "14": Kind.FUNDS, "15": Kind.PAYMENT_ASKED, "16": Kind.RECORDED, "17": Kind.RECORDED,
    "18": Kind.RECORDED, "50": Kind.HOLD, "51": Kind.QUERY,
}  # fmt: skip
LEGAL_OF: dict[Kind, Legal] = {
    Kind.RECEIVED: Legal.RECEIVED,
    Kind.ACCEPTED: Legal.ACCEPTED,
    Kind.REJECTED: Legal.REJECTED,
    Kind.RELEASED: Legal.RELEASED,
    Kind.CLEARED: Legal.CLEARED,
    Kind.CANCELLED: Legal.CANCELLED,
}
# Under the reference of a request these speak of the request; anything else is said of the declaration.
OF_REQUESTS = frozenset({Kind.ACCEPTED, Kind.RECEIVED, Kind.REJECTED, Kind.DECISION, Kind.DUPLICATE})
OPENS_HOLD = frozenset({Kind.EXAM, Kind.DOCUMENTS, Kind.HOLD, Kind.QUERY})
MONEY_RANK = {"4": 3, "115": 2, "67": 1}


class Fact(NamedTuple):
    """One thing that customs said. `version` is the filed version it answers; `request` the request's reference.

    `amends` says that the request is an amendment: its message is a declaration, and is accepted like one.
    """

    response_id: str
    kind: Kind
    issued_at: datetime
    version: int
    code: str = ""
    ground: str = ""
    request: str = ""
    amount: str = ""
    currency: str = ""
    amends: bool = False


class Hold(Struct, frozen=True, omit_defaults=True):
    """Something that keeps the goods, who opened it and since when."""

    kind: str
    ground: str
    since: str


class Money(Struct, frozen=True, omit_defaults=True):
    """The duty statement that counts."""

    status: str
    amount: str
    currency: str
    issued_at: str


class Standing(Struct, frozen=True, omit_defaults=True):
    """All of it. `examined`: customs has called an examination, whatever came of it; `released` likewise."""

    legal: str = Legal.NONE.value
    holds: tuple[Hold, ...] = ()
    money: Money | None = None
    requests: dict[str, str] = {}
    payment_asked: bool = False
    revoked: bool = False
    examined: bool = False
    released: bool = False


def standing(facts: Iterable[Fact], *, since_version: int = 1) -> Standing:
    """Derive the standing. After a rejected version was returned, only later versions count (`since_version`)."""
    distinct = {fact.response_id + fact.kind: fact for fact in facts}.values()
    counted = [one for one in distinct if one.version >= since_version]
    own = [one for one in counted if not one.request or one.kind not in OF_REQUESTS]
    releases = _standing_releases(own)
    return Standing(
        legal=_legal(own, releases).value,
        holds=_holds(own, releases),
        money=_money(counted),
        requests=_requests(distinct),
        payment_asked=_payment_asked(own),
        revoked=any(one.kind is Kind.RELEASE_REVOKED for one in own) and not releases,
        examined=any(one.kind is Kind.EXAM for one in own),
        released=any(one.kind in (Kind.RELEASED, Kind.CLEARED, Kind.RELEASE_REVOKED) for one in own),
    )


def _standing_releases(facts: list[Fact]) -> list[Fact]:
    """Releases that no revocation issued later, or in the same second, has cancelled."""
    revoked = [one.issued_at for one in facts if one.kind is Kind.RELEASE_REVOKED]
    released = [one for one in facts if one.kind is Kind.RELEASED]
    return [one for one in released if not any(one.issued_at <= when for when in revoked)]


def _legal(facts: list[Fact], releases: list[Fact]) -> Legal:
    states = [LEGAL_OF[one.kind] for one in facts if one.kind in LEGAL_OF and one.kind is not Kind.RELEASED]
    if releases:
        states.append(Legal.RELEASED)
    return max(states, key=RANK.__getitem__, default=Legal.NONE)


def _holds(facts: list[Fact], releases: list[Fact]) -> tuple[Hold, ...]:
    freed = [one.issued_at for one in (*releases, *(f for f in facts if f.kind is Kind.CLEARED))]
    lifted = [one for one in facts if one.kind is Kind.HOLD_LIFTED]
    open_holds = {
        (one.kind.value, one.ground, one.issued_at)
        for one in facts
        if one.kind in OPENS_HOLD
        and not any(one.issued_at <= when for when in freed)
        and not any(one.issued_at <= lift.issued_at and lift.ground in ("", one.ground) for lift in lifted)
    }
    return tuple(Hold(kind, ground, since.isoformat()) for kind, ground, since in sorted(open_holds))


def _money(facts: list[Fact]) -> Money | None:
    statements = [one for one in facts if one.kind is Kind.DUTY]
    if not statements:
        return None
    best = max(statements, key=lambda one: (MONEY_RANK.get(one.code, 0), one.issued_at, one.version, one.response_id))
    return Money(best.code, best.amount, best.currency, best.issued_at.isoformat())


def _requests(facts: Iterable[Fact]) -> dict[str, str]:
    """A decision settles a request, the later of two; where there is none a rejection refuses it.

    An amendment is granted by its acceptance too, a cancellation by the fact that customs cancelled.
    """
    found: dict[str, str] = {}
    for one in sorted(facts, key=lambda fact: (fact.issued_at, fact.response_id)):
        if one.request and one.kind is Kind.DECISION:
            found[one.request] = "GRANTED" if one.code == "39" else "REFUSED"
        elif one.request and one.kind is Kind.REJECTED:
            found.setdefault(one.request, "REFUSED")
        elif one.request and one.kind is (Kind.ACCEPTED if one.amends else Kind.CANCELLED):
            found.setdefault(one.request, "GRANTED")
    return found


def _payment_asked(facts: list[Fact]) -> bool:
    asked = [one.issued_at for one in facts if one.kind in (Kind.FUNDS, Kind.PAYMENT_ASKED)]
    paid = [one.issued_at for one in facts if one.kind is Kind.CLEARED or (one.kind is Kind.DUTY and one.code == "4")]
    return bool(asked) and not any(when >= max(asked) for when in paid)
