"""`load_interest_rates`: the rates of interest on customs duties that the portal knows of."""

from typing import Any

from django.core.management.base import BaseCommand

from audits.remedies.models import InterestRate
from audits.remedies.rates import load_rates


class Command(BaseCommand):
    help = "Load the known rates of interest on customs duties; rows that are there are left as they are."

    def handle(self, *args: Any, **options: Any) -> None:
        load_rates()
        self.stdout.write(f"{InterestRate.objects.count()} rates of interest are held.")
