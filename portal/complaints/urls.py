"""Pages for traders who complain."""

from django.urls import URLPattern, URLResolver, path

from portal.complaints import web

urlpatterns: list[URLPattern | URLResolver] = [
    path("", web.complaints, name="complaints"),
    path("new/", web.complain, name="complain"),
]
