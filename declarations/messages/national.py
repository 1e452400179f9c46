"""The national statements: members that have no place in the WCO message, by short name.

A statement is an `AdditionalInformation` with StatementTypeCode `US`, a short name of the table
below as StatementCode, and as StatementDescription the parts of its row, in this order, between
bars. A list has one statement for each element, in its order. A part that the WCO message already
says exactly is left empty; a row left without any part is not sent, unless its list needs it.

In a part, `\\p` is a bar, `\\c` a comma, `\\q` an equals sign, `\\s` a blank that would be lost, `\\n`,
`\\r`, `\\t` and `\\\\` what they look like, `\\e` empty text, `\\-` "not given although the message had to
say something". More than 512 characters go on in statements `name+2`, `name+3`, ...
"""

from dataclasses import dataclass
from enum import Enum

PARTY = (
    "same_as", "id", "mid", "name", "address.street", "address.city", "address.subdivision", "address.postcode",
    "address.country",
)  # fmt: skip


class Rows(Enum):
    """When the rows of a list or part are sent."""

    IF_NEEDED = "only where the WCO message does not say all of it"
    IF_ANY = "whenever the list has elements; parts said elsewhere are left empty"
    TOGETHER = "only where the WCO message does not say all of it, and then with every part"
    WHOLE = "always, with every part: the authority reads these"


@dataclass(frozen=True, slots=True)
class Row:
    """One short name: where its part or list stands, its parts in order, and when it is sent.

    `many`: one statement for each element of the list at `path`. `numbered`: the row begins with
    the number of the element, and elements with nothing to say are left out.
    """

    code: str
    path: str
    parts: tuple[str, ...] = ("",)
    many: bool = False
    numbered: bool = False
    sent: Rows = Rows.IF_NEEDED

    @property
    def is_list(self) -> bool:
        """One statement for each element, in the order of the elements."""
        return self.many and not self.numbered and self.path != "measures"


def _list(code: str, path: str, *parts: str, sent: Rows = Rows.IF_NEEDED) -> Row:
    return Row(code, path, parts or ("",), many=True, sent=sent)


HEADER = (
    Row("mode", "transport.mode", sent=Rows.WHOLE),
    Row("entry_type", "entry_type", sent=Rows.WHOLE),
    Row("acts", "filing.acts", sent=Rows.WHOLE),
    Row("estimated_entry", "dates.estimated_entry", sent=Rows.WHOLE),
    Row("profile", "profile"),
    Row("schema", "schema"),
    Row("function", "function"),
    Row("release_cert", "filing.release_certification"),
    Row("live_entry", "filing.live_entry"),
    Row("e_invoice", "filing.electronic_invoice"),
    Row("rlf", "filing.remote_location_filing", ("preparer_port", "preparer_filer", "office", "exam_port")),
    Row("entry_number", "entry_number", ("filer_code", "sequence", "check_digit"), sent=Rows.TOGETHER),
    Row("contact", "contact", ("name", "phone", "email")),
    Row("declarant", "declarant_statement", ("capacity", "obtained_by")),
    Row("ports", "ports", ("entry", "unlading", "examination")),
    Row("state", "state_of_destination"),
    Row("estimated_arrival", "dates.estimated_arrival"),
    Row("import_date", "dates.import"),
    Row("date_election", "dates.entry_date_election"),
    Row("entry_time", "dates.entry_time"),
    Row("in_bond", "in_bond", ("type", "number", "accepted_date", "origin_port")),
    Row("carrier", "transport.carrier", ("code", "scheme")),
    Row("conveyance", "transport.conveyance"),
    Row("vessel_code", "transport.vessel_code"),
    Row("trip", "transport.trip"),
    _list(
        "bill", "transport.bills", "master.issuer", "master.number", "house.issuer", "house.number",
        "sub_house.issuer", "sub_house.number", "manifest_quantity.value", "manifest_quantity.unit", "split", "non_ams",
        sent=Rows.WHOLE,
    ),
    _list("equipment", "transport.equipment", "number", "seals"),
    Row("firms", "location_of_goods.firms"),
    Row("go_number", "location_of_goods.general_order_number"),
    Row("importer", "parties.importer", PARTY),
    Row("consignee", "parties.ultimate_consignee", PARTY),
    Row("notify_4811", "parties.notify_4811", PARTY),
    Row("buyer", "parties.buyer", PARTY),
    Row("seller", "parties.seller", PARTY),
    Row("ship_to", "parties.ship_to", PARTY),
    Row("exporter", "parties.exporter", PARTY),
    Row("consolidator", "parties.consolidator", PARTY),
    Row("stuffing", "parties.stuffing_location", PARTY),
    Row("isf", "isf", ("transaction_number", "status", "filed_at", "unified_with_release")),
    _list("bond", "bonds", "type", "designation", "continuous_indicator", "surety", "amount", "ebond_number"),
    Row("bond_waiver", "bond_waiver", ("indicator", "reason")),
    Row("payment", "payment", ("type", "statement_print_date", "statement_month", "client_branch", "deferred_tax")),
    Row("indicators", "indicators", ("consolidated_summary", "usage", "known_importer", "tib_declaration",
                                     "reconciliation.trade_agreement", "reconciliation.issue")),
    _list("missing_doc", "missing_documents"),
    Row("currency", "currency"),
    Row("terms", "terms", ("incoterm", "place")),
    _list("document", "documents", "id", "type", "number", "date", "dis.code", "dis.control_number", "dis.sent_at"),
    _list("reason", "correction.header_reasons"),
    Row("explanation", "correction.explanation"),
    Row("accel_liq", "correction.accelerated_liquidation"),
)  # fmt: skip

ITEM = (
    _list("tariff", "tariffs", "hts_number", "role", "value", "quantities", sent=Rows.WHOLE),
    Row("preference", "preference.program", sent=Rows.WHOLE),
    _list("adcvd", "adcvd", "case_number", "security", "rate", "rate_type", "value", "quantity", "deposit",
          sent=Rows.WHOLE),
    Row("nonreimb", "adcvd", ("non_reimbursement.statement", "non_reimbursement.id"), many=True, numbered=True),
    Row("sequence", "sequence"),
    Row("description", "description"),
    Row("origin", "origin_country"),
    Row("export_country", "export_country"),
    Row("export_date", "export_date"),
    Row("lading_port", "foreign_port_of_lading"),
    Row("pref_claim", "preference", ("basis", "certification.document", "certification.certifier",
                                     "certification.blanket_from", "certification.blanket_to", "net_cost")),
    Row("article_set", "article_set", ("role", "set")),
    Row("product_claim", "product_claim"),
    _list("measure", "measures", sent=Rows.WHOLE),
    Row("gross_mass", "gross_mass_kg"),
    Row("invoice", "valuation.invoice", ("document", "line", "value", "currency")),
    Row("method", "valuation.method"),
    _list("addition", "valuation.additions", "code", "value", "currency", sent=Rows.IF_ANY),
    _list("deduction", "valuation.deductions", "code", "value", "currency", sent=Rows.IF_ANY),
    Row("exchange", "valuation.exchange", ("rate", "rate_date", "basis")),
    Row("entered_value", "valuation.entered_value"),
    Row("charges", "charges", ("freight", "insurance", "other", "currency", "total_whole_usd")),
    Row("related", "related_parties"),
    Row("manufacturer", "manufacturer", PARTY),
    Row("sold_to", "sold_to", PARTY),
    Row("delivered_to", "delivered_to", PARTY),
    Row("foreign_exp", "foreign_exporter", PARTY),
    _list("ruling", "rulings", "type", "number"),
    _list("licence", "licences", "type", "number"),
    Row("visa", "visa"),
    _list("ir_tax", "ir_tax", "class", "basis", "rate", "amount", sent=Rows.IF_ANY),
    _list("fee", "fees", "class", "quantity", "rate", "amount", sent=Rows.IF_ANY),
    Row("fee_exemption", "fee_exemption"),
    _list("imp_decl", "importer_declarations", "type", "text", "country", sent=Rows.IF_ANY),
    Row("ftz", "ftz", ("zone_id", "status", "privileged_date", "quantity")),
    _list("pga", "pga", "agency", "program", "processing", "disclaim", "note", sent=Rows.IF_ANY),
    _list("census", "census_overrides", "warning", "override", sent=Rows.IF_ANY),
    _list("doc_ref", "documents"),
)  # fmt: skip

# Said by the message about itself or drawn from the assessment: no member of the document.
REFERENCE, VERSION, DECLARED_FEE, DECLARED_TOTAL = "reference", "version", "declared_fee", "declared_total"
ABOUT = (REFERENCE, VERSION, DECLARED_FEE, DECLARED_TOTAL)
