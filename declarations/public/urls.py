"""Addresses of the pages open to everybody."""

from django.urls import path

from declarations.public import changes, compare, parity, web

urlpatterns = [
    path("tariff/", web.tariff, name="tariff"),
    path("tariff/changes/", changes.tariff_changes, name="tariff_changes"),
    path("tariff/<str:number>/compare/", compare.tariff_compare, name="tariff_compare"),
    path("tariff/<str:number>/", web.tariff_line, name="tariff_line"),
    path("parity/", parity.parity, name="parity"),
    path("parity/figures.csv", parity.figures, name="parity_file"),
    path("rules/", web.rulebook, name="rulebook"),
    path("help/", web.help_page, name="help"),
]
