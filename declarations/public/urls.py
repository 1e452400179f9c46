"""Addresses of the pages open to everybody."""

from django.urls import path

from declarations.public import web

urlpatterns = [
    path("tariff/", web.tariff, name="tariff"),
    path("tariff/<str:number>/", web.tariff_line, name="tariff_line"),
    path("rules/", web.rulebook, name="rulebook"),
    path("help/", web.help_page, name="help"),
]
