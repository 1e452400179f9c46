"""Pages of an organization's programs."""

from django.urls import URLPattern, URLResolver, path

from portal.programs import web

urlpatterns: list[URLPattern | URLResolver] = [
    path("", web.programs, name="programs"),
    path("add/", web.add, name="program_add"),
    path("<slug:program>/", web.program, name="program"),
    path("<slug:program>/change/", web.change, name="program_change"),
    path("<slug:program>/rotate/", web.rotate, name="program_rotate"),
    path("<slug:program>/end-secret/", web.end_secret, name="program_end_secret"),
    path("<slug:program>/close/", web.close, name="program_close"),
]
