"""The parity figures as an app of their own."""

from django.apps import AppConfig


class ParityConfig(AppConfig):
    """Figures published every month, and how they are counted."""

    name = "declarations.parity"
    verbose_name = "Parity figures"
