"""The importer carries on as a self-filer what its broker can no longer carry on."""

import msgspec
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from declarations.filer.api import shapes
from declarations.filer.api.reading import detail_of
from declarations.filer.api.shared import one_of
from declarations.filer.api.taking import refuse_members
from declarations.models import Declaration
from declarations.services.takeover import take_over
from portal.accounts.api import FILE
from portal.api import Op, Operation, actor_of, once
from portal.idempotency.services import Answer


class TakeOvers(Operation):
    """Carry on a declaration that a broker filed and can no longer carry on."""

    ops = {
        "post": Op("take_over_declaration", "Carry on as a self-filer what a broker can no longer carry on", FILE,
                   {200: shapes.Detail}, problems=(403, 404, 409, 413, 422), key="optional"),
    }  # fmt: skip

    def post(self, request: Request, reference: str) -> HttpResponse:
        """200 with the declaration: the same number and state, and nothing filed again. It takes no members."""
        refuse_members(request)

        def work(one: Declaration) -> Answer:
            take_over(declaration=one, actor=actor_of(request), now=timezone.now())
            return Answer(200, msgspec.json.encode(detail_of(one_of(actor_of(request), reference))))

        return once(request, lambda: one_of(actor_of(request), reference), work)
