"""What the filer may do when: one table for filings, one for requests, one for amendments. Pure.

Customs' side is not here: it is derived from what customs said (`standing.py`).
"""

from collections.abc import Collection
from enum import StrEnum

from portal.errors import DomainError


class Filing(StrEnum):
    """What the filer has done with a declaration."""

    DRAFT = "DRAFT"
    READY = "READY"
    SIGNED = "SIGNED"
    SUBMITTED = "SUBMITTED"
    WITHDRAWN = "WITHDRAWN"
    ABANDONED = "ABANDONED"


class Act(StrEnum):
    """What moves a filing."""

    PREPARE = "PREPARE"
    REOPEN = "REOPEN"
    SIGN = "SIGN"
    SUBMIT = "SUBMIT"
    RETURN = "RETURN"
    WITHDRAW = "WITHDRAW"
    EXPIRE = "EXPIRE"


TABLE: dict[tuple[Filing, Act], Filing] = {
    (Filing.DRAFT, Act.PREPARE): Filing.READY,
    (Filing.DRAFT, Act.WITHDRAW): Filing.WITHDRAWN,
    (Filing.DRAFT, Act.EXPIRE): Filing.ABANDONED,
    (Filing.READY, Act.REOPEN): Filing.DRAFT,
    (Filing.READY, Act.SIGN): Filing.SIGNED,
    (Filing.SIGNED, Act.REOPEN): Filing.DRAFT,
    (Filing.SIGNED, Act.SUBMIT): Filing.SUBMITTED,
    (Filing.SUBMITTED, Act.RETURN): Filing.DRAFT,  # only where customs rejected it
    (Filing.SUBMITTED, Act.WITHDRAW): Filing.WITHDRAWN,  # only by the fact that customs cancelled it
}
VERSION_AFTER: dict[Act, str] = {
    Act.PREPARE: "READY",
    Act.REOPEN: "VOID",
    Act.SIGN: "SIGNED",
    Act.SUBMIT: "SUBMITTED",
    Act.RETURN: "RETURNED",
    Act.WITHDRAW: "WITHDRAWN",
}


class RequestState(StrEnum):
    """Where a request to customs stands."""

    OPEN = "OPEN"
    GRANTED = "GRANTED"
    REFUSED = "REFUSED"


class RequestKind(StrEnum):
    """Amend, cancel, goods presented: the type codes of additional messages."""

    AMEND = "COR"
    CANCEL = "INV"
    PRESENT = "GPR"


REQUEST_TABLE: dict[tuple[RequestState, str], RequestState] = {
    (RequestState.OPEN, "GRANT"): RequestState.GRANTED,
    (RequestState.OPEN, "REFUSE"): RequestState.REFUSED,
    (RequestState.GRANTED, "REFUSE"): RequestState.REFUSED,  # where customs decides twice, its later decision stands,
    (RequestState.REFUSED, "GRANT"): RequestState.GRANTED,  # in whatever order the two were heard
}

# From when on a filed declaration may be amended: by Party, a parameter that begins on a day, since the law of the
# United States has no article for it. The end is the same everywhere: examination called, or goods released (Mexico:
# Ley Aduanera article 89; United States: CATAIR cargo release, corrections before release, dispositions 84 and 86).
AMENDABLE_PARAMETER = "amendable_legal_states"


class ActRefused(DomainError):
    """The act is not possible in this state, or somebody else was faster."""

    code = "ACT_REFUSED"


def after(state: str, act: Act) -> Filing:
    """The state that follows. Raises ActRefused for any pair that is not in the table."""
    try:
        return TABLE[Filing(state), act]
    except KeyError:
        raise ActRefused(
            f"{act.value.capitalize()} is not possible for a declaration that is {state.lower()}."
        ) from None


def after_decision(state: str, act: str) -> RequestState:
    """The state of a request after GRANT or REFUSE. Raises ActRefused for any pair that is not in the table."""
    try:
        return REQUEST_TABLE[RequestState(state), act]
    except KeyError:
        raise ActRefused(f"A request that is {state.lower()} stays as it is.") from None


def amendable(filing: str, legal: str, *, states: Collection[str], examined: bool, released: bool) -> bool:
    """True in one of the legal states, until customs has once called an examination or released the goods."""
    return filing == Filing.SUBMITTED and legal in states and not examined and not released


def may(state: str, act: Act) -> bool:
    """True where the table has the pair."""
    return (Filing(state), act) in TABLE
