"""What is asked of those who complain, and of the ombudsman who decides."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.complaints.models import Complaint
from portal.forms import FieldError, tidy_text


class Words(forms.CharField):
    """Text without what nobody sees; several lines where there is room for them."""

    def clean(self, value: Any) -> str:
        try:
            tidied = tidy_text(value, max=self.max_length or 200, multiline=isinstance(self.widget, forms.Textarea))
        except FieldError as error:
            raise forms.ValidationError(str(error)) from error
        return str(super().clean(tidied or ""))


class ComplaintForm(forms.Form):
    """What a trader complains of."""

    subject = Words(
        max_length=120,
        label=_("What is it about?"),
        help_text=_("In one line, such as: our declarations wait longer than others at the same port."),
        error_messages={"required": _("Say in one line what it is about.")},
    )
    words = Words(
        max_length=4000,
        widget=forms.Textarea,
        label=_("What happened?"),
        help_text=_("When, at which port, which entry numbers, and what you think was not equal."),
        error_messages={"required": _("Tell what happened.")},
    )


ROOM = forms.Textarea(attrs={"rows": 6, "cols": 90})


class DecisionForm(forms.Form):
    """What the ombudsman decides."""

    outcome = forms.ChoiceField(label="Outcome", choices=[("", "Choose one"), *Complaint.Outcome.choices])
    decision = Words(max_length=4000, widget=ROOM, label="Answer to the trader", help_text="With reasons, in full.")
    published = Words(
        max_length=1000,
        widget=ROOM,
        label="Outcome for everybody",
        help_text="Published on the parity page. Name nobody: no organization, person, entry number or day.",
    )
