"""All filings of an organization as one stream: whole payloads, papers named in them, messages, receipts (SF-32).

The importer gets what its brokers filed for it as well as its own; nothing is asked for it.
"""

from collections.abc import Iterable, Iterator

import msgspec
from django.db.models import Q
from django.http import StreamingHttpResponse
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from declarations.access import versions_filed_by, visible_to
from declarations.filer.api import shapes
from declarations.filer.api.filed_versions import version_shape
from declarations.filer.api.reading import detail_of, messages_about
from declarations.models import Declaration, DeclarationVersion
from portal.accounts.actors import Actor
from portal.accounts.api import READ
from portal.api import Op, Operation, actor_of

NDJSON = "application/x-ndjson"
AT_ONCE = 50


class LinesRenderer(BaseRenderer):
    """So that `Accept: application/x-ndjson` is understood."""

    media_type = NDJSON
    format = "ndjson"

    def render(self, data: object, *args: object, **kwargs: object) -> bytes:
        """Only problems come this way, which are JSON all the same."""
        return bytes(JSONRenderer().render(data))


class Export(Operation):
    """Everything that was filed, as a stream."""

    renderer_classes = [LinesRenderer, JSONRenderer]
    ops = {
        "get": Op("export_filings", "All filings in full, one JSON object a line; the last line counts them", READ,
                  {200: shapes.Exported}, media=NDJSON),
    }  # fmt: skip

    def get(self, request: Request) -> StreamingHttpResponse:
        """Oldest first. A stream without its last line was cut off."""
        return exported(actor_of(request))


def exported(actor: Actor) -> StreamingHttpResponse:
    """The export as a file, written as it is read."""
    answer = StreamingHttpResponse(lines_of(actor), content_type=NDJSON)
    answer["Content-Disposition"] = 'attachment; filename="filings.ndjson"'
    return answer


def lines_of(actor: Actor) -> Iterator[bytes]:
    """Lines of the export, oldest filing first, read some at a time; then how many there were."""
    mine = visible_to(actor).filter(submitted_at__isnull=False).order_by()
    filed = versions_filed_by(actor)
    rows = Declaration.objects.filter(Q(pk__in=mine.values("pk")) | Q(pk__in=filed.values("declaration")))
    last, count = 0, 0
    while found := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        seen = {one.pk: one for one in visible_to(actor).filter(pk__in=found)}
        for pk in found:
            one = seen.get(pk)
            line = _own_versions(list(filed.filter(declaration=pk))) if one is None else _whole(one)
            count += 1
            yield msgspec.json.encode(line) + b"\n"
        last = found[-1]
    yield msgspec.json.encode(shapes.Exported(lines=count)) + b"\n"


def _whole(one: Declaration) -> shapes.Exported:
    versions = one.versions.exclude(submitted_at=None).order_by("number")
    rows = versions.select_related("declaration__importer", "filer", "receipt__version", "signature")
    return shapes.Exported(
        reference=one.reference, filing=detail_of(one), versions=_shaped(rows), messages=messages_about(one)
    )


def _own_versions(filed: list[DeclarationVersion]) -> shapes.Exported:
    filed.sort(key=lambda one: one.number)
    return shapes.Exported(reference=filed[0].declaration.reference, versions=_shaped(filed))


def _shaped(rows: Iterable[DeclarationVersion]) -> tuple[shapes.FiledVersion, ...]:
    return tuple(version_shape(one, whole=True) for one in rows)
