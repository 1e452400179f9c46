"""The monthly figures: counted from the filings, published once, and in agreement with them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from declarations.models import ControlFact, Declaration, DeclarationVersion, Request
from declarations.parity.models import ParityFigure, ParityMonth
from declarations.parity.selectors import (
    LESS,
    count_month,
    due_day,
    figures_of,
    find_month,
    parity_json,
    ratios_of,
    rows_of,
)
from declarations.parity.services import MonthNotOver, differences, publish_due, publish_month
from declarations.tasks import publish_parity
from portal.accounts.actors import SYSTEM
from portal.parameters.models import Parameter
from portal.trail.models import TrailEntry
from tests.declarations.parity.filed import answered, file_many, organization, submitted
from tests.makers import make_declaration

OCTOBER = date(2026, 10, 1)
AT = datetime(2026, 10, 14, 15, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def filings(starter):
    own, broker, provider = organization(), organization("broker"), organization("provider")
    file_many(AT, filer=own, accepted=40, rejected=10, waiting=5, examined=12)
    file_many(AT, filer=own, accepted=3, port="2809")
    file_many(AT, filer=own, accepted=20, rejected=7, examined=6, port="4601")
    file_many(AT, filer=broker, accepted=35, rejected=6, examined=5, seconds=63)
    file_many(AT, filer=own, accepted=2, transmitter=provider)


def publish(month=OCTOBER, now=LATER):
    return publish_month(month=month, actor=SYSTEM, now=now)


def by_key(row):
    return {one[:3]: one for one in figures_of(row)}


def test_the_published_figures_are_the_counts_of_the_database(filings):
    row = publish()
    figures = {(one.filer_type, one.port): one for one in row.figures.all()}
    rows = DeclarationVersion.objects.filter(submitted_at__range=(AT, AT + timedelta(days=1)))
    own = rows.filter(filer__kind="importer", declaration__transmitter=None)
    for name, rows_of_type in (("self", own), ("broker", rows.filter(filer__kind="broker"))):
        total = figures[name, "all"]
        assert total.filed == rows_of_type.count()
        assert total.accepted == rows_of_type.filter(facts__kind="ACCEPTED").count()
        assert total.rejected == rows_of_type.filter(facts__kind="REJECTED").count()
        assert total.examined == rows_of_type.filter(facts__kind="EXAM").count()
        parts = [one for (kind, port), one in figures.items() if kind == name and port != "all"]
        assert sum(one.filed for one in parts) == total.filed
    assert sum(one.filed for key, one in figures.items() if key[1] == "all") == rows.count()
    assert figures["provider", "all"].filed == 2
    assert differences(row) == []


def test_percentiles_go_from_submission_to_the_first_decision(filings):
    cells = {one[:3]: one for one in count_month(OCTOBER, as_of=LATER)}
    at_long_beach = cells["self", "2704", "all"]
    assert (at_long_beach.p50_seconds, at_long_beach.p90_seconds) == (60 + 24, 60 + 44)  # the 25th and 45th of 50


def test_only_the_first_decision_counts_and_a_second_submission_counts_again(starter):
    first = submitted(AT, filer=organization())
    answered(first, "RECEIVED", 5)
    answered(first, "REJECTED", 30)
    second = submitted(AT + timedelta(hours=1), filer=first.filer)
    answered(second, "RELEASED", 90)
    answered(second, "ACCEPTED", 60)
    answered(second, "REJECTED", 700)
    total = count_month(OCTOBER, as_of=LATER)[0]
    assert total[3:7] == (2, 1, 1, 0)
    assert (total.p50_seconds, total.p90_seconds) == (30, 60)


def test_an_amendment_is_no_submission_and_an_answer_to_a_request_no_decision(starter):
    version = submitted(AT, filer=organization())
    amended = DeclarationVersion.objects.get(pk=version.pk)
    amended.pk, amended.number, amended.lrn, amended.reference = None, 2, f"{version.lrn}-2", "V00000000000X"
    amended.save()
    request = Request.objects.create(version=amended, kind="COR", lrn=amended.lrn, reason="", created_at=AT)
    answered(version, "REJECTED", 10, request=request)
    assert count_month(OCTOBER, as_of=LATER)[0][3:7] == (1, 0, 0, 0)


def test_a_month_begins_where_the_party_counts_its_days(starter):
    submitted(datetime(2026, 11, 1, 3, 59, tzinfo=UTC), filer=organization())  # still 31 October in New York
    submitted(datetime(2026, 11, 1, 4, 0, tzinfo=UTC), filer=organization())
    assert count_month(OCTOBER, as_of=LATER)[0].filed == 1
    assert count_month(date(2026, 11, 1), as_of=LATER)[0].filed == 1


def test_publishing_again_gives_the_same_rows_whatever_came_later(filings):
    row = publish()
    before = list(ParityFigure.objects.order_by("pk").values())
    waiting = DeclarationVersion.objects.filter(facts=None).first()
    answered(waiting, "ACCEPTED", 60 * 86400)
    again = publish(now=LATER + timedelta(days=30))
    assert again.pk == row.pk
    assert again.published_at == LATER
    assert list(ParityFigure.objects.order_by("pk").values()) == before
    assert TrailEntry.objects.filter(kind="parity.publish").count() == 1
    assert differences(again) == [], "what came later was not held then"


def test_the_check_finds_a_figure_that_was_changed(filings):
    row = publish()
    row.figures.filter(filer_type="broker", port="all").update(accepted=41, rejected=0)
    (found,) = differences(row)
    assert (found.published.accepted, found.counted.accepted) == (41, 35)
    with time_machine.travel(LATER, tick=False), pytest.raises(CommandError) as error:
        call_command("publish_parity", "--check", "--month", "2026-10", stderr=StringIO())
    assert error.value.returncode == 1


def test_a_month_that_runs_is_not_published(filings):
    with pytest.raises(MonthNotOver):
        publish(now=datetime(2026, 10, 31, 23, 0, tzinfo=UTC))
    with pytest.raises(MonthNotOver):
        publish(month=date(2027, 1, 1))
    assert not ParityMonth.objects.exists()


def test_the_job_publishes_before_the_tenth_business_day_and_once(filings):
    assert due_day(OCTOBER) == date(2026, 11, 16)  # Veterans Day is no business day
    early = datetime(2026, 11, 9, 12, 0, tzinfo=UTC)
    assert publish_due(actor=SYSTEM, now=early) == 0
    in_time = datetime(2026, 11, 10, 12, 0, tzinfo=UTC)
    assert publish_due(actor=SYSTEM, now=in_time) == 1
    with time_machine.travel(in_time + timedelta(hours=1), tick=False):
        assert publish_parity() == 0
    assert find_month(OCTOBER).published_at == in_time


def test_the_job_catches_up_with_months_it_missed(filings):
    assert publish_due(actor=SYSTEM, now=datetime(2027, 1, 20, tzinfo=UTC)) == 3
    months = list(ParityMonth.objects.order_by("month").values_list("month", flat=True))
    assert months == [date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)]


def test_the_day_of_publication_is_a_parameter(filings):
    Parameter.objects.filter(name="publication_day").update(value="5")
    assert due_day(OCTOBER) == date(2026, 11, 6)
    assert publish_due(actor=SYSTEM, now=datetime(2026, 11, 3, 12, 0, tzinfo=UTC)) == 1


def test_small_counts_are_not_shown_anywhere(filings):
    row = publish()
    found = by_key(row)
    small = found["self", "2809", "all"]
    assert small.suppressed
    assert (small.filed, small.accepted, small.p50_seconds) == (None, None, None)
    assert small.words["filed"] == LESS
    assert found["self", "4601", "all"].filed is None, "the total would give the small one away"
    assert found["self", "2704", "all"].filed == 55
    assert found["self", "all", "all"].filed == 85
    assert found["provider", "all", "all"].words["filed"] == LESS
    for values in rows_of(row):
        assert not [one for one in values[4:8] if isinstance(one, int) and one < 5], values


def test_the_json_has_the_promised_shape(filings):
    publish()
    found = parity_json("2026-10")
    assert found["month"] == "2026-10"
    assert found["published_at"] == "2026-11-16T12:00:00+00:00"
    total = next(one for one in found["cells"] if (one["filer_type"], one["port"]) == ("self", "all"))
    assert total == {
        "filer_type": "self", "port": "all", "lane": "all", "filed": 85, "accepted": 63, "rejected": 17,
        "examined": 18, "p50_seconds": 78, "p90_seconds": 101, "suppressed": False,
    }  # fmt: skip
    assert parity_json("2026-09") == {"month": "2026-09", "published_at": None, "cells": []}
    assert parity_json("../etc")["cells"] == []


def test_the_ratio_is_judged_from_thirty_decisions_on(filings):
    shown = figures_of(publish())
    middle, slow = ratios_of(shown, OCTOBER)
    assert (middle.verdict, middle.value) == ("equal", Decimal("0.94"))  # 78 : 83
    assert (slow.verdict, slow.value) == ("equal", Decimal("1.02"))  # 101 : 99
    Parameter.objects.filter(name="parity_ratio_min_n").update(value="42")
    assert [one.verdict for one in ratios_of(shown, OCTOBER)] == ["few", "few"]
    Parameter.objects.filter(name="parity_ratio_min_n").update(value="30")
    Parameter.objects.filter(name="parity_ratio_min").update(value="0.99")
    assert ratios_of(shown, OCTOBER)[0].verdict == "unequal"
    assert ratios_of([one for one in shown if one.filer_type == "self"], OCTOBER)[0].verdict == "none"


def test_the_command_says_what_it_did(filings):
    out = StringIO()
    with time_machine.travel(LATER, tick=False):
        call_command("publish_parity", stdout=out)
        call_command("publish_parity", "--month", "2026-10", stdout=out)
        call_command("publish_parity", "--check", stdout=out)
        with pytest.raises(CommandError):
            call_command("publish_parity", "--month", "2026-11")
        with pytest.raises(CommandError):
            call_command("publish_parity", "--month", "October")
    words = out.getvalue()
    assert "8 figures of 2026-10 are published." in words
    assert "8 figures of 2026-10 were published already." in words
    assert "8 figures of 2026-10 agree with the filings." in words


def test_a_real_filing_is_counted(starter):
    declaration = make_declaration("S01", until="submitted", now=AT)
    (total, cell) = count_month(OCTOBER, as_of=timezone.now() + timedelta(days=1))
    assert total.filer_type == "self"
    assert (cell.port, cell.filed) == (Declaration.objects.get(pk=declaration.pk).port_of_entry, 1)
    assert ControlFact.objects.count() == 0
