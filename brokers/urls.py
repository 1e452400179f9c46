"""Pages of those who act for others."""

from django.urls import URLPattern, URLResolver, path

from brokers import web

urlpatterns: list[URLPattern | URLResolver] = [
    path("mandates/", web.mandates, name="mandates"),
    path("mandates/offer/", web.offer, name="mandate_offer"),
    path("mandates/ask/", web.ask, name="mandate_ask"),
    path("mandates/check/", web.check, name="mandate_check"),
    path("mandates/<slug:mandate>/", web.mandate, name="mandate"),
    path("mandates/<slug:mandate>/sign/", web.sign, name="mandate_sign"),
    path("mandates/<slug:mandate>/talk/", web.talk, name="mandate_talk"),
    path("mandates/<slug:mandate>/<slug:act>/", web.close, name="mandate_close"),
]
