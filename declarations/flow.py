"""What the filer may do when: one table for filings, one for requests. Pure.

Customs' side is not here: it is derived from what customs said (`standing.py`).
"""

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
}


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


def may(state: str, act: Act) -> bool:
    """True where the table has the pair."""
    return (Filing(state), act) in TABLE
