"""One line of goods, from `GovernmentAgencyGoodsItem` to its plain form."""

from typing import Any

from lxml import etree

from declarations.messages.national import ITEM
from declarations.messages.reading import Reading, each, first, given, money, party, statement_of, text
from declarations.messages.wco_elements import STATEMENT_TYPE
from declarations.messages.wco_item import RELATED, ROLES, UNRELATED

ROLE_OF = {code: role for role, code in ROLES.items()}


def read_line(reading: Reading, line: etree._Element, common: dict[str, str | None]) -> dict[str, Any]:
    """The plain line; `common` is what the header says for all lines."""
    goods = first(line, "Commodity")
    plain = given(
        sequence=sequence(reading, line),
        description=text(goods, "Description"),
        origin_country=text(line, "Origin/CountryCode"),
        export_country=text(line, "ExportCountry/ID"),
        export_date=common["export_date"],
        foreign_port_of_lading=common["lading_port"],
        tariffs=[tariff(reading, one) for one in each(goods, "Classification")],
        gross_mass_kg=gross_mass(reading, goods),
        valuation=valuation(reading, line, common),
        related_parties=related(reading, line),
        sold_to=party(first(line, "Buyer")),
        delivered_to=party(first(line, "Consignee")),
        preference=given(program=next((found for one in each(goods, "DutyTaxFee") if (found := regime(one))), None)),
    )
    read_documents(reading, line, plain)
    statements = []
    for element in each(line, "AdditionalInformation"):
        kind, statement = statement_of(element)
        if kind == STATEMENT_TYPE:
            statements.append(statement)
        else:
            reading.fault(element, f"A line has statements of type {STATEMENT_TYPE} only.")
    share_adjustments(reading, line, plain, [one.code for one in statements])
    reading.statements(plain, ITEM, statements)
    return plain


def sequence(reading: Reading, line: etree._Element) -> int | None:
    """The number of the line."""
    said = text(line, "SequenceNumeric")
    if said is not None and not (said.isascii() and said.isdecimal() and len(said) <= 5):
        reading.fault(line, "The number of the line is at most five digits.")
        return None
    return None if said is None else int(said)


def regime(duty: etree._Element) -> str | None:
    """The preference program that a declared duty names."""
    return text(duty, "DutyRegimeCode")


def tariff(reading: Reading, element: etree._Element) -> dict[str, Any]:
    """A tariff number and its role; the statement `tariff` goes before it."""
    code = text(element, "IdentificationTypeCode")
    if code is not None and code not in ROLE_OF:
        reading.fault(element, f"There is no kind of tariff number {code[:10]!r}.")
    return given(hts_number=text(element, "ID"), role=ROLE_OF.get(code or ""))


def gross_mass(reading: Reading, goods: etree._Element | None) -> str | None:
    """Gross weight, which must be in kilograms."""
    found = first(goods, "GoodsMeasure/GrossMassMeasure")
    if found is not None and found.get("unitCode") not in (None, "KGM"):
        reading.fault(found, "The gross weight must be in kilograms (KGM).")
    return text(goods, "GoodsMeasure/GrossMassMeasure")


def valuation(reading: Reading, line: etree._Element, common: dict[str, str | None]) -> dict[str, Any]:
    """Invoice, method, adjustments in one list for now, and the entered value."""
    path = "Commodity/InvoiceLine/ItemChargeAmount"
    charged = first(line, path)
    return given(
        invoice=given(
            document=common["invoice"],
            value=text(line, path),
            currency=None if charged is None else charged.get("currencyID"),
        ),
        method=text(line, "CustomsValuation/MethodCode"),
        additions=[adjustment(one) for one in each(line, "CustomsValuation/ChargeDeduction")],
        exchange=given(rate=common["rate"]),
        entered_value=money(reading, line, "CustomsValueAmount"),
    )


def adjustment(element: etree._Element) -> dict[str, Any]:
    """One addition or deduction."""
    amount = first(element, "OtherChargeDeductionAmount")
    return given(
        code=text(element, "ChargesTypeCode"),
        value=text(element, "OtherChargeDeductionAmount"),
        currency=None if amount is None else amount.get("currencyID"),
    )


def share_adjustments(reading: Reading, line: etree._Element, plain: dict[str, Any], codes: list[str]) -> None:
    """The message has one list of additions and deductions; our statements tell how many there are of each."""
    found = plain.get("valuation", {}).get("additions", [])
    additions, deductions = codes.count("addition"), codes.count("deduction")
    if len(found) != additions + deductions:
        reading.fault(line, "Each addition and deduction needs its statement: the element does not say which it is.")
        return
    if found:
        plain["valuation"] |= {"additions": found[:additions], "deductions": found[additions:]}


def related(reading: Reading, line: etree._Element) -> bool | None:
    """Whether buyer and seller are related."""
    code = text(line, "ValuationAdjustment/AdditionCode")
    if code not in (None, RELATED, UNRELATED):
        reading.fault(line, f"The valuation indicator is {RELATED} or {UNRELATED}.")
    return None if code is None else code == RELATED


def read_documents(reading: Reading, line: etree._Element, plain: dict[str, Any]) -> None:
    """Papers by category, each kind in its own order."""
    lists: dict[str, list[Any]] = {"RUL": [], "LIC": [], "DOC": []}
    for element in each(line, "AdditionalDocument"):
        category, number = text(element, "CategoryCode"), text(element, "ID")
        if category == "COO":
            plain.setdefault("preference", {})["certification"] = given(document=number)
        elif category == "DOC":
            lists["DOC"].append(number)
        elif category in lists:
            lists[category].append(given(type=text(element, "TypeCode"), number=number))
        else:
            reading.fault(element, f"There is no category of paper {(category or '')[:10]!r} on a line.")
    plain |= given(rulings=lists["RUL"], licences=lists["LIC"], documents=lists["DOC"])
