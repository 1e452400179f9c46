"""A shipment that was filed before, or is filed in parts, is noticed whatever else was filed since."""

from copy import deepcopy
from datetime import timedelta
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from declarations.models import Declaration, FiledShipment
from declarations.shipments import bill_key
from declarations.statements import STATEMENTS
from tests.declarations.answers import envelope
from tests.declarations.test_amending import WHY, fresh, hear, said
from tests.support.programs import Program, own_document

pytestmark = pytest.mark.django_db
MASTER = {"issuer": "DEMO", "number": "263847519"}


@pytest.fixture
def program():
    return Program()


def shipment(program, own, *bills, **more):
    value = own_document(program, functional_reference_id=own, **more)
    (chain,) = value["transport"]["bills"]
    value["transport"]["bills"] = [{"manifest_quantity": chain.get("manifest_quantity"), **one} for one in bills]
    return value


def filed(program, value):
    answer = program.file(value)
    assert answer.status_code == 202, answer.content
    return Declaration.objects.get(reference=answer.json()["reference"])


def codes(program, value):
    answer = program.post("dry-runs", value)
    assert answer.status_code == 200, answer.content
    return {one["code"]: one["pointer"] for one in answer.json()["violations"]}


def house(number, issuer="DMOF"):
    return {"master": MASTER, "house": {"issuer": issuer, "number": number}}


def test_it_is_noticed_however_many_were_filed_since(program, monkeypatch):
    filed(program, shipment(program, "FIRSTONE1", house("HCM0117734")))
    for place in range(3):
        filed(program, shipment(program, f"OTHER{place}", house(f"OTHER{place}")))
    Declaration.objects.filter(functional_reference_id="FIRSTONE1").update(
        submitted_at=timezone.now() - timedelta(days=200)
    )
    found = codes(program, shipment(program, "SECONDONE", house("hcm-011 7734")))
    assert found["ENT-DUP"] == "/transport/bills/0/house/number"
    assert "ENT-DUP" not in codes(program, shipment(program, "THIRDONE", house("HCM0117735")))


@pytest.mark.parametrize("change", [{"legal": "REJECTED"}, {"legal": "CANCELLED"}, {"submitted_at": None}])
def test_what_does_not_stand_does_not_count(program, change):
    first = filed(program, shipment(program, "FIRSTONE1", house("HCM1")))
    Declaration.objects.filter(pk=first.pk).update(**change)
    assert "ENT-DUP" not in codes(program, shipment(program, "SECONDONE", house("HCM1")))


def test_carriers_use_their_numbers_again_after_a_year(program):
    first = filed(program, shipment(program, "FIRSTONE1", house("HCM1")))
    Declaration.objects.filter(pk=first.pk).update(submitted_at=timezone.now() - timedelta(days=366))
    assert "ENT-DUP" not in codes(program, shipment(program, "SECONDONE", house("HCM1")))


def test_the_bills_of_another_importer_are_nobody_elses(program):
    filed(program, shipment(program, "FIRSTONE1", house("HCM1")))
    other = Program()
    assert "ENT-DUP" not in codes(other, shipment(other, "SECONDONE", house("HCM1")))


def test_of_each_chain_the_lowest_bill_counts(program):
    low = {**house("HCM1"), "sub_house": {"issuer": "DMOF", "number": "SUB1"}}
    filed(program, shipment(program, "FIRSTONE1", low, house("HCM2")))
    assert "ENT-DUP" not in codes(program, shipment(program, "SECONDONE", house("HCM1")))
    assert codes(program, shipment(program, "SECONDONE", low))["ENT-DUP"] == "/transport/bills/0/sub_house/number"
    found = codes(program, shipment(program, "SECONDONE", house("NEW"), house("HCM2")))
    assert found["ENT-DUP"] == "/transport/bills/1/house/number"


def test_a_number_without_its_issuer_is_the_same_bill(program):
    filed(program, shipment(program, "FIRSTONE1", house("HCM1")))
    FiledShipment.objects.update(bill_sha256=bill_key("09812345675"))
    assert "ENT-DUP" in codes(program, shipment(program, "SECONDONE", house("098-12345675", issuer="DMOF")))


def test_steps_and_one_call_keep_the_same(program):
    one = shipment(program, "FIRSTONE1", house("HCM1"), house("HCM2"))
    filed(program, one)
    keys = set(FiledShipment.objects.values_list("bill_sha256", "entry_type", "entered_value"))
    assert len(keys) == 2
    reference = program.post("declarations", one | {"functional_reference_id": "SECONDONE"}).json()["summary"][
        "reference"
    ]
    done = program.post(f"declarations/{reference}/submission", {"statement": statement(program)}, key="s1")
    assert done.status_code == 202, done.content
    version = Declaration.objects.get(reference=reference).live_version
    kept = FiledShipment.objects.filter(version=version).values_list("bill_sha256", "entry_type", "entered_value")
    assert set(kept) == keys


def statement(program):
    return STATEMENTS[-1].id


def test_after_an_amendment_the_bills_in_force_count(program):
    first = filed(program, shipment(program, "FIRSTONE1", house("HCM1")))
    hear(envelope(said("01", first, 1)))
    changes = {"transport": shipment(program, "FIRSTONE1", house("HCM2"))["transport"]}
    body = {"changes": changes, "reason": WHY, "statement": statement(program)}
    answer = program.post(f"declarations/{first.reference}/amendment", body, key="a1")
    assert answer.status_code == 202, answer.content
    assert "ENT-DUP" not in {one["code"] for one in answer.json()["violations"]}
    before, after = (shipment(program, "SECONDONE", house(one)) for one in ("HCM1", "HCM2"))
    assert ("ENT-DUP" in codes(program, before), "ENT-DUP" in codes(program, after)) == (True, False)
    (request,) = [one for version in first.versions.all() for one in version.requests.all()]
    hear(envelope(said("01", request, 2)))
    assert fresh(first).live_version.number == 2
    assert ("ENT-DUP" in codes(program, before), "ENT-DUP" in codes(program, after)) == (False, True)


def informal(program, own, value, bill, **more):
    made = shipment(program, own, house(bill), entry_type="11", **more)
    made["items"][0]["valuation"]["entered_value"] = value
    return made


def test_informal_entries_of_one_seller_on_one_day_are_added_up(program):
    made = informal(program, "FIRSTONE1", "1500", "HCM1")
    first = filed(program, made)
    assert FiledShipment.objects.get(version=first.live_version).entered_value == Decimal(1500)
    assert "ENT-INF-SPLIT" in codes(program, informal(program, "SECONDONE", "1001", "HCM2"))
    assert "ENT-INF-SPLIT" not in codes(program, informal(program, "SECONDONE", "1000", "HCM2"))
    elsewhere = informal(program, "SECONDONE", "1001", "HCM2")
    elsewhere["parties"] = deepcopy(elsewhere["parties"])
    elsewhere["parties"]["seller"]["name"] = "Somebody Else Co."
    assert "ENT-INF-SPLIT" not in codes(program, elsewhere)


def test_what_was_filed_before_there_were_such_rows_is_filled_in(program):
    filed(program, informal(program, "FIRSTONE1", "1500", "HCM1"))
    filed(program, shipment(program, "OTHERONE1", house("HCM2"), house("HCM3")))
    columns = ("version", "importer", "bill_sha256", "entry_type", "arrives_on")
    before = set(FiledShipment.objects.values_list(*columns))
    FiledShipment.objects.all().delete()
    import_module("declarations.migrations.0013_filed_shipments").fill(apps, None)
    assert set(FiledShipment.objects.values_list(*columns)) == before
    assert FiledShipment.objects.get(entry_type="11").entered_value == Decimal(1500)


def test_an_amendment_tells_what_does_not_stop_it(program):
    filed(program, shipment(program, "FIRSTONE1", house("HCM1")))
    second = filed(program, shipment(program, "SECONDONE", house("HCM2")))
    hear(envelope(said("01", second, 1)))
    changes = {"transport": shipment(program, "SECONDONE", house("HCM1"))["transport"]}
    body = {"changes": changes, "reason": WHY, "statement": statement(program)}
    answers = [program.post(f"declarations/{second.reference}/amendment", body, key="a1") for _ in range(2)]
    assert answers[0].status_code == 202 and answers[0].content == answers[1].content
    assert "ENT-DUP" in {one["code"] for one in answers[0].json()["violations"]}


def test_at_most_five_of_many_parts_are_named(program):
    for place in range(7):
        filed(program, informal(program, f"PART{place}", "400", f"HCM{place}"))
    found = program.post("dry-runs", informal(program, "LASTONE", "100", "HCM9")).json()["violations"]
    (split,) = [one for one in found if one["code"] == "ENT-INF-SPLIT"]
    assert "With PART0, PART1, PART2, PART3, PART4, +2 you enter" in split["message"]
