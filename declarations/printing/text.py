"""Text for the page: what the font can show, and where a long word may be broken.

The page is set with one font that comes with the typesetter and with no other, so that a version looks the same
wherever it is printed. A character that the font does not have is printed as its number, `[U+6DF1]`; so are controls
and marks that turn the direction of writing, which could make a text look like another one.
"""

import re
import unicodedata
from typing import Any, Final

# What Libertinus Serif has in every weight used: Latin, phonetic letters, combining marks, Greek, Cyrillic, Hebrew,
# punctuation, a few currencies, arrows and signs.
_SHOWN: Final = (
    "\u0020-\u007e\u00a0-\u00ac\u00ae-\u023f\u0250-\u02e4\u0300-\u0331\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce"
    "\u0400-\u045f\u0490-\u04c4\u04d0-\u04f9\u05d0-\u05ea\u1e00-\u1e9b\u1e9e\u1ea0-\u1ef9\u2010-\u2027\u2030-\u2037"
    "\u2039-\u203e\u2044\u20a7\u20a8\u20ab\u20ac\u20b1\u2116\u2122\u2126\u2190-\u219b\u2200-\u220d\u2260\u2264\u2265"
)
_NOT_SHOWN: Final = re.compile(f"[^{_SHOWN}]")
_WORD: Final = re.compile(r"\S+")
LONG_WORD: Final = 16  # characters that fit the narrowest column that holds words
_PIECE: Final = 4
_NUMBERED: Final = re.compile(rf"\[U\+[0-9A-F]{{4,6}}\]|.{{1,{_PIECE}}}")

Printed = str | list[str | list[str]]


def printable(text: str) -> str:
    """One line of text that the fonts can show; nothing is left out without a mark."""
    if text.isascii() and text.isprintable():
        return text
    folded = " ".join(unicodedata.normalize("NFC", text).split())
    return _NOT_SHOWN.sub(lambda found: f"[U+{ord(found[0]):04X}]", folded)


def broken(text: str) -> Printed:
    """Text as it is where its words are short; else its parts, each long word as the pieces that may be parted."""
    if len(text) <= LONG_WORD:
        return text
    parts: list[str | list[str]] = []
    end = 0
    for found in _WORD.finditer(text):
        if found.end() - found.start() > LONG_WORD:
            parts += [text[end : found.start()]] if found.start() > end else []
            parts.append(_NUMBERED.findall(found[0]))
            end = found.end()
    if not parts:
        return text
    return [*parts, text[end:]] if end < len(text) else parts


def for_page(value: Any) -> Any:
    """A value for the template: every text printable, long words in pieces under `parts`, all else as it was."""
    if isinstance(value, str):
        made = broken(printable(value))
        return made if isinstance(made, str) else {"parts": made}
    if isinstance(value, dict):
        return {key: for_page(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [for_page(one) for one in value]
    return value
