"""Tokens for programs: OAuth2 client credentials."""

from django.urls import path

from portal.programs.api import ProgramTokenView

urlpatterns = [path("token/", ProgramTokenView.as_view(), name="oauth_token")]
