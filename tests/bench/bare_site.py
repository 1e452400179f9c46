"""The bare insert as a site of its own for gunicorn: no middleware, no authentication, one address."""

import os

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()
settings.MIDDLEWARE = []  # after the setup, which wants some
settings.ROOT_URLCONF = __name__

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402  (after the setup)
from django.urls import path  # noqa: E402  (after the setup)

from portal.readying import settle_memory  # noqa: E402  (after the setup)
from tests.bench.bare import Insert  # noqa: E402  (after the setup)

urlpatterns = [path("bare/", Insert.as_view())]
application = WSGIHandler()
settle_memory()
