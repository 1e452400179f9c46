"""Freeze, assess, complete, check, prepare, sign, submit."""

import json
import re
import threading
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from declarations.flow import ActRefused
from declarations.models import Declaration, DeclarationVersion, DutyTotal, EntryNumber, Receipt, Signature
from declarations.reference import DepositsHeld, gather
from declarations.services import drafts, filing
from portal.accounts import roles
from portal.gateway.models import OutboundMessage
from portal.records.services import read_bytes
from portal.timezones import party_date
from portal.trail.verification import verify
from tests.makers import NOW, make_actor, make_declaration, make_user

pytestmark = pytest.mark.usefixtures("starter")

# entry-practice: eight shipments entered on 24 November 2026, money to the cent.
MONEY = {
    "S01": "18617.13", "S02": "0.00", "S03": "60955.54", "S04": "387.97", "S06": "9130.15", "S07": "18299.13",
    "S09": "0.00", "S10": "2367.28",
}  # fmt: skip
STACKS = {
    "S01": [["99039106", "99030531", "8507600090"]],
    "S02": [["99030594", "3926909989"], ["99030594", "3923500000"]],
    "S03": [["99038803", "99030531", "9403509045"]],
    "S04": [["99030544", "4202316000"]],
    "S06": [["99030571", "3304995000"]],
    "S07": [["99030584", "6404119020"]],
    "S09": [["99030593", "2004108020"]],
    "S10": [["99030531", "9503000073"]],
}


@pytest.fixture
def actor():
    return make_actor()


@pytest.mark.parametrize("ship", MONEY)
def test_the_eight_shipments_to_the_cent_and_without_any_error(ship, actor):
    declaration = make_declaration(ship, actor=actor, now=NOW)
    found = filing.review(declaration=declaration, now=NOW, signatory=actor.user)
    assert [(one.code, one.pointer, one.params) for one in found.errors] == []
    assert found.assessment.totals.total == MONEY[ship]
    assert not found.assessment.unassessed
    assert [[one.hts_number for one in item.tariffs] for item in found.document.items] == STACKS[ship]
    assert all(item.valuation.entered_value for item in found.document.items)


def test_goods_of_a_canadian_province_are_goods_of_canada(actor):
    declaration = make_declaration("S09", actor=actor, now=NOW)
    item = declaration.items.get()
    content = {**item.content, "origin_country": "XB"}
    content.pop("preference")
    drafts.put_line(draft=declaration, key=item.key, content=content, base=None, actor=actor, now=NOW)
    found = filing.review(declaration=Declaration.objects.get(pk=declaration.pk), now=NOW)
    assert [one.code for one in found.assessment.items[0].lines if one.kind == "additional_duty"] == ["99030529"]


def test_no_harbor_fee_at_a_port_outside_the_list(actor):
    declaration = make_declaration("S10", actor=actor, now=NOW)
    fees = {one.code for one in filing.review(declaration=declaration, now=NOW).assessment.fees}
    assert fees == {"499", "501"}
    ports = {"ports/entry": "2304", "ports/unlading": "2304"}
    drafts.write_step(draft=declaration, step="arrival", changes=ports, base=None, actor=actor, now=NOW)
    inland = filing.review(declaration=Declaration.objects.get(pk=declaration.pk), now=NOW)
    assert {one.code for one in inland.assessment.fees} == {"499"}


def test_preparing_freezes_numbers_and_stores_the_money(actor):
    declaration = make_declaration("S01", actor=actor, until="ready", now=NOW)
    version = declaration.live_version
    assert (declaration.filing, version.state, version.number) == ("READY", "READY", 1)
    assert version.lrn == declaration.functional_reference_id
    assert version.entry_number == declaration.entry_number == EntryNumber.objects.get().number
    content = json.loads(read_bytes(version.content_sha256))
    assert content["entry_number"]["sequence"] == version.entry_number[3:10]
    assert content["items"][0]["tariffs"][0] == {"hts_number": "99039106", "role": "additional", "value": "0"}
    assert DutyTotal.objects.get(version=version, kind="total").amount == declaration.total_due
    assert version.digest == filing.digest_of(version)
    assert list(verify()) == []


def test_a_declaration_with_errors_is_not_prepared_and_uses_no_number(actor):
    declaration = make_declaration("S01", actor=actor)
    drafts.write_step(draft=declaration, step="x", changes={"ports/entry": None}, base=None, actor=actor, now=NOW)
    with pytest.raises(filing.HasErrors) as told:
        filing.prepare(declaration=Declaration.objects.get(pk=declaration.pk), actor=actor, now=NOW)
    assert any(one.pointer == "/ports/entry" for one in told.value.review.errors)
    assert not EntryNumber.objects.exists()
    assert not DeclarationVersion.objects.exists()


def test_the_number_is_kept_by_every_later_version(actor):
    declaration = make_declaration("S01", actor=actor, until="ready")
    first = declaration.live_version
    filing.reopen(declaration=declaration, actor=actor, now=NOW)
    second = filing.prepare(declaration=Declaration.objects.get(pk=declaration.pk), actor=actor, now=NOW)
    assert (second.number, second.entry_number) == (2, first.entry_number)
    assert second.lrn == f"{first.lrn}-2"
    assert EntryNumber.objects.count() == 1


def test_two_filers_with_the_same_reference_of_their_own_both_get_through():
    first = make_declaration("S10", actor=make_actor(), until="submitted", own="PO1")
    second = make_declaration("S10", actor=make_actor(), until="submitted", own="PO1")
    assert first.live_version.lrn == "PO1"
    assert re.fullmatch(r"PO1-[1-9]\d{3}", second.live_version.lrn)
    assert OutboundMessage.objects.count() == 2


def test_signing_needs_the_digest_that_was_shown(actor):
    version = make_declaration("S01", actor=actor, until="ready").live_version
    with pytest.raises(filing.DigestChanged):
        filing.sign(version=version, signatory=actor.user, digest="0" * 64, actor=actor, now=NOW, method="password")
    assert not Signature.objects.exists()


def test_signing_keeps_the_words_the_person_and_the_time(actor):
    declaration = make_declaration("S01", actor=actor, until="signed")
    signature = declaration.live_version.signature
    assert signature.name == actor.user.get_full_name()
    assert "importer of record" in signature.statement
    assert "by a purchase" in signature.statement
    assert (signature.digest, signature.method) == (declaration.live_version.digest, "password")


def test_a_version_that_another_replaced_is_not_signed(actor):
    declaration = make_declaration("S01", actor=actor, until="ready")
    first = declaration.live_version
    filing.reopen(declaration=declaration, actor=actor, now=NOW)
    filing.prepare(declaration=Declaration.objects.get(pk=declaration.pk), actor=actor, now=NOW)
    old = DeclarationVersion.objects.get(pk=first.pk)
    with pytest.raises(ActRefused):
        filing.sign(version=old, signatory=actor.user, digest=old.digest, actor=actor, now=NOW, method="password")
    assert not Signature.objects.exists()


def test_a_role_that_may_not_sign_is_refused():
    clerk = make_actor()
    version = make_declaration("S01", actor=clerk, until="ready").live_version
    broker = make_actor(organization=clerk.organization, role=roles.BROKER)
    with pytest.raises(filing.NotAllowedToSign):
        filing.sign(
            version=version, signatory=broker.user, digest=version.digest, actor=broker, now=NOW, method="password"
        )


def test_unsigned_is_not_sent(actor):
    version = make_declaration("S01", actor=actor, until="ready").live_version
    with pytest.raises(ActRefused):
        filing.submit(version=version, actor=actor, now=NOW)
    assert not OutboundMessage.objects.exists()


def test_submitting_gives_a_receipt_and_one_message(actor):
    declaration = make_declaration("S01", actor=actor, until="submitted")
    version = declaration.live_version
    receipt = version.receipt
    assert declaration.filing == "SUBMITTED"
    assert (receipt.digest, receipt.declarant) == (version.digest, declaration.importer.name)
    message = OutboundMessage.objects.get()
    assert (message.subject, message.local_reference, message.state) == (declaration.reference, version.lrn, "PENDING")
    body = read_bytes(message.sha256)
    assert version.entry_number.encode() in body
    assert b"8507600090" in body
    assert list(verify()) == []


def test_submitting_twice_is_one_filing_and_the_same_receipt(actor):
    declaration = make_declaration("S01", actor=actor, until="submitted")
    again = filing.submit(version=declaration.live_version, actor=actor, now=NOW)
    assert again.pk == declaration.live_version.receipt.pk
    assert OutboundMessage.objects.count() == Receipt.objects.count() == 1


def test_who_comes_second_in_the_same_moment_gets_the_same_receipt(actor, monkeypatch):
    declaration = make_declaration("S01", actor=actor, until="submitted")
    look_ups, find = [], filing.prepared.find

    def not_there_yet(model, **where):
        if model is Receipt and not look_ups:
            return look_ups.append(model)
        return find(model, **where)

    monkeypatch.setattr(filing.prepared, "find", not_there_yet)
    again = filing.submit(version=declaration.live_version, actor=actor, now=NOW)
    assert look_ups
    assert again.pk == Receipt.objects.get().pk
    assert OutboundMessage.objects.count() == 1


def test_a_signed_version_that_another_replaced_is_not_sent(actor):
    declaration = make_declaration("S01", actor=actor, until="signed")
    first = declaration.live_version
    filing.reopen(declaration=declaration, actor=actor, now=NOW)
    second = filing.prepare(declaration=Declaration.objects.get(pk=declaration.pk), actor=actor, now=NOW)
    filing.sign(
        version=second, signatory=actor.user, digest=second.digest, actor=actor, now=NOW, method="password"
    )  # fmt: skip
    with pytest.raises(ActRefused):
        filing.submit(version=DeclarationVersion.objects.get(pk=first.pk), actor=actor, now=NOW)
    assert not OutboundMessage.objects.exists()
    assert Declaration.objects.get().filing == "SIGNED"


def test_the_importers_deposits_and_earlier_filings_are_known_to_the_rules(actor):
    first = make_declaration("S01", actor=actor, until="submitted", now=NOW)
    second = make_declaration("S01", actor=actor, now=NOW)
    document = filing.review(declaration=second, now=NOW).document
    facts = gather(second, document, on=party_date(NOW))
    bill = document.transport.bills[0].house or document.transport.bills[0].master
    (earlier,) = facts.earlier
    assert facts.deposits_last_12_months == first.total_due
    assert (earlier.reference, earlier.arrival) == (first.reference, first.arrives_on)
    assert (earlier.bills, earlier.seller) == ({f"{bill.issuer}{bill.number}"}, document.parties.seller.name)


def test_a_year_of_very_many_filings_is_added_up_once_a_minute(actor, monkeypatch):
    def deposits(count):
        """What is known of the importer's deposits, for a draft beside so many filings."""
        for _ in range(count):
            make_declaration("S01", actor=actor, until="submitted", now=NOW)
        draft = make_declaration("S01", actor=actor, now=NOW)
        document = filing.review(declaration=draft, now=NOW).document
        return gather(draft, document, on=party_date(NOW)).deposits_last_12_months

    held = DepositsHeld()
    monkeypatch.setattr("declarations.reference.deposits_held", held)
    once = deposits(1)
    assert deposits(1) == 2 * once, "whoever files little is added up each time"
    monkeypatch.setattr(DepositsHeld, "MANY", 1)
    assert deposits(0) == 2 * once
    assert deposits(1) == 2 * once, "held for a minute"
    assert held.get(actor.organization.pk, party_date(NOW - timedelta(days=1))) is None, "another day, another year"
    later = time.monotonic() + DepositsHeld.SECONDS
    monkeypatch.setattr("declarations.reference.time", SimpleNamespace(monotonic=lambda: later))
    assert deposits(0) == 3 * once, "and added up again when the minute is over"


def test_kept_bytes_that_changed_are_not_sent(actor):
    version = make_declaration("S01", actor=actor, until="signed").live_version
    DeclarationVersion.objects.filter(pk=version.pk).update(lrn="OTHER")
    version.refresh_from_db()
    with pytest.raises(filing.DigestChanged):
        filing.submit(version=version, actor=actor, now=NOW)
    assert not OutboundMessage.objects.exists()


def test_a_failure_in_the_middle_of_a_submit_leaves_nothing(actor, monkeypatch):
    version = make_declaration("S01", actor=actor, until="signed").live_version

    def fail(**_):
        raise ZeroDivisionError

    monkeypatch.setattr("declarations.services.acts.record", fail)
    with pytest.raises(ZeroDivisionError):
        filing.submit(version=version, actor=actor, now=NOW)
    assert not OutboundMessage.objects.exists()
    assert not Receipt.objects.exists()
    assert Declaration.objects.get().filing == "SIGNED"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("starter_committed")
def test_two_submits_at_once_are_one_filing():
    actor = make_actor()
    version = make_declaration("S01", actor=actor, until="signed").live_version
    start, ends = threading.Barrier(2), []

    def run():
        own = DeclarationVersion.objects.select_related(
            "declaration__live_version", "declaration__importer", "declaration__filer"
        ).get(pk=version.pk)
        start.wait()
        try:
            ends.append(filing.submit(version=own, actor=actor, now=NOW).pk)
        except Exception as error:
            ends.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert OutboundMessage.objects.count() == Receipt.objects.count() == 1
    assert ends == [Receipt.objects.get().pk] * 2


def statements_of(act):
    with CaptureQueriesContext(connection) as found:
        act()
    return len(found)


def test_statements_do_not_grow_with_the_lines(actor):
    counts = {}
    for lines in (10, 999):
        declaration = make_declaration("S01", actor=actor, lines=lines, now=NOW)
        filing.review(declaration=declaration, now=NOW)  # the tariff is read into the process once
        made = {}
        prepare = statements_of(
            lambda d=declaration, m=made: m.update(v=filing.prepare(declaration=d, actor=actor, now=NOW))
        )
        version = made["v"]
        sign = statements_of(
            lambda v=version: filing.sign(
                version=v, signatory=actor.user, digest=v.digest, actor=actor, now=NOW, method="password"
            )
        )
        fresh = DeclarationVersion.objects.select_related("declaration").get(pk=version.pk)
        submit = statements_of(lambda v=fresh: filing.submit(version=v, actor=actor, now=NOW))
        counts[lines] = (prepare, sign, submit)
    assert counts[10] == counts[999]


def test_a_user_who_is_switched_off_holds_no_role(actor):
    user = make_user(organization=actor.organization)
    assert user.roles_in(actor.organization) == {roles.IMPORTER_USER}
    user.is_active = False
    assert user.roles_in(actor.organization) == set()
