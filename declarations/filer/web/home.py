"""The work list, and the list of all declarations."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET

from declarations import selectors
from declarations.filer.following import tone_of
from declarations.filer.start import is_agent, may_start, why_not
from declarations.filer.web.shared import ActingRequest, book_of_party
from declarations.models import Declaration
from declarations.services.telling import display
from declarations.words import CUSTOMS, DONE, YOURS, State
from portal.clocks.calendars import add_business_days
from portal.clocks.models import Deadline
from portal.desk import selectors as desk
from portal.forms import FieldView, tidy_text
from portal.gateway.models import OutboundMessage
from portal.timezones import party_date
from portal.web import acting

WORKING_DAYS = 10
GROUPS = {YOURS: lazy("Needs you"), CUSTOMS: lazy("With customs"), DONE: lazy("Done")}


class ListRow(NamedTuple):
    """A declaration as lists show it."""

    declaration: Declaration
    title: str
    number: str
    state: State
    tone: str
    since: datetime


@acting
@require_GET
def home(request: ActingRequest) -> HttpResponse:
    """What needs you, what is with customs, what was done lately, and what is due soon."""
    organization = request.actor.organization
    lists = selectors.home_lists(request.actor)
    rows = {group: list_rows(found) for group, found in lists.items()}
    moved = [one for one in rows[CUSTOMS] if one.state.turn == YOURS]  # customs waits for the filer
    context: dict[str, Any] = {
        "yours": moved + rows[YOURS], "customs": [one for one in rows[CUSTOMS] if one not in moved], "done": rows[DONE],
    }  # fmt: skip
    if organization is not None:
        today = party_date(timezone.now(), organization.party)
        until = add_business_days(organization.party, today, WORKING_DAYS)
        context |= {"deadlines": _due(list(desk.open_deadlines(organization, until, 10))), "today": today}
        context["tasks"] = list(desk.open_tasks(organization, 8))
    context["is_new"] = not any(rows.values())
    context |= starting(request)
    return render(request, "declarations/home.html", context)


def starting(request: ActingRequest) -> dict[str, Any]:
    """Whether one may start a declaration, and why the organization cannot."""
    organization = request.actor.organization
    refusal = ""
    if organization is not None:
        refusal = why_not(organization, party_date(timezone.now(), organization.party))
    return {
        "may_draft": may_start(request.actor) and not refusal,
        "no_start": refusal,
        "is_agent": is_agent(organization),
    }


def _due(deadlines: list[Deadline]) -> list[dict[str, Any]]:
    """Days that come near, with the number the declaration has by now."""
    found = Declaration.objects.filter(reference__in={one.subject for one in deadlines})
    names = {one.reference: display(one) for one in found}
    return [
        {"subject": one.subject, "due_on": one.due_on, "law": one.law,
         "words": one.words.replace(one.subject, names.get(one.subject, one.subject))}
        for one in deadlines if one.subject in names
    ]  # fmt: skip


@acting
@require_GET
def declaration_list(request: ActingRequest) -> HttpResponse:
    """All declarations, newest first; what is filtered stands in the address."""
    group = request.GET.get("group", "") if request.GET.get("group", "") in GROUPS else ""
    text = tidy_text(request.GET.get("q", "")[:100]) or ""
    book = book_of_party(request.actor.organization)
    entry_type = request.GET.get("type", "")[:2]
    entry_type = entry_type if entry_type in book.rows("entry_types") else ""
    after = request.GET.get("after", "")
    found, following = selectors.list_declarations(
        request.actor, group=group, text=text, entry_type=entry_type, after=after if after.isascii() else ""
    )
    fields = [
        FieldView("q", _("Find"), _("Entry number, your reference, or the goods."), value=text),
        FieldView("group", _("Which"), kind="select", value=group, choices=[("", _("All")), *GROUPS.items()]),
        FieldView("type", _("Entry type"), kind="select", value=entry_type,
                  choices=[("", _("All")), *book.choices("entry_types")]),
    ]  # fmt: skip
    context = {
        "rows": list_rows(found), "following": following, "fields": fields,
        "is_filtered": bool(group or text or entry_type), "is_start": not after, **starting(request),
    }  # fmt: skip
    return render(request, "declarations/list.html", context)


def list_rows(found: Iterable[Declaration]) -> list[ListRow]:
    """Rows of a list; one query for messages whose outcome is not known, whatever the number of rows."""
    declarations = list(found)
    waiting = [one.reference for one in declarations if one.filing == "SUBMITTED" and one.legal == "NONE"]
    messages: dict[str, list[OutboundMessage]] = {}
    if waiting:
        for message in OutboundMessage.objects.filter(subject__in=waiting).order_by("sequence"):
            messages.setdefault(message.subject, []).append(message)
    return [_row(one, messages.get(one.reference)) for one in declarations]


def _row(declaration: Declaration, messages: list[OutboundMessage] | None) -> ListRow:
    state = selectors.state_of(declaration, messages)
    title = declaration.goods or declaration.functional_reference_id or _("Nothing filled in yet")
    return ListRow(declaration, title, display(declaration), state, tone_of(state), declaration.updated_at)
