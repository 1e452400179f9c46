"""A declaration but for its lines, from the elements of the WCO message to its plain form."""

from typing import Any

from lxml import etree

from declarations.messages.national import ABOUT, HEADER, REFERENCE
from declarations.messages.reading import Reading, each, first, given, money, party, statement_of, text
from declarations.messages.statements import Statement, Unreadable, joined
from declarations.messages.text import ABSENT, unmark
from declarations.messages.wco_elements import STATEMENT_TYPE
from declarations.messages.wco_header import ADDITIONAL, AMENDMENT, ORIGINAL
from declarations.messages.wco_shipment import LEVELS

ENTRY_NUMBER = (3, 10, 11)  # where filer code, sequence and check digit end


def read_header(reading: Reading, declaration: etree._Element) -> dict[str, Any]:
    """The plain declaration without lines."""
    shipment = first(declaration, "GoodsShipment")
    consignment = first(shipment, "Consignment")
    plain = given(
        entry_type=entry_type(reading, declaration),
        functional_reference_id=text(declaration, "FunctionalReferenceID"),
        entry_number=entry_number(text(declaration, "ID")),
        contact=given(
            name=text(declaration, "Declarant/Contact/Name"), phone=text(declaration, "Declarant/Communication/ID")
        ),
        ports=given(
            entry=text(declaration, "DeclarationOfficeID"), examination=text(declaration, "PresentationOffice/ID")
        ),
        state_of_destination=state(reading, shipment),
        transport=transport(declaration, consignment),
        location_of_goods=given(firms=text(consignment, "GoodsLocation/Name")),
        parties=parties(declaration, shipment),
        bonds=bonds(reading, declaration, text(shipment, "Surety/ID")),
        terms=given(
            incoterm=text(shipment, "TradeTerms/ConditionCode"), place=text(shipment, "TradeTerms/LocationName")
        ),
        correction=given(header_reasons=[text(one, "ChangeReasonCode") for one in each(declaration, "Amendment")]),
    )
    read_previous_documents(reading, shipment, plain)
    read_documents(reading, declaration, plain)
    read_statements(reading, declaration, plain)
    return plain


def common_members(shipment: etree._Element | None, declaration: etree._Element) -> dict[str, str | None]:
    """What the header says for all lines."""
    day = text(shipment, "ExitDateTime/DateTimeString")
    return {
        "export_date": f"{day[:4]}-{day[4:6]}-{day[6:8]}" if day else None,
        "lading_port": text(shipment, "Consignment/LoadingLocation/ID"),
        "invoice": text(shipment, "Invoice/ID"),
        "rate": text(declaration, "CurrencyExchange/RateNumeric"),
    }


def entry_type(reading: Reading, declaration: etree._Element) -> str | None:
    """The entry type of an original; an amendment says it in a statement."""
    function, kind = text(declaration, "FunctionCode"), text(declaration, "TypeCode")
    if function not in (ORIGINAL, ADDITIONAL) or (function == ADDITIONAL and kind != AMENDMENT):
        reading.fault(declaration, f"The function is {ORIGINAL}, or {ADDITIONAL} with type {AMENDMENT}.")
    return None if kind == AMENDMENT else kind


def entry_number(compact: str | None) -> dict[str, Any]:
    """The three parts. A number of another make goes whole into the sequence, for the rules to refuse."""
    if compact is None:
        return {}
    filer, sequence, check = ENTRY_NUMBER
    if len(compact) != check:
        return {"sequence": compact}
    return {"filer_code": compact[:filer], "sequence": compact[filer:sequence], "check_digit": compact[sequence:]}


def state(reading: Reading, shipment: etree._Element | None) -> str | None:
    """The state of destination, which must be in the United States."""
    element = first(shipment, "Destination/CountryCode")
    if element is not None and text(shipment, "Destination/CountryCode") not in (None, "US"):
        reading.fault(element, "The destination of an import is in the United States.")
    return text(shipment, "Destination/RegionID")


def transport(declaration: etree._Element, consignment: etree._Element | None) -> dict[str, Any]:
    """How the goods cross the border."""
    return given(
        carrier=given(code=text(declaration, "Consignment/Carrier/ID")),
        conveyance=text(consignment, "ArrivalTransportMeans/Name"),
        vessel_code=text(consignment, "ArrivalTransportMeans/ID"),
        equipment=[
            given(number=text(one, "ID"), seals=[text(seal, "ID") for seal in each(one, "Seal")])
            for one in each(consignment, "TransportEquipment")
        ],
    )


def parties(declaration: etree._Element, shipment: etree._Element | None) -> dict[str, Any]:
    """The parties that have a place."""
    return given(
        importer=party(first(shipment, "Importer")),
        ultimate_consignee=party(first(shipment, "Consignee")),
        buyer=party(first(shipment, "Buyer")),
        seller=party(first(shipment, "Seller")),
        exporter=party(first(declaration, "Exporter")),
    )


def bonds(reading: Reading, declaration: etree._Element, surety: str | None) -> list[dict[str, Any]]:
    """The bonds in their order; a surety said once is that of all."""
    return [
        given(
            type=text(one, "SecurityDetailsCode"),
            designation=text(one, "ReferenceID"),
            surety=surety,
            amount=money(reading, one, "AmountAmount"),
            ebond_number=text(one, "ID"),
        )
        for one in each(declaration, "ObligationGuarantee")
    ]


def read_previous_documents(reading: Reading, shipment: etree._Element | None, plain: dict[str, Any]) -> None:
    """In-bond entry, and bills as far as their numbers tell: the statement `bill` goes before them."""
    levels = {category: level for level, category in LEVELS}
    chains: list[dict[str, Any]] = []
    for one in each(shipment, "PreviousDocument"):
        category, number = text(one, "CategoryCode") or "", text(one, "ID")
        if category == "I":
            plain["in_bond"] = given(type=text(one, "TypeCode"), number=number)
        elif category in levels:
            if not chains or category == "M" or levels[category] in chains[-1]:
                chains.append({})
            chains[-1][levels[category]] = given(number=number)
        else:
            reading.fault(one, f"There is no category of previous document {category[:10]!r}.")
    if chains:
        plain.setdefault("transport", {})["bills"] = chains


def read_documents(reading: Reading, declaration: etree._Element, plain: dict[str, Any]) -> None:
    """Missing documents, and documents cited."""
    lists: dict[str | None, list[Any]] = {"MIS": [], "DOC": []}
    for one in each(declaration, "AdditionalDocument"):
        category = text(one, "CategoryCode")
        if category not in lists:
            reading.fault(one, f"There is no category of document {(category or '')[:10]!r}.")
        elif category == "MIS":
            lists["MIS"].append(text(one, "TypeCode"))
        else:
            lists["DOC"].append(given(type=text(one, "TypeCode"), number=text(one, "ID")))
    plain |= given(missing_documents=lists["MIS"], documents=lists["DOC"])


def read_statements(reading: Reading, declaration: etree._Element, plain: dict[str, Any]) -> None:
    """National statements, the explanation of an amendment, and what the message says about itself."""
    found: list[Statement] = []
    for element in each(declaration, "AdditionalInformation"):
        kind, statement = statement_of(element)
        if kind == STATEMENT_TYPE:
            found.append(statement)
        elif kind == "AES" and "explanation" not in plain.get("correction", {}):
            plain.setdefault("correction", {})["explanation"] = statement.description
        else:
            reading.fault(element, f"There is no statement of type {kind[:10]!r} here, or it is there twice.")
    own = [one for one in found if one.code.partition("+")[0] in ABOUT]
    reading.statements(plain, HEADER, [one for one in found if one.code.partition("+")[0] not in ABOUT])
    read_reference(reading, own, plain)


def read_reference(reading: Reading, own: list[Statement], plain: dict[str, Any]) -> None:
    """The filer's own reference, where the message goes by another (a later version)."""
    try:
        for one in joined(own):
            if one.code == REFERENCE:
                plain["functional_reference_id"] = None if one.description == ABSENT else unmark(one.description)
    except (Unreadable, ValueError) as error:
        reading.fault(own[0].element, f"The statements about the message cannot be read: {error}.", "WCO-STATEMENT")
