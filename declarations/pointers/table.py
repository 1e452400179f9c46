"""The table of all members: JSON Pointer, step of the pages, words for a person, place in the WCO message.

A WCO pointer is section codes and a tag, `42A/67A/68A[2]/23A/21A[1]/145`; a number in brackets
counts within its parent as filed. `[*]` in the table marks a section in which several of our lists
follow one another (bills and in-bond, for example): its number can be read with the document only.
A member without a place in the WCO message names its national statement instead.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

STEPS = (
    "start", "parties", "shipment", "transport", "bills", "location", "bond", "payment", "lines",
    "item/{n}/goods", "item/{n}/classification", "item/{n}/origin", "item/{n}/value", "item/{n}/parties",
    "item/{n}/agencies", "statement",
)  # fmt: skip
ITEM = "42A/67A/68A[{item}]"


class Field(NamedTuple):
    """One member of the document."""

    pointer: str
    step: str
    label: str
    wco: str | None = None
    statement: str | None = None


def _us(pointer: str, step: str, label: str, statement: str) -> Field:
    return Field(pointer, step, label, None, statement)


def _party(pointer: str, step: str, who: str, section: str, tags: tuple[str, str], statement: str) -> Iterator[Field]:
    """The nine members of a party; `section` is empty where the WCO message has no such party."""
    address = {"street": ("street", "239"), "city": ("city", "241"), "subdivision": ("state or province", "244"),
               "postcode": ("postal code", "245"), "country": ("country", "242")}  # fmt: skip
    yield Field(f"{pointer}/same_as", step, f"{who}: same as", None, statement)
    yield Field(f"{pointer}/id", step, f"{who}: number", f"{section}/{tags[0]}" if section else None, statement)
    yield Field(f"{pointer}/mid", step, f"{who}: manufacturer identification (MID)", None, statement)
    yield Field(f"{pointer}/name", step, f"{who}: name", f"{section}/{tags[1]}" if section else None, statement)
    for name, (words, tag) in address.items():
        wco = f"{section}/04A/{tag}" if section else None
        yield Field(f"{pointer}/address/{name}", step, f"{who}: {words}", wco, statement)


_START = (
    _us("/profile", "start", "Country profile", "profile"),
    _us("/schema", "start", "Edition of the form", "schema"),
    Field("/entry_type", "start", "Entry type", "42A/D013", "entry_type"),
    _us("/function", "start", "Purpose of this message", "function"),
    _us("/filing/acts/{act}", "start", "What is filed", "acts"),
    _us("/filing/release_certification", "start", "Release asked for with the summary", "release_cert"),
    _us("/filing/live_entry", "start", "Live entry", "live_entry"),
    _us("/filing/electronic_invoice", "start", "Invoice sent electronically", "e_invoice"),
    _us("/filing/remote_location_filing/preparer_port", "start", "Remote filing: port of the preparer", "rlf"),
    _us("/filing/remote_location_filing/preparer_filer", "start", "Remote filing: filer code of the preparer", "rlf"),
    _us("/filing/remote_location_filing/office", "start", "Remote filing: office", "rlf"),
    _us("/filing/remote_location_filing/exam_port", "start", "Remote filing: port of examination", "rlf"),
    Field("/entry_number/filer_code", "start", "Entry number: filer code", "42A/D014"),
    Field("/entry_number/sequence", "start", "Entry number: sequence", "42A/D014"),
    Field("/entry_number/check_digit", "start", "Entry number: check digit", "42A/D014"),
    Field("/functional_reference_id", "start", "Your reference", "42A/D026"),
    _us("/indicators/consolidated_summary", "start", "Consolidated summary", "indicators"),
    _us("/indicators/usage", "start", "Usage", "indicators"),
    _us("/indicators/known_importer", "start", "Known importer", "indicators"),
    _us("/indicators/tib_declaration", "start", "Temporary importation under bond", "indicators"),
    _us("/indicators/reconciliation/trade_agreement", "start", "Reconciliation: trade agreement", "indicators"),
    _us("/indicators/reconciliation/issue", "start", "Reconciliation: issue", "indicators"),
    Field("/correction/header_reasons/{reason}", "start", "Reason for the correction", "42A/06A[{reason}]/099"),
    _us("/correction/explanation", "start", "Explanation of the correction", "explanation"),
    _us("/correction/accelerated_liquidation", "start", "Accelerated liquidation", "accel_liq"),
)
_PEOPLE = (
    Field("/contact/name", "parties", "Contact: name", "42A/57B/34A/246"),
    Field("/contact/phone", "parties", "Contact: telephone", "42A/57B/25A/240"),
    _us("/contact/email", "parties", "Contact: e-mail", "contact"),
    *_party("/parties/importer", "parties", "Importer of record", "42A/67A/74A", ("R038", "R037"), "importer"),
    *_party("/parties/ultimate_consignee", "parties", "Ultimate consignee", "42A/67A/27A", ("R015", "R014"),
            "consignee"),
    *_party("/parties/notify_4811", "parties", "Notify party (CBP Form 4811)", "", ("", ""), "notify_4811"),
    *_party("/parties/buyer", "parties", "Buyer", "42A/67A/16A", ("R010", "R009"), "buyer"),
    *_party("/parties/seller", "parties", "Seller", "42A/67A/09B", ("R051", "R050"), "seller"),
    *_party("/parties/ship_to", "parties", "Ship-to party", "", ("", ""), "ship_to"),
    *_party("/parties/exporter", "parties", "Exporter", "42A/57A", ("R032", "R031"), "exporter"),
    *_party("/parties/consolidator", "parties", "Consolidator", "", ("", ""), "consolidator"),
    *_party("/parties/stuffing_location", "parties", "Place of stuffing", "", ("", ""), "stuffing"),
)  # fmt: skip
_SHIPMENT = (
    Field("/ports/entry", "shipment", "Port of entry", "42A/065"),
    _us("/ports/unlading", "shipment", "Port of unlading", "ports"),
    Field("/ports/examination", "shipment", "Port of examination", "42A/15C/G015"),
    Field("/state_of_destination", "shipment", "State of destination", "42A/67A/99B/477"),
    _us("/dates/estimated_arrival", "shipment", "Estimated date of arrival", "estimated_arrival"),
    _us("/dates/import", "shipment", "Date of importation", "import_date"),
    _us("/dates/estimated_entry", "shipment", "Estimated date of entry", "estimated_entry"),
    _us("/dates/entry_date_election", "shipment", "Entry date elected", "date_election"),
    _us("/dates/entry_time", "shipment", "Time of entry, Eastern", "entry_time"),
    _us("/isf/transaction_number", "shipment", "Importer security filing: number", "isf"),
    _us("/isf/status", "shipment", "Importer security filing: status", "isf"),
    _us("/isf/filed_at", "shipment", "Importer security filing: filed at", "isf"),
    _us("/isf/unified_with_release", "shipment", "Importer security filing: in one with the entry", "isf"),
    Field("/missing_documents/{missing}", "shipment", "Missing document", "42A/02A[*]/D006"),
    _us("/currency", "shipment", "Currency of the declaration", "currency"),
    Field("/terms/incoterm", "shipment", "Incoterm", "42A/67A/22B/090"),
    Field("/terms/place", "shipment", "Place of the Incoterm", "42A/67A/22B/L001"),
    _us("/documents/{document}/id", "shipment", "Document: our mark", "document"),
    Field("/documents/{document}/type", "shipment", "Document: kind", "42A/02A[*]/D006"),
    Field("/documents/{document}/number", "shipment", "Document: number", "42A/02A[*]/D005"),
    _us("/documents/{document}/date", "shipment", "Document: date", "document"),
    _us("/documents/{document}/dis/code", "shipment", "Document: image system code", "document"),
    _us("/documents/{document}/dis/control_number", "shipment", "Document: image system number", "document"),
    _us("/documents/{document}/dis/sent_at", "shipment", "Document: sent to the image system at", "document"),
)
_TRANSPORT = (
    Field("/transport/mode", "transport", "Mode of transport", "42A/15A/T022", "mode"),
    Field("/transport/carrier/code", "transport", "Carrier", "42A/28A/18A/R012"),
    _us("/transport/carrier/scheme", "transport", "Carrier: code list", "carrier"),
    Field("/transport/conveyance", "transport", "Vessel or conveyance", "42A/67A/28A/10A/T001"),
    Field("/transport/vessel_code", "transport", "Vessel code", "42A/67A/28A/10A/T002"),
    _us("/transport/trip", "transport", "Voyage, flight or trip", "trip"),
    Field("/transport/equipment/{equipment}/number", "transport", "Container", "42A/67A/28A/31B[{equipment}]/159"),
    Field("/transport/equipment/{equipment}/seals/{seal}", "transport", "Seal",
          "42A/67A/28A/31B[{equipment}]/44B[{seal}]/165"),
    *(
        Field(f"/transport/bills/{{bill}}/{level}/{member}", "bills", f"{words}: {what}", "42A/67A/99A[*]/D018", "bill")
        for level, words in (("master", "Master bill"), ("house", "House bill"), ("sub_house", "Sub-house bill"))
        for member, what in (("number", "number"), ("issuer", "issuer"))
    ),
    _us("/transport/bills/{bill}/manifest_quantity/value", "bills", "Quantity on the manifest", "bill"),
    _us("/transport/bills/{bill}/manifest_quantity/unit", "bills", "Unit of the quantity on the manifest", "bill"),
    _us("/transport/bills/{bill}/split", "bills", "Split shipment", "bill"),
    _us("/transport/bills/{bill}/non_ams", "bills", "Bill not on an automated manifest", "bill"),
    Field("/in_bond/type", "bills", "In-bond entry: type", "42A/67A/99A[*]/D019"),
    Field("/in_bond/number", "bills", "In-bond entry: number", "42A/67A/99A[*]/D018"),
    _us("/in_bond/accepted_date", "bills", "In-bond entry: date of acceptance", "in_bond"),
    _us("/in_bond/origin_port", "bills", "In-bond entry: port of origin", "in_bond"),
    Field("/location_of_goods/firms", "location", "Place of the goods (FIRMS)", "42A/67A/28A/64A/L016"),
    _us("/location_of_goods/general_order_number", "location", "General order number", "go_number"),
)  # fmt: skip
_MONEY = (
    Field("/bonds/{bond}/type", "bond", "Bond type", "42A/90A[{bond}]/101"),
    Field("/bonds/{bond}/designation", "bond", "Bond designation", "42A/90A[{bond}]/100"),
    _us("/bonds/{bond}/continuous_indicator", "bond", "Continuous bond indicator", "bond"),
    Field("/bonds/{bond}/surety", "bond", "Surety", "42A/67A/19B/R055"),
    Field("/bonds/{bond}/amount", "bond", "Bond amount", "42A/90A[{bond}]/492"),
    Field("/bonds/{bond}/ebond_number", "bond", "Electronic bond number", "42A/90A[{bond}]/D014"),
    _us("/bond_waiver/indicator", "bond", "Bond waiver", "bond_waiver"),
    _us("/bond_waiver/reason", "bond", "Reason for the bond waiver", "bond_waiver"),
    _us("/payment/type", "payment", "Kind of payment", "payment"),
    _us("/payment/statement_print_date", "payment", "Date of the statement", "payment"),
    _us("/payment/statement_month", "payment", "Month of the statement", "payment"),
    _us("/payment/client_branch", "payment", "Client branch", "payment"),
    _us("/payment/deferred_tax", "payment", "Deferred tax", "payment"),
    _us("/declarant_statement/capacity", "statement", "Statement: you sign as", "declarant"),
    _us("/declarant_statement/obtained_by", "statement", "Statement: the goods were obtained by", "declarant"),
)


def _line(member: str, page: str, label: str, wco: str | None = None, statement: str | None = None) -> Field:
    """A member of a line; a WCO path that begins with `/` lies below the line."""
    place = f"{ITEM}{wco}" if wco and wco.startswith("/") else wco
    return Field(f"/items/{{item}}/{member}", f"item/{page}", label, place, statement)


_GOODS = (
    _line("sequence", "goods", "Line number", "/006"),
    _line("description", "goods", "Description of the goods", "/23A/137"),
    _line("gross_mass_kg", "goods", "Gross weight in kilograms", "/23A/65A/126"),
    _line("article_set/role", "goods", "Set: header or component", statement="article_set"),
    _line("article_set/set", "goods", "Set: mark", statement="article_set"),
    _line("product_claim", "goods", "Product claim", statement="product_claim"),
    _line("documents/{document}", "goods", "Document cited on the line", "/02A[*]/D005"),
    _line("tariffs/{tariff}/hts_number", "classification", "Tariff number", "/23A/21A[{tariff}]/145", "tariff"),
    _line("tariffs/{tariff}/role", "classification", "Role of the tariff number", "/23A/21A[{tariff}]/337", "tariff"),
    _line("tariffs/{tariff}/value", "classification", "Value of the tariff number", statement="tariff"),
    _line("tariffs/{tariff}/quantities/{quantity}/value", "classification", "Quantity", statement="tariff"),
    _line("tariffs/{tariff}/quantities/{quantity}/unit", "classification", "Unit of quantity", statement="tariff"),
    _line("measures/{measure}", "classification", "Measure for the duty", statement="measure"),
    _line("rulings/{ruling}/type", "classification", "Ruling: type", "/02A[*]/D006"),
    _line("rulings/{ruling}/number", "classification", "Ruling: number", "/02A[*]/D005"),
    *(
        _line(f"adcvd/{{case}}/{member}", "classification", f"AD/CVD case: {words}", statement="adcvd")
        for member, words in (
            ("case_number", "number"), ("security", "cash or bond"), ("rate", "rate"), ("rate_type", "kind of rate"),
            ("value", "value"), ("quantity", "quantity"), ("deposit", "deposit"),
        )
    ),
    _line("adcvd/{case}/non_reimbursement/statement", "classification", "AD/CVD case: no reimbursement",
          statement="nonreimb"),
    _line("adcvd/{case}/non_reimbursement/id", "classification", "AD/CVD case: statement number", statement="nonreimb"),
    _line("origin_country", "origin", "Country of origin", "/92A/063"),
    _line("export_country", "origin", "Country of export", "/95B/062"),
    _line("export_date", "origin", "Date of export", "42A/67A/024"),
    _line("foreign_port_of_lading", "origin", "Foreign port of lading", "42A/67A/28A/83A/L010"),
    _line("preference/program", "origin", "Preference program", statement="preference"),
    _line("preference/basis", "origin", "Preference: basis of the claim", statement="pref_claim"),
    _line("preference/certification/document", "origin", "Certification of origin: document", "/02A[*]/D005"),
    _line("preference/certification/certifier", "origin", "Certification of origin: certifier", statement="pref_claim"),
    _line("preference/certification/blanket_from", "origin", "Certification of origin: from", statement="pref_claim"),
    _line("preference/certification/blanket_to", "origin", "Certification of origin: to", statement="pref_claim"),
    _line("preference/net_cost", "origin", "Preference: net cost method", statement="pref_claim"),
)  # fmt: skip
_VALUE = (
    _line("valuation/invoice/document", "value", "Invoice: number", "42A/67A/78A/D016"),
    _line("valuation/invoice/line", "value", "Invoice: line", statement="invoice"),
    _line("valuation/invoice/value", "value", "Invoice: value", "/23A/79A/112"),
    _line("valuation/invoice/currency", "value", "Invoice: currency", "/23A/79A/112"),
    _line("valuation/method", "value", "Method of valuation", "/41A/122"),
    *(
        _line(f"valuation/{kind}s/{{{kind}}}/{member}", "value", f"{kind.capitalize()}: {words}", f"/41A/58B[*]/{tag}",
              kind)
        for kind in ("addition", "deduction")
        for member, words, tag in (("value", "amount", "181"), ("code", "kind", "371"), ("currency", "currency", "181"))
    ),
    _line("valuation/exchange/rate", "value", "Rate of exchange", "42A/40A/118"),
    _line("valuation/exchange/rate_date", "value", "Day of the rate of exchange", statement="exchange"),
    _line("valuation/exchange/basis", "value", "Kind of the rate of exchange", statement="exchange"),
    _line("valuation/entered_value", "value", "Entered value in whole dollars", "/108"),
    _line("charges/freight", "value", "International freight", statement="charges"),
    _line("charges/insurance", "value", "International insurance", statement="charges"),
    _line("charges/other", "value", "Other charges", statement="charges"),
    _line("charges/currency", "value", "Currency of the charges", statement="charges"),
    _line("charges/total_whole_usd", "value", "Charges in whole dollars", statement="charges"),
    _line("related_parties", "value", "Buyer and seller are related", "/39B/188"),
    *(
        _line(f"{name}/{{{name}}}/{member}", "value", f"{words}: {member}", statement=code)
        for name, code, words, members in (
            ("ir_tax", "ir_tax", "Internal revenue tax", ("class", "basis", "rate", "amount")),
            ("fees", "fee", "Fee", ("class", "quantity", "rate", "amount")),
        )
        for member in members
    ),
    _line("fee_exemption", "value", "Exemption from fees", statement="fee_exemption"),
)  # fmt: skip
_OTHERS = (
    *_party("/items/{item}/manufacturer", "item/parties", "Manufacturer", "", ("", ""), "manufacturer"),
    *_party("/items/{item}/sold_to", "item/parties", "Sold to", f"{ITEM}/16A", ("R010", "R009"), "sold_to"),
    *_party("/items/{item}/delivered_to", "item/parties", "Delivered to", f"{ITEM}/27A", ("R015", "R014"),
            "delivered_to"),
    *_party("/items/{item}/foreign_exporter", "item/parties", "Foreign exporter", "", ("", ""), "foreign_exp"),
    _line("licences/{licence}/type", "agencies", "Licence: type", "/02A[*]/D006"),
    _line("licences/{licence}/number", "agencies", "Licence: number", "/02A[*]/D005"),
    _line("visa", "agencies", "Visa", statement="visa"),
    *(
        _line(f"{path}/{member}", "agencies", f"{words}: {member.replace('_', ' ')}", statement=code)
        for path, code, words, members in (
            ("importer_declarations/{declaration}", "imp_decl", "Importer's declaration", ("type", "text", "country")),
            ("ftz", "ftz", "Foreign-trade zone", ("zone_id", "status", "privileged_date", "quantity")),
            ("pga/{agency}", "pga", "Partner agency", ("agency", "program", "processing", "disclaim", "note")),
            ("census_overrides/{override}", "census", "Census warning", ("warning", "override")),
        )
        for member in members
    ),
)  # fmt: skip
FIELDS: tuple[Field, ...] = (*_START, *_PEOPLE, *_SHIPMENT, *_TRANSPORT, *_MONEY, *_GOODS, *_VALUE, *_OTHERS)

GROUPS = {
    "": "The declaration", "/items": "Lines of goods", "/items/#": "Line of goods", "/parties": "Parties",
    "/items/#/tariffs": "Tariff numbers", "/items/#/tariffs/#": "Tariff number", "/items/#/valuation": "Value",
    "/items/#/preference": "Preference claim", "/items/#/measures": "Measures for the duty",
    "/transport": "Transport", "/transport/bills": "Bills", "/transport/bills/#": "Bill",
    "/transport/equipment": "Containers", "/transport/equipment/#": "Container", "/bonds": "Bonds", "/bonds/#": "Bond",
    "/documents": "Documents", "/filing": "What is filed", "/filing/acts": "What is filed",
}  # fmt: skip

_NAMED = re.compile(r"\{\w+\}")
_INDEX = re.compile(r"/[0-9]+(?=/|\Z)")


def shape(pointer: str) -> str:
    """The pointer with `#` for each number: the same for all members of a list."""
    head, measures, _ = pointer.partition("/measures/")
    return _INDEX.sub("/#", _NAMED.sub("#", head)) + (f"{measures}#" if measures else "")


BY_SHAPE = {shape(one.pointer): one for one in FIELDS}


def find_field(pointer: str) -> Field | None:
    """The field of a JSON Pointer to a member."""
    return BY_SHAPE.get(shape(pointer))
