"""Rows of exchange rates: spans as we write them, and daily quotes as they are published."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from declarations.tariff.load.files import Source, csv_rows
from declarations.tariff.models import ExchangeRate

SPANS = ("currency", "usd_per_unit", "effective_from", "effective_to", "basis")
DAILY = ("date", "currency", "usd_per_unit", "units_per_usd")
REFERENCE = "reference"
CARRIED = 4  # days off after a business day that take its rate (19 CFR 159.35)
PRODUCT_MAY_MISS = Decimal("0.02")  # how far a rate and its inverse may be from 1


def spans(source: Source) -> Iterator[ExchangeRate]:
    """Rates in our layout: a currency and the days it holds for."""
    for row in csv_rows(source):
        yield ExchangeRate(
            currency=row["currency"],
            rate=_rate(row["usd_per_unit"]),
            effective_from=date.fromisoformat(row["effective_from"]),
            effective_to=date.fromisoformat(row["effective_to"]),
            basis=row["basis"],
            source=row.get("source", ""),
        )


def daily(source: Source) -> Iterator[ExchangeRate]:
    """Daily quotes; each holds until the next one, over weekends and holidays."""
    found: dict[str, dict[date, Decimal]] = {}
    for row in csv_rows(source):
        rate = _rate(row["usd_per_unit"])
        if abs(rate * Decimal(row["units_per_usd"]) - 1) > PRODUCT_MAY_MISS:
            raise ValueError(f"{row['currency']} on {row['date']}: the rate and its inverse do not agree")
        found.setdefault(row["currency"], {})[date.fromisoformat(row["date"])] = rate
    for currency, quotes in sorted(found.items()):
        days = sorted(quotes)
        for place, day in enumerate(days):
            following = days[place + 1] if place + 1 < len(days) else day + timedelta(days=CARRIED + 1)
            yield ExchangeRate(
                currency=currency,
                rate=quotes[day],
                effective_from=day,
                effective_to=min(following - timedelta(days=1), day + timedelta(days=CARRIED)),
                basis=REFERENCE,
                source=source.name,
            )


def _rate(text: str) -> Decimal:
    rate = Decimal(text)
    if rate <= 0:
        raise ValueError(f"{text} is no exchange rate")
    return rate.quantize(Decimal("0.00000001"))
