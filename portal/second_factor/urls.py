"""Addresses of one's own second factor, below /accounts/2fa/."""

from django.urls import path

from portal.second_factor import web

urlpatterns = [
    path("", web.second_factor, name="second_factor"),
    path("add/", web.add, name="second_factor_add"),
    path("codes/", web.codes, name="second_factor_codes"),
    path("remove/", web.remove, name="second_factor_remove"),
]
