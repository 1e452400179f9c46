"""Small parts of the WCO message that several elements share: a leaf, a party, an amount, a date."""

import re
from typing import Any

import msgspec

from declarations.document import Address, Party
from declarations.messages.statements import Plan, Statement, given_in, in_pieces, statements_about
from declarations.messages.text import AMOUNT, CURRENCY, LIMIT, escape, letters, one_line
from portal.money import plain_text

NAME, IDENTIFIER, CITY, SUBDIVISION, LINE, POSTCODE = (one_line(n) for n in (70, 17, 35, 9, 70, 9))
COUNTRY = letters(2)
DATE_102 = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}\Z")
STATEMENT_TYPE = "US"
SHORT = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,3})?\Z").match  # fits every decimal of the message; cheaper to see


def element(tag: str, inner: str) -> str:
    """The element around its content; nothing where there is none."""
    return f"<{tag}>{inner}</{tag}>" if inner else ""


def leaf(placed: set[str], path: str, tag: str, value: str | None, fits: re.Pattern[str]) -> str:
    """The element of one member, if it can say it exactly; the member is then `placed`."""
    if value is None or not fits.match(value):
        return ""
    placed.add(path)
    return f"<{tag}>{escape(value)}</{tag}>"


def number(placed: set[str], path: str, tag: str, value: str | None, fits: re.Pattern[str], attribute: str = "") -> str:
    """The element of a decimal, without trailing zeros, if it has room for it."""
    if value is None or not (SHORT(value) or fits.match(value)):
        return ""
    placed.add(path)
    plain = value if value.isdigit() and value[0] != "0" else plain_text(value)
    return f"<{tag}{attribute}>{plain}</{tag}>"


def usd(placed: set[str], path: str, tag: str, value: str | None) -> str:
    """An amount in US dollars."""
    return number(placed, path, tag, value, AMOUNT, ' currencyID="USD"')


def amount(placed: set[str], path: str, tag: str, value: str | None, currency: str | None) -> str:
    """An amount with its currency: members `value` and `currency` below the path."""
    known = currency is not None and bool(CURRENCY.match(currency))
    if value is None or not AMOUNT.match(value) or (currency is not None and not known):
        return ""
    if known:
        placed.add(f"{path}.currency")
    return number(placed, f"{path}.value", tag, value, AMOUNT, f' currencyID="{currency}"' if known else "")


def date_element(placed: set[str], path: str, tag: str, value: str | None) -> str:
    """A day, format 102."""
    if value is None or not DATE_102.match(value):
        return ""
    placed.add(path)
    return f'<{tag}><ds:DateTimeString formatCode="102">{value.replace("-", "")}</ds:DateTimeString></{tag}>'


def party(placed: set[str], path: str, tag: str, one: Party | None) -> str:
    """Name, number and address of a party; one that is the same as another is told in its statement."""
    if one is None or one.same_as is not None:
        return ""
    return element(
        tag,
        leaf(placed, f"{path}.name", "Name", one.name, NAME)
        + leaf(placed, f"{path}.id", "ID", one.id, IDENTIFIER)
        + (address(placed, f"{path}.address", one.address) if one.address else ""),
    )


def address(placed: set[str], path: str, one: Address) -> str:
    """A postal address."""
    return element(
        "Address",
        leaf(placed, f"{path}.city", "CityName", one.city, CITY)
        + leaf(placed, f"{path}.country", "CountryCode", one.country, COUNTRY)
        + leaf(placed, f"{path}.subdivision", "CountrySubDivisionCode", one.subdivision, SUBDIVISION)
        + leaf(placed, f"{path}.street", "Line", one.street, LINE)
        + leaf(placed, f"{path}.postcode", "PostcodeID", one.postcode, POSTCODE),
    )


_NOTHING: set[str] = set()


class Sayings:
    """National statements of the parts of one message; what is said again is not written again."""

    def __init__(self) -> None:
        self._said: dict[tuple[str, str | bytes], str] = {}

    def xml(self, plans: tuple[Plan, ...], plain: dict[str, Any], placed: set[str]) -> str:
        """The elements of `statements_of`, in its order. Lines of a declaration share makers, dates and numbers."""
        texts = []
        for one, value in given_in(plans, plain, placed):
            if one.alone or (type(value) is dict and "same_as" in value):
                apart = one.exact and type(value) is list
                texts.extend([self._once(one, said) for said in ([part] for part in value)] if apart else
                             [self._once(one, value)])  # fmt: skip
            else:
                texts.extend(map(information, statements_about(one, value, placed)))
        return "".join(texts)

    def _once(self, one: Plan, value: Any) -> str:
        key = (one.row.code, value if type(value) is str else msgspec.json.encode(value))
        text = self._said.get(key)
        if text is None:
            text = self._said[key] = "".join(map(information, statements_about(one, value, _NOTHING)))
        return text


def information(statement: Statement) -> str:
    """The national statement, in as many elements as it needs."""
    if len(statement.description) <= LIMIT:
        return (
            f"<AdditionalInformation><StatementCode>{statement.code}</StatementCode>"
            f"<StatementDescription>{escape(statement.description)}</StatementDescription>"
            f"<StatementTypeCode>{STATEMENT_TYPE}</StatementTypeCode></AdditionalInformation>"
        )
    return "".join(
        f"<AdditionalInformation><StatementCode>{one.code}</StatementCode>"
        f"<StatementDescription>{escape(one.description)}</StatementDescription>"
        f"<StatementTypeCode>{STATEMENT_TYPE}</StatementTypeCode></AdditionalInformation>"
        for one in in_pieces(statement)
    )
