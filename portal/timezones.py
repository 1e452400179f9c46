"""Zones of the Parties: time is stored in UTC, law counts in the Party's own zone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

ZONES = {"US": ZoneInfo("America/New_York"), "CA": ZoneInfo("America/Toronto"), "MX": ZoneInfo("America/Mexico_City")}


def party_date(moment: datetime, party: str = "US") -> date:
    """The calendar day of a moment where the Party counts its days."""
    return moment.astimezone(ZONES[party]).date()
