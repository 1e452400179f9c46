"""From the printed text of a rate to its tree. What is not understood is `Unparsed`, never guessed."""

import re
from decimal import Decimal
from functools import lru_cache

from declarations.tariff.expressions.tree import FREE, Applicable, Money, Percent, Rate, Sugar, Sum, Unparsed

HUNDRED = Decimal(100)

# Printed unit -> (unit code or basis, how many of them the rate is for). Longer prints stand first.
PER: tuple[tuple[str, str, Decimal], ...] = (
    ("1,000 pins", "NO", Decimal(1000)),
    ("1,000", "NO", Decimal(1000)),
    ("1000", "NO", Decimal(1000)),
    ("thousand", "NO", Decimal(1000)),
    ("line/ gross", "GRL", Decimal(1)),
    ("line/gross", "GRL", Decimal(1)),
    ("gross", "GR", Decimal(1)),
    ("clean kg", "CYK", Decimal(1)),
    ("kg", "KG", Decimal(1)),
    ("pf. liter", "PFL", Decimal(1)),
    ("pf.liter", "PFL", Decimal(1)),
    ("liter", "L", Decimal(1)),
    ("bbl", "BBL", Decimal(1)),
    ("doz.", "DOZ", Decimal(1)),
    ("prs.", "PRS", Decimal(1)),
    ("pr.", "PRS", Decimal(1)),
    ("lin. m", "M", Decimal(1)),
    ("m2", "M2", Decimal(1)),
    ("m²", "M2", Decimal(1)),
    ("m3", "M3", Decimal(1)),
    ("m", "M", Decimal(1)),
    ("t", "T", Decimal(1)),
    ("g", "G", Decimal(1)),
    ("head", "NO", Decimal(1)),
    ("article", "NO", Decimal(1)),
    ("each", "NO", Decimal(1)),
    ("pack", "PK", Decimal(1)),
    ("jewel", "jewels", Decimal(1)),
)

NUMBER = r"[0-9][0-9,]*(?:\.[0-9]+)?|\.[0-9]+"
PERCENT = re.compile(rf"({NUMBER})(?: ([0-9]+)/([0-9]+))? ?%(?: (?:on|of) (.+))?\Z")
MONEY = re.compile(rf"(?:\$ ?({NUMBER})|({NUMBER}) ?(?:¢|cents?))(?: ?/ ?| )(.+)\Z")
SUGAR = re.compile(
    rf"({NUMBER})¢ ?/kg less ({NUMBER})¢ ?/kg for each degree under ({NUMBER}) degrees "
    rf"\(and fractions of a degree in proportion\) but not less (?:than )?({NUMBER})¢ ?/kg\Z"
)
APPLICABLE = re.compile(
    rf"the duty provided in the applicable subheading(?: ?(?:\+|plus) ?(?:a duty of )?({NUMBER}) ?%)?\.?\Z",
    re.IGNORECASE,
)
HYPHENATED = re.compile(r"([a-z])- ([a-z])")
REFERENCE = re.compile(r"(?:see|the rate|the duty|no change|the same rate)\b", re.IGNORECASE)


@lru_cache(maxsize=20_000)
def parse(text: str) -> Rate:
    """The tree of a rate text. Never raises: what is not understood comes back as `Unparsed` with its reason."""
    tidy = HYPHENATED.sub(r"\1\2", " ".join(text.split()))
    if not tidy:
        return Unparsed(text, "empty")
    if tidy.lower() == "free":
        return FREE
    if found := APPLICABLE.match(tidy):
        return Applicable(_number(found[1]) if found[1] else Decimal(0))
    if tidy.lower().rstrip(".") == "no change":
        return Applicable()
    if found := SUGAR.match(tidy):
        base, step, mark, floor = (_number(one) for one in found.groups())
        return Sugar(base / HUNDRED, step / HUNDRED, mark, floor / HUNDRED)
    return _sum(tidy)


def _sum(text: str) -> Rate:
    terms = [_term(one.strip()) for one in text.split("+")]
    known = tuple(one for one in terms if one is not None)
    if len(known) == len(terms):
        return Sum(known)
    if REFERENCE.match(text):
        return Unparsed(text, "reference")
    return Unparsed(text, "condition" if " but " in text or ", " in text else "unknown")


def _term(text: str) -> Percent | Money | None:
    if found := PERCENT.match(text):
        rate = _number(found[1])
        if found[2]:
            if int(found[3]) == 0:
                return None
            rate += Decimal(found[2]) / Decimal(found[3])
        return Percent(rate, _part(found[4]))
    if found := MONEY.match(text):
        amount = _number(found[1]) if found[1] else _number(found[2]) / HUNDRED
        return _money(amount, found[3])
    return None


def _money(amount: Decimal, tail: str) -> Money | None:
    for printed, unit, count in PER:
        if tail == printed:
            return Money(amount, unit, count)
        rest = tail[len(printed) :]
        if not tail.startswith(printed) or not rest.startswith((" ", ",", "of ")):
            continue
        if unit == "jewels" and (over := re.match(r" over ([0-9]+)\Z", rest)):
            return Money(amount, unit, count, over=Decimal(over[1]))
        if named := re.match(r"(?:,? ?including| ?on| ?of) (.+)\Z", rest):
            name = "weight with container" if "including" in rest else _part(named[1])
            return Money(amount, unit, count, of=name)
    return None


def _part(name: str | None) -> str | None:
    """The name of a part as filers give it: without articles; the whole is no part."""
    if name is None:
        return None
    bare = re.sub(r"\b(?:the )|\bthe(?=battery)", "", name)
    bare = bare.removesuffix(", if any").strip()
    return None if bare in ("entire set", "value") else bare


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))
