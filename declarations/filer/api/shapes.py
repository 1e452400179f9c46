"""What the API gives and takes, as typed values; the description of the API is made from them."""

from typing import Annotated, Any, Generic, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType

from declarations.assessment import Assessment
from declarations.document import Document

T = TypeVar("T")


class Violation(Struct, frozen=True):
    """One problem of a declaration: its rule, where it is (a JSON Pointer), the words, the law, how grave."""

    code: str
    pointer: str
    message: str
    legal_basis: str
    severity: str


class Problem(Struct, frozen=True, omit_defaults=True):
    """Why a request was refused (RFC 9457); for a declaration with every violation."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    correlation_id: str
    violations: tuple[Violation, ...] = ()
    assessment: Assessment | None = None


class Trader(Struct, frozen=True):
    """An organization of the portal."""

    reference: str
    name: str


class Summary(Struct, frozen=True):
    """A declaration in a list: what it is, what its filer did (`filing`), what customs said (`legal`)."""

    reference: str
    entry_number: str | None
    functional_reference_id: str | None
    entry_type: str | None
    importer: Trader
    filer: Trader
    filing: str
    legal: str
    has_hold: bool
    status: str
    goods: str
    lines: int
    total_due: str | None
    created_at: str
    updated_at: str
    submitted_at: str | None


class Page(Struct, Generic[T], frozen=True):
    """A page of a list, newest first; `next` is the cursor of the next page, null at the end."""

    results: tuple[T, ...]
    next: str | None


class Version(Struct, frozen=True):
    """One of the versions of a declaration: `original`, an `amendment` that was asked for, or made by `customs`.

    `state` is what its filer did; what became of an amendment is the state of its request. One is in force.
    """

    number: int
    kind: str
    state: str
    in_force: bool
    lrn: str
    digest: str
    total_due: str | None
    created_at: str
    submitted_at: str | None
    request: str | None


class Requested(Struct, frozen=True):
    """A request to customs about a filed declaration, and where it stands.

    `version` is the one it is about, `proposal` the one that an amendment asks for; `errors` are why it was refused.
    """

    reference: str
    kind: str
    state: str
    lrn: str
    reason_code: str
    reason: str
    created_at: str
    settled_at: str | None
    version: int
    proposal: int | None = None
    errors: tuple[dict[str, Any], ...] = ()


class Amending(Requested, frozen=True):
    """An amendment that was just asked for, with what the rules say of it that does not stop it."""

    violations: tuple[Violation, ...] = ()


class Detail(Struct, frozen=True):
    """A declaration: its summary, the document as it stands or was filed, and where it is in words."""

    summary: Summary
    declaration: Document
    row_version: int
    standing: dict[str, Any]
    status: dict[str, str]
    statement: dict[str, str]
    version: dict[str, Any] | None
    links: dict[str, str]
    versions: tuple[Version, ...] = ()
    requests: tuple[Requested, ...] = ()


class Receipt(Struct, frozen=True):
    """Proof of a submission: what, when, through which channel, by whom for whom, and the code over it."""

    version: str
    at: str
    digest: str
    channel: str
    declarant: str
    transmitter: str
    key_id: str
    code: str
    is_genuine: bool


class FiledVersion(Struct, frozen=True, omit_defaults=True):
    """A version as it was filed, whoever carries the declaration on since; in a list without its contents."""

    reference: str
    declaration_reference: str
    number: int
    kind: str
    entry_number: str
    lrn: str
    importer: Trader
    filer: Trader
    channel: str
    digest: str
    signed_by: str
    submitted_at: str
    receipt: Receipt | None
    declaration: Document | None = None
    assessment: Assessment | None = None


class Filed(Struct, frozen=True):
    """What stands after filing: its references, the receipt, what is owed, the warnings that did not stop it.

    `notes` concern the one who files, and not the declaration.
    """

    reference: str
    entry_number: str
    lrn: str
    version: int
    digest: str
    receipt: Receipt
    assessment: Assessment
    violations: tuple[Violation, ...]
    notes: tuple[dict[str, str], ...]
    links: dict[str, str]


class DryRun(Struct, frozen=True):
    """What filing would do now: whether it would be filed, all violations, what is owed. Nothing is kept."""

    would_be_filed: bool
    refusal: dict[str, str] | None
    violations: tuple[Violation, ...]
    assessment: Assessment
    statement: dict[str, str]
    notes: tuple[dict[str, str], ...]


class Submission(Struct, frozen=True, forbid_unknown_fields=True):
    """Sign and file: the id of the statement that is signed, and the digest that was read, where it was."""

    statement: Annotated[str, Meta(max_length=40)] | None = None
    digest: Annotated[str, Meta(max_length=64)] | None = None


class Cancellation(Struct, frozen=True, forbid_unknown_fields=True):
    """Ask customs to cancel: the reason's code (CATAIR SE13) and what happened, for customs to read."""

    reason_code: Annotated[str, Meta(max_length=2)]
    reason: Annotated[str, Meta(max_length=400)] = ""


class Amendment(Struct, frozen=True, forbid_unknown_fields=True):
    """Ask customs to amend: a merge patch (RFC 7386) of what you filed, why, and the statement that is signed.

    A list is replaced as a whole: to change one line, send all `items`. `statement` is the id in force.
    """

    changes: dict[str, Any]
    reason: Annotated[str, Meta(min_length=1, max_length=400)]
    reason_code: Annotated[str, Meta(pattern="^[A-Z0-9]{0,3}$")] = ""
    statement: Annotated[str, Meta(max_length=40)] | None = None


class Message(Struct, frozen=True):
    """A message between the portal and customs, with its bytes as text."""

    reference: str
    direction: str
    state: str
    at: str
    local_reference: str | None
    sha256: str
    body: str | UnsetType = UNSET


class Exported(Struct, frozen=True, omit_defaults=True):
    """One line of the export: a filing in full, or, at the very end, how many lines came before.

    `filing` is missing where the importer carries on what your organization filed: `versions` are then its own.
    """

    reference: str = ""
    filing: Detail | None = None
    versions: tuple[FiledVersion, ...] = ()
    messages: tuple[Message, ...] = ()
    lines: int | None = None


class Event(Struct, frozen=True):
    """One step of an organization's feed."""

    seq: int
    at: str
    kind: str
    reference: str
    actor: str
    changes: tuple[dict[str, Any], ...] = ()


class Feed(Struct, frozen=True):
    """A part of the feed in its order; `next` is the cursor to ask with, also at the end."""

    results: tuple[Event, ...]
    next: int


class WebhookWanted(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the feed is to be pushed, and which kinds of events: names or groups like `customs.*`; none means all."""

    url: Annotated[str, Meta(max_length=500)]
    kinds: tuple[Annotated[str, Meta(max_length=80)], ...] = ()


class Webhook(Struct, frozen=True, omit_defaults=True):
    """An address to which the feed is pushed; the secret is told once, when it is made."""

    reference: str
    url: str
    kinds: tuple[str, ...]
    state: str
    cursor: int
    failing_since: str | None
    secret: str = ""


class ParityMonth(Struct, frozen=True):
    """Published figures of a month by filer type, port and lane; null where a figure is suppressed."""

    month: str
    published_at: str | None
    cells: tuple[dict[str, Any], ...]


class RegisteredBroker(Struct, frozen=True):
    """A customs broker in the register: `state` is `active` or `off` since a moment.

    What the portal does not hold is null: the licence, the permit and the district.
    """

    reference: str
    name: str
    state: str
    since: str
    has_licensed_individual: bool
    filer_codes: tuple[str, ...]
    licence_number: str | None = None
    permit_number: str | None = None
    district: str | None = None


class BrokerRegister(Struct, frozen=True):
    """A page of the register of brokers, newest first; `note` says what it cannot tell."""

    results: tuple[RegisteredBroker, ...]
    next: str | None
    note: str


class TrustRegister(Struct, frozen=True):
    """The register of traders in a trust program; `note` says why it is empty."""

    results: tuple[dict[str, str], ...]
    next: str | None
    note: str


class SandboxAdvance(Struct, frozen=True, forbid_unknown_fields=True):
    """How far the clock of the sandboxes' authority is put forward: a second to a year."""

    advance_seconds: Annotated[int, Meta(ge=1, le=31_622_400)]


class SandboxTime(Struct, frozen=True):
    """The time of the sandboxes' authority."""

    authority_time: str
