"""Tokens for programs: OAuth2 client credentials."""

from django.urls import path
from oauth2_provider.views import TokenView

urlpatterns = [path("token/", TokenView.as_view(), name="oauth_token")]
