"""A filed or prepared version as a PDF: the entry summary by block numbers, then the duty statement.

Only what was frozen is read. The typesetter gets the data as JSON, never as markup, and takes the version's own
time for its date: one version, the same bytes.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec

from declarations.assessment import Assessment
from declarations.document import Document
from declarations.models import DeclarationVersion, Receipt, Signature
from declarations.printing import words
from declarations.printing.blocks import blocks
from declarations.printing.header import displayed
from declarations.printing.text import for_page
from declarations.printing.working import attestation, duty_statement, marks
from portal.errors import DomainError
from portal.records.services import read_bytes

TYPESETTER = Path(__file__).with_name("typesetter.py")
TIME_LIMIT = 120  # seconds; 999 lines take a few
NOTICE = (
    "Entry summary data - prepared by the filer, layout follows CBP Form 7501 (02/26) block numbers; "
    "not an official form"
)
SHORT_DIGEST = 12
CLOSING = ("40", "45", "46", "47")
CLOSING_TEXT = 500
CLOSING_FEES = 12


class NotPrinted(DomainError):
    """The typesetter gave no page."""

    code = "NOT_PRINTED"


def contents(version: DeclarationVersion) -> tuple[Document, Assessment]:
    """What was frozen, read back from the kept bytes. Raises BlobDamaged where they have changed."""
    document = msgspec.json.decode(read_bytes(version.content_sha256), type=Document)
    return document, msgspec.json.decode(read_bytes(version.assessment_sha256), type=Assessment)


def render_entry_summary(version: DeclarationVersion, *, rehearsal: bool = False) -> bytes:
    """The PDF of a version (PDF/UA-1), with its signature and receipt as far as they exist.

    `rehearsal` says on every page that nothing reaches a real authority. Raises Blob.DoesNotExist, BlobDamaged,
    NotPrinted.
    """
    signature = Signature.objects.filter(version=version).first()
    receipt = Receipt.objects.filter(version=version).first()
    return typeset(page_data(version, signature=signature, receipt=receipt, rehearsal=rehearsal), version)


def page_data(
    version: DeclarationVersion, *, signature: Signature | None, receipt: Receipt | None, rehearsal: bool
) -> dict[str, Any]:
    """Everything that the template prints."""
    document, assessment = contents(version)
    number = displayed(version.entry_number)
    form = blocks(
        document, assessment, entry_number=version.entry_number, signature=signature, receipt=receipt,
        version_number=version.number,
    )  # fmt: skip
    return {
        "notice": NOTICE,
        "title": f"Entry summary {number}, version {version.number}",
        "marks": marks(version, signature=signature, receipt=receipt, rehearsal=rehearsal),
        "digest": version.digest[:SHORT_DIGEST],
        "form": form,
        "closing_at_bottom": _closing_is_short(form),
        "duty": duty_statement(document, assessment),
        "attestation": attestation(version, signature=signature, receipt=receipt),
        "frozen": words.moment(version.created_at),
    }


def _closing_is_short(form: dict[str, Any]) -> bool:
    """Whether totals, declaration and filer fit the bottom of the first page; else they follow the lines."""
    told = sum(len(text) for key in CLOSING for text in form["blocks"][key]["value"])
    return told <= CLOSING_TEXT and len(form["other_fees"]) <= CLOSING_FEES


def typeset(data: dict[str, Any], version: DeclarationVersion) -> bytes:
    """The data on paper, set by a process of its own. Raises NotPrinted."""
    order = {
        "template": "entry_summary.typ", "data": for_page(data), "timestamp": int(version.created_at.timestamp()),
    }  # fmt: skip
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(TYPESETTER)],
            input=json.dumps(order).encode(), capture_output=True, timeout=TIME_LIMIT, check=True,
        )  # fmt: skip
    except subprocess.CalledProcessError as error:
        reason = error.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise NotPrinted(f"The entry summary could not be printed: {reason or 'no reason given'}") from error
    except subprocess.TimeoutExpired as error:
        raise NotPrinted("The entry summary could not be printed in time.") from error
    return done.stdout
