"""Check digits: of entry numbers (CATAIR appendix E), in-bond numbers, air waybills and containers (ISO 6346)."""

import re

FILER_CODE = re.compile(r"(?!000)[A-Z0-9]{3}\Z")
SEQUENCE = re.compile(r"[0-9]{7}\Z")
CONTAINER = re.compile(r"[A-Z]{3}[UJZ][0-9]{7}\Z")

# The low half of the EBCDIC code of a letter: A to I and J to R are 1 to 9, S to Z are 2 to 9.
_DIGITS = {str(digit): digit for digit in range(10)}
_DIGITS |= {letter: index % 9 + 1 for index, letter in enumerate("ABCDEFGHIJKLMNOPQR")}
_DIGITS |= {letter: index for index, letter in enumerate("STUVWXYZ", start=2)}

# ISO 6346: letters count from 10, leaving out multiples of 11.
_CONTAINER_VALUES = {str(digit): digit for digit in range(10)}
_CONTAINER_VALUES |= dict(
    zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (n for n in range(10, 39) if n % 11), strict=True),
)


def check_digit(filer_code: str, sequence: str, offset: int = 0) -> int:
    """The check digit of an entry number. `offset` is the factor that customs gives some filers, normally 0.

    Raises ValueError where the code or the seven digits cannot be read.
    """
    filer_code = filer_code.upper()
    if not FILER_CODE.match(filer_code) or not SEQUENCE.match(sequence):
        raise ValueError(f"not a filer code and seven digits: {filer_code!r} {sequence!r}")
    total = 0
    for position, character in enumerate(filer_code + sequence, start=1):
        digit = _DIGITS[character]
        if position % 2 == 0:
            digit = 2 * digit - 9 if digit > 4 else 2 * digit
        total += digit
    return (10 - total % 10 + offset) % 10


def mod7_check(serial: str) -> int:
    """The check digit of in-bond numbers and air waybills: the serial number modulo 7."""
    return int(serial) % 7


def container_check(number: str) -> int:
    """The check digit of a container number by ISO 6346, from its first ten characters."""
    total = sum(_CONTAINER_VALUES[character] << place for place, character in enumerate(number[:10]))
    return total % 11 % 10
