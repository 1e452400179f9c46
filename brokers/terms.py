"""What a mandate can say: actions, and for each Party the form of the day with its legal source. Pure.

A form is a dated row: another Party, or another text from a day on, is another row and no branch in code.
"""

from datetime import date
from typing import NamedTuple

from portal.errors import DomainError

ACTIONS = {
    "draft": "start drafts with what the importer gave",
    "prepare": "prepare declarations (classify, value and complete them)",
    "sign": "sign declarations in the importer's name",
    "transmit": "send declarations to customs",
    "cancel": "ask customs to cancel declarations",
    "read": "read declarations and the answers of customs",
}
# Acts that file: what they file has to be within the limits, and what is not said is not within them.
FILING = frozenset({"sign", "transmit"})
IMPLIED = {"prepare": ("draft",)}
# A service bureau moves data and does no customs business: no classification, no value, no signature (19 CFR 143.1;
# the same by default for the other Parties).
ACTIONS_OF_KIND: dict[str, frozenset[str]] = {
    "broker": frozenset(ACTIONS),
    "provider": frozenset({"draft", "transmit", "read"}),
}


class Form(NamedTuple):
    """A form of mandate of a Party, from a day on."""

    id: str
    party: str
    name: str
    effective_from: date
    text: str
    law: str
    partnership_years: int | None
    payment_notice: str
    payment_law: str


class NoForm(DomainError):
    """No form of mandate is on record for the Party and day: a person must enter it, nothing is guessed."""

    code = "MANDATE_FORM_MISSING"


_SCOPE = (
    "for these acts: {actions}. It covers {types}, {ports} and {limit}. It begins on {starts} and {ends}.{partners} "
    "What {agent} lawfully does within these limits binds {principal}, which goes on filing itself as it likes and "
    "may revoke this mandate at any moment. It is given directly to {agent}, not through a forwarder or anybody else."
)
# Our own wording. The US form states what 19 CFR 141.32 and CBP Form 5291 ask for. The Canadian and Mexican texts wait
# for a reading by somebody who practises there; until then they hold only what the laws named beside them ask.
FORMS = (
    Form(
        id="US-POA-2026-11",
        party="US",
        name="Customs power of attorney",
        effective_from=date(2020, 7, 1),
        text="{principal} appoints {agent} as its agent and attorney before U.S. Customs and Border Protection, "
        + _SCOPE,
        law="19 CFR 111.36, 141.31 to 141.46; CBP Form 5291",
        # 19 CFR 141.34: a partnership's is limited to two years from its execution; others may be unlimited.
        partnership_years=2,
        # Our own wording of what 19 CFR 111.29(b) has a broker tell the importer, with the mandate and once a year.
        payment_notice=(
            "Paying {agent} does not discharge {principal} of what it owes customs: if {agent} does not pass the money "
            "on, {principal} still owes the duties, taxes and fees. {principal} may pay customs directly, or give a "
            "separate check payable to U.S. Customs and Border Protection, which {agent} delivers."
        ),
        payment_law="19 CFR 111.29(b)",
    ),
    Form(
        id="CA-AUTHORITY-2026-11",
        party="CA",
        name="Written authority of an agent",
        effective_from=date(2020, 7, 1),
        text="{principal} authorizes {agent} in writing to transact business with the Canada Border Services Agency, "
        + _SCOPE,
        law="Customs Act (Canada), section 10",
        partnership_years=None,
        payment_notice="",
        payment_law="",
    ),
    Form(
        id="MX-ENCARGO-2026-11",
        party="MX",
        name="Encargo conferido",
        effective_from=date(2020, 7, 1),
        text="{principal} entrusts {agent} with the dispatch of its goods before the Mexican customs authority, "
        + _SCOPE,
        law="Ley Aduanera, article 59, fraction III",
        partnership_years=None,
        payment_notice="",
        payment_law="",
    ),
)


def form_on(party: str, on: date) -> Form:
    """The form of a Party in force on a day. Raises NoForm."""
    found = [one for one in FORMS if one.party == party and one.effective_from <= on]
    if not found:
        raise NoForm(f"No form of mandate is on record for {party} on {on}.")
    return max(found, key=lambda one: one.effective_from)


def with_implied(actions: frozenset[str]) -> frozenset[str]:
    """The actions with those that they cannot be done without; who acts may always read what it acts on."""
    return actions | {"read"} | {more for one in actions for more in IMPLIED.get(one, ())}


def anniversary(day: date, years: int) -> date:
    """The same day some years later; 28 February for the one that is missing."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
