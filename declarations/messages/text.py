"""Text on the wire: what fits an element of the WCO message, and how a value travels in a national statement."""

import re
from collections.abc import Iterator
from typing import Final

from portal.xml import clean_text

LIMIT: Final = 512  # characters of one StatementDescription
ABSENT: Final = r"\-"  # "not given", where the element of the WCO message had to say something

_CHARACTER = "[^\x00-\x1f\ud800-\udfff\ufffe\uffff]"


def one_line(longest: int) -> re.Pattern[str]:
    """One line of text, at most so long, with something in it and no blank at its ends."""
    return re.compile(rf"(?! ){_CHARACTER}{{1,{longest}}}(?<! )\Z")


def letters(count: int) -> re.Pattern[str]:
    """Exactly so many ASCII letters."""
    return re.compile(rf"[A-Za-z]{{{count}}}\Z")


def digits(total: int, fraction: int) -> re.Pattern[str]:
    """A plain decimal of at most so many digits, so many of them after the point."""
    return re.compile(rf"-?(?=(?:[0-9]\.?){{1,{total}}}\Z)[0-9]+(?:\.[0-9]{{1,{fraction}}})?\Z")


AMOUNT = digits(16, 3)
MEASURE = digits(16, 6)
RATE = digits(12, 5)
CURRENCY = re.compile(r"[A-Z]{3}\Z")


def escape(value: str) -> str:
    """Text for an element: characters that XML cannot carry are left out, markup is escaped."""
    if value.isalnum():
        return value
    if not value.isprintable():
        value = clean_text(value)
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


# Marks in a part of a statement: `|` parts it, `,` and `=` part a list; blanks at the ends would be lost.
_MARKS = {
    "\\": r"\\", "|": r"\p", ",": r"\c", "=": r"\q", "\n": r"\n", "\r": r"\r", "\t": r"\t", " ": r"\s",
}  # fmt: skip
_MEANING = {mark[1]: char for char, mark in _MARKS.items()} | {"e": ""}
_IN_PART = re.compile(r"[\\|\n\r\t]|^ |(?<= ) | \Z")
_IN_LIST = re.compile(r"[\\|,=\n\r\t]|^ |(?<= ) | \Z")
_MARK = re.compile(r"\\(.?)", re.DOTALL)


def mark(value: str, *, in_list: bool = False) -> str:
    """A value as part of a statement: no separator inside, empty text is `\\e`, never mistaken for "not given"."""
    if value.isalnum() or _needs_no_mark(value, in_list):
        return value
    if not value:
        return r"\e"
    return (_IN_LIST if in_list else _IN_PART).sub(lambda found: _MARKS[found[0]], value)


def _needs_no_mark(value: str, in_list: bool) -> bool:
    """Most texts: no separator, no control character, no blank that would be lost. Cheaper than to look for each."""
    return (
        value.isprintable()
        and not ("\\" in value or "|" in value or "  " in value)
        and value[:1] not in ("", " ")
        and value[-1] != " "
        and not (in_list and ("," in value or "=" in value))
    )


def unmark(part: str) -> str:
    """The value again. ValueError for a mark that means nothing."""
    return _MARK.sub(_meant, part) if "\\" in part else part


def _meant(found: re.Match[str]) -> str:
    if found[1] not in _MEANING:
        raise ValueError(f"the mark {found[0]!r} means nothing")
    return _MEANING[found[1]]


def pieces(description: str) -> Iterator[str]:
    """A long description in pieces that one statement can hold each, never cut beside a blank.

    Where every place near the end is beside a blank, the blank itself begins the next piece as its mark.
    """
    while len(description) > LIMIT:
        places = range(LIMIT, LIMIT // 2, -1)
        cut = next((one for one in places if " " not in (description[one - 1], description[one])), 0)
        if cut:
            rest = description[cut:]
        else:
            cut = LIMIT if description[LIMIT] == " " else LIMIT - 1
            rest = _MARKS[" "] + description[cut + 1 :]
        yield description[:cut]
        description = rest
    yield description
