"""The rule book as the page shows it: by theme, searchable, with the places of values marked in each message."""

import re
from itertools import groupby
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from declarations.rules import RULES, Rule
from declarations.rules.book import TITLES

_SLOT = re.compile(r"\{([a-z_]*)\}")


class Entry(NamedTuple):
    """One rule of the page."""

    code: str
    severity: str
    message: SafeString
    law: str


class Theme(NamedTuple):
    """The rules of one theme."""

    name: str
    title: str
    entries: list[Entry]


def themes(text: str = "", severity: str = "") -> list[Theme]:
    """Themes with the rules that hold all the words and have the severity; themes without any are left out."""
    words = text.lower().split()
    found = []
    for name, rules in groupby(RULES, key=lambda one: one.theme):
        entries = [_entry(one) for one in rules if _matches(one, words) and severity in ("", one.severity)]
        if entries:
            found.append(Theme(name, TITLES.get(name, name.capitalize()), entries))
    return found


def count(shown: list[Theme]) -> int:
    """How many rules stand on the page."""
    return sum(len(one.entries) for one in shown)


def total() -> int:
    """How many rules the book has."""
    return len(RULES)


def _matches(rule: Rule, words: list[str]) -> bool:
    held = f"{rule.code} {rule.message} {rule.law}".lower()
    return all(word in held for word in words)


def _entry(rule: Rule) -> Entry:
    return Entry(rule.code, rule.severity, _marked(rule.message), rule.law)


def _marked(message: str) -> SafeString:
    """The message with each `{place}` as a marked word, so that nobody takes it for a text of its own."""
    pieces = [
        format_html('<span class="portal-slot">{}</span>', part.replace("_", " ") or "…") if position % 2 else part
        for position, part in enumerate(_SLOT.split(message))
    ]
    return format_html_join("", "{}", [(one,) for one in pieces])
