"""The ground floor as a Django app."""

from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin.apps import AdminConfig


class PortalConfig(AppConfig):
    """Pages, commands and checks of the ground floor; importing the Celery app makes tasks find their broker."""

    name = "portal"

    def ready(self) -> None:
        from portal import celery, checks  # noqa: F401, PLC0415  (both need a ready app registry)

        if not settings.EMBEDDED:
            from portal.patience import watch_connections  # noqa: PLC0415  (SQLite has no driver to load)

            watch_connections()


class PortalAdminConfig(AdminConfig):
    """The officers' desk: the admin with our own site, whose sign-in is the portal's."""

    default_site = "portal.admin.OfficerSite"
