"""Counts of requests: cheap, written together, shown on the program's page."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from lxml import etree

from portal.accounts import roles
from portal.programs import plots, traffic
from portal.programs.models import ApiTraffic
from portal.programs.selectors import traffic_of
from tests.declarations.filer.browsing import page_of, signed_in, words_of
from tests.makers import NOW
from tests.support.programs import Program, own_document

pytestmark = pytest.mark.django_db


def note(client, at=NOW, times=1, **more):
    known = {"operation": "GET list", "status": 200, "code": "", "took_ms": 15} | more
    for _ in range(times):
        traffic.count(client=client.pk, now=at, **known)


def test_requests_are_counted_and_shown_with_their_refusals():
    program = Program(role=roles.IMPORTER_ADMIN, scopes="read draft")
    for _ in range(3):
        program.get("declarations")
    program.post("declarations", own_document(program))
    program.file(own_document(program))
    program.ask("PUT", "filings", {})
    shown = signed_in(program.signatory).get(f"/organization/programs/{program.client.client_id}/")
    said = words_of(shown)
    assert "6 requests, 2 of them refused" in said
    for words in ("GET list_declarations", "POST create_draft", "POST file", "SCOPE_MISSING", "METHOD_NOT_ALLOWED"):
        assert words in said
    assert "of 600 requests left" in said
    rows = ApiTraffic.objects.filter(operation="GET list_declarations", status=200, code="")
    assert sum(one.count for one in rows) == 3
    plot = page_of(shown).xpath("//svg")[0]
    assert len(plot.xpath(".//rect[contains(@class, 'count--answered')]")) == 1
    assert plot.xpath("./title/text()") == ["Requests by the hour, last 24 hours"]


def test_counts_come_together_in_one_row_and_one_statement(django_assert_num_queries):
    client = Program().client
    note(client, times=3)
    note(client, took_ms=18)
    with django_assert_num_queries(1):
        assert traffic.flush() == 1
    note(client, took_ms=16, times=2)
    traffic.flush()
    (row,) = ApiTraffic.objects.all()
    assert (row.count, row.total_ms, row.max_ms, row.band) == (6, 95, 18, 20)
    assert row.hour == NOW.replace(minute=0)
    with django_assert_num_queries(0):
        assert traffic.flush() == 0


def test_counting_costs_no_statement(django_assert_num_queries):
    program = Program()
    with django_assert_num_queries(0):
        note(program.client, times=50)


def test_what_cannot_be_written_is_lost_and_nobody_fails(monkeypatch):
    def away(rows):
        raise DatabaseError("away")

    note(Program().client)
    monkeypatch.setattr(traffic, "_write", away)
    assert traffic.flush() == 0
    assert not ApiTraffic.objects.exists()


def test_the_first_count_starts_one_timer(monkeypatch, settings):
    started = []

    class Timer:
        def __init__(self, seconds, work):
            self.seconds = seconds

        def start(self):
            started.append(self.seconds)

    settings.TRAFFIC_FLUSH_SECONDS = 5
    monkeypatch.setattr(traffic.threading, "Timer", Timer)
    monkeypatch.setattr(traffic, "_timer", None)
    client = Program().client
    note(client, times=3)
    assert started == [5]
    monkeypatch.setattr(traffic, "_timer", None)  # what its thread does first
    note(client)
    assert started == [5, 5]


def test_the_middle_and_the_slowest_answer():
    client = Program().client
    note(client, took_ms=3, times=3)
    note(client, took_ms=400, times=2, status=422, code="HAS_ERRORS")
    note(client, took_ms=60_000, status=500)
    note(client, at=NOW - timedelta(hours=30), times=9)
    traffic.flush()
    found = traffic_of(client, NOW)
    assert (found.times.total, found.times.middle, found.times.longest) == (6, 5, 60_000)
    assert found.errors == [(422, "HAS_ERRORS", 2), (500, "", 1)]
    assert (len(found.hours), found.hours[-1].answered, found.refused) == (24, 3, 3)


def test_old_counts_are_forgotten():
    client = Program().client
    note(client, at=NOW - timedelta(days=41))
    note(client)
    traffic.flush()
    assert traffic.forget_old(now=NOW) == 1
    assert ApiTraffic.objects.count() == 1


def test_the_plot_is_whole_whatever_it_shows():
    for rows in ([], [plots.Bar("<1>", 0, 0)], [plots.Bar("", 10**7, 3)] * 24):
        root = etree.fromstring(plots.bars("a", "T & t", "d", "x", rows).encode())
        heights = [int(one.get("height")) for one in root.iter("{*}rect") if "count" in one.get("class")]
        assert all(0 < one <= plots.HEIGHT for one in heights)
    assert [plots.ceiling(one) for one in (0, 1, 3, 11, 150, 999)] == [2, 2, 4, 20, 200, 1000]
