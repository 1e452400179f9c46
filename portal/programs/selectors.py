"""What the pages of programs read."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from portal.accounts.models import Client, Organization
from portal.parameters.selectors import value_of
from portal.programs.models import ApiTraffic
from portal.programs.services import has_two_secrets
from portal.timezones import party_date

HOUR = timedelta(hours=1)
SHOWN_HOURS = 24
OPEN, ENDING, EXPIRED, CLOSED, UNSIGNED = "open", "ending", "expired", "closed", "unsigned"


class Listed(NamedTuple):
    """A program, how it stands, and whether two secrets hold."""

    program: Client
    state: str
    two_secrets: bool


class Times(NamedTuple):
    """How long answers took: the middle one took at most `middle` ms (None: longer than is told apart)."""

    total: int
    middle: int | None
    longest: int


class OperationTraffic(NamedTuple):
    """One operation in the time that is shown."""

    name: str
    times: Times
    refused: int


class Hour(NamedTuple):
    """One hour: answered with 2xx or 3xx, refused with 4xx or 5xx."""

    at: datetime
    answered: int
    refused: int


class Traffic(NamedTuple):
    """What a program asked for in the last hours, and what it was answered."""

    hours: list[Hour]
    operations: list[OperationTraffic]
    errors: list[tuple[int, str, int]]
    times: Times

    @property
    def refused(self) -> int:
        """How many were refused."""
        return sum(one.refused for one in self.hours)


def places_of(organization: Organization) -> list[Organization]:
    """The organization, and its sandbox where it has one: programs of both are looked after together."""
    return [organization, *Organization.objects.filter(sandbox_of=organization, is_active=True)]


def programs_of(organization: Organization, now: datetime) -> list[Listed]:
    """All of them: open ones first, in the order they were added."""
    rows = Client.objects.filter(organization__in=places_of(organization)).order_by("pk")
    rows = rows.select_related("signatory", "organization__sandbox_of")
    found = [listed(one, now) for one in rows]
    return sorted(found, key=lambda one: one.state == CLOSED)


def find_program(organization: Organization, client_id: str) -> Client | None:
    """The organization's own program, or its sandbox's; None for everybody else's."""
    rows = Client.objects.select_related("signatory", "organization__sandbox_of")
    return rows.filter(organization__in=places_of(organization), client_id=client_id).first()


def ending_soon(organization: Organization, now: datetime) -> list[Client]:
    """Open programs that end within the time of notice, the first to end first."""
    soon = now + notice_time(party_date(now, organization.party), organization.party)
    rows = Client.objects.filter(organization__in=places_of(organization), closed_at=None)
    return list(rows.filter(expires_at__gt=now, expires_at__lte=soon).order_by("expires_at", "pk"))


def notice_time(on: date, party: str) -> timedelta:
    """How long before its end a program is told of. Raises ParameterMissing."""
    return timedelta(days=int(value_of("program_notice_days", on, party=party)))


def listed(program: Client, now: datetime) -> Listed:
    """The program with its state."""
    return Listed(program, _state(program, now), has_two_secrets(program, now))


def traffic_of(program: Client, now: datetime) -> Traffic:
    """The last 24 hours, the one that runs included."""
    last = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    first = last - (SHOWN_HOURS - 1) * HOUR
    rows = list(ApiTraffic.objects.filter(client=program, hour__gte=first, hour__lte=last))
    by_hour: Counter[tuple[datetime, bool]] = Counter()
    errors: Counter[tuple[int, str]] = Counter()
    by_operation: dict[str, list[ApiTraffic]] = defaultdict(list)
    for one in rows:
        by_hour[one.hour, one.status >= 400] += one.count
        by_operation[one.operation].append(one)
        if one.status >= 400:
            errors[one.status, one.code] += one.count
    hours = [first + place * HOUR for place in range(SHOWN_HOURS)]
    operations = [
        OperationTraffic(name, _times(found), sum(one.count for one in found if one.status >= 400))
        for name, found in by_operation.items()
    ]
    return Traffic(
        [Hour(one, by_hour[one, False], by_hour[one, True]) for one in hours],
        sorted(operations, key=lambda one: (-one.times.total, one.name)),
        [(status, code, number) for (status, code), number in errors.most_common()],
        _times(rows),
    )


def _times(rows: Iterable[ApiTraffic]) -> Times:
    bands: Counter[int] = Counter()
    longest = 0
    for one in rows:
        bands[one.band] += one.count
        longest = max(longest, one.max_ms)
    total, seen = sum(bands.values()), 0
    for band in sorted(bands, key=lambda one: one or 1_000_000_000):
        seen += bands[band]
        if 2 * seen >= total:
            return Times(total, band or None, longest)
    return Times(0, None, 0)


def _state(program: Client, now: datetime) -> str:
    if program.closed_at is not None:
        return CLOSED
    if program.expires_at is not None and program.expires_at <= now:
        return EXPIRED
    signatory, organization = program.signatory, program.organization
    if signatory is None or organization is None or not signatory.roles_in(organization):
        return UNSIGNED
    if program.expires_at is None:
        return OPEN
    notice = notice_time(party_date(now, organization.party), organization.party)
    return ENDING if program.expires_at <= now + notice else OPEN
