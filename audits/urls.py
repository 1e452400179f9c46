"""Pages of control."""

from django.urls import URLPattern, URLResolver, path

from audits.remedies import web

urlpatterns: list[URLPattern | URLResolver] = [
    path("law-changes/", web.law_changes, name="law_changes"),
    path("law-changes.csv", web.law_changes_file, name="law_changes_file"),
]
