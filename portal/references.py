"""Public references: a letter that names the kind, and twelve random characters.

Crockford's base 32 has no I, L, O or U, so a reference survives being read over the phone.
"""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
KINDS = {
    "declaration": "D",
    "version": "V",
    "organization": "G",
    "user": "U",
    "message": "M",
    "inbound": "N",
    "request": "Q",
    "client": "C",
    "task": "T",
    "law_change": "L",
    "line": "K",
    "page": "P",
    "mandate": "W",
    "webhook": "H",
    "complaint": "X",
    "batch": "B",
    "saved_view": "S",
}
PATTERN = re.compile(rf"[A-Z][{ALPHABET}]{{{LENGTH}}}\Z")
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0"})


def new_reference(kind: str) -> str:
    """A fresh reference, 60 random bits; its uniqueness is the table's to enforce."""
    bits = secrets.randbits(5 * LENGTH)
    return KINDS[kind] + "".join([ALPHABET[bits >> 5 * place & 31] for place in range(LENGTH)])


def is_reference(text: str, kind: str) -> bool:
    """The text is a reference of this kind, as we store it."""
    return text[:1] == KINDS[kind] and PATTERN.fullmatch(text) is not None


def tidy_reference(text: str) -> str:
    """What a person typed, in the form we store: upper case, no blanks or hyphens, look-alikes mended."""
    squeezed = re.sub(r"[\s-]", "", text).upper()
    return squeezed[:1] + squeezed[1:].translate(_LOOKALIKES)
