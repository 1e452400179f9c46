"""The columns of the table of lines: headings, what each fills, and what it means."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from portal.forms import Words


class Column(NamedTuple):
    """A column of the table: its heading, the member it fills, how it is read, and what it means."""

    name: str
    pointer: str
    kind: str
    meaning: Words
    codes: str = ""
    most: int = 100


PLACE = "manufacturer/address"
COLUMNS = (
    Column("description", "description", "text", _("What the goods are"), most=512),
    Column("hts_number", "tariffs/0/hts_number", "hts", _("Tariff number, ten digits, dots do not matter")),
    Column("origin_country", "origin_country", "combo", _("Country of origin, CN or China"), "countries"),
    Column("export_country", "export_country", "combo", _("Country of export"), "countries"),
    Column("export_date", "export_date", "date", _("Day of export, 2026-11-24 or 11/24/2026")),
    Column("foreign_port", "foreign_port_of_lading", "compact", _("Foreign port of lading, five digits"), most=5),
    Column("quantity_1", "tariffs/0/quantities/0/value", "amount", _("First quantity")),
    Column("unit_1", "tariffs/0/quantities/0/unit", "combo", _("Its unit, such as NO or KG"), "units"),
    Column("quantity_2", "tariffs/0/quantities/1/value", "amount", _("Second quantity")),
    Column("unit_2", "tariffs/0/quantities/1/unit", "combo", _("Its unit"), "units"),
    Column("gross_kg", "gross_mass_kg", "amount", _("Gross weight in kilograms")),
    Column("invoice", "valuation/invoice/document", "text", _("Invoice number"), most=60),
    Column("invoice_line", "valuation/invoice/line", "text", _("Line of the invoice"), most=20),
    Column("price", "valuation/invoice/value", "amount", _("Price on the invoice")),
    Column("currency", "valuation/invoice/currency", "combo", _("Its currency, such as USD"), "currencies"),
    Column("freight", "charges/freight", "amount", _("International freight")),
    Column("insurance", "charges/insurance", "amount", _("International insurance")),
    Column("maker_mid", "manufacturer/mid", "compact", _("Manufacturer code (MID)"), most=15),
    Column("maker_name", "manufacturer/name", "text", _("Manufacturer: name")),
    Column("maker_street", f"{PLACE}/street", "text", _("Manufacturer: street and number")),
    Column("maker_city", f"{PLACE}/city", "text", _("Manufacturer: city")),
    Column("maker_state", f"{PLACE}/subdivision", "upper", _("Manufacturer: state or province"), most=9),
    Column("maker_postcode", f"{PLACE}/postcode", "upper", _("Manufacturer: postal code"), most=12),
    Column("maker_country", f"{PLACE}/country", "combo", _("Manufacturer: country"), "countries"),
    Column("program", "preference/program", "upper", _("Preference program, such as S"), most=2),
    Column("certification", "preference/certification/document", "upper", _("Mark of the paper"), most=9),
    Column("related", "related_parties", "yesno", _("Buyer and seller related: yes or no")),
    Column("case_number", "adcvd/0/case_number", "compact", _("AD/CVD case"), most=10),
    Column("case_rate", "adcvd/0/rate", "amount", _("Its rate in percent")),
)  # fmt: skip
BY_NAME = {one.name: one for one in COLUMNS}
NEEDED = ("description", "hts_number", "origin_country", "price")
EXAMPLE = {
    "description": "Cotton T-shirts, knitted, for men", "hts_number": "6109.10.00.12", "origin_country": "VN",
    "export_country": "VN", "export_date": "2026-11-02", "quantity_1": "100", "unit_1": "DOZ", "quantity_2": "240",
    "unit_2": "KG", "gross_kg": "280", "invoice": "INV-1", "invoice_line": "1", "price": "4200.00",
    "currency": "USD", "freight": "310", "insurance": "12", "related": "no",
}  # fmt: skip
