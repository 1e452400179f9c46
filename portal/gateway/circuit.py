"""A channel that is silent is left alone for a while, so that nobody stands waiting before it.

Silence is no answer at all: a time-out, a reset, a refused connection. After a few in a row, with nothing heard in
between, the circuit is open: nothing is sent, asked or fetched until its rest is over; then one message, or one look
for answers, tries whether the authority is there. Anything that is heard closes it.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

import structlog
from django.db.models import F

from portal.gateway.channels import Channel, Receipt, channel
from portal.gateway.models import ChannelState

log = structlog.get_logger(__name__)
MOST_SILENCES = 5


class Silent(NamedTuple):
    """Channels that are left alone now, and those that one message may try."""

    resting: frozenset[str]
    on_trial: frozenset[str]

    @property
    def both(self) -> frozenset[str]:
        """Those where nothing goes out as usual."""
        return self.resting | self.on_trial


def silent_channels(*, now: datetime) -> Silent:
    """As the table says at this moment."""
    rows = ChannelState.objects.filter(silences__gte=MOST_SILENCES).values_list("channel", "rest_until")
    resting = {name for name, until in rows if until is not None and until > now}
    return Silent(frozenset(resting), frozenset(name for name, _ in rows) - resting)


def note(way: Channel, receipts: list[Receipt], *, now: datetime) -> None:
    """What was heard from a channel, or that nothing was."""
    if not receipts:
        return
    if any(one.status_code is not None for one in receipts):
        note_heard(way)
    else:
        note_silence(way, now=now, count=len(receipts))


def note_heard(way: Channel) -> None:
    """The authority speaks: its circuit is closed."""
    if ChannelState.objects.filter(channel=way.name, silences__gt=0).update(silences=0, rest_until=None):
        log.info("the authority is heard again", channel=way.name)


def note_silence(way: Channel, *, now: datetime, count: int = 1) -> None:
    """So many times nothing was heard; after a few in a row the channel has a rest."""
    ChannelState.objects.bulk_create([ChannelState(channel=way.name)], ignore_conflicts=True)
    rows = ChannelState.objects.filter(channel=way.name)
    rows.update(silences=F("silences") + count)
    until = now + timedelta(seconds=way.rest)
    if rows.filter(silences__gte=MOST_SILENCES).update(rest_until=until, silences=MOST_SILENCES):
        log.warning("the authority is silent and is left alone", channel=way.name, until=until.isoformat())


def may_fetch(way: Channel, *, now: datetime) -> bool:
    """Whether to look for answers: not while the channel rests."""
    return way.name not in silent_channels(now=now).resting


def note_round(heard: dict[str, list[Receipt]], *, now: datetime) -> None:
    """What came of one round, by channel."""
    for name, receipts in heard.items():
        note(channel(name), receipts, now=now)
