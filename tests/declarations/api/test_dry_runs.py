"""A dry run says what filing would say, and keeps nothing."""

import json
from random import Random

import pytest

from declarations.document import to_plain
from declarations.models import Declaration
from tests.declarations.api.test_filings import counts
from tests.support.generated_entries import Entries, document_of
from tests.support.programs import Program, own_document
from tests.support.second_calculator import SecondCalculator

pytestmark = pytest.mark.django_db
SHIPMENTS = ("S01", "S02", "S03", "S04", "S06", "S09", "S10")


def mutated(document, pick):
    """The document with up to three members lost, swapped or spoiled at random."""
    for _ in range(pick.randint(0, 3)):
        holder = document
        while True:
            name = pick.choice(sorted(holder)) if isinstance(holder, dict) else pick.randrange(len(holder))
            inner = holder[name]
            if isinstance(inner, dict | list) and inner and pick.random() < 0.8:
                holder = inner
                continue
            if isinstance(holder, dict):
                holder[name] = pick.choice([None, inner, "9", "0.001", "X" * 40, "2026-13-40", [], {}])
            break
    return document


@pytest.mark.parametrize("legal", ["RECEIVED", "CLEARED"])
def test_a_bill_that_was_filed_before_is_said_to_be_filed_and_no_more(legal):
    program = Program()
    first = own_document(program, functional_reference_id="FIRSTONE1")
    assert program.file(first).status_code == 202
    Declaration.objects.update(legal=legal)
    again = program.post("dry-runs", {**first, "functional_reference_id": "SECONDONE"}).json()
    (found,) = [one for one in again["violations"] if one["code"] == "ENT-DUP"]
    assert "is already on your declaration FIRSTONE1, which you have filed." in found["message"]


def test_it_tells_violations_and_duty_and_keeps_nothing():
    program = Program()
    before = counts()
    answer = program.post("dry-runs", own_document(program))
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert told["would_be_filed"] is True and told["refusal"] is None
    assert told["assessment"]["totals"]["total"] > "0" and told["statement"]["id"]
    assert counts() == before


def test_it_says_what_else_would_stop_a_filing():
    from declarations.models import NumberRange

    program = Program()
    NumberRange.objects.filter(filer_code__organization=program.organization).update(next_number=90_001)
    told = program.post("dry-runs", own_document(program)).json()
    assert told["would_be_filed"] is False and told["refusal"]["code"] == "NUMBERS_EXHAUSTED"


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.long) for part in range(1, 10))])
def test_it_answers_as_the_filing_does(part):
    """2,000 declarations in all, mutated ones among them; the same seed each time."""
    pick, program = Random(part), Program()
    organization = program.organization
    generated = Entries(SecondCalculator(), seed=part)
    filed = refused = unreadable = 0
    for place in range(200):
        value = own_document(program, pick.choice(SHIPMENTS), own=f"R{part}N{place:05d}")
        if pick.random() < 0.5:
            value["items"] = to_plain(document_of(generated.entry(pick.randint(1, 4))))["items"]
        value = mutated(json.loads(json.dumps(value)), pick)
        value["functional_reference_id"] = f"R{part}N{place:05d}"
        value.setdefault("parties", {})
        if isinstance(value["parties"], dict):
            value["parties"]["importer"] = {"id": organization.importer_number, "name": organization.name}
        dry, real = program.post("dry-runs", value), program.file(value, key=f"{part}-{place}")
        if real.status_code == 202:
            filed += 1
            assert dry.json()["would_be_filed"] is True
        elif dry.status_code == 200:
            refused += 1
            assert dry.json()["would_be_filed"] is False
        else:
            unreadable += 1
            assert dry.status_code == real.status_code
        one, other = dry.json(), real.json()
        for name in ("violations", "assessment"):
            assert one.get(name) == other.get(name), (part, place, name)
    assert filed > 5 and refused > 20 and unreadable > 5, (filed, refused, unreadable)
