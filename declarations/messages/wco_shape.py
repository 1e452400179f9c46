"""Which elements a declaration of our profile may have: what is not listed is not read, so it is refused.

`*` marks an element that may stand several times.
"""

from typing import Any

from lxml import etree

from declarations.decoding import Fault
from declarations.messages.envelope import DEC, DS, MAX_FAULTS, path_of

Shape = dict[str, Any]

DATE: Shape = {"DateTimeString": None}
ADDRESS: Shape = {
    "CityName": None, "CountryCode": None, "CountrySubDivisionCode": None, "Line": None, "PostcodeID": None,
}  # fmt: skip
PARTY: Shape = {"Name": None, "ID": None, "Address": ADDRESS}
DOCUMENT: Shape = {"CategoryCode": None, "ID": None, "TypeCode": None}
INFORMATION: Shape = {"StatementCode": None, "StatementDescription": None, "StatementTypeCode": None}
COMMODITY: Shape = {
    "Description": None,
    "Classification*": {"ID": None, "IdentificationTypeCode": None},
    "DutyTaxFee*": {
        "AdValoremTaxBaseAmount": None, "DutyRegimeCode": None, "TaxRateNumeric": None, "TypeCode": None,
        "Payment": {"TaxAssessedAmount": None},
    },
    "GoodsMeasure": {"GrossMassMeasure": None, "TariffQuantity": None},
    "InvoiceLine": {"ItemChargeAmount": None},
}  # fmt: skip
LINE: Shape = {
    "CustomsValueAmount": None,
    "SequenceNumeric": None,
    "AdditionalDocument*": DOCUMENT,
    "AdditionalInformation*": INFORMATION,
    "Buyer": PARTY,
    "Commodity": COMMODITY,
    "Consignee": PARTY,
    "CustomsValuation": {
        "MethodCode": None,
        "ChargeDeduction*": {"ChargesTypeCode": None, "OtherChargeDeductionAmount": None},
    },
    "ExportCountry": {"ID": None},
    "Origin": {"CountryCode": None},
    "ValuationAdjustment": {"AdditionCode": None},
}
CONSIGNMENT: Shape = {
    "ArrivalTransportMeans": {"Name": None, "ID": None, "IdentificationTypeCode": None},
    "GoodsLocation": {"Name": None},
    "LoadingLocation": {"ID": None},
    "TransportEquipment*": {"SequenceNumeric": None, "ID": None, "Seal*": {"SequenceNumeric": None, "ID": None}},
}
SHIPMENT: Shape = {
    "ExitDateTime": DATE,
    "Buyer": PARTY,
    "Consignee": PARTY,
    "Consignment": CONSIGNMENT,
    "Destination": {"CountryCode": None, "RegionID": None},
    "GovernmentAgencyGoodsItem*": LINE,
    "Importer": PARTY,
    "Invoice": {"ID": None},
    "PreviousDocument*": DOCUMENT,
    "Seller": PARTY,
    "Surety": {"ID": None},
    "TradeTerms": {"ConditionCode": None, "LocationName": None},
}
DECLARATION: Shape = {
    "FunctionCode": None,
    "FunctionalReferenceID": None,
    "ID": None,
    "TypeCode": None,
    "GoodsItemQuantity": None,
    "DeclarationOfficeID": None,
    "AdditionalDocument*": DOCUMENT,
    "AdditionalInformation*": INFORMATION,
    "Amendment*": {"ChangeReasonCode": None},
    "BorderTransportMeans": {"ModeCode": None},
    "Consignment": {"Carrier": {"ID": None}},
    "CurrencyExchange": {"CurrencyTypeCode": None, "RateNumeric": None},
    "Declarant": {"ID": None, "Contact": {"Name": None}, "Communication": {"ID": None, "TypeCode": None}},
    "Exporter": PARTY,
    "GoodsShipment": SHIPMENT,
    "ObligationGuarantee*": {"AmountAmount": None, "ID": None, "ReferenceID": None, "SecurityDetailsCode": None},
    "PresentationOffice": {"ID": None},
}


def shape_faults(element: etree._Element, shape: Shape = DECLARATION) -> list[Fault]:
    """Elements that are unknown here, or repeated where one may stand."""
    faults: list[Fault] = []
    _look(element, _TAGGED if shape is DECLARATION else _tagged(shape), faults)
    return faults[:MAX_FAULTS]


def _look(element: etree._Element, shape: Shape, faults: list[Fault]) -> None:
    seen: set[str] = set()
    for child in element:
        tag = child.tag
        if tag not in shape:
            faults.append(Fault("WCO-ELEMENT", path_of(child), "This element is not part of the profile."))
        else:
            below, many = shape[tag]
            if tag in seen and not many:
                faults.append(Fault("WCO-REPEATED", path_of(child), "This element may stand only once."))
            seen.add(tag)
            if below is not None or len(child):
                _look(child, below or {}, faults)
        if len(faults) >= MAX_FAULTS:
            return


def _tagged(shape: Shape) -> Shape:
    """The shape by full tag, each with the shape below and whether it may repeat."""
    found: Shape = {}
    for name, below in shape.items():
        plain = name.rstrip("*")
        tag = f"{{{DS if plain == 'DateTimeString' else DEC}}}{plain}"
        found[tag] = (_tagged(below) if below else below, name.endswith("*"))
    return found


_TAGGED = _tagged(DECLARATION)
