"""What may be done with a law change, and when. Pure."""

from enum import StrEnum

from portal.errors import DomainError


class State(StrEnum):
    """Where a law change stands."""

    DRAFT = "DRAFT"
    RUNNING = "RUNNING"
    STOPPED = "STOPPED"
    DONE = "DONE"
    PUBLISHED = "PUBLISHED"


class Act(StrEnum):
    """What moves it."""

    START = "START"
    STOP = "STOP"
    RESUME = "RESUME"
    FINISH = "FINISH"
    PUBLISH = "PUBLISH"


TABLE: dict[tuple[State, Act], State] = {
    (State.DRAFT, Act.START): State.RUNNING,
    (State.RUNNING, Act.STOP): State.STOPPED,
    (State.STOPPED, Act.RESUME): State.RUNNING,
    (State.RUNNING, Act.FINISH): State.DONE,
    (State.DONE, Act.START): State.RUNNING,  # again, for declarations filed since: what is there is left as it is
    (State.DONE, Act.PUBLISH): State.PUBLISHED,
}


class ChangeRefused(DomainError):
    """The act is not possible in this state."""

    code = "LAW_CHANGE_REFUSED"


def after(state: str, act: Act) -> State:
    """The state after the act. Raises ChangeRefused."""
    found = TABLE.get((State(state), act))
    if found is None:
        raise ChangeRefused(f"A law change that is {state.lower()} cannot be: {act.lower()}.")
    return found
