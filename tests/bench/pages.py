"""Pages through the test client: the whole request, and the template alone, beside a flat template."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import process_time_ns
from typing import Any

from django.template import engines
from django.template.backends.django import Template
from django.test import Client

from tests.bench.filings import keep, payload, prepare, sign, submit
from tests.bench.meter import MILLION, counted, median, spent_on, spread
from tests.bench.report import Row
from tests.makers import make_actor

GROUP = "Pages (CPU ms; whole request through the test client, and its template alone)"
FLAT = """<table><thead><tr><th>Line<th>Goods<th>Number<th>Origin<th>Quantity<th>Unit<th>Mass<th>Value<th>Currency</tr></thead>
<tbody>{% for row in rows %}<tr><td>{{ row.line }}</td><td>{{ row.goods }}</td><td>{{ row.number }}</td><td>{{ row.origin }}</td>
<td>{{ row.quantity }}</td><td>{{ row.unit }}</td><td>{{ row.mass }}</td><td>{{ row.value }}</td><td>{{ row.currency }}</td></tr>
{% endfor %}</tbody></table>"""


class _Timed:
    """CPU spent in the outermost call of a template's `render`."""

    def __init__(self) -> None:
        self.ns = 0
        self.depth = 0


@contextmanager
def templates_timed() -> Iterator[_Timed]:
    original, timed = Template.render, _Timed()

    def render(self: Template, *given: Any, **named: Any) -> Any:
        timed.depth += 1
        start = process_time_ns()
        try:
            return original(self, *given, **named)
        finally:
            timed.depth -= 1
            if timed.depth == 0:
                timed.ns += process_time_ns() - start

    Template.render = render
    try:
        yield timed
    finally:
        Template.render = original


def flat() -> Callable[[], str]:
    """A hundred rows of nine cells."""
    template = engines["django"].from_string(FLAT)
    rows = [
        {"line": at, "goods": f"Lithium-ion storage batteries, kind {at}", "number": "8507600090", "origin": "CN",
         "quantity": "2500", "unit": "NO", "mass": "9900", "value": "45000.00", "currency": "USD"}
        for at in range(1, 101)
    ]  # fmt: skip
    return lambda: template.render({"rows": rows})


def pages() -> dict[str, Callable[[], Any]]:
    """The pages of a filer who has drafts of ten, a hundred and 999 lines and one that was filed."""
    actor = make_actor()
    draft = keep(actor, payload(actor, 100))
    ten = keep(actor, payload(actor, 10))
    most = keep(actor, payload(actor, 999))
    filed = keep(actor, payload(actor, 100))
    version = prepare(actor, filed)
    sign(actor, version)
    submit(actor, version)
    client = Client(HTTP_HOST="localhost")
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    addresses = {
        "home (work list)": "/",
        "task list, 10 lines": f"/declarations/{ten.reference}/",
        "task list, 100 lines": f"/declarations/{draft.reference}/",
        "lines page, 100 lines": f"/declarations/{draft.reference}/lines/",
        "lines page, 999 lines": f"/declarations/{most.reference}/lines/",
        "check page, 10 lines": f"/declarations/{ten.reference}/check/",
        "check page, 100 lines": f"/declarations/{draft.reference}/check/",
        "check page, 999 lines": f"/declarations/{most.reference}/check/",
        "status page, 100 lines": f"/declarations/{filed.reference}/",
    }
    return {name: _get(client, address) for name, address in addresses.items()}


def _get(client: Client, address: str) -> Callable[[], int]:
    def get() -> int:
        answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")
        return len(answer.content)

    return get


def rows(*, rounds: int) -> list[Row]:
    work: dict[str, Callable[[], Any]] = {"flat template, 100 rows": flat(), **pages()}
    whole: dict[str, list[float]] = {name: [] for name in work}
    alone: dict[str, list[float]] = {name: [] for name in work}
    sizes = {name: one() for name, one in work.items()}  # the first call compiles templates
    queries = {name: counted(one).statements for name, one in work.items()}
    for _ in range(rounds):
        for name, one in work.items():
            with templates_timed() as timed:
                whole[name].append(spent_on(one)[0].cpu)
            alone[name].append(timed.ns / MILLION)
    base = median(whole["flat template, 100 rows"])
    made = []
    for name, values in whole.items():
        size = sizes[name] if isinstance(sizes[name], int) else len(sizes[name])
        template = median(alone[name]) if median(alone[name]) else base
        detail = (
            f"template alone {template:.1f}; {queries[name]} queries; {size / 1000:.0f} kB; rounds {spread(values)}"
        )
        made.append(Row(GROUP, name, median(values), "ms CPU", detail))
    lines, most = "lines page, 100 lines", "lines page, 999 lines"
    return [
        *made,
        Row(GROUP, "R6 template of the lines page / flat template", median(alone[lines]) / base, "x", bar=2.0),
        Row(GROUP, "whole request of the lines page / flat template", median(whole[lines]) / base, "x"),
        Row(GROUP, "template of the lines page, 999 lines / 100", median(alone[most]) / median(alone[lines]), "x"),
        Row(GROUP, "bytes of the lines page, 999 lines / 100", sizes[most] / sizes[lines], "x"),
        Row(GROUP, "whole request of the lines page, 999 lines / 100", median(whole[most]) / median(whole[lines]), "x"),
    ]
