"""A cache that goes on without Redis: what must be remembered is then remembered by each process for itself.

Sign-in counts guesses and marks codes as used in the cache. With Redis away that must neither stop people from signing
in nor let codes be guessed without end, so the memory of the process stands in until Redis answers again. Quotas
of the API do otherwise (portal/limits.py): without Redis nothing is counted there.
"""

import time
from typing import Any

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import TimeoutError as RedisSilent

log = structlog.get_logger(__name__)
ASK_AGAIN_AFTER = 5.0  # seconds, so that not every request waits for what does not answer
_away: dict[str, float] = {"until": 0.0}


class SteadyCache(RedisCache):
    """Redis; where it does not answer, the memory of this process for some seconds."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._own = LocMemCache("steady", {})

    def add(self, *given: Any, **named: Any) -> Any:
        """As in any cache, and so are the others."""
        return self._ask("add", given, named)

    def get(self, *given: Any, **named: Any) -> Any:
        """As above."""
        return self._ask("get", given, named)

    def set(self, *given: Any, **named: Any) -> Any:
        """As above."""
        return self._ask("set", given, named)

    def touch(self, *given: Any, **named: Any) -> Any:
        """As above."""
        return self._ask("touch", given, named)

    def delete(self, *given: Any, **named: Any) -> Any:
        """As above."""
        return self._ask("delete", given, named)

    def get_many(self, *given: Any, **named: Any) -> Any:
        """As above."""
        return self._ask("get_many", given, named)

    def set_many(self, *given: Any, **named: Any) -> Any:
        """As above."""
        return self._ask("set_many", given, named)

    def delete_many(self, *given: Any, **named: Any) -> Any:
        """As above."""
        return self._ask("delete_many", given, named)

    def has_key(self, *given: Any, **named: Any) -> Any:
        """As above."""
        return self._ask("has_key", given, named)

    def incr(self, *given: Any, **named: Any) -> Any:
        """As above."""
        return self._ask("incr", given, named)

    def clear(self) -> Any:
        """As above."""
        return self._ask("clear", (), {})

    def _ask(self, name: str, given: tuple[Any, ...], named: dict[str, Any]) -> Any:
        if time.monotonic() >= _away["until"]:
            try:
                return getattr(super(), name)(*given, **named)
            except (RedisAway, RedisSilent) as error:
                _away["until"] = time.monotonic() + ASK_AGAIN_AFTER
                log.warning("the cache does not answer: this process remembers by itself", error=type(error).__name__)
        return getattr(self._own, name)(*given, **named)
