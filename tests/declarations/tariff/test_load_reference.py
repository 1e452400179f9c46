"""Files of fees, programs, exchange rates; code lists are tested at the command."""

from datetime import date
from decimal import Decimal as D

import pytest

from declarations.tariff.load import FileNotUnderstood, LoadOverlap, load_reference
from declarations.tariff.models import FeeSchedule, ReferenceSet
from declarations.tariff.selectors import current_view
from tests.declarations.tariff.makers import DAY, NOW, document, fees, item, owed

PUBLISHED_FEES = """fee,class_code,basis,rate,minimum,maximum,effective_from,effective_to,legal_basis,source,confidence
MPF formal entry,499,"ad valorem on entered value, per entry",0.3464%,35.00,680.00,2026-10-01,2027-09-30,19 CFR 24.23,x,y
"MPF informal, automated, not prepared by CBP",311,flat,2.80,,,2026-10-01,2027-09-30,19 CFR 24.23,x,y
"MPF informal, manual, not prepared by CBP",311,flat,8.30,,,2026-10-01,2027-09-30,19 CFR 24.23,x,y
Express consignment fee per airway bill,,flat,1.38,,,2026-10-01,2027-09-30,19 CFR 24.23,x,y
HMF,501,"ad valorem on cargo value, vessel imports only",0.125%,,,1991-01-01,,26 USC 4461,x,y
"""
PUBLISHED_PROGRAMS = """symbol,program,general_note,countries_iso2,status,mpf_exempt,note,occurrences_in_special_rev10
KR,US-Korea FTA,33,KR,active,yes,,7147
D,AGOA,16,LS MG,"in force to 2026-12-31 (lapsed 2025-09-30, renewed)",no,,5387
A,GSP,4,,expired 2020-12-31 (no renewal seen),no,,2534
J,ATPA,11,,expired,no,,2
C,Civil aircraft,6,ANY,"active, end-use",no,not origin based,190
Y,Insular possessions,3,GU VI,active,yes,symbol on entry only,0
"""
DAILY = """date,currency,usd_per_unit,units_per_usd,source
2026-11-05,EUR,1.1000,0.90909091,ECB
2026-11-06,EUR,1.1200,0.89285714,ECB
2026-11-09,EUR,1.1300,0.88495575,ECB
"""


def load(folder, text, name):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return load_reference(path=path, now=NOW)


def test_published_fees_speak_before_the_starter(tmp_path, starter):
    load(tmp_path, PUBLISHED_FEES, "fees_us.csv")
    year = current_view(DAY).fees(DAY)
    assert (year.mpf_minimum, year.mpf_maximum, year.informal_automated) == (D("35.00"), D("680.00"), D("2.80"))
    assert (year.dutiable_mail, year.hmf_rate) == (D("7.61"), D("0.00125"))  # what the file lacks stays
    assert current_view(DAY).fees(date(2024, 10, 1)).mpf_minimum == D("32.71")


def test_published_programs(tmp_path, starter):
    load(tmp_path, PUBLISHED_PROGRAMS, "spi_programs.csv")
    tariff = current_view(DAY)
    assert tariff.program("D", on=date(2026, 12, 31)).countries == {"LS", "MG"}
    assert tariff.program("D", on=date(2027, 1, 1)) is None
    assert tariff.program("A", on=DAY) is None
    assert tariff.program("J", on=DAY) is None
    assert tariff.program("C", on=DAY).countries == frozenset()
    assert tariff.program("Y", on=DAY).by_note
    assert tariff.program("KR", on=DAY).mpf_exempt
    assert tariff.program("AU", on=DAY).countries == {"AU"}  # not in the file: the starter's stays


NOTES = """number,column,rate_text,effective_from,effective_to,legal_basis
58109210,general,5%,2026-01-01,2026-06-30,x
58109210,general,6%,2026-07-01,,y
"""


def test_the_rates_of_notes_are_dated(tmp_path, starter):
    first, last = (current_view(DAY).notes.find("5810921000", "general", date(2026, 6, one)) for one in (1, 30))
    assert first == last
    assert (first.text[:4], first.legal_basis) == ("4.2%", "HTS chapter 58, additional U.S. note 2")
    assert current_view(DAY).notes.find("58109210", "general", date(2024, 12, 31)) is None
    load(tmp_path, NOTES, "notes.csv")
    held = current_view(DAY).notes
    assert [held.find("58109210", "general", date(2026, month, 30)).text for month in (6, 7)] == ["5%", "6%"]
    assert held.find("58109210", "general", date(2025, 6, 30)).text.startswith("4.2%")
    assert held.find("58109210", "column2", DAY).text.startswith("90%")


def test_a_note_that_gives_no_rate_is_refused(tmp_path, starter):
    with pytest.raises(FileNotUnderstood, match="is no rate of a column"):
        load(tmp_path, NOTES.replace("5%", "See U.S. note 4"), "notes.csv")


FEES = """fee_class,rate_percent,minimum,maximum,amount,effective_from,effective_to,not_on
501,0.125,,,,1991-01-01,2027-01-31,06 11 12 22 31 32 34 38
501,0.125,,,,2027-02-01,,06 22 31 32 34 38
499,0.3464,34.58,670.86,,2026-10-01,2027-01-31,23
499,0.3464,34.58,670.86,,2027-02-01,2027-09-30,21 22 23
311,,,,8.30,2027-02-01,2027-09-30,
"""
LATER = date(2027, 2, 1)


def charged(on, kind):
    found = owed(
        document(item("6404119020", origin="VN", value="2500"), kind=kind, entry=on.isoformat()), current_view(on)
    )
    return {code: amount for code, amount in fees(found).items() if code in ("311", "499", "501")}


def test_readings_that_differ_are_dated_rows_and_the_computation_follows_them(tmp_path, starter):
    """Harbor fee on informal entries by vessel, processing fee of a warehouse entry, the tier of the informal fee."""
    assert charged(LATER, "11") == {"311": "2.77"}
    assert charged(LATER, "21") == {"499": "34.58", "501": "3.13"}
    load(tmp_path, FEES, "fees.csv")
    assert charged(DAY, "11") == {"311": "2.77"}
    assert charged(LATER, "11") == {"311": "8.30", "501": "3.13"}
    assert charged(DAY, "21") == {"499": "34.58", "501": "3.13"}
    assert charged(LATER, "21") == {"501": "3.13"}
    assert charged(LATER, "01") == {"499": "34.58", "501": "3.13"}


def test_a_fee_may_be_owed_on_every_entry_type(tmp_path, starter):
    load(tmp_path, "\n".join(FEES.splitlines()[:1]) + "\n501,0.125,,,,1991-01-01,,none\n", "fees.csv")
    assert charged(DAY, "11") == {"311": "2.77", "501": "3.13"}
    assert current_view(DAY).fees(DAY).mpf_not_on == {"23"}  # what the file does not say stays


PROGRAM = "code,name,countries,effective_from,mpf_exempt,by_note\nIL,Israel,IL,1985-09-01,0,0\n"
ORIGIN = "country,status,ground,effective_from,effective_to,legal_basis\n"


def test_the_exemption_of_israel_is_two_rows_and_goes_with_them(tmp_path, starter):
    def charged_on(claim):
        line = item("6404119020", origin="IL", claim=claim)
        return "499" in fees(owed(document(line), current_view(DAY)))

    assert not charged_on(None)
    assert not charged_on("IL")
    load(tmp_path, f"{ORIGIN}IL,mpf_exempt,Israel,1990-08-20,2026-10-31,x\n", "origins.csv")
    assert charged_on(None)
    assert not charged_on("IL")
    load(tmp_path, PROGRAM, "programs.csv")
    assert charged_on("IL")


def test_a_daily_rate_holds_over_days_off(tmp_path, starter):
    load(tmp_path, DAILY, "fx_rates.csv")
    tariff = current_view(DAY)
    rates = {day: tariff.exchange("EUR", date(2026, 11, day)).rate for day in (4, 5, 6, 7, 8, 9, 13, 14)}
    assert (rates[5], rates[6], rates[7], rates[8], rates[9], rates[13]) == (
        D("1.1"), D("1.12"), D("1.12"), D("1.12"), D("1.13"), D("1.13"),
    )  # fmt: skip
    assert rates[4] == rates[14] == D("1.1172")  # outside the file the starter's month stands
    assert tariff.exchange("EUR", date(2026, 11, 5)).basis == "reference"


def test_a_rate_that_is_upside_down_refuses_the_file(tmp_path, no_tariff):
    wrong = DAILY.replace("1.1200,0.89285714", "0.8929,0.89285714")
    with pytest.raises(FileNotUnderstood, match="do not agree"):
        load(tmp_path, wrong, "fx_rates.csv")
    assert not ReferenceSet.objects.exists()


def test_the_same_file_again_changes_nothing(tmp_path, no_tariff):
    first, _ = load(tmp_path, PUBLISHED_FEES, "fees_us.csv")
    count = FeeSchedule.objects.count()
    again, loaded = load(tmp_path, PUBLISHED_FEES, "copy.csv")
    assert (again.pk, loaded, FeeSchedule.objects.count()) == (first.pk, False, count)


def test_two_rows_for_the_same_days_are_refused(tmp_path, no_tariff):
    twice = PUBLISHED_FEES + PUBLISHED_FEES.splitlines()[1].replace("2026-10-01", "2026-12-01") + "\n"
    with pytest.raises(LoadOverlap, match="499"):
        load(tmp_path, twice, "fees_us.csv")
    with pytest.raises(LoadOverlap, match="EUR"):
        load(tmp_path, "currency,usd_per_unit,effective_from,effective_to,basis\nEUR,1.1,2026-01-01,2026-01-31,reference\n"
             "EUR,1.2,2026-01-31,2026-02-28,reference\n", "exchange.csv")  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("fx_fed_h10_monthly.csv", "month,currency,h10_value,quote,usd_per_unit\n2026-01,EUR,0.85,USD per unit,0.85\n"),
        ("notes.csv", "a,b\n1,2\n"),
        ("fees.csv", PUBLISHED_FEES.replace("0.3464%", "a third")),
        ("fees.csv", PUBLISHED_FEES.splitlines()[0] + "\n"),
    ],
)
def test_what_is_not_understood_is_refused(tmp_path, no_tariff, name, text):
    with pytest.raises(FileNotUnderstood):
        load(tmp_path, text, name)
    assert not ReferenceSet.objects.exists()
