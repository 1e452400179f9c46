"""Pages of the trader."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
