"""Rates that give an amount, read by recursive descent. What does not fit the grammar to its end is no rate.

    rate      = "Free" | sugar | sum
    sum       = term { "+" term }
    term      = percent | money
    percent   = number [ number "/" number ] ( "%" | "percent" ) [ ( "on" | "upon" | "of" ) part ]
    money     = ( "$" number | number ( "¢" | "cent" | "cents" ) ) basis
    basis     = "each"
              | "for each other piece or part"
              | ( "/" | "per" ) unit [ "over" number | ( "on" | "of" ) part | "," "including weight of container" ]
    part      = word { [ "," ] word } [ ", if any" ]
    sugar     = money "less" money "for each degree under" number "degrees"
                "(and fractions of a degree in proportion)" "but not less" [ "than" ] money

`unit` is a print of `printed.PER`; `over` follows jewels only; the three amounts of sugar are each for a kilogram.
"""

from decimal import Decimal

from declarations.tariff.expressions.printed import JEWELS, LONGEST, PER, PIECES, WHOLE, WITH_CONTAINER
from declarations.tariff.expressions.tokens import Token, tokens_of
from declarations.tariff.expressions.tree import DENOMINATORS, FREE, Free, Money, Percent, Sugar, Sum

HUNDRED = Decimal(100)
ARTICLES = frozenset({"the", "a", "an"})

# Words that set a condition or a comparison: what holds one of them is not the name of a part.
CONDITIONS = frozenset(
    {
        "but", "if", "less", "unless", "except", "not", "than", "minus", "plus", "excess", "over", "under",
        "exceeding", "exceed", "which", "whichever", "when", "where", "shall", "each", "per", "for", "in", "to",
    }
)  # fmt: skip
BY_DEGREES = (
    "degrees", "(", "and", "fractions", "of", "a", "degree", "in", "proportion", ")", "but", "not", "less",
)  # fmt: skip


def read_amount(text: str) -> Free | Sum | Sugar | None:
    """The tree of a tidy text that gives an amount, or None where it is no such text."""
    tokens = tokens_of(text)
    if not tokens:
        return None
    reader = _Reader(tokens)
    for production in (reader.free, reader.sugar, reader.sum):
        reader.place = 0
        found: Free | Sum | Sugar | None = production()
        if found is not None and reader.ended:
            return found
    return None


def read_percent(text: str) -> Percent | None:
    """The tree of a tidy text that is one percentage, or None."""
    found = read_amount(text)
    if isinstance(found, Sum) and len(found.terms) == 1 and isinstance(found.terms[0], Percent):
        return found.terms[0]
    return None


class _Reader:
    """A place in a list of tokens. Each production gives its tree, or None where it does not fit."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self.tokens = tokens
        self.place = 0

    @property
    def ended(self) -> bool:
        return self.place == len(self.tokens)

    def take(self, *words: str) -> bool:
        """Goes past these words or marks, if they are next."""
        ahead = self.tokens[self.place : self.place + len(words)]
        if tuple(one.text.lower() for one in ahead) != words:
            return False
        self.place += len(words)
        return True

    def take_any(self, *words: str) -> bool:
        return any(self.take(one) for one in words)

    def number(self) -> Decimal | None:
        if self.ended or self.tokens[self.place].kind != "number":
            return None
        self.place += 1
        return self.tokens[self.place - 1].number

    def free(self) -> Free | None:
        return FREE if self.take("free") else None

    def sum(self) -> Sum | None:
        terms: list[Percent | Money] = []
        while not terms or self.take("+"):
            term = self.term()
            if term is None:
                return None
            terms.append(term)
        return Sum(tuple(terms))

    def term(self) -> Percent | Money | None:
        start = self.place
        found = self.percent()
        if found is not None:
            return found
        self.place = start
        return self.money()

    def percent(self) -> Percent | None:
        rate = self.number()
        if rate is None:
            return None
        above = self.number()
        if above is not None:
            below = self.number() if self.take("/") else None
            if below is None or not 0 < above < below <= DENOMINATORS or {above % 1, below % 1, rate % 1} != {0}:
                return None
            rate += above / below
        if not self.take_any("%", "percent"):
            return None
        if not self.take_any("on", "upon", "of"):
            return Percent(rate)
        part = self.part()
        if part is None:
            return None
        return Percent(rate, None if part in WHOLE else part)

    def money(self) -> Money | None:
        amount = self.dollars()
        if amount is None:
            return None
        if self.take("each"):
            return Money(amount, "NO")
        if self.take("for", "each", "other", "piece", "or", "part"):
            return Money(amount, PIECES)
        if not self.take_any("/", "per"):
            return None
        found = self.unit()
        return None if found is None else self.what(Money(amount, *found))

    def dollars(self) -> Decimal | None:
        if self.take("$"):
            return self.number()
        amount = self.number()
        return amount / HUNDRED if amount is not None and self.take_any("¢", "cents", "cent") else None

    def unit(self) -> tuple[str, Decimal] | None:
        for length in range(LONGEST, 0, -1):
            ahead = self.tokens[self.place : self.place + length]
            printed = tuple(one.text.lower().replace(",", "") if one.kind == "number" else one.text for one in ahead)
            if len(ahead) == length and printed in PER:
                self.place += length
                return PER[printed]
        return None

    def what(self, money: Money) -> Money | None:
        """The unit's own basis: jewels over so many, a content, the weight with its container."""
        if money.per == JEWELS and self.take("over"):
            over = self.number()
            return None if over is None else Money(money.amount, money.per, money.count, over=over)
        if self.take(",", "including", "weight", "of", "container"):
            return Money(money.amount, money.per, money.count, of=WITH_CONTAINER)
        if not self.take_any("on", "of"):
            return money
        part = self.part()
        return None if part is None else Money(money.amount, money.per, money.count, of=part)

    def part(self) -> str | None:
        """The name of a part as filers give it: without articles."""
        name = ""
        while not self.ended and not self.take(",", "if", "any"):
            token = self.tokens[self.place]
            if token.text.lower() in CONDITIONS or (token.kind != "word" and token.text != ","):
                break
            self.place += 1
            if token.text.lower() not in ARTICLES:
                name += token.text if token.text == "," else f" {token.text}"
        bare = name.strip()
        return bare if bare and not bare.startswith(",") and not bare.endswith(",") and ",," not in bare else None

    def sugar(self) -> Sugar | None:
        base = self.per_kilogram() if not self.ended else None
        step = self.per_kilogram() if self.take("less") else None
        mark = self.number() if self.take("for", "each", "degree", "under") else None
        if not self.take(*BY_DEGREES):
            return None
        self.take("than")
        floor = self.per_kilogram()
        if base is None or step is None or mark is None or floor is None:
            return None
        return Sugar(base, step, mark, floor)

    def per_kilogram(self) -> Decimal | None:
        amount = self.dollars()
        return amount if amount is not None and self.take("/", "kg") else None
