"""What the duty panel shows: what is owed, in rows, each with its working or with the way to it."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from portal.shown import amount_in, day, dollars, hts

# Class codes of fees, as statements and CBP Form 7501 name them.
FEES = {
    "311": lazy("Merchandise processing fee, informal entry"), "496": lazy("Dutiable mail fee"),
    "499": lazy("Merchandise processing fee"), "500": lazy("Surcharge for manual filing"),
    "501": lazy("Harbor maintenance fee"),
}  # fmt: skip
# Rows of the duty panel: the words, the kinds of lines in it, and whether it is shown where it is empty.
DUTY_ROWS: tuple[tuple[Any, tuple[str, ...], bool], ...] = (
    (lazy("Duty"), ("duty", "replacement"), True),
    (lazy("Additional duties"), ("additional_duty", "exemption"), True),
    (lazy("Antidumping duty"), ("antidumping",), False),
    (lazy("Countervailing duty"), ("countervailing",), False),
    (lazy("Fees"), ("fee",), True),
    (lazy("Taxes"), ("tax",), True),
)
ROW_OF_KIND = {kind: place for place, (_words, kinds, _always) in enumerate(DUTY_ROWS) for kind in kinds}
MOST_LINES = 10  # in one row; the rest is on the page of the whole working
FEW_ITEMS = 3  # up to so many the panel has the working itself; else a line's amount leads to its working
Read = Callable[..., Any]


class Worked(NamedTuple):
    """One line of working as the panel shows it."""

    name: str
    amount: str
    rate: str
    basis: str
    working: str
    law: str
    day: str


class Owed(NamedTuple):
    """What one line of goods adds to a row, with the place of its working on the page of the whole working."""

    name: str
    amount: str
    href: str


class Gathered:
    """The lines of working of one row: their sum, how many there are, and the first of them."""

    __slots__ = ("first", "items", "last", "lines", "total")

    def __init__(self) -> None:
        self.total = Decimal(0)
        self.lines = self.items = 0
        self.first: list[tuple[Any, Any, Decimal]] = []
        self.last: Any = None


class Panel(NamedTuple):
    """What is owed as the panel shows it; amounts are words already."""

    rows: list[dict[str, Any]]
    total: str
    unassessed: int
    reasons: list[str]
    estimated: bool
    editions: Any


def duty_panel(assessment: Any, title: Any = "", more: str = "") -> dict[str, Any]:
    """What is owed, each row with its working; an assessment, or a panel made before.

    `more` is the address of the whole working: with it, and more than a few lines of goods, a row has their amounts,
    each leading to its working there.
    """
    if not assessment:
        return {"known": False, "title": title}
    panel = assessment if isinstance(assessment, Panel) else panel_of(assessment, is_brief=bool(more))
    return {"known": True, "title": title, "more": more, **panel._asdict()}


def panel_of(assessment: Any, *, is_brief: bool) -> Panel:
    """The panel of an assessment; a brief one has amounts in place of the working of many lines."""
    read: Read = _of_mapping if isinstance(assessment, Mapping) else getattr
    items = read(assessment, "items", ())
    currency = read(assessment, "currency", "USD")
    unassessed = read(assessment, "unassessed", ())
    return Panel(
        rows=_duty_rows(assessment, read, currency, is_brief and len(items) > FEW_ITEMS),
        total=amount_in(read(read(assessment, "totals"), "total", None), currency, 2),
        unassessed=len(unassessed),
        reasons=_reasons(unassessed, read),
        estimated=any(read(item, "estimated", False) for item in items),
        editions=read(assessment, "editions", None),
    )


def _of_mapping(value: Mapping[str, Any], name: str, default: Any = "") -> Any:
    return value.get(name, default)


def _duty_rows(assessment: Any, read: Read, currency: str, is_brief: bool) -> list[dict[str, Any]]:
    """The rows of the panel that are shown."""
    found = []
    gathered = _gathered(read(assessment, "items", ()), read)
    for (label, kinds, always), ones in zip(DUTY_ROWS, gathered, strict=True):
        if not always and not ones.lines:
            continue
        fees = read(assessment, "fees", ()) if "fee" in kinds else ()
        total = sum((Decimal(read(one, "amount")) for one in fees), Decimal(0)) if fees else ones.total
        row = {"label": label, "amount": amount_in(total, currency, 2)}
        row["fees"] = [_fee(one, read, currency) for one in fees]
        found.append(row | (_amounts if is_brief else _workings)(ones, read, currency))
    return found


def _gathered(items: Iterable[Any], read: Read) -> list[Gathered]:
    """All lines of working by the row they stand in; a declaration can have thousands."""
    rows = [Gathered() for _row in DUTY_ROWS]
    take = itemgetter("kind", "amount") if read is _of_mapping else attrgetter("kind", "amount")
    for item in items:
        for line in read(item, "lines", ()):
            kind, text = take(line)
            place = ROW_OF_KIND.get(kind)
            if place is None:
                continue
            row, amount = rows[place], Decimal(text)
            row.total += amount
            row.lines += 1
            if row.last is not item:
                row.last = item
                row.items += 1
            if row.items <= MOST_LINES:
                row.first.append((item, line, amount))
    return rows


def _workings(ones: Gathered, read: Read, currency: str) -> dict[str, Any]:
    """The first lines of a row with their working."""
    count = ones.lines - MOST_LINES
    words = ngettext(
        "And one more, on the page of its line.", "And %(n)d more, on the pages of their lines.", count
    ) % {"n": count}  # fmt: skip
    worked = [_worked(item, line, read, currency) for item, line, _amount in ones.first[:MOST_LINES]]
    return {"worked": worked, "hidden": words if count > 0 else ""}


def _amounts(ones: Gathered, read: Read, currency: str) -> dict[str, Any]:
    """What the first lines of goods owe, each with the place of its working."""
    sums: dict[int, Decimal] = {}
    for item, _line, amount in ones.first:
        number = read(item, "sequence")
        sums[number] = sums.get(number, Decimal(0)) + amount
    word, count = _("Line"), ones.items - MOST_LINES
    words = ngettext(
        "And one more line, in the whole working.", "And %(n)d more lines, in the whole working.", count
    ) % {"n": count}  # fmt: skip
    amounts = [
        Owed(f"{word} {number}", amount_in(amount, currency, 2), f"?after={number - 1}#line-{number}")
        for number, amount in sums.items()
    ]
    return {"amounts": amounts, "hidden": words if count > 0 else ""}


def _worked(item: Any, line: Any, read: Read, currency: str) -> Worked:
    code = read(line, "code", "")
    return Worked(
        name=f"{_('Line')} {read(item, 'sequence', '')}, {FEES.get(code) or hts(code)}",
        amount=amount_in(read(line, "amount", ""), currency, 2), rate=str(read(line, "rate", "")),
        basis=dollars(read(line, "basis", ""), currency), working=str(read(line, "working", "") or "\N{EN DASH}"),
        law=str(read(line, "legal_basis", "")), day=day(read(item, "rate_date", "")),
    )  # fmt: skip


def _fee(fee: Any, read: Read, currency: str) -> dict[str, Any]:
    code = read(fee, "code", "")
    return {"label": FEES.get(code, code), "amount": amount_in(read(fee, "amount", ""), currency, 2),
            "working": read(fee, "working", "")}  # fmt: skip


def _reasons(unassessed: Iterable[Any], read: Read) -> list[str]:
    """Why something could not be computed; the same reason of many lines stands once, with the lines."""
    lines: dict[str, list[int]] = {}
    for one in unassessed:
        parts = str(read(one, "pointer", "")).split("/")
        number = int(parts[2]) + 1 if parts[1:2] == ["items"] and parts[2:] and parts[2].isdigit() else 0
        lines.setdefault(str(read(one, "reason", "")), []).append(number)
    return [_reason(words, [one for one in numbers if one]) for words, numbers in list(lines.items())[:MOST_LINES]]


def _reason(words: str, numbers: list[int]) -> str:
    if not numbers:
        return words
    shown = ", ".join(str(one) for one in numbers[:MOST_LINES])
    if len(numbers) > MOST_LINES:
        shown = _("%(lines)s and %(n)d more") % {"lines": shown, "n": len(numbers) - MOST_LINES}
    return ngettext("Line %(lines)s: %(words)s", "Lines %(lines)s: %(words)s", len(numbers)) % {
        "lines": shown, "words": words
    }  # fmt: skip
