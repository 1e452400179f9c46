"""The trail as a Django app: its triggers are put up after every migration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from portal.trail.protection import protect


class TrailConfig(AppConfig):
    """Connects the one framework signal the house uses: Django offers no other way to act after a migration."""

    name = "portal.trail"

    def ready(self) -> None:
        post_migrate.connect(protect, sender=self, dispatch_uid="trail.protect")
