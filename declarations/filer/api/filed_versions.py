"""What an organization filed under its own name, version by version: it stays its own to read.

A broker whose client carries a declaration on itself no longer sees the declaration, but must be able to show
what it filed (19 CFR 111.23).
"""

from django.conf import settings
from django.http import Http404, HttpResponse
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from declarations import selectors
from declarations.access import versions_filed_by
from declarations.filer.api import shapes
from declarations.filer.api.reading import PdfRenderer
from declarations.filer.api.shared import page_asked, receipt_shape, stamp, trader_of
from declarations.models import DeclarationVersion, Receipt
from declarations.printing import render_entry_summary
from declarations.services.filing import contents_of
from portal.accounts.actors import Actor
from portal.accounts.api import READ
from portal.api import Op, Operation, actor_of, respond


class FiledVersions(Operation):
    """Versions that the organization filed."""

    ops = {
        "get": Op("list_filed_versions", "Versions that your organization filed, also where it files no more", READ,
                  {200: shapes.Page[shapes.FiledVersion]}, problems=(400,), query=("after", "limit")),
    }  # fmt: skip

    def get(self, request: Request) -> HttpResponse:
        """A page of them, without their contents."""
        after, limit = page_asked(request.query_params)
        found, following = page_of_versions(actor_of(request), after=after, limit=limit)
        return respond(shapes.Page(tuple(map(version_shape, found)), following or None))


class OneFiledVersion(Operation):
    """One of them."""

    ops = {
        "get": Op("get_filed_version", "A version that your organization filed, with its contents and receipt", READ,
                  {200: shapes.FiledVersion}, problems=(404,)),
    }  # fmt: skip

    def get(self, request: Request, reference: str) -> HttpResponse:
        """The very contents that were signed and filed."""
        return respond(version_shape(version_of(actor_of(request), reference), whole=True))


class FiledEntrySummary(Operation):
    """The printed form of one of them."""

    renderer_classes = [PdfRenderer, JSONRenderer]
    ops = {
        "get": Op("filed_version_entry_summary", "Entry summary of a version that your organization filed", READ,
                  {200: bytes}, problems=(404,), media="application/pdf"),
    }  # fmt: skip

    def get(self, request: Request, reference: str) -> HttpResponse:
        """As it was filed."""
        return printed(version_of(actor_of(request), reference))


def page_of_versions(actor: Actor, *, after: str, limit: int) -> tuple[list[DeclarationVersion], str]:
    """Versions that the actor's organization filed, newest first, and the cursor of the next page ("" at the end)."""
    rows = versions_filed_by(actor).order_by("-pk")
    if after:
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: limit + 1])
    return found[:limit], str(found[limit - 1].pk) if len(found) > limit else ""


def version_of(actor: Actor, reference: str) -> DeclarationVersion:
    """The version, where the actor's organization filed it. Raises Http404."""
    found = versions_filed_by(actor).filter(reference=reference).first()
    if found is None:
        raise Http404
    return found


def version_shape(version: DeclarationVersion, *, whole: bool = False) -> shapes.FiledVersion:
    """A filed version as the API gives it; `whole` is with the contents that were frozen."""
    document, assessment = contents_of(version) if whole else (None, None)
    signature = getattr(version, "signature", None)
    receipt: Receipt | None = getattr(version, "receipt", None)
    at = version.submitted_at or version.created_at
    return shapes.FiledVersion(
        reference=version.reference, declaration_reference=version.declaration.reference, number=version.number,
        kind=selectors.kind_of(version), entry_number=version.entry_number, lrn=version.lrn,
        importer=trader_of(version.declaration.importer), filer=trader_of(version.filer), channel=version.channel,
        digest=version.digest, signed_by=signature.name if signature else "", submitted_at=stamp(at),
        receipt=receipt_shape(receipt) if receipt else None, declaration=document, assessment=assessment,
    )  # fmt: skip


def printed(version: DeclarationVersion) -> HttpResponse:
    """The entry summary of a version as a file."""
    answer = HttpResponse(render_entry_summary(version, rehearsal=settings.REHEARSAL), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="entry-summary-{version.entry_number}-{version.number}.pdf"'
    return answer
