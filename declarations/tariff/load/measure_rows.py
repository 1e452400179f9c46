"""Our own layout of measures: one dated row a line."""

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from declarations.tariff.load.files import FileNotUnderstood, Source, csv_rows
from declarations.tariff.view import GAP, UNLISTED, Measure
from portal.timezones import ZONES, party_date

COLUMNS = ("heading", "authority", "effect", "rate_percent", "origins", "scope", "effective_from")
EFFECTS = ("add", "floor", "floor_met", "replace", "exempt", "prohibit", GAP)
WITH_RATE = ("add", "floor", "floor_met", "replace")
FIRST_MINUTE = time(0, 1)  # laws begin at 12:01 a.m.
EU = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
    "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
)  # fmt: skip


def own_measures(source: Source) -> Iterator[tuple[Measure, str]]:
    """Measures of a file in our layout, each with how certain it is. Raises FileNotUnderstood with the row."""
    for place, row in enumerate(csv_rows(source), start=2):
        try:
            yield _measure(row), row.get("certainty", "")
        except (ValueError, InvalidOperation) as error:
            raise FileNotUnderstood(f"{source.name}, row {place}: {error}", file=source.name, row=place) from error


def _measure(row: dict[str, str]) -> Measure:
    effect = row["effect"]
    if effect not in EFFECTS:
        raise ValueError(f"{effect!r} is no effect")
    heading = "".join(one for one in row["heading"] if one in "0123456789")
    if (effect != GAP) == (len(heading) != 8):
        raise ValueError(f"{row['heading']!r} is no heading of eight digits")
    rate = Decimal(row["rate_percent"]) / 100 if row["rate_percent"] else None
    if (rate is None) == (effect in WITH_RATE):
        raise ValueError(f"{effect} {'without a' if rate is None else 'with a'} rate")
    if rate is not None and rate < 0:
        raise ValueError(f"{row['rate_percent']} is below zero: an exemption lifts a duty, no rate does")
    first, last = date.fromisoformat(row["effective_from"]), _day(row.get("effective_to", ""))
    if row.get("content") and effect != "add":
        raise ValueError(f"{effect} on a content")
    return Measure(
        heading=heading,
        authority=row["authority"],
        effect=effect,
        rate=rate,
        origins=origins_of(row["origins"]),
        excluded_origins=origins_of(row.get("excluded_origins", "")),
        scope=prefixes_of(row["scope"]),
        excluded_scope=prefixes_of(row.get("excluded_scope", "")),
        program=row.get("program") or None,
        requires=frozenset(row.get("requires", "").split()),
        exempts=frozenset(row.get("exempts", "").split()),
        claimed_only=row.get("claimed_only") in ("1", "true"),
        content=row.get("content", ""),
        gives_way=frozenset(row.get("gives_way", "").split()),
        effective_from=first,
        effective_to=last,
        effective_at=_instant(row.get("effective_at", ""), first),
        ends_at=_instant(row.get("ends_at", ""), last),
        order=int(row.get("order") or 0),
        legal_basis=row.get("legal_basis", ""),
        note=row.get("note", ""),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _instant(text: str, day: date | None) -> datetime | None:
    """A time within a day, Eastern where it names no zone. The first minute of the day is the whole day."""
    if not text:
        return None
    found = datetime.fromisoformat(text)
    moment = found if found.tzinfo else found.replace(tzinfo=ZONES["US"])
    if day is None or party_date(moment) != day:
        raise ValueError(f"{text} is not within {day or 'a last day'}")
    local = moment.astimezone(ZONES["US"]).time()
    return moment if local > FIRST_MINUTE else None


def origins_of(text: str) -> frozenset[str]:
    """Country codes of a cell; EU stands for its members."""
    found: set[str] = set()
    for one in text.replace("|", " ").split():
        found.update(EU if one == "EU" else (one,))
    wrong = [one for one in found if not (len(one) == 2 and one.isascii() and one.isupper())]
    if wrong:
        raise ValueError(f"{wrong[0]!r} is no country code")
    return frozenset(found)


def prefixes_of(text: str) -> tuple[str, ...]:
    """Prefixes of tariff numbers of a cell, digits only, each once; the mark of a list that is not held stays."""
    found = dict.fromkeys(
        one if one == UNLISTED else "".join(ch for ch in one if ch in "0123456789") for one in text.split()
    )
    return tuple(one for one in found if one)
