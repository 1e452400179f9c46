"""Days and origins as addresses of the tariff give them."""

from datetime import date

from django.conf import settings
from django.http import QueryDict
from django.utils import timezone

from portal.forms import FieldError, FieldView, Words, tidy_date
from portal.timezones import party_date


def today() -> date:
    """The day as the Party counts it."""
    return party_date(timezone.now(), settings.PARTY)


def day_asked(given: QueryDict, name: str, label: Words, usual: date) -> tuple[date, FieldView]:
    """The day of a field, `usual` where none is given or it cannot be read, and the field."""
    typed = given.get(name, "").strip()[:40]
    field = FieldView(name, label, kind="date", value=typed or usual.isoformat())
    try:
        found = tidy_date(typed)
    except FieldError as error:
        field.error = str(error)
        return usual, field
    field.value = found or field.value
    return date.fromisoformat(found) if found else usual, field
