"""A line as its page shows it: the form in sections, what is known of its number, its value and its duty."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec
from django.http import QueryDict
from django.utils.translation import ngettext

from declarations.assessment import (
    ANTIDUMPING,
    COUNTERVAILING,
    DUTY_KINDS,
    FEE,
    TAX,
    Assessment,
    ItemAssessment,
    Totals,
)
from declarations.filer import derived, line_forms, line_steps, saving
from declarations.filer.codebook import CodeBook
from declarations.filer.forms import Block, Form
from declarations.filer.questions import Group, Header, Part
from declarations.paths import at
from declarations.tariff.lookup import index_of
from declarations.tariff.view import TariffLine, TariffView
from portal.forms import Words
from portal.money import cents
from portal.shown import hts

UNITS_MOST = 6
NUMBER = "tariffs/0/hts_number"


@dataclass
class SectionView:
    """A section with its fields; a folded one is open where it holds something or has an error."""

    slug: str
    title: Words
    why: Words
    blocks: list[Block]
    idle: list[Group]
    folded: bool = False
    is_open: bool = False

    @property
    def is_claimed(self) -> bool:
        """Something is said of a preference claim, or must be mended in it."""
        fields = (field for block in self.blocks for field in block.fields if field.name.startswith("preference_"))
        return any(field.error or field.text for field in fields)


class NumberFacts(NamedTuple):
    """What the tariff says of a number: nothing, that it is not there, that so many stand below it, or its line."""

    number: str
    line: TariffLine | None
    units: list[str]
    successors: tuple[str, ...]
    below: int = 0


class LineForm:
    """The form of a line. `stored` is what stands in the draft; `shown` what a fresh page begins with."""

    def __init__(
        self, *, header: Header, stored: Mapping[str, Any], tariff: TariffView, book: CodeBook,
        data: QueryDict | None = None, shown: Mapping[str, Any] | None = None, spare: Collection[str] = (),
    ) -> None:  # fmt: skip
        self.header = header
        self.stored = stored
        self.tariff = tariff
        self.book = book
        content = stored if shown is None else shown
        self.number = line_forms.main_number(content)
        form = line_forms.to_form(content)
        self.units = _posted_units(data) if data is not None else units_shown(tariff, self.number, form)
        value = line_forms.in_units(form, self.units)
        self.sections = _with_quantities(line_steps.sections_of(header, content), self.units, book)
        parts = [part for section in self.sections for part in section.parts]
        self.form = Form(
            parts, value=value, book=book, data=data, spare=spare, choices=self._choices(content),
            context={**header, "line": content},
        )  # fmt: skip
        self.asked = self._refused() or self.number

    def _refused(self) -> str:
        """A number typed that is divided further cannot be saved; what is stored so already stays."""
        number = str(self.form.cleaned.get(NUMBER) or "")
        below = below_of(self.tariff, number) if number != self.number else 0
        if not below:
            return ""
        del self.form.cleaned[NUMBER]
        self.form.errors[NUMBER.replace("/", "_")] = divided_words(number, below)
        return number

    def before_saving(self, data: QueryDict) -> None:
        """Choices after a conflict, and rows to take out."""
        saving.take_choices(self.form, data)
        group, _colon, row = data.get("remove", "").partition(":")
        if row.isascii() and row.isdigit() and len(row) <= 3:
            self.form.clear_row(group, int(row))

    def content(self) -> dict[str, Any]:
        """The line with all that could be read, and with what follows from it."""
        given = line_forms.from_form(self.form.applied(), self.units)
        return derived.completed(given, before=self.stored, header=self.header, tariff=self.tariff)

    def section_views(self) -> list[SectionView]:
        """The sections as the page shows them."""
        found = []
        for section in self.sections:
            blocks = self.form.blocks(section.parts)
            is_open = any(field.error or field.text for block in blocks for field in block.fields)
            is_open = is_open or any(getattr(part, "pointer", None) in self.form.spare for part in section.parts)
            idle = self.form.idle_groups(section.parts)
            found.append(SectionView(section.slug, section.title, section.why, blocks, idle, section.folded, is_open))
        return found

    def field(self, name: str) -> Any:
        """One field by its name."""
        return next((view for view in self.form.views() if view.name == name), None)

    def _choices(self, content: Mapping[str, Any]) -> dict[str, list[Any]]:
        papers = [(one.get("id"), _paper(one)) for one in line_forms.papers(self.header) if one.get("id")]
        numbers = [one["number"] for one in line_forms.papers(self.header) if one.get("number")]
        origin = str(content.get("origin_country") or "")
        programs = line_forms.program_choices(self.tariff, self.number, origin)
        found = {"preference_program": _keeping(programs, at(content, "preference/program")), "papers": numbers}
        chosen = at(content, "preference/certification/document")
        found["preference_certification_document"] = _keeping(papers, chosen)
        return found


def _posted_units(data: QueryDict) -> tuple[str, ...]:
    """The units in which the posted quantities were asked for."""
    found = [one for one in data.get("units", "").split(",") if one.isascii() and one.isalnum() and len(one) <= 6]
    return tuple(found[:UNITS_MOST])


def units_shown(tariff: TariffView, number: str, form: Mapping[str, Any]) -> tuple[str, ...]:
    """Units of the number, and behind them those in which something is given all the same."""
    wanted = line_forms.units_of(tariff, number)
    given = [one.get("unit") for one in form["tariffs"][0].get("quantities") or [] if one.get("value")]
    return (*wanted, *(unit for unit in given if unit and unit not in wanted)) if wanted else ()


def _with_quantities(
    sections: Iterable[line_steps.Section], units: tuple[str, ...], book: CodeBook
) -> list[line_steps.Section]:
    quantities: tuple[Part, ...] = tuple(line_forms.quantity_questions(units, book))
    return [
        replace(one, parts=(*quantities, *one.parts)) if one.slug == line_steps.QUANTITIES.slug else one
        for one in sections
    ]


def _keeping(choices: list[Any], chosen: Any) -> list[Any]:
    """What is stored can be kept, also where it is not among the choices."""
    known = {str(value) for one in choices for value, *_rest in (one[1] if isinstance(one[1], list) else [one])}
    return choices if not chosen or chosen in known else [*choices, (chosen, chosen)]


def _paper(paper: Mapping[str, Any]) -> str:
    kind = str(paper.get("type") or "").replace("_", " ")
    return " ".join(str(one) for one in (paper.get("id"), kind, paper.get("number")) if one)


def facts_of(tariff: TariffView, number: str, book: CodeBook) -> NumberFacts:
    """What the tariff says of a number."""
    line = tariff.line(number) if number else None
    units = [book.name("units", unit) or unit for unit in line.units] if line else []
    successors = () if line or not number else tariff.successors(number)
    return NumberFacts(number, line, units, successors, below_of(tariff, number))


def below_of(tariff: TariffView, number: str) -> int:
    """How many numbers can be declared below one that cannot; 0 for one that can, and for one that is not there."""
    line = tariff.line(number) if number else None
    if not number or (line is not None and line.declarable):
        return 0
    return sum(tariff.lines[key].declarable for key in index_of(tariff.lines).below(number))


def divided_words(number: str, below: int) -> str:
    """Why a number cannot be declared that has others below it."""
    words = ngettext(
        "%(number)s is divided further: choose its one number.",
        "%(number)s is divided further: choose one of its %(n)d numbers.",
        below,
    )
    return words % {"number": hts(number), "n": below}


def of_line(assessment: Assessment, sequence: int) -> Assessment | None:
    """The assessment of one line alone, for its own panel."""
    item = assessment.item(sequence)
    place = f"/items/{sequence - 1}"
    open_points = tuple(one for one in assessment.unassessed if f"{one.pointer}/".startswith(f"{place}/"))
    if item is None and not open_points:
        return None
    items = (item,) if item else ()
    return msgspec.structs.replace(assessment, items=items, fees=(), unassessed=open_points, totals=_totals(item))


def _totals(item: ItemAssessment | None) -> Totals:
    def total(*kinds: str) -> str:
        lines = item.lines if item else ()
        return cents(sum((Decimal(one.amount) for one in lines if one.kind in kinds), Decimal(0)))

    every = (*DUTY_KINDS, ANTIDUMPING, COUNTERVAILING, TAX, FEE)
    return Totals(
        duty=total(*DUTY_KINDS), antidumping=total(ANTIDUMPING), countervailing=total(COUNTERVAILING), tax=total(TAX),
        fees=total(FEE), total=total(*every),
    )  # fmt: skip
