"""`GovernmentAgencyGoodsItem`, one line of goods: one function for each element."""

import re
from functools import lru_cache

from declarations.assessment import ANTIDUMPING, COUNTERVAILING, DUTY, DUTY_KINDS, AssessmentLine, ItemAssessment
from declarations.document import Adjustment, Item, Valuation
from declarations.messages.text import AMOUNT, MEASURE, escape, one_line
from declarations.messages.wco_elements import COUNTRY, SHORT, amount, element, leaf, number, party, usd
from portal.money import plain_text

DESCRIPTION_LENGTH = 512
CODE, ORIGIN, UNIT, TARIFF, NUMBER = (one_line(longest) for longest in (3, 4, 5, 18, 70))
DESCRIPTION = one_line(DESCRIPTION_LENGTH)
ROLES = {"classification": "HTS", "provision": "PRV", "additional": "ADD", "replacement": "RPL", "exemption": "EXM"}
RELATED, UNRELATED = "1000", "0000"  # first digit: the parties are related
MAX_SEQUENCE = 99_999
# First members of a line that its elements, or those of the header for all lines, may say.
IN_ELEMENTS = frozenset({
    "delivered_to", "description", "documents", "export_country", "export_date", "foreign_port_of_lading",
    "gross_mass_kg", "licences", "origin_country", "preference", "related_parties", "rulings", "sequence", "sold_to",
    "valuation",
})  # fmt: skip
_PERCENT = re.compile(r"(-?[0-9]{1,9}(?:\.[0-9]{1,8})?) ?%\Z", re.ASCII)
_SPACE = re.compile(r"\s+")


def line(placed: set[str], item: Item, position: int, assessed: ItemAssessment | None) -> tuple[str, str]:
    """The line in the order of the message: what stands before its national statements, and after them."""
    value = item.valuation.entered_value if item.valuation else None
    head = (
        usd(placed, "valuation.entered_value", "CustomsValueAmount", value)
        + sequence(placed, item, position)
        + additional_documents(placed, item)
    )
    tail = (
        party(placed, "sold_to", "Buyer", item.sold_to)
        + commodity(placed, item, assessed)
        + party(placed, "delivered_to", "Consignee", item.delivered_to)
        + customs_valuation(placed, item.valuation)
        + element("ExportCountry", leaf(placed, "export_country", "ID", item.export_country, COUNTRY))
        + element("Origin", leaf(placed, "origin_country", "CountryCode", item.origin_country, ORIGIN))
        + valuation_adjustment(placed, item)
    )
    return head, tail


def sequence(placed: set[str], item: Item, position: int) -> str:
    """The number of the line; its position where it has none that the message can say."""
    given = item.sequence
    if given is None or not 1 <= given <= MAX_SEQUENCE:
        return f"<SequenceNumeric>{position}</SequenceNumeric>"
    placed.add("sequence")
    return f"<SequenceNumeric>{given}</SequenceNumeric>"


def additional_documents(placed: set[str], item: Item) -> str:
    """Certification of origin, rulings, licences, documents cited: an element each, in this order."""
    certification = item.preference.certification if item.preference else None
    proof = certification.document if certification else None
    found = [
        *([("COO", "preference.certification", None, proof)] if proof is not None else ()),
        *(("RUL", f"rulings.{index}", one.type, one.number) for index, one in enumerate(item.rulings)),
        *(("LIC", f"licences.{index}", one.type, one.number) for index, one in enumerate(item.licences)),
        *(("DOC", f"documents.{index}", None, one) for index, one in enumerate(item.documents)),
    ]
    return "".join(additional_document(placed, *one) for one in found)


def additional_document(placed: set[str], category: str, path: str, kind: str | None, said: str | None) -> str:
    """One paper; our member for its number differs by kind of paper."""
    member = {"COO": f"{path}.document", "DOC": path}.get(category, f"{path}.number")
    return (
        f"<AdditionalDocument><CategoryCode>{category}</CategoryCode>"
        + leaf(placed, member, "ID", said, NUMBER)
        + leaf(placed, f"{path}.type", "TypeCode", kind, CODE)
        + "</AdditionalDocument>"
    )


def commodity(placed: set[str], item: Item, assessed: ItemAssessment | None) -> str:
    """What the goods are, and what is owed on them."""
    program = item.preference.program if item.preference else None
    return element(
        "Commodity",
        description(placed, item.description)
        + "".join([classification(one.hts_number, one.role) for one in item.tariffs])
        + "".join([duty_tax_fee(one, program) for one in (assessed.lines if assessed else ())])
        + goods_measure(placed, item)
        + invoice_line(placed, item.valuation),
    )


def description(placed: set[str], said: str | None) -> str:
    """The description. One that does not fit one line is shown in one; its exact text is a statement."""
    exact = leaf(placed, "description", "Description", said, DESCRIPTION)
    if exact or said is None:
        return exact
    return leaf(set(), "", "Description", _SPACE.sub(" ", said).strip()[:DESCRIPTION_LENGTH].strip(), DESCRIPTION)


@lru_cache(maxsize=4096)
def classification(hts_number: str | None, role: str | None) -> str:
    """One tariff number and its role. Its value and quantities are the statement `tariff`."""
    code = ROLES.get(role or "")
    return (
        "<Classification>"
        + leaf(set(), "", "ID", hts_number, TARIFF)
        + (f"<IdentificationTypeCode>{code}</IdentificationTypeCode>" if code else "")
        + "</Classification>"
    )


def duty_tax_fee(owed: AssessmentLine, program: str | None) -> str:
    """One duty, tax or fee as declared: on what, at which rate where it is a percentage, how much."""
    regime = program if owed.kind == DUTY else None
    return (
        f"<DutyTaxFee>{_owed_on(owed.basis)}{_owed_as(regime, owed.rate, owed.kind, owed.code)}"
        f"{element('Payment', assessed_amount(owed.amount))}</DutyTaxFee>"
    )


@lru_cache(maxsize=512)
def _owed_on(basis: str | None) -> str:
    """Duties and fees of a line mostly have one basis."""
    return usd(set(), "", "AdValoremTaxBaseAmount", basis)


@lru_cache(maxsize=4096)
def _owed_as(regime: str | None, rate: str, kind: str, code: str) -> str:
    said = leaf(set(), "", "DutyRegimeCode", regime, CODE)
    return f"{said}{tax_rate(rate)}<TypeCode>{duty_type(kind, code)}</TypeCode>"


def tax_rate(said: str) -> str:
    """The rate where it is a percentage."""
    percent = _PERCENT.match(said)
    return f"<TaxRateNumeric>{plain_text(percent[1])}</TaxRateNumeric>" if percent else ""


def assessed_amount(said: str) -> str:
    """The amount with its cents, as the assessment writes it."""
    return (
        f'<TaxAssessedAmount currencyID="USD">{said}</TaxAssessedAmount>' if SHORT(said) or AMOUNT.match(said) else ""
    )


def duty_type(kind: str, code: str) -> str:
    """`DTY` for all duties, `AD`, `CVD`, else the class code of the tax or fee."""
    if kind in DUTY_KINDS:
        return "DTY"
    named = {ANTIDUMPING: "AD", COUNTERVAILING: "CVD"}.get(kind)
    return named or (escape(code) if CODE.match(code) else kind[:3].upper())


def goods_measure(placed: set[str], item: Item) -> str:
    """Gross weight, and the first reported quantity of the goods."""
    main = item.classification
    first = main.quantities[0] if main and main.quantities else None
    unit = first.unit if first and first.unit and UNIT.match(first.unit) else None
    attribute = f' unitCode="{escape(unit).replace(chr(34), "&quot;")}"' if unit else ""
    return element(
        "GoodsMeasure",
        number(placed, "gross_mass_kg", "GrossMassMeasure", item.gross_mass_kg, MEASURE, ' unitCode="KGM"')
        + number(set(), "", "TariffQuantity", first.value if first else None, MEASURE, attribute),
    )


def invoice_line(placed: set[str], valuation: Valuation | None) -> str:
    """What the invoice says for this line."""
    invoice = valuation.invoice if valuation else None
    if invoice is None:
        return ""
    path = "valuation.invoice"
    return element("InvoiceLine", amount(placed, path, "ItemChargeAmount", invoice.value, invoice.currency))


def customs_valuation(placed: set[str], valuation: Valuation | None) -> str:
    """Method of valuation; additions, then deductions, an element each."""
    if valuation is None:
        return ""
    found = [("additions", index, one) for index, one in enumerate(valuation.additions)]
    found += [("deductions", index, one) for index, one in enumerate(valuation.deductions)]
    return element(
        "CustomsValuation",
        leaf(placed, "valuation.method", "MethodCode", valuation.method, CODE)
        + "".join(charge_deduction(placed, f"valuation.{name}.{index}", one) for name, index, one in found),
    )


def charge_deduction(placed: set[str], path: str, one: Adjustment) -> str:
    """One addition or deduction."""
    return (
        "<ChargeDeduction>"
        + leaf(placed, f"{path}.code", "ChargesTypeCode", one.code, CODE)
        + amount(placed, path, "OtherChargeDeductionAmount", one.value, one.currency)
        + "</ChargeDeduction>"
    )


def valuation_adjustment(placed: set[str], item: Item) -> str:
    """Whether buyer and seller are related."""
    if item.related_parties is None:
        return ""
    placed.add("related_parties")
    code = RELATED if item.related_parties else UNRELATED
    return f"<ValuationAdjustment><AdditionCode>{code}</AdditionCode></ValuationAdjustment>"
