"""Loading an edition of the schedule."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from django.db import connection, transaction

from declarations.tariff.load.files import FileNotUnderstood, Source, read_source
from declarations.tariff.load.hierarchy import Line, lines_of
from declarations.tariff.load.hts_rows import schedule_rows
from declarations.tariff.load.overlap import LoadOverlap
from declarations.tariff.load.table_statistics import gather_statistics
from declarations.tariff.models import HtsLine, TariffEdition

OFFICIAL = "usitc"
BATCH = 1000
COLUMNS = tuple(one for one in HtsLine._meta.concrete_fields if not one.primary_key)


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
        insert_lines(edition, lines)
        gather_statistics()
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


def insert_lines(edition: TariffEdition, lines: Sequence[Line]) -> None:
    """The lines are rows of the edition; written without a model object for each, for there are thirty thousand."""
    name = connection.ops.quote_name
    columns = ", ".join(name(one.attname) for one in COLUMNS)
    places = ", ".join(["%s"] * len(COLUMNS))
    statement = f"INSERT INTO {name(HtsLine._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608  (names from the models; values are parameters)
    with connection.cursor() as cursor:
        for start in range(0, len(lines), BATCH):
            cursor.executemany(statement, [_row(edition, one) for one in lines[start : start + BATCH]])


def _row(edition: TariffEdition, line: Line) -> tuple[str | int | bool | None, ...]:
    """What a line holds, in the order of the columns."""
    held = {**line._asdict(), "edition_id": edition.pk, "units": "|".join(line.units)}
    return tuple(held[one.attname] for one in COLUMNS)
