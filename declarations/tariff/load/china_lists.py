"""The product lists of section 301 against China: one row a subheading and list.

A subheading can stand on several lists in the file, since exclusions name it too: the heading first in
PRECEDENCE is the one that applies. List 4B (9903.88.16) is suspended and never a duty. Parts of subheadings
(US notes 20(g), 20(s)(ii)) cannot be told from eight digits and stand here.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from declarations.tariff.load.files import Source, csv_rows
from declarations.tariff.view import Measure

AUTHORITY = "s301_china"
ORDER = 10
SUSPENDED = "99038816"
LAW = "19 USC 2411; HTS ch. 99 US note "


class Heading(NamedTuple):
    """A heading of the lists: its rate in per cent, its first day, the note, and whether the filer states the goods."""

    rate: str
    first: date
    note: str
    claimed_only: bool = False


HEADINGS: dict[str, Heading] = {
    "99039108": Heading("100", date(2026, 1, 1), "31(i)"),
    "99039107": Heading("50", date(2026, 1, 1), "31(h)"),
    "99039106": Heading("25", date(2026, 1, 1), "31(g)"),
    "99039105": Heading("50", date(2025, 1, 1), "31(f)"),
    "99039111": Heading("25", date(2025, 1, 1), "31(j)"),
    "99039103": Heading("100", date(2024, 9, 27), "31(d)"),
    "99039102": Heading("50", date(2024, 9, 27), "31(c)"),
    "99039101": Heading("25", date(2024, 9, 27), "31(b)"),
    "99038801": Heading("25", date(2018, 7, 6), "20(b)"),
    "99038802": Heading("25", date(2018, 8, 23), "20(d)"),
    "99038803": Heading("25", date(2019, 5, 10), "20(f)"),
    "99038804": Heading("25", date(2019, 5, 10), "20(g)"),
    "99038815": Heading("7.5", date(2020, 2, 14), "20(s)"),
    "99039112": Heading("100", date(2026, 11, 10), "31(k)", claimed_only=True),
    "99039114": Heading("100", date(2026, 11, 10), "31(l)", claimed_only=True),
    "99039210": Heading("25", date(2024, 9, 27), "31", claimed_only=True),
}
PRECEDENCE = tuple(one for one, row in HEADINGS.items() if not row.claimed_only)

# Subheadings of which only some statistical numbers are covered: heading -> (scope, what is left out).
PARTS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "99038804",
        (
            "29319090", "85176200", "94016140", "94016960", "94017100", "94017900", "94018020", "94018040",
            "94018060", "94037040", "94037080",
        ),
        (
            "2931909051", "8517620090", "9401614001", "9401696001", "9401710001", "9401710005", "9401710006",
            "9401710007", "9401790001", "9401790002", "9401790003", "9401790004", "9401802001", "9401804001",
            "9401806021", "9401806023", "9403704003", "9403708003",
        ),
    ),
    (
        "99038815",
        ("49019900", "85176200", "94016960", "94017100", "63079098"),
        (
            "4901990040", "8517620010", "8517620020", "9401696011", "9401696031", "9401710001", "9401710005",
            "9401710006", "9401710008", "9401710011", "9401710031", "6307909842", "6307909844", "6307909850",
            "6307909870", "6307909875",
        ),
    ),
    ("99039107", ("6307909842", "6307909844", "6307909850", "6307909870", "6307909875"), ()),
)  # fmt: skip
# Named only in the words of an exclusion of the list, and not on it.
NOT_LISTED = frozenset({("84433210", "99038803")})
# On a list until a later action took the goods over: heading, goods, what is left out, last day.
UNTIL: tuple[tuple[str, tuple[str, ...], tuple[str, ...], date], ...] = (
    ("99038815", ("85076000",), ("8507600010",), date(2025, 12, 31)),
    ("99039101", ("8507600010",), (), date(2025, 12, 31)),
    ("99039105", ("40151210",), (), date(2025, 12, 31)),
)
IN_PARTS = frozenset(one[:8] for _, scope, _ in PARTS for one in scope)


def china_measures(source: Source) -> Iterator[tuple[Measure, str]]:
    """One measure a heading, with all its subheadings as scope."""
    listed: dict[str, set[str]] = {}
    for row in csv_rows(source):
        number = "".join(one for one in row["hts8"] if one in "0123456789")
        heading = "".join(one for one in row["ch99_code"] if one in "0123456789")
        if heading != SUSPENDED and number and (number, heading) not in NOT_LISTED:
            listed.setdefault(number, set()).add(heading)
    scopes: dict[str, list[str]] = {}
    for number, headings in sorted(listed.items()):
        if number not in IN_PARTS:
            for heading in _applying(headings):
                scopes.setdefault(heading, []).append(number)
    for heading, scope in sorted(scopes.items()):
        yield _row(heading, tuple(scope)), ""
    for heading, scope_of_part, left_out in PARTS:
        yield _row(heading, scope_of_part, left_out), "parts of subheadings, from the note"
    for heading, earlier, left_out, last in UNTIL:
        yield _row(heading, earlier, left_out, last), "earlier, from the note"


def _applying(headings: set[str]) -> list[str]:
    """The one list that applies, and headings whose goods the filer states."""
    first = next((one for one in PRECEDENCE if one in headings), None)
    claimed = [one for one in headings if one in HEADINGS and HEADINGS[one].claimed_only]
    return [*([first] if first else []), *claimed]


def _row(heading: str, scope: tuple[str, ...], left_out: tuple[str, ...] = (), last: date | None = None) -> Measure:
    known = HEADINGS[heading]
    return Measure(
        heading=heading,
        authority=AUTHORITY,
        effect="add",
        rate=Decimal(known.rate) / 100,
        origins=frozenset({"CN"}),
        scope=scope,
        excluded_scope=left_out,
        effective_from=known.first,
        effective_to=last,
        order=ORDER,
        claimed_only=known.claimed_only,
        legal_basis=f"{LAW}{known.note}",
        note=f"China, note {known.note}",
    )
