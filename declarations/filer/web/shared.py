"""What the views share: who acts, which declaration, its review, and how a refusal is told."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from brokers.authority import NoMandate
from declarations.access import ActionNotAllowed, declaration_for, editable, may_do
from declarations.assessment import Assessment
from declarations.filer.codebook import CodeBook
from declarations.filer.forms import Form
from declarations.models import Declaration
from declarations.services import filing
from declarations.services.filing import Review
from declarations.services.takeover import may_take_over
from declarations.services.telling import display
from portal import duty_panel
from portal.accounts.actors import Actor
from portal.accounts.models import Organization, User
from portal.errors import DomainError
from portal.forms import FieldView
from portal.references import new_reference
from portal.timezones import party_date
from portal.web import acting

View = Callable[..., HttpResponse]
DRAFT, READ, SIGN, TRANSMIT, CANCEL = (
    "declaration.draft", "declaration.read", "declaration.sign", "declaration.transmit", "declaration.cancel",
)  # fmt: skip


class ActingRequest(HttpRequest):
    """A request of somebody who acts in an organization (`portal.web.acting`)."""

    actor: Actor
    user: User
    htmx: Any


def on_declaration(action: str = READ, *, editing: bool = False) -> Callable[[View], View]:
    """A page about one declaration: the view gets it as an argument.

    Unseen is 404. A refusal of the domain becomes a message and a way back; so does editing what was filed.
    """

    def decorate(view: View) -> View:
        @acting
        @wraps(view)
        def inner(request: ActingRequest, reference: str, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                declaration = declaration_for(request.actor, reference, action, on=party_date(timezone.now()))
                if editing and not editable(declaration):
                    return refused(request, reference, _("This declaration has been filed: it cannot be edited now."))
                return view(request, declaration, *args, **kwargs)
            except ActionNotAllowed as error:
                return render(request, "declarations/not_allowed.html", {"words": str(error)}, status=403)
            except NoMandate as error:
                return not_covered(request, error, reference=reference)
            except DomainError as error:
                return refused(request, reference, str(error))

        return inner

    return decorate


def can(request: ActingRequest, declaration: Declaration, action: str) -> bool:
    """True where who asks may do this with the declaration today; for an agent it asks the mandate."""
    return may_do(request.actor, declaration, action, on=party_date(timezone.now()))


def acting_on(request: ActingRequest, declaration: Declaration) -> dict[str, Any]:
    """Who files it, what whoever looks may do with it, and whether its importer can carry it on itself."""
    own = request.actor.organization
    on = party_date(timezone.now())
    is_read = own is not None and own.pk == declaration.importer_id and own.pk != declaration.filer_id
    return {
        "may_draft": can(request, declaration, DRAFT), "may_sign": can(request, declaration, SIGN),
        "may_send": can(request, declaration, TRANSMIT),
        "may_take_over": is_read and may_take_over(declaration=declaration, actor=request.actor, on=on),
        "filed_by": declaration.filer.name if is_read else "",
    }  # fmt: skip


def not_covered(request: HttpRequest, error: NoMandate, *, reference: str = "") -> HttpResponse:
    """The mandate does not cover it: what is not covered, and what can be done about that."""
    context = {"words": str(error), "is_mandate": True, "failed": error.params.get("failed"), "reference": reference}
    return render(request, "declarations/not_allowed.html", context, status=NoMandate.status)


def refused(request: HttpRequest, reference: str, words: str) -> HttpResponse:
    """Back to the declaration, with the reason; from the declaration itself there is no way back but the list."""
    if request.resolver_match is not None and request.resolver_match.url_name == "declaration":
        return render(request, "declarations/not_allowed.html", {"words": words}, status=409)
    messages.error(request, words)
    return redirect("declaration", reference)


def told(request: HttpRequest, words: str, to: str, *args: Any, anchor: str = "") -> HttpResponseRedirect:
    """Done: say so, and go on."""
    messages.success(request, words)
    return HttpResponseRedirect(reverse(to, args=args) + anchor)


def review_of(request: HttpRequest, declaration: Declaration) -> Review:
    """The review, computed once a request."""
    kept: dict[int, Review] = getattr(request, "filer_reviews", {})
    if declaration.pk not in kept:
        kept[declaration.pk] = filing.review(declaration=declaration, now=timezone.now())
        request.filer_reviews = kept  # type: ignore[attr-defined]  # a note of ours on the request
    return kept[declaration.pk]


def book_of(declaration: Declaration, now: datetime | None = None) -> CodeBook:
    """Code lists in force today, where the Party counts its days."""
    return CodeBook(party_date(now or timezone.now(), declaration.party))


def book_of_party(organization: Organization | None) -> CodeBook:
    """Code lists in force today, for a page about no declaration in particular."""
    return CodeBook(party_date(timezone.now(), organization.party if organization else "US"))


def draft_frame(request: HttpRequest, declaration: Declaration) -> dict[str, Any]:
    """What every page of a draft shows beside its own: the duty panel."""
    review = review_of(request, declaration)
    return {
        "declaration": declaration, "name": name_of(declaration), "review": review, "assessment": review.assessment,
        "panel": panel_of(review.assessment),
    }  # fmt: skip


def page_marks(form: Form) -> dict[str, Any]:
    """What a page of a form carries: a mark of its own, and which of its fields have something to mend."""
    return {"page": new_reference("page"), "mending": [one for one in form.views() if one.error]}


def mending(form: Form, data: Mapping[str, str]) -> list[FieldView]:
    """Of the fields that the page marks as wrong those that still are."""
    marked = data.get("mending", "").split(",")
    return [one for one in form.views() if one.error and one.name in marked]


def panel_of(assessment: Assessment) -> duty_panel.Panel | None:
    """What the duty panel shows: nothing while no line says what it is and what it is worth."""
    return duty_panel.panel_of(assessment, is_brief=True) if assessment.items or assessment.unassessed else None


def name_of(declaration: Declaration) -> str:
    """What people call a declaration: its entry number, else their own reference, else ours."""
    if declaration.entry_number:
        return display(declaration)
    return declaration.functional_reference_id or declaration.reference


def start_of(request: HttpRequest) -> int:
    """The number of the line after which a page of lines begins: `?after=`."""
    after = request.GET.get("after", "")
    return int(after) if after.isascii() and after.isdigit() and len(after) <= 4 else 0


def is_htmx(request: HttpRequest) -> bool:
    """Asked by htmx for a part of a page."""
    return bool(getattr(request, "htmx", False))
