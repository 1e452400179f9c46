"""Publish the figures of a month, once; and say whether they still agree with the filings."""

from datetime import date, datetime
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Min

from declarations.models import DeclarationVersion
from declarations.parity.counting import Cell
from declarations.parity.models import ParityFigure, ParityMonth
from declarations.parity.selectors import beginning, count_month, find_month, last_month, next_month
from declarations.parity.suppression import PARTS, hidden_parts
from portal.accounts.actors import Actor
from portal.clocks.calendars import nth_business_day_of_month
from portal.errors import DomainError
from portal.parameters.selectors import value_of
from portal.timezones import party_date
from portal.trail.services import record

IN_HAND = 3  # business days before the last one: room for a portal that stands still
LOOKED_BACK = 24  # months that are caught up with


class MonthNotOver(DomainError):
    """Figures of a month that still runs, or has not begun, are not published."""

    code = "MONTH_NOT_OVER"


class Difference(NamedTuple):
    """A published cell that does not agree with the filings: as published, as counted now; None where there is none."""

    published: Cell | None
    counted: Cell | None


@transaction.atomic
def publish_month(*, month: date, actor: Actor, now: datetime) -> ParityMonth:
    """The figures of the month are out. Once they are, they stay as they are. Raises MonthNotOver."""
    if now < beginning(next_month(month)):
        raise MonthNotOver(f"{month:%B %Y} is not over.")
    row, is_new = ParityMonth.objects.get_or_create(month=month, defaults={"published_at": now})
    if not is_new:
        return row
    cells = count_month(month, as_of=now)
    hidden = hidden_parts(cells)
    ParityFigure.objects.bulk_create(
        ParityFigure(month=row, hidden=",".join(one for one in PARTS if one in hidden[cell]), **cell._asdict())
        for cell in cells
    )
    data = {"month": f"{month:%Y-%m}", "cells": len(cells)}
    record(subject=f"parity:{month:%Y-%m}", kind="parity.publish", actor=actor, now=now, data=data)
    return row


def publish_due(*, actor: Actor, now: datetime) -> int:
    """Every month that is due, and every earlier one that was missed, is out. Gives how many are new."""
    today = party_date(now, settings.PARTY)
    count = 0
    for month in _months(now):
        after = next_month(month)
        last = int(value_of("publication_day", after, party=settings.PARTY))
        begins = nth_business_day_of_month(settings.PARTY, after.year, after.month, max(1, last - IN_HAND))
        if today >= begins and find_month(month) is None:
            publish_month(month=month, actor=actor, now=now)
            count += 1
    return count


def _months(now: datetime) -> list[date]:
    """Months that are over, from the one of the first filing, or the last one alone."""
    last = last_month(now)
    first = DeclarationVersion.objects.aggregate(at=Min("submitted_at"))["at"]
    month = min(party_date(first, settings.PARTY).replace(day=1), last) if first else last
    found = []
    while month <= last:
        found.append(month)
        month = next_month(month)
    return found[-LOOKED_BACK:]


def differences(row: ParityMonth) -> list[Difference]:
    """Where the published figures differ from the filings and answers that were held when they came out."""
    counted = {one[:3]: one for one in count_month(row.month, as_of=row.published_at)}
    published = {one[:3]: one for one in (_cell(figure) for figure in row.figures.all())}
    keys = sorted(counted.keys() | published.keys())
    return [Difference(published.get(key), counted.get(key)) for key in keys if published.get(key) != counted.get(key)]


def _cell(row: ParityFigure) -> Cell:
    return Cell(*(getattr(row, name) for name in Cell._fields))
