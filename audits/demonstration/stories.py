"""The stories of the demonstration: one for each status a declaration can have, as data.

A story begins so many working days or minutes ago; its steps follow so many minutes later.
"""

from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from audits.demonstration.answers import Problem, Said
from portal.clocks.calendars import is_business_day
from portal.timezones import party_date

PARTY = "US"
ONE_DAY = timedelta(days=1)
DAY = 24 * 60


class Step(NamedTuple):
    """What happens so many minutes after the story began: the name of a deed, and what customs says in it."""

    after: int
    deed: str
    said: Said | None = None


class Story(NamedTuple):
    """A declaration of an organization, its shipment, when it began, and what came of it.

    `status` is the word that people read in the end. `working_days` 0 means `minutes` ago.
    """

    status: str
    organization: str
    ship: str
    own: str
    steps: tuple[Step, ...]
    working_days: int = 0
    minutes: int = 0
    lands_in: int = 1  # days after the beginning

    def begins(self, now: datetime) -> datetime:
        """Some minutes ago, or in office hours of an earlier working day."""
        if not self.working_days:
            return now - timedelta(minutes=self.minutes)
        return working_day_before(now, self.working_days, at=time(15, self.minutes))


def working_day_before(now: datetime, count: int, *, at: time) -> datetime:
    """This time of the day, in UTC, so many working days ago."""
    day = party_date(now, PARTY)
    while count:
        day -= ONE_DAY
        count -= is_business_day(PARTY, day)
    return datetime.combine(day, at, UTC)


DRAFTED = (Step(0, "draft"),)
PREPARED = (*DRAFTED, Step(14, "prepare"))
SIGNED = (*PREPARED, Step(17, "sign"))
SUBMITTED = (*SIGNED, Step(18, "submit"))
SENT = (*SUBMITTED, Step(18, "deliver"))

ACCEPTED, RECEIVED, CLEARED = Said("01"), Said("02"), Said("09")
EXAM, DOCUMENTS, RELEASED, CANCELLED = Said("05"), Said("06"), Said("08"), Said("10")
GRANTED = Said("11", status="39", of_request=True)
PROVISIONAL, FINAL = Said("13", status="67"), Said("13", status="4")
NO_FUNDS, PAYMENT_ASKED = Said("14"), Said("15")
HELD = Said("50", notes=(("agency", "FDA"), ("hold", "opened")))
REVOKED = Said("05", status="99", notes=(("release", "revoked"),))
LINE = (("42A", ""), ("67A", ""), ("68A", "1"))
REJECTED = Said(
    "03",
    problems=(
        Problem("US20002", "The country of origin is unknown.", (*LINE, ("92A", "")), "063"),
        Problem("US20001", "The tariff number is unknown.", (*LINE, ("23A", ""), ("21A", "1")), "145"),
        Problem("US10001", "The port of entry does not serve this kind of entry.", (("42A", ""),), "065"),
    ),
)


def _answered(*answers: tuple[int, Said]) -> tuple[Step, ...]:
    """Sent, and answered so many minutes after the beginning."""
    return (*SENT, *(Step(after, "answer", said) for after, said in answers))


_TAKEN = ((25, ACCEPTED), (26, PROVISIONAL))
_RELEASED = (*_TAKEN, (95, RELEASED))
_SETTLED = (*_RELEASED, (2 * DAY, FINAL), (2 * DAY + 1, CLEARED))

STORIES = (
    Story("Draft", "importer", "S03", "DRAFT2", DRAFTED, minutes=130, lands_in=5),
    Story("Ready to sign", "importer", "S04", "READY1", PREPARED, minutes=95, lands_in=3),
    Story("Signed", "importer", "S01", "SIGNED1", SIGNED, minutes=70, lands_in=3),
    Story("Sent to customs", "importer", "S09", "WAITING1", SENT, minutes=24, lands_in=0),
    Story("Sent, outcome unknown", "importer", "S02", "UNHEARD1",
          (*SUBMITTED, Step(19, "lose")), working_days=1, minutes=40),
    Story("Refused at the door", "second", "S02", "REFUSED1", (*SUBMITTED, Step(18, "refuse")), working_days=4),
    Story("Not delivered", "importer", "S09", "STUCK1",
          (*SUBMITTED, Step(18, "miss"), Step(DAY + 30, "miss")), working_days=3, minutes=12),
    Story("Received by customs", "importer", "S06", "ARRIVES1", _answered((25, RECEIVED)), minutes=260, lands_in=3),
    Story("Accepted", "second", "S01", "BATTERY2", _answered(*_TAKEN), working_days=1, minutes=5),
    Story("Rejected", "importer", "S07", "A03SHOE1", _answered((25, REJECTED)), working_days=2, minutes=20),
    Story("Documents asked for", "second", "S06", "PAPERS1",
          _answered(*_TAKEN, (190, DOCUMENTS)), working_days=2, minutes=50),
    Story("Being examined", "second", "S03", "EXAM1", _answered(*_TAKEN, (140, EXAM)), working_days=2, minutes=35),
    Story("Held by an agency", "importer", "S06", "HELD1", _answered(*_TAKEN, (60, HELD)), working_days=4, minutes=25),
    Story("Payment asked", "importer", "S10", "UNPAID1",
          _answered(*_TAKEN, (120, PAYMENT_ASKED)), working_days=1, minutes=15),
    Story("Goods released", "importer", "S01", "RELEASE1", _answered(*_RELEASED), working_days=3, minutes=45),
    Story("Release suspended", "importer", "S01", "A17BATT2",
          _answered(*_RELEASED, (330, REVOKED)), working_days=5, minutes=10),
    Story("Summary accepted", "importer", "S10", "CLEARED1", _answered(*_SETTLED), working_days=16, minutes=30),
    # The summary is accepted, and afterwards the bank does not pay.
    Story("Payment asked", "second", "S10", "RETURNED1",
          _answered(*_SETTLED, (5 * DAY, NO_FUNDS)), working_days=14, minutes=30),
    Story("Cancelled", "importer", "S04", "NOSHOW1",
          (*_answered(*_TAKEN), Step(DAY, "cancel"), Step(DAY, "deliver"), Step(DAY + 8, "answer", GRANTED),
           Step(DAY + 9, "answer", CANCELLED)), working_days=11, minutes=55, lands_in=3),
    Story("Withdrawn", "importer", "S09", "GIVENUP",
          (*DRAFTED, Step(45, "discard")), working_days=8, minutes=25, lands_in=3),
    Story("Expired draft", "importer", "S07", "FORGOT1",
          (*DRAFTED, Step(90 * DAY + 30, "expire")), minutes=96 * DAY, lands_in=4),
)  # fmt: skip
