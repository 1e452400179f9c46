"""The work list, and the list of all declarations."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET

from declarations import selectors
from declarations.filer import clients
from declarations.filer.following import tone_of
from declarations.filer.start import is_agent, may_start, why_not
from declarations.filer.web.shared import DRAFT, SIGN, TRANSMIT, ActingRequest, book_of_party
from declarations.models import Declaration
from declarations.services.telling import display
from declarations.words import CUSTOMS, DOCUMENTS, DONE, DRAFTS, DUE, REJECTED, TO_SEND, TO_SIGN, YOURS, State
from portal.accounts.models import Organization
from portal.clocks.calendars import add_business_days
from portal.clocks.models import Deadline
from portal.desk import selectors as desk
from portal.forms import FieldView, tidy_text
from portal.gateway.models import OutboundMessage
from portal.programs.selectors import ending_soon
from portal.templatetags.portal_ui import day
from portal.timezones import party_date
from portal.web import acting

WORKING_DAYS = 10
GROUPS = {
    YOURS: lazy("Needs you"), CUSTOMS: lazy("With customs"), DONE: lazy("Done"), REJECTED: lazy("Rejected"),
    DOCUMENTS: lazy("Documents asked for"), DUE: lazy("Due in ten working days"), TO_SIGN: lazy("Ready to sign"),
    TO_SEND: lazy("Signed, not sent"), DRAFTS: lazy("Drafts"),
}  # fmt: skip
BULK = (
    ("sign", SIGN, lazy("Sign selected")), ("send", TRANSMIT, lazy("Send selected")),
    ("discard", DRAFT, lazy("Withdraw selected drafts")),
)  # fmt: skip


class ListRow(NamedTuple):
    """A declaration as lists show it; `between` says for whom or by whom it is filed, where that is another."""

    declaration: Declaration
    title: str
    number: str
    state: State
    tone: str
    since: datetime
    between: str = ""

    @property
    def own_reference(self) -> str:
        """The filer's own reference, where the title does not say it already."""
        own = self.declaration.functional_reference_id
        return own if own != self.title else ""


class Asked(NamedTuple):
    """The filter of the list, as it stands in the address."""

    group: str
    text: str
    entry_type: str
    client: str

    @property
    def named(self) -> dict[str, str]:
        """By the names that the address has for it; what is not asked is left out."""
        found = {"q": self.text, "group": self.group, "type": self.entry_type, "client": self.client}
        return {name: value for name, value in found.items() if value}


@acting
@require_GET
def home(request: ActingRequest) -> HttpResponse:
    """What needs you, what is with customs, what was done lately, and what is due soon."""
    organization = request.actor.organization
    lists = selectors.home_lists(request.actor)
    rows = {group: list_rows(found, organization) for group, found in lists.items()}
    moved = [one for one in rows[CUSTOMS] if one.state.turn == YOURS]  # customs waits for the filer
    context: dict[str, Any] = {
        "yours": moved + rows[YOURS], "customs": [one for one in rows[CUSTOMS] if one not in moved], "done": rows[DONE],
    }  # fmt: skip
    if organization is not None:
        today, until = near_days(organization)
        context |= {"deadlines": due_days(list(desk.open_deadlines(organization, until, 10))), "today": today}
        context["tasks"] = list(desk.open_tasks(organization, 8))
        if request.actor.may("programs.manage"):
            context["programs_ending"] = ending_soon(organization, timezone.now())
    context["is_new"] = not any(rows.values())
    context |= starting(request)
    return render(request, "declarations/home.html", context)


def near_days(organization: Organization) -> tuple[date, date]:
    """Today, and the day ten working days on, where the Party counts its days."""
    today = party_date(timezone.now(), organization.party)
    return today, add_business_days(organization.party, today, WORKING_DAYS)


def starting(request: ActingRequest) -> dict[str, Any]:
    """Whether one may start a declaration, and why the organization cannot."""
    organization = request.actor.organization
    refusal = ""
    if organization is not None:
        refusal = why_not(organization, party_date(timezone.now(), organization.party))
    return {
        "may_draft": may_start(request.actor) and not refusal, "no_start": refusal, "is_agent": is_agent(organization)
    }  # fmt: skip


def due_days(deadlines: list[Deadline]) -> list[dict[str, Any]]:
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
    organization = request.actor.organization
    asked, after = asked_in(request), request.GET.get("after", "")
    until = near_days(organization)[1] if organization is not None else None
    found, following = selectors.list_declarations(
        request.actor, group=asked.group, text=asked.text, entry_type=asked.entry_type, client=asked.client,
        until=until, after=after if after.isascii() else "",
    )  # fmt: skip
    context = {
        "rows": list_rows(found, organization), "following": following, "fields": _fields(request, asked),
        "is_filtered": bool(asked.named), "is_start": not after, "asked": asked.named,
        "views": view_links(request, asked.named),
        "acts": [(name, words) for name, needs, words in BULK if request.actor.may(needs)], **starting(request),
    }  # fmt: skip
    return render(request, "declarations/list.html", context)


def asked_in(request: ActingRequest) -> Asked:
    """What of the filter can be understood."""
    organization = request.actor.organization
    group, entry_type = request.GET.get("group", ""), request.GET.get("type", "")[:2]
    return Asked(
        group=group if group in GROUPS else "",
        text=tidy_text(request.GET.get("q", "")[:100]) or "",
        entry_type=entry_type if entry_type in book_of_party(organization).rows("entry_types") else "",
        client=request.GET.get("client", "")[:22] if is_agent(organization) else "",
    )


def _fields(request: ActingRequest, asked: Asked) -> list[FieldView]:
    organization = request.actor.organization
    book = book_of_party(organization)
    fields = [
        FieldView("q", _("Find"), _("Entry number, your reference, or the goods."), value=asked.text),
        FieldView("group", _("Which"), kind="select", value=asked.group, choices=[("", _("All")), *GROUPS.items()]),
        FieldView("type", _("Entry type"), kind="select", value=asked.entry_type,
                  choices=[("", _("All")), *book.choices("entry_types")]),
    ]  # fmt: skip
    if organization is not None and is_agent(organization):
        fields.insert(1, client_field(organization, asked.client))
    return fields


def client_field(agent: Organization, chosen: str) -> FieldView:
    """The choice of a client, by name."""
    choices = [("", _("All clients")), *((one.reference, one.name) for one in clients.names_of(agent))]
    return FieldView("client", _("Client"), kind="select", value=chosen, choices=choices)


def view_links(request: ActingRequest, asked: Mapping[str, str]) -> list[dict[str, Any]]:
    """The saved views as links, and which of them is shown."""
    here = reverse("declaration_list")
    return [
        {"name": one.name, "reference": one.reference, "href": f"{here}?{urlencode(one.filters)}",
         "is_shown": one.filters == dict(asked)}
        for one in selectors.views_of(request.actor)
    ]  # fmt: skip


def list_rows(found: Iterable[Declaration], own: Organization | None = None) -> list[ListRow]:
    """Rows of a list; one query for messages whose outcome is not known, whatever the number of rows."""
    declarations = list(found)
    waiting = [one.reference for one in declarations if one.filing == "SUBMITTED" and one.legal == "NONE"]
    messages: dict[str, list[OutboundMessage]] = {}
    if waiting:
        for message in OutboundMessage.objects.filter(subject__in=waiting).order_by("sequence"):
            messages.setdefault(message.subject, []).append(message)
    return [_row(one, messages.get(one.reference), own) for one in declarations]


def _row(declaration: Declaration, messages: list[OutboundMessage] | None, own: Organization | None) -> ListRow:
    state = selectors.state_of(declaration, messages)
    title = declaration.goods or declaration.functional_reference_id or _("Nothing filled in yet")
    between = ""
    if own is not None and own.pk != declaration.importer_id:
        between = _("for %(name)s") % {"name": declaration.importer.name}
    elif declaration.filer_id != declaration.importer_id:
        between = _("filed by %(name)s") % {"name": declaration.filer.name}
    due_on = getattr(declaration, "due_on", None)
    if due_on is not None:
        between = ", ".join(one for one in (between, _("due %(day)s") % {"day": day(due_on)}) if one)
    return ListRow(declaration, title, display(declaration), state, tone_of(state), declaration.updated_at, between)
