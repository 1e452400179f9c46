"""Quotas of the API: by the volume tier of an organization, never by who it is (USMCA 7.20.1).

Requests are counted in the cache by the minute and the organization. Where the cache does not answer,
nothing is counted and requests go on: a filing matters more than its count.
"""

import json
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

import structlog
from django.conf import settings
from django.core.cache import caches
from django.utils.connection import ConnectionProxy

from portal.accounts.models import Organization
from portal.errors import DomainError

log = structlog.get_logger(__name__)
MINUTE = 60
cache = ConnectionProxy(caches, "counts")


class TooManyRequests(DomainError):
    """The quota of this minute is used up."""

    code = "TOO_MANY_REQUESTS"
    status = 429

    def __init__(self, quota: "Quota") -> None:
        words = "Your quota of {limit} requests a minute is used up. Wait {reset} seconds."
        said = {"limit": quota.limit, "reset": quota.reset}
        super().__init__(words.format(**said), template=words, **said)
        self.quota = quota


class Quota(NamedTuple):
    """What an organization may still ask for: its limit, what is left, seconds until it begins anew."""

    limit: int
    left: int
    reset: int

    def headers(self) -> dict[str, str]:
        """As headers of an answer."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.left),
            "RateLimit-Reset": str(self.reset),
        }


def count_request(organization: Organization, *, now: datetime) -> Quota:
    """The request is counted; gives what is left. Raises TooManyRequests."""
    limit = quota_of(organization.tier)
    second = int(now.timestamp())
    reset = MINUTE - second % MINUTE
    key = f"quota:{organization.pk}:{second // MINUTE}"
    try:
        cache.add(key, 0, timeout=2 * MINUTE)
        used = cache.incr(key)
    except Exception as error:  # whatever a cache backend raises when it is away
        log.warning("requests are not counted: the cache does not answer", error=type(error).__name__)
        return Quota(limit, limit, reset)
    quota = Quota(limit, max(0, limit - used), reset)
    if used > limit:
        raise TooManyRequests(quota)
    return quota


def quota_now(organization: Organization, *, now: datetime) -> Quota | None:
    """What is left of this minute, counting nothing; None where the cache does not answer."""
    limit, second = quota_of(organization.tier), int(now.timestamp())
    try:
        used = cache.get(f"quota:{organization.pk}:{second // MINUTE}") or 0
    except Exception as error:  # as above
        log.warning("the quota cannot be read: the cache does not answer", error=type(error).__name__)
        return None
    return Quota(limit, max(0, limit - used), MINUTE - second % MINUTE)


def quota_of(tier: str) -> int:
    """Requests a minute of a volume tier; an unknown tier has the smallest."""
    tiers = _tiers(settings.API_QUOTA_BY_TIER)
    return tiers.get(tier, min(tiers.values()))


@lru_cache(maxsize=4)
def _tiers(text: str) -> dict[str, int]:
    return {str(name): int(limit) for name, limit in json.loads(text).items()}
