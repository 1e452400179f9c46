"""What may be done with a mandate, when, and from which side. Pure."""

from enum import StrEnum

from portal.errors import DomainError


class State(StrEnum):
    """Where a mandate stands."""

    OFFERED = "OFFERED"
    ASKED = "ASKED"
    LIVE = "LIVE"
    DECLINED = "DECLINED"
    REVOKED = "REVOKED"
    ENDED = "ENDED"


class Act(StrEnum):
    """What moves it."""

    SIGN = "SIGN"
    DECLINE = "DECLINE"
    REVOKE = "REVOKE"
    END = "END"


class Side(StrEnum):
    """Who moves it: the importer, who acts for it, or the calendar."""

    PRINCIPAL = "principal"
    AGENT = "agent"
    CLOCK = "clock"


TABLE: dict[tuple[State, Act], State] = {
    (State.OFFERED, Act.SIGN): State.LIVE,
    (State.OFFERED, Act.DECLINE): State.DECLINED,
    (State.OFFERED, Act.REVOKE): State.REVOKED,
    (State.OFFERED, Act.END): State.ENDED,
    (State.ASKED, Act.SIGN): State.LIVE,
    (State.ASKED, Act.DECLINE): State.DECLINED,
    (State.ASKED, Act.END): State.ENDED,
    (State.LIVE, Act.REVOKE): State.REVOKED,
    (State.LIVE, Act.END): State.ENDED,
}
# Only the importer signs and revokes (19 CFR 111.36, 141.35); an agent may give up what it holds or asked for.
SIDES: dict[tuple[State, Act], frozenset[Side]] = {
    (State.OFFERED, Act.SIGN): frozenset({Side.PRINCIPAL}),
    (State.OFFERED, Act.DECLINE): frozenset({Side.AGENT}),
    (State.OFFERED, Act.REVOKE): frozenset({Side.PRINCIPAL}),
    (State.OFFERED, Act.END): frozenset({Side.CLOCK}),
    (State.ASKED, Act.SIGN): frozenset({Side.PRINCIPAL}),
    (State.ASKED, Act.DECLINE): frozenset({Side.PRINCIPAL}),
    (State.ASKED, Act.END): frozenset({Side.AGENT, Side.CLOCK}),
    (State.LIVE, Act.REVOKE): frozenset({Side.PRINCIPAL}),
    (State.LIVE, Act.END): frozenset({Side.AGENT, Side.CLOCK}),
}
WAITING = (State.OFFERED, State.ASKED)
OVER = (State.DECLINED, State.REVOKED, State.ENDED)
WORDS = {Act.SIGN: "signed", Act.DECLINE: "declined", Act.REVOKE: "revoked", Act.END: "ended"}
# The action of the role table that an act takes, by side. The clock needs none.
NEEDS: dict[tuple[Act, Side], str] = {
    (Act.SIGN, Side.PRINCIPAL): "mandate.sign",
    (Act.DECLINE, Side.PRINCIPAL): "mandate.sign",
    (Act.REVOKE, Side.PRINCIPAL): "mandate.revoke",
    (Act.DECLINE, Side.AGENT): "mandate.ask",
    (Act.END, Side.AGENT): "mandate.ask",
}


class MandateActRefused(DomainError):
    """The act is not possible in this state or from this side, or somebody else was faster."""

    code = "MANDATE_ACT_REFUSED"


def after(state: str, act: Act, side: Side) -> State:
    """The state that follows. Raises MandateActRefused for any pair that is not in the table, or not this side's."""
    if not may(state, act, side):
        raise MandateActRefused(_why_not(State(state), act), state=state, act=act.value)
    return TABLE[State(state), act]


def _why_not(state: State, act: Act) -> str:
    if state in OVER:
        return f"The mandate has been {state.lower()} already. Nothing more can be done with it."
    if state in WAITING:
        return f"The mandate waits for the importer's signature. It cannot be {WORDS[act]} by you."
    return f"The mandate is in force. It cannot be {WORDS[act]} by you."


def may(state: str, act: Act, side: Side) -> bool:
    """True where the table has the pair and the side may make the step."""
    return side in SIDES.get((State(state), act), frozenset())
