"""Manufacturers and their codes (MID): 19 CFR part 102, appendix."""

import re
from collections.abc import Iterator

from declarations.document import Party
from declarations.rules import reading
from declarations.rules.base import Case, Finding, rule
from declarations.rules.lines import Line
from declarations.rules.mid import PROVINCES, looks_like_mid, propose_mid

MADE_IN_CANADA = frozenset(PROVINCES.values())
_CHINESE_POSTCODE = re.compile(r"[0-9]{6}\Z")


@rule("MID-FORM", "error", "19 CFR part 102, appendix; CATAIR AE record 47")
def mid_form(case: Case) -> Iterator[Finding]:
    """{mid} is not a manufacturer code. It has the country, up to six letters of the name, up to four digits of
    the street and three letters of the city, at most 15 in all: for example {example}."""
    for at, line, party in case.makers:
        if party.mid and not looks_like_mid(party.mid):
            example = _proposal(line, party) or "AUOZR92MEL"
            yield f"{at}/mid", {"mid": party.mid, "example": example}


@rule("MID-CANADA", "error", "19 CFR part 102, appendix; ACE condition 534")
def mid_canada(case: Case) -> Iterator[Finding]:
    """A manufacturer code for Canada never begins with CA but with its province, such as XO for Ontario or XQ for
    Quebec; this one is {mid}. Replace the first two letters."""
    for at, _, party in case.makers:
        if party.mid and party.mid.startswith("CA"):
            yield f"{at}/mid", {"mid": party.mid}


@rule("MID-ORIGIN", "warning", "19 CFR part 102, appendix")
def mid_origin(case: Case) -> Iterator[Finding]:
    """The manufacturer code {mid} begins with another country than the origin of the goods, {origin}. Its first
    two letters are the country of origin: correct one of the two."""
    for at, line, party in case.makers:
        if party.mid and line.origin and not _same_country(party.mid[:2], line.origin):
            yield f"{at}/mid", {"mid": party.mid, "origin": line.origin}


@rule("MID-BUILT", "warning", "19 CFR part 102, appendix")
def mid_built(case: Case) -> Iterator[Finding]:
    """From the manufacturer's name and address the code {built} follows, and you give {mid}. Use {built}, or
    correct the name and address, unless customs confirmed the other code to you."""
    for at, line, party in case.makers:
        built = _proposal(line, party) if party.mid and looks_like_mid(party.mid) else None
        if built and built != party.mid:
            yield f"{at}/mid", {"mid": party.mid or "", "built": built}


@rule("MID-CN-POST", "warning", "CSMS 54073848 and following (2023)")  # from practice, not read: so a warning
def chinese_postcode(case: Case) -> Iterator[Finding]:
    """A manufacturer in China needs its post code of six digits, and this one has none. Give it: a code without a
    post code is refused for goods from China."""
    for at, line, party in case.makers:
        place = party.address
        made_in_china = (place.country if place else None) == "CN" or (not place and line.origin == "CN")
        if party.mid and made_in_china and not _CHINESE_POSTCODE.match((place.postcode if place else None) or ""):
            yield f"{at}/address/postcode"


@rule("MID-NAME", "error", "CATAIR cargo release, record SE30")
def maker_name(case: Case) -> Iterator[Finding]:
    """A release names the manufacturer of every line, and here the name is missing. Give name and address of the
    maker."""
    for line in case.lines if case.files_release else ():
        party = case.resolve(line.item.manufacturer)
        if party is None or not (party.name or "").strip():
            yield f"{line.at}/manufacturer/name"


@rule("MID-EXPORTER", "error", "CATAIR AE record 47, type E")
def exporter_mid(case: Case) -> Iterator[Finding]:
    """The foreign exporter of this line has the code {mid}, which is not built like a manufacturer code. Build it
    from country, name and address in the same way."""
    for line in case.lines:
        party = line.item.foreign_exporter
        if party and party.mid and (not looks_like_mid(party.mid) or party.mid.startswith("CA")):
            yield f"{line.at}/foreign_exporter/mid", {"mid": party.mid}


def _proposal(line: Line, party: Party) -> str | None:
    place = party.address
    if place is None or not line.origin:
        return None
    origin = "CA" if line.origin in MADE_IN_CANADA else line.origin
    return propose_mid(party.name, place.street, place.city, origin, place.subdivision)


def _same_country(prefix: str, origin: str) -> bool:
    if origin == "CA" or origin in MADE_IN_CANADA:
        return prefix in MADE_IN_CANADA
    return prefix == origin or origin == reading.UNKNOWN_COUNTRY


RULES = (mid_form, mid_canada, mid_origin, mid_built, chinese_postcode, maker_name, exporter_mid)
