"""The authority's clock: real time plus a shift, so that a test can let days pass at once.

Every instant of this package is a whole number of milliseconds since 1970, UTC.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

SECOND = 1000
HOUR = 3600 * SECOND
DAY = 24 * HOUR


def real_now() -> int:
    """Milliseconds since 1970 on the machine's own clock: for tokens, pushes and limits."""
    return time.time_ns() // 1_000_000


class VirtualClock:
    """The time of the authority: it runs with real time and can be moved forward, never back."""

    def __init__(self, shift: int = 0, real: Callable[[], int] = real_now) -> None:
        self.shift = shift
        self._real = real

    def now(self) -> int:
        """The authority's present."""
        return self._real() + self.shift

    def advance(self, milliseconds: int) -> None:
        """From now on it is that much later."""
        if milliseconds < 0:
            raise ValueError("the clock moves forward only")
        self.shift += milliseconds


def iso(instant: int) -> str:
    """The instant as ISO 8601 text in UTC."""
    return _moment(instant).isoformat(timespec="seconds").replace("+00:00", "Z")


def day_of(instant: int) -> str:
    """The UTC day of the instant as an ISO date."""
    return _moment(instant).date().isoformat()


def format_304(instant: int, offset: str = "Z") -> str:
    """The instant as CCYYMMDDHHMMSS and an offset, `Z`, `+hh` or `+hhmm`, to the second."""
    moment = _moment(instant)
    if offset != "Z":
        sign = -1 if offset.startswith("-") else 1
        minutes = int(offset[1:3]) * 60 + int(offset[3:5] or "0")
        moment = moment.astimezone(timezone(sign * timedelta(minutes=minutes)))
    return moment.strftime("%Y%m%d%H%M%S") + offset


def _moment(instant: int) -> datetime:
    return datetime.fromtimestamp(instant // SECOND, tz=UTC)
