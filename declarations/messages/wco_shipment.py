"""`GoodsShipment`, its lines apart: one function for each element."""

from declarations.document import Bill, Document, Equipment, InBond, Party, Terms, Transport
from declarations.messages.text import letters, one_line
from declarations.messages.wco_elements import IDENTIFIER, SUBDIVISION, date_element, element, leaf, party

CODE, VESSEL, NUMBER, PLACE = (one_line(longest) for longest in (3, 35, 70, 256))
INCOTERM = letters(3)
IMO_NUMBER = "10"
LEVELS = (("master", "M"), ("house", "H"), ("sub_house", "S"))


def shipment(placed: set[str], document: Document, shared: dict[str, str], surety: str | None, lines: str) -> str:
    """The shipment around its lines, elements in the order of the message."""
    return element(
        "GoodsShipment",
        date_element(set(), "", "ExitDateTime", shared.get("export_date"))
        + role(placed, document, "buyer", "Buyer")
        + role(placed, document, "ultimate_consignee", "Consignee")
        + consignment(placed, document, shared.get("foreign_port_of_lading"))
        + destination(placed, document.state_of_destination)
        + lines
        + role(placed, document, "importer", "Importer")
        + element("Invoice", leaf(set(), "", "ID", shared.get("valuation.invoice.document"), NUMBER))
        + previous_documents(placed, document)
        + role(placed, document, "seller", "Seller")
        + element("Surety", leaf(set(), "", "ID", surety, IDENTIFIER))
        + trade_terms(placed, document.terms),
    )


def role(placed: set[str], document: Document, name: str, tag: str) -> str:
    """A party of the header. One that is the same as another is shown; what was declared is its statement."""
    declared: Party | None = getattr(document.parties, name, None)
    if declared is not None and declared.same_as is not None:
        return party(set(), "", tag, document.party(name))
    return party(placed, f"parties.{name}", tag, declared)


def consignment(placed: set[str], document: Document, lading_port: str | None) -> str:
    """How the goods arrive, where they are, where they were loaded, and in what."""
    firms = document.location_of_goods.firms if document.location_of_goods else None
    return element(
        "Consignment",
        arrival_means(placed, document.transport)
        + element("GoodsLocation", leaf(placed, "location_of_goods.firms", "Name", firms, PLACE))
        + element("LoadingLocation", leaf(set(), "", "ID", lading_port, IDENTIFIER))
        + equipment(placed, document.transport.equipment if document.transport else ()),
    )


def arrival_means(placed: set[str], transport: Transport | None) -> str:
    """The vessel or vehicle: its name, and its number where it has one."""
    if transport is None:
        return ""
    code = leaf(placed, "transport.vessel_code", "ID", transport.vessel_code, VESSEL)
    return element(
        "ArrivalTransportMeans",
        leaf(placed, "transport.conveyance", "Name", transport.conveyance, VESSEL)
        + (code and f"{code}<IdentificationTypeCode>{IMO_NUMBER}</IdentificationTypeCode>"),
    )


def equipment(placed: set[str], containers: tuple[Equipment, ...]) -> str:
    """Containers with their seals, numbered."""
    return "".join(
        f"<TransportEquipment><SequenceNumeric>{index + 1}</SequenceNumeric>"
        + leaf(placed, f"transport.equipment.{index}.number", "ID", one.number, IDENTIFIER)
        + seals(placed, f"transport.equipment.{index}.seals", one.seals)
        + "</TransportEquipment>"
        for index, one in enumerate(containers)
    )


def seals(placed: set[str], path: str, numbers: tuple[str, ...]) -> str:
    """The seals of a container; all of them, or none is said exactly."""
    said = [leaf(set(), "", "ID", one, VESSEL) for one in numbers]
    if all(said):
        placed.add(path)
    return "".join(f"<Seal><SequenceNumeric>{n}</SequenceNumeric>{one}</Seal>" for n, one in enumerate(said, 1))


def destination(placed: set[str], state: str | None) -> str:
    """The state of destination."""
    said = leaf(placed, "state_of_destination", "RegionID", state, SUBDIVISION)
    return element("Destination", said and f"<CountryCode>US</CountryCode>{said}")


def previous_documents(placed: set[str], document: Document) -> str:
    """Bills by level, then the in-bond entry. The chain of a bill as a whole is a statement."""
    bills = document.transport.bills if document.transport else ()
    return "".join(bill(one) for one in bills) + in_bond(placed, document.in_bond)


def bill(one: Bill) -> str:
    """The numbers of one chain, each with its issuer in front as carriers write them."""
    found = ((category, getattr(one, level)) for level, category in LEVELS)
    return "".join(
        f"<PreviousDocument><CategoryCode>{category}</CategoryCode>"
        + leaf(set(), "", "ID", f"{number.issuer or ''}{number.number or ''}", NUMBER)
        + "</PreviousDocument>"
        for category, number in found
        if number is not None
    )


def in_bond(placed: set[str], one: InBond | None) -> str:
    """The immediate transportation entry."""
    if one is None:
        return ""
    return (
        "<PreviousDocument><CategoryCode>I</CategoryCode>"
        + leaf(placed, "in_bond.number", "ID", one.number, NUMBER)
        + leaf(placed, "in_bond.type", "TypeCode", one.type, CODE)
        + "</PreviousDocument>"
    )


def trade_terms(placed: set[str], terms: Terms | None) -> str:
    """Incoterm and place."""
    if terms is None:
        return ""
    return element(
        "TradeTerms",
        leaf(placed, "terms.incoterm", "ConditionCode", terms.incoterm, INCOTERM)
        + leaf(placed, "terms.place", "LocationName", terms.place, PLACE),
    )
