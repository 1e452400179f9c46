"""Law as rows: instants within a day, duties on a content, duties that give way, and a file of an invented measure."""

from datetime import UTC, date, datetime
from decimal import Decimal as D

import pytest

from declarations.tariff.load import FileNotUnderstood, load_measures
from declarations.tariff.selectors import current_view
from portal.timezones import ZONES
from tests.declarations.tariff.makers import DAY, NOW, amounts, document, item, line, measure, owed, view

GOODS = line("7326908688", "2.9%")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=ZONES["US"])
HEADER = (
    "heading,authority,effect,rate_percent,origins,scope,claimed_only,content,gives_way,effective_from,effective_to,"
    "effective_at,ends_at,order,legal_basis,note,certainty"
)


def at(time):
    day = DAY.isoformat()
    return {"dates": {"estimated_entry": day, "estimated_arrival": day, **({"entry_time": time} if time else {})}}


def duties(tariff, time=None, **more):
    found = owed(document(item("7326908688", **more), **at(time)), tariff)
    return amounts(found), [(one.code, one.pointer) for one in found.unassessed]


# ---- instants ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("time", "rate"), [("11:59", None), ("12:00", "1000.00"), ("23:59", "1000.00")])
def test_a_measure_begins_at_its_instant(time, rate):
    tariff = view(GOODS, measures=[measure("99039991", 10, first=DAY, effective_at=NOON)])
    found, troubles = duties(tariff, time)
    assert (found.get("99039991"), troubles) == (rate, [])


@pytest.mark.parametrize(("time", "rate"), [("11:59", "1000.00"), ("12:00", None)])
def test_a_measure_ends_at_its_instant(time, rate):
    tariff = view(GOODS, measures=[measure("99039991", 10, last=DAY, ends_at=NOON)])
    assert duties(tariff, time)[0].get("99039991") == rate


def test_one_rate_follows_another_within_the_day():
    rows = [
        measure("99039991", 10, last=DAY, ends_at=NOON),
        measure("99039991", 20, first=DAY, effective_at=NOON),
    ]
    tariff = view(GOODS, measures=rows)
    assert duties(tariff, "11:59")[0]["99039991"] == "1000.00"
    assert duties(tariff, "12:00")[0]["99039991"] == "2000.00"


def test_without_a_time_of_entry_nothing_is_guessed():
    tariff = view(GOODS, measures=[measure("99039991", 10, first=DAY, effective_at=NOON)])
    assert duties(tariff) == ({}, [("DUTY-TIME", "/items/0")])


def test_on_other_days_and_for_other_goods_no_time_is_asked():
    turning = measure("99039991", 10, first=DAY, effective_at=NOON, scope=("7326",))
    tariff = view(GOODS, line("9403509045", "Free"), measures=[turning])
    assert owed(document(item("9403509045"), **at(None)), tariff).unassessed == ()
    later = owed(document(item("7326908688"), entry="2026-11-25"), tariff)
    assert amounts(later)["99039991"] == "1000.00"
    earlier = owed(document(item("7326908688"), entry="2026-11-23"), tariff)
    assert "99039991" not in amounts(earlier)


# ---- content -----------------------------------------------------------------------------------------

STEEL = measure("99038191", 50, authority="s232_metals", content="steel content value", order=55)


def test_a_duty_on_a_content_asks_for_its_value():
    found = owed(document(item("7326908688")), view(GOODS, measures=[STEEL]))
    assert amounts(found) == {}
    (lack,) = found.unassessed
    assert (lack.code, lack.pointer) == ("DUTY-QUANTITY", "/items/0/measures")
    assert "steel content value" in lack.reason
    assert found.totals.duty == "0.00"


@pytest.mark.parametrize(("content", "amount"), [("4000", "2000.00"), ("0", "0.00"), ("10000", "5000.00")])
def test_a_duty_on_a_content_is_on_that_value_alone(content, amount):
    goods = item("7326908688", measures={"steel content value": content})
    found = owed(document(goods), view(GOODS, measures=[STEEL]))
    lines = {one.code: one for one in found.items[0].lines}
    assert (lines["99038191"].basis, lines["99038191"].amount) == (content, amount)
    assert lines["7326908688"].amount == "290.00"


def test_a_content_beyond_the_value_of_the_line_is_refused():
    goods = item("7326908688", measures={"steel content value": "10001"})
    (lack,) = owed(document(goods), view(GOODS, measures=[STEEL])).unassessed
    assert lack.code == "DUTY-VALUE"


def levied(assessment):
    """Code -> amount, without the fees."""
    return {code: amount for code, amount in amounts(assessment).items() if len(code) > 3}


@pytest.mark.parametrize(("content", "owes"), [("10000", True), ("4000", False)])
def test_what_lifts_another_duty_from_the_content_does_not_lift_it_from_the_rest(content, owes):
    reciprocal = measure("99030125", 10, authority="ieepa_reciprocal", order=49)
    free = measure("99030133", effect="exempt", exempts=["ieepa_reciprocal"], requires=["s232_metals"], order=50)
    goods = item("7326908688", measures={"steel content value": content})
    found = owed(document(goods), view(GOODS, measures=[STEEL, reciprocal, free]))
    if owes:
        assert levied(found) == {"99038191": "5000.00", "99030133": "0.00", "7326908688": "290.00"}
    else:
        (lack,) = found.unassessed
        assert "two lines" in lack.reason


@pytest.mark.parametrize(("content", "owes"), [("10000", True), ("4000", False)])
def test_what_gives_way_to_a_duty_on_a_content_stays_on_the_rest(content, owes):
    border = measure("99030101", 25, authority="ieepa_border", gives_way=frozenset({"s232_metals"}), order=47)
    goods = item("7326908688", measures={"steel content value": content})
    found = owed(document(goods), view(GOODS, measures=[STEEL, border]))
    assert (levied(found) == {"99038191": "5000.00", "7326908688": "290.00"}) is owes
    assert bool(found.unassessed) is not owes


def test_a_duty_gives_way_to_one_of_another_authority_that_stands():
    metals = measure("99038209", 25, authority="s232_metals", gives_way=frozenset({"s232_autos"}), order=55)
    parts = measure("99039405", 25, authority="s232_autos", order=56)
    none = measure("99039406", effect="exempt", authority="s232_autos", exempts=["s232_autos"], claimed_only=True)
    tariff = view(GOODS, measures=[metals, parts, none])
    assert "99038209" not in amounts(owed(document(item("7326908688")), tariff))
    assert amounts(owed(document(item("7326908688")), view(GOODS, measures=[metals])))["99038209"] == "2500.00"
    lifted = amounts(owed(document(item("99039406", "7326908688")), tariff))
    assert (lifted["99038209"], lifted["99039406"], "99039405" in lifted) == ("2500.00", "0.00", False)


# ---- a file in our own layout ------------------------------------------------------------------------


def written(folder, *rows):
    path = folder / "new_law.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


INVENTED = (
    "9903.99.91,s999_invented,add,12,CN,8507 3926,,,,2026-11-24,,2026-11-24T12:00,,30,Public Law 999,Invented,read"
)


@pytest.mark.parametrize(
    ("day", "time", "rate"),
    [
        ("2026-11-23", None, None), ("2026-11-24", "11:59", None), ("2026-11-24", "12:00", "1200.00"),
        ("2026-11-25", None, "1200.00"),
    ],
)  # fmt: skip
def test_an_invented_law_is_applied_from_its_instant_on(tmp_path, starter, day, time, rate):
    load_measures(path=written(tmp_path, INVENTED), now=NOW)
    dates = {"estimated_entry": day, "estimated_arrival": day, **({"entry_time": time} if time else {})}
    found = owed(document(item("8507600090"), dates=dates), current_view(date.fromisoformat(day)))
    assert found.unassessed == ()
    assert amounts(found).get("99039991") == rate
    if rate:
        (row,) = (one for one in found.items[0].lines if one.code == "99039991")
        assert (row.legal_basis, row.rate) == ("Public Law 999", "12%")
        assert row.code in [one.hts_number for one in found.items[0].tariffs]
    vietnam = owed(document(item("8507600090", origin="VN"), dates=dates), current_view(date.fromisoformat(day)))
    assert "99039991" not in amounts(vietnam)


def test_every_column_of_the_layout_is_kept(tmp_path, starter):
    row = (
        "9903.99.92,s999,add,50,,7326,1,steel content value,s232_autos s232_wood,2026-11-24,2026-12-31,"
        "2026-11-24T17:00:00+00:00,2026-12-31T08:30,30,law,words,read"
    )
    made, _ = load_measures(path=written(tmp_path, row), now=NOW)
    kept = made.measures.get()
    assert (kept.content, kept.gives_way) == ("steel content value", ["s232_autos", "s232_wood"])
    assert kept.effective_at == datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
    assert kept.ends_at == datetime(2026, 12, 31, 13, 30, tzinfo=UTC)
    held = current_view(DAY).measure("99039992", on=DAY)
    assert (held.content, held.gives_way, held.rate) == (kept.content, frozenset(kept.gives_way), D("0.5"))
    assert (held.effective_at, held.ends_at) == (kept.effective_at, kept.ends_at)


def test_the_first_minute_of_a_day_is_the_whole_day(tmp_path, starter):
    made, _ = load_measures(path=written(tmp_path, INVENTED.replace("T12:00", "T00:01")), now=NOW)
    assert made.measures.get().effective_at is None
    found = owed(document(item("8507600090")), current_view(DAY))
    assert amounts(found)["99039991"] == "1200.00"


@pytest.mark.parametrize(
    ("was", "wrong"),
    [
        ("2026-11-24T12:00", "2026-11-25T12:00"),  # not within its first day
        ("2026-11-24T12:00", "noon"),
        ("add,12,", "floor,12,"),  # with a content below
    ],
)
def test_a_row_that_contradicts_itself_is_refused(tmp_path, no_tariff, was, wrong):
    row = INVENTED.replace("8507 3926,,,", "8507 3926,,steel content value,").replace(was, wrong)
    with pytest.raises(FileNotUnderstood, match="row 2"):
        load_measures(path=written(tmp_path, row), now=NOW)
