"""The duty statement: how every amount came about, what could not be computed, what was signed. Pure."""

import re
from typing import Any

from declarations.assessment import FEE, TAX, Assessment, AssessmentLine, ItemAssessment, Unassessed
from declarations.document import Document, Item
from declarations.models import DeclarationVersion, Receipt, Signature
from declarations.printing import words
from declarations.printing.header import displayed
from declarations.printing.lines import fits_together, sequence, with_assessment
from portal.tariff_numbers import dotted

_POINTER = re.compile(r"/items/([0-9]{1,3})(/.*)?\Z", re.ASCII)


def duty_statement(document: Document, assessment: Assessment) -> dict[str, Any]:
    """Totals, fees of the entry, the working of every line, gaps and editions."""
    totals = assessment.totals
    rows = (
        ("Duty, additional duties included", totals.duty), ("Antidumping duty deposits", totals.antidumping),
        ("Countervailing duty deposits", totals.countervailing), ("Internal revenue tax", totals.tax),
        ("Fees", totals.fees),
    )  # fmt: skip
    return {
        "totals": [{"name": name, "amount": words.money(amount)} for name, amount in rows],
        "total": words.money(totals.total),
        "fees": [
            {"name": words.named(one.code, words.CHARGES), "working": one.working, "amount": words.money(one.amount)}
            for one in assessment.fees
        ],
        "items": [
            _item(index, item, assessed)
            for index, (item, assessed) in enumerate(with_assessment(document, assessment))
        ],
        "unassessed": [_gap(document, one) for one in assessment.unassessed],
        "editions": [
            ["Tariff schedule", assessment.editions.tariff or ""],
            ["Additional measures", assessment.editions.measures or ""],
        ],
    }  # fmt: skip


def _item(index: int, item: Item, assessed: ItemAssessment | None) -> dict[str, Any]:
    facts = []
    if assessed is not None:
        estimate = " (estimated)" if assessed.estimated else ""
        facts = [
            f"Rates of {words.day(assessed.rate_date)}{estimate}",
            f"entered value {words.number(assessed.entered_value)} USD",
        ]
    reasons = {one.hts_number: one.reason or "" for one in assessed.tariffs} if assessed else {}
    lines = [_line(one, reasons) for one in assessed.lines] if assessed else []
    return {
        "number": sequence(item, index),
        "description": item.description or "",
        "facts": facts,
        "valuation": _valuation(item),
        "lines": lines,
        "silent": [] if lines else [_silence(assessed)],
        "together": fits_together(len(lines), *(text for one in lines for text in one.values())),
    }


def _silence(assessed: ItemAssessment | None) -> str:
    """Why a line has no amount: part of a set, or not computed."""
    if assessed is not None and assessed.tariffs:
        return "No amount on this line: " + "; ".join(one.reason or "no duty" for one in assessed.tariffs) + "."
    return 'Not computed, and not counted in the totals: see "What could not be computed".'


def _line(one: AssessmentLine, reasons: dict[str, str]) -> dict[str, str]:
    """One amount: what it is, and its working with the law and the reason why the number is there."""
    name = words.KINDS.get(one.kind, one.kind)
    code = dotted(one.code)
    if one.kind in (FEE, TAX):
        name, code = words.CHARGES.get(one.code, name), one.code
    elif one.kind in ("antidumping", "countervailing"):
        code = words.case(one.code)
    reason = reasons.get(one.code, "")
    return {
        "name": name,
        "code": code,
        "working": one.working,
        "reason": reason if reason != one.working else "",
        "law": one.legal_basis,
        "basis": words.number(one.basis),
        "rate": one.rate,
        "amount": words.money(one.amount),
    }


def _valuation(item: Item) -> str:
    """From the invoice to the entered value, as the filer gave it."""
    value = item.valuation
    if value is None or value.invoice is None:
        return ""
    invoice = value.invoice
    shown = " ".join(one for one in (words.money(invoice.value), invoice.currency) if one)
    paper = " line ".join(one for one in (invoice.document, invoice.line) if one)
    told = ["Invoice " + ", ".join(one for one in (paper, shown) if one)]
    for word, rows in (("plus", value.additions), ("less", value.deductions)):
        for one in rows:
            name = (one.code or "").replace("_", " ")
            told.append(" ".join(part for part in (word, words.money(one.value), one.currency, name) if part))
    if value.exchange and value.exchange.rate:
        told.append(f"rate {value.exchange.rate} of {words.day(value.exchange.rate_date)}".removesuffix(" of "))
    told += [f"valuation method {value.method}"] if value.method else []
    return "; ".join(told)


def _gap(document: Document, one: Unassessed) -> dict[str, str]:
    """What could not be computed, with the line it is on in words."""
    found = _POINTER.match(one.pointer)
    where = one.pointer
    if found and int(found[1]) < len(document.items):
        index = int(found[1])
        parts = (found[2] or "").strip("/").split("/")
        member = " ".join(str(int(one) + 1) if one.isdecimal() else one.replace("_", " ") for one in parts)
        where = f"Line {sequence(document.items[index], index)}" + (f", {member}" if member else "")
    return {"code": one.code, "where": where, "reason": one.reason}


def attestation(version: DeclarationVersion, *, signature: Signature | None, receipt: Receipt | None) -> dict[str, Any]:
    """The words signed, by whom and when; digest and references; the receipt."""
    return {
        "statement": [one for one in signature.statement.splitlines() if one.strip()] if signature else [],
        "signed": _signed(signature) if signature else [],
        "references": [
            ["Entry number", displayed(version.entry_number)], ["Version", str(version.number)],
            ["Local reference", version.lrn], ["Frozen", words.moment(version.created_at)],
            ["Digest of this version (SHA-256)", version.digest],
            ["Digest of the declaration", version.content_sha256],
            ["Digest of the assessment", version.assessment_sha256],
        ],
        "receipt": _receipt(receipt) if receipt else [],
    }  # fmt: skip


def _signed(signature: Signature) -> list[list[str]]:
    return [
        ["Name", signature.name], ["Title", signature.title], ["Signed", words.moment(signature.signed_at)],
        ["Confirmed with", signature.method.replace("_", " ")],
        ["Statement reference", signature.statement_id], ["Digest signed", signature.digest],
        ["Seal", f"{signature.key_id} {signature.code}".strip()],
    ]  # fmt: skip


def _receipt(receipt: Receipt) -> list[list[str]]:
    return [
        ["Handed over", words.moment(receipt.at)], ["Channel", receipt.channel], ["Declarant", receipt.declarant],
        ["Sent by", receipt.transmitter], ["Digest sent", receipt.digest],
        ["Seal", f"{receipt.key_id} {receipt.code}".strip()],
    ]  # fmt: skip


def marks(
    version: DeclarationVersion, *, signature: Signature | None, receipt: Receipt | None, rehearsal: bool
) -> list[str]:
    """What must be seen on every page: rehearsal or sandbox, void, not signed, not sent."""
    found = []
    if version.filer.sandbox_of_id is not None or version.declaration.importer.sandbox_of_id is not None:
        found.append("Sandbox: nothing here has reached or will reach a real authority")
    elif rehearsal:
        found.append("Rehearsal: nothing here has reached or will reach a real authority")
    if version.state == DeclarationVersion.State.VOID:
        found.append("Void: this version was set aside before filing")
    if version.source == "customs":
        return [*found, "As corrected by customs"]
    if signature is None:
        found.append("Not signed")
    if receipt is None:
        found.append("Not sent to customs")
    return found
