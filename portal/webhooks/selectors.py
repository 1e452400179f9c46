"""What the pages of webhooks read."""

from typing import NamedTuple

from django.db.models import Max, Q, QuerySet

from portal.accounts.models import Organization
from portal.webhooks.models import Webhook, WebhookAttempt

TEST = "webhook.test"


class Listed(NamedTuple):
    """A webhook and its latest attempt, where there was one."""

    webhook: Webhook
    tried: WebhookAttempt | None


def webhooks_of(organization: Organization) -> list[Listed]:
    """All of them, in the order they were added."""
    rows = Webhook.objects.filter(organization=organization).annotate(latest=Max("tries__pk")).order_by("pk")
    tries = WebhookAttempt.objects.in_bulk([one.latest for one in rows if one.latest])
    return [Listed(one, tries.get(one.latest)) for one in rows]


def find_webhook(organization: Organization, reference: str) -> Webhook | None:
    """The organization's own webhook; None for everybody else's."""
    return Webhook.objects.filter(organization=organization, reference=reference).first()


def latest_tries(webhook: Webhook, limit: int = 20) -> QuerySet[WebhookAttempt]:
    """The newest attempts."""
    return WebhookAttempt.objects.filter(webhook=webhook).order_by("-pk")[:limit]


def wanted_by(webhook: Webhook) -> Q:
    """Which events it is sent: the chosen kinds and its own tests, or all where none is chosen."""
    if not webhook.kinds:
        return Q()
    wanted = Q(kind=TEST, reference=webhook.reference)
    for kind in webhook.kinds:
        wanted |= Q(kind__startswith=kind[:-1]) if kind.endswith("*") else Q(kind=kind)
    return wanted
