"""Codes in words, and how numbers, days and moments are written on the page."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

from portal.money import is_decimal
from portal.timezones import ZONES

NOT_COMPUTED: Final = "not computed"
SEVERAL: Final = "MULTI"

ENTRY_TYPES: Final = {
    "01": "consumption, free or dutiable", "02": "consumption, quota or visa", "03": "consumption, antidumping or "
    "countervailing", "06": "consumption, foreign-trade zone", "07": "quota or visa, and antidumping or countervailing",
    "11": "informal, free or dutiable", "12": "informal, quota", "13": "informal, mail", "21": "warehouse",
    "22": "re-warehouse", "23": "temporary importation under bond", "31": "warehouse withdrawal, consumption",
    "32": "warehouse withdrawal, quota", "34": "warehouse withdrawal, antidumping or countervailing",
    "38": "warehouse withdrawal, quota, and antidumping or countervailing", "51": "government, military",
    "52": "government, dutiable",
}  # fmt: skip
MODES: Final = {
    "10": "vessel, no container", "11": "vessel, container", "12": "border, waterborne", "20": "rail",
    "21": "rail, container", "30": "truck", "31": "truck, container", "32": "automobile", "33": "pedestrian",
    "34": "road, other", "40": "air", "41": "air, container", "50": "mail", "60": "hand-carried by passenger",
    "70": "pipeline or power line",
}  # fmt: skip
BONDS: Final = {"0": "none", "8": "continuous", "9": "single transaction"}
DESIGNATIONS: Final = {"B": "basic", "A": "additional", "U": "superseding", "E": "substitute"}
METALS: Final = {"07": "Aluminum, smelt and cast", "08": "Steel, melt and pour", "12": "Copper, smelt and cast"}
CHARGES: Final = {
    "012": "Antidumping duty, cash deposit", "013": "Countervailing duty, cash deposit",
    "016": "Tax on distilled spirits", "017": "Tax on wine", "018": "Tax on tobacco", "022": "Internal revenue tax",
    "053": "Beef", "054": "Pork", "055": "Honey", "056": "Cotton", "057": "Raspberries", "079": "Sugar",
    "090": "Potatoes", "102": "Limes", "103": "Mushrooms", "104": "Watermelons", "105": "Softwood lumber",
    "106": "Blueberries", "107": "Avocados", "108": "Mangoes", "109": "Sorghum", "110": "Dairy", "124": "Pecans",
    "125": "Christmas trees", "311": "Merchandise processing fee, informal", "496": "Dutiable mail fee",
    "499": "Merchandise processing fee", "500": "Manual entry surcharge", "501": "Harbor maintenance fee",
    "672": "Puerto Rico coffee",
}  # fmt: skip
KINDS: Final = {
    "duty": "Duty", "additional_duty": "Additional duty", "replacement": "Duty in lieu of column 1",
    "exemption": "Exemption", "antidumping": "Antidumping duty deposit",
    "countervailing": "Countervailing duty deposit", "tax": "Internal revenue tax", "fee": "Fee",
}  # fmt: skip
CAPACITIES: Final = {
    "importer_of_record": "Importer of record, and owner, purchaser or consignee", "agent": "Agent of the importer",
}  # fmt: skip
OBTAINED: Final = {
    "purchase": "Goods obtained by purchase or agreement to purchase", "otherwise": "Goods obtained otherwise",
}  # fmt: skip
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def named(code: str | None, names: dict[str, str]) -> str:
    """The code with its meaning; the bare code where it is not a known one."""
    meaning = names.get(code or "")
    return f"{code} {meaning}" if meaning else code or ""


def number(text: str | None) -> str:
    """A decimal with thousands parted and without trailing zeros; what is no decimal stays as it is."""
    if not text or not is_decimal(text):
        return text or ""
    shown = f"{Decimal(text):,f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def money(text: str | None) -> str:
    """An amount with thousands parted, as many decimals as it has and two at least."""
    shown = number(text)
    if not text or not is_decimal(text):
        return shown
    whole, _, cents = shown.partition(".")
    return f"{whole}.{cents:0<2}"


def day(text: str | None) -> str:
    """A date as `24 Nov 2026`; what is no day of the calendar stays as it is."""
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return text or ""
    return _written(found)


def moment(at: datetime, party: str = "US") -> str:
    """A moment in the Party's zone and in UTC, to the second."""
    here, utc = at.astimezone(ZONES[party]), at.astimezone(UTC)
    there = f"{utc:%H:%M:%S}" if utc.date() == here.date() else f"{_written(utc.date())}, {utc:%H:%M:%S}"
    return f"{_written(here.date())}, {here:%H:%M:%S} {here.tzname()} ({there} UTC)"


def case(text: str | None) -> str:
    """An antidumping or countervailing case number with its hyphens: A-570-890-000."""
    plain = text or ""
    if len(plain) != 10 or "-" in plain:
        return plain
    return "-".join((plain[0], plain[1:4], plain[4:7], plain[7:]))


def same_or_several(values: list[str]) -> str:
    """The one value that all lines give, nothing where none does, `MULTI` where they differ."""
    found = list(dict.fromkeys(one for one in values if one))
    return SEVERAL if len(found) > 1 else "".join(found)


def _written(on: date) -> str:
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"
