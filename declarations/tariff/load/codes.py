"""Code lists by their columns: ports, countries, printed units, and lists in the layout of our own starter files.

They have no dates, so they hold from a day that is given; `portal.codes` keeps what stands already.
"""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from declarations.tariff.load.files import FileNotUnderstood, Source, csv_header, csv_rows, read_source
from declarations.tariff.units import CODES, ace_units
from portal.codes.selectors import CodeRow
from portal.codes.services import Added, add_codes
from portal.codes.starter_codes import members_of

PORTS = ("port_code", "name", "state")
COUNTRIES = ("iso2", "name")
UNITS = ("unit_as_printed",)
OWN = ("code", "name")
OWN_LISTS = ("ports", "countries", "currencies", "units", "states", "packages")
NOT_OFFERED = ("in_bts_list", "0")  # in an old list only: retired or statistical codes
FLAGS = {"1": True, "0": False}


class Codes(NamedTuple):
    """A code list as read: which one it is, its rows, and what has no code and so no place."""

    list_name: str
    rows: list[CodeRow]
    without_code: tuple[str, ...] = ()


class CodesLoaded(NamedTuple):
    """What became of a code list."""

    list_name: str
    added: Added
    without_code: tuple[str, ...]


def load_codes(*, path: Path, effective_from: date) -> CodesLoaded | None:
    """The codes of a file are in their list from that day on; None for a file that is no code list.

    Raises FileNotUnderstood where a row is no code.
    """
    content = read_source(path)
    read = _reader(content)
    if read is None:
        return None
    try:
        codes = read(content)
    except (ValueError, KeyError) as error:
        raise FileNotUnderstood(f"{content.name} holds a row that is no code: {error}.", file=content.name) from error
    if not codes.rows and not codes.without_code:
        raise FileNotUnderstood(f"{content.name} holds no row.", file=content.name)
    added = add_codes(list_name=codes.list_name, rows=codes.rows, effective_from=effective_from, source=content.name)
    return CodesLoaded(codes.list_name, added, codes.without_code)


def _reader(content: Source) -> Callable[[Source], Codes] | None:
    header = set(csv_header(content))
    for columns, read in ((PORTS, _ports), (COUNTRIES, _countries), (UNITS, _units)):
        if set(columns) <= header:
            return read
    return _own if set(OWN) <= header and _own_list(content) else None


def _ports(content: Source) -> Codes:
    column, no = NOT_OFFERED
    return Codes("ports", [_port(row) for row in csv_rows(content) if row.get(column) != no])


def _port(row: dict[str, str]) -> CodeRow:
    """A port of Schedule D; its state stands in a member of its own, not in the name."""
    state = row["state"]
    data = {"state": state, "kind": row.get("kind", ""), "district": row.get("district_name", "")}
    code = _code(row["port_code"], row["port_code"].isdigit() and len(row["port_code"]) == 4)
    return _row(code, row["name"].removesuffix(f", {state}"), data)


def _countries(content: Source) -> Codes:
    return Codes("countries", [_country(row) for row in csv_rows(content)])


def _country(row: dict[str, str]) -> CodeRow:
    code = _code(row["iso2"], row["iso2"].isalpha() and row["iso2"].isupper() and len(row["iso2"]) == 2)
    data = {"iso3": row.get("iso3", ""), "schedule_c": row.get("schedule_c_census_code", "")}
    return _row(code, row["name"], data | {"eu_member": FLAGS.get(row.get("eu_member", ""), "")})


def _units(content: Source) -> Codes:
    """The ACE codes of printed units, named by their print; a print that we have no code for is told, not guessed."""
    found: dict[str, CodeRow] = {}
    without = []
    for row in csv_rows(content):
        printed = row["unit_as_printed"]
        if printed.lower() not in CODES:
            without.append(printed)
            continue
        for code in ace_units(printed):
            found.setdefault(code, _row(code, printed, {}))
    return Codes("units", list(found.values()), tuple(without))


def _own(content: Source) -> Codes:
    rows = [_row(_code(row.pop("code"), True), row.pop("name"), members_of(row)) for row in csv_rows(content)]
    return Codes(_own_list(content), rows)


def _own_list(content: Source) -> str:
    """The list that a file in our own layout is of, by its name: `currencies.csv`, `ports-2027.csv`."""
    return next((one for one in OWN_LISTS if content.name.lower().startswith(one)), "")


def _row(code: str, name: str, data: dict[str, Any]) -> CodeRow:
    if not name:
        raise ValueError(f"“{code}” has no name")
    return CodeRow(code, name, {member: value for member, value in data.items() if value != ""})


def _code(code: str, is_one: bool) -> str:
    if not code or not code.isascii() or len(code) > 24 or not is_one:
        raise ValueError(f"“{code[:40]}”")
    return code


def layouts() -> Iterator[str]:
    """The layouts of code lists, in words."""
    yield f"ports ({', '.join(PORTS)})"
    yield f"countries ({', '.join(COUNTRIES)})"
    yield f"units ({', '.join(UNITS)})"
    yield f"files named {', '.join(OWN_LISTS)} ({', '.join(OWN)})"
