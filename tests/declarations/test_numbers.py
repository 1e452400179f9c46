"""Entry numbers: the next one, once, under concurrency, never reused, voided with a reason."""

import threading

import pytest
from django.db import connection

from declarations.models import Declaration, EntryNumber, FilerCode, NumberRange
from declarations.rules.entry_number import check_digit
from declarations.services import numbers
from portal.trail.models import TrailEntry
from tests.makers import NOW, make_actor, make_importer

REAL = [
    "002-6110316-2",
    "002-6111115-7",
    "002-6111223-9",
    "002-6111109-0",
    "002-6111082-9",
    "002-6110748-6",
    "002-6111267-6",
    "002-6110711-4",
    "002-6111447-4",
    "002-6110706-4",
    "002-6111495-3",
    "002-6110240-4",
    "002-6111224-7",
    "002-6110467-3",
]


@pytest.mark.parametrize("number", REAL)
def test_the_fourteen_real_numbers_verify(number):
    filer, sequence, digit = number.split("-")
    assert check_digit(filer, sequence) == int(digit)


@pytest.mark.parametrize(
    ("filer", "sequence", "digit"),
    [("ABC", "1234567", 6), ("999", "9999999", 0), ("ZZZ", "0000001", 1), ("ZZZ", "1000001", 9)],
)
def test_letters_and_edges(filer, sequence, digit):
    assert check_digit(filer, sequence) == digit


def test_a_filers_offset_shifts_the_digit():
    assert check_digit("231", "7385625") == 5
    assert check_digit("231", "7385625", offset=5) == 0


def draft_of(importer):
    return Declaration.objects.create(importer=importer, filer=importer, created_at=NOW, updated_at=NOW)


@pytest.mark.django_db
def test_numbers_follow_each_other_with_their_check_digits():
    importer = make_importer(code="ZZZ")
    FilerCode.objects.filter(organization=importer).update(check_digit_offset=0)
    given = [numbers.allocate(filer=importer, declaration=draft_of(importer), now=NOW) for _ in range(3)]
    assert (
        given
        == ["ZZZ00000011", "ZZZ00000029", "ZZZ00000037"]
        == [f"ZZZ000000{n}{check_digit('ZZZ', f'000000{n}')}" for n in (1, 2, 3)]
    )


@pytest.mark.django_db
def test_the_offset_of_the_filer_is_used():
    importer = make_importer(code="ZZZ")
    FilerCode.objects.filter(organization=importer).update(check_digit_offset=3)
    assert numbers.allocate(filer=importer, declaration=draft_of(importer), now=NOW) == "ZZZ00000014"


@pytest.mark.django_db
def test_an_exhausted_range_goes_on_in_the_next_and_then_refuses():
    importer = make_importer(numbers=1)
    code = FilerCode.objects.get(organization=importer)
    NumberRange.objects.create(filer_code=code, first=500, last=500, next_number=500)
    given = [numbers.allocate(filer=importer, declaration=draft_of(importer), now=NOW)[3:10] for _ in range(2)]
    assert given == ["0000001", "0000500"]
    assert numbers.numbers_left(importer) == (0, 2)
    with pytest.raises(numbers.NumbersExhausted):
        numbers.allocate(filer=importer, declaration=draft_of(importer), now=NOW)


@pytest.mark.django_db
def test_a_filer_without_a_code_gets_none():
    importer = make_importer()
    FilerCode.objects.filter(organization=importer).update(is_active=False)
    with pytest.raises(numbers.NumbersExhausted, match="no active filer code"):
        numbers.allocate(filer=importer, declaration=draft_of(importer), now=NOW)


@pytest.mark.django_db
def test_a_voided_number_is_kept_with_its_reason_and_never_given_again():
    actor = make_actor()
    importer = actor.organization
    draft = draft_of(importer)
    number = numbers.allocate(filer=importer, declaration=draft, now=NOW)
    with pytest.raises(numbers.NotVoidable):
        numbers.void(number=number, reason="still in hand", actor=actor, now=NOW)
    Declaration.objects.filter(pk=draft.pk).update(filing="WITHDRAWN")
    numbers.void(number=number, reason="typed for the wrong client", actor=actor, now=NOW)
    with pytest.raises(numbers.NotVoidable):
        numbers.void(number=number, reason="once more", actor=actor, now=NOW)
    row = EntryNumber.objects.get(number=number)
    assert row.void_reason == "typed for the wrong client"
    assert TrailEntry.objects.filter(kind="entry_number.void", subject=row.declaration.reference).exists()
    others = [numbers.allocate(filer=importer, declaration=draft_of(importer), now=NOW) for _ in range(5)]
    assert number not in others


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_different_numbers_without_gaps():
    importer = make_importer()
    start, given, failures = threading.Barrier(8), [], []

    def run():
        try:
            start.wait()
            for _ in range(5):
                given.append(numbers.allocate(filer=importer, declaration=draft_of(importer), now=NOW))
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not failures
    assert sorted(int(one[3:10]) for one in given) == list(range(1, 41))
