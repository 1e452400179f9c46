"""What customs decides on requests, and what is in force after it. Derived: in whatever order the answers came."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Q

from declarations.flow import Filing, RequestKind, RequestState, after_decision
from declarations.models import Declaration, DeclarationVersion, Request
from declarations.services.acts import parties_to
from declarations.services.comparing import differences_in_lines
from declarations.services.mirrors import mirror_header
from declarations.services.rewriting import MOST_CHANGES, differences, put_lines
from declarations.services.telling import tell_decision
from declarations.standing import Legal, Standing
from portal.accounts.actors import SYSTEM
from portal.desk.services import publish
from portal.records.services import read_bytes, read_many
from portal.trail.services import record

OVER = (Legal.CANCELLED.value, Legal.REJECTED.value)  # an open amendment of such a declaration comes to nothing
GRANT, REFUSE = "GRANT", "REFUSE"
COLUMNS = (
    "live_version", "total_due", "row_version", "header", "entry_type", "functional_reference_id", "port_of_entry",
    "arrives_on", "goods", "item_count",
)  # fmt: skip


def settle(*, declaration: Declaration, found: Standing, now: datetime) -> None:
    """Requests are as customs decided, and the version that it granted last is in force. Call it under the row's lock.

    Running it again changes nothing.
    """
    if not found.requests and found.legal not in OVER:
        return
    requests = Request.objects.filter(version__declaration=declaration).select_related("version").order_by("pk")
    amendments = False
    for one in requests:
        amendments |= one.kind == RequestKind.AMEND
        act = _decided(one, declaration, found)
        if act is not None:
            _decide(declaration, one, act, now, is_told=one.reference in found.requests)
    if amendments:
        _put_in_force(declaration, now)


def changes_asked(*, requests: Iterable[Request]) -> dict[int, list[dict[str, Any]]]:
    """Of each amendment, by its key, what differs for people from what was in force when it was asked for."""
    rows = [one for one in requests if one.after_sha256]
    kept = iter(read_many([digest for one in rows for digest in (one.before_sha256, one.after_sha256)]) if rows else [])
    return {
        one.pk: differences_in_lines(msgspec.json.decode(before), msgspec.json.decode(after))
        for one, before, after in zip(rows, kept, kept, strict=True)
    }


def refuse_unsent(*, declaration: Declaration, local_reference: str, now: datetime) -> None:
    """A request whose message the authority turned away at the door was never made: it stands as refused."""
    rows = Request.objects.filter(version__declaration=declaration, lrn=local_reference, state=RequestState.OPEN.value)
    rows.update(state=after_decision(RequestState.OPEN, REFUSE).value, settled_at=now)


def _decided(one: Request, declaration: Declaration, found: Standing) -> str | None:
    """GRANT or REFUSE where that is news."""
    outcome = found.requests.get(one.reference)
    if outcome is None and one.kind == RequestKind.AMEND and one.state == RequestState.OPEN:
        is_past = one.version.number < declaration.since_version
        outcome = RequestState.REFUSED.value if is_past or found.legal in OVER else None
    if outcome is None or outcome == one.state:
        return None
    return GRANT if outcome == RequestState.GRANTED else REFUSE


def _decide(declaration: Declaration, one: Request, act: str, now: datetime, *, is_told: bool) -> None:
    before = one.state
    one.state, one.settled_at = after_decision(before, act).value, now
    one.save(update_fields=["state", "settled_at"])
    if is_told:
        tell_decision(declaration, one, now)
    kind = f"request.{act.lower()}"
    data = {"request": one.reference, "lrn": one.lrn, "kind": one.kind, "from": before, "to": one.state}
    record(subject=declaration.reference, kind=kind, actor=SYSTEM, now=now, data=data)
    publish(
        organizations=parties_to(declaration), kind=kind, reference=declaration.reference, actor=SYSTEM, now=now,
        changes=[{"pointer": f"/requests/{one.reference}", "from": before, "to": one.state}],
    )  # fmt: skip


def _put_in_force(declaration: Declaration, now: datetime) -> None:
    """The last version that was filed or granted is the live one, with its lines, its duty and its difference told."""
    if declaration.filing not in (Filing.SUBMITTED, Filing.WITHDRAWN):
        return
    counted = declaration.versions.filter(number__gte=declaration.since_version).exclude(submitted_at=None)
    granted = Q(asked_by=None) | Q(asked_by__state=RequestState.GRANTED.value)
    live, earlier = counted.filter(granted).order_by("-number").first(), declaration.live_version
    if live is None or earlier is None or live.pk == earlier.pk:
        return
    if declaration.filing == Filing.WITHDRAWN:
        _swap_states(live, earlier)
    changes = _take_over(declaration, live, earlier)
    total = live.totals.filter(kind="total").first()
    declaration.live_version, declaration.row_version = live, declaration.row_version + 1
    declaration.total_due = total.amount if total else None
    declaration.updated_at = now
    declaration.save(update_fields=[*COLUMNS, "updated_at"])
    data: dict[str, Any] = {"from": earlier.number, "to": live.number, "changes": changes[:MOST_CHANGES]}
    if len(changes) > MOST_CHANGES:
        data["left_out"] = len(changes) - MOST_CHANGES
    kind = "declaration.amend"
    record(subject=declaration.reference, kind=kind, actor=SYSTEM, now=now, data=data)
    publish(
        organizations=parties_to(declaration), kind=kind, reference=declaration.reference, actor=SYSTEM, now=now,
        changes=changes[:MOST_CHANGES],
    )  # fmt: skip


def _swap_states(live: DeclarationVersion, earlier: DeclarationVersion) -> None:
    """The version in force is the one that was withdrawn with the declaration."""
    for one, state in ((live, earlier.state), (earlier, DeclarationVersion.State.SUBMITTED)):
        one.state = state
        one.save(update_fields=["state"])


def _take_over(declaration: Declaration, live: DeclarationVersion, earlier: DeclarationVersion) -> list[dict[str, Any]]:
    """Header and lines are what the filer typed of the version; gives the differences."""
    wanted = _typed_of(live)
    if wanted is None:
        return []
    was = _typed_of(earlier)
    lines = wanted["items"]
    declaration.header = {name: one for name, one in wanted.items() if name != "items"}
    mirror_header(declaration)
    put_lines(declaration, list(declaration.items.order_by("sequence")), lines)
    return [] if was is None else list(differences(was, wanted, ""))


def _typed_of(version: DeclarationVersion) -> dict[str, Any] | None:
    """What the filer typed of a version: kept where it was asked for, or where another was asked for in its place."""
    own = Request.objects.filter(proposal=version).first()
    next_one = None if own else version.requests.exclude(before_sha256="").order_by("pk").first()
    digest = own.after_sha256 if own else next_one.before_sha256 if next_one else ""
    found: dict[str, Any] | None = msgspec.json.decode(read_bytes(digest)) if digest else None
    return found
