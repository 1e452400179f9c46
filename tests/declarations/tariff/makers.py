"""Small tariff views and declarations, each with only what a test speaks of."""

from datetime import UTC, date, datetime
from decimal import Decimal

from declarations.assessment import Editions
from declarations.decoding import decode_value
from declarations.tariff.calculate import assess
from declarations.tariff.view import FeeYear, Measure, Program, TariffLine, TariffView, normal_number

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
DAY = date(2026, 11, 24)
FY26 = FeeYear(
    mpf_rate=Decimal("0.003464"),
    mpf_minimum=Decimal("33.58"),
    mpf_maximum=Decimal("651.50"),
    informal_automated=Decimal("2.69"),
    dutiable_mail=Decimal("7.39"),
    manual_surcharge=Decimal("4.03"),
    hmf_rate=Decimal("0.00125"),
    effective_from=date(2025, 10, 1),
    effective_to=date(2026, 9, 30),
)
FY27 = FeeYear(
    mpf_rate=Decimal("0.003464"),
    mpf_minimum=Decimal("34.58"),
    mpf_maximum=Decimal("670.86"),
    informal_automated=Decimal("2.77"),
    dutiable_mail=Decimal("7.61"),
    manual_surcharge=Decimal("4.15"),
    hmf_rate=Decimal("0.00125"),
    effective_from=date(2026, 10, 1),
    effective_to=date(2027, 9, 30),
)


def program(code, *countries, mpf_exempt=True, first=date(2000, 1, 1), last=None, **more):
    return Program(
        code=code,
        name=code,
        countries=frozenset(countries),
        effective_from=first,
        effective_to=last,
        mpf_exempt=mpf_exempt,
        **more,
    )


PROGRAMS = (
    program("AU", "AU"),
    program("SG", "SG"),
    program("KR", "KR"),
    program("S", "CA", "MX"),
    program("S+", "CA", "MX"),
    program("JO", "JO", mpf_exempt=False),
    program("A", mpf_exempt=False, last=date(2020, 12, 31)),
    program("A+", "KH", last=date(2020, 12, 31)),
    program("D", "LS", mpf_exempt=False, last=date(2026, 12, 31)),
    program("Y", "GU", by_note=True),
)


def line(number, general="Free", special="", column2="", units=(), **more):
    digits = normal_number(number)
    return TariffLine(
        number=digits,
        description=f"goods of {number}",
        units=tuple(units),
        general=general,
        special=special,
        column2=column2,
        heading_of_rate=digits[:8],
        **more,
    )


def measure(heading, rate=None, *, authority="s301_china", effect="add", first=date(2020, 1, 1), last=None, **more):
    for name in ("origins", "excluded_origins", "requires", "exempts"):
        more[name] = frozenset(more.get(name, ()))
    return Measure(
        heading=heading,
        authority=authority,
        effect=effect,
        rate=None if rate is None else Decimal(rate) / 100,
        effective_from=first,
        effective_to=last,
        **more,
    )


def view(*lines, measures=(), fee_years=(FY26, FY27), programs=PROGRAMS, on=DAY, **more):
    return TariffView(
        on=on,
        editions=Editions(tariff="test", measures="test"),
        lines={one.number: one for one in lines},
        measures=tuple(measures),
        fee_years=fee_years,
        programs=programs,
        **more,
    )


def tariffs(*numbers, quantities=(), values=None):
    """Numbers in wire order; quantities go to the last one."""
    found = [{"hts_number": one, "quantities": []} for one in numbers]
    found[-1]["quantities"] = [{"value": value, "unit": unit} for value, unit in quantities]
    for one, value in zip(found, values or (), strict=False):
        one["value"] = value
    return found


def item(*numbers, value="10000", origin="CN", quantities=(), values=None, claim=None, **more):
    found = {
        "origin_country": origin,
        "tariffs": tariffs(*numbers, quantities=quantities, values=values) if numbers else [],
        "preference": {"program": claim} if claim else None,
        "valuation": {"entered_value": value} if value is not None else None,
    }
    return {**found, **more}


def document(*items, kind="01", mode="11", entry="2026-11-24", arrival=None, **more):
    return decode_value(
        {
            "entry_type": kind,
            "transport": {"mode": mode} if mode else None,
            "dates": {"estimated_entry": entry, "estimated_arrival": arrival or entry},
            "items": [{"sequence": place, **one} for place, one in enumerate(items, start=1)],
            **more,
        }
    )


def owed(doc, tariff, **more):
    return assess(doc, tariff=tariff, now=NOW, **more)


def amounts(assessment, sequence=1):
    """Code -> amount of one item's lines."""
    return {one.code: one.amount for one in assessment.item(sequence).lines}


def fees(assessment):
    return {one.code: one.amount for one in assessment.fees}
