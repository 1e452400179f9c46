"""What is asked when somebody is invited or an organization is added."""

import re
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.accounts import roles
from portal.accounts.models import Organization, known_by
from portal.forms import FieldError, tidy_text
from portal.people.services import Person
from portal.personal import is_personal, mask

# What an importer's or broker's own people read beside each role.
ROLE_HINTS = {
    roles.IMPORTER_USER: _("Prepares, signs and sends declarations."),
    roles.IMPORTER_ADMIN: _("The same, and looks after the people on this page."),
}
# 19 CFR 24.5: the IRS number with its suffix, or the number given by customs. Social Security numbers are not kept.
IMPORTER_NUMBER = re.compile(r"([0-9]{2}-[0-9]{7}[A-Z0-9]{2}|[0-9]{6}-[0-9]{5})\Z")


def role_choices(kind: str) -> list[tuple[str, str, Any]]:
    """The roles of a kind of organization, with words and what they may do."""
    return [(role, roles.LABELS[role], ROLE_HINTS.get(role, "")) for role in roles.ROLES_OF_KIND[kind]]


class Line(forms.CharField):
    """One line of text, without what nobody sees."""

    def clean(self, value: Any) -> str:
        try:
            tidied = tidy_text(value, max=self.max_length or 200)
        except FieldError as error:
            raise forms.ValidationError(str(error)) from error
        return str(super().clean(tidied or ""))


class InvitationForm(forms.Form):
    """Who is invited, and as what."""

    first_name = Line(max_length=150, error_messages={"required": _("Give the first name.")})
    last_name = Line(max_length=150, error_messages={"required": _("Give the last name.")})
    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": _("Give the e-mail address they sign in with."),
            "invalid": _("Write the address like name@example.com."),
        },
    )
    title = Line(
        max_length=80,
        label=_("Title"),
        help_text=_("Their position, such as Import manager. It stands beside what they sign."),
        error_messages={"required": _("Give their position; it stands beside what they sign.")},
    )
    role = forms.ChoiceField(error_messages={"required": _("Choose what they may do.")}, widget=forms.RadioSelect)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role_choices = role_choices(kind)
        field = self.fields["role"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(role, words) for role, words, _hint in self.role_choices]

    def clean_email(self) -> str:
        """As people sign in: in lower case."""
        return str(self.cleaned_data["email"]).lower()

    @property
    def person(self) -> Person:
        """Whom the form names."""
        given = self.cleaned_data
        return Person(given["email"], given["first_name"], given["last_name"], given["title"])


class OfficersInvitationForm(InvitationForm):
    """The same at the officers' desk, into any organization in use."""

    organization = forms.ModelChoiceField(queryset=Organization.objects.none())
    field_order = ("organization", "role", "first_name", "last_name", "email", "title")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, kind=Organization.Kind.IMPORTER, **kwargs)
        places = Organization.objects.filter(is_active=True, sandbox_of=None).order_by("kind", "name", "pk")
        self.fields["organization"] = forms.ModelChoiceField(queryset=places)
        kinds = Organization.Kind
        groups = [
            (kinds(kind).label, [(role, roles.LABELS[role]) for role in held])
            for kind, held in roles.ROLES_OF_KIND.items()
        ]
        self.fields["role"] = forms.ChoiceField(choices=[("", "---------"), *groups])
        self.order_fields(self.field_order)


class OrganizationForm(forms.ModelForm):
    """An organization as an operator enters it, from its CBP Form 5106."""

    street = Line(max_length=70, required=False)
    city = Line(max_length=35, required=False)
    subdivision = Line(max_length=9, required=False, label=_("State or province"), help_text=_("Two letters, like CA."))
    postcode = Line(max_length=9, required=False)
    country = Line(max_length=2, required=False, initial="US", help_text=_("Two letters, like US."))
    contact_name = Line(max_length=70, required=False)
    contact_phone = Line(max_length=20, required=False)
    contact_email = forms.EmailField(max_length=254, required=False)

    class Meta:
        model = Organization
        fields = ("name", "kind", "importer_number", "on_file_since", "ach_set_up")
        labels: ClassVar[dict[str, str]] = {
            "on_file_since": "Form 5106 on file since", "ach_set_up": "ACH payment is set up",
        }  # fmt: skip
        help_texts: ClassVar[dict[str, str]] = {
            "importer_number": "NN-NNNNNNNXX, NNN-NN-NNNN, or YYDDPP-NNNNN as given by customs (19 CFR 24.5).",
            "on_file_since": "",
        }  # fmt: skip

    COLUMNS = Meta.fields
    ADDRESS = ("street", "city", "subdivision", "postcode", "country")
    CONTACT = ("name", "phone", "email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        row = kwargs.get("instance")
        if row is not None:
            known = {name: row.address.get(name, "") for name in self.ADDRESS}
            known |= {f"contact_{name}": row.contact.get(name, "") for name in self.CONTACT}
            if is_personal(row.importer_number):  # whoever corrects an address need not see it
                known["importer_number"] = mask(row.importer_number)
            kwargs["initial"] = {**known, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def clean_importer_number(self) -> str:
        """One of the forms of 19 CFR 24.5."""
        number = str(self.cleaned_data["importer_number"]).strip().upper()
        if number and number == self.initial.get("importer_number") == mask(self.instance.importer_number):
            return str(self.instance.importer_number)
        if number and not IMPORTER_NUMBER.match(number) and not is_personal(number):
            raise forms.ValidationError(
                "Use NN-NNNNNNNXX (IRS number), NNN-NN-NNNN (Social Security number) or YYDDPP-NNNNN (number given "
                "by customs)."
            )
        known = Organization.objects.filter(known_by(number), party=settings.PARTY, sandbox_of=None)
        if number and known.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Another organization has this number.")
        return number

    def clean_country(self) -> str:
        """Two letters."""
        found = str(self.cleaned_data["country"]).upper()
        if found and not re.fullmatch("[A-Z]{2}", found):
            raise forms.ValidationError("Two letters, like US.")
        return found

    def clean(self) -> dict[str, Any]:
        """An importer has the number that customs knows it by."""
        found = super().clean() or {}
        kind = found.get("kind") or self.instance.kind
        if kind == Organization.Kind.IMPORTER and found.get("importer_number") == "":
            self.add_error("importer_number", "An importer files under its number. Copy it from CBP Form 5106.")
        return found

    @property
    def facts(self) -> dict[str, Any]:
        """The columns as they are to be stored; the kind is fixed once people hold roles of it."""
        given = self.cleaned_data
        kept = {name: given[name] for name in self.COLUMNS if name in given}
        kept["address"] = {name: given[name] for name in self.ADDRESS if given[name]}
        contact = {name: given[f"contact_{name}"] for name in self.CONTACT}
        kept["contact"] = {name: value for name, value in contact.items() if value}
        return kept
