"""Where goods come from and were exported from; risks that hang on origin."""

import re
from collections.abc import Iterator
from functools import lru_cache

from declarations.rules import reading
from declarations.rules.base import Case, Finding, rule
from declarations.rules.matrix import use_of

HOME = "US"
EXPORT_FROM_HOME = frozenset({"21", "22", "31", "32", "34", "38"})

# Sectors that the enforcement of Pub. L. 117-78 names first; prefixes of numbers.
FORCED_LABOR_SECTORS = (
    ("cotton", ("52", "61", "62", "63")),
    ("tomatoes", ("0702", "2002")),
    ("polysilicon", ("280461", "854142", "854143")),
    ("PVC", ("3904", "3918")),
    ("aluminum", ("76",)),
    ("seafood", ("03", "1604", "1605")),
    ("lithium batteries", ("850760",)),
)
_FOREIGN_PORT = re.compile(r"[0-9]{5}\Z")


@rule("ORG-NONE", "error", "CBP Form 7501, block 10; ACE condition 407")
def origin_missing(case: Case) -> Iterator[Finding]:
    """This line has no country of origin. Give the country where the goods were made or last substantially changed."""
    for line in case.lines:
        if not line.origin:
            yield f"{line.at}/origin_country"


@rule("ORG-UNKNOWN", "error", "ISO 3166-1; ACE condition 408")
def origin_unknown(case: Case) -> Iterator[Finding]:
    """{country} is not a country code. Use the two letters of ISO 3166, such as MX, or for Canada the letters of
    the province."""
    known = case.facts.codes.countries
    for line in case.lines if known else ():
        if line.origin and line.country not in known and line.origin != reading.UNKNOWN_COUNTRY:
            yield f"{line.at}/origin_country", {"country": line.origin}


@rule("ORG-EMBARGO", "error", "31 CFR chapter V; ACE condition 409")
def embargo(case: Case) -> Iterator[Finding]:
    """Trade with {country} is forbidden, so goods from there cannot be entered. Stop, and ask for advice before
    anything moves."""
    embargoed = case.facts.codes.embargoed
    for line in case.lines if embargoed else ():
        for member, found in (("origin_country", line.origin), ("export_country", line.item.export_country)):
            if found in embargoed:
                yield f"{line.at}/{member}", {"country": found or ""}


@rule("ORG-COLUMN-2", "information", "HTS general note 3(b)")
def column_2(case: Case) -> Iterator[Finding]:
    """Goods from {country} pay the rates of column 2, not the general ones, and further duties of chapter 99 may
    come on top. Look at the duty before you file."""
    for line in case.lines:
        if case.tariff.origin_status(line.country, "column2", line.rate_date):
            yield f"{line.at}/origin_country", {"country": line.origin}


@rule("ORG-MADE-UNKNOWN", "error", "ACE condition 607")
def unknown_with_claim(case: Case) -> Iterator[Finding]:
    """The origin is unknown (**), and the line claims program {program}. A preference needs a known origin: give
    it, or take the claim out."""
    for line in case.lines:
        if line.origin == reading.UNKNOWN_COUNTRY and line.program:
            yield f"{line.at}/origin_country", {"program": line.program}


@rule("EXP-UNKNOWN", "error", "ISO 3166-1; ACE conditions 411, 413")
def export_unknown(case: Case) -> Iterator[Finding]:
    """{country} cannot be a country of export: that is a country of ISO 3166, never ** and never a province of
    Canada. Give the country from which the goods were sent."""
    known = case.facts.codes.countries
    for line in case.lines:
        found = line.item.export_country
        if found and (
            found == reading.UNKNOWN_COUNTRY or found in reading.CANADIAN_PROVINCES or (known and found not in known)
        ):
            yield f"{line.at}/export_country", {"country": found}


@rule("EXP-HOME", "error", "ACE condition 412")
def export_home(case: Case) -> Iterator[Finding]:
    """Goods are not exported from the United States to the United States. Give the foreign country from which they
    were sent; only warehouse entries may say US."""
    if case.entry_type not in EXPORT_FROM_HOME:
        for line in case.lines:
            if line.item.export_country == HOME:
                yield f"{line.at}/export_country"


@rule("EXP-PORT", "error", "CBP Form 7501, block 19; ACE condition 429")
def foreign_port(case: Case) -> Iterator[Finding]:
    """Goods by vessel need the foreign port where they were laden. Give its five digits (Schedule K)."""
    if case.files_summary and case.mode in reading.VESSEL:
        for line in case.lines:
            if not line.item.foreign_port_of_lading:
                yield f"{line.at}/foreign_port_of_lading"


@rule("EXP-PORT-FORM", "error", "Schedule K; ACE condition 428")
def foreign_port_form(case: Case) -> Iterator[Finding]:
    """{port} is not a foreign port: that has five digits (Schedule K). Copy it from the bill of lading or search
    by name."""
    for line in case.lines:
        found = line.item.foreign_port_of_lading
        if found and not _FOREIGN_PORT.match(found):
            yield f"{line.at}/foreign_port_of_lading", {"port": found}


@rule("EXP-MIXED", "error", "ACE conditions 700 to 703")
def consolidated_countries(case: Case) -> Iterator[Finding]:
    """A summary for several releases has one country of origin and one country of export, and this line has
    another. Put it on a summary of its own."""
    indicators = case.document.indicators
    if not (indicators and indicators.consolidated_summary and case.lines):
        return
    if use_of("MTX-CONSOLIDATED", case.entry_type) == "N":
        return
    first = case.lines[0]
    for line in case.lines[1:]:
        if line.origin and line.origin != first.origin:
            yield f"{line.at}/origin_country"
        if line.item.export_country and line.item.export_country != first.item.export_country:
            yield f"{line.at}/export_country"


@rule("UFLPA-RISK", "warning", "Pub. L. 117-78")
def forced_labor(case: Case) -> Iterator[Finding]:
    """These goods from China are in a sector where customs looks for forced labor: {sector}. Keep papers that
    trace every stage of the supply chain: without them the goods can be detained."""
    for line in case.lines:
        if line.origin == "CN" and line.main is not None:
            sector = _sector(line.main.number)
            if sector is not None:
                yield f"{line.at}/origin_country", {"sector": sector}


@lru_cache(maxsize=4096)
def _sector(number: str) -> str | None:
    return next((sector for sector, prefixes in FORCED_LABOR_SECTORS if number.startswith(prefixes)), None)


RULES = (
    origin_missing, origin_unknown, embargo, column_2, unknown_with_claim, export_unknown, export_home,
    foreign_port, foreign_port_form, consolidated_countries, forced_labor,
)  # fmt: skip
