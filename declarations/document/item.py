"""One line of goods and its parts."""

from typing import Annotated

import msgspec
from msgspec import Meta

from declarations.document.parts import Code, DateText, DecimalText, Number, Part, Party, Quantity, Text

MAX_TARIFFS = 32  # numbers a line may carry in cargo release v40


class Certification(Part, frozen=True):
    """The certification of origin behind a claim."""

    document: Code | None = None
    certifier: Code | None = None
    blanket_from: DateText | None = None
    blanket_to: DateText | None = None


class Preference(Part, frozen=True):
    """A claim for a preference program."""

    program: Code | None = None
    basis: Code | None = None
    certification: Certification | None = None
    net_cost: bool | None = None


class ArticleSet(Part, frozen=True):
    """Header X or component V of a set."""

    role: Code | None = None
    set: Code | None = None


class Tariff(Part, frozen=True):
    """One tariff number of a line, in wire order, with its value in whole dollars and its quantities."""

    hts_number: Number | None = None
    role: Code | None = None
    value: DecimalText | None = None
    quantities: tuple[Quantity, ...] = ()


class Invoice(Part, frozen=True):
    """Where the value comes from."""

    document: Text | None = None
    line: Code | None = None
    value: DecimalText | None = None
    currency: Code | None = None


class Adjustment(Part, frozen=True):
    """An addition to or a deduction from the invoice value (19 USC 1401a)."""

    code: Code | None = None
    value: DecimalText | None = None
    currency: Code | None = None


class Exchange(Part, frozen=True):
    """The rate used: US dollars for one unit, its day, and its kind (19 CFR 159.31 to 159.36)."""

    rate: DecimalText | None = None
    rate_date: DateText | None = None
    basis: Code | None = None


class Valuation(Part, frozen=True):
    """From the invoice to the entered value in whole US dollars."""

    invoice: Invoice | None = None
    method: Code | None = None
    additions: tuple[Adjustment, ...] = ()
    deductions: tuple[Adjustment, ...] = ()
    exchange: Exchange | None = None
    entered_value: DecimalText | None = None


class Charges(Part, frozen=True):
    """International freight, insurance and other charges, not part of the value."""

    freight: DecimalText | None = None
    insurance: DecimalText | None = None
    other: DecimalText | None = None
    currency: Code | None = None
    total_whole_usd: DecimalText | None = None


class Ruling(Part, frozen=True):
    """Type C, P or R and its number."""

    type: Code | None = None
    number: Code | None = None


class Licence(Part, frozen=True):
    """A licence or permit cited on the line."""

    type: Code | None = None
    number: Code | None = None


class NonReimbursement(Part, frozen=True):
    """The statement of 19 CFR 351.402(f)."""

    statement: bool | None = None
    id: Code | None = None


class AdCvd(Part, frozen=True):
    """An antidumping (A) or countervailing (C) case on the line."""

    case_number: Code | None = None
    security: Code | None = None
    rate: DecimalText | None = None
    rate_type: Code | None = None
    value: DecimalText | None = None
    quantity: DecimalText | None = None
    deposit: DecimalText | None = None
    non_reimbursement: NonReimbursement | None = None


class IrTax(Part, frozen=True):
    """Internal revenue tax, class 016 017 018 022."""

    tax_class: Code | None = msgspec.field(default=None, name="class")
    basis: DecimalText | None = None
    rate: DecimalText | None = None
    amount: DecimalText | None = None


class ItemFee(Part, frozen=True):
    """A fee of the line that the filer states, such as a marketing assessment."""

    fee_class: Code | None = msgspec.field(default=None, name="class")
    quantity: DecimalText | None = None
    rate: DecimalText | None = None
    amount: DecimalText | None = None


class ImporterDeclaration(Part, frozen=True):
    """Record 54: type 07 aluminum, 08 steel, 10, 11, 12 copper, and its text."""

    type: Code | None = None
    text: Text | None = None
    country: Code | None = None


class Ftz(Part, frozen=True):
    """Foreign-trade zone status of the line."""

    zone_id: Code | None = None
    status: Code | None = None
    privileged_date: DateText | None = None
    quantity: DecimalText | None = None


class Pga(Part, frozen=True):
    """What a partner agency wants of this line, or why not."""

    agency: Code | None = None
    program: Code | None = None
    processing: Code | None = None
    disclaim: Code | None = None
    note: Text | None = None


class CensusOverride(Part, frozen=True):
    """A census warning and its override code."""

    warning: Code | None = None
    override: Code | None = None


class Item(Part, frozen=True):
    """One line of goods."""

    sequence: int | None = None
    description: Text | None = None
    origin_country: Code | None = None
    export_country: Code | None = None
    export_date: DateText | None = None
    foreign_port_of_lading: Code | None = None
    preference: Preference | None = None
    article_set: ArticleSet | None = None
    product_claim: Code | None = None
    tariffs: Annotated[tuple[Tariff, ...], Meta(max_length=MAX_TARIFFS)] = ()
    measures: dict[str, DecimalText] = msgspec.field(default_factory=dict)
    gross_mass_kg: DecimalText | None = None
    valuation: Valuation | None = None
    charges: Charges | None = None
    related_parties: bool | None = None
    manufacturer: Party | None = None
    sold_to: Party | None = None
    delivered_to: Party | None = None
    foreign_exporter: Party | None = None
    rulings: tuple[Ruling, ...] = ()
    licences: tuple[Licence, ...] = ()
    visa: Code | None = None
    adcvd: tuple[AdCvd, ...] = ()
    ir_tax: tuple[IrTax, ...] = ()
    fees: tuple[ItemFee, ...] = ()
    fee_exemption: Code | None = None
    importer_declarations: tuple[ImporterDeclaration, ...] = ()
    ftz: Ftz | None = None
    pga: tuple[Pga, ...] = ()
    census_overrides: tuple[CensusOverride, ...] = ()
    documents: tuple[Code, ...] = ()

    @property
    def classification(self) -> Tariff | None:
        """The number of chapters 1 to 97 that carries the value (the first one, where there are several)."""
        plain = [one for one in self.tariffs if one.role in (None, "classification") and one.hts_number]
        return next((one for one in plain if one.hts_number and one.hts_number[:2] not in ("98", "99")), None)
