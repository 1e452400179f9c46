"""Declarations and what belongs to them."""

from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import Q

from declarations.batch_models import Batch, BatchRow
from declarations.flow import Filing, RequestKind, RequestState
from declarations.shipment_models import FiledShipment
from declarations.standing import Kind, Legal
from portal.references import new_reference
from portal.sealed import SealedJSONField, SealedTextField

__all__ = [
    "Batch", "BatchRow", "ControlFact", "CustomsBond", "Declaration", "DeclarationVersion", "DutyTotal", "EntryNumber",
    "FiledShipment", "FilerCode", "GoodsItem", "NumberRange", "OutcomeTold", "Receipt", "Request", "Signature", "Waiver"
]  # fmt: skip


def _declaration_reference() -> str:
    return new_reference("declaration")


def _version_reference() -> str:
    return new_reference("version")


def _request_reference() -> str:
    return new_reference("request")


def _view_reference() -> str:
    return new_reference("saved_view")


def _line_key() -> str:
    return new_reference("line")


def _choices(names: type[StrEnum]) -> list[tuple[str, str]]:
    return [(one.value, one.value) for one in names]


# Whose turn it is. Home lists and queues ask for few among many, so there is an index over just those.
THEIRS_TO_DO = Q(filing__in=["DRAFT", "READY", "SIGNED"]) | Q(filing="SUBMITTED", legal="REJECTED")
CUSTOMS_TO_DO = Q(filing="SUBMITTED") & ~Q(legal__in=["REJECTED", "CLEARED", "CANCELLED"])


class Declaration(models.Model):
    """One filing, from draft to clearance. `header` holds the document's members above the lines."""

    reference = models.CharField(max_length=22, unique=True, default=_declaration_reference, editable=False)
    party = models.CharField(max_length=2, default="US")
    importer = models.ForeignKey("accounts.Organization", on_delete=models.PROTECT, related_name="+")
    filer = models.ForeignKey("accounts.Organization", on_delete=models.PROTECT, related_name="+")
    transmitter = models.ForeignKey("accounts.Organization", on_delete=models.PROTECT, related_name="+", null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    copied_from = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    filing = models.CharField(max_length=10, choices=_choices(Filing), default=Filing.DRAFT.value)
    row_version = models.PositiveIntegerField(default=1, help_text="grows with every change of the draft")
    header = SealedJSONField(default=dict)
    visited = models.JSONField(default=list, help_text="steps that the filer has saved")
    live_version = models.ForeignKey("DeclarationVersion", on_delete=models.PROTECT, null=True, related_name="+")
    since_version = models.PositiveIntegerField(default=1, help_text="answers to earlier versions no longer count")
    entry_number = models.CharField(max_length=11, blank=True)
    # What lists show and filter on; written with the header, the lines or the standing, never by hand.
    entry_type = models.CharField(max_length=2, blank=True)
    functional_reference_id = models.CharField(max_length=18, blank=True)
    port_of_entry = models.CharField(max_length=4, blank=True)
    arrives_on = models.DateField(null=True, blank=True)
    goods = models.CharField(max_length=120, blank=True)
    item_count = models.PositiveSmallIntegerField(default=0)
    total_due = models.DecimalField(max_digits=15, decimal_places=2, null=True, blank=True)
    legal = models.CharField(max_length=10, choices=_choices(Legal), default=Legal.NONE.value)
    standing = SealedJSONField(default=dict)
    has_hold = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(filing__in=[one.value for one in Filing]), name="declaration_filing_known"
            ),
            models.CheckConstraint(condition=Q(legal__in=[one.value for one in Legal]), name="declaration_legal_known"),
            models.UniqueConstraint(
                fields=["entry_number"], condition=~Q(entry_number=""), name="declaration_entry_number_once"
            ),
        ]
        indexes = [
            models.Index(fields=["importer", "-id"], name="declaration_by_importer"),
            models.Index(
                fields=["importer", "submitted_at"],
                include=["total_due"],
                condition=Q(filing="SUBMITTED"),
                name="declaration_deposits",
            ),
            models.Index(fields=["filer", "-id"], name="declaration_by_filer"),
            models.Index(fields=["filer", "functional_reference_id"], name="declaration_by_lrn"),
            models.Index(
                fields=["submitted_at"], condition=Q(filing="SUBMITTED", legal="NONE"), name="declaration_waiting"
            ),
            *(
                models.Index(fields=[whose, "-id"], condition=turn, name=f"declaration_{name}_{whose}")
                for name, turn in (("ours", THEIRS_TO_DO), ("waits", CUSTOMS_TO_DO))
                for whose in ("importer", "filer", "transmitter")
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class GoodsItem(models.Model):
    """One line: what lists filter on as columns, the rest as the document's item in `content`."""

    declaration = models.ForeignKey(Declaration, on_delete=models.CASCADE, related_name="items", db_index=False)
    key = models.CharField(
        max_length=13, default=_line_key, editable=False, help_text="stays with the line wherever it moves"
    )
    sequence = models.PositiveSmallIntegerField()
    description = models.CharField(max_length=120, blank=True)
    hts_number = models.CharField(max_length=10, blank=True)
    origin_country = models.CharField(max_length=2, blank=True)
    content = SealedJSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["declaration", "key"], name="goods_item_key_once")]
        indexes = [models.Index(fields=["declaration", "sequence"], name="goods_item_in_order")]

    def __str__(self) -> str:
        return f"{self.declaration_id}/{self.sequence}"


class DeclarationVersion(models.Model):
    """What was frozen for one filing. Content and assessment are kept bytes; the version holds their digests."""

    class State(models.TextChoices):
        READY = "READY"
        SIGNED = "SIGNED"
        SUBMITTED = "SUBMITTED"
        VOID = "VOID"
        RETURNED = "RETURNED"
        WITHDRAWN = "WITHDRAWN"

    reference = models.CharField(max_length=22, unique=True, default=_version_reference, editable=False)
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.READY)
    acts = models.CharField(max_length=40, default="release,summary")
    source = models.CharField(max_length=10, default="filer", help_text="filer or customs")
    filer = models.ForeignKey("accounts.Organization", on_delete=models.PROTECT, related_name="+")
    authority = models.CharField(max_length=12, default="US")
    channel = models.CharField(max_length=40)
    lrn = models.CharField(max_length=22)
    entry_number = models.CharField(max_length=11)
    statement_id = models.CharField(max_length=40)
    content_sha256 = models.CharField(max_length=64)
    assessment_sha256 = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, help_text="over content, assessment, number, LRN, editions, statement")
    editions = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["declaration", "number"], name="version_number_once"),
            models.UniqueConstraint(fields=["filer", "authority", "lrn"], name="version_lrn_once"),
            models.UniqueConstraint(fields=["channel", "lrn"], name="version_lrn_once_a_channel"),
        ]
        indexes = [models.Index(fields=["lrn"], name="version_by_lrn")]

    def __str__(self) -> str:
        return f"{self.declaration_id} v{self.number} {self.state}"


class DutyTotal(models.Model):
    """One figure of a version's assessment: a total by class, or a fee."""

    version = models.ForeignKey(DeclarationVersion, on_delete=models.PROTECT, related_name="totals")
    kind = models.CharField(max_length=20)
    amount = models.DecimalField(max_digits=15, decimal_places=2)
    currency = models.CharField(max_length=3)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "kind"], name="duty_total_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency}"


class Signature(models.Model):
    """A named person attested a digest with a statement, after giving a credential again."""

    version = models.OneToOneField(DeclarationVersion, on_delete=models.PROTECT, related_name="signature")
    signatory = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    title = models.CharField(max_length=80, blank=True)
    statement_id = models.CharField(max_length=40)
    statement = models.TextField()
    digest = models.CharField(max_length=64)
    method = models.CharField(max_length=20)
    signed_at = models.DateTimeField()
    key_id = models.CharField(max_length=60)
    code = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.name}, {self.signed_at:%Y-%m-%d}"


class Receipt(models.Model):
    """Proof of a submission: what, when, through which channel, by whom for whom."""

    version = models.OneToOneField(DeclarationVersion, on_delete=models.PROTECT, related_name="receipt")
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    channel = models.CharField(max_length=40)
    declarant = models.CharField(max_length=200)
    transmitter = models.CharField(max_length=200)
    key_id = models.CharField(max_length=60)
    code = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.digest[:12]


class Request(models.Model):
    """An additional message: amend, cancel, goods presented. Settled by the answers that carry its LRN.

    `version` is the one it is about. The `proposal` of an amendment takes its place when customs grants it.
    """

    reference = models.CharField(max_length=22, unique=True, default=_request_reference, editable=False)
    version = models.ForeignKey(DeclarationVersion, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=3, choices=_choices(RequestKind))
    state = models.CharField(max_length=8, choices=_choices(RequestState), default=RequestState.OPEN.value)
    lrn = models.CharField(max_length=22)
    reason_code = models.CharField(max_length=4, blank=True)
    reason = SealedTextField()
    # An amendment asks for a version of its own; what the filer typed before and asks for is kept beside it.
    proposal = models.OneToOneField(
        DeclarationVersion, on_delete=models.PROTECT, related_name="asked_by", null=True, blank=True
    )
    before_sha256 = models.CharField(max_length=64, blank=True)
    after_sha256 = models.CharField(max_length=64, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "kind"], condition=Q(state="OPEN"), name="request_one_open"),
        ]
        indexes = [models.Index(fields=["lrn"], name="request_by_lrn")]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class ControlFact(models.Model):
    """One thing that customs said, never changed. Several with one response id count once."""

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="facts")
    version = models.ForeignKey(DeclarationVersion, on_delete=models.PROTECT, related_name="facts", null=True)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="facts", null=True)
    inbound = models.ForeignKey("gateway.InboundMessage", on_delete=models.PROTECT, related_name="+", null=True)
    position = models.PositiveSmallIntegerField(default=0)
    response_id = models.CharField(max_length=80)
    kind = models.CharField(max_length=16, choices=_choices(Kind))
    code = models.CharField(max_length=20, blank=True)
    ground = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=12, default="authority")
    body = SealedJSONField(default=dict)
    issued_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inbound", "position"], name="control_fact_once"),
        ]
        indexes = [models.Index(fields=["declaration", "issued_at"], name="control_fact_in_order")]

    def __str__(self) -> str:
        return f"{self.kind} {self.issued_at:%Y-%m-%d %H:%M:%S}"


class OutcomeTold(models.Model):
    """Outcomes of messages that the filer has been told of; the gateway's rows are read, never marked."""

    message = models.ForeignKey("gateway.OutboundMessage", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10)
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "state"], name="outcome_told_once")]

    def __str__(self) -> str:
        return f"{self.message_id} {self.state}"


class Waiver(models.Model):
    """Leave not to meet one rule: who asked, who approved, why."""

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="waivers")
    rule_code = models.CharField(max_length=40)
    reason = models.CharField(max_length=500)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["declaration", "rule_code"], name="waiver_once")]

    def __str__(self) -> str:
        return self.rule_code


class SavedView(models.Model):
    """A filter of the list of declarations that a person keeps under a name, in one of their organizations."""

    reference = models.CharField(max_length=22, unique=True, default=_view_reference, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    organization = models.ForeignKey("accounts.Organization", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    filters = SealedJSONField(default=dict, help_text="client, group, type, q: as in the address of the list")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "organization", "name"], name="saved_view_name_once")]

    def __str__(self) -> str:
        return self.name


class FilerCode(models.Model):
    """The three characters that CBP gives a filer. Every filer's check digit may be offset (condition B16)."""

    organization = models.ForeignKey("accounts.Organization", on_delete=models.PROTECT, related_name="filer_codes")
    code = models.CharField(max_length=3, unique=True)
    check_digit_offset = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(check_digit_offset__lt=10), name="filer_code_offset_one_digit"),
        ]

    def __str__(self) -> str:
        return self.code


class NumberRange(models.Model):
    """Numbers a filer may still give; `next_number` is the lock and the truth."""

    filer_code = models.ForeignKey(FilerCode, on_delete=models.PROTECT, related_name="ranges")
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    next_number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first__lte=models.F("last"), last__lte=9_999_999), name="number_range_sound"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filer_code_id}: {self.first}-{self.last}"


class EntryNumber(models.Model):
    """A number that was given, once and for ever."""

    filer_code = models.ForeignKey(FilerCode, on_delete=models.PROTECT, related_name="numbers")
    number = models.CharField(max_length=11, unique=True)
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="numbers")
    allocated_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.number


class CustomsBond(models.Model):
    """A bond of an importer (19 CFR 113)."""

    organization = models.ForeignKey("accounts.Organization", on_delete=models.PROTECT, related_name="bonds")
    type = models.CharField(max_length=1, choices=[("8", "Continuous"), ("9", "Single transaction")])
    surety = models.CharField(max_length=3)
    number = models.CharField(max_length=20, blank=True)
    amount = models.DecimalField(max_digits=15, decimal_places=2)
    effective_on = models.DateField()
    terminates_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.get_type_display()} {self.surety}"
