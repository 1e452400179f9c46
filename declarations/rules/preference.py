"""Claims for a preference program: who may claim, since when, with which proof, and what the claim saves."""

from collections.abc import Iterator
from decimal import Decimal

from declarations.document import Certification
from declarations.rules import reading
from declarations.rules.base import Case, Finding, rule
from declarations.rules.lines import Line
from portal.tariff_numbers import dotted

FREE = "Free"
LOW_VALUE = Decimal(2500)
NOT_IN_SPECIAL_COLUMN = frozenset({"N", "W", "Y", "Z"})
DIRECT_SHIPMENT = frozenset({"A", "A*", "A+", "D", "E", "E*"})
CERTIFICATION_DAYS = 4 * 365 + 1
CERTIFIERS = ("importer", "exporter", "producer")


@rule("SPI-UNKNOWN", "error", "HTS general notes; ACE condition 416")
def unknown(case: Case) -> Iterator[Finding]:
    """There is no preference program {program}. Use its symbol in the tariff, such as S for USMCA or KR for Korea."""
    for line in _claims(case):
        if not case.knows_program(line.program) and case.tariff.programs(line.rate_date):
            yield f"{line.at}/preference/program", {"program": line.program}


@rule("SPI-EMPTY", "error", "CATAIR AE record 40, positions 25-26")
def empty(case: Case) -> Iterator[Finding]:
    """A preference is claimed without its program. Choose the program, or take the claim out."""
    for line in case.lines:
        if line.item.preference is not None and not line.program:
            yield f"{line.at}/preference/program"


@rule("SPI-LAPSE", "error", "19 USC 2465; ACE conditions 605, 606")
def lapsed(case: Case) -> Iterator[Finding]:
    """Program {program} is not in force on {day}. Pay the duty without it, and keep the proof of origin: if the
    law is renewed you may claim a refund."""
    for line in _claims(case):
        if case.knows_program(line.program) and case.program(line.program, line.rate_date) is None:
            params = {"program": line.program, "day": reading.shown(line.rate_date)}
            yield f"{line.at}/preference/program", params


@rule("SPI-ORIGIN", "error", "HTS general notes; ACE condition 608")
def origin(case: Case) -> Iterator[Finding]:
    """Goods from {origin} cannot claim program {program}. Correct the origin, or take the claim out."""
    for line in _claims(case):
        program = case.program(line.program, line.rate_date)
        if program and program.countries and line.country and line.country not in program.countries:
            yield f"{line.at}/preference/program", {"program": line.program, "origin": line.origin}


@rule("SPI-COLUMN", "error", "HTS special column; ACE conditions 610, 614, 616")
def special_column(case: Case) -> Iterator[Finding]:
    """The tariff gives {number} no rate for program {program}: its special column says {special}. Take the claim
    out, or check the number."""
    for line in _claims(case):
        hts = line.main.hts if line.main else None
        program = case.program(line.program, line.rate_date)
        by_note = line.program in NOT_IN_SPECIAL_COLUMN or (program is not None and program.by_note)
        if hts is None or line.main is None or by_note or _is_free(hts.general):
            continue
        if not reading.lists_program(hts.special, line.program):
            params = {"program": line.program, "number": dotted(line.main.number), "special": hts.special or "–"}
            yield f"{line.at}/preference/program", params


@rule("SPI-MPFONLY", "information", "19 CFR 24.23(c)")
def on_a_free_line(case: Case) -> Iterator[Finding]:
    """{number} is free for everybody, so the claim saves no ordinary duty. It can still save the merchandise
    processing fee, and for Canada and Mexico the duty of section 301: keep it if you hold the proof."""
    for line in _claims(case):
        if line.main is not None and line.main.hts is not None and _is_free(line.main.hts.general):
            yield f"{line.at}/preference/program", {"number": dotted(line.main.number)}


@rule("SPI-CERT", "error", "19 CFR 182.12, 10.1003")
def certification_missing(case: Case) -> Iterator[Finding]:
    """You must hold the certification of origin when you claim program {program}, and none is named. Name its
    document, or claim later, when you have it."""
    for line in _claims(case):
        program = case.program(line.program, line.rate_date)
        if program and program.certification_needed and not _is_waived(case, line):
            preference = line.item.preference
            if not (preference and preference.certification and preference.certification.document):
                yield f"{line.at}/preference/certification/document", {"program": line.program}


@rule("SPI-CERT-DATE", "error", "19 CFR 182.12")
def certification_period(case: Case) -> Iterator[Finding]:
    """The certification covers {start} to {end}, and the goods are entered on {day}. Ask for a certification that
    covers that day, or take the claim out."""
    for line in _claims(case):
        preference = line.item.preference
        found = preference.certification if preference else None
        start = reading.day(found.blanket_from) if found else None
        end = reading.day(found.blanket_to) if found else None
        if (start and line.rate_date < start) or (end and line.rate_date > end):
            member = "blanket_from" if start and line.rate_date < start else "blanket_to"
            params = {
                "start": reading.shown(start) if start else "…",
                "end": reading.shown(end) if end else "…",
                "day": reading.shown(line.rate_date),
            }
            yield f"{line.at}/preference/certification/{member}", params


@rule("SPI-CERT-YEAR", "warning", "USMCA annex 5-A; 19 CFR 182.12")
def certification_length(case: Case) -> Iterator[Finding]:
    """A blanket certification covers at most twelve months, and this one covers {days} days. Ask for one of a
    shorter period."""
    for line in _claims(case):
        preference = line.item.preference
        found = preference.certification if preference else None
        start = reading.day(found.blanket_from) if found else None
        end = reading.day(found.blanket_to) if found else None
        if line.program in reading.USMCA and start and end and (end - start).days > 366:
            yield f"{line.at}/preference/certification/blanket_to", {"days": str((end - start).days)}


@rule("SPI-CERT-OLD", "warning", "USMCA article 5.2; 19 CFR 182.12")
def certification_age(case: Case) -> Iterator[Finding]:
    """The certification was made out on {made}, more than four years before entry, and is no longer valid. Ask for
    a new one, or take the claim out."""
    made_on = {one.id: reading.day(one.date) for one in case.document.documents if one.id}
    for line in _claims(case):
        preference = line.item.preference
        found = preference.certification if preference else None
        made = made_on.get(found.document) if found and found.document else None
        if made and (line.rate_date - made).days > CERTIFICATION_DAYS:
            yield f"{line.at}/preference/certification/document", {"made": reading.shown(made)}


@rule("SPI-CERTIFIER", "error", "USMCA annex 5-A")
def certifier(case: Case) -> Iterator[Finding]:
    """A certification is made out by the importer, the exporter or the producer, and this one does not say by
    whom. Copy it from the certification."""
    for line in _claims(case):
        preference = line.item.preference
        found: Certification | None = preference.certification if preference else None
        if line.program in reading.USMCA and found and found.document and found.certifier not in CERTIFIERS:
            yield f"{line.at}/preference/certification/certifier"


@rule("SPI-LOWVAL", "information", "19 CFR 182.14")
def low_value(case: Case) -> Iterator[Finding]:
    """Up to 2,500 dollars a claim under USMCA needs no certification. Keep a statement on the invoice that the
    goods originate, and do not split a larger shipment."""
    for line in _claims(case):
        preference = line.item.preference
        if _is_waived(case, line) and not (preference and preference.certification):
            yield f"{line.at}/preference/certification"


@rule("SPI-DIRECT", "warning", "19 CFR 10.175")
def direct_shipment(case: Case) -> Iterator[Finding]:
    """Program {program} wants goods that come directly from {origin}, and these were exported from {export}. Keep
    a through bill of lading that shows it, or take the claim out."""
    for line in _claims(case):
        export = line.item.export_country
        if line.program in DIRECT_SHIPMENT and export and line.country and export != line.country:
            params = {"program": line.program, "origin": line.origin, "export": export}
            yield f"{line.at}/preference/program", params


@rule("SPI-LATER", "information", "19 USC 1520(d); 19 CFR 182.31 to 182.33")
def could_claim(case: Case) -> Iterator[Finding]:
    """These goods come from {origin}, and the tariff has a lower rate for program {program}. If they originate,
    claim it now with the certification, or ask for a refund within one year of importation."""
    for line in case.lines:
        hts = line.main.hts if line.main else None
        if hts is None or line.program or _is_free(hts.general) or not hts.special:
            continue
        if line.country in ("CA", "MX") and reading.lists_program(hts.special, "S"):
            yield f"{line.at}/preference", {"origin": line.origin, "program": "S"}


def _claims(case: Case) -> Iterator[Line]:
    return (line for line in case.lines if line.program)


def _is_free(general: str) -> bool:
    return general.strip().startswith(FREE)


def _is_waived(case: Case, line: Line) -> bool:
    """Small claims under USMCA: the value of the whole entry, so that splitting lines does not help."""
    return line.program in reading.USMCA and case.total_value <= LOW_VALUE


RULES = (
    unknown, empty, lapsed, origin, special_column, on_a_free_line, certification_missing, certification_period,
    certification_length, certification_age, certifier, low_value, direct_shipment, could_claim,
)  # fmt: skip
