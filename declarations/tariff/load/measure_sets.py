"""Loading a file of measures as a set."""

from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from declarations.tariff.load.files import FileNotUnderstood, read_source
from declarations.tariff.load.measure_layouts import layout_of
from declarations.tariff.load.overlap import LoadOverlap, Span, refuse_overlaps
from declarations.tariff.models import MeasureSet, TradeMeasure
from declarations.tariff.view import NOT_MEASURES, Measure

BATCH = 500


def load_measures(
    *, path: Path, now: datetime, name: str = "", source: str = "", effective_from: date | None = None
) -> tuple[MeasureSet, bool]:
    """The set of a file is there; the flag says whether this call loaded it.

    The same content is the same set and changes nothing. Two rows of one heading, origin, scope and claim that
    share a day raise LoadOverlap, and so does another file of the family for the same day. One transaction.
    """
    content = read_source(path)
    layout = layout_of(content)
    family = source or layout.source
    with transaction.atomic():
        known = MeasureSet.objects.filter(source=family, sha256=content.sha256).first()
        if known is not None:
            return known, False
        rows = list(layout.read(content))
        if not rows:
            raise FileNotUnderstood(f"{content.name} holds no measure.", file=content.name)
        refuse_overlaps((_span(one) for one, _ in rows), "The measure")
        first = effective_from or min(one.effective_from for one, _ in rows)
        if MeasureSet.objects.filter(source=family, effective_from=first).exists():
            raise LoadOverlap(
                f"A set of {family} from {first} is there already and differs from {content.name}.", file=content.name
            )
        made = MeasureSet.objects.create(
            source=family,
            name=name or content.name.removesuffix(".gz").rsplit(".", 1)[0],
            sha256=content.sha256,
            effective_from=first,
            loaded_at=now,
            complete_for=list(layout.complete_for),
        )
        TradeMeasure.objects.bulk_create((_row(made, one, how) for one, how in rows), batch_size=BATCH)
        return made, True


def _span(one: Measure) -> Span:
    key = (
        one.heading,
        one.authority,
        one.effect,
        " ".join(sorted(one.origins)),
        " ".join(one.scope),
        one.program,
        one.claimed_only,
        one.note if one.effect in NOT_MEASURES else None,
    )
    return Span(key, one.effective_from, one.effective_to)


def _row(made: MeasureSet, one: Measure, certainty: str) -> TradeMeasure:
    return TradeMeasure(
        measure_set=made,
        heading=one.heading,
        authority=one.authority,
        effect=one.effect,
        rate=one.rate,
        origins=sorted(one.origins),
        excluded_origins=sorted(one.excluded_origins),
        scope=list(one.scope),
        excluded_scope=list(one.excluded_scope),
        program=one.program or "",
        requires=sorted(one.requires),
        exempts=sorted(one.exempts),
        claimed_only=one.claimed_only,
        content=one.content,
        gives_way=sorted(one.gives_way),
        effective_from=one.effective_from,
        effective_to=one.effective_to,
        effective_at=one.effective_at,
        ends_at=one.ends_at,
        order=one.order,
        legal_basis=one.legal_basis,
        note=one.note,
        certainty=certainty,
    )
