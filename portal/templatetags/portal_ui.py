"""Filters and components of the pages, in every template without a load."""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField
from django.template import Context
from django.template.defaultfilters import linebreaksbr
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.html import conditional_escape, format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.text import capfirst, slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.duty_panel import MOST_LINES, duty_panel
from portal.forms import TERMS, FieldView
from portal.references import is_reference
from portal.rows import cell, rows
from portal.shown import day, dollars, duration, entry_number, hts, iso, moment, money, number

__all__ = ["MOST_LINES", "day", "hts", "number", "register", "term_slug"]

register = template.Library()
_numbers = itertools.count(1)

for _shown in (money, dollars, number, day, moment, iso, duration, hts, entry_number):
    register.filter(_shown)
register.tag(rows)
register.tag(cell)
register.inclusion_tag("components/duty_panel.html")(duty_panel)


def term_slug(name: str) -> str:
    """The anchor of a word on the help page."""
    return f"term-{slugify(name)}"


def _part(value: Any, name: str, default: Any = "") -> Any:
    found = value.get(name, default) if isinstance(value, Mapping) else getattr(value, name, default)
    return default if found is None else found


def _unique(context: Context, prefix: str) -> str:
    request = context.get("request")
    if request is None:
        return f"{prefix}-n{next(_numbers)}"  # a part rendered on its own
    request.portal_ids = getattr(request, "portal_ids", 0) + 1
    return f"{prefix}-{request.portal_ids}"


def _rows(values: Iterable[Any], **defaults: Any) -> list[dict[str, Any]]:
    """Objects, dicts or tuples as dicts that have every name the template asks for."""
    named = (
        dict(zip(defaults, one, strict=False)) if isinstance(one, tuple | list) and not hasattr(one, "_fields") else one
        for one in values
    )
    return [{name: _part(one, name, default) for name, default in defaults.items()} for one in named]


TERM = (
    '<button type="button" class="portal-term" popovertarget="{id}">{label}'
    '<span class="usa-sr-only">&nbsp;{hint}</span></button>'
    '<span popover class="portal-term__words" id="{id}"><strong>{name}</strong> {words}</span>'
)


@register.simple_tag(takes_context=True)
def term(context: Context, name: str, label: Any = "") -> str:
    """A word with its one-sentence explanation one click away; an unknown word is shown as it is."""
    words = TERMS.get(str(name).lower().strip())
    if words is None:
        return conditional_escape(label or name)
    named = capfirst(name)
    return format_html(
        TERM, id=_unique(context, "term"), label=label or name, hint=_("(what this means)"), name=named, words=words
    )


@register.inclusion_tag("components/field.html", takes_context=True)
def field(context: Context, view: FieldView) -> dict[str, Any]:
    """One field of a page."""
    return {"f": view, "request": context.get("request")}


@register.inclusion_tag("components/field.html", takes_context=True)
def bound_field(context: Context, bound: BoundField, **changes: Any) -> dict[str, Any]:
    """A field of a Django form in the same look; keywords replace what the form says."""
    return field(context, FieldView.of(bound, **changes))


@register.inclusion_tag("components/error_summary.html")
def error_summary(errors: Any, title: Any = "") -> dict[str, Any]:
    """What has to be mended, with links: FieldViews with errors, a dict of words by name, or (where, words) pairs."""
    return {"links": list(_links(errors)), "title": title}


def _links(errors: Any) -> Iterator[dict[str, Any]]:
    """Where two fields have the same words, each is named before them."""
    given = list(errors.items() if isinstance(errors, Mapping) else errors or ())
    said = Counter(str(one.error) for one in given if isinstance(one, FieldView))
    for one in given:
        if isinstance(one, FieldView):
            where, words = one.name, one.error
            if words and one.label and said[str(words)] > 1:
                words = _("%(field)s: %(words)s") % {"field": one.label, "words": words}
        elif isinstance(one, str):
            where, words = "", one
        else:
            where, words = one
        if words:
            where = where or ""
            yield {"href": where if not where or where[0] in "#/" else f"#id_{where}", "words": words}


FORM_WORDS = {
    "email_password_mismatch": _(
        "This e-mail address and password do not go together. Check both, or ask for a new password."
    ),
    "too_many_login_attempts": _("There were too many tries. Wait some minutes, or choose a new password."),
}


@register.inclusion_tag("components/error_summary.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """The same for a Django form."""
    general = [("", FORM_WORDS.get(one.code or "", one.messages[0])) for one in form.non_field_errors().as_data()]
    fields = [(bound.html_name, " ".join(map(str, bound.errors))) for bound in form if bound.errors]
    return error_summary(general + fields)


@register.inclusion_tag("components/task_list.html")
def task_list(tasks: Iterable[Any]) -> dict[str, Any]:
    """Steps with their states: each has label, href, state, and perhaps hint."""
    return {"tasks": _rows(tasks, label="", href="", state="", hint="", state_label="")}


class Definition(NamedTuple):
    """One answer, ready for its row: a modifier of the class, and markup for what is said and for the link."""

    kind: str
    label: Any
    said: str
    change: str


ERROR = '<span class="usa-error-message"><span class="usa-sr-only">{}</span> {}</span> '
WAS = ' <span class="portal-was">{}</span>'
CHANGE = (
    '<dd class="portal-definitions__change"><a class="usa-link" href="{}">{}'
    '<span class="usa-sr-only">&nbsp;{}</span></a></dd>'
)


@register.inclusion_tag("components/definitions.html")
def definitions(rows: Iterable[Any], title: Any = "", change: str = "", level: int = 2) -> dict[str, Any]:
    """A section of answers: rows are (label, value), (label, value, href) or have label, value, href, was, error."""
    words = str(_("Change"))
    found = [_definition(words=words, **one) for one in _rows(rows, label="", value="", href="", was="", error="")]
    return {"rows": found, "title": title, "change": change, "level": level}


def _definition(*, label: Any, value: Any, href: str, was: Any, error: Any, words: str) -> Definition:
    kind = " portal-definitions__row--changed" if was else ""
    kind += " portal-definitions__row--error" if error else ""
    said = linebreaksbr(value) if value != "" else format_html('<span class="portal-none">{}</span>', _("Not given"))
    if error:
        said = format_html(ERROR, _("Error:"), error) + said
    if was:
        said += format_html(WAS, _("Changed. Before: %(was)s") % {"was": was})
    return Definition(kind, str(label), said, format_html(CHANGE, href, words, label) if href else "")


# state: (words, tone). A tone has its own shape beside its colour: todo doing good bad warn wait idle.
STATES: dict[str, tuple[Any, str]] = {
    "not_started": (_("Not started"), "todo"), "in_progress": (_("In progress"), "doing"),
    "problems": (_("Has problems"), "bad"), "done": (_("Done"), "good"),
    "blocked": (_("Cannot start yet"), "idle"), "optional": (_("Optional"), "idle"),
    "to_check": (_("Check it"), "todo"), "not_needed": (_("Not needed"), "idle"),
    "error": (_("To mend"), "bad"), "warning": (_("Check"), "warn"),
    "information": (_("Good to know"), "idle"),
    "DRAFT": (_("Draft"), "todo"), "READY": (_("Ready to sign"), "doing"), "SIGNED": (_("Signed"), "doing"),
    "SUBMITTED": (_("Sent to customs"), "wait"), "WITHDRAWN": (_("Withdrawn"), "idle"),
    "ABANDONED": (_("Expired draft"), "idle"), "RECEIVED": (_("Received by customs"), "wait"),
    "ACCEPTED": (_("Accepted"), "good"), "UNDER_REVIEW": (_("Documents asked for"), "warn"),
    "UNDER_EXAM": (_("Being examined"), "wait"), "REJECTED": (_("Rejected: see what to correct"), "bad"),
    "RELEASED": (_("Goods released"), "good"), "CLEARED": (_("Cleared"), "good"),
    "CANCELLED": (_("Cancelled"), "idle"), "PENDING": (_("Waiting to be sent"), "wait"),
    "IN_FLIGHT": (_("Being sent"), "wait"), "UNKNOWN": (_("Not known yet if it arrived"), "warn"),
    "DELIVERED": (_("Delivered"), "good"), "REFUSED": (_("Refused"), "bad"),
    "DEAD": (_("Stopped: an operator looks at it"), "bad"),
    "UNMATCHED": (_("Not matched yet"), "warn"),
    "APPLIED": (_("Applied"), "good"), "FAILED": (_("Could not be read"), "bad"), "OPEN": (_("Open"), "doing"),
    "GRANTED": (_("Granted"), "good"), "LATE": (_("Late"), "bad"), "DUE": (_("Due"), "warn"),
}  # fmt: skip


STATUS = '<span class="portal-status portal-status--{}">{}</span>'


@register.simple_tag
def status_tag(state: Any, label: Any = "", tone: str = "") -> SafeString:
    """A state in words, with a shape and a colour; `label` and `tone` replace the usual ones."""
    words, usual = STATES.get(str(state), (str(state).replace("_", " ").capitalize(), "idle"))
    return format_html(STATUS, tone or usual, label or words)


@register.inclusion_tag("components/time_line.html")
def time_line(entries: Iterable[Any]) -> dict[str, Any]:
    """What happened: each has at, what, and perhaps who, source (customs, filer, portal), detail, href, link."""
    return {"entries": _rows(entries, at="", what="", who="", source="portal", detail="", href="", link="")}


@register.inclusion_tag("components/empty_state.html")
def empty_state(title: Any, text: Any = "", href: str = "", link: Any = "") -> dict[str, Any]:
    """Nothing here yet, and the next step."""
    return {"title": title, "text": text, "href": href, "link": link}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: Context, following: Any = "", param: str = "after", anchor: str = "") -> dict[str, Any]:
    """Links of a keyset list: to its beginning, and to what follows the cursor. Other parts of the address stay."""
    request = context.get("request")
    if request is None:
        return {"first": "", "onward": f"?{urlencode({param: following})}{anchor}" if following else ""}
    kept = request.GET.copy()
    moved = bool(kept.pop(param, None))
    first = f"?{kept.urlencode()}{anchor}"
    if following:
        kept[param] = following
    return {"first": first if moved else "", "onward": f"?{kept.urlencode()}{anchor}" if following else ""}


NAV_LINK, NAV_HERE = '<li><a href="{}">{}</a></li>', '<li><a href="{}" aria-current="page">{}</a></li>'


@register.simple_tag(takes_context=True)
def nav_link(context: Context, name: str, label: Any) -> str:
    """A link of the main navigation, if the page is there; the current one is marked."""
    href, request = page_url(name), context.get("request")
    path = request.path if request else ""
    is_here = path == href or (href not in ("/", "") and path.startswith(href))
    return format_html(NAV_HERE if is_here else NAV_LINK, href, label) if href else ""


@register.inclusion_tag("components/crumbs.html")
def crumbs(*parts: Any) -> dict[str, Any]:
    """Where the page stands: words and address in turn, then the words of the page itself. Two deep at most."""
    pairs = [parts[place : place + 2] for place in range(0, len(parts), 2)]
    return {"links": [pair for pair in pairs if len(pair) == 2], "here": parts[-1] if len(parts) % 2 else ""}


@register.simple_tag
def page_url(*names: str, **arguments: Any) -> str:
    """The address of the first of these pages that is there, or nothing."""
    if not arguments:
        return _plain_url(names, get_urlconf(), get_script_prefix())
    return _first_url(names, arguments)


@lru_cache(maxsize=64)
def _plain_url(names: tuple[str, ...], _urlconf: Any, _prefix: str) -> str:
    return _first_url(names, {})


def _first_url(names: Iterable[str], arguments: dict[str, Any]) -> str:
    for name in names:
        try:
            return reverse(name, kwargs=arguments or None)
        except NoReverseMatch:
            continue
    return ""


@register.simple_tag
def subject_url(reference: str) -> str:
    """The page of what a task or a notice is about, by the kind of its reference, or nothing."""
    if is_reference(reference, "law_change"):
        return page_url("law_changes")
    if is_reference(reference, "webhook"):
        return page_url("webhook", webhook=reference)
    if is_reference(reference, "client"):
        return page_url("program", program=reference)
    if is_reference(reference, "mandate"):
        return page_url("mandate", mandate=reference)
    return page_url("declaration", reference=reference) if is_reference(reference, "declaration") else ""


@register.simple_tag
def page_styles() -> str:
    """Style sheets of every page: USWDS where it was fetched, else our own plain one."""
    return _styles(settings.USWDS.exists(), settings.STATIC_URL)


@lru_cache(maxsize=4)
def _styles(has_uswds: bool, _static_url: str) -> str:
    return render_to_string("components/styles.html", {"has_uswds": has_uswds})


@register.simple_tag
def page_footer() -> str:
    """The foot of every page: the same for everybody who reads one language."""
    return _footer(get_language(), get_urlconf(), get_script_prefix())


@lru_cache(maxsize=8)
def _footer(_language: str | None, _urlconf: Any, _prefix: str) -> str:
    return render_to_string("components/footer.html")
