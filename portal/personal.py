"""Personal numbers: which they are is data of the Parties, and none is kept in clear.

In a text that is kept, each personal number is replaced by its sealed form, so that the text stays what it was
for everything else: JSON is still JSON, and what a query reads in it still stands there. Reading puts the number
back. A text without one is not touched. What looks like a sealed form and is not ours is sealed as well, so that
nobody can write a text that cannot be read again.
"""

import csv
import hashlib
import hmac
import re
from pathlib import Path

from portal import keys

PURPOSE = "personal"
INDEX_PURPOSE = "personal-index"
MARK = "{sealed:"
MARK_BYTES = MARK.encode()
SHOWN_DIGITS = 4
_FILE = Path(__file__).with_name("personal_numbers.csv")


def _forms() -> list[str]:
    with _FILE.open(encoding="utf-8", newline="") as handle:
        return [row["form"] for row in csv.DictReader(handle)]


def _whole(form: str) -> str:
    """The pattern of a form such as NNN-NN-NNNN, where no digit stands before or after it."""
    return "(?<![0-9])" + re.escape(form).replace("N", "[0-9]") + "(?![0-9])"


_FORMS = _forms()
_WHOLE = "|".join(map(_whole, _FORMS))
_IS_ONE = re.compile(f"(?:{_WHOLE})\\Z")
_NUMBERS = re.compile(_WHOLE)
_TO_SEAL = re.compile(f"{_WHOLE}|{re.escape(MARK)}")
_DIGITS = bytes.maketrans(b"123456789", b"000000000")  # all digits alike: then a form is sought as plain bytes
_QUICK = [form.replace("N", "0").encode() for form in _FORMS]
_SEALED = re.compile(re.escape(MARK) + r"([^:{}]+:[A-Za-z0-9+/=]+)\}")


def is_personal(number: str) -> bool:
    """True for a number that a Party gives to a person."""
    return _IS_ONE.match(number) is not None


def holds_personal(data: bytes) -> bool:
    """True where the bytes of a text hold a personal number, or what would be read as a sealed one."""
    shapes = data.translate(_DIGITS)
    for one in _QUICK:
        if one in shapes:
            return True
    return MARK_BYTES in data


def is_in_clear(data: bytes) -> bool:
    """True where a personal number can be read in the bytes of a text."""
    return holds_personal(data) and _NUMBERS.search(data.decode("utf-8", "surrogateescape")) is not None


def sealed_with(data: bytes) -> set[str]:
    """The ids of the keys with which numbers in these bytes of a text are sealed."""
    found = _SEALED.findall(data.decode("utf-8", "surrogateescape")) if MARK_BYTES in data else []
    return {one.rpartition(":")[0] for one in found}


def seal_in(text: str) -> str:
    """The text with each personal number sealed."""
    if not holds_personal(text.encode("utf-8", "surrogatepass")):
        return text
    return _TO_SEAL.sub(lambda found: _sealed(found[0]), text)


def open_in(text: str) -> str:
    """The text as it was before it was sealed. Raises Unsealable."""
    return _SEALED.sub(lambda found: keys.unseal(found[1]), text) if MARK in text else text


def seal_in_bytes(data: bytes) -> bytes:
    """The bytes of a UTF-8 text with each personal number sealed."""
    if not holds_personal(data):
        return data
    return _TO_SEAL.sub(lambda found: _sealed(found[0]), data.decode("utf-8", "surrogateescape")).encode(
        "utf-8", "surrogateescape"
    )


def open_in_bytes(data: bytes) -> bytes:
    """The bytes as they were before they were sealed. Raises Unsealable."""
    if MARK_BYTES not in data:
        return data
    return open_in(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def masked(text: str) -> str:
    """The text with only the last digits of each personal number shown."""
    return _NUMBERS.sub(lambda found: mask(found[0]), text)


def mask(number: str) -> str:
    """A number of which only the last digits are shown."""
    hidden, shown = number[:-SHOWN_DIGITS], number[-SHOWN_DIGITS:]
    return re.sub("[0-9]", "*", hidden) + shown


def index_of(number: str) -> str:
    """Under what a number is found: itself where it is no secret, else a keyed code that tells nothing of it."""
    return _code(keys.current_key(INDEX_PURPOSE), number) if is_personal(number) else number


def indexes_of(number: str) -> list[str]:
    """Under what a number may be found: a personal one under each key of the ring, until all is indexed anew."""
    if not is_personal(number):
        return [number]
    return [_code(key, number) for key in keys.keys_for(INDEX_PURPOSE)]


def _code(key: keys.Key, number: str) -> str:
    return f"{key.id}:{hmac.new(key.secret, number.encode(), hashlib.sha256).hexdigest()}"


def _sealed(found: str) -> str:
    return f"{MARK}{keys.seal(PURPOSE, found).removeprefix(keys.SEALED)}}}"
