"""The importer's page: what a change of law does to declarations already filed."""

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from audits.remedies.models import LawChangeResult
from audits.remedies.selectors import results_for
from portal.accounts.actors import Actor
from portal.web import acting

MOST = 200


@require_GET
@acting
def law_changes(request: HttpRequest) -> HttpResponse:
    """Published changes that affect the organization's declarations, with the lines that differ."""
    rows = _rows(request)
    found = list(rows[: MOST + 1])
    context = {"results": found[:MOST], "more": len(found) > MOST, "most": MOST}
    return render(request, "audits/law_changes.html", context)


@require_GET
@acting
def law_changes_file(request: HttpRequest) -> HttpResponse:
    """All of them as CSV, one row a line that differs."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="law-changes.csv"'
    out = csv.writer(answer)
    out.writerow(["change", "entry_number", "line", "number", "before", "after", "currency", "legal_basis"])
    for one in _rows(request).iterator(chunk_size=500):
        for line in one.working.get("lines", []):
            out.writerow(_cells(one, line))
    return answer


def _cells(one: LawChangeResult, line: dict[str, Any]) -> list[str]:
    return [
        one.change.title, one.declaration.entry_number, line["item"], line["code"], line["before"], line["after"],
        one.currency, line["legal_basis"],
    ]  # fmt: skip


def _rows(request: HttpRequest) -> Any:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # the middleware sets it
    if actor.organization is None or not actor.may("declaration.read"):
        return LawChangeResult.objects.none()
    return results_for(actor.organization)
