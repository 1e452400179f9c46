"""Correcting a filed summary: the reasons, the words, and what such a correction may not touch."""

import re
from collections.abc import Iterator

from declarations.rules.base import Case, Finding, rule

CORRECTION = "correction"
FEWEST_WORDS = 3
MOST_REASONS = 5
_WORD = re.compile(r"[^\W\d_]{2,}")
_REASON = re.compile(r"[A-Z0-9]{3}\Z")


@rule("PSC-NONE", "error", "CATAIR AE record 10, position 65; ACE condition 748")
def nothing_said(case: Case) -> Iterator[Finding]:
    """You correct a filed summary and do not say why. Add the correction with its reasons and an explanation."""
    if case.document.function == CORRECTION and case.document.correction is None:
        yield "/correction"


@rule("PSC-FUNCTION", "warning", "CATAIR AE record 10, position 65")
def not_a_correction(case: Case) -> Iterator[Finding]:
    """Reasons for a correction are given, and this is an original declaration. Take them out, or set the function
    to correction."""
    if case.document.correction is not None and case.document.function in (None, "original"):
        yield "/correction"


@rule("PSC-REASON", "error", "CATAIR AE record 35; ACE condition 748")
def reason(case: Case) -> Iterator[Finding]:
    """A correction gives at least one reason code for the summary as a whole, at most five. Choose the codes that
    fit."""
    found = case.document.correction
    if found is not None and not 1 <= len(found.header_reasons) <= MOST_REASONS:
        yield "/correction/header_reasons"


@rule("PSC-REASON-FORM", "error", "CATAIR AE record 35")
def reason_form(case: Case) -> Iterator[Finding]:
    """{code} is not a reason code: that has three capital letters or digits. Choose one from the list."""
    found = case.document.correction
    for place, code in enumerate(found.header_reasons if found else ()):
        if not _REASON.match(code):
            yield f"/correction/header_reasons/{place}", {"code": code or "–"}


@rule("PSC-EXPLAIN", "error", "CATAIR AE record 36; ACE condition 287")
def explanation(case: Case) -> Iterator[Finding]:
    """A correction is explained in words, and customs refuses one without a real explanation. Say in a sentence
    what was wrong and what is right."""
    found = case.document.correction
    if found is not None and len(_WORD.findall(found.explanation or "")) < FEWEST_WORDS:
        yield "/correction/explanation"


@rule("PSC-PAYMENT", "error", "CATAIR AE record 10, positions 51-61; ACE condition 217")
def payment(case: Case) -> Iterator[Finding]:
    """The summary that you correct is paid already, so a correction says nothing about payment. Take the payment
    out."""
    found = case.document.payment
    if case.document.correction is not None and found is not None and found.type:
        yield "/payment/type"


@rule("PSC-OMIT", "error", "CATAIR entry summary, post-summary correction")
def omitted(case: Case) -> Iterator[Finding]:
    """A correction of a filed summary cannot change this. Take it out: place of the goods, live entry, release
    certification and consolidation stay as they were filed."""
    if case.document.correction is None:
        return
    filing, indicators, place = case.document.filing, case.document.indicators, case.document.location_of_goods
    if filing and filing.live_entry:
        yield "/filing/live_entry"
    if filing and filing.release_certification:
        yield "/filing/release_certification"
    if place and place.firms:
        yield "/location_of_goods/firms"
    if indicators and indicators.consolidated_summary:
        yield "/indicators/consolidated_summary"


@rule("PSC-ACCELERATE", "information", "CATAIR AE record 10, position 66")
def accelerated(case: Case) -> Iterator[Finding]:
    """You ask for early liquidation, and a correction has to come before liquidation. Be sure that nothing else in this
    summary is to be mended."""
    found = case.document.correction
    if found is not None and found.accelerated_liquidation:
        yield "/correction/accelerated_liquidation"


RULES = (nothing_said, not_a_correction, reason, reason_form, explanation, payment, omitted, accelerated)
