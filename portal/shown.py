"""How amounts, numbers and times are shown to people."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.tariff_numbers import dotted
from portal.timezones import ZONES


def decimal_in(value: Any) -> Decimal | None:
    """The finite number that this is; None where it is none."""
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def money(value: Any, currency: str = "USD") -> str:
    """`18617.13` as `$18,617.13`; other currencies by their code. Nothing stays nothing: it is never a zero."""
    return amount_in(value, currency, 2)


def dollars(value: Any, currency: str = "USD") -> str:
    """Whole dollars: `45000` as `$45,000`; cents are shown where there are any."""
    amount = decimal_in(value)
    return amount_in(value, currency, 0 if amount is not None and amount == amount.to_integral_value() else 2)


def amount_in(value: Any, currency: str, places: int) -> str:
    """An amount with so many decimals and its currency."""
    amount = decimal_in(value) if value not in (None, "") else None
    if amount is None:
        return "" if value in (None, "") else str(value)
    sign = "\N{MINUS SIGN}" if amount < 0 else ""
    text = f"{abs(amount):,.{places}f}"
    return f"{sign}${text}" if currency == "USD" else f"{sign}{currency}\N{NO-BREAK SPACE}{text}"


def number(value: Any) -> str:
    """Thousands separated, decimals as they are: `12345.50` as `12,345.50`."""
    amount = decimal_in(value) if value not in (None, "") else None
    return f"{amount:,f}" if amount is not None else str(value or "")


def _day_of(value: Any) -> date | None:
    if isinstance(value, str):
        try:
            value = parse_datetime(value) if "T" in value else parse_date(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return _local(value).date()
    return value if isinstance(value, date) else None


def _local(moment: datetime) -> datetime:
    aware = moment if timezone.is_aware(moment) else timezone.make_aware(moment, ZONES[settings.PARTY])
    return aware.astimezone(ZONES[settings.PARTY])


def day(value: Any) -> str:
    """A date, or the day of a moment where the Party counts its days: `24 Nov 2026`."""
    found = _day_of(value)
    return date_format(found, "j M Y") if found else str(value or "")


def moment(value: Any) -> str:
    """A time with its zone: `24 Nov 2026, 09:05 EST`."""
    if isinstance(value, str):
        value = (parse_datetime(value) if "T" in value or " " in value else None) or value
    if not isinstance(value, datetime):
        return day(value)
    local = _local(value)
    return f"{date_format(local, 'j M Y, H:i')} {local.tzname()}"


def iso(value: Any) -> str:
    """For `<time datetime>`."""
    return value.isoformat() if isinstance(value, date) else str(value or "")


def duration(seconds: Any) -> str:
    """How long, in words: `4 minutes`."""
    found = int(decimal_in(seconds) or 0)
    if found < 60:
        return str(_("less than a minute"))
    if found < 3600:
        return ngettext("%(n)d minute", "%(n)d minutes", found // 60) % {"n": found // 60}
    if found < 86400:
        return ngettext("%(n)d hour", "%(n)d hours", found // 3600) % {"n": found // 3600}
    return ngettext("%(n)d day", "%(n)d days", found // 86400) % {"n": found // 86400}


def hts(value: Any) -> str:
    """A tariff number: `8507600090` as `8507.60.00.90`, `99039106` as `9903.91.06`."""
    return dotted(str(value or ""))


def entry_number(value: Any) -> str:
    """Filer code, number and check digit: `ZZZ-1000001-9`."""
    text = str(value or "")
    return f"{text[:3]}-{text[3:10]}-{text[10]}" if len(text) == 11 else text
