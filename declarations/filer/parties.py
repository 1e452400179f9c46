"""Questions about a firm or person: who, number, name, address, or the same as somebody named already."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from declarations.filer.questions import Header, Predicate, Question, always
from declarations.paths import at
from portal.forms import Words

OTHER = "other"
ROLE_WORDS: dict[str, Words] = {
    "importer": _("The importer of record"),
    "ultimate_consignee": _("The ultimate consignee"),
    "buyer": _("The buyer"),
    "seller": _("The seller"),
    "ship_to": _("The party the goods are delivered to"),
    "consolidator": _("The consolidator"),
    "exporter": _("The exporter"),
}


def number(base: str, *, needed: Predicate = always) -> Question:
    """The number under which customs knows a party."""
    return Question(
        f"{base}/id", _("Number at customs"),
        _("IRS number with its suffix, such as 12-345678900, or the number that customs gave."),
        "importer_number", width="medium", needed=needed, drops=needed is not always,
        opens_on=OTHER if needed is not always else "",
    )  # fmt: skip


def name_and_address(base: str, *, hint: Words = "", needed: Predicate = always) -> tuple[Question, ...]:
    """Name and postal address."""
    where = f"{base}/address"
    questions = (
        Question(f"{base}/name", _("Name"), hint, most=100, needed=needed),
        Question(f"{where}/street", _("Street and number"), most=100, needed=needed),
        Question(f"{where}/city", _("City"), most=60, width="lg", needed=needed),
        Question(f"{where}/subdivision", _("State or province"), _("Two letters in the United States, such as CA."),
                 "upper", most=9, width="small", needed=needed),
        Question(f"{where}/postcode", _("Postal code"), "", "upper", most=12, width="small", needed=needed),
        Question(f"{where}/country", _("Country"), _("Two letters or the name, such as CN or China."),
                 "combo", codes="countries", width="medium", needed=needed),
    )  # fmt: skip
    depends = needed is not always
    return tuple(replace(one, drops=depends, opens_on=OTHER if depends else "") for one in questions)


def same_as(base: str, label: Words, roles: tuple[str, ...], *, hint: Words = "") -> Question:
    """Is it a party named already? `other` opens name and address."""
    choices = tuple((role, ROLE_WORDS[role]) for role in roles)
    return Question(f"{base}/same_as", label, hint, "same", choices=(*choices, (OTHER, _("Somebody else"))))


def is_other(base: str) -> Predicate:
    """True while the party is not said to be the same as another one."""

    def needed(header: Header) -> bool:
        return not at(header, f"{base}/same_as")

    return needed


def shown_choice(party: Any) -> str:
    """What the choice shows: the role, `other` where the party is written out, nothing while unanswered."""
    if not isinstance(party, dict):
        return ""
    return str(party.get("same_as") or (OTHER if any(party.values()) else ""))
