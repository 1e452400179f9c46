"""The remedies room."""

from django.apps import AppConfig


class RemediesConfig(AppConfig):
    """Law changes and what they are worth for declarations already filed."""

    name = "audits.remedies"
    label = "remedies"
    verbose_name = "Remedies"
