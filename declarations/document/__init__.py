"""The declaration as a frozen value, with the members and nesting of the public JSON.

A JSON Pointer is a path in it. Decimals and dates are text, so that what was written is what is
signed; `null` or a missing member is "not given". Every member is optional here: what must be
given is the rules' business, so that a draft is the same kind of value as a filing.
"""

from declarations.document.canonical import canonical, digest, tidy, to_plain
from declarations.document.header import (
    PARTY_ROLES,
    Bill,
    BillNumber,
    Bond,
    BondWaiver,
    Carrier,
    Contact,
    Correction,
    Dates,
    DeclarantStatement,
    DocumentReference,
    EntryNumber,
    Equipment,
    Filing,
    InBond,
    Indicators,
    Isf,
    LocationOfGoods,
    Parties,
    Payment,
    Ports,
    Reconciliation,
    RemoteLocationFiling,
    Terms,
    Transport,
)
from declarations.document.item import (
    MAX_TARIFFS,
    AdCvd,
    Adjustment,
    ArticleSet,
    CensusOverride,
    Certification,
    Charges,
    Exchange,
    Ftz,
    ImporterDeclaration,
    Invoice,
    IrTax,
    Item,
    ItemFee,
    Licence,
    NonReimbursement,
    Pga,
    Preference,
    Ruling,
    Tariff,
    Valuation,
)
from declarations.document.parts import Address, Part, Party, Quantity
from declarations.document.whole import MAX_ITEMS, Document

SCHEMA = "2026-11"

__all__ = [
    "MAX_ITEMS", "MAX_TARIFFS", "PARTY_ROLES", "SCHEMA",
    "AdCvd", "Address", "Adjustment", "ArticleSet", "Bill", "BillNumber", "Bond", "BondWaiver", "Carrier",
    "CensusOverride", "Certification", "Charges", "Contact", "Correction", "Dates", "DeclarantStatement", "Document",
    "DocumentReference", "EntryNumber", "Equipment", "Exchange", "Filing", "Ftz", "ImporterDeclaration", "InBond",
    "Indicators", "Invoice", "IrTax", "Isf", "Item", "ItemFee", "Licence", "LocationOfGoods", "NonReimbursement",
    "Part", "Parties", "Party", "Payment", "Pga", "Ports", "Preference", "Quantity", "Reconciliation",
    "RemoteLocationFiling", "Ruling", "Tariff", "Terms", "Transport", "Valuation",
    "canonical", "digest", "tidy", "to_plain",
]  # fmt: skip
