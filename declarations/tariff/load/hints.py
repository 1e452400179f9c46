"""What is known of goods without being a duty: footnotes of the schedule, candidates, exclusions, dated tables.

Footnotes may be stale, candidates await their final list, and tables name programs without headings: the tariff
page shows them, and no duty comes of them. Exclusions from the China lists are rows that the filer claims.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from declarations.tariff.load.files import Source, csv_rows, read_source
from declarations.tariff.load.judged import Listed, digits, widened
from declarations.tariff.load.measure_rows import origins_of
from declarations.tariff.view import FOOTNOTE, UNLISTED, Measure
from portal.money import plain

Rows = Iterator[tuple[Measure, str]]

EVER = date(2018, 1, 1)
WINDOW = re.compile(r"latest seen: (\d{4}-\d{2}-\d{2}) to (\d{4}-\d{2}-\d{2})")
LARGEST_NOTE = 300
OF_RUSSIA = {"9903.90.08": "99039008", "9903.90.09": "99039009"}
LINES = "s301_exclusion_lines.csv"


def hint(note: str, *, scope: tuple[str, ...], authority: str, first: date = EVER, last: date | None = None,
         origins: frozenset[str] = frozenset()) -> Measure:  # fmt: skip
    """A row that says something of goods and is no duty."""
    return Measure(
        heading="", authority=authority, effect=FOOTNOTE, origins=origins, scope=scope, effective_from=first,
        effective_to=last, note=note[:LARGEST_NOTE],
    )  # fmt: skip


def footnotes(source: Source) -> Rows:
    """Headings of chapter 99 that footnotes of the schedule name; the footnotes can be older than the notes.

    Those on column 2 name the subheadings of US note 30(b) and (d), one by one: duties on goods of Russia.
    """
    goods: dict[str, set[str]] = {}
    for row in csv_rows(source):
        goods.setdefault(row["ref"], set()).add(digits(row["hts_number"]))
    for ref, numbers in sorted(goods.items()):
        scope = tuple(sorted(one for one in numbers if one))
        yield hint(f"The schedule's footnote names {ref}.", scope=scope, authority="schedule_footnote"), "footnote"
    for ref, heading in OF_RUSSIA.items():
        subheadings = sorted({one[:8] for one in goods.get(ref, ()) if one})
        yield from ((row, "footnote of column 2") for row in widened(heading, map(Listed, subheadings)))


def candidates(
    authority: str, first: date, last: date | None, words: str, column: str = "hts8"
) -> Callable[[Source], Rows]:
    """A reader of a list of goods that may fall under some headings, as hints."""

    def read(source: Source) -> Rows:
        scope = tuple(sorted({digits(row[column]) for row in csv_rows(source)}))
        yield hint(words, scope=scope, authority=authority, first=first, last=last), "candidates"

    return read


def excluded_lines(source: Source) -> Rows:
    """Numbers under which exclusions from the China lists are known; the words of the exclusion decide."""
    goods: dict[str, set[str]] = {}
    for row in csv_rows(source):
        goods.setdefault(row["ch99_code"], set()).add(digits(row["hts10"]))
    for heading, numbers in sorted(goods.items()):
        note = (
            f"Some goods of this number were excluded from the duties on China under {heading}, by their description."
        )
        scope = tuple(sorted(numbers))
        yield hint(note, scope=scope, authority="s301_china", origins=frozenset({"CN"})), "exclusions"


def exclusions(source: Source) -> Rows:
    """Headings of exclusions from the China lists with the days that their text names; the filer claims them.

    A heading without days is passed over: nobody knows when it held. Numbers under which its exclusions are known
    stand in the list of lines beside the file; of others nobody knows here.
    """
    lines = _excluded_lines(source)
    for row in csv_rows(source):
        days = WINDOW.search(row["source_note"])
        if days is None:
            continue
        yield (
            Measure(
                heading=digits(row["ch99_code"]), authority="s301_china", effect="exempt", origins=frozenset({"CN"}),
                scope=(*sorted(lines.get(digits(row["ch99_code"]), ())), UNLISTED),
                exempts=frozenset({"s301_china"}), claimed_only=True, effective_from=date.fromisoformat(days[1]),
                effective_to=date.fromisoformat(days[2]), order=11, legal_basis="19 USC 2411; HTS ch. 99 US note 20",
                note="Exclusion of named products: the filer claims it",
            ),
            "days of the heading's text",
        )  # fmt: skip


def _excluded_lines(source: Source) -> dict[str, set[str]]:
    """Numbers by heading, from the list of excluded lines beside the file."""
    path = source.folder / LINES if source.folder else None
    found: dict[str, set[str]] = {}
    for row in csv_rows(read_source(path)) if path is not None and path.exists() else ():
        found.setdefault(digits(row["ch99_code"]), set()).add(digits(row["hts10"]))
    return found


GOODS_OF_PROGRAMS = {
    "steel": ("72", "73"), "aluminum": ("76",), "copper": ("74",), "autos": ("8703", "8704"),
    "auto_parts": ("8706", "8707", "8708"), "mhd_vehicles": ("8701", "8704", "8705", "8706"),
    "mhd_parts": ("8706", "8707", "8708"), "buses": ("8702",), "softwood_lumber": ("4403", "4406", "4407"),
    "wood_furniture": ("9401",), "kitchen_cabinets": ("9403",), "semiconductors": ("8471", "8473"),
    "pharmaceuticals": ("30",),
}  # fmt: skip
ENDED = {"ieepa": date(2026, 2, 23), "s122": date(2026, 7, 23)}


def dated_table(source: Source) -> Rows:
    """A table of rates by program, country and day, projections among them: said of the goods, and no duty."""
    countries = _countries(source)
    for row in csv_rows(source):
        code = countries.get(row["census_code"], "")
        if row["census_code"] and not code:
            continue
        country = row["country_name"] or "all countries"
        percent = plain(Decimal(row["rate_fraction"] or 0) * 100)
        program = row["program"].replace("_", " ")
        what = f"{row['authority']} {program}, {country}"
        note = f"A published table has for {what}: {percent} % from {row['effective_date']}."
        yield (
            hint(
                note,
                scope=GOODS_OF_PROGRAMS.get(row["program"], ()),
                authority=f"table_{row['authority']}_{row['program']}"[:40],
                first=date.fromisoformat(row["effective_date"]),
                last=ENDED.get(row["authority"]),
                origins=frozenset({code} if code else ()),
            ),
            "table, rates not checked",
        )


def _countries(source: Source) -> dict[str, str]:
    """Country codes by the census code, from the list of countries beside the file."""
    path = source.folder / "countries.csv" if source.folder else None
    if path is None or not path.exists():
        return {}
    return {row["schedule_c_census_code"]: row["iso2"] for row in csv_rows(read_source(path))}


# ---- chapter 99 as printed ---------------------------------------------------------------------------

NUMBER = re.compile(r"(?<![\d.])(?!99)\d{4}\.\d{2}\.\d{2}(?:\.?\d{2})?(?![\d])")
ANY_GOODS = re.compile(r"donations|informational materials|loaded onto a vessel|U\.S\. content")
ANY_ORIGIN = re.compile(r"not products of|any country|made using components")
PRINTED_FROM = date(2025, 1, 1)
EFFECTS = {"add_pct": "add", "no_additional_duty": "exempt", "no_change": "exempt"}
AUTHORITIES = (
    ("Section 301 China", "s301_china", 10, None), ("Section 301", "s301_other", 20, None),
    ("Section 122", "s122", 45, date(2026, 7, 23)), ("IEEPA border", "ieepa_border", 48, date(2026, 2, 23)),
    ("IEEPA Brazil", "ieepa_brazil", 48, date(2026, 2, 23)), ("IEEPA", "ieepa_reciprocal", 50, date(2026, 2, 23)),
    ("Section 232 autos", "s232_autos", 57, None), ("Section 232 medium", "s232_trucks", 57, None),
    ("Section 232 timber", "s232_wood", 57, None), ("Section 232 semiconductors", "s232_semiconductors", 58, None),
    ("Section 232", "s232_metals", 56, None), ("Framework", "s232_metals", 56, None),
)  # fmt: skip


def printed(source: Source) -> Rows:
    """Headings of 9903 as the schedule prints them: never proposed, known where declared.

    An exemption has the goods and the origins that its text names; where it names a list, that is not held here.

    What is suspended or ended, what needs a quantity, a quota or a period, and rates in place of column 1 are passed
    over; the schedule's own line answers for those.
    """
    begun = _revisions(source)
    for row in csv_rows(source):
        heading, effect = digits(row["hts_number"]), EFFECTS.get(row["effect"], "")
        known = next((one for one in AUTHORITIES if row["authority_guess"].startswith(one[0])), None)
        first = begun.get(row["first_seen_revision"], PRINTED_FROM)
        if len(heading) != 8 or heading[:4] != "9903" or not effect or known is None:
            continue
        if row["terminated_or_suspended_marker"] or (known[3] and first > known[3]):
            continue
        percent = Decimal(row["adder_pct"]) / 100 if effect == "add" else None
        free = effect == "exempt"
        yield (
            Measure(
                heading=heading, authority=known[1], effect=effect, rate=percent,
                origins=_origins_in(row) if free else _codes(row["countries_iso2_in_text"]),
                scope=_goods_in(row["description"]) if free else (),
                exempts=frozenset({known[1]}) if free else frozenset(), claimed_only=True,
                effective_from=first, effective_to=known[3], order=known[2],
                legal_basis=f"HTS {row['hts_number']}", note=row["description"][:200],
            ),
            "heading as printed; goods and conditions are the filer's to state",
        )  # fmt: skip


def _goods_in(text: str) -> tuple[str, ...]:
    """Goods that an exemption names itself; none where its condition is on any goods; else those of a list not held."""
    if ANY_GOODS.search(text):
        return ()
    return tuple(dict.fromkeys(digits(one) for one in NUMBER.findall(text))) or (UNLISTED,)


def _origins_in(row: dict[str, str]) -> frozenset[str]:
    """Origins of an exemption, as far as its text is plain: not where it is for goods of others, or of any."""
    text = row["description"]
    if ANY_ORIGIN.search(text):
        return frozenset()
    return origins_of(row["countries_iso2_in_text"]) - {"US"}


def _codes(text: str) -> frozenset[str]:
    found = frozenset(text.replace("EU", "").replace("|", " ").split()) if "EU" not in text else frozenset()
    return found - {"US"}


def _revisions(source: Source) -> dict[str, date]:
    """The first day of each revision, from the list of revisions beside the file."""
    path = source.folder / "hts_revisions.csv" if source.folder else None
    if path is None or not path.exists():
        return {}
    rows = csv_rows(read_source(path))
    return {row["revision"]: date.fromisoformat(row["hts_effective_date"]) for row in rows}
