"""A tree written as the schedule would print it. What was printed otherwise reads back to the same tree."""

from decimal import Decimal

from declarations.tariff.expressions.printed import JEWELS, PER, PIECES, WITH_CONTAINER
from declarations.tariff.expressions.tokens import DECIMALS
from declarations.tariff.expressions.tree import Applicable, AtLeast, Capped, Free, Money, Percent, Rate, Sugar, Sum
from portal.money import plain

PRINTS: dict[tuple[str, Decimal], str] = {}
for _tokens, _basis in PER.items():
    PRINTS.setdefault(_basis, " ".join(_tokens).replace(" / ", "/"))
NOT_EMBROIDERED = "the rate which would apply to such product if not embroidered"
LINE_DUTY = "The duty provided in the applicable subheading"


def render(rate: Rate) -> str:
    """The text of a rate. Of one that gives no amount by itself, its text as it was printed."""
    if isinstance(rate, Free):
        return "Free"
    if isinstance(rate, Sum):
        return " + ".join(_percent(one) if isinstance(one, Percent) else _money(one) for one in rate.terms)
    if isinstance(rate, Sugar):
        return (
            f"{_dollars(rate.base)}/kg less {_dollars(rate.step)}/kg for each degree under {plain(rate.mark)} degrees "
            f"(and fractions of a degree in proportion) but not less than {_dollars(rate.floor)}/kg"
        )
    if isinstance(rate, Capped):
        return (
            f"{render(rate.total)}, but if consisting in part of a plate or a set of plates "
            f"the total duty shall not exceed the {rate.limit}"
        )
    if isinstance(rate, AtLeast):
        return f"{render(rate.total)}, but in the case of {rate.sort} not less than {NOT_EMBROIDERED}"
    if isinstance(rate, Applicable):
        return f"{LINE_DUTY} + {_percent(Percent(rate.extra))}" if rate.extra else LINE_DUTY
    return rate.text


def _percent(term: Percent) -> str:
    whole, rest = divmod(term.exact, 1)
    number = f"{whole} {rest.numerator}/{rest.denominator}" if term.repeats else plain(term.rate)
    return f"{number}%" + (f" on the {term.of}" if term.of else "")


def _money(term: Money) -> str:
    amount = _dollars(term.amount)
    if term.per == PIECES:
        return f"{amount} for each other piece or part"
    if term.per == "NO" and term.count == 1:
        return f"{amount} each"
    basis = f"{amount}/{PRINTS[term.per, term.count]}"
    if term.over and term.per == JEWELS:
        return f"{basis} over {plain(term.over)}"
    if term.of == WITH_CONTAINER:
        return f"{basis}, including weight of container"
    return f"{basis} on {term.of}" if term.of else basis


def _dollars(amount: Decimal) -> str:
    text = plain(amount)
    is_cents = amount < 1 or len(text.partition(".")[2]) > DECIMALS
    return f"{plain(amount * 100)}¢" if is_cents else f"${text}"
