"""The organization's feed, pulled with a cursor or pushed to webhooks: the same objects in the same order.

And the published figures of equal access, which are open to everybody.
"""

import re

import msgspec
from django.http import Http404, HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from declarations.filer.api import shapes
from declarations.filer.api.reading import event_shape
from declarations.filer.api.shared import BadCursor, page_asked, stamp
from declarations.filer.api.taking import typed
from declarations.parity.selectors import last_month, parity_json
from portal.accounts.api import DRAFT, READ
from portal.api import Op, Operation, Query, actor_of, organization_of, respond
from portal.desk.selectors import feed_of
from portal.webhooks import services as webhooks
from portal.webhooks.models import Webhook

PUSH = f"{READ} {DRAFT}"  # what is pushed is what may be read
MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])\Z", re.ASCII)

CURSOR = Query(
    "after", "The `next` of the part before; 0 for the beginning.", {"type": "string", "pattern": "^[0-9]{0,18}$"}
)


class Events(Operation):
    """The feed, oldest first from a cursor."""

    ops = {
        "get": Op("list_events", "The organization's feed in its order, after a cursor", READ, {200: shapes.Feed},
                  problems=(400,), query=(CURSOR, "limit")),
    }  # fmt: skip

    def get(self, request: Request) -> HttpResponse:
        """At most `limit` events after `after`; ask again with `next`."""
        after, limit = page_asked(request.query_params)
        found = feed_of(organization_of(request), after=int(after or 0), limit=limit)
        return respond(shapes.Feed(tuple(map(event_shape, found.events)), found.next))


class Webhooks(Operation):
    """Addresses to which the feed is pushed."""

    ops = {
        "get": Op("list_webhooks", "Webhooks of the organization", READ, {200: shapes.Page}),
        "post": Op("add_webhook", "Push the feed to an address from now on", PUSH, {201: shapes.Webhook},
                   takes=shapes.WebhookWanted, problems=(400, 403, 409, 413, 415, 422), example="webhook"),
    }  # fmt: skip

    def get(self, request: Request) -> HttpResponse:
        """All of them: there are few."""
        rows = Webhook.objects.filter(organization=organization_of(request)).order_by("pk")
        return respond(shapes.Page(tuple(webhook_shape(one) for one in rows), None))

    def post(self, request: Request) -> HttpResponse:
        """201 with the secret, which is told this once. No key: an answer with a secret in it is not kept."""
        given = typed(request, shapes.WebhookWanted)
        made = webhooks.register(
            organization=organization_of(request), url=given.url, kinds=given.kinds, actor=actor_of(request),
            now=timezone.now(),
        )  # fmt: skip
        return respond(webhook_shape(made.webhook, made.secret), 201)


class OneWebhook(Operation):
    """One address."""

    ops = {
        "get": Op("get_webhook", "A webhook, with how far it has come", READ, {200: shapes.Webhook}, problems=(404,)),
        "delete": Op("remove_webhook", "Push no more", PUSH, {204: None}, problems=(404,)),
    }

    def get(self, request: Request, webhook: str) -> HttpResponse:
        """As it stands."""
        return respond(webhook_shape(self._row(request, webhook)))

    def delete(self, request: Request, webhook: str) -> HttpResponse:
        """204; the trail keeps that there was one."""
        webhooks.remove(webhook=self._row(request, webhook), actor=actor_of(request), now=timezone.now())
        return HttpResponse(status=204)

    def _row(self, request: Request, reference: str) -> Webhook:
        found = Webhook.objects.filter(organization=organization_of(request), reference=reference)
        row = found.select_related("organization").first()
        if row is None:
            raise Http404
        return row


class Parity(Operation):
    """Equal access in figures (USMCA 7.20.1)."""

    authentication_classes = ()
    ops = {
        "get": Op("parity", "Published figures of a month by filer type, port and lane", "", {200: shapes.ParityMonth},
                  problems=(400,), query=("month",)),
    }  # fmt: skip

    def get(self, request: Request) -> HttpResponse:
        """The month asked for, the last one otherwise; cells under five are null."""
        month = request.query_params.get("month", "") or f"{last_month(timezone.now()):%Y-%m}"
        if not MONTH.match(month):
            raise BadCursor("month is a month such as 2026-10.")
        return respond(msgspec.convert(parity_json(month), shapes.ParityMonth))


def webhook_shape(one: Webhook, secret: str = "") -> shapes.Webhook:
    """A webhook as the API gives it."""
    return shapes.Webhook(
        reference=one.reference, url=one.url, kinds=tuple(one.kinds), state=one.state, cursor=one.cursor,
        failing_since=stamp(one.failing_since) if one.failing_since else None, secret=secret,
    )  # fmt: skip
