"""Public registers: brokers that file here, and traders in a trust program. No token is needed."""

from collections import defaultdict

from django.http import HttpResponse
from rest_framework.request import Request

from brokers.register import Registered, registered_brokers
from declarations.filer.api import shapes
from declarations.filer.api.shared import page_asked, stamp
from declarations.models import FilerCode
from portal.api import PUBLIC, Op, Operation, respond

BROKER_WORDS = (
    "The state is that of the account here. Licence numbers, permits, ports and districts are kept by the licensing "
    "authority: this portal does not hold them, so they are null."
)
AEO_WORDS = "This portal holds no register of traders in a trust program (CTPAT, PIP, OEA): the list is empty."


class BrokerRegister(Operation):
    """Customs brokers of the portal."""

    authentication_classes = ()
    ops = {
        "get": Op("broker_register", "Customs brokers that have an account here, and whether it is in use", PUBLIC,
                  {200: shapes.BrokerRegister}, problems=(400,), query=("after", "limit")),
    }  # fmt: skip

    def get(self, request: Request) -> HttpResponse:
        """A page of them, newest first; sandboxes are left out."""
        after, limit = page_asked(request.query_params)
        found, following = registered_brokers(after=after, limit=limit)
        codes: dict[int, list[str]] = defaultdict(list)
        held = FilerCode.objects.filter(organization__in=[one.organization for one in found], is_active=True)
        for organization, code in held.order_by("code").values_list("organization", "code"):
            codes[organization].append(code)
        results = tuple(_broker(one, tuple(codes[one.organization.pk])) for one in found)
        return respond(shapes.BrokerRegister(results, following or None, BROKER_WORDS))


class TrustRegister(Operation):
    """Traders in a trust program."""

    authentication_classes = ()
    ops = {
        "get": Op("aeo_register", "Traders in a trust program: empty, as the portal holds no register of them", PUBLIC,
                  {200: shapes.TrustRegister}),
    }  # fmt: skip

    def get(self, request: Request) -> HttpResponse:
        """Nothing, and why."""
        return respond(shapes.TrustRegister((), None, AEO_WORDS))


def _broker(one: Registered, codes: tuple[str, ...]) -> shapes.RegisteredBroker:
    own = one.organization
    return shapes.RegisteredBroker(
        reference=own.reference, name=own.name, state="active" if own.is_active else "off", since=stamp(one.since),
        has_licensed_individual=one.is_supervised, filer_codes=codes,
    )  # fmt: skip
