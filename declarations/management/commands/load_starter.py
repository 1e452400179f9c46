"""Starter data of a fresh installation: code lists, parameters, and the starter tariff."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from declarations.tariff.starter import load_starter
from portal.codes.starter_codes import load_starter_codes
from portal.parameters.starter_parameters import load_starter_parameters


class Command(BaseCommand):
    help = "Load code lists, parameters and the starter tariff that the portal ships. Running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        codes = load_starter_codes()
        parameters = load_starter_parameters()
        load_starter(now=timezone.now())
        if options["verbosity"]:
            self.stdout.write(f"{codes} new codes, {parameters} new parameters; the starter tariff is loaded.")
