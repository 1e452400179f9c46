"""How long tasks wait in the queue before a process of the worker takes them up."""

import threading
import time
from collections import Counter
from collections.abc import Callable

from celery import Celery
from kombu import pools

LIGHT = "declarations.tasks.apply_outcomes"  # a look at a table that is almost always empty


class Waiting:
    """Sends a light task every `pause` seconds while the block lasts, and hears when each is begun."""

    def __init__(self, broker: str, *, pause: float = 0.1) -> None:
        self.app = Celery("looker-on", broker=broker)
        self.pause = pause
        self.sent: dict[str, float] = {}
        self.begun: dict[str, float] = {}
        self.starts: Counter[str] = Counter()  # of any task, by its id
        self.over, self.heard_all, self.connected = threading.Event(), threading.Event(), threading.Event()
        self.threads = [threading.Thread(target=one, daemon=True) for one in (self._send, self._hear)]

    def __enter__(self) -> "Waiting":
        pools.reset()  # they outlive an app, and hold connections to a broker that another test has killed since
        until = time.monotonic() + 60
        while not self.app.control.enable_events(reply=True, timeout=0.5):  # a worker that starts hears it late
            assert time.monotonic() < until, "no worker answers"
        self.threads[1].start()
        assert self.connected.wait(10)
        self.threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.threads[0].join(30)
        self.heard_all.set()
        self.receiver.should_stop = True  # events come without a pause, so no time-out would end it
        self.threads[1].join(30)
        self.app.close()

    def _send(self) -> None:
        while not self.over.wait(self.pause):
            self.app.control.enable_events()  # for workers that came meanwhile
            moment = time.time()
            self.sent[self.app.send_task(LIGHT, queue="portal", ignore_result=True).id] = moment
        self._until(lambda: set(self.sent) <= set(self.begun), 20)

    def _hear(self) -> None:
        with self.app.connection() as connection:
            self.receiver = receiver = self.app.events.Receiver(connection, handlers={"task-started": self._note})
            receiver.on_consume_ready = lambda *_, **__: self.connected.set()
            while not self.heard_all.is_set():
                try:
                    receiver.capture(limit=None, timeout=0.5, wakeup=False)
                except TimeoutError:
                    continue

    def _note(self, event: dict) -> None:
        self.starts[event["uuid"]] += 1
        if event["uuid"] not in self.begun:
            self.begun[event["uuid"]] = event["timestamp"]

    @staticmethod
    def _until(done: Callable[[], bool], seconds: float) -> None:
        end = time.monotonic() + seconds
        while not done() and time.monotonic() < end:
            time.sleep(0.05)

    def seconds(self, share: float) -> float:
        """What so large a share of them waited at most. Every one that was sent must have been begun."""
        missing = set(self.sent) - set(self.begun)
        assert self.sent and not missing, f"{len(missing)} of {len(self.sent)} were never begun"
        waited = sorted(self.begun[one] - sent for one, sent in self.sent.items())
        return waited[min(len(waited) - 1, int(share * len(waited)))]
