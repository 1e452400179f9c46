"""What is asked about one line of goods, as data. Pointers are paths in the line.

In the form the number that classifies the goods is always `tariffs/0`; further numbers follow it.
In the declaration they stand in wire order (chapter 98, chapter 99, then the classification).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from declarations.document import Document
from declarations.filer.choices import (
    ADDITIONS,
    BASES_OF_CLAIM,
    CASE_RATES,
    CASE_SECURITY,
    CERTIFIERS,
    DEDUCTIONS,
    FEE_EXEMPTIONS,
    IMPORTER_DECLARATIONS,
    METHODS,
    RATE_BASES,
    ROLES,
    RULING_TYPES,
    SET_ROLES,
    ZONE_STATUSES,
)
from declarations.filer.parties import ROLE_WORDS, name_and_address
from declarations.filer.questions import Group, Header, Part, Predicate, Question, always
from declarations.filer.steps import by_vessel
from declarations.paths import at
from portal.forms import Words

AT_HEADER = tuple((role, ROLE_WORDS[role]) for role in ("importer", "ultimate_consignee", "buyer", "ship_to"))
CASES = ("03", "07", "34", "38")


@dataclass(frozen=True)
class Section:
    """A part of the page of a line."""

    slug: str
    title: Words
    why: Words
    parts: tuple[Part, ...]
    needed: Predicate = always  # of the header
    folded: bool = False


def foreign(header: Header) -> bool:
    """The invoice is not in US dollars; `line` is the line in what predicates of a line look at."""
    currency = at(header, "line/valuation/invoice/currency") or header.get("currency")
    return currency not in (None, "", "USD")


def has_case(header: Header) -> bool:
    """The entry type is one for antidumping and countervailing cases."""
    return at(header, "entry_type") in CASES


GOODS = Section(
    "goods", _("Goods and tariff number"), "",
    (
        Question("description", _("What are the goods?"),
                 _("What each thing is, of what it is made and what it is for, as on the invoice."), "textarea",
                 most=512),
        Question("tariffs/0/hts_number", _("Tariff number"), _("Ten digits; dots do not matter."), "hts",
                 width="medium",
                 term="hts number"),
    ),
)  # fmt: skip
ORIGIN = Section(
    "origin", _("Origin and preference"), "",
    (
        Question("origin_country", _("Country of origin"), _("Where the goods were made; not where they left."),
                 "combo",
                 codes="countries", width="medium", term="country of origin"),
        Question("export_country", _("Country of export"), _("From where they last set out for the United States."),
                 "combo",
                 codes="countries", width="medium"),
        Question("export_date", _("Day of export"), _("It also decides the rate of exchange."), "date"),
        Question("foreign_port_of_lading", _("Foreign port of lading"), _("Five digits (Schedule K)."), "compact",
                 most=5,
                 width="small", needed=by_vessel),
        Question("preference/program", _("Claim a preference program"),
                 _("Only if you hold the proof. Programs that fit this number and origin come first."), "select",
                 term="preference"),
        Question("preference/basis", _("Ground of the claim"), "", "select", choices=BASES_OF_CLAIM),
        Question("preference/certification/document", _("Certification of origin"), _("One of your papers."), "select",
                 term="certification of origin"),
        Question("preference/certification/certifier", _("Who certified?"), "", "select", choices=CERTIFIERS),
        Question("preference/certification/blanket_from", _("Certification valid from"), "", "date"),
        Question("preference/certification/blanket_to", _("Certification valid to"), "", "date"),
        Question("preference/net_cost", _("Was the net cost method used?"), "", "yesno"),
    ),
)  # fmt: skip
QUANTITIES = Section(
    "quantities", _("Quantities"), _("In the units that the tariff number asks for, in this order."),
    (
        Question("gross_mass_kg", _("Gross weight"), _("With packing."), "amount", width="medium", suffix="kg"),
    ),
)  # fmt: skip
VALUE = Section(
    "value", _("Value"), _("What the invoice says. Duty is computed on whole US dollars."),
    (
        Question("valuation/invoice/document", _("Invoice"), _("Its number."), most=60, width="lg", suggest="papers"),
        Question("valuation/invoice/line", _("Line of the invoice"), "", most=20, width="small"),
        Question("valuation/invoice/value", _("Price on the invoice"), "", "amount", width="medium"),
        Question("valuation/invoice/currency", _("Currency"), "", "combo", codes="currencies", width="small"),
        Question("valuation/exchange/rate", _("Rate of exchange"),
                 _("US dollars for one unit. Leave it empty and we fill in the rate we hold for the day of export."),
                 "amount", width="medium", needed=foreign),
        Question("valuation/exchange/rate_date", _("Day of the rate"), "", "date", needed=foreign),
        Question("valuation/exchange/basis", _("Kind of rate"), "", "select", choices=RATE_BASES, needed=foreign),
        Question("valuation/method", _("How was the value found?"), "", "select", choices=METHODS,
                 term="transaction value"),
        Group("valuation/additions", _("Addition"), (
            Question("code", _("What is added?"), "", "select", choices=ADDITIONS),
            Question("value", _("Amount"), "", "amount", width="medium"),
            Question("currency", _("Currency"), "", "combo", codes="currencies", width="small"),
        ), more=_("Add an addition"), least=0),
        Group("valuation/deductions", _("Deduction"), (
            Question("code", _("What is deducted?"), "", "select", choices=DEDUCTIONS),
            Question("value", _("Amount"), "", "amount", width="medium"),
            Question("currency", _("Currency"), "", "combo", codes="currencies", width="small"),
        ), more=_("Add a deduction"), least=0),
        Question("valuation/entered_value", _("Entered value stated by you"),
                 _("Leave it empty: we compute it. What you write here is taken instead, in whole dollars."), "whole",
                 width="medium", prefix="$", term="entered value"),
    ),
)  # fmt: skip
MAKER = Section(
    "maker", _("Manufacturer"), _("Customs knows the maker by a code built from its name and address."),
    (
        *name_and_address("manufacturer"),
        Question("manufacturer/mid", _("Manufacturer code (MID)"), _("Leave it empty and we build it."), "compact",
                 most=15,
                 width="medium", term="mid"),
        Question("foreign_exporter/mid", _("Exporter abroad: its code (MID)"), _("Only for antidumping cases."),
                 "compact",
                 most=15, width="medium", needed=has_case),
    ),
)  # fmt: skip
CHARGES = Section(
    "charges", _("Charges and parties"), _("Freight and insurance to the United States are reported but not dutiable."),
    (
        Question("charges/freight", _("International freight"), "", "amount", width="medium", term="charges"),
        Question("charges/insurance", _("International insurance"), "", "amount", width="medium"),
        Question("charges/other", _("Other charges"), "", "amount", width="medium"),
        Question("charges/currency", _("Currency of the charges"), "", "combo", codes="currencies", width="small"),
        Question("charges/total_whole_usd", _("Charges in whole US dollars"),
                 _("We add them up where they are in dollars."), "whole", width="medium", prefix="$"),
        Question("related_parties", _("Are buyer and seller related?"), "", "yesno", term="related parties"),
        Question("sold_to/same_as", _("Sold to"), "", "select", choices=AT_HEADER),
        Question("delivered_to/same_as", _("Delivered to"), "", "select", choices=AT_HEADER),
    ),
)  # fmt: skip
CASE = Section(
    "case", _("Antidumping and countervailing case"), _("Copy case and rate from the case query of customs."),
    (
        Group("adcvd", _("Case"), (
            Question("case_number", _("Case number"), _("A or C and nine digits; hyphens do not matter."), "compact",
                     most=10,
                     width="medium", term="antidumping duty"),
            Question("security", _("Secured by"), "", "select", choices=CASE_SECURITY),
            Question("rate", _("Rate"), "", "amount", width="small"),
            Question("rate_type", _("Kind of rate"), "", "select", choices=CASE_RATES),
            Question("value", _("Value under the case"), _("Leave it empty for the whole value of the line."), "whole",
                     width="medium", prefix="$"),
            Question("quantity", _("Quantity under the case"), _("Only for a rate in dollars for a unit."), "amount",
                     width="medium"),
            Question("deposit", _("Deposit"), _("Leave it empty: we compute it."), "amount", width="medium",
                     prefix="$"),
            Question("non_reimbursement/statement",
                     _("Do you state that the maker does not reimburse you the case duty?"), "", "yesno"),
            Question("non_reimbursement/id", _("Number of a blanket statement"), "", "compact", most=20,
                     width="medium"),
        ), more=_("Add another case")),
    ),
    needed=has_case,
)  # fmt: skip
MORE = Section(
    "more", _("More details, for some goods only"), "",
    (
        Group("tariffs", _("Other tariff number"), (
            Question("hts_number", _("Number"),
                     _("The portal proposes additional duties. Write one only for an exemption you claim, for chapter "
                       "98, or for goods that take two numbers."), "hts", width="medium"),
            Question("role", _("What is it?"), "", "select", choices=ROLES),
            Question("value", _("Its value"), _("Whole dollars; usually 0."), "whole", width="medium", prefix="$"),
        ), first=1, most=31, more=_("Add another number"), least=0),
        Group("rulings", _("Ruling"), (
            Question("type", _("Kind"), "", "select", choices=RULING_TYPES, term="ruling"),
            Question("number", _("Number"), _("Such as N312345."), "compact", most=12, width="medium"),
        ), more=_("Add a ruling"), least=0),
        Group("licences", _("Licence or permit"), (
            Question("type", _("Kind"), _("Two digits."), "compact", most=4, width="small"),
            Question("number", _("Number"), "", "compact", most=20, width="medium"),
        ), more=_("Add a licence"), least=0),
        Question("visa", _("Visa number"), "", "compact", most=20, width="medium"),
        Question("documents", _("Papers of this line"), _("Their marks, such as D1, D3."), "list", most=9,
                 width="medium"),
        Question("article_set/role", _("Part of a set"), "", "select", choices=SET_ROLES),
        Question("article_set/set", _("Mark of the set"), _("The same for all lines of one set."), "compact", most=9,
                 width="small"),
        Question("product_claim", _("Product claim"), "", "compact", most=2, width="2xs"),
        Question("fee_exemption", _("Exemption from an agricultural fee"), "", "select", choices=FEE_EXEMPTIONS),
        Group("measures", _("Other measurement"), (
            Question("name", _("What is measured?"), _("Such as lead content, jewels or degrees."), most=60,
                     width="lg"),
            Question("value", _("How much?"), "", "amount", width="medium"),
        ), more=_("Add a measurement"), least=0),
        Group("importer_declarations", _("Declaration about a metal"), (
            Question("type", _("Kind"), "", "select", choices=IMPORTER_DECLARATIONS),
            Question("country", _("Country"), _("Where it was smelted, or melted and poured."), "combo",
                     codes="countries",
                     width="medium"),
            Question("text", _("Text"), "", most=200),
        ), more=_("Add a declaration about a metal"), least=0),
        Group("pga", _("Partner agency"), (
            Question("agency", _("Agency"), _("Three letters, such as FDA."), "compact", most=3, width="small",
                     term="partner agency"),
            Question("program", _("Program"), "", "compact", most=3, width="small"),
            Question("processing", _("Processing code"), "", "compact", most=3, width="small"),
            Question("disclaim", _("Why its data is not needed"), _("Disclaim code, such as A."), "compact", most=1,
                     width="2xs"),
            Question("note", _("Your note"), "", most=200),
        ), more=_("Add a partner agency"), least=0),
        Group("census_overrides", _("Census warning"), (
            Question("warning", _("Warning"), "", "compact", most=3, width="small"),
            Question("override", _("Override"), "", "compact", most=2, width="2xs"),
        ), more=_("Add a census override"), least=0),
        Group("ir_tax", _("Internal revenue tax"), (
            Question("class", _("Class"), _("016, 017, 018 or 022."), "compact", most=3, width="small"),
            Question("basis", _("Basis"), "", "amount", width="medium"),
            Question("rate", _("Rate"), "", "amount", width="medium"),
            Question("amount", _("Amount"), "", "amount", width="medium", prefix="$"),
        ), more=_("Add a tax"), least=0),
        Group("fees", _("Agricultural fee"), (
            Question("class", _("Class"), _("Three digits, such as 056."), "compact", most=3, width="small"),
            Question("quantity", _("Quantity"), "", "amount", width="medium"),
            Question("rate", _("Rate"), "", "amount", width="medium"),
            Question("amount", _("Amount"), "", "amount", width="medium", prefix="$"),
        ), more=_("Add a fee"), least=0),
        Question("ftz/zone_id", _("Foreign-trade zone"), "", "compact", most=9, width="small",
                 term="foreign-trade zone"),
        Question("ftz/status", _("Zone status"), "", "select", choices=ZONE_STATUSES),
        Question("ftz/privileged_date", _("Privileged status granted on"), "", "date"),
        Question("ftz/quantity", _("Quantity from the zone"), "", "amount", width="medium"),
    ),
    folded=True,
)  # fmt: skip
SECTIONS: tuple[Section, ...] = (GOODS, ORIGIN, QUANTITIES, VALUE, MAKER, CHARGES, CASE, MORE)
# Members that are mended at another field.
ELSEWHERE = {
    "valuation": "valuation_invoice_value", "valuation/entered_value": "valuation_invoice_value",
    "preference": "preference_program", "charges": "charges_total_whole_usd", "manufacturer": "manufacturer_name",
    "sold_to": "sold_to_same_as", "delivered_to": "delivered_to_same_as", "foreign_exporter": "foreign_exporter_mid",
    "tariffs": "tariffs_0_hts_number", "measures": "measures_0_name", "sequence": "description",
}  # fmt: skip


def sections_of(header: Header, content: Mapping[str, Any]) -> list[Section]:
    """Sections that apply to the declaration, or hold something already."""
    return [
        one for one in SECTIONS
        if one.needed(header) or any(at(content, part.stored) not in (None, "", [], {}) for part in one.parts)
    ]  # fmt: skip


def field_of(pointer: str, document: Document | None = None, index: int = 0) -> str:
    """Name of the form field where a member of a line is mended; `pointer` counts in the line of `document`."""
    parts = pointer.split("/")
    if parts[0] == "tariffs" and parts[1:2] and parts[1].isdigit():
        return _tariff_field(parts, document, index)
    while parts:
        path = "/".join(parts)
        if path in ELSEWHERE:
            return ELSEWHERE[path]
        shape = "/".join("#" if part.isdigit() else part for part in parts)
        if shape in SHAPES:
            return "_".join(parts)
        if shape in BEGINNINGS:
            return BEGINNINGS[shape].replace("#", parts[-1] if parts[-1].isdigit() else "0").replace("/", "_")
        parts.pop()
    return ""


def group_of(pointer: str, document: Document | None = None, index: int = 0) -> str:
    """The list of which the pointer says that something is missing; empty where it names a member that is there."""
    if pointer in GROUPS and pointer != "tariffs":
        return pointer
    return "tariffs" if field_of(pointer, document, index).startswith("tariffs_1_") else ""


def _tariff_field(parts: list[str], document: Document | None, index: int) -> str:
    """The classification is the first in the form; any other number is among the further ones."""
    place = int(parts[1])
    item = document.items[index] if document is not None and index < len(document.items) else None
    main = place == 0
    if item is not None and place < len(item.tariffs):
        main = item.classification is None or item.tariffs[place] is item.classification
    if not main:
        return "tariffs_1_hts_number"
    if parts[2:3] == ["quantities"]:
        return f"tariffs_0_quantities_{parts[3] if parts[3:4] else 0}_value"
    return "tariffs_0_hts_number"


def _shapes() -> tuple[frozenset[str], dict[str, str]]:
    """Shapes of all members that have a field, and for each beginning of one the first field below it."""
    shapes: set[str] = set()
    beginnings: dict[str, str] = {}
    for section in SECTIONS:
        for part in section.parts:
            questions = part.questions if isinstance(part, Group) else (part,)
            for one in questions:
                shape = f"{part.pointer}/#/{one.pointer}" if isinstance(part, Group) else one.pointer
                shapes.add(shape)
                parts = shape.split("/")
                for length in range(1, len(parts)):
                    beginnings.setdefault("/".join(parts[:length]), shape)
    return frozenset(shapes), beginnings


SHAPES, BEGINNINGS = _shapes()
GROUPS = {part.pointer: part for section in SECTIONS for part in section.parts if isinstance(part, Group)}
