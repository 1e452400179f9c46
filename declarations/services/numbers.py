"""Entry numbers: given once, in order, never again; voided with a reason (19 CFR 142.3a)."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction

from declarations.document import EntryNumber as EntryNumberPart
from declarations.flow import Filing
from declarations.models import Declaration, EntryNumber, FilerCode, NumberRange
from declarations.rules.entry_number import check_digit
from portal import prepared
from portal.accounts.actors import Actor
from portal.accounts.models import Organization
from portal.errors import DomainError
from portal.trail.services import record

LOW_SHARE = 10  # warn when a tenth of the range is left
MOST = 9_999_999  # seven digits
ELEVEN = 11
_TAKE_NEXT = (
    "UPDATE declarations_numberrange SET next_number = next_number + 1 WHERE id ="
    " (SELECT one.id FROM declarations_numberrange one JOIN declarations_filercode own ON own.id = one.filer_code_id"
    " WHERE own.organization_id = %s AND own.is_active AND one.next_number <= one.last"
    " ORDER BY own.id, one.first LIMIT 1{lock})"
    " RETURNING next_number - 1, filer_code_id,"
    " (SELECT code FROM declarations_filercode WHERE id = filer_code_id),"
    " (SELECT check_digit_offset FROM declarations_filercode WHERE id = filer_code_id)"
)
# The row is locked while it is looked for, so that of two at once the second looks at what the first has left.
TAKE_NEXT = {"postgresql": _TAKE_NEXT.format(lock=" FOR UPDATE OF one"), "sqlite": _TAKE_NEXT.format(lock="")}
IS_GIVEN = "SELECT 1 FROM declarations_entrynumber WHERE number = %s"


class NumbersExhausted(DomainError):
    """The filer has no active filer code, or no number left in its ranges."""

    code = "NUMBERS_EXHAUSTED"


class NumberTaken(DomainError):
    """The number that the filer gave is given already, or is not one of its own."""

    code = "ENTRY_NUMBER_TAKEN"


@transaction.atomic
def allocate(
    *, filer: Organization, declaration: Declaration, now: datetime, wanted: EntryNumberPart | None = None
) -> str:
    """The declaration has the filer's next number, eleven characters, or the one that the filer gave.

    Raises NumbersExhausted, NumberTaken.
    """
    code, number = next_for(filer=filer, wanted=wanted)
    enter(filer_code=code, number=number, declaration=declaration, now=now)
    return number


def next_for(*, filer: Organization, wanted: EntryNumberPart | None = None) -> tuple[FilerCode, str]:
    """The filer's code and its next number, which nobody else gets any more; or the number that the filer gave.

    Call it in a transaction. Raises NumbersExhausted, NumberTaken.
    """
    if wanted is not None and len(wanted.compact) == ELEVEN:
        own = prepared.find(FilerCode, organization=filer.pk, is_active=True, code=wanted.filer_code)
        if own is None:
            raise NumberTaken(f"{wanted.display} does not begin with a filer code of {filer.name}.")
        if prepared.read(IS_GIVEN, wanted.compact):
            raise NumberTaken(f"The entry number {wanted.display} was given before. Leave it out to have the next one.")
        return own, wanted.compact
    while True:
        taken = prepared.read(TAKE_NEXT[connection.vendor], filer.pk)
        if not taken:
            raise _exhausted(filer)
        ((sequence, key, characters, offset),) = taken
        digits = f"{sequence:07d}"
        number = f"{characters}{digits}{check_digit(characters, digits, offset)}"
        if not prepared.read(IS_GIVEN, number):  # the filer may have given it by hand
            return FilerCode(id=key, organization=filer, code=characters, check_digit_offset=offset), number


def hold(filers: Collection[int]) -> None:
    """Nobody else takes a number of these filers until the transaction ends; all are locked in one order."""
    ranges = NumberRange.objects.filter(filer_code__organization__in=filers, filer_code__is_active=True)
    list(ranges.select_for_update(of=("self",)).order_by("filer_code__organization", "pk").values_list("pk"))


def _exhausted(filer: Organization) -> NumbersExhausted:
    codes = prepared.find_all(FilerCode, order="id", organization=filer.pk, is_active=True)
    if not codes:
        return NumbersExhausted(f"{filer.name} has no active filer code.")
    return NumbersExhausted(f"Filer code {codes[0].code} has no numbers left. Ask for a new range before filing again.")


def enter(*, filer_code: FilerCode, number: str, declaration: Declaration, now: datetime) -> None:
    """The number stands in the books as the declaration's."""
    prepared.add(EntryNumber(filer_code=filer_code, number=number, declaration=declaration, allocated_at=now))


class RangeRefused(DomainError):
    """A range that cannot be: out of bounds, or numbers that another range has."""

    code = "RANGE_REFUSED"


class NotVoidable(DomainError):
    """The number is voided already, customs has it, or its declaration is still in hand."""

    code = "NUMBER_NOT_VOIDABLE"


@transaction.atomic
def void(*, number: str, reason: str, actor: Actor, now: datetime) -> None:
    """The number is voided; it stays in the books and is never given again. Raises NotVoidable."""
    row = EntryNumber.objects.select_related("declaration").select_for_update(of=("self",)).get(number=number)
    if not may_void(row):
        raise NotVoidable("Only a number that was never sent, of a declaration that was given up, can be voided.")
    void_row(row, reason=reason, actor=actor, now=now)


def void_row(row: EntryNumber, *, reason: str, actor: Actor, now: datetime) -> None:
    """As `void`, for a row that the caller has found to be voidable."""
    EntryNumber.objects.filter(pk=row.pk, voided_at=None).update(voided_at=now, void_reason=reason[:300])
    record(
        subject=row.declaration.reference, kind="entry_number.void", actor=actor, now=now,
        data={"number": row.number, "reason": reason},
    )  # fmt: skip


def void_unused(*, declaration: Declaration, reason: str, actor: Actor, now: datetime) -> None:
    """The number of a declaration that was given up before it was ever sent is voided; none, or a sent one, stays."""
    for row in EntryNumber.objects.filter(declaration=declaration, voided_at=None).select_related("declaration"):
        if may_void(row):
            void_row(row, reason=reason, actor=actor, now=now)


def may_void(row: EntryNumber) -> bool:
    """True for a number that customs never had and that nobody will send any more."""
    over = row.declaration.filing in (Filing.WITHDRAWN.value, Filing.ABANDONED.value)
    return row.voided_at is None and row.declaration.submitted_at is None and over


@transaction.atomic
def add_filer_code(
    *, organization: Organization, code: str, check_digit_offset: int, actor: Actor, now: datetime
) -> FilerCode:
    """The organization has the filer code that customs gave it."""
    made = FilerCode.objects.create(organization=organization, code=code, check_digit_offset=check_digit_offset)
    record(subject=f"filer:{code}", kind="filer_code.add", actor=actor, now=now,
           data={"organization": organization.reference, "offset": check_digit_offset})  # fmt: skip
    return made


@transaction.atomic
def add_range(*, filer_code: FilerCode, first: int, last: int, actor: Actor, now: datetime) -> NumberRange:
    """The filer code has one more range of numbers. Raises RangeRefused."""
    refuse_range(filer_code=filer_code, first=first, last=last)
    made = NumberRange.objects.create(filer_code=filer_code, first=first, last=last, next_number=first)
    record(subject=f"filer:{filer_code.code}", kind="number_range.add", actor=actor, now=now,
           data={"first": first, "last": last})  # fmt: skip
    return made


def refuse_range(*, filer_code: FilerCode, first: int, last: int) -> None:
    """Raise RangeRefused for a range that is empty, has more than seven digits, or meets another of the filer."""
    if not 1 <= first <= last <= MOST:
        raise RangeRefused("A range begins at 1 or later, ends at 9,999,999 or earlier, and not before it begins.")
    if NumberRange.objects.filter(filer_code=filer_code, first__lte=last, last__gte=first).exists():
        raise RangeRefused(f"Filer code {filer_code.code} already has numbers of this range.")


def numbers_left(filer: Organization) -> tuple[int, int]:
    """How many numbers are left, and how many there were."""
    ranges = NumberRange.objects.filter(filer_code__organization=filer, filer_code__is_active=True)
    pairs = ranges.values_list("first", "last", "next_number")
    left = sum(max(0, last - coming + 1) for _, last, coming in pairs)
    return left, sum(last - first + 1 for first, last, _ in pairs)


def as_part(number: str) -> EntryNumberPart:
    """The eleven characters as the document's member."""
    return EntryNumberPart(filer_code=number[:3], sequence=number[3:10], check_digit=number[10:])
