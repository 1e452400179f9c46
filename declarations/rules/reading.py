"""How rules read a document: text to amounts and days, and the sets of codes that several rules share."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache

from declarations.document import PARTY_ROLES, Document, Party
from declarations.tariff.view import CANADIAN_PROVINCES as CANADIAN_PROVINCES
from portal.money import is_decimal, to_cent_half_up

PARTY = "US"
ROLES = frozenset(PARTY_ROLES)
FIRST_YEAR, LAST_YEAR = 1990, 2100

# Entry types (CATAIR AE table 2).
INFORMAL = frozenset({"11", "12"})
QUOTA = frozenset({"02", "07", "12"})
ADCVD = frozenset({"03", "07", "34", "38"})

# Modes of transport (CATAIR AE table 3).
MODES = frozenset(["10", "11", "12", "20", "21", "30", "31", "32", "33", "34", "40", "41", "50", "60", "70"])
VESSEL = frozenset({"10", "11"})
WATER = frozenset({"10", "11", "12"})
RAIL = frozenset({"20", "21"})
TRUCK = frozenset({"30", "31"})
AIR = frozenset({"40", "41"})
CARRIED = WATER | RAIL | TRUCK | AIR

STATEMENT = frozenset({"2", "3", "5", "6", "7", "8"})
MONTHLY = frozenset({"6", "7", "8"})

UNKNOWN_COUNTRY = "**"
USMCA = frozenset({"S", "S+"})

_PARENTHESES = re.compile(r"\(([^()]*)\)")
_PUNCTUATION = re.compile(r"[\W_]+")


@lru_cache(maxsize=16_384)
def amount(text: str | None) -> Decimal | None:
    """The decimal a text says, or None where it says none."""
    return Decimal(text) if text and is_decimal(text) else None


@lru_cache(maxsize=4096)
def day(text: str | None) -> date | None:
    """The day a text says, or None for no day and for years nobody can mean."""
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def shown(moment: date) -> str:
    """A day as people read it: 24 Nov 2026."""
    return f"{moment.day} {moment:%b %Y}"


def dollars(value: Decimal) -> str:
    """An amount as people read it: 45,000, or 2,367.20; no digit that counts is left out."""
    found = f"{value:,f}"
    whole, _point, cents = found.partition(".")
    cents = cents.rstrip("0")
    return f"{whole}.{cents:0<2}" if cents else whole


def to_the_cent(value: Decimal) -> str:
    """An amount that is counted to the cent, as people read it: 2,367.28."""
    return f"{to_cent_half_up(value):,.2f}"


def sentence(text: str | None) -> str:
    """A reason as a sentence of its own."""
    found = (text or "").strip()
    return found[:1].upper() + found[1:] + ("" if found.endswith((".", "!", "?")) or not found else ".")


def is_whole(number: Decimal) -> bool:
    """No cents."""
    return number == number.to_integral_value()


@lru_cache(maxsize=4096)
def programs_of(special: str) -> frozenset[str]:
    """Program symbols that a special column lists: `Free (A*,AU) 2.5% (KR)` gives A*, AU and KR."""
    return frozenset(one.strip() for part in _PARENTHESES.findall(special) for one in part.split(",") if one.strip())


def lists_program(special: str, program: str) -> bool:
    """The special column has this program. GSP with exclusions (A*, E*) is claimed as A and E."""
    listed = programs_of(special)
    return program in listed or f"{program}*" in listed


def plain_name(name: str | None) -> str:
    """A name for comparison: no punctuation, no case, no double blanks; L.L.C. is LLC."""
    return _PUNCTUATION.sub(" ", (name or "").replace(".", "")).strip().casefold()


def compact(text: str | None) -> str:
    """A number without blanks, hyphens and dots, in upper case."""
    return re.sub(r"[\s.-]", "", text or "").upper()


def header_parties(document: Document) -> Iterator[tuple[str, str, Party]]:
    """Role, pointer and party for the parties that the header gives themselves."""
    if document.parties is None:
        return
    for role in PARTY_ROLES:
        party = getattr(document.parties, role)
        if party is not None:
            yield role, f"/parties/{role}", party


LINE_ROLES = ("manufacturer", "sold_to", "delivered_to", "foreign_exporter")
