"""A law change over many filed lines: how many it recomputes in a minute."""

from datetime import date

from audits.remedies import services
from audits.remedies.models import LawChangeResult
from audits.remedies.rates import load_rates
from portal.accounts import roles
from tests.bench.filings import file_whole, keep, payload
from tests.bench.meter import spent_on
from tests.bench.report import Row
from tests.makers import NOW, make_actor, make_authority

GROUP = "A law change over what was filed"
LINES = 100


def rows(*, filings: int) -> list[Row]:
    """`filings` declarations of a hundred lines, all affected."""
    load_rates()
    actor = make_actor()
    for _ in range(filings):
        file_whole(actor, keep(actor, payload(actor, LINES)))
    officer = make_actor(organization=make_authority(), role=roles.SPECIALIST)
    change = services.make(
        title="Measured", legal_basis="a benchmark", effect="annul", authorities=("s301_forced_labor",),
        first=date(2026, 1, 1), last=date(2026, 12, 31), interest_to=date(2026, 12, 31), actor=officer, now=NOW,
    )  # fmt: skip
    services.start(change=change, actor=officer, now=NOW)
    spent, _ = spent_on(lambda: _all(change, officer), times=1)
    found = LawChangeResult.objects.filter(change=change).count()
    a_minute = filings * LINES / (spent.cpu) * 60_000
    return [
        Row(GROUP, "lines computed again", a_minute, "a minute", f"{filings} declarations of {LINES} lines, {found} changed",
            bar=100_000, at_least=True),
    ]  # fmt: skip


def _all(change, officer):
    while services.step(change=change, actor=officer, now=NOW):
        pass
