"""The words that a declarant signs, dated; a signature keeps the words themselves and their id."""

from datetime import date
from typing import NamedTuple


class Statement(NamedTuple):
    """Words in force from a day on, with their legal source."""

    id: str
    effective_from: date
    text: str
    law: str


# Our own wording of what 19 CFR 141.19 and the declaration block of CBP Form 7501 have the declarant state.
STATEMENTS = (
    Statement(
        id="US-141.19-2026-11",
        effective_from=date(2020, 7, 1),
        text=(
            "I declare that I am {capacity}; that the goods were obtained {obtained}; that the prices in the invoices "
            "and in this declaration are true; that all statements in the documents filed with it fully disclose, to "
            "the best of my knowledge and belief, the true prices, values, quantities, rebates, drawbacks, fees, "
            "commissions and royalties; that all goods or services provided to the seller free or at reduced cost are "
            "fully disclosed; and that I will at once give the customs officer any information that shows a "
            "different state of facts."
        ),
        law="19 CFR 141.19; 19 U.S.C. 1484, 1485; CBP Form 7501, declaration",
    ),
)
CAPACITIES = {
    "importer_of_record": "the importer of record, and the actual owner, purchaser or consignee for customs purposes",
    "agent": "the agent of the importer of record, acting under its written authority",
}
OBTAINED = {
    "purchase": "by a purchase or an agreement to purchase, and the prices are the ones paid or agreed",
    "otherwise": "otherwise than by a purchase, and the values are stated to the best of my knowledge and belief",
}


def statement_on(on: date) -> Statement:
    """The words in force on a day."""
    return max((one for one in STATEMENTS if one.effective_from <= on), key=lambda one: one.effective_from)


def words_of(statement: Statement, *, capacity: str | None, obtained_by: str | None) -> str:
    """The statement in full, with the two choices of the declarant filled in."""
    return statement.text.format(
        capacity=CAPACITIES.get(capacity or "", "…"), obtained=OBTAINED.get(obtained_by or "", "…")
    )
