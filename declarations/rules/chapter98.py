"""Chapter 98 on a line: returned goods, goods repaired or assembled abroad, temporary importation, agencies."""

from collections.abc import Iterator
from decimal import Decimal

from declarations.rules import reading
from declarations.rules.base import Case, Finding, rule
from declarations.rules.lines import Line
from portal.tariff_numbers import dotted

RETURNED = "98010010"
RETURNED_LIMIT = Decimal(2500)
RETURNED_DECLARATION = "returned_goods_declaration"
PROCESSED_ABROAD = ("98020040", "98020050", "98020080")
PROCESSING_DECLARATIONS = frozenset({"repair_declaration", "assembly_declaration"})
DIVIDED_VALUE = "9802"
TEMPORARY = "9813"
DEFENCE = "98080030"


@rule("C98-VALUE", "warning", "ACE condition 611")  # chapter 98 says in places where its value stands
def value(case: Case) -> Iterator[Finding]:
    """{number} carries a value of {value} dollars. Outside heading 9802 the value stands on the number of chapters
    1 to 97, and 0 here: check it."""
    for line in case.lines:
        for one in line.chapter98:
            given = reading.amount(one.tariff.value)
            if given and not one.number.startswith(DIVIDED_VALUE):
                yield f"{one.at}/value", {"number": dotted(one.number), "value": reading.dollars(given)}


@rule("C98-9801-DOC", "warning", "19 CFR 10.1")
def returned_goods(case: Case) -> Iterator[Finding]:
    """American goods that come back, worth more than 2,500 dollars, need the declarations of the foreign shipper
    and of the owner. List the document ({kind}) on this line."""
    for line in case.lines:
        claimed = any(one.heading == RETURNED for one in line.chapter98)
        if claimed and line.value > RETURNED_LIMIT and RETURNED_DECLARATION not in _kinds(case, line):
            yield f"{line.at}/documents", {"kind": RETURNED_DECLARATION}


@rule("C98-9802-DECL", "warning", "19 CFR 10.8, 10.24")
def processed_abroad(case: Case) -> Iterator[Finding]:
    """{number} taxes only the value that was added abroad, and needs the declaration of the one who repaired or
    assembled the goods. List that document (repair_declaration or assembly_declaration) on this line."""
    for line in case.lines:
        for one in line.chapter98:
            if one.heading in PROCESSED_ABROAD and not PROCESSING_DECLARATIONS & _kinds(case, line):
                yield f"{line.at}/documents", {"number": dotted(one.number)}
                break


@rule("C98-TIB", "error", "19 CFR 10.31; ACE condition 676")
def temporary(case: Case) -> Iterator[Finding]:
    """Entry type 23 is for goods of heading 9813, and no number of that heading stands on this line. Add the one
    that names your purpose before the number of the goods."""
    for line in case.lines if case.entry_type == "23" else ():
        if not any(one.number.startswith(TEMPORARY) for one in line.chapter98):
            yield f"{line.at}/tariffs"


@rule("C98-TIB-TYPE", "warning", "19 CFR 10.31")
def temporary_type(case: Case) -> Iterator[Finding]:
    """{number} is for temporary importation, and the entry type is {entry_type}. File type 23, or take the number
    out."""
    for line in case.lines if case.entry_type not in ("", "23") else ():
        for one in line.chapter98:
            if one.number.startswith(TEMPORARY):
                yield f"{one.at}/hts_number", {"number": dotted(one.number), "entry_type": case.entry_type}


@rule("C98-DEFENCE", "error", "ACE condition 677")
def defence(case: Case) -> Iterator[Finding]:
    """Entry type 51 puts 9808.00.30 first on every line, and it is not first here. Add it before the other numbers."""
    for line in case.lines if case.entry_type == "51" else ():
        if not line.numbers or line.numbers[0].heading != DEFENCE:
            yield f"{line.at}/tariffs"


@rule("ORG-US", "warning", "HTS 9801.00.10")
def made_here(case: Case) -> Iterator[Finding]:
    """The origin of this line is the United States. Goods that come back without being worked on are free under
    9801.00.10: add it if it fits, or check the origin."""
    for line in case.lines:
        if line.origin == "US" and not line.chapter98:
            yield f"{line.at}/origin_country"


def _kinds(case: Case, line: Line) -> set[str]:
    """Kinds of the documents that a line cites."""
    return {case.document_kinds[one] for one in line.item.documents if one in case.document_kinds}


RULES = (value, returned_goods, processed_abroad, temporary, temporary_type, defence, made_here)
