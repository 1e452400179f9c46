"""Lines of goods: their numbering, description, weight, charges, sets and zone status."""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from declarations.document import MAX_ITEMS, Item
from declarations.rules import reading
from declarations.rules.base import Case, Finding, rule

ROOM_FOR_DESCRIPTION = 70
SET_ROLES = ("header", "component")
FEE_EXEMPTIONS = ("1", "2")
ZONE_STATUSES = ("P", "N", "D")
PRIVILEGED = "P"
CHARGED = reading.VESSEL | reading.AIR

# Words that say nothing about goods by themselves.
VAGUE = frozenset(
    {
        "accessories", "apparel", "articles", "cargo", "clothing", "electronics", "equipment", "freight",
        "gifts", "goods", "items", "machinery", "materials", "merchandise", "miscellaneous", "parts",
        "products", "sample", "samples", "stuff", "supplies", "things", "tools", "various",
    }
)  # fmt: skip
CHARGES = ("freight", "insurance", "other", "total_whole_usd")
_WORD = re.compile(r"[^\W\d_]+")


@rule("ITEM-NONE", "error", "CATAIR AE record 40; ACE condition 400")
def no_lines(case: Case) -> Iterator[Finding]:
    """The declaration has no line of goods. Add at least one."""
    if not case.document.items:
        yield "/items"


@rule("ITEM-MANY", "error", "CATAIR AE record 40")
def too_many_lines(case: Case) -> Iterator[Finding]:
    """There are {count} lines, and one declaration holds {most}. Put the rest into another one, or add up lines
    that are alike."""
    if len(case.document.items) > MAX_ITEMS:
        yield f"/items/{MAX_ITEMS}", {"count": str(len(case.document.items)), "most": str(MAX_ITEMS)}


@rule("ITEM-SEQ", "error", "CATAIR AE record 40, positions 5-7; ACE condition 402")
def line_number(case: Case) -> Iterator[Finding]:
    """This line has no number between 1 and {most}. Number the lines 1, 2, 3 and so on."""
    for line in case.lines:
        if line.item.sequence is None or not 1 <= line.item.sequence <= MAX_ITEMS:
            yield f"{line.at}/sequence", {"most": str(MAX_ITEMS)}


@rule("ITEM-SEQ-DUP", "error", "CATAIR AE record 40, positions 5-7")
def line_number_twice(case: Case) -> Iterator[Finding]:
    """Two lines have the number {number}, so customs cannot tell which one an answer is about. Give each its own."""
    lines = Counter(line.item.sequence for line in case.lines)
    for line in case.lines:
        number = line.item.sequence
        if number is not None and lines[number] > 1:
            yield f"{line.at}/sequence", {"number": str(number)}


@rule("ITEM-SEQ-GAP", "warning", "CBP Form 7501, block 31")
def line_number_gap(case: Case) -> Iterator[Finding]:
    """This line has the number {number}, and {expected} comes next. Number the lines in their order, without gaps."""
    expected = 1
    for line in case.lines:
        number = line.item.sequence
        if number is not None and number > 0 and number != expected:
            yield f"{line.at}/sequence", {"number": str(number), "expected": str(expected)}
        expected = (number if number is not None and number > 0 else expected) + 1


@rule("ITEM-DESC", "error", "19 CFR 141.86; CATAIR AE record 44")
def description(case: Case) -> Iterator[Finding]:
    """This line does not say what the goods are. Describe them in plain words, as the invoice does."""
    for line in case.lines:
        if not (line.item.description or "").strip():
            yield f"{line.at}/description"


@rule("ITEM-DESC-VAGUE", "warning", "19 CFR 141.86")
def vague_description(case: Case) -> Iterator[Finding]:
    """{description} does not tell what the goods are. Say what each thing is, of what it is made and what it is
    for, so that its tariff number can be checked."""
    for line in case.lines:
        text = line.item.description or ""
        if len(text) < 60:
            words = _WORD.finditer(text.lower())
            if text.strip() and all(len(word[0]) < 4 or word[0] in VAGUE for word in words):
                yield f"{line.at}/description", {"description": text.strip()}


@rule("ITEM-DESC-LONG", "information", "CATAIR cargo release, record SE40, positions 11-80")
def long_description(case: Case) -> Iterator[Finding]:
    """The release has room for {room} characters of the description, and this one has {length}. Put what matters
    most first."""
    for line in case.lines if case.files_release else ():
        length = len(line.item.description or "")
        if length > ROOM_FOR_DESCRIPTION:
            yield f"{line.at}/description", {"length": str(length), "room": str(ROOM_FOR_DESCRIPTION)}


@rule("ITEM-WEIGHT", "warning", "CBP Form 7501, block 34; ACE condition 421")
def gross_weight(case: Case) -> Iterator[Finding]:
    """The gross weight of this line is missing, and would be sent as zero. Give it in kilograms, packing included."""
    for line in case.lines if case.files_summary else ():
        if line.item.gross_mass_kg is None:
            yield f"{line.at}/gross_mass_kg"


@rule("ITEM-WEIGHT-NET", "warning", "CBP Form 7501, blocks 34 and 35")
def net_above_gross(case: Case) -> Iterator[Finding]:
    """The net weight, {net} kg, is above the gross weight, {gross} kg. Correct one of the two."""
    for line in case.lines:
        gross = reading.amount(line.item.gross_mass_kg)
        if gross is None or line.main is None:
            continue
        for place, quantity in enumerate(line.main.tariff.quantities):
            net = reading.amount(quantity.value) if quantity.unit == "KG" else None
            if net is not None and net > gross:
                params = {"net": f"{net:,f}", "gross": f"{gross:,f}"}
                yield f"{line.main.at}/quantities/{place}/value", params


@rule("ITEM-NEGATIVE", "error", "CATAIR AE records 40 and 50; ACE conditions 424, 437, 440")
def negative(case: Case) -> Iterator[Finding]:
    """{amount} cannot be declared: weights, charges, values and quantities are zero or more. Write the amount
    without the minus sign, and deductions under deductions."""
    for line in case.lines:
        for at, written in _signed(line.item):
            if reading.amount(written) != 0:
                yield f"{line.at}/{at}", {"amount": written}


@rule("ITEM-CHARGES", "warning", "CBP Form 7501, block 36; ACE condition 664")
def charges(case: Case) -> Iterator[Finding]:
    """The charges of this line are missing. Give what freight and insurance from the foreign port to the United
    States cost, in whole dollars, even where it is zero."""
    for line in case.lines if case.files_summary and case.mode in CHARGED else ():
        if line.item.charges is None or line.item.charges.total_whole_usd is None:
            yield f"{line.at}/charges/total_whole_usd"


@rule("ITEM-CHARGES-WHOLE", "error", "CATAIR AE record 40, positions 27-36; ACE condition 424")
def whole_charges(case: Case) -> Iterator[Finding]:
    """Charges are declared in whole US dollars, and this says {amount}. Round it: half a dollar goes up."""
    for line in case.lines:
        written = line.item.charges.total_whole_usd if line.item.charges else None
        found = reading.amount(written)
        if written and found is not None and not reading.is_whole(found):
            yield f"{line.at}/charges/total_whole_usd", {"amount": written}


@rule("ITEM-CHARGES-SUM", "warning", "CBP Form 7501, block 36")
def charges_sum(case: Case) -> Iterator[Finding]:
    """Freight, insurance and other charges come to {sum} dollars, and the total says {total}. Correct one of them."""
    for line in case.lines:
        found = line.item.charges
        total = reading.amount(found.total_whole_usd) if found else None
        if found is None or total is None or (found.currency or case.document.currency) != "USD":
            continue
        parts = (found.freight, found.insurance, found.other)
        known = [part for one in parts if (part := reading.amount(one)) is not None]
        if known and abs(sum(known, Decimal(0)) - total) > 1:
            yield (
                f"{line.at}/charges/total_whole_usd",
                {"sum": reading.dollars(sum(known, Decimal(0))), "total": reading.dollars(total)},
            )


@rule("ITEM-FEE-EXEMPT", "error", "CATAIR AE record 40, position 58; ACE condition 423")
def fee_exemption(case: Case) -> Iterator[Finding]:
    """{code} is not a fee exemption. Use 1 or 2, or leave it out."""
    for line in case.lines:
        if line.item.fee_exemption not in (None, *FEE_EXEMPTIONS):
            yield f"{line.at}/fee_exemption", {"code": line.item.fee_exemption or ""}


@rule("CLS-SET", "error", "CATAIR AE record 40, position 8; ACE conditions 403 to 406")
def article_set(case: Case) -> Iterator[Finding]:
    """The lines of a set follow one another: first the header, then its components. This line breaks the order:
    put components right after their header, and give every header at least one."""
    open_set: str | None = None
    last_header = ""
    components = 0
    for line in case.lines:
        part = line.item.article_set
        role = part.role if part else None
        if role != "component" and open_set is not None and components == 0:
            yield f"{last_header}/article_set"
        if part is None or role == "header":
            open_set, last_header, components = (part.set or "" if part else None), line.at, 0
        elif role == "component":
            components += 1
            if open_set is None or (part.set or "") != open_set:
                yield f"{line.at}/article_set"
        else:
            yield f"{line.at}/article_set/role"
            open_set = None
    if open_set is not None and components == 0:
        yield f"{last_header}/article_set"


@rule("FTZ-STATUS", "error", "CATAIR AE record 41, position 3; ACE conditions 670 to 683")
def zone_status(case: Case) -> Iterator[Finding]:
    """Goods from a foreign-trade zone have a status: P for privileged foreign, N for non-privileged foreign, D for
    domestic. Give the one under which they were admitted."""
    for line in case.lines:
        if line.item.ftz and line.item.ftz.status not in ZONE_STATUSES:
            yield f"{line.at}/ftz/status"


@rule("FTZ-DATE", "error", "19 CFR 146.41; CATAIR AE record 41, positions 4-9")
def privileged_date(case: Case) -> Iterator[Finding]:
    """Privileged foreign goods keep the rate of the day on which the status was granted, and that day is missing.
    Give it."""
    for line in case.lines:
        if line.item.ftz and line.item.ftz.status == PRIVILEGED and not line.item.ftz.privileged_date:
            yield f"{line.at}/ftz/privileged_date"


@rule("CENSUS-OVERRIDE", "error", "CATAIR AE record CW02")
def census_override(case: Case) -> Iterator[Finding]:
    """A census warning is overridden with a warning code and an override code, and one is missing. Give both, as
    the answer of customs names them."""
    for line in case.lines:
        for place, one in enumerate(line.item.census_overrides):
            for member in ("warning", "override"):
                if not getattr(one, member):
                    yield f"{line.at}/census_overrides/{place}/{member}"


def _signed(item: Item) -> Iterator[tuple[str, str]]:
    """Amounts that can never be below zero, and begin with a minus sign."""
    if item.gross_mass_kg and item.gross_mass_kg[0] == "-":
        yield "gross_mass_kg", item.gross_mass_kg
    charges = item.charges
    if charges:
        amounts = (charges.freight, charges.insurance, charges.other, charges.total_whole_usd)
        for member, written in zip(CHARGES, amounts, strict=True):
            if written and written[0] == "-":
                yield f"charges/{member}", written
    entered = item.valuation.entered_value if item.valuation else None
    if entered and entered[0] == "-":
        yield "valuation/entered_value", entered
    for place, tariff in enumerate(item.tariffs):
        if tariff.value and tariff.value[0] == "-":
            yield f"tariffs/{place}/value", tariff.value
        for index, quantity in enumerate(tariff.quantities):
            if quantity.value and quantity.value[0] == "-":
                yield f"tariffs/{place}/quantities/{index}/value", quantity.value


RULES = (
    no_lines, too_many_lines, line_number, line_number_twice, line_number_gap, description, vague_description,
    long_description, gross_weight, net_above_gross, negative, charges, whole_charges, charges_sum, fee_exemption,
    article_set, zone_status, privileged_date, census_override,
)  # fmt: skip
