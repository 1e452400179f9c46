"""Rates that give no amount by themselves, as productions in order: the first that fits a text says what it is."""

import re
from collections.abc import Callable
from typing import NamedTuple

from declarations.tariff.expressions.amounts import read_amount, read_percent
from declarations.tariff.expressions.tree import (
    Added,
    Applicable,
    AtLeast,
    Capped,
    Conditional,
    Free,
    Percent,
    Rate,
    Reference,
    Sum,
)

# Kinds of reference: the sort of place where the rate stands.
NOTE = "note"  # a note of the chapter or subchapter
HEADINGS = "headings"  # numbers of chapters 98 and 99, each with its rate
GOODS = "goods"  # the rate of certain goods in another heading
EACH = "each"  # each article of an ensemble pays its own rate (chapters 61 and 62)
HIGHEST = "highest"  # of the articles in a set, the rate that is highest (heading 8206)
WHOLE = "whole"  # the rate of the article that this is a part or accessory of
ASSEMBLED = "assembled"  # the rate of the same movement, complete and assembled (heading 9110)
ABSENT = "absent"  # the rate that would hold if the number did not exist (subheading 9608.50)
PREFERENCE = "preference"  # the rate of a program
VALUE = "value"  # the line's rate, on another value than that of the goods (chapter 98)
EARLIER = "earlier"  # duty as on like articles not exported before, within limits (headings 9801.00.70 and .80)

Build = Callable[[str, re.Match[str]], Rate | None]


class Production(NamedTuple):
    """A pattern of a whole text and what it means."""

    pattern: re.Pattern[str]
    build: Build


def read_place(text: str, tidy: str) -> Rate | None:
    """The tree of a text that points elsewhere or depends on another duty, or None where no production fits."""
    for pattern, build in PRODUCTIONS:
        match = pattern.fullmatch(tidy)
        found = build(text, match) if match else None
        if found is not None:
            return found
    return None


def covers(reference: Reference, number: str) -> bool:
    """Whether a number of chapter 98 or 99 is one of those that a reference to headings names."""
    spans = [one.partition("-") for one in reference.target] if reference.kind == HEADINGS else []
    return any(first <= number[:8] <= (last or first) for first, _, last in spans)


def _refers(kind: str, *fixed: str) -> Build:
    """A reference whose targets are the groups of the pattern that matched, else the fixed ones."""

    def build(text: str, match: re.Match[str]) -> Rate:
        return Reference(text, "reference", kind, tuple(one for one in match.groups() if one) or fixed)

    return build


def _headings(text: str, match: re.Match[str]) -> Rate | None:
    return Reference(text, "reference", HEADINGS, _numbers(match[1]))


def _numbers(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.replace(".", "") for one in re.findall(r"[0-9.]+(?:-[0-9.]+)?", text)))


def _line_duty(text: str, match: re.Match[str]) -> Rate | None:
    """The duty of the line, alone or with a share on top."""
    lines = _numbers(match["lines"] or "")
    if match["share"] is None:
        return Applicable() if not lines else Reference(text, "reference", HEADINGS, lines)
    percent = read_percent(match["share"])
    if percent is None:
        return None
    if match["sign"] == "minus":
        return Added(text, "reference", Percent(-percent.rate, percent.of), lines)
    return Added(text, "reference", percent, lines) if lines or percent.of else Applicable(percent.rate)


def _capped(_text: str, match: re.Match[str]) -> Rate | None:
    total = read_amount(match[1])
    return Capped(total, "plates", "duty for the complete movement") if isinstance(total, Sum) else None


def _at_least(_text: str, match: re.Match[str]) -> Rate | None:
    total = read_amount(match[1])
    return AtLeast(total, match[2], "duty if not embroidered") if isinstance(total, Free | Sum) else None


def _conditional(text: str, match: re.Match[str]) -> Rate | None:
    rate = read_amount(match[1])
    return Conditional(text, "condition", rate, match[2]) if isinstance(rate, Free | Sum) else None


HTS = r"[0-9.]{4,13}"
SPAN = rf"{HTS}(?:-{HTS})?"
NOTES = r"((?:additional )?U\.S\. note [0-9]+(?:\([a-z]+\))*(?: (?:of|to) this (?:sub)?chapter)?)"


def _says(pattern: str, build: Build) -> Production:
    return Production(re.compile(pattern, re.IGNORECASE), build)


PRODUCTIONS: tuple[Production, ...] = (
    _says(
        r"the (?:duty|duty rate) provided in "
        rf"(?:the applicable subheading|such subheading|subheadings? (?P<lines>{HTS}(?:(?:, | or | and ){HTS})*))"
        r"(?: ?(?P<sign>\+|plus|minus) ?(?:a duty of )?(?P<share>[0-9./ ]+%(?: (?:up)?on [^%]+)?))?\.?",
        _line_duty,
    ),
    _says(r"no change\.?", lambda _text, _match: Applicable()),
    _says(rf"see {NOTES}\.?", _refers(NOTE)),
    _says(rf"see ({SPAN}(?:,? (?:and )?{SPAN})*)\.?", _headings),
    _says(r"the rate applicable to the ([a-z ]+) in heading ([0-9]{4})", _refers(GOODS)),
    _says(
        r"the rate applicable to each (garment in the ensemble) "
        r"if (?:separately entered|entered separately)",
        _refers(EACH),
    ),
    _says(
        r"the rate of duty applicable to that (article in the set) subject to the highest rate of duty",
        _refers(HIGHEST),
    ),
    _says(r"the rate applicable to the article of which it is an? ((?:part or )?accessory|part)", _refers(WHOLE)),
    _says(r"the rate applicable to the complete, assembled(?: movement)?", _refers(ASSEMBLED, "movement")),
    _says(
        r"the rate applicable,?(?: to (each article))? in the absence of this (?:sub)?heading"
        r"(?: on the (cost of [a-z ]+))?",
        _refers(ABSENT),
    ),
    _says(r"the duty rate provided for (originating goods of [a-z ]+) in such subheading", _refers(PREFERENCE)),
    _says(rf"the rate provided for (beneficiary countries) in heading ({HTS})", _refers(PREFERENCE)),
    _says(rf"a duty upon the (value of [a-z ]+?)(?: \(see {NOTES}\))", _refers(VALUE)),
    _says(rf"a duty upon the (full value of [a-z ]+?,? less the [a-z ,]+?)(?: \(see {NOTES}\))", _refers(VALUE)),
    _says(
        r"a duty .*equal to .*like articles not previously exported, but in no case in excess of .*", _refers(EARLIER)
    ),
    _says(
        r"(.+?), but if consisting in part of a plate or a set of plates the total duty shall not exceed "
        r"the duty for the complete movement",
        _capped,
    ),
    _says(
        r"(.+?), but in the case of (embroidery in the piece) not less than "
        r"the rate which would apply to such product if not embroidered",
        _at_least,
    ),
    _says(r"([^()]+?) \((see [^()]+)\)", _conditional),
    _says(r"(.+?), ((?:but|under|for such temporary periods) .+)", _conditional),
)
