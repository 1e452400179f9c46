"""A draft as a whole: what a program sends in place of what stood there, with the difference on record."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction

from declarations.document import MAX_ITEMS, Document
from declarations.freeze import split
from declarations.models import Declaration, GoodsItem
from declarations.paths import without_empty
from declarations.services.drafts import StaleDraft, TooManyLines, lock_draft, save_draft, tell_edit
from declarations.services.mirrors import mirror_header, mirror_item
from declarations.services.telling import set_entry_deadline
from portal.accounts.actors import Actor

MOST_CHANGES = 200
STALE = "The draft was changed since you read this mark. Read it again, and send its new ETag as If-Match."


@transaction.atomic
def rewrite(
    *, draft: Declaration, document: Document, row_version: str | None, actor: Actor, now: datetime
) -> Declaration:
    """The draft says what the document says; `row_version` is what the writer read, None for whatever is there.

    Raises StaleDraft, ActRefused.
    """
    row = lock_draft(draft, actor, now)
    if row_version is not None and row_version != str(row.row_version):
        raise StaleDraft(current={"row_version": row.row_version}, yours={"row_version": row_version}, words=STALE)
    header, contents = split(document)
    header, contents = without_empty(header), [without_empty(one) for one in contents]
    if len(contents) > MAX_ITEMS:
        raise TooManyLines(f"A declaration has at most {MAX_ITEMS} lines; there are {len(contents)}.")
    items = list(row.items.order_by("sequence"))
    changes = list(differences(row.header, header, ""))
    changes += list(differences([one.content for one in items], contents, "/items"))
    if not changes:
        return row
    row.header = header
    arrived = row.arrives_on
    mirror_header(row)
    put_lines(row, items, contents)
    save_draft(row, now)
    if row.arrives_on != arrived:
        set_entry_deadline(row, now)
    left_out = len(changes) - MOST_CHANGES
    data = {"left_out": left_out} if left_out > 0 else {}
    tell_edit(row, actor, now, data, changes[:MOST_CHANGES])
    return row


def differences(old: Any, new: Any, pointer: str) -> Iterator[dict[str, Any]]:
    """Each member that changed: its JSON Pointer, what it was, what it is."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in [*old, *(one for one in new if one not in old)]:
            yield from differences(old.get(name), new.get(name), f"{pointer}/{name}")
    elif isinstance(old, list) and isinstance(new, list):
        for place in range(max(len(old), len(new))):
            was, now = (one[place] if place < len(one) else None for one in (old, new))
            yield from differences(was, now, f"{pointer}/{place}")
    elif old != new:
        yield {"pointer": pointer, "from": old, "to": new}


def put_lines(row: Declaration, items: list[GoodsItem], contents: list[dict[str, Any]]) -> None:
    """The lines are these; they keep their keys by their places. Few statements whatever their number."""
    changed, added = [], []
    for place, content in enumerate(contents):
        if place < len(items):
            item = items[place]
            if item.content == content:
                continue
            changed.append(item)
        else:
            item = GoodsItem(declaration=row, sequence=place + 1)
            added.append(item)
        item.content = content
        mirror_item(item)
    GoodsItem.objects.bulk_update(changed, ["content", "description", "hts_number", "origin_country"], batch_size=200)
    GoodsItem.objects.bulk_create(added, batch_size=500)
    surplus = [one.pk for one in items[len(contents) :]]
    if surplus:
        row.items.filter(pk__in=surplus).delete()
    row.item_count = len(contents)
    row.goods = next((str(one["description"])[:120] for one in contents if one.get("description")), "")
