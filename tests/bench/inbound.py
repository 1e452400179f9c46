"""A declaration that comes as XML: read into a document, beside parsing it and holding it against the schema.

The floor is what lxml does in C with our own profile of the message, compiled once; reading finds every member again.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from lxml import etree

from declarations.messages import registry
from declarations.messages.wco_read import decode_declaration
from portal.gateway.models import OutboundMessage
from portal.records.services import read_bytes
from tests.bench.filings import keep, payload, prepare, sign, submit
from tests.bench.meter import median, spent_on, spread
from tests.bench.report import Row
from tests.makers import make_actor

GROUP = "Inbound XML (CPU ms a declaration)"


def rows(*, rounds: int) -> list[Row]:
    made = []
    entry = registry.entry_for("US", "declaration", date(2026, 11, 24))
    schema = registry._compiled(tuple((space, registry.HERE / name) for space, name in entry.files))
    for lines, times in ((10, 20), (999, 1)):
        raw = filed_message(lines)
        if faults := schema.faults(etree.fromstring(raw)):
            raise RuntimeError(f"the message of the benchmark does not fit the schema: {faults[:3]}")
        floor = _cost(lambda raw=raw: schema.faults(etree.fromstring(raw)), rounds, times)
        read = _cost(lambda raw=raw: decode_declaration(raw), rounds, times)
        made += [
            Row(GROUP, f"parse and hold against the schema, {lines} lines", median(floor), "ms CPU", spread(floor)),
            Row(GROUP, f"read into a document, {lines} lines", median(read), "ms CPU", spread(read)),
            Row(GROUP, f"R10 declarations/s, read / floor, {lines} lines", median(floor) / median(read), "x", bar=0.5,
                at_least=True),
        ]  # fmt: skip
    return made


def filed_message(lines: int) -> bytes:
    """What the portal sent for a declaration of so many lines."""
    actor = make_actor()
    version = prepare(actor, keep(actor, payload(actor, lines)))
    sign(actor, version)
    submit(actor, version)
    return read_bytes(OutboundMessage.objects.get(local_reference=version.lrn).sha256)


def _cost(work: Callable[[], Any], rounds: int, times: int) -> list[float]:
    return [spent_on(work, times=times)[0].cpu for _ in range(rounds)]
