"""Submitting through the services, from the bytes of a document to the receipt, at growing numbers of lines."""

import itertools
import json
from collections import defaultdict
from datetime import timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from declarations.decoding import decode_value
from declarations.freeze import split
from declarations.models import Declaration, DeclarationVersion
from declarations.services import drafts, filing
from portal.accounts.actors import Actor
from tests.bench import bare
from tests.bench.meter import Spent, Statements, counted, median, spent_on, spread
from tests.bench.report import Row
from tests.makers import NOW, make_actor, make_document

SIZES = (1, 10, 100, 999)
CELLS = ("keep", "review", "prepare", "sign", "submit")
GROUP = "Submit through the services, beside a bare DRF insert (CPU ms = process + database backend)"

_count = itertools.count(1)  # the outbox takes a local reference once for a channel, whoever files


class Samples(NamedTuple):
    cells: dict[tuple[str, int], list[Spent]]
    counts: dict[tuple[str, int], Statements]


def payload(actor: Actor, lines: int) -> bytes:
    """A declaration of the actor's organization as JSON; its lines differ in text, number and value."""
    value = make_document("S01", own=f"BENCH{next(_count):06d}")
    organization = actor.organization
    value["parties"]["importer"] = {
        "id": organization.importer_number, "name": organization.name, "address": organization.address,
    }  # fmt: skip
    value["items"] = [_line(place) for place in range(lines)]
    return json.dumps(value).encode()


def _line(place: int) -> dict[str, Any]:
    line = json.loads(_two_lines()[place % 2])
    line["description"] = f"{line['description']}, kind {place + 1}"
    line["valuation"]["invoice"] |= {"line": str(place + 1), "value": f"{18_000 + place}.00"}
    return line


@lru_cache(maxsize=1)
def _two_lines() -> tuple[str, str]:
    return json.dumps(make_document("S01")["items"][0]), json.dumps(make_document("S10")["items"][0])


def keep(actor: Actor, data: bytes) -> Declaration:
    """Decode, and keep as a draft."""
    header, items = split(decode_value(json.loads(data)))
    organization = actor.organization
    draft = drafts.create(importer=organization, filer=organization, header=header, actor=actor, now=NOW)
    drafts.replace_lines(draft=draft, contents=items, actor=actor, now=NOW)
    return Declaration.objects.select_related("importer", "filer", "transmitter", "live_version").get(pk=draft.pk)


def review(actor: Actor, draft: Declaration) -> None:
    found = filing.review(declaration=draft, now=NOW, signatory=actor.user)
    if found.errors:
        raise RuntimeError(f"the document of the benchmark has errors: {found.errors[:3]}")


def prepare(actor: Actor, draft: Declaration) -> DeclarationVersion:
    return filing.prepare(declaration=draft, actor=actor, now=NOW)


def sign(actor: Actor, version: DeclarationVersion) -> None:
    filing.sign(
        version=version, signatory=actor.user, digest=version.digest, actor=actor, now=NOW + timedelta(seconds=1),
        method="password",
    )  # fmt: skip


def submit(actor: Actor, version: DeclarationVersion) -> None:
    version.refresh_from_db()
    filing.submit(version=version, actor=actor, now=NOW + timedelta(seconds=2))


def file_whole(actor: Actor, draft: Declaration) -> None:
    """From the kept draft to the receipt: freeze, review, prepare, sign, submit."""
    version = prepare(actor, draft)
    sign(actor, version)
    submit(actor, version)


def measure(*, rounds: int, repeats: dict[int, int]) -> Samples:
    """Every size in every round, so that a busy moment of the machine falls on all of them."""
    cells: dict[tuple[str, int], list[Spent]] = defaultdict(list)
    _one(1)  # first use of everything
    for _ in range(rounds):
        for lines in SIZES:
            for _ in range(repeats[lines]):
                for name, spent in _one(lines).items():
                    cells[name, lines].append(spent)
    return Samples(cells, {key: one for lines in SIZES for key, one in _counts(lines).items()})


def _one(lines: int) -> dict[str, Spent]:
    actor = make_actor()  # of its own: earlier filings of an importer are another benchmark
    data = payload(actor, lines)
    insert = bare.body(lines)
    found: dict[str, Spent] = {"drf": spent_on(lambda: bare.insert(insert))[0]}
    found["keep"], draft = spent_on(lambda: keep(actor, data))
    found["review"], _ = spent_on(lambda: review(actor, draft))
    found["prepare"], version = spent_on(lambda: prepare(actor, draft))
    found["sign"], _ = spent_on(lambda: sign(actor, version))
    found["submit"], _ = spent_on(lambda: submit(actor, version))
    return found


def _counts(lines: int) -> dict[tuple[str, int], Statements]:
    actor = make_actor()
    data, inserted = payload(actor, lines), bare.body(lines)
    found = {}
    draft: list[Any] = []
    found["keep", lines] = counted(lambda: draft.append(keep(actor, data)))
    found["review", lines] = counted(lambda: review(actor, draft[0]))
    found["prepare", lines] = counted(lambda: draft.append(prepare(actor, draft[0])))
    found["sign", lines] = counted(lambda: sign(actor, draft[1]))
    found["submit", lines] = counted(lambda: submit(actor, draft[1]))
    found["drf", lines] = counted(lambda: bare.insert(inserted))
    return found


def rows(found: Samples) -> list[Row]:
    return [*_costs(found), *_statements(found), *_ratios(found)]


def _whole(found: Samples, lines: int, names: tuple[str, ...] = ("prepare", "sign", "submit")) -> list[float]:
    parts = [found.cells[name, lines] for name in names]
    return [sum(one.cpu for one in row) for row in zip(*parts, strict=True)]


def _cell(found: Samples, name: str, lines: int) -> list[float]:
    return [one.cpu for one in found.cells[name, lines]]


def _costs(found: Samples) -> list[Row]:
    made = []
    words = {
        "drf": "bare DRF insert", "keep": "decode and keep as a draft", "review": "dry run (review)",
        "prepare": "prepare (freeze, review, number, keep)", "sign": "sign", "submit": "submit alone",
    }  # fmt: skip
    for name, text in words.items():
        for lines in SIZES:
            values = _cell(found, name, lines)
            backend = median([one.backend for one in found.cells[name, lines]])
            detail = f"rounds {spread(values)}; of it database {backend:.2f}"
            made.append(Row(GROUP, f"{text}, {lines} lines", median(values), "ms CPU", detail))
    for lines in SIZES:
        values = _whole(found, lines)
        made.append(
            Row(
                GROUP,
                f"file (prepare, sign, submit), {lines} lines",
                median(values),
                "ms CPU",
                f"rounds {spread(values)}",
            )
        )
    return made


def _statements(found: Samples) -> list[Row]:
    made = []
    for name in ("drf", *CELLS):
        for lines in SIZES:
            one = found.counts[name, lines]
            detail = (
                f"and {one.savepoints} of savepoints, {one.transactions} transactions, {one.commits} commits counted"
            )
            made.append(Row("Statements and commits", f"{name}, {lines} lines", one.statements, "stmts", detail))
    return made


def _ratios(found: Samples) -> list[Row]:
    group = "Ratios of filing"
    drf = {lines: median(_cell(found, "drf", lines)) for lines in SIZES}
    whole = {lines: median(_whole(found, lines)) for lines in SIZES}
    entire = {lines: median(_whole(found, lines, ("keep", "prepare", "sign", "submit"))) for lines in SIZES}
    alone = {lines: median(_cell(found, "submit", lines)) for lines in SIZES}
    counts = {lines: [found.counts[name, lines] for name in ("prepare", "sign", "submit")] for lines in SIZES}
    statements = {lines: sum(one.statements for one in counts[lines]) for lines in SIZES}
    return [
        Row(group, "R1 file / bare DRF insert, 10 lines", whole[10] / drf[10], "x", bar=2.0),
        Row(group, "R1 submit alone / bare DRF insert, 10 lines", alone[10] / drf[10], "x", bar=2.0),
        Row(group, "from bytes to receipt / bare DRF insert, 10 lines", entire[10] / drf[10], "x"),
        Row(group, "R2 file / bare DRF insert, 999 lines", whole[999] / drf[999], "x", bar=2.0),
        Row(group, "R2 submit alone / bare DRF insert, 999 lines", alone[999] / drf[999], "x", bar=2.0),
        Row(group, "R2b file, 999 / 100 lines", whole[999] / whole[100], "x", bar=11),
        Row(group, "R2b submit alone, 999 / 100 lines", alone[999] / alone[100], "x", bar=11),
        Row(group, "R2c statements of filing, 999 / 10 lines", statements[999] / statements[10], "x", bar=1.2),
        Row(group, "R3 transactions of submit alone, 10 lines", found.counts["submit", 10].transactions, "", bar=2),
        Row(group, "commits of submit alone as the server counts, 10 lines", found.counts["submit", 10].commits, "",
            "reads outside of the transaction count as one each"),
    ]  # fmt: skip
