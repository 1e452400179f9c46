"""What is asked when a webhook is added or replayed."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.gateway.outside import MAX_URL


class WebhookForm(forms.Form):
    """Where the feed goes, and which part of it. Whether the address may be called is the service's to say."""

    url = forms.CharField(max_length=MAX_URL, error_messages={"required": _("Give the address of your receiver.")})
    kinds = forms.CharField(max_length=1500, required=False)

    def clean_kinds(self) -> list[str]:
        """One by one, however they were separated."""
        return [one for one in re.split(r"[\s,;]+", str(self.cleaned_data["kinds"])) if one]


class ReplayForm(forms.Form):
    """The first event that is sent again."""

    seq = forms.IntegerField(
        error_messages={
            "required": _("Give the number of the first event to send."),
            "invalid": _("Write the number of an event in digits, such as 120."),
        }
    )
