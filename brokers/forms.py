"""What is asked when a mandate is written, in the words people use."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brokers.selectors import find_other
from brokers.services import Scope
from brokers.talks import MEANS
from brokers.terms import ACTIONS
from portal.accounts.models import Organization
from portal.codes.selectors import list_codes
from portal.forms import FieldError, tidy_date, tidy_decimal, tidy_text
from portal.people.forms import Line

AGENTS = (Organization.Kind.BROKER.value, Organization.Kind.PROVIDER.value)
IMPORTERS = (Organization.Kind.IMPORTER.value,)
MOST_PARTNERS = 50
HINTS = {
    "draft": _("The only thing besides sending that a service provider may do."),
    "prepare": _("Brokers only: a service provider does no customs business."),
    "sign": _("Brokers only. You can still sign yourself."),
    "cancel": _("Brokers only."),
}


class Day(Line):
    """A day, however people write it."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            found = tidy_date(text)
        except FieldError as error:
            raise forms.ValidationError(str(error)) from error
        return date.fromisoformat(found) if found else None


class Amount(Line):
    """An amount, however people write it."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            found = tidy_decimal(text)
        except FieldError as error:
            raise forms.ValidationError(str(error)) from error
        if found is None:
            return None
        amount = Decimal(found)
        if not 0 < amount < Decimal(10) ** 12 or amount != amount.quantize(Decimal("0.01")):
            raise forms.ValidationError(_("Write an amount above zero, in dollars and cents, like 50000 or 1234.50."))
        return amount


class TalkForm(forms.Form):
    """When and how the two sides spoke, with whom, about what."""

    on = Day(max_length=40, error_messages={"required": _("Give the day.")})
    means = forms.ChoiceField(widget=forms.RadioSelect, error_messages={"required": _("Choose how you spoke.")})
    whom = Line(max_length=120, error_messages={"required": _("Write with whom you spoke.")})
    words = forms.CharField(
        max_length=500, widget=forms.Textarea,
        error_messages={"required": _("Write in a few words what it was about.")},
    )  # fmt: skip

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = on.isoformat()
        self.means_choices = [(name, words.capitalize(), "") for name, words in MEANS.items()]
        self.fields["means"].choices = [(name, words) for name, words, _none in self.means_choices]  # type: ignore[attr-defined]

    def clean_words(self) -> str:
        try:
            return tidy_text(self.cleaned_data["words"], max=500) or ""
        except FieldError as error:
            raise forms.ValidationError(str(error)) from error


class MandateForm(forms.Form):
    """Between whom, for what, from when to when. The kinds are those of the other side."""

    other = Line(max_length=200)
    actions = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, error_messages={"required": _("Choose at least one thing.")}
    )
    document_types = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    ports = Line(required=False, max_length=400)
    value_limit = Amount(required=False, max_length=60)
    starts_on = Day(max_length=40, error_messages={"required": _("Give the first day.")})
    ends_on = Day(required=False, max_length=40)
    is_partnership = forms.BooleanField(required=False)
    partners = forms.CharField(required=False, max_length=4000, widget=forms.Textarea)

    def __init__(self, *args: Any, own: Organization, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = on.isoformat()
        self.own, self.on = own, on
        self.kinds = AGENTS if own.kind == Organization.Kind.IMPORTER else IMPORTERS
        self.action_choices = [
            (name, words.capitalize(), "" if own.kind in AGENTS else HINTS.get(name, ""))
            for name, words in ACTIONS.items()
            if name != "read" and (own.kind != Organization.Kind.PROVIDER or name in ("draft", "transmit"))
        ]
        self.type_choices = [(one.code, f"{one.code}: {one.name}", "") for one in list_codes("entry_types", on)]
        self.fields["actions"].choices = [(name, words) for name, words, _hint in self.action_choices]  # type: ignore[attr-defined]
        self.fields["document_types"].choices = [(code, words) for code, words, _none in self.type_choices]  # type: ignore[attr-defined]
        is_importer = own.kind == Organization.Kind.IMPORTER
        missing = _("Write who shall act for you.") if is_importer else _("Write for whom you ask to act.")
        self.fields["other"].error_messages["required"] = missing

    def clean_other(self) -> Organization:
        found = find_other(self.cleaned_data["other"], self.kinds)
        if found is None:
            raise forms.ValidationError(
                _("Nobody is found with exactly this name or reference. Ask them for their reference, like G1234….")
            )
        return found

    def clean_ports(self) -> tuple[str, ...]:
        wanted = self.cleaned_data["ports"].replace(",", " ").replace(";", " ").split()
        known = {one.code for one in list_codes("ports", self.on)}
        if strange := [one for one in wanted if one not in known]:
            raise forms.ValidationError(
                _("This is no port of entry: %(ports)s. Write the four digits, like 2704."),
                params={"ports": ", ".join(strange)},
            )
        return tuple(wanted)

    def clean_partners(self) -> tuple[str, ...]:
        lines = self.cleaned_data["partners"].splitlines()
        if len(lines) > MOST_PARTNERS:
            raise forms.ValidationError(_("Name at most 50 partners."))
        try:
            found = [tidy_text(line, max=120) for line in lines]
        except FieldError as error:
            raise forms.ValidationError(str(error)) from error
        return tuple(one for one in found if one)

    @property
    def scope(self) -> Scope:
        """What the mandate would cover, from a form without errors."""
        said = self.cleaned_data
        return Scope(
            actions=frozenset(said["actions"]), starts_on=said["starts_on"], ends_on=said["ends_on"],
            document_types=tuple(said["document_types"]), ports=said["ports"], value_limit=said["value_limit"],
            is_partnership=said["is_partnership"], partners=said["partners"],
        )  # fmt: skip
