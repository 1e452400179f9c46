"""One whole declaration."""

from typing import Annotated

from msgspec import Meta

from declarations.document import header as h
from declarations.document.item import Item
from declarations.document.parts import Code, Part, Party

MAX_ITEMS = 999


class Document(Part, frozen=True):
    """One whole declaration."""

    profile: Code | None = None
    schema: Code | None = None
    entry_type: Code | None = None
    function: Code | None = None
    filing: h.Filing | None = None
    entry_number: h.EntryNumber | None = None
    functional_reference_id: Code | None = None
    contact: h.Contact | None = None
    declarant_statement: h.DeclarantStatement | None = None
    ports: h.Ports | None = None
    state_of_destination: Code | None = None
    dates: h.Dates | None = None
    in_bond: h.InBond | None = None
    transport: h.Transport | None = None
    location_of_goods: h.LocationOfGoods | None = None
    parties: h.Parties | None = None
    isf: h.Isf | None = None
    bonds: tuple[h.Bond, ...] = ()
    bond_waiver: h.BondWaiver | None = None
    payment: h.Payment | None = None
    indicators: h.Indicators | None = None
    missing_documents: tuple[Code, ...] = ()
    currency: Code | None = None
    terms: h.Terms | None = None
    items: Annotated[tuple[Item, ...], Meta(max_length=MAX_ITEMS)] = ()
    documents: tuple[h.DocumentReference, ...] = ()
    correction: h.Correction | None = None

    def party(self, role: str) -> Party | None:
        """The party in a header role, `same_as` followed."""
        return self.parties.resolve(getattr(self.parties, role)) if self.parties else None
