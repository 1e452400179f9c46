"""Chapter 99 on a line: order, value, what the computation proposes, and headings that are no longer a duty.

Dates and headings below are floors: a heading that the measures in force still hold is never refused here.
"""

from collections.abc import Iterator
from datetime import date

from declarations.rules import reading
from declarations.rules.base import Case, Finding, is_for, rule
from declarations.rules.lines import Line, Number
from declarations.tariff.view import GAP, normal_number
from portal.tariff_numbers import dotted

EXCLUSIONS = frozenset({"99038869", "99038870"})
EXCLUSIONS_END = date(2026, 11, 9)
SUSPENDED = frozenset({"99038816"})
IEEPA = ("990301", "990302")
IEEPA_NOT_COLLECTED_FROM = date(2026, 2, 24)
SECTION_122 = tuple(f"990303{number:02}" for number in range(1, 12))
SECTION_122_END = date(2026, 7, 23)

METALS = ("990378", "990381", "990382", "990385")
METAL_WORDS = ("metal", "steel", "alumin", "copper")
LIGHT_METAL = "99038203"
UNKNOWN_SMELT = "99038568"
ALUMINUM, STEEL, COPPER = "07", "08", "12"
METAL_TYPES = frozenset({ALUMINUM, STEEL, COPPER})
METAL_OF_CHAPTER = {"72": STEEL, "73": STEEL, "74": COPPER, "76": ALUMINUM}
EXEMPT, PROHIBIT = "exempt", "prohibit"


@rule("C99-ORDER", "error", "CSMS 69668138; ACE condition 852")
def order(case: Case) -> Iterator[Finding]:
    """{number} stands too late on this line: numbers of chapter 98 come first, then those of chapter 99, then
    those of chapters 1 to 97. Move it up."""
    for line in case.lines:
        reached = 0
        for one in line.numbers:
            group = 0 if one.chapter == "98" else 1 if one.chapter == "99" else 2
            if group < reached:
                yield f"{one.at}/hts_number", {"number": dotted(one.number)}
            reached = max(reached, group)


@rule("C99-ORDER-AUTHORITY", "warning", "CSMS 69668138; ACE condition 852")
def order_of_authorities(case: Case) -> Iterator[Finding]:
    """{heading} stands too late on this line: duties of section 301 come before those of section 338, then section
    232, then section 201. Move it up."""
    for line in case.lines:
        reached = 0
        for one in line.chapter99 if len(line.chapter99) > 1 else ():
            measure = case.measure(one.heading, line)
            if measure is not None and measure.effect != EXEMPT:
                if measure.order < reached:
                    yield f"{one.at}/hts_number", {"heading": dotted(one.heading)}
                reached = max(reached, measure.order)


@rule("C99-VALUE", "error", "CSMS 69668138; ACE condition 611")
def value(case: Case) -> Iterator[Finding]:
    """{heading} carries a value of {value} dollars, and numbers of chapter 99 carry none. Put 0 here; the whole
    value stands on the number of chapters 1 to 97."""
    for line in case.lines:
        for one in line.chapter99:
            if one.tariff.value and reading.amount(one.tariff.value) != 0:
                yield f"{one.at}/value", {"heading": dotted(one.heading), "value": one.tariff.value}


@rule("C99-QTY", "error", "ACE condition 874")
def quantity(case: Case) -> Iterator[Finding]:
    """The quantity of {heading} is above that of the goods themselves. Give the part of the goods that falls under
    this heading."""
    for line in case.lines:
        if line.main is None or not line.chapter99:
            continue
        whole = {one.unit: reading.amount(one.value) for one in line.main.tariff.quantities}
        for number in line.chapter99:
            for place, one in enumerate(number.tariff.quantities):
                part, total = reading.amount(one.value), whole.get(one.unit)
                if part is not None and total is not None and part > total:
                    yield f"{number.at}/quantities/{place}/value", {"heading": dotted(number.heading)}


@rule("C99-EXEMPT-LINE", "error", "US note 52 to chapter 99; CSMS 69326983")
def exemption_missing(case: Case) -> Iterator[Finding]:
    """These goods are free of an additional duty only if the line says so, and {heading} is missing. Add it with
    the value 0, before the number of the goods. {reason}"""
    yield from _missing(case, frozenset({"exemption"}))


@rule("C99-STACK-MISSING", "error", "HTS chapter 99; ACE condition 609")
def duty_missing(case: Case) -> Iterator[Finding]:
    """{heading} applies to these goods, and the line does not have it. Add it with the value 0, or say by another
    number why it does not apply. {reason}"""
    yield from _missing(case, frozenset({"additional", "replacement"}))


@rule("C99-STACK-EXTRA", "warning", "HTS chapter 99; ACE conditions 613, 620")
def duty_extra(case: Case) -> Iterator[Finding]:
    """{heading} stands on this line, and our computation finds no reason for it. Check that the goods, their
    origin and the date fall under it, and keep the proof."""
    told = {one.pointer for one in case.assessment.notices}
    for line in case.lines:
        if line.proposal is not None and line.proposal.tariffs and line.chapter99:
            proposed = {normal_number(one.hts_number) for one in line.proposal.tariffs}
            for one in line.chapter99:
                if one.number not in proposed and f"{one.at}/hts_number" not in told:
                    yield f"{one.at}/hts_number", {"heading": dotted(one.heading)}


@rule("C99-ENDED", "error", "HTS chapter 99; ACE condition 434")
def ended(case: Case) -> Iterator[Finding]:
    """{heading} is not in force on {day}, the day that decides your rates. Take it out, and use the heading of that
    day if there is one."""
    asked: dict[str, bool] = {}  # few headings stand on many lines
    for line, number in _chapter99(case):
        heading = number.heading
        if heading not in asked:
            told_elsewhere = heading in EXCLUSIONS | SUSPENDED or heading.startswith((*IEEPA, *SECTION_122))
            has_rows = any(one.effect != GAP for one in case.tariff.measure_rows(heading))
            asked[heading] = has_rows and not told_elsewhere
        if asked[heading] and not _in_force(case, line, number):
            yield f"{number.at}/hts_number", _heading_and_day(line, number)


@rule("C99-EXCL-ENDED", "error", "US note 20(vvv), (www) to chapter 99")
def exclusion_ended(case: Case) -> Iterator[Finding]:
    """The exclusions of {heading} ended with 9 Nov 2026, and your rate date is {day}. Take the number out and pay
    the duty, unless you know of an extension."""
    for line, number in _chapter99(case):
        if number.heading in EXCLUSIONS and line.rate_date > EXCLUSIONS_END and not _in_force(case, line, number):
            yield f"{number.at}/hts_number", _heading_and_day(line, number)


@rule("C99-SUSPENDED", "error", "HTS 9903.88.16, provision suspended")
def suspended(case: Case) -> Iterator[Finding]:
    """{heading} is printed in the tariff, but suspended, so no duty is owed under it. Take the number out."""
    for line, number in _chapter99(case):
        if number.heading in SUSPENDED and not _in_force(case, line, number):
            yield f"{number.at}/hts_number", _heading_and_day(line, number)


@rule("C99-IEEPA", "error", "Learning Resources v. Trump, 607 U.S. __ (2026)")
def emergency_powers(case: Case) -> Iterator[Finding]:
    """{heading} belongs to the tariffs under IEEPA, which have not been collected since 24 Feb 2026. Take the
    number out."""
    for line, number in _chapter99(case):
        late = line.rate_date >= IEEPA_NOT_COLLECTED_FROM
        if late and number.heading.startswith(IEEPA) and not _in_force(case, line, number):
            yield f"{number.at}/hts_number", _heading_and_day(line, number)


@rule("C99-S122", "error", "Proclamation 11012; 150 days of section 122")
def section_122(case: Case) -> Iterator[Finding]:
    """{heading} belongs to the surcharge of section 122, which ended on 23 Jul 2026. Take the number out."""
    for line, number in _chapter99(case):
        late = line.rate_date > SECTION_122_END
        if late and number.heading in SECTION_122 and not _in_force(case, line, number):
            yield f"{number.at}/hts_number", _heading_and_day(line, number)


@rule("C99-UNKNOWN", "warning", "HTS chapters 98 and 99; ACE condition 433")  # our edition may be older than the line
def unknown(case: Case) -> Iterator[Finding]:
    """The tariff and the measures we hold have no {heading} on {day}. Look for a mistyped digit, or check that the
    heading is in force."""
    for line in case.lines:
        for one in line.chapter98 + line.chapter99:
            held = one.hts is not None or case.tariff.measure_rows(one.heading)
            if not held and not case.tariff.successors(one.number):
                yield f"{one.at}/hts_number", _heading_and_day(line, one)


@rule("C99-ORIGIN", "error", "HTS chapter 99; ACE condition 613")
def origin(case: Case) -> Iterator[Finding]:
    """{heading} is not for goods from {origin}. Take it out, use the heading of that country, or correct the origin."""
    for line, number in _chapter99(case):
        measure = case.measure(number.heading, line)
        if measure is not None and line.country and not is_for(measure, line.country):
            yield f"{number.at}/hts_number", {"heading": dotted(number.heading), "origin": line.origin}


@rule("C99-PROGRAM", "error", "US note 52(g), (h) to chapter 99")
def program(case: Case) -> Iterator[Finding]:
    """{heading} frees only goods for which you claim the program {program}, and this line does not claim it. Make
    the claim, if you hold the certification, or take the number out."""
    for line, number in _chapter99(case):
        measure = case.measure(number.heading, line)
        wanted = measure.program if measure and measure.effect == EXEMPT else None
        if wanted and line.program not in (wanted, f"{wanted}+"):
            yield f"{line.at}/preference/program", {"heading": dotted(number.heading), "program": wanted}


@rule("C99-PROHIBIT", "error", "HTS chapter 99; ACE condition 886; SE condition 335")
def prohibited(case: Case) -> Iterator[Finding]:
    """Goods from {origin} under {heading} are barred from import, and no duty cures that. Do not file; ask customs
    if you think that the bar does not reach your goods."""
    for line in case.lines:
        if line.main is not None and line.country:
            for one in case.tariff.measures_of(line.main.number, origin=line.country, on=line.rate_date):
                if one.effect == PROHIBIT and one.program in (None, line.program):
                    yield f"{line.at}/origin_country", {"origin": line.origin, "heading": dotted(one.heading)}


@rule("C99-232-ORIG", "error", "Proclamations 10896, 11021; ACE conditions 794, 840 to 850, 869 to 873")
def metal_origin(case: Case) -> Iterator[Finding]:
    """{heading} is a duty on metal, and the line does not say where the metal was made. Add the importer's
    declaration: type 08 for steel melted and poured, 07 for aluminum smelted and cast, 12 for copper."""
    for line in case.lines:
        heading = _metal_heading(case, line)
        if heading is None:
            continue
        own = METAL_OF_CHAPTER.get(line.main.chapter) if line.main else None
        wanted = frozenset({own}) if own else METAL_TYPES
        if not any(one.type in wanted for one in line.item.importer_declarations):
            yield f"{line.at}/importer_declarations", {"heading": dotted(heading)}


@rule("C99-232-COUNTRY", "error", "CATAIR AE record 54; ACE conditions 840 to 850, 869 to 873")
def metal_country(case: Case) -> Iterator[Finding]:
    """This declaration about the metal names no country. Give the country of melting and pouring, or of smelting
    and casting, from the mill certificate."""
    for line in case.lines:
        for place, one in enumerate(line.item.importer_declarations):
            if one.type in METAL_TYPES and not one.country:
                yield f"{line.at}/importer_declarations/{place}/country"


@rule("C99-232-SMELT", "warning", "Proclamation 10896; ACE condition 60B")  # how an unknown country is keyed: not seen
def unknown_smelt(case: Case) -> Iterator[Finding]:
    """The country where this aluminum was smelted is unknown, and such aluminum pays the rate for Russia. Ask the
    mill, or report 9903.85.68."""
    for line in case.lines:
        for place, one in enumerate(line.item.importer_declarations):
            unknown_country = one.type == ALUMINUM and one.country == reading.UNKNOWN_COUNTRY
            if unknown_country and not any(number.heading == UNKNOWN_SMELT for number in line.chapter99):
                yield f"{line.at}/importer_declarations/{place}/country"


@rule("C99-232-15PCT", "warning", "US note 16 to chapter 99")
def light_metal(case: Case) -> Iterator[Finding]:
    """9903.82.03 says that metal is less than 15 percent of the weight. Keep the weight analysis; goods of
    chapters 72, 73, 74 and 76 cannot use it."""
    for _, number in _chapter99(case):
        if number.heading == LIGHT_METAL:
            yield f"{number.at}/hts_number"


@rule("C99-FTZ-PF", "error", "US notes to chapter 99; 19 CFR 146.41")
def zone_status(case: Case) -> Iterator[Finding]:
    """Goods under {heading} enter a foreign-trade zone as privileged foreign, and this line says non-privileged.
    Correct the status, or the heading."""
    for line in case.lines:
        if line.item.ftz is None or line.item.ftz.status != "N":
            continue
        for number in line.chapter99:
            measure = case.measure(number.heading, line)
            if measure and measure.effect != EXEMPT and measure.authority.startswith(("s232", "s301")):
                yield f"{line.at}/ftz/status", {"heading": dotted(number.heading)}
                break


def _chapter99(case: Case) -> Iterator[tuple[Line, Number]]:
    for line in case.lines:
        for number in line.chapter99:
            yield line, number


def _in_force(case: Case, line: Line, number: Number) -> bool:
    return case.measure(number.heading, line) is not None


def _heading_and_day(line: Line, number: Number) -> dict[str, str]:
    return {"heading": dotted(number.number), "day": reading.shown(line.rate_date)}


def _missing(case: Case, roles: frozenset[str]) -> Iterator[Finding]:
    """Proposed headings that a line does not have. A line without any of chapters 98 and 99 leaves them to us."""
    for line in case.lines:
        if line.proposal is None or not (line.chapter98 or line.chapter99):
            continue
        declared = {one.number for one in line.numbers}
        for one in line.proposal.tariffs:
            number = normal_number(one.hts_number)
            if one.role in roles and number[:2] in ("98", "99") and number not in declared:
                yield f"{line.at}/tariffs", {"heading": dotted(number), "reason": reading.sentence(one.reason)}


def _metal_heading(case: Case, line: Line) -> str | None:
    """The heading of a metals duty on the line."""
    for number in line.chapter99:
        measure = case.measure(number.heading, line)
        if measure is not None:
            by_name = measure.authority.startswith("s232") and any(word in measure.authority for word in METAL_WORDS)
            found = measure.effect not in (EXEMPT, PROHIBIT) and (by_name or number.heading.startswith(METALS))
        else:
            found = number.heading.startswith(METALS)
        if found and number.heading != LIGHT_METAL:
            return number.heading
    return None


RULES = (
    order, order_of_authorities, value, quantity, exemption_missing, duty_missing, duty_extra, ended, exclusion_ended,
    suspended, emergency_powers, section_122, unknown, origin, program, prohibited, metal_origin, metal_country,
    unknown_smelt, light_metal, zone_status,
)  # fmt: skip
