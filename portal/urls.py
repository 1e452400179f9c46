"""Addresses. Rooms are joined by name, never imported."""

from allauth.mfa.base.views import authenticate
from django.urls import include, path
from django.views.generic import RedirectView

from portal import web
from portal.admin import site

urlpatterns = [
    path("", include("declarations.urls")),
    path("audits/", include("audits.urls")),
    path("brokers/", include("brokers.urls")),
    path("tasks/", web.tasks, name="tasks"),
    path("organization/", web.switch_organization, name="switch_organization"),
    path("organization/people/", include("portal.people.urls")),
    path("organization/webhooks/", include("portal.webhooks.urls")),
    path("organization/programs/", include("portal.programs.urls")),
    path("parity/complaints/", include("portal.complaints.urls")),
    path("status/", web.status, name="status"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/authenticate/", authenticate, name="mfa_authenticate"),  # allauth goes there by this name
    path("accounts/2fa/", include("portal.second_factor.urls")),
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("admin/", site.urls),
    path("gateway/", include("portal.gateway.urls")),
    path("oauth/", include("portal.api_urls")),
    path("api/v1/", include("declarations.api_urls")),
    path("api/", include("portal.openapi.urls")),
    path("healthz", web.healthz, name="healthz"),
    path("readyz", web.readyz, name="readyz"),
    path("metrics", web.metrics_page, name="metrics"),
    path("favicon.ico", RedirectView.as_view(url="/static/img/favicon.svg", permanent=True)),
]
handler400 = web.bad_request
handler403 = web.forbidden
handler404 = web.not_found
handler500 = web.server_error
