"""Every look-up of a parameter states its day."""

from datetime import date

from django.db.models import Q

from portal.errors import DomainError
from portal.parameters.models import Parameter


class ParameterMissing(DomainError):
    """No value is on record for the Party and day: a person must enter it, nothing is guessed."""

    code = "PARAMETER_MISSING"


def value_of(name: str, on: date, *, party: str = "US") -> str:
    """The value in force on a day. Raises ParameterMissing."""
    found = find_value(name, on, party=party)
    if found is None:
        raise ParameterMissing(f"No value of {name!r} for {party} on {on}.")
    return found


def find_value(name: str, on: date, *, party: str = "US") -> str | None:
    """The value in force on a day, or None."""
    rows = Parameter.objects.filter(party=party, name=name, effective_from__lte=on)
    row = rows.filter(Q(effective_to=None) | Q(effective_to__gte=on)).order_by("-effective_from").first()
    return row.value if row else None
