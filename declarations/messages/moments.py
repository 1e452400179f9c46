"""Moments as answers write them: format 304 with `Z`, `+hh`, `+hhmm` or nothing after it, or a day alone (102)."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple

_MOMENT = re.compile(r"([0-9]{8})(?:([0-9]{6})(?:(Z)|([-+])([0-9]{2})([0-9]{2})?)?)?\Z", re.ASCII)
_DAY_LENGTH = 24 * 60


class Moment(NamedTuple):
    """A moment, and whether its distance from UTC had to be supposed."""

    at: datetime
    assumed_utc: bool


def read_moment(text: str) -> Moment | None:
    """The moment, None where the text is none. Without an offset it counts as UTC and says so."""
    match = _MOMENT.match(text.strip())
    if match is None:
        return None
    day, time, zulu, sign, hours, minutes = match.groups()
    away = int(hours or 0) * 60 + int(minutes or 0)
    if away >= _DAY_LENGTH or int(minutes or 0) > 59:
        return None
    zone = timezone(timedelta(minutes=-away if sign == "-" else away)) if sign else UTC
    try:
        at = datetime.strptime(day + (time or "000000"), "%Y%m%d%H%M%S").replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return Moment(at, not (zulu or sign))
