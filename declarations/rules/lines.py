"""A line of goods as rules see it: its numbers in wire order, its tariff line, its proposal, looked up once."""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from declarations.assessment import Assessment, ItemAssessment
from declarations.document import Document, Item, Tariff
from declarations.rules import reading
from declarations.tariff.view import TariffLine, TariffView, country_of, normal_number


class Number(Struct, frozen=True, gc=False):
    """One tariff number of a line, with its pointer."""

    at: str
    tariff: Tariff
    number: str  # digits as the tariff keys them
    chapter: str
    hts: TariffLine | None

    @property
    def heading(self) -> str:
        """The eight digits that name a measure."""
        return self.number[:8]


class Line(Struct, frozen=True, gc=False):
    """One line; `main` is the number of chapters 1 to 97 that carries the value."""

    at: str
    item: Item
    numbers: tuple[Number, ...]
    goods: tuple[Number, ...]  # chapters 1 to 97
    chapter98: tuple[Number, ...]
    chapter99: tuple[Number, ...]
    main: Number | None
    proposal: ItemAssessment | None
    rate_date: date
    origin: str  # or an empty text
    country: str  # the same, with the provinces of Canada as CA
    program: str  # the one claimed, or an empty text
    entered: Decimal | None  # entered value as declared
    value: Decimal  # whole dollars: as declared, else as assessed, else nothing


def read_lines(document: Document, assessment: Assessment, tariff: TariffView, on: date) -> tuple[Line, ...]:
    """All lines of a document."""
    proposals = {one.sequence: one for one in assessment.items}
    known: dict[str, tuple[str, TariffLine | None]] = {}
    return tuple(
        _read(f"/items/{index}", item, proposals.get(item.sequence or index + 1), tariff, known, on)
        for index, item in enumerate(document.items)
    )


def _read(
    at: str,
    item: Item,
    proposal: ItemAssessment | None,
    tariff: TariffView,
    known: dict[str, tuple[str, TariffLine | None]],
    on: date,
) -> Line:
    numbers = []
    for index, one in enumerate(item.tariffs):
        written = one.hts_number
        if not written:
            continue
        if written not in known:
            known[written] = (normal_number(written), tariff.line(written))
        number, hts = known[written]
        numbers.append(Number(f"{at}/tariffs/{index}", one, number, number[:2], hts))
    goods = tuple([one for one in numbers if one.chapter not in ("98", "99")])
    entered = reading.amount(item.valuation.entered_value) if item.valuation else None
    assessed = reading.amount(proposal.entered_value) if proposal else None
    return Line(
        at,
        item,
        tuple(numbers),
        goods,
        tuple([one for one in numbers if one.chapter == "98"]),
        tuple([one for one in numbers if one.chapter == "99"]),
        next((one for one in goods if one.tariff.role in (None, "classification")), goods[0] if goods else None),
        proposal,
        (reading.day(proposal.rate_date) if proposal else None) or on,
        item.origin_country or "",
        country_of(item.origin_country),
        (item.preference.program if item.preference else None) or "",
        entered,
        entered if entered is not None else assessed or Decimal(0),
    )
