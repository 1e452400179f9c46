"""What only programs of a sandbox may do: it is later for the authority that answers them."""

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from declarations.filer.api import shapes
from declarations.filer.api.taking import typed
from declarations.services import sandboxes
from portal.accounts.api import DRAFT
from portal.api import Op, Operation, actor_of, organization_of, respond


class SandboxClock(Operation):
    """The clock of the authority that answers sandboxes."""

    ops = {
        "post": Op("advance_sandbox_clock", "Let time pass for the authority that answers sandboxes", DRAFT,
                   {200: shapes.SandboxTime}, takes=shapes.SandboxAdvance, problems=(400, 409, 415, 422, 503),
                   example="sandbox-clock"),
    }  # fmt: skip

    def post(self, request: Request) -> HttpResponse:
        """The authority's time afterwards; answers that became due are fetched within seconds."""
        organization = organization_of(request)
        sandboxes.require_sandbox(organization)
        given = typed(request, shapes.SandboxAdvance)
        there = sandboxes.advance_clock(
            organization=organization, seconds=given.advance_seconds, actor=actor_of(request), now=timezone.now()
        )
        return respond(shapes.SandboxTime(there))
