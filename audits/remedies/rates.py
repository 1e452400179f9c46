"""Interest rates that we know of, as dated rows; officers add the quarters that follow.

Customs duties bear the rates of 26 USC 6621, set by the quarter (19 USC 1505(c), 19 CFR 24.3a). The rate for
overpayments is that of corporations.
"""

from datetime import date
from decimal import Decimal

from audits.remedies.models import InterestRate

UNDER, OVER = "underpayment", "overpayment"
LAW = {UNDER: "26 USC 6621(a)(2)", OVER: "26 USC 6621(a)(1), corporations"}
NOT_READ = "carried on from 2025, not read in a notice"
RATES = (
    (UNDER, "0.08", "2023-10-01", "2024-12-31", ""),
    (OVER, "0.07", "2023-10-01", "2024-12-31", ""),
    (UNDER, "0.07", "2025-01-01", "2025-12-31", ""),
    (OVER, "0.06", "2025-01-01", "2025-12-31", ""),
    (UNDER, "0.07", "2026-01-01", "2026-12-31", NOT_READ),
    (OVER, "0.06", "2026-01-01", "2026-12-31", NOT_READ),
)


def load_rates() -> None:
    """The known rates are there; rows that are there already are left as they are."""
    InterestRate.objects.bulk_create(
        (
            InterestRate(
                kind=kind, rate=Decimal(rate), effective_from=date.fromisoformat(first),
                effective_to=date.fromisoformat(last), certainty=certainty, source=LAW[kind],
            )
            for kind, rate, first, last, certainty in RATES
        ),
        ignore_conflicts=True,
    )  # fmt: skip
