"""Filters and components of the pages, in every template without a load."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html
from django.utils.http import urlencode
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.forms import TERMS, FieldView
from portal.timezones import ZONES

register = template.Library()
_numbers = itertools.count(1)

# ---- filters -----------------------------------------------------------------------------------


def _decimal(value: Any) -> Decimal | None:
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


@register.filter
def money(value: Any, currency: str = "USD") -> str:
    """`18617.13` as `$18,617.13`; other currencies by their code. Nothing stays nothing: it is never a zero."""
    return _amount(value, currency, 2)


@register.filter
def dollars(value: Any, currency: str = "USD") -> str:
    """Whole dollars: `45000` as `$45,000`; cents are shown where there are any."""
    amount = _decimal(value)
    return _amount(value, currency, 0 if amount is not None and amount == amount.to_integral_value() else 2)


def _amount(value: Any, currency: str, places: int) -> str:
    amount = _decimal(value) if value not in (None, "") else None
    if amount is None:
        return "" if value in (None, "") else str(value)
    sign = "\N{MINUS SIGN}" if amount < 0 else ""
    text = f"{abs(amount):,.{places}f}"
    return f"{sign}${text}" if currency == "USD" else f"{sign}{currency}\N{NO-BREAK SPACE}{text}"


@register.filter
def number(value: Any) -> str:
    """Thousands separated, decimals as they are: `12345.50` as `12,345.50`."""
    amount = _decimal(value) if value not in (None, "") else None
    return f"{amount:,f}" if amount is not None else str(value or "")


def _day_of(value: Any) -> date | None:
    if isinstance(value, str):
        try:
            value = parse_datetime(value) if "T" in value else parse_date(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return _local(value).date()
    return value if isinstance(value, date) else None


def _local(moment: datetime) -> datetime:
    aware = moment if timezone.is_aware(moment) else timezone.make_aware(moment, ZONES[settings.PARTY])
    return aware.astimezone(ZONES[settings.PARTY])


@register.filter
def day(value: Any) -> str:
    """A date, or the day of a moment where the Party counts its days: `24 Nov 2026`."""
    found = _day_of(value)
    return date_format(found, "j M Y") if found else str(value or "")


@register.filter
def moment(value: Any) -> str:
    """A time with its zone: `24 Nov 2026, 09:05 EST`."""
    if isinstance(value, str):
        value = (parse_datetime(value) if "T" in value or " " in value else None) or value
    if not isinstance(value, datetime):
        return day(value)
    local = _local(value)
    return f"{date_format(local, 'j M Y, H:i')} {local.tzname()}"


@register.filter
def iso(value: Any) -> str:
    """For `<time datetime>`."""
    return value.isoformat() if isinstance(value, date) else str(value or "")


@register.filter
def duration(seconds: Any) -> str:
    """How long, in words: `4 minutes`."""
    found = int(_decimal(seconds) or 0)
    if found < 60:
        return str(_("less than a minute"))
    if found < 3600:
        return ngettext("%(n)d minute", "%(n)d minutes", found // 60) % {"n": found // 60}
    if found < 86400:
        return ngettext("%(n)d hour", "%(n)d hours", found // 3600) % {"n": found // 3600}
    return ngettext("%(n)d day", "%(n)d days", found // 86400) % {"n": found // 86400}


@register.filter
def hts(value: Any) -> str:
    """A tariff number as the schedule prints it: `8507600090` as `8507.60.0090`, `99039106` as `9903.91.06`."""
    text = str(value or "")
    if not text.isdigit() or len(text) not in (6, 8, 10):
        return text
    return ".".join(part for part in (text[:4], text[4:6], text[6:]) if part)


@register.filter
def entry_number(value: Any) -> str:
    """Filer code, number and check digit: `ZZZ-1000001-9`."""
    text = str(value or "")
    return f"{text[:3]}-{text[3:10]}-{text[10]}" if len(text) == 11 else text


# ---- components --------------------------------------------------------------------------------


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
    for one in errors.items() if isinstance(errors, Mapping) else errors or ():
        if isinstance(one, FieldView):
            where, words = one.name, one.error
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


# Class codes of fees, as statements and CBP Form 7501 name them.
FEES = {
    "311": _("Merchandise processing fee, informal entry"), "496": _("Dutiable mail fee"),
    "499": _("Merchandise processing fee"), "500": _("Surcharge for manual filing"), "501": _("Harbor maintenance fee"),
}  # fmt: skip
# Rows of the duty panel: the words, the kinds of lines in it, and whether it is shown where it is empty.
DUTY_ROWS: tuple[tuple[Any, tuple[str, ...], bool], ...] = (
    (_("Duty"), ("duty", "replacement"), True),
    (_("Additional duties"), ("additional_duty", "exemption"), True),
    (_("Antidumping duty"), ("antidumping",), False),
    (_("Countervailing duty"), ("countervailing",), False),
    (_("Fees"), ("fee",), True),
    (_("Taxes"), ("tax",), True),
)
MOST_LINES = 10  # of working in one row; the rest is on the pages of the lines


@register.inclusion_tag("components/duty_panel.html")
def duty_panel(assessment: Any, title: Any = "", more: str = "") -> dict[str, Any]:
    """What is owed, each row with its working. `more` is the address of the whole working."""
    if not assessment:
        return {"known": False, "title": title}
    rows = [_duty_row(assessment, *row) for row in DUTY_ROWS]
    return {
        "known": True,
        "title": title,
        "more": more,
        "rows": [row for row in rows if row["shown"]],
        "total": _part(_part(assessment, "totals"), "total"),
        "currency": _part(assessment, "currency", "USD"),
        "unassessed": list(_part(assessment, "unassessed", ())),
        "estimated": any(_part(item, "estimated", False) for item in _part(assessment, "items", ())),
        "editions": _part(assessment, "editions", None),
    }


def _duty_row(assessment: Any, label: Any, kinds: tuple[str, ...], always: bool) -> dict[str, Any]:
    lines = [
        {"item": _part(item, "sequence"), "date": _part(item, "rate_date"), "fee": FEES.get(_part(line, "code")),
         "line": line}
        for item in _part(assessment, "items", ())
        for line in _part(item, "lines", ())
        if _part(line, "kind") in kinds
    ]  # fmt: skip
    owed = [
        {"label": FEES.get(_part(one, "code"), _part(one, "code")), "fee": one}
        for one in (_part(assessment, "fees", ()) if "fee" in kinds else ())
    ]
    amounts = [_part(one["fee"], "amount", 0) for one in owed]
    amounts = amounts or [_part(one["line"], "amount", 0) for one in lines]
    total = sum((_decimal(one) or Decimal(0) for one in amounts), Decimal(0))
    shown = lines[:MOST_LINES]
    return {"label": label, "lines": shown, "hidden": len(lines) - len(shown), "owed": owed, "amount": total,
            "shown": always or bool(lines)}  # fmt: skip


@register.inclusion_tag("components/task_list.html")
def task_list(tasks: Iterable[Any]) -> dict[str, Any]:
    """Steps with their states: each has label, href, state, and perhaps hint."""
    return {"tasks": _rows(tasks, label="", href="", state="", hint="", state_label="")}


@register.inclusion_tag("components/definitions.html")
def definitions(rows: Iterable[Any], title: Any = "", change: str = "", level: int = 2) -> dict[str, Any]:
    """A section of answers: rows are (label, value), (label, value, href) or have label, value, href, was, error."""
    found = _rows(rows, label="", value="", href="", was="", error="")
    return {"rows": found, "title": title, "change": change, "level": level}


# state: (words, tone). A tone has its own shape beside its colour: todo doing good bad warn wait idle.
STATES: dict[str, tuple[Any, str]] = {
    "not_started": (_("Not started"), "todo"), "in_progress": (_("In progress"), "doing"),
    "problems": (_("Has problems"), "bad"), "done": (_("Done"), "good"),
    "blocked": (_("Cannot start yet"), "idle"), "optional": (_("Optional"), "idle"),
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


@register.inclusion_tag("components/status_tag.html")
def status_tag(state: Any, label: Any = "", tone: str = "") -> dict[str, Any]:
    """A state in words, with a shape and a colour; `label` and `tone` replace the usual ones."""
    words, usual = STATES.get(str(state), (str(state).replace("_", " ").capitalize(), "idle"))
    return {"words": label or words, "tone": tone or usual}


@register.inclusion_tag("components/time_line.html")
def time_line(entries: Iterable[Any]) -> dict[str, Any]:
    """What happened: each has at, what, and perhaps who, source (customs, filer, portal), detail, href, link."""
    return {"entries": _rows(entries, at="", what="", who="", source="portal", detail="", href="", link="")}


@register.inclusion_tag("components/empty_state.html")
def empty_state(title: Any, text: Any = "", href: str = "", link: Any = "") -> dict[str, Any]:
    """Nothing here yet, and the next step."""
    return {"title": title, "text": text, "href": href, "link": link}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: Context, following: Any = "", param: str = "after") -> dict[str, Any]:
    """Links of a keyset list: to its beginning, and to what follows the cursor. Other parts of the address stay."""
    request = context.get("request")
    if request is None:
        return {"first": "", "onward": f"?{urlencode({param: following})}" if following else ""}
    kept = request.GET.copy()
    moved = bool(kept.pop(param, None))
    first = "?" + kept.urlencode()
    if following:
        kept[param] = following
    return {"first": first if moved else "", "onward": "?" + kept.urlencode() if following else ""}


@register.inclusion_tag("components/nav_link.html", takes_context=True)
def nav_link(context: Context, name: str, label: Any) -> dict[str, Any]:
    """A link of the main navigation, if the page is there; the current one is marked."""
    href, request = page_url(name), context.get("request")
    path = request.path if request else ""
    return {"href": href, "label": label, "here": path == href or (href not in ("/", "") and path.startswith(href))}


@register.inclusion_tag("components/crumbs.html")
def crumbs(*parts: Any) -> dict[str, Any]:
    """Where the page stands: words and address in turn, then the words of the page itself. Two deep at most."""
    pairs = [parts[place : place + 2] for place in range(0, len(parts), 2)]
    return {"links": [pair for pair in pairs if len(pair) == 2], "here": parts[-1] if len(parts) % 2 else ""}


@register.simple_tag
def page_url(*names: str, **arguments: Any) -> str:
    """The address of the first of these pages that is there, or nothing."""
    for name in names:
        try:
            return reverse(name, kwargs=arguments or None)
        except NoReverseMatch:
            continue
    return ""


@register.inclusion_tag("components/styles.html")
def page_styles() -> dict[str, Any]:
    """Style sheets of every page: USWDS where it was fetched, else our own plain one."""
    return {"has_uswds": settings.USWDS.exists()}
