"""Pages of control."""

from django.urls import URLPattern, URLResolver, path
from django.views.generic import RedirectView

from audits.remedies import web

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="law_changes")),
    path("law-changes/", web.law_changes, name="law_changes"),
    path("law-changes.csv", web.law_changes_file, name="law_changes_file"),
]
