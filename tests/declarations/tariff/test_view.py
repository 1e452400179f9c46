"""Look-ups of the view."""

from datetime import date
from decimal import Decimal as D

from hypothesis import given, settings
from hypothesis import strategies as st

from declarations.tariff.view import COLUMN_2, GAP, ExchangeQuote, ExchangeSpan, MeasureIndex, normal_number
from tests.declarations.tariff.makers import DAY, FY26, FY27, line, measure, program, view


def test_numbers_are_compared_as_the_schedule_prints_them():
    assert normal_number("8507.60.0090") == "8507600090"
    assert normal_number("91021110") == "9102111000"
    assert normal_number("9903.91.06") == "99039106"
    assert normal_number("9903910600") == "99039106"
    assert normal_number("9801001012") == "9801001012"


def test_a_line_is_found_by_either_print():
    tariff = view(line("91021110"))
    assert tariff.line("9102.11.10") is tariff.line("9102111000")
    assert tariff.line("9102111001") is None
    assert tariff.line(None) is None


def test_measures_by_number_origin_and_day():
    listed = measure("99038803", 25, origins=["CN"], scope=("392690", "9403"), excluded_scope=("3926909910",))
    ended = measure("99030301", 10, authority="s122", first=date(2026, 2, 24), last=date(2026, 7, 23))
    barred = measure("", authority="s232_metals", effect=GAP, scope=("39",))
    tariff = view(measures=[ended, listed, barred])
    of = tariff.measures_of
    assert [one.heading for one in of("3926909989", origin="CN", on=DAY)] == ["99038803"]
    assert of("3926909910", origin="CN", on=DAY) == ()
    assert of("3926909989", origin="VN", on=DAY) == ()
    assert {one.heading for one in of("9403509045", origin="CN", on=date(2026, 7, 23))} == {"99038803", "99030301"}
    assert tariff.gaps_of("3926909989", origin="CN", on=DAY) == (barred,)
    assert tariff.measure("99030301", on=DAY) is None
    assert tariff.measure("9903.03.01".replace(".", ""), on=date(2026, 3, 1)) == ended
    assert tariff.measure_rows("99030301") == (ended,)


prefixes = st.lists(st.text("0123", min_size=1, max_size=4), max_size=3).map(tuple)
rows = st.builds(
    lambda n, scope, excluded, origins, order: measure(
        f"9903{n:04}", 1, scope=scope, excluded_scope=excluded, origins=origins, order=order
    ),
    st.integers(0, 9999), prefixes, prefixes, st.lists(st.sampled_from(["CN", "MX"]), max_size=1), st.integers(0, 3),
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(rows, max_size=8), st.text("0123", min_size=10, max_size=10), st.sampled_from(["CN", "MX", "DE"]))
def test_the_index_finds_what_a_scan_finds(measures, number, origin):
    scanned = [
        one
        for one in measures
        if (not one.origins or origin in one.origins)
        and (not one.scope or number.startswith(one.scope))
        and not (one.excluded_scope and number.startswith(one.excluded_scope))
    ]
    found = MeasureIndex(measures).of(number, origin, DAY)
    assert sorted(map(repr, found)) == sorted(map(repr, scanned))
    assert [one.order for one in found] == sorted(one.order for one in scanned)


def test_the_memory_of_the_index_has_an_end(monkeypatch):
    monkeypatch.setattr(MeasureIndex, "MEMO", 3)
    index = MeasureIndex([measure("99038803", 25)])
    for number in range(10):
        assert len(index.of(f"{number:010}", "CN", DAY)) == 1
    assert len(index._memo) <= 3


def test_exchange_by_day_and_by_span():
    def span(first, last, rate):
        quote = ExchangeQuote(currency="EUR", rate=D(rate), rate_date=first, basis="reference")
        return ExchangeSpan(quote=quote, first=first, last=last)

    months = {
        "EUR": (span(date(2026, 9, 1), date(2026, 9, 30), "1.1"), span(date(2026, 10, 1), date(2026, 10, 31), "1.2"))
    }
    daily = {"EUR": (span(date(2026, 10, 2), date(2026, 10, 4), "1.25"),)}
    tariff = view(spans=(daily, months))
    assert tariff.exchange("EUR", date(2026, 9, 30)).rate == D("1.1")
    assert tariff.exchange("EUR", date(2026, 10, 4)).rate == D("1.25")
    assert tariff.exchange("EUR", date(2026, 10, 5)).rate == D("1.2")
    assert tariff.exchange("EUR", date(2026, 11, 1)) is None
    assert tariff.exchange("EUR", date(2026, 8, 31)) is None
    assert tariff.exchange("JPY", date(2026, 10, 4)) is None


def test_fees_programs_and_origins_by_day():
    tariff = view(programs=(program("D", "LS", last=date(2026, 12, 31)),), origins=COLUMN_2)
    assert tariff.fees(date(2026, 9, 30)) == FY26
    assert tariff.fees(date(2026, 10, 1)) == FY27
    assert tariff.fees(date(2017, 1, 1)) is None
    assert tariff.program("D", on=date(2026, 12, 31)).code == "D"
    assert tariff.program("D", on=date(2027, 1, 1)) is None
    assert tariff.program("D").code == "D"
    assert tariff.origin_status("RU", "column2", DAY)
    assert tariff.origin_status("RU", "column2", date(2022, 4, 8)) is None
    assert tariff.origin_status("RU", "mpf_exempt", DAY) is None


def test_successors():
    tariff = view(line("8507600090"), successors={"8507600020": ("8507600090",)})
    assert tariff.successors("8507.60.0020") == ("8507600090",)
    assert tariff.successors("8507600090") == ()
