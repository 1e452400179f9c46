"""Cases, taxes, fees, totals, payment, bonds."""

from datetime import date
from decimal import Decimal
from typing import Any

from declarations.assessment import AssessmentLine, Editions, FeeTotal, ItemAssessment, Totals, Unassessed
from declarations.facts import BondOnFile
from declarations.tariff.view import OriginStatus
from tests.declarations.rules.makers import GONE, Table, bad, good, owed, view

ITEM = "/items/0"
CASE = f"{ITEM}/adcvd/0"
AD: dict[str, Any] = {
    "/entry_type": "03",
    CASE: {
        "case_number": "A570890000",
        "security": "cash",
        "rate": "216.01",
        "rate_type": "ad_valorem",
        "value": "24000",
        "deposit": "51842.40",
        "non_reimbursement": {"statement": True},
    },
}
SPECIFIC = {
    **AD,
    f"{CASE}/rate_type": "specific",
    f"{CASE}/rate": "1.255",
    f"{CASE}/quantity": "3",
    f"{CASE}/deposit": "3.77",
}
BONDED = {**AD, f"{CASE}/security": "bond"}
STB = {"type": "9", "designation": "A", "surety": "036", "amount": "52000"}

ADCVD: Table = {
    "ADD-NONE": (
        bad(f"{ITEM}/adcvd", {"/entry_type": "03"}),
        good(AD),
        good({"/entry_type": "03", "/filing/acts": ["release"]}),
        good(),
    ),
    "ADD-CASE": (
        bad(f"{CASE}/case_number", {**AD, f"{CASE}/case_number": "A-570-890-000"}),
        bad(f"{CASE}/case_number", {**AD, f"{CASE}/case_number": GONE}),
        good({**AD, f"{CASE}/case_number": "C570891000"}),
    ),
    "ADD-TWICE": (
        bad(f"{ITEM}/adcvd/1/case_number", {**AD, f"{ITEM}/adcvd/1": AD[CASE]}),
        good({**AD, f"{ITEM}/adcvd/1": {"case_number": "C570891000"}}),
    ),
    "ADD-SECURITY": (bad(f"{CASE}/security", {**AD, f"{CASE}/security": "C"}), good(AD), good(BONDED)),
    "ADD-RATE": (bad(f"{CASE}/rate", {**AD, f"{CASE}/rate": GONE}), good({**AD, f"{CASE}/rate": "0"})),
    "ADD-RATE-TYPE": (bad(f"{CASE}/rate_type", {**AD, f"{CASE}/rate_type": "A"}), good(AD), good(SPECIFIC)),
    "ADD-BASIS": (
        bad(f"{CASE}/value", {**AD, f"{CASE}/value": GONE}),
        bad(f"{CASE}/quantity", {**SPECIFIC, f"{CASE}/quantity": GONE}),
        good({**AD, f"{CASE}/rate": "0", f"{CASE}/value": GONE}),
        good(SPECIFIC),
    ),
    "ADD-DEPOSIT": (
        bad(f"{CASE}/deposit", {**AD, f"{CASE}/deposit": "51842.41"}),
        bad(f"{CASE}/deposit", {**AD, f"{CASE}/rate": "0"}),
        bad(f"{CASE}/deposit", {**SPECIFIC, f"{CASE}/deposit": "3.76"}),
        good({**AD, f"{CASE}/deposit": "51842.4"}),
        good({**AD, f"{CASE}/deposit": GONE}),
        good(SPECIFIC),
    ),
    "ADD-VALUE": (bad(f"{CASE}/value", {**AD, f"{CASE}/value": "45001"}), good({**AD, f"{CASE}/value": "45000"})),
    "ADD-REIMB": (
        bad(f"{CASE}/non_reimbursement", {**AD, f"{CASE}/non_reimbursement": GONE}),
        bad(f"{CASE}/non_reimbursement", {**AD, f"{CASE}/non_reimbursement": {"statement": False}}),
        good({**AD, f"{CASE}/non_reimbursement": GONE, f"{CASE}/case_number": "C570891000"}),
        good({**AD, f"{CASE}/non_reimbursement": GONE, f"{CASE}/rate": "0"}),
        good(AD),
    ),
    "ADD-STB": (
        bad(f"{CASE}/security", BONDED),
        good({**BONDED, "/bonds/1": STB}),
        good({**BONDED, f"{CASE}/rate": "4.99"}),
        good(AD),
    ),
}

TAX = f"{ITEM}/ir_tax/0"
SPIRITS = {TAX: {"class": "016", "basis": "324", "rate": "13.50", "amount": "4374.00"}}
FEE = f"{ITEM}/fees/0"
COTTON = {FEE: {"class": "056", "quantity": "1000", "rate": "0.01", "amount": "10.00"}}
FREE_OF_FEE = view(origins=(OriginStatus(country="IL", status="mpf_exempt", effective_from=date(1985, 9, 1)),))
HARBOR = {"fees": (FeeTotal("501", "56.25", "sum of lines"),)}


def harbor(**given: str) -> dict[str, Any]:
    return {"/ports/entry": "2709", "/ports/unlading": "2709", **given}


def with_line(kind: str, code: str, amount: str, **totals: str) -> dict[str, Any]:
    """An assessment of one line with one duty or fee."""
    line = AssessmentLine(
        kind=kind, code=code, basis="45000", rate="3.4%", amount=amount, legal_basis="HTS", working="45000 x 3.4 %"
    )
    item = ItemAssessment(sequence=1, rate_date="2026-11-25", entered_value="45000", lines=(line,))
    return {"items": (item,), "totals": owed(**totals), "editions": Editions()}


FEES: Table = {
    "TAX-CLASS": (bad(f"{TAX}/class", {**SPIRITS, f"{TAX}/class": "16"}), good(SPIRITS)),
    "TAX-AMOUNT": (
        bad(f"{TAX}/amount", {TAX: {"class": "016", "rate": "13.50"}}),
        good({TAX: {"class": "016", "rate": "13.50", "basis": "324"}}),
        good({TAX: {"class": "016", "amount": "4374.00"}}),
    ),
    "TAX-DIFF": (
        bad(f"{TAX}/amount", {**SPIRITS, f"{TAX}/amount": "4370.99"}),
        good({**SPIRITS, f"{TAX}/amount": "4371.00"}),
        good({**SPIRITS, f"{TAX}/rate": GONE, f"{TAX}/amount": "1.00"}),
    ),
    "TAX-TTB": (
        bad(f"{ITEM}/licences", SPIRITS),
        good({**SPIRITS, f"{ITEM}/licences": [{"type": "11", "number": "CA-I-1"}]}),
        good({**SPIRITS, f"{ITEM}/pga": [{"agency": "TTB", "program": "DSP"}]}),
        good({**SPIRITS, f"{TAX}/class": "022"}),
    ),
    "FEE-CLASS": (bad(f"{FEE}/class", {**COTTON, f"{FEE}/class": "999"}), good(COTTON), good({FEE: {"class": "499"}})),
    "FEE-COMPUTED": (bad(f"{FEE}/class", {FEE: {"class": "501", "amount": "1"}}), good(COTTON)),
    "FEE-TWICE": (
        bad(f"{ITEM}/fees/1/class", {**COTTON, f"{ITEM}/fees/1": COTTON[FEE]}),
        good({**COTTON, f"{ITEM}/fees/1": {"class": "110", "amount": "1"}}),
    ),
    "FEE-AMOUNT": (
        bad(f"{FEE}/amount", {FEE: {"class": "056", "rate": "0.01"}}),
        good({FEE: {"class": "056", "rate": "0.01", "quantity": "1000"}}),
        good(COTTON),
    ),
    "FEE-DIFF": (
        bad(f"{FEE}/amount", {**COTTON, f"{FEE}/amount": "13.01"}),
        good({**COTTON, f"{FEE}/amount": "13.00"}),
    ),
    "FEE-HMF-PORT": (
        bad("/ports/unlading", harbor()),
        bad("/ports/unlading", {"/ports/entry": "2304", "/ports/unlading": "2304"}, assessed=HARBOR),
        good(harbor(), assessed=HARBOR),
        good(harbor(), assessed={"unassessed": (Unassessed("DUTY-FEE", "/dates", "no fees are held"),)}),
        good(harbor(**{"/transport/mode": "40"})),
        good(harbor(**{"/entry_type": "11"})),
        good(assessed=HARBOR),
    ),
    "FEE-MPF-ORIGIN": (
        bad(
            f"{ITEM}/origin_country",
            {f"{ITEM}/origin_country": "IL"},
            assessed=with_line("fee", "499", "155.88", fees="155.88"),
            tariff=FREE_OF_FEE,
        ),
        good(
            {f"{ITEM}/origin_country": "IL"},
            assessed=with_line("fee", "501", "56.25", fees="56.25"),
            tariff=FREE_OF_FEE,
        ),
        good(assessed=with_line("fee", "499", "155.88", fees="155.88"), tariff=FREE_OF_FEE),
        good({f"{ITEM}/origin_country": "IL"}, assessed=with_line("fee", "499", "155.88", fees="155.88")),
    ),
    "DUTY-NOTICE": (
        bad(f"{ITEM}/tariffs/1", assessed={"notices": (Unassessed("DUTY-LIST", f"{ITEM}/tariffs/1", "no list"),)}),
        good(),
    ),
    "DUTY-OPEN": (
        bad(f"{ITEM}/tariffs/1", assessed={"unassessed": (Unassessed("RATE", f"{ITEM}/tariffs/1", "no rate"),)}),
        bad("/dates/entry_time", assessed={"unassessed": (Unassessed("DUTY-TIME", ITEM, "the time decides"),)}),
        good(
            {"/filing/acts": ["release"]},
            assessed={"unassessed": (Unassessed("RATE", f"{ITEM}/tariffs/1", "no rate"),)},
        ),
        good(),
    ),
    "TOT-LINES": (
        bad("/items", assessed=with_line("duty", "8507600090", "1530.00", duty="1530.01")),
        bad("/items", assessed=with_line("antidumping", "A570890000", "1530.00")),
        good(assessed=with_line("additional_duty", "99030584", "5625.00", duty="5625.00")),
        good(assessed=with_line("countervailing", "C570891000", "5.00", countervailing="5.00")),
        good(assessed=with_line("fee", "499", "5.00", fees="5.00")),
    ),
    "TOT-FEES": (
        bad("/items", assessed={"fees": (FeeTotal("499", "34.58", ""),), "totals": owed(fees="34.57")}),
        good(
            assessed={"fees": (FeeTotal("499", "34.58", ""), FeeTotal("501", "1.00", "")), "totals": owed(fees="35.58")}
        ),
    ),
    "TOT-SUM": (
        bad("/items", assessed={"totals": Totals(duty="1.00", total="2.00")}),
        good(assessed={"totals": owed(duty="1.00", fees="34.58", tax="2.00")}),
    ),
}

TYPE, PRINT, MONTH = "/payment/type", "/payment/statement_print_date", "/payment/statement_month"
MONTHLY = {TYPE: "7", MONTH: "12"}
SINGLE = {"/payment": {"type": "1"}}
CORRECTED = {"/correction": {"header_reasons": ["C01"]}}

PAYMENT: Table = {
    "PAY-NONE": (
        bad(TYPE, {"/payment": GONE}, assessed={"totals": owed(duty="1.00")}),
        good({"/payment": GONE}),
        good({"/payment": GONE, **CORRECTED}, assessed={"totals": owed(duty="1.00")}),
        good({"/payment": GONE, "/filing/acts": ["release"]}, assessed={"totals": owed(duty="1.00")}),
        good(assessed={"totals": owed(duty="1.00")}),
    ),
    "PAY-TYPE": (bad(TYPE, {TYPE: "4"}), good({TYPE: "8"}), good({TYPE: GONE})),
    "PAY-SINGLE": (
        bad((PRINT, MONTH), {TYPE: "1", MONTH: "12"}),
        bad("/payment/client_branch", {**SINGLE, "/payment/client_branch": "01"}),
        good(SINGLE),
        good(),
    ),
    "PAY-DATE": (bad(PRINT, {PRINT: GONE}), good(SINGLE), good()),
    "PAY-CLOSED": (
        bad(PRINT, {PRINT: "2026-11-26"}),
        bad(PRINT, {PRINT: "2026-12-05"}),
        good({PRINT: "2026-11-27"}),
        good({PRINT: "2026-11-26", TYPE: "1"}),
    ),
    "PAY-SOON": (
        bad(PRINT, {PRINT: "2026-11-24"}),
        bad(PRINT, {PRINT: "2026-11-26"}, on="2026-11-25"),
        good({PRINT: "2026-11-25"}),
    ),
    "PAY-FAR": (bad(PRINT, {PRINT: "2027-02-23"}), good({PRINT: "2027-02-22"})),
    "PAY-BEFORE-ENTRY": (
        bad(PRINT, {PRINT: "2026-11-25", "/dates/estimated_entry": "2026-11-27"}),
        good({PRINT: "2026-11-25"}),
    ),
    "PAY-TENTH": (
        bad(PRINT, {PRINT: "2026-12-11"}),
        good({PRINT: "2026-12-10"}),
        good({PRINT: "2026-12-11", **CORRECTED}),
    ),
    "PAY-MONTH": (bad(MONTH, {TYPE: "6"}), good(MONTHLY), good()),
    "PAY-MONTH-FORM": (
        bad(MONTH, {TYPE: "6", MONTH: "13"}),
        bad(MONTH, {TYPE: "6", MONTH: "1"}),
        good(MONTHLY),
    ),
    "PAY-MONTH-NOT": (bad(MONTH, {MONTH: "12"}), good(MONTHLY), good()),
    "PAY-MONTH-FAR": (
        bad(MONTH, {**MONTHLY, MONTH: "02"}),
        bad(MONTH, {**MONTHLY, MONTH: "10"}),
        good({**MONTHLY, MONTH: "01"}),
        good({**MONTHLY, MONTH: "11"}),
    ),
    "PAY-MONTH-DATE": (
        bad(PRINT, {**MONTHLY, PRINT: "2026-12-22"}),
        bad(PRINT, {**MONTHLY, MONTH: "11", PRINT: "2026-12-03"}),
        good({**MONTHLY, PRINT: "2026-12-21"}),
        good({**MONTHLY, MONTH: "01", PRINT: "2026-12-22"}),
    ),
    "PAY-BRANCH": (
        bad("/payment/client_branch", {"/payment/client_branch": "01"}),
        good({"/payment/client_branch": "01", TYPE: "5"}),
        good({**SINGLE, "/payment/client_branch": "01"}),
    ),
    "PAY-ACH": (
        bad(TYPE, facts={"ach_set_up": False}),
        good(SINGLE, facts={"ach_set_up": False}),
        good(facts={"ach_set_up": True}),
        good(),
    ),
    "PAY-DEFER": (
        bad("/payment/deferred_tax", {"/payment/deferred_tax": "Y"}),
        good({"/payment/deferred_tax": "2"}),
        good(),
    ),
    "TAX-PMS": (bad(TYPE, {**MONTHLY, **SPIRITS}), good(SPIRITS), good(MONTHLY)),
}

BOND, WAIVER = "/bonds/0", "/bond_waiver/indicator"
SINGLE_BOND = {BOND: {"type": "9", "designation": "B", "surety": "036", "amount": "50000"}}
NO_BOND = {"/bonds": []}
AGENCY = {f"{ITEM}/pga": [{"agency": "FDA", "program": "FOO"}]}


def on_file(**given: Any) -> dict[str, Any]:
    bond = {
        "type": "8",
        "surety": "036",
        "amount": Decimal(50000),
        "effective_on": date(2025, 1, 1),
        "importer_number": "12-345678900",
        "importer_name": "EXAMPLE IMPORTS, LLC",
        **given,
    }
    return {"bonds": (BondOnFile(**bond),)}


BONDS: Table = {
    "BOND-NONE": (
        bad("/bonds", NO_BOND),
        good({**NO_BOND, "/entry_type": "11"}),
        good({**NO_BOND, "/entry_type": "03"}),
        good({**NO_BOND, "/bond_waiver": {"indicator": "0", "reason": "999"}}),
        good(),
    ),
    "BOND-BOTH": (bad(WAIVER, {WAIVER: "0"}), good({**NO_BOND, WAIVER: "0"}), good()),
    "BOND-WAIVER": (bad(WAIVER, {**NO_BOND, WAIVER: "1"}), good({**NO_BOND, WAIVER: "0"}), good()),
    "BOND-REASON": (
        bad("/bond_waiver/reason", {**NO_BOND, WAIVER: "0"}),
        bad("/bond_waiver/reason", {**NO_BOND, "/bond_waiver": {"indicator": "0", "reason": "036"}}),
        good({**NO_BOND, "/bond_waiver": {"indicator": "0", "reason": "998"}}),
        good({**NO_BOND, WAIVER: "0", "/entry_type": "11"}),
        good(),
    ),
    "BOND-TYPE": (bad(f"{BOND}/type", {f"{BOND}/type": "0"}), good(SINGLE_BOND), good()),
    "BOND-DESIGNATION": (
        bad(f"{BOND}/designation", {f"{BOND}/designation": GONE}),
        good({f"{BOND}/designation": "U"}),
        good(),
    ),
    "BOND-INDICATOR": (
        bad(f"{BOND}/continuous_indicator", {f"{BOND}/continuous_indicator": "N"}),
        good({f"{BOND}/continuous_indicator": "S"}),
    ),
    "BOND-SURETY": (
        bad(f"{BOND}/surety", {f"{BOND}/surety": "36"}),
        bad(f"{BOND}/surety", {f"{BOND}/surety": "998"}),
        good({f"{BOND}/surety": "A36"}),
    ),
    "BOND-TWO": (
        bad("/bonds/1/type", {"/bonds/1": {"type": "8", "designation": "A", "surety": "036"}}),
        good({"/bonds/1": STB}),
    ),
    "BOND-MANY": (bad("/bonds/2", {"/bonds/1": STB, "/bonds/2": STB}), good({"/bonds/1": STB})),
    "BOND-PAIR": (
        bad("/bonds/1/designation", {"/bonds/1": {**STB, "designation": "B"}}),
        bad("/bonds/1/type", {"/bonds/1": {**STB, "type": "8"}}),
        good({"/bonds/1": STB}),
        good({"/bonds": [STB, {"type": "8", "designation": "B", "surety": "036"}]}),
        good(),
    ),
    "BOND-STB": (
        bad(f"{BOND}/amount", {**SINGLE_BOND, f"{BOND}/amount": "0"}),
        bad(f"{BOND}/amount", {**SINGLE_BOND, f"{BOND}/amount": GONE}),
        good(SINGLE_BOND),
        good(),
    ),
    "BOND-STB-NOT": (bad(f"{BOND}/amount", {f"{BOND}/amount": "50000"}), good(SINGLE_BOND), good()),
    "BOND-STB-LOW": (
        bad(f"{BOND}/amount", SINGLE_BOND, assessed={"totals": owed(duty="5000.01")}),
        good(SINGLE_BOND, assessed={"totals": owed(duty="5000.00")}),
        good({"/bonds/1": {**STB, "amount": "1"}}),
    ),
    "BOND-STB-PGA": (
        bad(f"{BOND}/amount", {**SINGLE_BOND, **AGENCY, f"{BOND}/amount": "134999"}),
        good({**SINGLE_BOND, **AGENCY, f"{BOND}/amount": "135000"}),
        good({**SINGLE_BOND, f"{ITEM}/pga": [{"agency": "FDA", "disclaim": "A"}]}),
        good(SINGLE_BOND),
    ),
    "BOND-OPEN": (
        bad(BOND, facts=on_file(effective_on=date(2026, 11, 26))),
        bad(BOND, facts=on_file(terminates_on=date(2026, 11, 25))),
        good(facts=on_file(effective_on=date(2026, 11, 25), terminates_on=date(2026, 11, 26))),
        good(SINGLE_BOND, facts=on_file(effective_on=date(2026, 11, 26))),
        good(),
    ),
    "BOND-SURETY-DIFF": (
        bad(f"{BOND}/surety", facts=on_file(surety="055")),
        good(facts=on_file()),
        good(SINGLE_BOND, facts=on_file(surety="055")),
        good(),
    ),
    "BOND-RIDER": (
        bad("/parties/importer/id", facts=on_file(importer_number="45-678901200")),
        bad("/parties/importer/name", facts=on_file(importer_name="Example Exports LLC")),
        good(facts=on_file()),
        good(facts=on_file(importer_number=None, importer_name=None)),
    ),
    "BOND-SAT": (
        bad(
            BOND,
            facts={**on_file(), "deposits_last_12_months": Decimal(495000)},
            assessed={"totals": owed(duty="5000.01")},
        ),
        good(
            facts={**on_file(), "deposits_last_12_months": Decimal(495000)},
            assessed={"totals": owed(duty="5000.00")},
        ),
        bad(BOND, facts={**on_file(amount=Decimal(40000)), "deposits_last_12_months": Decimal(0)}),
        good(facts=on_file(amount=Decimal(40000))),
    ),
}
