"""The tariff room."""

from django.apps import AppConfig


class TariffConfig(AppConfig):
    """Editions of the schedule, measures, fees, programs and exchange rates."""

    name = "declarations.tariff"
    label = "tariff"
    verbose_name = "Tariff"
