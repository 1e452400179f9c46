"""Two invented changes of law: one computed and published, one computed and not yet published."""

from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from audits.demonstration.people import actor_of
from audits.demonstration.stories import working_day_before
from audits.remedies import services
from audits.remedies.models import LawChange
from portal.timezones import party_date

CORRELATION = "demonstration"
MAKER, PUBLISHER = "specialist@authority.example", "auditor@authority.example"
NO_LAW = "Invented for the demonstration: no court and no notice says so"
LOOKED_BACK = timedelta(days=60)
PUBLISHED: dict[str, Any] = {
    "title": "Exercise: the section 301 duty on goods of China is not owed",
    "effect": "annul",
    "authorities": ("s301_china",),
}
UNPUBLISHED: dict[str, Any] = {
    "title": "Exercise: the section 301 forced labor duty is 5 percent",
    "effect": "rate",
    "authorities": ("s301_forced_labor",),
    "rate": Decimal("0.05"),
}


def dues(now: datetime) -> Iterable[tuple[datetime, Callable[[datetime], None]]]:
    """When the changes were made, and how: on the working day before, after what was filed then."""
    at = working_day_before(now, 1, at=time(19, 30))
    yield at, _publish
    yield at + timedelta(minutes=40), _make_unpublished


def _publish(now: datetime) -> None:
    change = _computed(PUBLISHED, now)
    services.publish(change=change, actor=actor_of(PUBLISHER, CORRELATION), now=now + timedelta(minutes=25))


def _make_unpublished(now: datetime) -> None:
    _computed(UNPUBLISHED, now)


def _computed(words: dict[str, Any], now: datetime) -> LawChange:
    """A change that ran over everything filed so far."""
    actor, today = actor_of(MAKER, CORRELATION), party_date(now)
    change = services.make(
        legal_basis=NO_LAW, first=today - LOOKED_BACK, last=today, interest_to=today, actor=actor, now=now, **words
    )
    services.start(change=change, actor=actor, now=now + timedelta(minutes=1))
    while services.step(change=change, actor=actor, now=now + timedelta(minutes=2)):
        pass
    change.refresh_from_db()
    return change
