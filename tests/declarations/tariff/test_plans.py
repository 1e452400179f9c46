"""What is kept of one line for others like it changes no figure, and has an end."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal as D

from hypothesis import given, settings
from hypothesis import strategies as st

from declarations.tariff import view as views
from declarations.tariff.expressions import apply, parse
from tests.declarations.tariff.makers import amounts, document, item, line, measure, owed, view

LINES = (
    line("8507600090", "3.4%", special="Free (KR,S)", column2="40%"),
    line("0402999000", "46.3¢/kg + 14.9%", column2="54.5¢/kg + 17.5%", units=("KG",)),
    line("0101210010", "33 1/3%", special="2.5% (KR)", column2="0%"),
    line("3304995000", column2="75%"),
    line("5810910010", "See additional U.S. note 1", column2="See additional U.S. note 1"),
    line("9801001012", "Free"),
    line("98020080", "A duty upon the full value"),
)
MEASURES = (
    measure("99038803", 25, origins=["CN"], order=10),
    measure("99038804", "7.5", origins=["CN"], order=10, claimed_only=True),
    measure("99030571", "12.5", authority="s301_forced_labor", effect="floor", origins=["KR"], order=30),
    measure("99030570", "12.5", authority="s301_forced_labor", effect="floor_met", origins=["KR"], order=30),
    measure("99030572", "40", authority="s122", effect="floor", origins=["KR"], order=40),
    measure("99030573", authority="s232_metals", effect="exempt", program="S", exempts=["s301_china"], order=5),
)
NUMBERS = ["8507600090", "0402999000", "0101210010", "3304995000", "5810910010", "1234567890"]
EXTRAS = ["99038803", "99038804", "99030571", "99030570", "99031234", "9801001012", "9802008000"]
amount = st.decimals(0, 10**7, places=2).map(str)
items = st.builds(
    lambda number, extra, value, stated, origin, claim, weight: item(
        *extra, number, value=value, origin=origin, claim=claim,
        values=[*("0" for _ in extra), stated] if stated else None,
        quantities=[(weight, "KG")] if weight else [],
    ),
    st.sampled_from(NUMBERS), st.lists(st.sampled_from(EXTRAS), max_size=2, unique=True),
    amount | st.sampled_from(["0", "-0"]), st.none() | amount,
    st.sampled_from(["CN", "KR", "MX", "XO", "CA", "RU"]), st.sampled_from([None, "KR", "S", "XX"]), st.none() | amount,
)  # fmt: skip
documents = st.lists(items, min_size=1, max_size=4).map(lambda parts: document(*parts))


def fresh():
    return view(*LINES, measures=MEASURES)


KEPT = fresh()


@settings(max_examples=300, deadline=None)
@given(documents)
def test_a_view_that_was_asked_before_answers_as_a_new_one(doc):
    assert owed(doc, KEPT) == owed(doc, fresh())


@settings(max_examples=200, deadline=None)
@given(st.decimals(0, 10**12, places=2), st.sampled_from(["3.4%", "33 1/3%", "0%", "0.0125%", "Free"]))
def test_a_percentage_is_what_the_rate_says_of_the_value(value, text):
    tariff = view(line("8507600090", text))
    found = owed(document(item("8507600090", value=str(value), origin="VN")), tariff).item(1)
    expected = apply(parse(text), value=D(found.entered_value), quantities={}, measures={})
    assert found.lines[0].working == expected.working
    assert D(found.lines[0].amount) == expected.amount.quantize(D("0.01"), "ROUND_HALF_UP")


def test_the_share_of_the_base_duty_decides_for_each_line_alone():
    tariff = view(line("2208306020", "10¢/kg", units=("KG",)), measures=MEASURES)
    weights = ("1249", "1250", "4000")  # 12.49, 12.5 and 40 percent of the value
    doc = document(*(item("2208306020", value="1000", origin="KR", quantities=[(one, "KG")]) for one in weights))
    found = [amounts(owed(doc, tariff), place) for place in (1, 2, 3)]
    fees = {"499": "3.46", "501": "1.25"}
    assert found == [
        {"99030571": "125.00", "2208306020": "0.00", **fees},
        {"99030570": "0.00", "99030572": "400.00", "2208306020": "0.00", **fees},
        {"99030570": "0.00", "2208306020": "400.00", **fees},
    ]


def test_a_view_with_other_measures_answers_for_itself():
    doc = document(item("8507600090", origin="CN"))
    assert amounts(owed(doc, fresh()))["99038803"] == "2500.00"
    assert "99038803" not in amounts(owed(doc, view(*LINES)))


def test_what_is_kept_has_an_end(monkeypatch):
    monkeypatch.setattr(views, "PLANS", 3)
    tariff = fresh()
    for second in ("CN", "KR", "MX", "CA", "VN", "JP", "CN", "KR"):
        doc = document(item("8507600090", origin=second))
        assert owed(doc, tariff) == owed(doc, fresh())
        assert len(tariff.plans) <= 3


def test_threads_that_share_a_view_agree(monkeypatch):
    monkeypatch.setattr(views, "PLANS", 2)
    tariff = fresh()
    docs = [document(*(item(number, origin=origin) for number in NUMBERS)) for origin in ("CN", "KR", "MX", "RU")] * 10
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda doc: owed(doc, tariff), docs))
    assert found == [owed(doc, fresh()) for doc in docs]
