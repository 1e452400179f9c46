"""Pages of an organization's webhooks."""

from django.urls import URLPattern, URLResolver, path

from portal.webhooks import web

urlpatterns: list[URLPattern | URLResolver] = [
    path("", web.webhooks, name="webhooks"),
    path("add/", web.add, name="webhook_add"),
    path("<slug:webhook>/", web.webhook, name="webhook"),
    path("<slug:webhook>/rotate/", web.rotate, name="webhook_rotate"),
    path("<slug:webhook>/retire/", web.retire, name="webhook_retire"),
    path("<slug:webhook>/switch/", web.switch, name="webhook_switch"),
    path("<slug:webhook>/replay/", web.replay, name="webhook_replay"),
    path("<slug:webhook>/test/", web.send_test, name="webhook_test"),
    path("<slug:webhook>/remove/", web.remove, name="webhook_remove"),
]
