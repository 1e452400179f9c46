"""The structure of a message: what must be there, in which order, how long and of which form.

The authority has a small table of its own; where the published schemas are at hand
(`REFERENCE_DATA/wco/schemas/declaration`) a message must also pass those. A finding here is a
400 at once; what a well-formed message says wrongly is judged later and answered with a 03.
"""

import re
import threading
from pathlib import Path

from lxml import etree

from portal.rehearsal.reading import DECLARATION, METADATA, child_of, goods_items, local, text

MOST_FINDINGS = 20
_XSD = "http://www.w3.org/2001/XMLSchema"

ORDER: dict[str, tuple[str, ...]] = {
    "MetaData": (
        *("WCODataModelVersionCode", "WCOTypeName", "ResponsibleCountryCode", "ResponsibleAgencyName"),
        *("AgencyAssignedCustomizationCode", "AgencyAssignedCustomizationVersionCode", "Declaration"),
    ),
    "Declaration": (
        *("AcceptanceDateTime", "FunctionCode", "FunctionalReferenceID", "ID", "IssueDateTime", "IssueLocationID"),
        *("TypeCode", "GoodsItemQuantity", "DeclarationOfficeID", "InvoiceAmount", "LoadingListQuantity"),
        *("TotalGrossMassMeasure", "TotalPackageQuantity", "SpecificCircumstancesCodeCode", "Authentication"),
        *("Submitter", "AdditionalDocument", "AdditionalInformation", "Agent", "Amendment", "AuthorisationHolder"),
        *("BorderTransportMeans", "Consignment", "CurrencyExchange", "Declarant", "ExitOffice", "Exporter"),
        *("GoodsShipment", "ObligationGuarantee", "PresentationOffice", "SupervisingOffice"),
    ),
    "GovernmentAgencyGoodsItem": (
        *("CustomsValueAmount", "SequenceNumeric", "StatisticalValueAmount", "TransactionNatureCode"),
        *("AdditionalDocument", "AdditionalInformation", "AEOMutualRecognitionParty", "Buyer", "Commodity"),
        *("Consignee", "Consignor", "CustomsValuation", "Destination", "DomesticDutyTaxParty", "ExportCountry"),
        *("GovernmentProcedure", "Origin", "Packaging", "PreviousDocument", "Seller", "UCR", "ValuationAdjustment"),
    ),
    "AdditionalInformation": ("StatementCode", "StatementDescription", "StatementTypeCode", "Pointer"),
    "Classification": ("ID", "IdentificationTypeCode"),
    "Origin": ("CountryCode", "RegionID", "TypeCode"),
}
FORM: dict[tuple[str, str], str] = {
    ("MetaData", "WCODataModelVersionCode"): r"3\.6",
    ("MetaData", "WCOTypeName"): r"DEC",
    ("MetaData", "ResponsibleCountryCode"): r"US",
    ("Declaration", "FunctionCode"): r"0?9|13",
    ("Declaration", "FunctionalReferenceID"): r"\S(.{0,20}\S)?",
    ("Declaration", "ID"): r"[A-Za-z0-9]{3}\d{8}",
    ("Declaration", "TypeCode"): r"\d{2}|COR|INV|GPR",
    ("Declaration", "GoodsItemQuantity"): r"\d{1,5}(\.0+)?",
    ("Declaration", "DeclarationOfficeID"): r"\d{4}",
    ("GovernmentAgencyGoodsItem", "SequenceNumeric"): r"[1-9]\d{0,4}",
    ("GovernmentAgencyGoodsItem", "CustomsValueAmount"): r"\d{1,13}(\.\d{1,3})?",
    ("Commodity", "Description"): r"(?s).{1,512}",
    ("Classification", "ID"): r".{1,18}",
    ("Classification", "IdentificationTypeCode"): r".{1,3}",
    ("Origin", "CountryCode"): r".{1,4}",
    ("Importer", "ID"): r".{1,17}",
    ("AdditionalInformation", "StatementCode"): r".{1,17}",
    ("AdditionalInformation", "StatementDescription"): r"(?s).{1,512}",
    ("AdditionalInformation", "StatementTypeCode"): r".{1,3}",
    ("Amendment", "ChangeReasonCode"): r".{1,3}",
}
ALWAYS = ("FunctionCode", "FunctionalReferenceID", "ID", "TypeCode")
ALSO: dict[str, tuple[str, ...]] = {
    "original": ("GoodsItemQuantity", "DeclarationOfficeID", "GoodsShipment"),
    "INV": ("AdditionalInformation", "Amendment"),
}
_FORMS = {place: re.compile(pattern) for place, pattern in FORM.items()}


class Structure:
    """Checks messages against the table and, where there are any, the published schemas."""

    def __init__(self, schemas: Path | None = None) -> None:
        self._lock = threading.Lock()
        present = schemas is not None and (schemas / "WCO_DEC_2_DMS.xsd").is_file()
        self._schemas = schemas if present else None
        self._compiled: dict[str, etree.XMLSchema] = {}

    @property
    def published(self) -> bool:
        """True where the published schemas are used too."""
        return self._schemas is not None

    def findings(self, root: etree._Element) -> list[str]:
        """All that is wrong with the structure; an empty list means that the message may be read."""
        found = _envelope(root)
        if found:
            return found
        found = [*_contents(root), *_places(root)][:MOST_FINDINGS]
        return found or self._by_schema(root)

    def _by_schema(self, root: etree._Element) -> list[str]:
        if self._schemas is None:
            return []
        declaration = child_of(root, "Declaration")
        cancels = declaration is not None and text(declaration, "TypeCode") == "INV"
        pair = ("CANCEL_METADATA.xsd", "CANCEL.xsd") if cancels else ("DocumentMetaData_2_DMS.xsd", "WCO_DEC_2_DMS.xsd")
        with self._lock:
            schema = self._schema(self._schemas, pair)
            if schema.validate(root):
                return []
            log = list(schema.error_log)  # type: ignore[call-overload]  # it can be iterated over; the stubs do not say so
            return [f"line {one.line}: {one.message}" for one in log][:MOST_FINDINGS]

    def _schema(self, folder: Path, pair: tuple[str, str]) -> etree.XMLSchema:
        """The two schemas as one: the envelope alone refuses every body, so a driver imports both."""
        if pair[1] not in self._compiled:
            imports = "".join(
                f'<xs:import namespace="{space}" schemaLocation="{(folder / name).resolve().as_uri()}"/>'
                for space, name in zip((METADATA, DECLARATION), pair, strict=True)
            )
            driver = etree.fromstring(f'<xs:schema xmlns:xs="{_XSD}">{imports}</xs:schema>')
            self._compiled[pair[1]] = etree.XMLSchema(driver)
        return self._compiled[pair[1]]


def _envelope(root: etree._Element) -> list[str]:
    if root.tag != f"{{{METADATA}}}MetaData":
        return [f"the root element must be MetaData in {METADATA}"]
    bodies = [child for child in root if local(child) == "Declaration"]
    if len(bodies) != 1 or bodies[0].tag != f"{{{DECLARATION}}}Declaration":
        return [f"MetaData must hold exactly one Declaration in {DECLARATION}"]
    return []


def _contents(root: etree._Element) -> list[str]:
    declaration = next(child for child in root if local(child) == "Declaration")
    kind = text(declaration, "TypeCode")
    original = text(declaration, "FunctionCode").lstrip("0") == "9"
    wanted = ALWAYS + ALSO.get("original" if original else kind, ())
    found = [f"Declaration/{name} is missing" for name in wanted if child_of(declaration, name) is None]
    if not found and original != kind.isdigit():
        found.append("TypeCode: an original carries an entry type, an additional message COR, INV or GPR")
    if not found and original and not goods_items(declaration):
        found.append("GoodsShipment/GovernmentAgencyGoodsItem is missing")
    for position, item in enumerate(goods_items(declaration), start=1):
        if child_of(item, "SequenceNumeric") is None:
            found.append(f"GovernmentAgencyGoodsItem {position}: SequenceNumeric is missing")
    return found


def _places(root: etree._Element) -> list[str]:
    found = []
    for parent in root.iter(etree.Element):
        name = local(parent)
        if name in ORDER:
            found += _order(parent, ORDER[name])
        for child in parent:
            form = _FORMS.get((name, local(child)))
            if form and not form.fullmatch((child.text or "").strip()):
                found.append(f"line {child.sourceline}: {name}/{local(child)} has a value of the wrong form or length")
    return found


def _order(parent: etree._Element, names: tuple[str, ...]) -> list[str]:
    found, last = [], 0
    for child in parent:
        name = local(child)
        if not name:
            continue
        if name not in names:
            found.append(f"line {child.sourceline}: {local(parent)}/{name} is not known")
        elif names.index(name) < last:
            found.append(f"line {child.sourceline}: {local(parent)}/{name} stands in the wrong order")
        else:
            last = names.index(name)
    return found
