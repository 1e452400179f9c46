"""Rows of fees, programs, origins and retired numbers, in our layouts and in the published ones."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from declarations.tariff.expressions import Unparsed, parse
from declarations.tariff.load.files import Source, csv_rows
from declarations.tariff.models import FeeSchedule, NoteRate, OriginStatus, PreferenceProgram, RetiredNumber
from declarations.tariff.notes import COLUMNS

FEES = ("fee_class", "rate_percent", "minimum", "maximum", "amount", "effective_from")
PUBLISHED_FEES = ("fee", "class_code", "basis", "rate", "minimum", "maximum", "effective_from")
PROGRAMS = ("code", "name", "countries", "effective_from", "mpf_exempt", "by_note")
PUBLISHED_PROGRAMS = ("symbol", "program", "general_note", "countries_iso2", "status", "mpf_exempt")
ORIGINS = ("country", "status", "ground", "effective_from")
NOTES = ("number", "column", "rate_text", "effective_from")
RETIRED = ("number", "successors", "ended_on")

AUTOMATED = "automated"  # of the informal fees the one a filer over the wire pays
LONG_AGO = date(1980, 1, 1)
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def fees(source: Source) -> Iterator[FeeSchedule]:
    """Fees in our layout: one class and period a row."""
    for row in csv_rows(source):
        yield FeeSchedule(
            fee_class=row["fee_class"],
            rate=_share(row["rate_percent"]),
            minimum=_decimal(row["minimum"]),
            maximum=_decimal(row["maximum"]),
            amount=_decimal(row["amount"]),
            not_on=_entry_types(row.get("not_on") or ""),
            effective_from=date.fromisoformat(row["effective_from"]),
            effective_to=_date(row.get("effective_to", "")),
            legal_basis=row.get("legal_basis", ""),
            source=row.get("source", ""),
        )


def published_fees(source: Source) -> Iterator[FeeSchedule]:
    """Fees by their name: of the several informal fees only the automated one has a class of its own here."""
    for row in csv_rows(source):
        code = row["class_code"] or ("501" if row["fee"] == "HMF" else "")
        if not code or (code == "311" and AUTOMATED not in row["fee"]):
            continue
        flat = row["basis"] == "flat"
        yield FeeSchedule(
            fee_class=code,
            rate=None if flat else _share(row["rate"].rstrip("%")),
            minimum=_decimal(row["minimum"]),
            maximum=_decimal(row["maximum"]),
            amount=_decimal(row["rate"]) if flat else None,
            effective_from=date.fromisoformat(row["effective_from"]),
            effective_to=_date(row.get("effective_to", "")),
            legal_basis=row.get("legal_basis", ""),
            source=f"{row.get('source', '')} ({row.get('confidence', '')})",
        )


def programs(source: Source) -> Iterator[PreferenceProgram]:
    """Programs in our layout."""
    for row in csv_rows(source):
        yield PreferenceProgram(
            code=row["code"],
            name=row["name"],
            countries=sorted(row["countries"].split()),
            effective_from=date.fromisoformat(row["effective_from"]),
            effective_to=_date(row.get("effective_to", "")),
            mpf_exempt=row["mpf_exempt"] == "1",
            certification_needed=row.get("certification_needed") == "1",
            by_note=row["by_note"] == "1",
            legal_basis=row.get("legal_basis", ""),
            note=row.get("note", ""),
        )


def published_programs(source: Source) -> Iterator[PreferenceProgram]:
    """Programs by symbol and status in words: an end date or `expired` in them ends the program."""
    for row in csv_rows(source):
        countries = row["countries_iso2"]
        yield PreferenceProgram(
            code=row["symbol"],
            name=row["program"][:120],
            countries=[] if countries == "ANY" else sorted(countries.split()),
            effective_from=LONG_AGO,
            effective_to=_end_in(row["status"]),
            mpf_exempt=row["mpf_exempt"].startswith("yes"),
            by_note="symbol on entry only" in row.get("note", "") and row["symbol"] != "Z",
            legal_basis=f"HTS GN {row['general_note']}",
            note=row["status"][:300],
        )


def _end_in(status: str) -> date | None:
    if status.startswith("in force to") or status.startswith("expired"):
        found = ISO_DATE.search(status)
        return date.fromisoformat(found[0]) if found else LONG_AGO
    if status.startswith("verify expiry") and (found := ISO_DATE.search(status)):
        return date.fromisoformat(found[0])
    return None


def origins(source: Source) -> Iterator[OriginStatus]:
    """What goods are by their origin."""
    for row in csv_rows(source):
        yield OriginStatus(
            country=row["country"],
            status=row["status"],
            ground=row["ground"],
            effective_from=date.fromisoformat(row["effective_from"]),
            effective_to=_date(row.get("effective_to", "")),
            legal_basis=row.get("legal_basis", ""),
        )


def notes(source: Source) -> Iterator[NoteRate]:
    """Rates that stand in notes. One that does not give an amount is refused: it would answer nothing."""
    for row in csv_rows(source):
        if row["column"] not in COLUMNS or isinstance(parse(row["rate_text"]), Unparsed):
            raise ValueError(f"“{row['column']}: {row['rate_text']}” is no rate of a column")
        yield NoteRate(
            number=row["number"],
            column=row["column"],
            text=row["rate_text"],
            effective_from=date.fromisoformat(row["effective_from"]),
            effective_to=_date(row.get("effective_to", "")),
            legal_basis=row.get("legal_basis", ""),
            source=row.get("source", ""),
        )


def retired(source: Source) -> Iterator[RetiredNumber]:
    """Numbers that are gone and what stands in their place."""
    for row in csv_rows(source):
        yield RetiredNumber(
            number=row["number"],
            successors=row["successors"].split(),
            ended_on=date.fromisoformat(row["ended_on"]),
        )


def _entry_types(text: str) -> list[str] | None:
    """Entry types with blanks; `none` for no type at all, empty where the row does not say."""
    return [] if text == "none" else sorted(text.split()) or None


def _share(text: str) -> Decimal | None:
    return Decimal(text) / 100 if text else None


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
