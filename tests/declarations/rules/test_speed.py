"""How long checking takes; measured on demand."""

from datetime import UTC, datetime
from time import process_time

import pytest

from declarations.rules import check
from tests.declarations.rules.makers import VIEW, make_assessment, make_document, make_facts, make_item

NUMBERS = ("8507600090", "3926909989", "8471300100", "7208100000")


@pytest.mark.bench
@pytest.mark.parametrize("origin", ["VN", "ZZ"])
def test_999_lines_are_checked_in_under_300_ms(origin):
    items = [
        make_item(
            place + 1,
            {
                "/origin_country": origin,
                "/tariffs/1/hts_number": NUMBERS[place % 4],
                "/manufacturer/name": f"Example Battery {place} JSC",
            },
        )
        for place in range(999)
    ]
    document = make_document({"/items": items})
    assessment, facts = make_assessment(document), make_facts()
    now = datetime(2026, 11, 24, 17, tzinfo=UTC)
    spent = []
    for _ in range(5):
        start = process_time()
        found = check(document, assessment=assessment, facts=facts, tariff=VIEW, now=now)
        spent.append(process_time() - start)
    print(f"{origin}: {min(spent) * 1000:.0f} to {max(spent) * 1000:.0f} ms CPU, {len(found)} violations")
    assert min(spent) < 0.3
