"""The way of a complaint, as a table. Pure."""

from enum import StrEnum

from portal.errors import DomainError


class State(StrEnum):
    """Where a complaint is."""

    RECEIVED = "RECEIVED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    DECIDED = "DECIDED"


class Act(StrEnum):
    """What the ombudsman does with it."""

    ACKNOWLEDGE = "acknowledge"
    DECIDE = "decide"


TABLE: dict[tuple[State, Act], State] = {
    (State.RECEIVED, Act.ACKNOWLEDGE): State.ACKNOWLEDGED,
    (State.ACKNOWLEDGED, Act.DECIDE): State.DECIDED,
}
ACKNOWLEDGED_BY, DECIDED_BY = "complaint_ack", "complaint_decide"
CLOCK: dict[Act, str] = {Act.ACKNOWLEDGE: ACKNOWLEDGED_BY, Act.DECIDE: DECIDED_BY}


class ComplaintMoved(DomainError):
    """The complaint is not, or no longer, where this can be done."""

    code = "COMPLAINT_MOVED"


def after(state: str, act: Act) -> State:
    """The state after an act. Raises ComplaintMoved."""
    found = TABLE.get((State(state), act))
    if found is None:
        raise ComplaintMoved(f"This complaint is {state.lower()}: it cannot be {act}d now.")
    return found
