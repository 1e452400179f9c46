"""What is read of law changes."""

from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, F, Q, QuerySet

from audits.remedies.change import DUTY_EFFECTS, Change
from audits.remedies.flow import State
from audits.remedies.interest import Quarter
from audits.remedies.models import InterestRate, LawChange, LawChangeResult
from declarations.flow import Filing
from declarations.models import DeclarationVersion
from declarations.standing import Legal
from declarations.tariff.models import TradeMeasure
from portal.accounts.models import Organization
from portal.money import ZERO

OUT_OF_FORCE = (Legal.REJECTED.value, Legal.CANCELLED.value)


class Sums(NamedTuple):
    """What the results of a change add up to, in dollars. Refunds and the interest on them are positive here."""

    changed: int
    failed: int
    refunds: Decimal
    bills: Decimal
    interest_on_refunds: Decimal
    interest_on_bills: Decimal


def change_of(row: LawChange) -> Change:
    """The change as a value."""
    return Change(
        effect=row.effect,
        authorities=frozenset(row.authorities),
        headings=frozenset(row.headings),
        rate=row.rate,
        first=row.first,
        last=row.last,
    )


def in_force() -> QuerySet[DeclarationVersion]:
    """Versions that stand filed: the live ones, neither rejected nor cancelled by customs, nor of a sandbox."""
    rows = DeclarationVersion.objects.filter(
        declaration__live_version=F("pk"), declaration__filing=Filing.SUBMITTED.value, submitted_at__isnull=False,
        filer__sandbox_of=None, declaration__importer__sandbox_of=None,
    )  # fmt: skip
    return rows.exclude(declaration__legal__in=OUT_OF_FORCE)


def quarters() -> list[Quarter]:
    """Interest rates held."""
    return [
        Quarter(one.kind, one.rate, one.effective_from, one.effective_to, certain=not one.certainty)
        for one in InterestRate.objects.order_by("kind", "effective_from")
    ]


def sums_of(change: LawChange) -> Sums:
    """Counts and sums over the results; the database adds whole rows up, no rate or share is applied there."""
    results = LawChangeResult.Outcome
    found = change.results.aggregate(
        changed=Count("pk", filter=Q(outcome=results.CHANGED)),
        failed=Count("pk", filter=Q(outcome=results.FAILED)),
    )
    amounts = change.results.filter(outcome=results.CHANGED).values_list("difference", "interest")
    refunds = bills = on_refunds = on_bills = ZERO
    for difference, grown in amounts.iterator(chunk_size=2000):
        refunds -= min(difference or ZERO, ZERO)
        bills += max(difference or ZERO, ZERO)
        on_refunds -= min(grown or ZERO, ZERO)
        on_bills += max(grown or ZERO, ZERO)
    return Sums(found["changed"], found["failed"], refunds, bills, on_refunds, on_bills)


def results_for(organization: Organization) -> QuerySet[LawChangeResult]:
    """Published results that concern an importer, the newest change first."""
    rows = LawChangeResult.objects.filter(
        importer=organization, change__state=State.PUBLISHED.value, outcome=LawChangeResult.Outcome.CHANGED
    )
    return rows.select_related("change", "declaration").order_by("-change__published_at", "pk")


def known_authorities() -> list[str]:
    """Authorities of which duties are held: a law of which there are hints only has nothing to compute."""
    return sorted(set(_duties().values_list("authority", flat=True).distinct()))


def known_headings(among: Collection[str]) -> set[str]:
    """Those of some headings of chapter 99 under which a duty is held."""
    return set(_duties().filter(heading__in=list(among)).values_list("heading", flat=True))


def _duties() -> QuerySet[TradeMeasure]:
    return TradeMeasure.objects.filter(effect__in=DUTY_EFFECTS)
