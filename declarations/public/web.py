"""The tariff, the rule book and help, for everybody."""

import unicodedata
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from declarations.public import book, duty, lines, measures
from declarations.public.asking import day_asked, today
from declarations.public.course import course_of
from declarations.public.trial import Trial
from declarations.public.whatif import answer_of
from declarations.selectors import numbers_filed
from declarations.tariff import selectors
from declarations.tariff.chapters import SECTIONS, TITLES
from declarations.tariff.guide import name_of, step_of
from declarations.tariff.view import TariffLine, TariffView, normal_number
from portal.codes.selectors import list_codes
from portal.forms import TERMS, FieldError, FieldView, tidy_date
from portal.templatetags.portal_ui import term_slug

SEVERITIES = (
    ("", gettext_lazy("All")),
    ("error", gettext_lazy("To mend")),
    ("warning", gettext_lazy("Check")),
    ("information", gettext_lazy("Good to know")),
)
ACRONYMS = frozenset({"abi", "ace", "ach", "cbp", "mid"})
MOST_HITS = 50
MOST_GROUPS = 15


@require_safe
def rulebook(request: HttpRequest) -> HttpResponse:
    """Every rule by theme, each with an anchor of its code."""
    text, severity = request.GET.get("q", "").strip()[:100], request.GET.get("severity", "")
    themes = book.themes(text, severity)
    fields = [
        FieldView("q", _("Words or code"), value=text),
        FieldView("severity", _("Kind"), kind="select", choices=SEVERITIES, value=severity),
    ]
    context = {
        "themes": themes, "shown": book.count(themes), "total": book.total(), "fields": fields,
        "filtered": bool(text or severity),
    }  # fmt: skip
    return render(request, "public/rules.html", context)


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How filing goes, what people ask, and every word of art in one sentence."""
    return render(request, "public/help.html", {"words": [_word(name) for name in sorted(TERMS)]})


def _word(name: str) -> dict[str, Any]:
    shown = name.upper() if name in ACRONYMS else capfirst(name)
    return {"name": shown.replace("Hts", "HTS"), "anchor": term_slug(name), "words": TERMS[name]}


@require_safe
def tariff(request: HttpRequest) -> HttpResponse:
    """Search of the schedule of a day; without words, its chapters."""
    text = unicodedata.normalize("NFKC", request.GET.get("q", "").strip()[:100]).strip()[:100]
    on, day_field = _day(request)
    context: dict[str, Any] = {"q": text, "on": on, "sections": SECTIONS, "day_query": _day_query(request)}
    context["fields"] = [FieldView("q", _("Number or words"), value=text, autocomplete="off"), day_field]
    try:
        view = selectors.current_view(on)
        line = view.line(text) if text and normal_number(text) else None
        if line is not None and line.declarable and len(line.number) >= 8:
            return redirect(_line_url(line.number, request))
        if line is None and _only_measures(view, normal_number(text)):
            return redirect(_line_url(normal_number(text), request))
        context["edition"] = view.editions.tariff
        context |= _found(request, text, on)
    except selectors.NoEdition:
        context["no_edition"] = True
    return render(request, "public/tariff.html", context)


def _found(request: HttpRequest, text: str, on: date) -> dict[str, Any]:
    """Lines for the beginning of a number; for words the subheadings that fit, those filed before among them."""
    if not text:
        return {}
    if selectors.is_number(text):
        return {"hits": lines.listed(selectors.search(text, on, MOST_HITS)), "most": MOST_HITS}
    actor = getattr(request, "actor", None)
    filed = numbers_filed(actor, actor.organization if actor else None)
    found = selectors.look_up(text, on, limit=MOST_GROUPS, filed=filed)
    unknown = selectors.words_not_understood(text, on)
    return {"groups": lines.grouped(found), "most": MOST_GROUPS, "unknown": unknown}


def _only_measures(view: TariffView, number: str) -> bool:
    """Whether a number of chapter 99 stands in measures although the schedule held does not print it."""
    return number[:2] == "99" and len(number) == len("99030531") and bool(view.measure_rows(number))


@require_safe
def tariff_line(request: HttpRequest, number: str) -> HttpResponse:
    """A number: what is below it, or its rates, its additional duties and a trial computation."""
    folded = unicodedata.normalize("NFKC", number)
    digits = "".join(ch for ch in folded if ch in "0123456789")
    if not 2 <= len(digits) <= 10 or set(folded) - set("0123456789."):
        raise Http404
    if digits != number:
        return redirect(_line_url(digits, request))
    on, day_field = _day(request)
    context: dict[str, Any] = {"number": digits, "on": on, "day_query": _day_query(request)}
    context |= {"chapter": digits[:2], "chapter_title": TITLES.get(digits[:2], "")}
    try:
        view = selectors.current_view(on)
    except selectors.NoEdition:
        return render(request, "public/tariff_gone.html", {**context, "no_edition": True}, status=404)
    context["edition"] = view.editions.tariff
    line = view.line(digits)
    if line is not None and line.declarable:
        return render(request, "public/tariff_line.html", context | _line_context(request, line, view, on, day_field))
    return _below(request, digits, on, view, context)


def _below(request: HttpRequest, digits: str, on: date, view: TariffView, context: dict[str, Any]) -> HttpResponse:
    step = step_of(digits, on)
    if step is None and _only_measures(view, digits):
        return render(
            request, "public/tariff_heading.html", {**context, "rows": measures.rows_of_heading(view, digits)}
        )
    if step is None:
        context["successors"] = view.successors(digits)
        return render(request, "public/tariff_gone.html", context, status=404)
    return render(request, "public/tariff_below.html", {**context, "step": step, "title": step.title})


def _line_context(
    request: HttpRequest, line: TariffLine, view: TariffView, on: date, day_field: FieldView
) -> dict[str, Any]:
    countries, units = list_codes("countries", on), {one.code: one.name for one in list_codes("units", on)}
    asked = duty.read_question(request.GET, line, on, countries)
    if day_field.error:
        asked.errors["on"] = str(day_field.error)
    programs = duty.programs_for(line, asked.origin, view, on) if asked.origin else []
    assessment = duty.answer(asked, line, view, timezone.now())
    name, above = name_of(line.description, line.path)
    names = {one.code: one.name for one in countries}
    trial = Trial(asked, line, view, timezone.now()) if asked.can_be_told and not line.number.startswith("99") else None
    return {
        "line": line, "name": name, "above": above, "hierarchy": lines.hierarchy(line),
        "units": [(code, units.get(code, "")) for code in line.units],
        "specials": lines.specials(line, view), "is_chapter_99": line.number.startswith("99"),
        "column2": [one.name for one in countries if view.origin_status(one.code, "column2", on)],
        "fields": [*duty.fields_of(asked, line, countries, programs, units), day_field],
        "asked": asked, "country": names.get(asked.origin, ""), "assessment": assessment,
        "measures": view.editions.measures, "measure_sets": selectors.measure_sets(view),
        "answer": answer_of(trial, assessment, programs) if trial else None,
        "compare_query": request.GET.urlencode(),
        "course": course_of(trial, today(), names[asked.origin]) if trial else None,
        "own_rows": measures.rows_of_heading(view, line.number) if line.number.startswith("99") else [],
    }  # fmt: skip


def _day(request: HttpRequest) -> tuple[date, FieldView]:
    """The day asked for, today where it is not given or cannot be read, and its field."""
    return day_asked(request.GET, "on", _("Day"), today())


def _day_query(request: HttpRequest) -> str:
    """The day as it goes on to the next page: only where one was asked for."""
    try:
        found = tidy_date(request.GET.get("on", "")[:40])
    except FieldError:
        found = None
    return f"?on={found}" if found else ""


def _line_url(number: str, request: HttpRequest) -> str:
    return f"/tariff/{number}/{_day_query(request)}"
