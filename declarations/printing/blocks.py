"""An entry summary by the block numbers of CBP Form 7501 (02/26). Pure: frozen values in, a plain dict out."""

from typing import Any

from declarations.assessment import Assessment
from declarations.document import Document
from declarations.models import Receipt, Signature
from declarations.printing.header import (
    bills_of,
    block,
    closing_blocks,
    displayed,
    entry_blocks,
    movement_blocks,
    other_fees,
    party_blocks,
    total_blocks,
)
from declarations.printing.lines import line_blocks

LINE_BLOCKS = ("31", "32", "33", "34", "35", "36", "37", "38")


def blocks(
    document: Document,
    assessment: Assessment,
    *,
    entry_number: str,
    signature: Signature | None,
    receipt: Receipt | None,
    version_number: int,
) -> dict[str, Any]:
    """Every block with its caption and its lines of text, the goods line by line, and the other fee summary.

    `blocks` is keyed `"1"` to `"47"`; 21 to 24 are one block, since their parting is not known, and 31 to 38 have
    captions only: their content is in `lines`. What is not given is an empty list, never a word of ours.
    """
    number = entry_number or (document.entry_number.compact if document.entry_number else "")
    fees = other_fees(assessment)
    return {
        "entry_number": displayed(number),
        "version": version_number,
        "blocks": {
            **entry_blocks(document, entry_number=number, receipt=receipt),
            **movement_blocks(document),
            **party_blocks(document),
            **{key: block(key) for key in LINE_BLOCKS},
            **total_blocks(document, assessment),
            **closing_blocks(document, entry_number=number, signature=signature, receipt=receipt),
        },
        "lines": line_blocks(document, assessment),
        "bills": bills_of(document),
        "other_fees": fees,
        "currency": assessment.currency,
    }
