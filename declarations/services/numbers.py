"""Entry numbers: given once, in order, never again; voided with a reason (19 CFR 142.3a)."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from declarations.document import EntryNumber as EntryNumberPart
from declarations.models import Declaration, EntryNumber, FilerCode, NumberRange
from declarations.rules.entry_number import check_digit
from portal.accounts.actors import Actor
from portal.accounts.models import Organization
from portal.errors import DomainError
from portal.trail.services import record

LOW_SHARE = 10  # warn when a tenth of the range is left


class NumbersExhausted(DomainError):
    """The filer has no active filer code, or no number left in its ranges."""

    code = "NUMBERS_EXHAUSTED"


@transaction.atomic
def allocate(*, filer: Organization, declaration: Declaration, now: datetime) -> str:
    """The declaration has the filer's next number, eleven characters. Raises NumbersExhausted."""
    code = FilerCode.objects.filter(organization=filer, is_active=True).order_by("pk").first()
    if code is None:
        raise NumbersExhausted(f"{filer.name} has no active filer code.")
    sequence = _next(code)
    digits = f"{sequence:07d}"
    number = f"{code.code}{digits}{check_digit(code.code, digits, code.check_digit_offset)}"
    EntryNumber.objects.create(filer_code=code, number=number, declaration=declaration, allocated_at=now)
    return number


@transaction.atomic
def void(*, number: str, reason: str, actor: Actor, now: datetime) -> None:
    """The number is voided; it stays in the books and is never given again."""
    row = EntryNumber.objects.select_related("declaration").get(number=number)
    EntryNumber.objects.filter(pk=row.pk, voided_at=None).update(voided_at=now, void_reason=reason[:300])
    record(
        subject=row.declaration.reference, kind="entry_number.void", actor=actor, now=now,
        data={"number": number, "reason": reason},
    )  # fmt: skip


def numbers_left(filer: Organization) -> tuple[int, int]:
    """How many numbers are left, and how many there were."""
    ranges = NumberRange.objects.filter(filer_code__organization=filer, filer_code__is_active=True)
    pairs = ranges.values_list("first", "last", "next_number")
    left = sum(max(0, last - coming + 1) for _, last, coming in pairs)
    return left, sum(last - first + 1 for first, last, _ in pairs)


def as_part(number: str) -> EntryNumberPart:
    """The eleven characters as the document's member."""
    return EntryNumberPart(filer_code=number[:3], sequence=number[3:10], check_digit=number[10:])


def _next(code: FilerCode) -> int:
    """Take the next number under the row's own lock: one statement adds, the sum tells which one is ours."""
    for row in NumberRange.objects.select_for_update().filter(filer_code=code).order_by("first"):
        taken = NumberRange.objects.filter(pk=row.pk, next_number__lte=F("last"), next_number=row.next_number)
        if taken.update(next_number=F("next_number") + 1):
            return row.next_number
    raise NumbersExhausted(f"Filer code {code.code} has no numbers left. Ask for a new range before filing again.")
