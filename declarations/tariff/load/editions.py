"""Loading an edition of the schedule."""

from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from declarations.tariff.load.files import FileNotUnderstood, Source, read_source
from declarations.tariff.load.hierarchy import Line, lines_of
from declarations.tariff.load.hts_rows import schedule_rows
from declarations.tariff.load.insertion import insert_lines
from declarations.tariff.load.overlap import LoadOverlap
from declarations.tariff.load.search_index import index_lines
from declarations.tariff.models import HtsLine, TariffEdition

OFFICIAL = "usitc"
BATCH = 1000


def load_tariff(
    *, path: Path, effective_from: date, now: datetime, name: str = "", source: str = OFFICIAL
) -> tuple[TariffEdition, bool]:
    """The edition of a file is there; the flag says whether this call loaded it.

    The same content for the same day is the same edition and changes nothing; other content of the same source
    for the same day raises LoadOverlap; a file in no known layout raises FileNotUnderstood. One transaction.
    """
    content = read_source(path)
    with transaction.atomic():
        known = TariffEdition.objects.select_for_update().filter(source=source, effective_from=effective_from).first()
        if known is not None:
            return _same(known, content), False
        lines = lines_of(schedule_rows(content))
        if not any(one.declarable for one in lines):
            raise FileNotUnderstood(f"{content.name} holds no line that could be declared.", file=content.name)
        edition = TariffEdition.objects.create(
            source=source,
            name=name or f"{_stem(path)}-{effective_from}",
            sha256=content.sha256,
            effective_from=effective_from,
            loaded_at=now,
        )
        insert_lines(edition.pk, lines)
        index_lines(edition.pk, lines)
        return edition, True


def _same(known: TariffEdition, content: Source) -> TariffEdition:
    if known.sha256 != content.sha256:
        raise LoadOverlap(
            f"{known.name} already holds from {known.effective_from}; {content.name} differs from it. "
            "Give the day from which the new edition holds.",
            edition=known.name,
        )
    return known


def _stem(path: Path) -> str:
    name = path.name.removesuffix(".gz")
    return name.rsplit(".", 1)[0] or name


def line_row(edition: TariffEdition, line: Line) -> HtsLine:
    """The row of a line in an edition."""
    return HtsLine(
        edition=edition,
        row=line.row,
        parent_row=line.parent_row,
        indent=line.indent,
        number=line.number,
        printed_number=line.printed_number,
        superior=line.superior,
        description=line.description,
        path=line.path,
        units="|".join(line.units),
        general=line.general,
        special=line.special,
        column2=line.column2,
        heading_of_rate=line.heading_of_rate,
        declarable=line.declarable,
    )
