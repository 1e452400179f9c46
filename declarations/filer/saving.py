"""Save a step: what its form could read, what follows from it, and never over what somebody else wrote meanwhile."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

from declarations.document import tidy
from declarations.filer.forms import Form
from declarations.filer.questions import Header, Step
from declarations.filer.steps import AIR
from declarations.flow import Filing
from declarations.models import Declaration
from declarations.paths import at
from declarations.services import drafts
from declarations.services.drafts import StaleDraft, base_of, part_of
from portal.accounts.actors import Actor
from portal.forms import Words
from portal.references import is_reference
from portal.trail.models import TrailEntry

BOTH = {"release", "summary"}
LOOKED_AT = 50  # edits, newest first, among which the last one of a page is looked for


class Difference(NamedTuple):
    """A field that two people filled in differently."""

    name: str
    label: Words
    mine: str
    theirs: str


class Removed(NamedTuple):
    """A line that is gone: who took it out, when, and what it was, where it was taken out alone."""

    who: str
    at: datetime
    content: dict[str, Any]


def base_for(step: Step, header: Header) -> str:
    """The mark that the page of a step carries: what it was based on."""
    return base_of(part_of(header, step.pointers))


def save_step(
    *, draft: Declaration, step: Step, form: Form, base: str | None, actor: Actor, now: datetime, visited: bool,
    page: str = "",
) -> Declaration:  # fmt: skip
    """What the form could read is stored. Raises StaleDraft where the page was based on something else."""
    current = part_of(draft.header, step.pointers)
    changes = form.changes(step.pointers)
    is_stale = base and base != base_of(current) and current != changes
    if is_stale and not saved_by_itself(draft.reference, {"step": step.slug}, page):
        raise StaleDraft(current=current, yours=changes)
    changes |= following_from(step.slug, form.applied())
    is_noted = not visited or step.slug in draft.visited or draft.filing != Filing.DRAFT
    if is_noted and tidy(changes) == tidy(part_of(draft.header, changes)):
        return draft  # nothing new: what was prepared stays prepared
    seen = base_of(part_of(draft.header, changes))
    return drafts.write_step(
        draft=draft, step=step.slug, changes=changes, base=seen, actor=actor, now=now, visited=visited, page=page
    )


def following_from(slug: str, header: Header) -> dict[str, Any]:
    """Members that nobody is asked for, since they follow from an answer."""
    if slug == "file":
        both = set(at(header, "filing/acts") or ()) == BOTH
        return {"filing/release_certification": both or None}
    if slug == "transport":
        scheme = "IATA" if at(header, "transport/mode") in AIR else "SCAC"
        return {"transport/carrier/scheme": scheme if at(header, "transport/carrier/code") else None}
    if slug == "papers":
        return {"documents": _marked(at(header, "documents") or [])}
    return {}


def _marked(papers: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
    """Every paper has a mark of its own, by which lines cite it."""
    used = {one.get("id") for one in papers}
    free = (mark for number in range(1, 1000) if (mark := f"D{number}") not in used)
    return [one if one.get("id") else {**one, "id": next(free)} for one in papers] or None


def differences(form: Form) -> list[Difference]:
    """Fields where what was typed is not what is stored now."""
    found = []
    for question in form.questions():
        theirs = form.stored_text(question)
        mine = form.typed.get(question.name, theirs)
        if mine != theirs and form.cleaned.get(question.pointer, mine) != at(form.value, question.pointer):
            found.append(Difference(question.name, question.label, mine, theirs))
    return found


def take_choices(form: Form, data: Mapping[str, Any]) -> None:
    """After a conflict: where "theirs" was chosen, what is stored stands."""
    for key, value in data.items():
        if key.startswith("keep_") and value == "theirs":
            form.take_back(key.removeprefix("keep_"))


def page_in(data: Mapping[str, str]) -> str:
    """The mark of the page that was sent; empty where it has none of ours."""
    given = data.get("page", "")
    return given if is_reference(given, "page") else ""


def saved_by_itself(reference: str, place: Mapping[str, Any], page: str) -> bool:
    """The last edit of this part of the draft came from this very page: it saved itself while it was being sent."""
    found = _last_edit(reference, place) if page else None
    return found is not None and found[0]["data"].get("page") == page


def last_editor(reference: str, place: Mapping[str, Any]) -> tuple[str, datetime] | None:
    """Who edited this part of the draft last, and when."""
    found = _last_edit(reference, place)
    return None if found is None else (str(found[0].get("actor_label", "")), found[1])


def _last_edit(reference: str, place: Mapping[str, Any]) -> tuple[dict[str, Any], datetime] | None:
    for body, at_time in _edits(reference).values_list("body", "at")[:LOOKED_AT]:
        found = json.loads(body)
        if place.items() <= found["data"].items():
            return found, at_time
    return None


def removed_line(reference: str, key: str) -> Removed | None:
    """What became of a line that is gone: taken out alone, or replaced with all others."""
    if not is_reference(key, "line"):
        return None
    alone = _edits(reference).filter(body__contains='"removed_line":').filter(body__contains=f'"key":"{key}"').first()
    entry = alone or _edits(reference).filter(body__contains='"lines":').first()
    if entry is None:
        return None
    body = json.loads(entry.body)
    content = body["data"]["changes"][0]["from"] if alone else {}
    return Removed(str(body.get("actor_label", "")), entry.at, content)


def _edits(reference: str) -> QuerySet[TrailEntry]:
    """The edits of a draft, newest first."""
    return TrailEntry.objects.filter(subject=reference, kind="declaration.edit").order_by("-seq")
