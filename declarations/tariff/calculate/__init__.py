"""What is owed: pure, from a declaration and a tariff view to an assessment with its working."""

from declarations.tariff.calculate.base import Claim, claim_of
from declarations.tariff.calculate.dates import RateDay, entry_day, rate_day
from declarations.tariff.calculate.difference import Difference, stack_difference
from declarations.tariff.calculate.show import as_json
from declarations.tariff.calculate.stack import Applied, Stack, Subject, propose
from declarations.tariff.calculate.subject import subject_of
from declarations.tariff.calculate.value import ItemValue, value_of
from declarations.tariff.calculate.whole import assess

__all__ = [
    "Applied", "Claim", "Difference", "ItemValue", "RateDay", "Stack", "Subject",
    "as_json", "assess", "claim_of", "entry_day", "propose", "rate_day", "stack_difference", "subject_of", "value_of",
]  # fmt: skip
