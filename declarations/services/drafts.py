"""Drafts: header by steps, lines one by one or all at once. Any edit voids what was prepared or signed.

Two people may edit one draft. Each save says what it was based on; where that part has changed
meanwhile, nothing is written and the caller gets both.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from brokers.authority import needs_mandate
from declarations.document import MAX_ITEMS
from declarations.flow import Act, ActRefused, Filing
from declarations.models import Declaration, GoodsItem
from declarations.paths import at, put, without_empty
from declarations.services import numbers
from declarations.services.acting import filer_for
from declarations.services.acts import advance, parties_to
from declarations.services.mirrors import mirror_header, mirror_item
from declarations.services.telling import set_entry_deadline
from portal.accounts.actors import Actor
from portal.accounts.models import Organization
from portal.clocks.models import Deadline
from portal.clocks.services import settle_deadline
from portal.desk.services import publish
from portal.errors import DomainError
from portal.trail.services import record


class StaleDraft(DomainError):
    """Somebody else saved this part meanwhile; `current` is what they wrote, `yours` what you sent."""

    code = "STALE_DRAFT"
    status = 412

    def __init__(self, *, current: Mapping[str, Any], yours: Mapping[str, Any], words: str = "") -> None:
        super().__init__(words or "Somebody else saved this page while you were working on it.")
        self.current = current
        self.yours = yours


class LineGone(DomainError):
    """Somebody took this line out meanwhile: no line of the draft has its key."""

    code = "LINE_GONE"

    def __init__(self) -> None:
        super().__init__("This line was taken out meanwhile.")


class TooManyLines(DomainError):
    """A declaration has at most 999 lines."""

    code = "TOO_MANY_LINES"
    status = 422


def base_of(value: Any) -> str:
    """A mark of what a save is based on."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:20]


def part_of(header: Mapping[str, Any], pointers: Iterable[str]) -> dict[str, Any]:
    """The values of these header members (paths such as `ports/entry`), for a form and for `base_of`."""
    return {pointer: at(header, pointer) for pointer in pointers}


@transaction.atomic
def create(
    *, importer: Organization, filer: Organization, header: dict[str, Any], actor: Actor, now: datetime,
    transmitter: Organization | None = None,
) -> Declaration:  # fmt: skip
    """A new draft of the importer stands, with what is already known filled in."""
    declaration = Declaration(
        importer=importer,
        filer=filer,
        transmitter=transmitter,
        created_by=actor.user,
        header=without_empty(header),
        created_at=now,
        updated_at=now,
    )
    mirror_header(declaration)
    declaration.save()
    set_entry_deadline(declaration, now)
    _tell(declaration, "declaration.create", actor, now, {})
    return declaration


@transaction.atomic
def write_step(
    *,
    draft: Declaration,
    step: str,
    changes: Mapping[str, Any],
    base: str | None,
    actor: Actor,
    now: datetime,
    visited: bool = True,
    page: str = "",
) -> Declaration:
    """Header members are as given (None removes one). Raises StaleDraft, ActRefused.

    `base` is `base_of(part_of(header, changes))` as the writer saw it; None writes over whatever is there.
    `page` is the mark of the page that was open, which the trail keeps.
    """
    row = lock_draft(draft, actor, now)
    current = part_of(row.header, changes)
    if base is not None and base != base_of(current) and current != dict(changes):
        raise StaleDraft(current=current, yours=changes)
    header = json.loads(json.dumps(row.header))
    for pointer, value in changes.items():
        put(header, pointer, value)
    difference = [
        {"pointer": f"/{pointer}", "from": current[pointer], "to": value}
        for pointer, value in changes.items()
        if current[pointer] != value
    ]
    row.header = without_empty(header)
    if visited and step not in row.visited:
        row.visited = [*row.visited, step]
    arrived = row.arrives_on
    mirror_header(row)
    save_draft(row, now)
    if row.arrives_on != arrived:
        set_entry_deadline(row, now)
    if difference:
        _tell(row, "declaration.edit", actor, now, _marked({"step": step}, page), difference)
    return row


@transaction.atomic
def put_line(
    *,
    draft: Declaration,
    key: str | None,
    content: dict[str, Any],
    base: str | None,
    actor: Actor,
    now: datetime,
    is_new: bool = False,
    page: str = "",
) -> GoodsItem:
    """The line with this key is as given, wherever it stands. Raises StaleDraft, LineGone, TooManyLines.

    Without a key it is a new last one. So it is where it `is_new`, with the key that its page gave it:
    sent twice, it is one line.
    """
    row = lock_draft(draft, actor, now)
    content = without_empty(content)
    before: dict[str, Any] = {}
    item = row.items.filter(key=key).first() if key else None
    if item is None:
        item = _added(row, key, is_new)
    else:
        before = item.content
        if base is not None and base != base_of(before) and before != content:
            raise StaleDraft(current=before, yours=content)
    item.content = content
    mirror_item(item)
    item.save()
    _mirror_goods(row)
    save_draft(row, now)
    change = {"pointer": f"/items/{item.sequence - 1}", "from": before or None, "to": content}
    place = {"line": item.sequence, "key": item.key}
    _tell(row, "declaration.edit", actor, now, _marked(place, page), [change])
    return item


@transaction.atomic
def copy_line(*, draft: Declaration, key: str, actor: Actor, now: datetime) -> GoodsItem:
    """A new last line like the one with this key. Raises LineGone, TooManyLines."""
    content = dict(_line(lock_draft(draft, actor, now), key).content)
    return put_line(draft=draft, key=None, content=content, base=None, actor=actor, now=now)


@transaction.atomic
def remove_line(*, draft: Declaration, key: str, actor: Actor, now: datetime, base: str | None = None) -> int:
    """The line is gone and those after it have moved up; gives the number it had. Raises LineGone, StaleDraft."""
    row = lock_draft(draft, actor, now)
    item = _line(row, key)
    gone, sequence = item.content, item.sequence
    if base is not None and base != base_of(gone):
        raise StaleDraft(current=gone, yours={})
    item.delete()
    row.items.filter(sequence__gt=sequence).update(sequence=F("sequence") - 1)
    row.item_count -= 1
    _mirror_goods(row)
    save_draft(row, now)
    _tell(row, "declaration.edit", actor, now, {"removed_line": sequence, "key": key},
          [{"pointer": f"/items/{sequence - 1}", "from": gone, "to": None}])  # fmt: skip
    return sequence


@transaction.atomic
def move_line(*, draft: Declaration, key: str, by: int, actor: Actor, now: datetime) -> int:
    """The line stands so many places further down (up where negative), the ones between have shifted by one.

    Gives its number. Raises LineGone.
    """
    row = lock_draft(draft, actor, now)
    item = _line(row, key)
    sequence = item.sequence
    to = max(1, min(sequence + by, row.item_count))
    if to == sequence:
        return sequence
    if to < sequence:
        row.items.filter(sequence__gte=to, sequence__lt=sequence).update(sequence=F("sequence") + 1)
    else:
        row.items.filter(sequence__gt=sequence, sequence__lte=to).update(sequence=F("sequence") - 1)
    GoodsItem.objects.filter(pk=item.pk).update(sequence=to)
    _mirror_goods(row)
    save_draft(row, now)
    _tell(row, "declaration.edit", actor, now, {"moved_line": sequence, "to": to, "key": key})
    return to


@transaction.atomic
def replace_lines(
    *, draft: Declaration, contents: list[dict[str, Any]], actor: Actor, now: datetime, after: bool = False
) -> None:
    """All lines are as given, in this order; few statements whatever their number. Raises TooManyLines.

    With `after` they follow the lines that are there, which stay as they are.
    """
    row = lock_draft(draft, actor, now)
    first = row.item_count if after else 0
    if first + len(contents) > MAX_ITEMS:
        raise TooManyLines(f"A declaration has at most {MAX_ITEMS} lines; there are {first + len(contents)}.")
    if not after:
        row.items.all().delete()
    items = [
        GoodsItem(declaration=row, sequence=number, content=without_empty(content))
        for number, content in enumerate(contents, start=first + 1)
    ]
    for item in items:
        mirror_item(item)
    GoodsItem.objects.bulk_create(items, batch_size=500)
    row.item_count = first + len(items)
    if not row.goods or not after:
        row.goods = next((one.description for one in items if one.description), "")
    save_draft(row, now)
    name = "added_lines" if after else "lines"
    _tell(row, "declaration.edit", actor, now, {name: len(items)})


@transaction.atomic
def copy_declaration(*, declaration: Declaration, actor: Actor, now: datetime) -> Declaration:
    """A new draft like an earlier declaration, without what belongs to that one shipment alone."""
    header = {name: value for name, value in declaration.header.items() if name not in NOT_COPIED}
    for pointer in NOT_COPIED_PARTS:
        put(header, pointer, None)
    importer = declaration.importer
    filer, transmitter = actor.organization or declaration.filer, None
    if needs_mandate(actor=actor, principal=importer):
        filer, transmitter = filer_for(importer, filer), actor.organization
    if filer != declaration.filer:
        header.pop("declarant_statement", None)  # somebody else declares, and in another capacity
    fresh = create(importer=importer, filer=filer, header=header, actor=actor, now=now, transmitter=transmitter)
    contents = list(declaration.items.order_by("sequence").values_list("content", flat=True))
    for content in contents:
        for name in ("export_date", "adcvd"):
            content.pop(name, None)
        content["tariffs"] = [
            {**one, "quantities": one.get("quantities", [])}
            for one in content.get("tariffs", [])
            if one.get("role") == "classification"
        ]
        (content.get("valuation") or {}).pop("exchange", None)
    replace_lines(draft=fresh, contents=contents, actor=actor, now=now)
    Declaration.objects.filter(pk=fresh.pk).update(copied_from=declaration)
    fresh.refresh_from_db()
    return fresh


@transaction.atomic
def discard(*, draft: Declaration, actor: Actor, now: datetime) -> None:
    """The draft is withdrawn before anything was filed. Raises ActRefused."""
    row = lock_draft(draft, actor, now)
    advance(declaration=row, act=Act.WITHDRAW, actor=actor, now=now)
    numbers.void_unused(declaration=row, reason="The draft was withdrawn.", actor=actor, now=now)
    settle_deadline(subject=row.reference, kind="entry", state=Deadline.State.CANCELLED)


NOT_COPIED = ("entry_number", "functional_reference_id", "dates", "isf", "in_bond", "correction", "documents")
NOT_COPIED_PARTS = (
    "transport/bills", "transport/equipment", "transport/conveyance", "transport/trip",
    "payment/statement_print_date", "payment/statement_month", "location_of_goods",
)  # fmt: skip


def lock_draft(draft: Declaration, actor: Actor, now: datetime) -> Declaration:
    """The row under its lock, as a draft: a prepared or signed version is voided first."""
    row = (
        Declaration.objects.select_for_update(of=("self",))
        .select_related("importer", "filer", "transmitter", "live_version")
        .get(pk=draft.pk)
    )
    if row.filing in (Filing.READY, Filing.SIGNED):
        advance(declaration=row, act=Act.REOPEN, actor=actor, now=now, data={"because": "edited"})
    if row.filing == Filing.ABANDONED or (row.filing == Filing.WITHDRAWN and row.submitted_at is None):
        raise ActRefused("This draft was withdrawn already, or given up. Nothing more can be done with it.")
    if row.filing != Filing.DRAFT:
        raise ActRefused("This declaration has been filed and can no longer be edited.")
    return row


def _line(row: Declaration, key: str) -> GoodsItem:
    """The line with this key. Raises LineGone."""
    item = row.items.filter(key=key).first()
    if item is None:
        raise LineGone
    return item


def _added(row: Declaration, key: str | None, is_new: bool) -> GoodsItem:
    """A new last line. Raises LineGone for a key that no line has, unless it is the key of a new one."""
    if key and not is_new:
        raise LineGone
    if row.item_count >= MAX_ITEMS:
        raise TooManyLines(f"A declaration has at most {MAX_ITEMS} lines.")
    row.item_count += 1
    given = {"key": key} if key else {}
    return GoodsItem(declaration=row, sequence=row.item_count, **given)


def _marked(place: dict[str, Any], page: str) -> dict[str, Any]:
    return {**place, "page": page} if page else place


def save_draft(row: Declaration, now: datetime) -> None:
    """The row stands with its next number; call it under the lock."""
    row.row_version += 1
    row.updated_at = now
    row.save(
        update_fields=[
            "header", "visited", "row_version", "updated_at", "entry_type", "functional_reference_id",
            "port_of_entry", "arrives_on", "goods", "item_count",
        ]
    )  # fmt: skip


def tell_edit(
    row: Declaration, actor: Actor, now: datetime, data: dict[str, Any], changes: list[dict[str, Any]]
) -> None:
    """An edit is in the trail and in the feeds, with its differences."""
    _tell(row, "declaration.edit", actor, now, data, changes)


def _tell(
    row: Declaration, kind: str, actor: Actor, now: datetime, data: dict[str, Any],
    changes: list[dict[str, Any]] | None = None,
) -> None:  # fmt: skip
    record(subject=row.reference, kind=kind, actor=actor, now=now, data={**data, "changes": changes or []})
    publish(organizations=parties_to(row), kind=kind, reference=row.reference, actor=actor, now=now, changes=changes)


def _mirror_goods(row: Declaration) -> None:
    first = row.items.exclude(description="").order_by("sequence").values_list("description", flat=True).first()
    row.goods = first or ""
