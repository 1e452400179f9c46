"""Addresses of the description of the API, below /api/."""

from django.urls import path

from portal.openapi.api import Description
from portal.openapi.web import Documentation

urlpatterns = [
    path("v1/schema", Description.as_view(), name="openapi"),
    path("docs/", Documentation.as_view(), name="openapi_page"),
]
