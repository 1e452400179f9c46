"""What reading needs everywhere: the text of an element by its path, and what could not be read."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from lxml import etree

from declarations.decoding import Fault
from declarations.messages.envelope import DEC, DS, MAX_FAULTS, path_of
from declarations.messages.national import Row
from declarations.messages.statements import Statement, Unreadable, read_into

BLANKS = " \t\r\n"
_TAGS: dict[str, str] = {}


class Reading:
    """One declaration being read: faults found so far."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, element: etree._Element, message: str, code: str = "WCO-VALUE") -> None:
        """Something here cannot be read. The path of an element among many is dear: only so many are looked for."""
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(Fault(code, path_of(element), message))

    def statements(self, plain: dict[str, Any], rows: tuple[Row, ...], found: Iterable[Statement]) -> None:
        """Read national statements into the plain form."""
        try:
            read_into(plain, rows, found)
        except Unreadable as error:
            said = str(error)
            self.fault(error.statement.element, f"{said[:1].upper()}{said[1:]}.", "WCO-STATEMENT")


def tags(path: str) -> str:
    """`Buyer/Name` with namespaces."""
    if path not in _TAGS:
        _TAGS[path] = "/".join(_steps(path))
    return _TAGS[path]


@lru_cache(maxsize=1024)
def _steps(path: str) -> tuple[str, ...]:
    return tuple(f"{{{DS if step == 'DateTimeString' else DEC}}}{step}" for step in path.split("/"))


def text(element: etree._Element | None, path: str) -> str | None:
    """The text at a path, trimmed; None where there is no element or nothing in it."""
    found = first(element, path)
    said = None if found is None else found.text
    return (said.strip(BLANKS) or None) if said else None


def first(element: etree._Element | None, path: str) -> etree._Element | None:
    """The element at a path: the first of its name at each step."""
    for step in _steps(path):
        if element is None:
            return None
        element = next(element.iterchildren(step), None)
    return element


def each(element: etree._Element | None, path: str) -> Iterator[etree._Element]:
    """All elements at a path, in order."""
    return iter(()) if element is None else iter(element.findall(tags(path)))


def given(**members: Any) -> dict[str, Any]:
    """A plain part with what is given only; lists stay as they are, unless empty."""
    return {name: value for name, value in members.items() if value is not None and value != {} and value != []}


def party(element: etree._Element | None) -> dict[str, Any]:
    """A party."""
    if element is None:
        return {}
    address = first(element, "Address")
    return given(
        id=text(element, "ID"),
        name=text(element, "Name"),
        address=given(
            street=text(address, "Line"),
            city=text(address, "CityName"),
            subdivision=text(address, "CountrySubDivisionCode"),
            postcode=text(address, "PostcodeID"),
            country=text(address, "CountryCode"),
        ),
    )


def money(reading: Reading, element: etree._Element | None, path: str, *, currency: str | None = "USD") -> str | None:
    """An amount that must be in this currency, where one is asked for."""
    found = first(element, path)
    if found is None:
        return None
    if currency is not None and found.get("currencyID") not in (None, currency):
        reading.fault(found, f"The amount must be in {currency}.", "WCO-CURRENCY")
    return text(element, path)


def statement_of(element: etree._Element) -> tuple[str, Statement]:
    """The type of a statement, and the statement."""
    kind = code = description = ""
    for child in element:
        tag, said = child.tag, (child.text or "").strip(BLANKS)
        if tag == _DESCRIPTION:
            description = description or said
        elif tag == _CODE:
            code = code or said
        elif tag == _TYPE:
            kind = kind or said
    return kind, Statement(code, description, element)


_CODE, _DESCRIPTION, _TYPE = map(tags, ("StatementCode", "StatementDescription", "StatementTypeCode"))
