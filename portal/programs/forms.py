"""What is asked when a program is added, changed, or given a new secret."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.api import DRAFT, FILE, READ
from portal.accounts.models import Organization
from portal.forms import FieldError, FieldView, tidy_date
from portal.programs.services import HOURS, LONGEST_NAME, may_give

Words = tuple[str, Any, Any]
SCOPE_WORDS: dict[str, tuple[Any, Any]] = {
    READ: (_("Read"), _("Reads declarations, answers of customs, events, mandates and the tariff.")),
    DRAFT: (
        _("Draft"),
        _("Tries declarations out, keeps drafts, and writes mandates for a person to sign. Nothing reaches customs."),
    ),
    FILE: (
        _("File"),
        _("Signs, sends, corrects, cancels and ends mandates. You answer for it as if you had signed yourself."),
    ),
}
PROVIDER_FILES = _("Sends on what importers have signed, cancels, and gives up mandates. It cannot sign.")
HOUR_WORDS = {
    0: _("Not at all: it ends now, with its tokens"),
    1: _("One hour"),
    24: _("One day"),
    72: _("Three days"),
    168: _("One week"),
}


class CredentialsForm(forms.Form):
    """The password again, and the code of the authenticator where there is one."""

    password = forms.CharField(max_length=200, widget=forms.PasswordInput, error_messages={
        "required": _("Give the password with which you signed in."),
    })  # fmt: skip
    code = forms.CharField(max_length=20, required=False)


class WishForm(CredentialsForm):
    """What a program may do, and until when."""

    scopes = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one thing that the program may do."),
            "invalid_choice": _("Choose from what is offered."),
        },
    )
    last_day = forms.CharField(max_length=40, error_messages={"required": _("Choose the last day.")})

    def __init__(self, *args: Any, choices: list[Words], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["scopes"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(value, label) for value, label, _hint in choices]

    def clean_last_day(self) -> date:
        """However people write a day."""
        try:
            return date.fromisoformat(str(tidy_date(self.cleaned_data["last_day"])))
        except FieldError as error:
            raise forms.ValidationError(str(error)) from error
        except ValueError as error:
            raise forms.ValidationError(_("Choose the last day.")) from error


class ProgramForm(WishForm):
    """A new program."""

    name = forms.CharField(max_length=LONGEST_NAME, error_messages={
        "required": _("Give the program a name."),
        "max_length": _("Use at most %(limit_value)d characters."),
    })  # fmt: skip
    place = forms.ChoiceField(
        widget=forms.RadioSelect, error_messages={"required": _("Choose for whom it acts.")}, required=False
    )
    field_order = ("name", "place", "scopes", "last_day", "password", "code")

    def __init__(self, *args: Any, places: list[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {one.reference: one for one in places}
        field = self.fields["place"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(reference, one.name) for reference, one in self.places.items()]
            field.required = len(places) > 1

    @property
    def chosen(self) -> Organization:
        """For whom it acts: the one there is where there is no choice."""
        return self.places.get(self.cleaned_data["place"]) or next(iter(self.places.values()))


class RotationForm(CredentialsForm):
    """How long the earlier secret holds beside the new one."""

    hours = forms.TypedChoiceField(
        coerce=int,
        choices=[(one, HOUR_WORDS[one]) for one in HOURS],
        initial=24,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how long the earlier secret holds.")},
    )
    field_order = ("hours", "password", "code")


def scope_choices(actor: Actor, organization: Organization, held: str = "") -> list[Words]:
    """The scopes that the actor may give a program, and those it has, with words."""
    found = []
    for scope, (label, hint) in SCOPE_WORDS.items():
        if may_give(scope, actor, organization) or scope in held.split():
            is_provider = organization.kind == Organization.Kind.PROVIDER
            found.append((scope, label, PROVIDER_FILES if is_provider and scope == FILE else hint))
    return found


def credential_fields(form: CredentialsForm, has_second: bool, hint: Any = "") -> list[FieldView]:
    """The password, and the code for those who have an authenticator."""
    found = [
        FieldView.of(
            form["password"], label=_("Your password"), width="xl", autocomplete="current-password",
            hint=hint or _("Given again: from now on you answer for what this program does."),
        )
    ]  # fmt: skip
    if has_second:
        code = FieldView.of(
            form["code"], label=_("Code of your authenticator"), width="small", inputmode="numeric",
            autocomplete="one-time-code",
        )  # fmt: skip
        found.append(code)
    return found


def hours_field(form: RotationForm) -> FieldView:
    """How long the earlier secret holds."""
    return FieldView.of(form["hours"], label=_("How long does the earlier secret hold?"))


def place_fields(form: ProgramForm) -> list[FieldView]:
    """For whom it acts, where there is a choice."""
    if len(form.places) < 2:
        return []
    hints = {True: _("For trying out: nothing reaches customs."), False: _("What it files counts.")}
    choices = [(key, one.name, hints[one.sandbox_of_id is not None]) for key, one in form.places.items()]
    return [FieldView.of(form["place"], label=_("For whom it acts"), choices=choices)]


def wish_fields(form: WishForm, choices: list[Words]) -> list[FieldView]:
    """What it may do, and the last day."""
    scopes = FieldView.of(
        form["scopes"], label=_("What it may do"), choices=choices, value=form["scopes"].value() or []
    )
    last = FieldView.of(
        form["last_day"], label=_("Last day"), kind="date", hint=_("At most two years ahead. You can change it later.")
    )
    return [scopes, last]
