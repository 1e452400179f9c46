"""Sign, send, receipt: two acts of a person, and the proof of the second."""

import contextlib
from typing import Any

from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from declarations.filer.web.shared import READ, SIGN, TRANSMIT, ActingRequest, acting_on, on_declaration, refused, told
from declarations.flow import Filing
from declarations.models import Declaration, DeclarationVersion, Receipt, Signature
from declarations.services import filing
from declarations.statements import statement_on, words_of
from portal.credentials import TooManyFailures, is_password_of
from portal.forms import FieldView
from portal.timezones import party_date


@on_declaration(READ)
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: ActingRequest, declaration: Declaration) -> HttpResponse:
    """What is signed, in full; the password again; then sending."""
    if declaration.filing not in (Filing.READY, Filing.SIGNED) or declaration.live_version is None:
        return redirect("declaration", declaration.reference)
    if request.method == "POST" and declaration.filing == Filing.READY:
        return _sign(request, declaration, declaration.live_version)
    return _page(request, declaration, declaration.live_version)


def _sign(request: ActingRequest, declaration: Declaration, version: DeclarationVersion) -> HttpResponse:
    """The signature stands, or the page again with the reason at the password."""
    if not request.actor.may(SIGN):
        return refused(request, declaration.reference, _("Your role does not allow you to sign for the importer."))
    now, password = timezone.now(), request.POST.get("password", "")
    try:
        is_own = is_password_of(
            user=request.user, password=password, about=declaration.reference, actor=request.actor, now=now
        )
    except TooManyFailures as error:
        return _page(request, declaration, version, error=str(error), status=429)
    if not is_own:
        words = _("This is not your password. Write the one with which you signed in.")
        return _page(request, declaration, version, error=words, status=422)
    digest = request.POST.get("digest", "")
    with contextlib.suppress(IntegrityError):  # a second click in the same moment: it is signed
        filing.sign(
            version=version, signatory=request.user, digest=digest, actor=request.actor, now=now, method="password"
        )
    return told(request, _("You have signed. It is not sent yet."), "declaration_sign", declaration.reference)


def _page(
    request: ActingRequest, declaration: Declaration, version: DeclarationVersion, *, error: str = "", status: int = 200
) -> HttpResponse:
    document, assessment = filing.contents_of(version)
    signature = Signature.objects.filter(version=version).first()
    chosen = document.declarant_statement
    statement = statement_on(party_date(version.created_at, declaration.party))
    words = words_of(
        statement, capacity=chosen.capacity if chosen else None, obtained_by=chosen.obtained_by if chosen else None
    )
    view = FieldView(
        "password", _("Your password"), _("Given again, so that nobody else signs from your desk."), "password",
        error=error, required=True, width="xl", autocomplete="current-password",
    )  # fmt: skip
    context: dict[str, Any] = {
        "declaration": declaration, "version": version, "document": document, "assessment": assessment,
        "signature": signature, "statement": statement, "words": signature.statement if signature else words,
        "password": view, "password_errors": [view] if error else [], **acting_on(request, declaration),
        "signer": request.user, "items": len(document.items),
    }  # fmt: skip
    return render(request, "declarations/sign.html", context, status=status)


@on_declaration(TRANSMIT)
@require_POST
def submission(request: ActingRequest, declaration: Declaration) -> HttpResponse:
    """The signed version is filed. A second click gives the same receipt."""
    version = declaration.live_version
    if version is None:
        return refused(request, declaration.reference, _("There is nothing to send. Check and sign it first."))
    filing.submit(version=version, actor=request.actor, now=timezone.now())
    return redirect("declaration_receipt", declaration.reference)


@on_declaration(READ)
@require_GET
def receipt(request: ActingRequest, declaration: Declaration) -> HttpResponse:
    """The proof that it was filed: when, what, through which channel, by whom."""
    given = (
        Receipt.objects.filter(version__declaration=declaration)
        .select_related("version", "version__signature", "version__signature__signatory")
        .order_by("-version__number")
        .first()
    )
    if given is None:
        return refused(request, declaration.reference, _("Nothing has been filed yet, so there is no receipt."))
    context = {
        "declaration": declaration,
        "receipt": given,
        "version": given.version,
        "is_true": filing.is_genuine(given),
    }
    return render(request, "declarations/receipt.html", context)
