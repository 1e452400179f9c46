"""Fields as pages show them, and what people type as we keep it.

A `FieldView` is one field of a page: `{% field view %}` renders it with label, hint and error tied to the
control. The `tidy_*` helpers take what people write (`$45,000`, `24 Nov 2026`, `8507.60.00 90`) and give the
plain form, or raise FieldError with words that say how to mend it. Empty input gives None.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.forms import BoundField
from django.forms import widgets as w
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError
from portal.money import MAX_DIGITS, is_decimal

Words = str | Promise
CLOCK_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]\Z", re.ASCII)
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", re.ASCII)
# Zero-width marks and signs that turn the direction of writing: nobody sees them, and they can mislead.
UNSEEN = frozenset("\u200b\ufeff\ufffe\uffff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


# Words of art, each in one plain sentence; `{% term %}` and the help page show them.
TERMS: dict[str, Words] = {
    "abi": _("The link over which filers send entries to CBP by computer and get the answers back."),
    "ace": _("The system in which CBP receives, checks and keeps everything that is filed."),
    "ach": _("Payment from your bank account, which CBP debits on the day your statement is due."),
    "additional duty": _(
        "A duty on top of the ordinary rate, for some goods or some countries; it has its own number in chapter 99."
    ),
    "antidumping duty": _("A duty on goods sold here below their fair price; it depends on the maker and the case."),
    "assist": _(
        "Something the buyer gives the maker free or at a reduced price, such as a mould; it adds to the value."
    ),
    "bill of lading": _("The carrier's document for your goods; its number ties your entry to the manifest."),
    "bond": _("The promise of a surety company to pay what you owe customs if you do not."),
    "carrier": _("The company that brings the goods to the border, known by its four-letter SCAC or airline code."),
    "cbp": _("U.S. Customs and Border Protection, the customs authority of the United States."),
    "certification of origin": _(
        "The statement by exporter, producer or importer that goods meet the rules of a trade agreement."
    ),
    "charges": _("Freight and insurance to bring the goods here; reported on their own and not part of the value."),
    "classification": _("Finding the one tariff number that describes your goods; it decides the rate."),
    "column 2": _("The higher rates for the few countries without normal trade relations, such as Cuba."),
    "continuous bond": _("One bond for all your entries, renewed every year until somebody ends it."),
    "countervailing duty": _("A duty that takes away the advantage of a subsidy paid to the maker abroad."),
    "country of origin": _("Where the goods were grown, made or last substantially changed; not where they left."),
    "customs broker": _("A person or firm licensed to file with customs for others."),
    "deposit": _("The estimated duty, taxes and fees, due within ten working days of entry; settled at liquidation."),
    "drawback": _("Getting duty back because the goods, or what was made from them, left the country again."),
    "entered value": _("The value on which duty is computed, in whole U.S. dollars for each line."),
    "entry": _("Asking customs to release goods that have arrived; the entry summary with the duty follows it."),
    "entry number": _("The number of your entry: your filer code, seven digits and a check digit."),
    "entry summary": _(
        "The full account of an entry, with values and duty (CBP Form 7501), due ten working days after entry."
    ),
    "entry type": _("Two digits for the kind of entry: 01 is goods for use here, 11 an informal entry."),
    "exam": _("Customs looks at the goods or scans them before it releases them; you pay for moving them."),
    "filer code": _("Three characters that CBP gives everyone who files; every entry number begins with them."),
    "foreign-trade zone": _("A guarded site in the country that counts as outside it for duty until goods leave."),
    "general rate": _("Column 1 general of the tariff: the ordinary rate, for most countries."),
    "harbor maintenance fee": _("A fee of 0.125 percent of the value on goods that arrive by ship at most ports."),
    "hold": _("Customs or another agency keeps the goods until a question is settled."),
    "hts number": _("The ten digits of the Harmonized Tariff Schedule that name your goods and give the rate."),
    "importer of record": _("Who answers for the entry and owes the duty, known by an importer number."),
    "in-bond": _("Goods that travel on to another port under bond before duty is paid."),
    "incoterm": _("Three letters, such as FOB, that say how far the seller pays and bears the risk."),
    "informal entry": _("A simpler entry for shipments of a small value, up to 2,500 dollars for most goods."),
    "liquidation": _("The day customs makes the duty final, usually 314 days after entry: no change, bill or refund."),
    "manifest": _("The carrier's list of what is on board; your bill of lading has to be on it."),
    "merchandise processing fee": _("A CBP fee of 0.3464 percent of the value, with a minimum and a maximum."),
    "mid": _("The code of the maker, built from its country, name, street number and city."),
    "partner agency": _("Another agency that controls some goods at the border, for example food or medicines."),
    "port of entry": _("Where you file for the goods, known by four digits."),
    "post-summary correction": _("Mending an entry summary that was accepted, until shortly before liquidation."),
    "power of attorney": _("Your signed leave for somebody else to deal with customs for you."),
    "preference": _("A lower rate, often free, for goods that qualify under a trade agreement or program."),
    "prior disclosure": _("Telling customs of a mistake before they find it, which lowers the penalty."),
    "protest": _("Your objection to a decision of customs, within 180 days of liquidation."),
    "quota": _("A limit on how much may come in at a low rate, or at all, in a period."),
    "rate date": _("The day whose rates apply to a line: normally the time of entry. Before entry it is an estimate."),
    "reconciliation": _("Filing now and settling a point such as the value later, within the time allowed."),
    "related parties": _("Buyer and seller linked by ownership, family or work; customs may look into the price."),
    "release": _("Customs lets the goods go; it can still ask for them back for a time."),
    "ruling": _("A written decision of CBP on how your goods are classified or treated, which binds it."),
    "self-filer": _("An importer who files its own entries under its own filer code, without a broker."),
    "single transaction bond": _("A bond for one entry only."),
    "special rate": _("Column 1 special of the tariff: what you pay under a trade agreement or program."),
    "statement": _("One list of what you owe for several entries, paid together on its due day."),
    "transaction value": _("The price paid or payable for the goods when sold for export here; the usual value."),
    "ultimate consignee": _("Who in the United States the goods are delivered to at the time of entry."),
    "unit of quantity": _("The measure in which the tariff wants the amount of a line, such as kg or number."),
    "your reference": _("Your own number for this filing; it goes on every message, so it can be found again."),
}


class FieldError(DomainError):
    """What was typed cannot be read; the text says how to mend it."""

    code = "FIELD"


class Option(NamedTuple):
    """One thing to choose, ready for the template."""

    id: str
    value: str
    label: Words
    hint: Words = ""
    chosen: bool = False
    group: Words = ""


@dataclass
class FieldView:
    """One field of a page. Choices are `(value, label)`, `(value, label, hint)` or `(group, [(value, label), ...])`."""

    name: str
    label: Words
    hint: Words = ""
    kind: str = "text"
    value: Any = ""
    error: Words = ""
    choices: Iterable[Any] = ()
    required: bool = False
    width: str = ""
    prefix: Words = ""
    suffix: Words = ""
    autocomplete: str = ""
    inputmode: str = ""
    rows: int = 3
    list_options: Iterable[Any] = ()
    lookup_url: str = ""
    term: str = ""

    @classmethod
    def of(cls, bound: BoundField, **changes: Any) -> "FieldView":
        """The view of a field of a Django form."""
        widget = bound.field.widget
        attrs = widget.attrs
        found: dict[str, Any] = {
            "name": bound.html_name,
            "label": bound.label,
            "hint": bound.help_text if "<" not in str(bound.help_text) else "",
            "kind": _kind_of(widget),
            "value": bound.value(),
            "error": " ".join(str(one) for one in bound.errors),
            "choices": list(getattr(widget, "choices", ())),
            "required": bound.field.required,
            "autocomplete": str(attrs.get("autocomplete", "")),
        }
        return cls(**{**found, **changes})

    @property
    def id(self) -> str:
        """The id of the control: what an error summary links to."""
        return f"id_{self.name}"

    @property
    def text(self) -> str:
        """The value as text; None is empty. Passwords are never given back."""
        return "" if self.value is None or self.kind == "password" else str(self.value)

    @property
    def input_type(self) -> str:
        """A date or time that is not yet one stays as text, so that nothing is typed twice."""
        if self.kind == "date":
            return "date" if not self.text or ISO_DATE.match(self.text) else "text"
        if self.kind == "time":
            return "time" if not self.text or CLOCK_TIME.match(self.text) else "text"
        return self.kind if self.kind in ("password", "email", "hidden") else "text"

    @property
    def mode(self) -> str:
        """Which keyboard a phone offers."""
        return self.inputmode or ("decimal" if self.kind == "decimal" else "")

    @property
    def completion(self) -> str:
        """What the browser may fill in."""
        if self.autocomplete:
            return self.autocomplete
        return {"password": "current-password", "combo": "off", "decimal": "off"}.get(self.kind, "")  # nosec B105

    @property
    def described_by(self) -> str:
        """Ids of all that explains the control, in reading order."""
        parts = (("hint", self.hint), ("error", self.error), ("prefix", self.prefix), ("suffix", self.suffix))
        return " ".join(f"{self.id}_{part}" for part, words in parts if words)

    @property
    def control_class(self) -> str:
        """Classes of a one-line control."""
        names = ["usa-input"]
        if self.width and not (self.prefix or self.suffix):
            names.append(f"usa-input--{self.width}")
        if self.error:
            names.append("usa-input--error")
        if self.kind == "decimal":
            names.append("portal-number")
        return " ".join(names)

    @property
    def is_group(self) -> bool:
        """Several controls under one legend."""
        return self.kind == "radio" or (self.kind == "checkbox" and bool(self.choices))

    @property
    def is_checked(self) -> bool:
        """State of a single check box."""
        return self.value is True or str(self.value).lower() in ("true", "on", "1", "yes")

    @property
    def options(self) -> list[Option]:
        """What can be chosen. The first has the id of the field, so that an error link finds a control."""
        chosen = {str(one) for one in self.value} if isinstance(self.value, list | tuple | set) else {self.text}
        found: list[Option] = []
        for choice in self.choices:
            group, rows = (choice[0], choice[1]) if isinstance(choice[1], list | tuple) else ("", [choice])
            for value, label, *rest in rows:
                number = len(found)
                own_id = f"{self.id}_{number}" if number else self.id
                hint = rest[0] if rest else ""
                found.append(Option(own_id, str(value), label, hint, str(value) in chosen, group))
        return found

    @property
    def needs_blank(self) -> bool:
        """A list that has no empty choice of its own, and nothing chosen from it yet, begins with one."""
        return not any(one.value == "" for one in self.options)

    @property
    def suggestions(self) -> list[tuple[str, Words]]:
        """Options of a combo: `(value, label)`; the label is empty where it says the same."""
        rows = (one if isinstance(one, list | tuple) else (one, "") for one in self.list_options)
        return [(str(value), "" if str(label) == str(value) else label) for value, label, *_rest in rows]


def tidy_decimal(text: str | None) -> str | None:
    """A plain decimal: `$12,345.50` becomes `12345.50`."""
    squeezed = " ".join(unicodedata.normalize("NFC", text or "").split())
    if not squeezed:
        return None
    if len(squeezed) > 60:
        raise FieldError(gettext("Use at most 15 digits in all."))
    body = re.sub(r"^(US\$|USD|\$)\s*|\s*USD$", "", squeezed.replace("\N{MINUS SIGN}", "-"), flags=re.IGNORECASE)
    body = re.sub(r"^-\s*\$?\s*", "-", body).removeprefix("+")
    if any(ch.isdigit() and not ch.isascii() for ch in body):
        raise FieldError(gettext("Write the number with the digits 0 to 9."))
    if re.fullmatch(r"-?[0-9.,]*[0-9]\.?[eE][+-]?[0-9]+", body):
        raise FieldError(gettext("Write the number out in full, without an exponent: 45000 instead of 4.5e4."))
    if re.fullmatch(r"-?[0-9]+(\.[0-9]{3})*,[0-9]{1,2}", body):
        raise FieldError(gettext("Write a point before the decimals, like 1234.50. A comma separates thousands."))
    if re.fullmatch(r"-?[0-9]{1,3}([, ][0-9]{3})+(\.[0-9]*)?", body):
        body = re.sub(r"[, ]", "", body)
    body = "0" + body if body.startswith(".") else body.removesuffix(".")
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", body, re.ASCII):
        raise FieldError(gettext("Write a number such as 1234.50, without letters or other signs."))
    return _plain_number(body)


def _plain_number(body: str) -> str:
    sign = "-" if body.startswith("-") else ""
    whole, point, fraction = body.lstrip("-").partition(".")
    whole = whole.lstrip("0") or "0"
    if len((whole + fraction).lstrip("0")) > MAX_DIGITS:
        raise FieldError(gettext("Use at most 15 digits in all."))
    number = sign + whole + point + fraction
    if not is_decimal(number):
        raise FieldError(gettext("Use at most 8 digits after the point."))
    return number


MONTHS = {
    name: place
    for place, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), start=1)
    for name in names.split()
}  # fmt: skip
FIRST_YEAR, LAST_YEAR = 1900, 2200  # of a date that can be meant
_DATE_FORMS = (
    re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})\Z", re.ASCII),
    re.compile(r"(?P<m>\d{1,2})[-/](?P<d>\d{1,2})[-/](?P<y>\d{4})\Z", re.ASCII),
    re.compile(r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[ -]?(?P<m>[a-z]+)\.?,?[ -]?(?P<y>\d{4})\Z", re.ASCII),
    re.compile(r"(?P<m>[a-z]+)\.? ?(?P<d>\d{1,2})(?:st|nd|rd|th)?(?:, ?| )(?P<y>\d{4})\Z", re.ASCII),
)
_TIME_FORM = re.compile(r"(?P<h>\d{1,2})(?:(?::(?P<m>\d{2}))(?P<half>am|pm)?|(?P<sole>am|pm))", re.ASCII)


def tidy_date(text: str | None) -> str | None:
    """An ISO date, from 2026-11-24, 11/24/2026, 24 Nov 2026 or Nov 24, 2026."""
    squeezed = " ".join((text or "").split()).lower()
    if not squeezed:
        return None
    match = next((found for found in (form.match(squeezed) for form in _DATE_FORMS) if found), None)
    if match is None:
        raise FieldError(gettext("Write the date with the year in four digits, like 24 Nov 2026 or 2026-11-24."))
    month = MONTHS.get(match["m"], 0) if match["m"].isalpha() else int(match["m"])
    try:
        found = date(int(match["y"]), month, int(match["d"]))
    except ValueError as error:
        raise FieldError(
            gettext("This day is not in the calendar. Write month, day and year, like 11/24/2026.")
        ) from error
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        words = gettext("Check the year: it lies between %(first)d and %(last)d, like 2026.")
        raise FieldError(words % {"first": FIRST_YEAR, "last": LAST_YEAR})
    return found.isoformat()


def tidy_time(text: str | None) -> str | None:
    """Hours and minutes on the clock of 24 hours, from 14:30, 2:30 pm, 2:30 p.m. or 2 pm."""
    squeezed = re.sub(r"[\s.]", "", text or "").lower()
    if not squeezed:
        return None
    found = _TIME_FORM.fullmatch(squeezed)
    if found is None:
        raise FieldError(gettext("Write the time in hours and minutes, like 14:30 or 2:30 pm."))
    hours, minutes, half = int(found["h"]), int(found["m"] or 0), found["half"] or found["sole"]
    if minutes > 59 or not (1 <= hours <= 12 if half else hours <= 23):
        raise FieldError(gettext("There is no such time of day. It runs from 00:00 to 23:59, or to 11:59 pm."))
    if half:
        hours = hours % 12 + (12 if half == "pm" else 0)
    return f"{hours:02}:{minutes:02}"


def tidy_hts(text: str | None) -> str | None:
    """Digits of a tariff number: `8507.60.00 90` becomes `8507600090`."""
    squeezed = re.sub(r"[\s.\-]", "", text or "")
    if not squeezed:
        return None
    if not re.fullmatch(r"[0-9]+", squeezed, re.ASCII):
        raise FieldError(gettext("A tariff number has digits and dots only, like 8507.60.00.90."))
    if not 4 <= len(squeezed) <= 10 or len(squeezed) % 2:
        raise FieldError(gettext("A tariff number has 10 digits (8 in chapters 98 and 99), like 8507.60.00.90."))
    return squeezed


def tidy_text(text: str | None, max: int = 200, *, multiline: bool = False) -> str | None:
    """Normal form C, without invisible control characters, blanks squeezed and trimmed."""
    found = unicodedata.normalize("NFC", (text or "").replace("\r\n", "\n").replace("\r", "\n"))
    lines = [" ".join(_visible(line).split()) for line in found.split("\n")]
    found = "\n".join(lines).strip() if multiline else " ".join(" ".join(lines).split())
    if len(found) > max:
        raise FieldError(
            gettext("Use at most %(max)d characters; this has %(length)d.") % {"max": max, "length": len(found)}
        )
    return found or None


def _visible(text: str) -> str:
    kept = (ch for ch in text if ch.isspace() or not (unicodedata.category(ch) in ("Cc", "Cs") or ch in UNSEEN))
    return "".join(" " if ch.isspace() else ch for ch in kept)


def _kind_of(widget: Any) -> str:
    table = (
        (w.CheckboxSelectMultiple, "checkbox"), (w.RadioSelect, "radio"), (w.CheckboxInput, "checkbox"),
        (w.Select, "select"), (w.Textarea, "textarea"), (w.PasswordInput, "password"), (w.HiddenInput, "hidden"),
        (w.EmailInput, "email"), (w.DateInput, "date"),
    )  # fmt: skip
    return next((kind for cls, kind in table if isinstance(widget, cls)), "text")
