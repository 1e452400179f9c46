"""What the WCO message says once although we say it on each line or bond: only where all say the same."""

from collections.abc import Callable, Iterable
from typing import Any

from declarations.document import Document, Item
from declarations.messages.text import CURRENCY, RATE, one_line
from declarations.messages.wco_elements import DATE_102

PORT, INVOICE, SURETY = one_line(17), one_line(70), one_line(17)


def common(values: Iterable[str | None]) -> str | None:
    """The one value that all have; None where there is none, or more than one."""
    found = set(values)
    return found.pop() if len(found) == 1 else None


def _of_lines(document: Document, get: Callable[[Item], str | None]) -> str | None:
    return common(get(one) for one in document.items)


def _invoice(line: Item, member: str) -> Any:
    invoice = line.valuation.invoice if line.valuation else None
    return getattr(invoice, member) if invoice else None


def _rate(line: Item) -> str | None:
    exchange = line.valuation.exchange if line.valuation else None
    return exchange.rate if exchange else None


def shared_members(document: Document) -> dict[str, str]:
    """Paths of a line's members that the header says for all lines, with their value."""
    found = {
        "export_date": (_of_lines(document, lambda line: line.export_date), DATE_102),
        "foreign_port_of_lading": (_of_lines(document, lambda line: line.foreign_port_of_lading), PORT),
        "valuation.invoice.document": (_of_lines(document, lambda line: _invoice(line, "document")), INVOICE),
        "valuation.exchange.rate": (_of_lines(document, _rate), RATE),
    }
    return {path: value for path, (value, fits) in found.items() if value is not None and fits.match(value)}


def shared_currency(document: Document) -> str | None:
    """The currency of all invoice lines, as a name for the rate of exchange."""
    currency = _of_lines(document, lambda line: _invoice(line, "currency"))
    return currency if currency and CURRENCY.match(currency) else None


def shared_surety(document: Document) -> str | None:
    """The surety of all bonds."""
    surety = common(one.surety for one in document.bonds)
    return surety if surety and SURETY.match(surety) else None
