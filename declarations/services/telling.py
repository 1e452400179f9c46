"""What people are told when customs answers: tasks, notices and deadlines, each once for its cause."""

from datetime import datetime, timedelta

from declarations.flow import RequestKind, RequestState
from declarations.messages.wco_response import Response
from declarations.models import ControlFact, Declaration, Request
from declarations.services.acts import parties_to
from declarations.standing import OF_REQUESTS, Kind, Standing
from portal.accounts.models import Organization
from portal.clocks.calendars import add_business_days
from portal.clocks.models import Deadline
from portal.clocks.services import set_deadline, settle_deadline
from portal.desk.services import close_tasks, open_task
from portal.desk.services import tell as tell_organizations
from portal.timezones import party_date

SUMMARY_DAYS = 10  # working days after the time of entry, 19 CFR 142.12(b)
ENTRY_DAYS, ENTRY_LAW = 15, "19 CFR 142.2(a)"  # calendar days after landing

WORDS: dict[Kind, str] = {
    Kind.RECEIVED: "Customs has received declaration {number}.",
    Kind.ACCEPTED: "Customs has accepted declaration {number}.",
    Kind.REJECTED: "Customs has rejected declaration {number}. See what to correct.",
    Kind.EXAM: "Customs will examine the goods of declaration {number}.",
    Kind.DOCUMENTS: "Customs asks for documents for declaration {number}.",
    Kind.CORRECTED: "Customs has corrected declaration {number}.",
    Kind.RELEASED: "The goods of declaration {number} are released, conditionally.",
    Kind.CLEARED: "The entry summary {number} is accepted.",
    Kind.CANCELLED: "Declaration {number} is cancelled.",
    Kind.DUTY: "There is a duty statement for declaration {number}.",
    Kind.FUNDS: "The payment for declaration {number} did not go through.",
    Kind.PAYMENT_ASKED: "Customs asks for the payment of declaration {number}.",
    Kind.HOLD: "Another agency holds the goods of declaration {number}.",
    Kind.HOLD_LIFTED: "A hold on the goods of declaration {number} is lifted.",
    Kind.QUERY: "Customs has a question about declaration {number}.",
    Kind.RELEASE_REVOKED: "The release of declaration {number} is suspended. Do not move the goods.",
    Kind.UNLISTED: "Customs sent an answer about declaration {number} that a person must read.",
}
TASKS: dict[Kind, str] = {
    Kind.REJECTED: "Correct declaration {number} and send it again",
    Kind.DOCUMENTS: "Send the documents that customs asks for ({number})",
    Kind.FUNDS: "Pay declaration {number}: the first payment did not go through",
    Kind.PAYMENT_ASKED: "Pay declaration {number}",
    Kind.QUERY: "Answer the question of customs about {number}",
    Kind.RELEASE_REVOKED: "Keep the goods of {number} where they are",
    Kind.UNLISTED: "Read the answer of customs about {number}",
}
DECISIONS: dict[tuple[str, str], str] = {
    (RequestKind.AMEND, RequestState.GRANTED): "Customs has granted the amendment of declaration {number}.",
    (RequestKind.AMEND, RequestState.REFUSED): (
        "Customs has refused the amendment of declaration {number}. What was filed before stays in force."
    ),
    (RequestKind.CANCEL, RequestState.REFUSED): "Customs has refused to cancel declaration {number}.",
}
# Only the last statement of duty is worth a notice of its own; the standing shows the others.
QUIET_STATUSES = ("67", "115")


def ground_of(response: Response) -> str:
    """The agency or ground that an answer names, for holds and their lifting."""
    notes = {one.code: one.description for one in response.information}
    return notes.get("agency") or next((word for word in notes.values() if word), "")


def tell(declaration: Declaration, fact: ControlFact, found: Standing, now: datetime) -> None:
    """Everybody concerned knows of the fact; what must be done stands as a task; clocks run."""
    kind = Kind(fact.kind)
    if fact.request_id is not None and kind in OF_REQUESTS:
        return  # said of a request: see `tell_decision`
    number = display(declaration)
    if kind in WORDS and not (kind is Kind.DUTY and fact.code in QUIET_STATUSES):
        tell_organizations(
            organizations=parties_to(declaration), subject=declaration.reference, now=now,
            cause=f"{fact.kind}:{fact.response_id}", words=WORDS[kind].format(number=number),
        )  # fmt: skip
    if kind in TASKS:
        _task(declaration, f"{fact.kind}:{fact.response_id}"[:40], TASKS[kind].format(number=number), now)
    _clocks(declaration, kind, fact, now)
    if found.legal in ("CLEARED", "CANCELLED") and not found.payment_asked:
        close_tasks(subject=declaration.reference, now=now)


def tell_decision(declaration: Declaration, request: Request, now: datetime) -> None:
    """Everybody concerned knows what customs decided on a request; a refused amendment is somebody's to look at."""
    words = DECISIONS.get((request.kind, request.state))
    if words is None:
        return
    number = display(declaration)
    tell_organizations(
        organizations=parties_to(declaration), subject=declaration.reference, now=now,
        cause=f"request:{request.reference}:{request.state}", words=words.format(number=number),
    )  # fmt: skip
    if (request.kind, request.state) == (RequestKind.AMEND, RequestState.REFUSED):
        _task(declaration, amendment_task(request), f"See why customs refused the amendment of {number}", now)
    elif request.kind == RequestKind.AMEND:
        close_tasks(subject=declaration.reference, kinds=[amendment_task(request)], now=now)


def amendment_task(request: Request) -> str:
    """The kind of the task that a refused amendment leaves: one for each, since a done task is not opened again."""
    return f"amendment:{request.reference}"[:40]


def display(declaration: Declaration) -> str:
    """The entry number as people read it, or the reference while there is none."""
    number = declaration.entry_number
    return f"{number[:3]}-{number[3:10]}-{number[10:]}" if len(number) == 11 else declaration.reference


def entry_words(declaration: Declaration) -> str:
    """What is due within the fifteen days."""
    return f"Make entry for {display(declaration)}"


def set_entry_deadline(declaration: Declaration, now: datetime) -> None:
    """The fifteen days after landing within which entry must be made."""
    if declaration.arrives_on is None:
        return
    set_deadline(
        subject=declaration.reference, kind="entry", due_on=declaration.arrives_on + timedelta(days=ENTRY_DAYS),
        law=ENTRY_LAW, words=entry_words(declaration), organization=declaration.importer,
        now=now,
    )  # fmt: skip


def _task(declaration: Declaration, kind: str, words: str, now: datetime) -> None:
    organizations: list[Organization] = [declaration.filer]
    for organization in organizations:
        open_task(organization=organization, subject=declaration.reference, kind=kind, words=words, now=now)


def _clocks(declaration: Declaration, kind: Kind, fact: ControlFact, now: datetime) -> None:
    if kind is Kind.ACCEPTED:
        settle_deadline(subject=declaration.reference, kind="entry", state=Deadline.State.MET)
    elif kind is Kind.RELEASED:
        entered = party_date(fact.issued_at, declaration.party)
        settle_deadline(subject=declaration.reference, kind="entry", state=Deadline.State.MET)
        acts = declaration.live_version.acts if declaration.live_version else ""
        words = "Pay the deposit for" if "summary" in acts else "File the entry summary and pay for"
        set_deadline(
            subject=declaration.reference, kind="summary",
            due_on=add_business_days(declaration.party, entered, SUMMARY_DAYS),
            law="19 CFR 142.12(b)", words=f"{words} {display(declaration)}", organization=declaration.importer,
            now=now,
        )  # fmt: skip
    elif kind is Kind.CLEARED:
        for clock in ("entry", "summary"):
            settle_deadline(subject=declaration.reference, kind=clock, state=Deadline.State.MET)
    elif kind is Kind.CANCELLED:
        for clock in ("entry", "summary"):
            settle_deadline(subject=declaration.reference, kind=clock, state=Deadline.State.CANCELLED)
