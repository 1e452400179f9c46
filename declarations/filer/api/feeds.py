"""The organization's feed, pulled with a cursor: the same objects in the same order as webhooks push."""

from django.http import HttpResponse
from rest_framework.request import Request

from declarations.filer.api import shapes
from declarations.filer.api.reading import event_shape
from declarations.filer.api.shared import page_asked
from portal.accounts.api import READ
from portal.api import Op, Operation, organization_of, respond
from portal.desk.selectors import feed_of


class Events(Operation):
    """The feed, oldest first from a cursor."""

    ops = {
        "get": Op("list_events", "The organization's feed in its order, after a cursor", READ, {200: shapes.Feed},
                  problems=(400,), query=("after", "limit")),
    }  # fmt: skip

    def get(self, request: Request) -> HttpResponse:
        """At most `limit` events after `after`; ask again with `next`."""
        after, limit = page_asked(request.query_params)
        found = feed_of(organization_of(request), after=int(after or 0), limit=limit)
        return respond(shapes.Feed(tuple(map(event_shape, found.events)), found.next))
