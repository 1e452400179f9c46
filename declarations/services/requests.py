"""Requests to customs about a filed declaration: one open at a time. Cancel before release; see also `amending`."""

from datetime import datetime

from django.db import IntegrityError, transaction

from declarations.flow import ActRefused, Filing, RequestKind, RequestState
from declarations.messages.wco_xml import encode_cancellation
from declarations.models import Declaration, DeclarationVersion, Request
from declarations.services.acts import parties_to
from portal.accounts.actors import Actor
from portal.desk.services import publish
from portal.errors import DomainError
from portal.gateway.services import enqueue
from portal.trail.services import record

# Why an entry is cancelled: cargo release cancel reasons (CATAIR SE13, positions 60-61).
CANCEL_REASONS = {
    "01": "Clerical error",
    "02": "Replaced by an in-bond movement",
    "03": "Another entry covers the goods",
    "04": "Goods admitted to a foreign-trade zone",
    "05": "Informal entry made instead",
    "06": "Goods seized",
    "07": "Goods destroyed",
    "08": "Goods never arrived",
    "09": "Goods refused",
    "10": "Filed without authority",
    "11": "System error",
}
OVER = ("RELEASED", "CLEARED", "CANCELLED", "REJECTED")
PENDING = "Customs has not yet answered an earlier request about this declaration. Wait for its answer."


class RequestPending(DomainError):
    """A request waits for its answer; customs takes no other until then."""

    code = "REQUEST_PENDING"


def may_cancel(declaration: Declaration) -> bool:
    """True from the submission until the goods are released."""
    return declaration.filing == Filing.SUBMITTED and declaration.legal not in OVER


@transaction.atomic
def cancel(*, declaration: Declaration, reason_code: str, reason: str, actor: Actor, now: datetime) -> Request:
    """Customs is asked to cancel the declaration.

    Raises RequestPending, and ActRefused: too late, unknown reason, asked already.
    """
    if reason_code not in CANCEL_REASONS:
        raise ActRefused("Choose one of the reasons for which an entry can be cancelled.")
    locked = Declaration.objects.select_for_update(of=("self",)).get(pk=declaration.pk)
    version = locked.live_version
    if version is None or not may_cancel(locked):
        raise ActRefused("This declaration can no longer be cancelled here.")
    earlier = Request.objects.filter(version__declaration=locked)
    if earlier.filter(state=RequestState.OPEN.value).exclude(kind=RequestKind.CANCEL.value).exists():
        raise RequestPending(PENDING)
    count = earlier.count()
    lrn = f"{_base(version)}-C{count + 1}"
    try:
        with transaction.atomic():
            request = Request.objects.create(
                version=version, kind=RequestKind.CANCEL.value, lrn=lrn, reason_code=reason_code, reason=reason[:512],
                created_by=actor.user, created_at=now,
            )  # fmt: skip
    except IntegrityError:
        raise ActRefused("Customs has already been asked to cancel this declaration.") from None
    words = f"{CANCEL_REASONS[reason_code]}. {reason}".strip()
    body = encode_cancellation(
        entry_number=version.entry_number, lrn=lrn, reason=words, code=reason_code, entry_type=locked.entry_type
    )
    enqueue(
        subject=locked.reference, channel=version.channel, purpose="declarations", local_reference=lrn, body=body,
        correlation_id=actor.correlation_id, now=now,
    )  # fmt: skip
    data = {"request": request.reference, "lrn": lrn, "reason_code": reason_code, "reason": reason}
    record(subject=locked.reference, kind="request.cancel", actor=actor, now=now, data=data)
    publish(organizations=parties_to(locked), kind="request.cancel", reference=locked.reference, actor=actor, now=now)
    return request


def _base(version: DeclarationVersion) -> str:
    return version.lrn[:18]
