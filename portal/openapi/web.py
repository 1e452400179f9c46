"""The description as a page for people; public."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request


class Visitor(BaseAuthentication):
    """Whoever is signed in to the pages, for their frame; anybody else too."""

    def authenticate(self, request: Request) -> tuple[Any, None]:
        """The person of the session."""
        return request._request.user, None


class Documentation(SpectacularSwaggerSplitView):
    """The description as a page: its script comes from an address of its own, so that none stands in the page."""

    authentication_classes = [Visitor]
    permission_classes: list[Any] = []
    url = "/api/v1/schema"
    schema = None

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or its script."""
        made = super().get(request, *args, **kwargs)
        plain: HttpRequest = request._request
        if request.GET.get("script") is not None:
            return render(plain, self.template_name_js, made.data, content_type="text/javascript")
        return render(plain, "api/docs.html", made.data)
