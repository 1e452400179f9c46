"""Visitors by what they are, and what a refused one must leave as it is."""

from django.test import Client

from declarations.models import Declaration, DeclarationVersion, GoodsItem, Receipt, Request, Signature
from portal.gateway.models import OutboundMessage
from portal.trail.models import TrailEntry
from tests.makers import make_authority, make_user

BACKEND = "django.contrib.auth.backends.ModelBackend"


def stored():
    """What a refused visitor must leave as it is: rows, their versions, messages and the trail."""
    rows = Declaration.objects.order_by("pk").values_list("pk", "row_version", "filing", "legal", "header")
    counts = [
        model.objects.count() for model in (GoodsItem, DeclarationVersion, Signature, Receipt, Request, TrailEntry)
    ]
    return list(rows), counts, list(OutboundMessage.objects.order_by("pk").values_list("pk", "state"))


def signed_in(user):
    client = Client(raise_request_exception=False)
    client.force_login(user, backend=BACKEND)
    return client


def officer(role):
    return make_user(organization=make_authority(), role=role)
