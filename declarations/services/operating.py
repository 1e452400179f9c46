"""What an operator may do with messages, each with a reason in the trail."""

from datetime import datetime

from django.db import transaction

from declarations.models import Declaration
from declarations.services import responses
from portal.accounts.actors import Actor
from portal.errors import DomainError
from portal.gateway.models import InboundMessage, OutboundMessage
from portal.gateway.services import ask_now, put_back, replay
from portal.trail.services import record


class NothingToDo(DomainError):
    """The message is not in a state in which the operator can act."""

    code = "NOTHING_TO_DO"


@transaction.atomic
def retry(*, message: OutboundMessage, reason: str, actor: Actor, now: datetime) -> None:
    """A dead message goes out again, and one that is through once more; an unknown one is asked about at once.

    Raises NothingToDo, NotDead, NotThrough.
    """
    kind = "message.retry"
    if message.state == OutboundMessage.State.DEAD:
        put_back(message=message, now=now)
    elif message.state == OutboundMessage.State.UNKNOWN:
        ask_now(message=message, now=now)
    elif message.state == OutboundMessage.State.DELIVERED:
        replay(message=message, now=now)
        kind = "message.replay"
    else:
        raise NothingToDo("This message goes on by itself.")
    _tell(message.subject, kind, message.reference, reason, actor, now)


@transaction.atomic
def adopt(*, message: InboundMessage, reason: str, actor: Actor, now: datetime) -> None:
    """An unmatched or failed answer is tried again at once. Raises NothingToDo."""
    if message.state not in (InboundMessage.State.UNMATCHED, InboundMessage.State.FAILED):
        raise NothingToDo("This answer has been applied.")
    responses.adopt(inbound=message, now=now)
    _tell(f"inbound:{message.reference}", "message.adopt", message.reference, reason, actor, now)


def _tell(subject: str, kind: str, reference: str, reason: str, actor: Actor, now: datetime) -> None:
    known = Declaration.objects.filter(reference=subject).exists()
    chain = subject if known else f"message:{reference}"
    record(subject=chain, kind=kind, actor=actor, now=now, data={"message": reference, "reason": reason})
