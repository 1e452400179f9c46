"""The day whose rates apply: the time of entry and its exceptions (19 USC 1315; 19 CFR 141.68, 141.69)."""

from datetime import date, datetime, time

from msgspec import Struct

from declarations.document import Dates, Document, Item
from declarations.tariff.calculate.reading import day
from portal.timezones import ZONES, party_date

IMMEDIATE_TRANSPORTATION = ("61", "IT")
ZONE_DATE = "/ftz/privileged_date"  # of the line
PRIVILEGED = ("P", "PF", "privileged", "privileged_foreign")


class RateDay(Struct, frozen=True):
    """A day, whether it is still an estimate, and the ground in a few words."""

    day: date
    estimated: bool
    ground: str
    at: datetime | None = None  # the time of entry, where it is stated
    pointer: str = "/dates/estimated_entry"  # where this day is written, or would be


def entry_day(
    document: Document, *, now: datetime, landed_on: date | None = None, entered_on: date | None = None
) -> RateDay:
    """The day of entry, as customs counts it (Eastern time). Known once customs has answered; before that an estimate.

    An estimate is the elected or the estimated date of entry, and never before the goods are within port limits.
    """
    dates = document.dates
    if entered_on is not None:
        return RateDay(entered_on, False, "time of entry", _at(dates, entered_on))
    arrivals = [day(dates.estimated_arrival), day(dates.import_date)] if dates else []
    arrived = max((one for one in (*arrivals, landed_on) if one is not None), default=None)
    chosen = (day(dates.entry_date_election) or day(dates.estimated_entry)) if dates else None
    if chosen is not None and (arrived is None or chosen >= arrived):
        elected = bool(dates and day(dates.entry_date_election))
        ground = "date elected" if elected else "estimated date of entry"
        pointer = "/dates/entry_date_election" if elected else "/dates/estimated_entry"
        return RateDay(chosen, True, ground, _at(dates, chosen), pointer)
    if arrived is not None:
        pointer = "/dates/import" if dates and day(dates.import_date) == arrived else "/dates/estimated_arrival"
        return RateDay(arrived, True, "arrival: no entry before it (19 CFR 141.68)", None, pointer)
    return RateDay(party_date(now), True, "today: no date is given")


def _at(dates: Dates | None, on: date) -> datetime | None:
    """The time of entry that the document carries, on a day; None where it carries none that can be read."""
    stated = dates.entry_time if dates else None
    try:
        return datetime.combine(on, time.fromisoformat(stated), ZONES["US"]) if stated else None
    except ValueError:
        return None


def rate_day(document: Document, item: Item, *, entry: RateDay) -> RateDay:
    """The rate date of a line: the entry's, or that of the in-bond entry or of the privileged zone status."""
    return zone_day(item) or goods_day(document, entry=entry)


def zone_day(item: Item) -> RateDay | None:
    """The day a line's privileged foreign status was granted, where it has one."""
    if item.ftz and item.ftz.status in PRIVILEGED and (granted := day(item.ftz.privileged_date)):
        return RateDay(granted, False, "privileged foreign status granted (19 CFR 146.65)", None, ZONE_DATE)
    return None


def goods_day(document: Document, *, entry: RateDay) -> RateDay:
    """The rate date of all lines without a zone status: the entry's, or that of the in-bond entry."""
    bond = document.in_bond
    accepted = day(bond.accepted_date) if bond and bond.type in (None, *IMMEDIATE_TRANSPORTATION) else None
    if accepted is not None and document.entry_type not in ("02", "07", "12", "32", "38"):
        return RateDay(accepted, False, "in-bond entry accepted (19 CFR 141.69(b))", None, "/in_bond/accepted_date")
    return entry
