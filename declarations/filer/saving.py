"""Save a step: what its form could read, what follows from it, and never over what somebody else wrote meanwhile."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

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
from portal.trail.models import TrailEntry

BOTH = {"release", "summary"}
JUST_NOW = timedelta(seconds=10)


class Difference(NamedTuple):
    """A field that two people filled in differently."""

    name: str
    label: Words
    mine: str
    theirs: str


def base_for(step: Step, header: Header) -> str:
    """The mark that the page of a step carries: what it was based on."""
    return base_of(part_of(header, step.pointers))


def save_step(
    *, draft: Declaration, step: Step, form: Form, base: str | None, actor: Actor, now: datetime, visited: bool
) -> Declaration:
    """What the form could read is stored. Raises StaleDraft where the page was based on something else."""
    current = part_of(draft.header, step.pointers)
    changes = form.changes(step.pointers)
    is_stale = base and base != base_of(current) and current != changes
    if is_stale and not saved_by_itself(draft.reference, {"step": step.slug}, actor, now):
        raise StaleDraft(current=current, yours=changes)
    changes |= following_from(step.slug, form.applied())
    is_noted = not visited or step.slug in draft.visited or draft.filing != Filing.DRAFT
    if is_noted and tidy(changes) == tidy(part_of(draft.header, changes)):
        return draft  # nothing new: what was prepared stays prepared
    seen = base_of(part_of(draft.header, changes))
    return drafts.write_step(
        draft=draft, step=step.slug, changes=changes, base=seen, actor=actor, now=now, visited=visited
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


def saved_by_itself(reference: str, place: Mapping[str, Any], actor: Actor, now: datetime) -> bool:
    """The last edit is the same person's on the same page a moment ago: the page saved itself while being sent."""
    entry = TrailEntry.objects.filter(subject=reference, kind="declaration.edit").order_by("-seq").first()
    if entry is None or entry.actor != actor.name or now - entry.at > JUST_NOW:
        return False
    data = json.loads(entry.body).get("data", {})
    return all(data.get(name) == value for name, value in place.items())


def last_editor(reference: str) -> tuple[str, datetime] | None:
    """Who edited last, and when."""
    entry = TrailEntry.objects.filter(subject=reference, kind="declaration.edit").order_by("-seq").first()
    return None if entry is None else (str(json.loads(entry.body).get("actor_label", "")), entry.at)
