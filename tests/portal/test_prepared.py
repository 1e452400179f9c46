"""Statements whose text is made once hold and give what the ORM would, on both engines."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from declarations.models import CustomsBond, Declaration
from portal import prepared
from portal.desk.models import Event
from portal.trail.models import TrailHead
from tests.makers import make_importer

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 12, 30, 15, 250, tzinfo=UTC)


def make_draft(importer, **given):
    row = Declaration(importer=importer, filer=importer, created_at=NOW, updated_at=NOW, **given)
    prepared.add(row)
    return row


def test_a_row_reads_back_the_same_both_ways():
    importer = make_importer()
    header = {"terms": {"place": 'Ōsaka\'s "port" %s'}, "missing_documents": ["01"]}
    row = make_draft(importer, header=header, total_due=Decimal("18617.13"), arrives_on=date(2026, 11, 20))
    by_orm, by_text = Declaration.objects.get(pk=row.pk), prepared.find(Declaration, id=row.pk)
    assert by_orm.header == header
    assert (by_orm.total_due, by_orm.created_at, by_orm.visited) == (Decimal("18617.13"), NOW, [])
    for field in Declaration._meta.concrete_fields:
        assert getattr(by_text, field.attname) == getattr(by_orm, field.attname), field.name


def test_what_orm_wrote_is_found_in_the_order_asked_for():
    importer = make_importer()
    CustomsBond.objects.filter(organization=importer).delete()
    for day, amount in ((3, "50000.00"), (1, "10000.50")):
        CustomsBond.objects.create(
            organization=importer, type="8", surety="001", amount=Decimal(amount), effective_on=date(2026, 1, day)
        )
    found = prepared.find_all(CustomsBond, order="effective_on", organization=importer.pk)
    assert [one.amount for one in found] == [Decimal("10000.50"), Decimal("50000.00")]
    assert prepared.find_all(CustomsBond, order="id", organization=importer.pk, surety="002") == []


def test_a_change_counts_only_the_rows_that_are_as_it_says():
    importer = make_importer()
    row = make_draft(importer)
    assert prepared.change(Declaration, {"goods": "x"}, id=row.pk, filing="READY") == 0
    assert prepared.change(Declaration, {"goods": "x"}, id=row.pk, transmitter=None) == 1
    assert prepared.change(Declaration, {"transmitter": importer, "submitted_at": NOW}, id=row.pk) == 1
    assert prepared.change(Declaration, {"goods": "y"}, id=row.pk, transmitter=None) == 0
    row.refresh_from_db()
    assert (row.goods, row.transmitter, row.submitted_at) == ("x", importer, NOW)


def test_a_worked_out_value_is_on_the_row_and_in_the_table():
    row = TrailHead(subject="DAAA")
    prepared.add(row, seq=prepared.Sql("(SELECT 40 + %s)", (2,)))
    assert row.seq == TrailHead.objects.get(pk=row.pk).seq == 42


def test_many_rows_are_all_there_and_those_that_were_there_stay():
    prepared.add_all(TrailHead(subject=f"D{n}", seq=1) for n in range(prepared.ROWS_AT_ONCE + 50))
    prepared.add_all([TrailHead(subject="D7", seq=9), TrailHead(subject="NEW", seq=9)], unless_there=True)
    assert TrailHead.objects.count() == prepared.ROWS_AT_ONCE + 51
    assert TrailHead.objects.get(subject="D7").seq == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        prepared.add_all([TrailHead(subject="D7")])


def test_no_rows_are_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        prepared.add_all([])


def test_a_locked_row_is_locked_where_the_engine_can(django_assert_num_queries, settings):
    settings.NAMED_STATEMENTS = False  # so that the text is seen
    prepared.add(TrailHead(subject="DAAA"))
    with django_assert_num_queries(1) as seen:
        assert prepared.find(TrailHead, lock=True, subject="DAAA").seq == 0
    assert seen.captured_queries[0]["sql"].endswith("FOR UPDATE") == connection.features.has_select_for_update


def test_json_that_is_a_list_is_kept():
    importer = make_importer()
    changes = [{"pointer": "/filing", "from": None, "to": "READY"}]
    prepared.add_all([Event(organization=importer, seq=1, at=NOW, kind="k", reference="D", actor="A", changes=changes)])
    assert Event.objects.get().changes == changes
