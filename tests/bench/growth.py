"""Lists, search and submit as declarations pile up. The rows are made inside the database, not by the services."""

from collections.abc import Callable
from typing import Any

from django.db import connection, models

from declarations import selectors
from declarations.models import Declaration, DeclarationVersion, DutyTotal, FiledShipment
from portal.accounts.actors import Actor
from portal.gateway.models import OutboundMessage
from portal.trail.models import TrailEntry, TrailHead
from tests.bench.filings import keep, payload, prepare, review, sign, submit
from tests.bench.meter import Spent, counted, median, spent_on
from tests.bench.report import Row
from tests.makers import NOW, make_actor

GROUP = "As declarations pile up (CPU ms, and wall ms)"
BIG_SHARE = 5  # every fifth declaration is the big importer's
HEADER = (
    '{"entry_type": "01", "transport": {"mode": "11", "bills": [{"master": {"issuer": "DEMO", "number": "263847519"}}]},'
    ' "parties": {"seller": {"name": "Somebody Else Co."}}}'
)


def _insert(model: type[models.Model], source: str, parameters: list[Any], **given: str) -> None:
    """INSERT .. SELECT: expressions for the columns that are given, the model's own defaults for the others."""
    names, values, literals = [], [], []
    for field in model._meta.concrete_fields:
        if field.column in given:
            names.append(field.column)
            values.append(given[field.column])
        elif not field.primary_key and not field.null:
            names.append(field.column)
            values.append("%s")
            literals.append(field.get_db_prep_save(field.get_default(), connection))
    columns = ", ".join(connection.ops.quote_name(name) for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into {model._meta.db_table} ({columns}) select {', '.join(values)} from {source}",
            [*literals, *parameters],
        )


def _numbers(first: int, last: int) -> str:
    if connection.vendor == "postgresql":
        return f"generate_series({first}, {last}) as s(n)"
    return (
        f"(with recursive s(n) as (select {first} union all select n + 1 from s where n < {last}) select n from s) as s"
    )


def _days_ago(days: str) -> str:
    """`days` before the time of the benchmark; a declaration every so often for a year."""
    if connection.vendor == "postgresql":
        return f"timestamptz '{NOW.isoformat()}' - ({days}) * interval '1 day'"
    return f"strftime('%%Y-%%m-%%d %%H:%%M:%%f', '{NOW:%Y-%m-%d %H:%M:%S}', '-' || ({days}) || ' days')"


def pile_up(first: int, last: int, big: int, others: list[int]) -> None:
    """Filed declarations with version, total, message and trail; every fifth the big importer's, over a year."""
    at, numbers = _days_ago("n %% 365"), _numbers(first, last)
    pool = " ".join(f"when {place} then {pk}" for place, pk in enumerate(others))
    owner = f"case when n %% {BIG_SHARE} = 0 then {big} else case n %% {len(others)} {pool} end end"
    header = "'" + HEADER.replace("'", "''") + "'" + ("::jsonb" if connection.vendor == "postgresql" else "")
    _insert(
        Declaration, numbers, [],
        id="n + 1000000", reference="'D' || (100000000000 + n)", importer_id=owner, filer_id=owner, filing="'SUBMITTED'",
        legal="case when n %% 50 = 0 then 'ACCEPTED' else 'CLEARED' end", header=header, entry_type="'01'",
        functional_reference_id="'PO' || n", entry_number="'000' || (10000000 + n)", item_count="10", total_due="1000",
        goods="'Goods of kind ' || (n %% 997)", created_at=at, updated_at=at, submitted_at=at,
    )  # fmt: skip
    mine = f"(select id, reference, importer_id, submitted_at, id - 1000000 as n from declarations_declaration where id between {1_000_000 + first} and {1_000_000 + last}) as d"
    _insert(
        DeclarationVersion, mine, [],
        id="id", reference="'V' || (100000000000 + n)", declaration_id="id", number="1", filer_id="importer_id",
        state="'SUBMITTED'", lrn="'PO' || n", entry_number="'000' || (10000000 + n)", created_at="submitted_at",
        submitted_at="submitted_at", channel="'rehearsal'",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "update declarations_declaration set live_version_id = id where id between %s and %s",
            [1_000_000 + first, 1_000_000 + last],
        )
    _insert(
        FiledShipment, mine, [],
        version_id="id", importer_id="importer_id", bill_sha256="md5(n::text)" if connection.vendor == "postgresql" else "n",
        entry_type="'01'", arrives_on="date(submitted_at)", entered_value="1000",
    )  # fmt: skip
    _insert(DutyTotal, mine, [], version_id="id", kind="'total'", amount="1000 + n %% 100", currency="'USD'")
    _insert(
        OutboundMessage, mine, [],
        reference="'M' || (100000000000 + n)", subject="reference", sequence="1", local_reference="'PO' || n",
        state="'DELIVERED'", created_at="submitted_at", not_before="submitted_at", channel="'rehearsal'",
        sha256=f"'{'0' * 64}'", purpose="'declarations'",
    )  # fmt: skip
    _insert(TrailHead, mine, [], subject="reference", seq="1", hash=f"'{'0' * 64}'")
    _insert(
        TrailEntry, mine, [], subject="reference", seq="1", at="submitted_at", kind="'declaration.submit'",
        actor="'system'", body="'{}'", hash=f"'{'0' * 64}'", previous_hash="''",
    )  # fmt: skip
    with connection.cursor() as cursor:  # as the server does by itself after a while
        cursor.execute("vacuum analyze" if connection.vendor == "postgresql" else "analyze")


def probes(big: Actor, small: Actor, last: int) -> dict[str, Callable[[], Any]]:
    entry, words = f"000{10_000_000 + last // 2}", "kind 500"
    return {
        "list, big importer": lambda: selectors.list_declarations(big),
        "list, small importer": lambda: selectors.list_declarations(small),
        "list in the middle (cursor)": lambda: selectors.list_declarations(big, after=str(1_000_000 + last // 2)),
        "home lists": lambda: selectors.home_lists(big),
        "search by entry number": lambda: selectors.list_declarations(big, text=entry),
        "search by words": lambda: selectors.list_declarations(big, text=words),
        "search without a hit": lambda: selectors.list_declarations(big, text="nothing like it"),
    }


def leave_room() -> None:
    """Rows made by the services come after the piled-up ones, whose keys are between one and two million."""
    with connection.cursor() as cursor:
        for model in (Declaration, DeclarationVersion):
            table = model._meta.db_table
            if connection.vendor == "postgresql":
                cursor.execute("select setval(pg_get_serial_sequence(%s, 'id'), 2000000)", [table])
            else:
                cursor.execute("update sqlite_sequence set seq = 2000000 where name = %s", [table])


def rows(*, sizes: tuple[int, int], rounds: int) -> list[Row]:
    big, small = make_actor(), make_actor()
    others = [make_other() for _ in range(20)]
    keep(small, payload(small, 1))
    prepare(big, keep(big, payload(big, 1)))  # so that both tables have a counter
    leave_room()
    found: dict[str, list[tuple[Spent, int]]] = {}
    done = 0
    for size in sizes:
        pile_up(done + 1, size, big.organization.pk, others)
        done = size
        for name, one in probes(big, small, size).items():
            queries = counted(one).statements
            found.setdefault(name, []).append((_typical([spent_on(one)[0] for _ in range(rounds)]), queries))
        for name, one in _filing(big, size, rounds).items():
            found.setdefault(name, []).append(one)
    return [_row(name, sizes, pair) for name, pair in found.items()]


def make_other() -> int:
    return make_actor().organization.pk


def _typical(found: list[Spent]) -> Spent:
    return Spent(*(median([getattr(one, name) for one in found]) for name in Spent._fields))


def _filing(big: Actor, size: int, rounds: int) -> dict[str, tuple[Spent, int]]:
    """One draft of ten lines after the other, for the importer with many filings."""
    spent: dict[str, list[Spent]] = {"review": [], "prepare": [], "submit alone": []}
    counts: dict[str, int] = {}
    for number in range(rounds + 1):
        draft = keep(big, payload(big, 10))
        if number == 0:
            counts["review"] = counted(lambda one=draft: review(big, one)).statements
            held: list[Any] = []
            counts["prepare"] = counted(lambda one=draft, to=held: to.append(prepare(big, one))).statements
            sign(big, held[0])
            counts["submit alone"] = counted(lambda one=held: submit(big, one[0])).statements
            continue
        spent["review"].append(spent_on(lambda one=draft: review(big, one))[0])
        cost, version = spent_on(lambda one=draft: prepare(big, one))
        spent["prepare"].append(cost)
        sign(big, version)
        spent["submit alone"].append(spent_on(lambda one=version: submit(big, one))[0])
    return {f"{name}, 10 lines, big importer": (_typical(found), counts[name]) for name, found in spent.items()}


def _row(name: str, sizes: tuple[int, int], pair: list[tuple[Spent, int]]) -> Row:
    (before, queries), (after, queries_after) = pair
    detail = (
        f"at {sizes[0]:,}: {before.cpu:.2f}, at {sizes[1]:,}: {after.cpu:.2f}; "
        f"wall {before.wall:.2f} and {after.wall:.2f}; queries {queries} and {queries_after}"
    )
    return Row(GROUP, f"R8 {name}: grows by", after.cpu / before.cpu, "x", detail, bar=3)
