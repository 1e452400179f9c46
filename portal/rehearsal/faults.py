"""Faults by chance, for all messages that follow: what the network and a tired authority do to a portal."""

import random
import threading
from collections.abc import Mapping
from decimal import Decimal

from portal.rehearsal.scripts import Turn

CHANCES = ("lose_ack", "refuse", "garbage", "unknown", "duplicate", "reorder", "late", "error_5xx")
LONGEST_WAIT = Decimal(120)


class Faults:
    """The chance of each fault, one seeded source of luck, and how slowly the door answers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._chances: dict[str, Decimal] = {}
        self._slow = Decimal(0)
        self._luck = random.Random()  # noqa: S311  (repeatable luck is wanted here, not secrecy)

    def set(self, wanted: Mapping[str, object]) -> None:
        """These faults and no others happen from now on; unknown names and impossible chances are refused."""
        numbers = {name: _number(name, value) for name, value in wanted.items()}
        for name, number in numbers.items():
            if name in CHANCES and not 0 <= number <= 1:
                raise ValueError(f"{name} is a chance between 0 and 1")
            if name not in (*CHANCES, "slow_seconds", "seed"):
                raise ValueError(f"unknown fault {name}")
        slow = numbers.get("slow_seconds", Decimal(0))
        if not 0 <= slow <= LONGEST_WAIT:
            raise ValueError(f"slow_seconds is between 0 and {LONGEST_WAIT}")
        with self._lock:
            self._chances = {name: number for name, number in numbers.items() if name in CHANCES}
            self._slow = slow
            if "seed" in numbers:
                self._luck.seed(int(numbers["seed"]))

    def current(self) -> dict[str, str]:
        """What is set, as text."""
        with self._lock:
            return {name: str(number) for name, number in (*self._chances.items(), ("slow_seconds", self._slow))}

    def strikes(self, name: str) -> bool:
        """True where this fault happens now."""
        with self._lock:
            chance = self._chances.get(name, Decimal(0))
            return bool(chance) and Decimal(self._luck.random()) < chance

    def slow_milliseconds(self) -> int:
        """How much later than usual the door answers."""
        with self._lock:
            return int(self._slow * 1000)

    def turn(self) -> Turn:
        """What the door does with one message: usually nothing special."""
        if self.strikes("error_5xx"):
            with self._lock:
                processed = self._luck.random() < 0.5
            return Turn(500) if processed else Turn(502, processed=False)
        if self.strikes("lose_ack"):
            return Turn(dropped=True)
        return Turn()

    def place(self, count: int) -> int:
        """A random place in a row of `count`."""
        with self._lock:
            return self._luck.randrange(count)


def _number(name: str, value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError(f"{name} must be a number")
    return Decimal(value)
