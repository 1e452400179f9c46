"""Whatever the declaration: sums agree, nothing raises, the same in gives the same out."""

from decimal import Decimal as D

from hypothesis import given, settings
from hypothesis import strategies as st

from declarations.assessment import ANTIDUMPING, COUNTERVAILING, DUTY_KINDS, FEE, TAX
from declarations.document import Document, Item, Tariff, Valuation
from declarations.tariff.calculate import assess
from tests.declarations.tariff.makers import DAY, NOW, document, item, line, measure, owed, view

TARIFF = view(
    line("8507600090", "3.4%", special="Free (KR,S)", column2="40%"),
    line("0402999000", "46.3¢/kg + 14.9%", column2="54.5¢/kg + 17.5%", units=("KG",)),
    line("3304995000", column2="75%"),
    line("5810910010", "See additional U.S. note 1", column2="See additional U.S. note 1"),
    line("9801001012", "Free"),
    measures=[
        measure("99038803", 25, origins=["CN"], order=10),
        measure("99030531", "12.5", authority="s301_forced_labor", origins=["CN"], order=30),
        measure("99030571", "12.5", authority="s301_forced_labor", effect="floor", origins=["KR"], order=30),
        measure("99030570", "12.5", authority="s301_forced_labor", effect="floor_met", origins=["KR"], order=30),
    ],
)
money = st.decimals(0, 10**9, places=2, allow_nan=False).map(str) | st.just("9" * 15)
cases = st.fixed_dictionaries(
    {
        "case_number": st.sampled_from(["A570890000", "C570891000", "B1"]),
        "rate": st.decimals(0, 400, places=2).map(str),
        "security": st.sampled_from(["cash", "bond"]),
    }
)
items = st.builds(
    lambda number, extra, value, origin, claim, weight, adcvd, tax: item(
        *extra,
        number,
        value=value,
        origin=origin,
        claim=claim,
        quantities=[(weight, "KG")] if weight else [],
        adcvd=adcvd,
        ir_tax=[{"class": "016", "amount": tax}] if tax else [],
    ),
    st.sampled_from(["8507600090", "0402999000", "3304995000", "5810910010", "1234567890"]),
    st.lists(st.sampled_from(["99038803", "99030531", "99031234", "9801001012"]), max_size=2, unique=True),
    money,
    st.sampled_from(["CN", "KR", "MX", "RU", "VN"]),
    st.sampled_from([None, "KR", "S", "XX"]),
    st.none() | money,
    st.lists(cases, max_size=2),
    st.none() | money,
)
documents = st.builds(
    lambda parts, kind, mode: document(*parts, kind=kind, mode=mode),
    st.lists(items, max_size=5),
    st.sampled_from(["01", "03", "06", "11", "21", "23", "31", "99", None]),
    st.sampled_from(["10", "11", "30", "40", None]),
)


@settings(max_examples=300, deadline=None)
@given(documents)
def test_lines_sum_to_totals(doc):
    found = owed(doc, TARIFF)
    lines = [one for line_item in found.items for one in line_item.lines]

    def total(*kinds):
        return sum((D(one.amount) for one in lines if one.kind in kinds), D(0))

    totals = found.totals
    assert D(totals.duty) == total(*DUTY_KINDS)
    assert D(totals.antidumping) == total(ANTIDUMPING)
    assert D(totals.countervailing) == total(COUNTERVAILING)
    assert D(totals.tax) == total(TAX)
    assert D(totals.fees) == sum((D(one.amount) for one in found.fees), D(0))
    parts = (totals.duty, totals.antidumping, totals.countervailing, totals.tax, totals.fees)
    assert D(totals.total) == sum(map(D, parts))
    harbor = [one for one in lines if one.code == "501"]
    assert sum((D(one.amount) for one in harbor), D(0)) == sum(
        (D(one.amount) for one in found.fees if one.code == "501"), D(0)
    )
    assert all(one.kind != FEE or one.code in ("499", "501") for one in lines)


@settings(max_examples=200, deadline=None)
@given(documents)
def test_every_item_is_either_computed_or_named(doc):
    found = owed(doc, TARIFF)
    for index, _ in enumerate(doc.items):
        computed = found.item(index + 1) is not None and bool(found.item(index + 1).lines)
        named = any(one.pointer.startswith(f"/items/{index}/") for one in found.unassessed)
        assert computed or named


@settings(max_examples=100, deadline=None)
@given(documents)
def test_the_same_in_gives_the_same_out(doc):
    assert owed(doc, TARIFF) == owed(doc, TARIFF)


texts = st.none() | st.text(max_size=12) | st.text("0123456789.-eE+NnaIif", max_size=20)
wild = st.builds(
    lambda number, value, origin, date_text, unit: Item(
        origin_country=origin,
        export_date=date_text,
        tariffs=(Tariff(hts_number=number, value=value),),
        valuation=Valuation(entered_value=value),
        measures={} if unit is None else {"lead content": unit},
    ),
    texts, texts, texts, texts, texts,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(wild, max_size=3), texts)
def test_texts_that_no_decoder_would_let_through_do_not_raise(parts, kind):
    assess(Document(items=tuple(parts), entry_type=kind), tariff=TARIFF, now=NOW)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**9), st.sampled_from(["CN", "VN"]))
def test_duty_grows_with_the_value(value, origin):
    less = owed(document(item("8507600090", value=str(value), origin=origin)), TARIFF)
    more = owed(document(item("8507600090", value=str(value + 1), origin=origin)), TARIFF)
    assert D(less.totals.duty) <= D(more.totals.duty)
    assert less.item(1).rate_date == DAY.isoformat()
