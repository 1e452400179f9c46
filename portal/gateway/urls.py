"""Where authorities push their answers."""

from django.urls import path

from portal.gateway import api

urlpatterns = [path("<str:name>/notifications", api.inbound, name="gateway_inbound")]
