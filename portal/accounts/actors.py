"""Who acts: one value that every service takes, so that the trail can say who did what for whom."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from portal.accounts import roles

if TYPE_CHECKING:
    from portal.accounts.models import Client, Organization, User


@dataclass(frozen=True)
class Actor:
    """A person or a program, in one organization, perhaps acting for another, within one request."""

    user: "User | None" = None
    client: "Client | None" = None
    organization: "Organization | None" = None
    acting_for: "Organization | None" = None
    correlation_id: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)
    channel: str = "web"

    def may(self, action: str) -> bool:
        """True where a role of this actor allows the action."""
        return roles.allows(self.roles, action)

    @property
    def name(self) -> str:
        """How the trail names the actor: a reference, never a row number."""
        if self.user is not None:
            return f"user:{self.user.reference}"
        if self.client is not None:
            return f"client:{self.client.client_id}"
        return "system"

    @property
    def label(self) -> str:
        """How people read it."""
        if self.user is not None:
            return self.user.get_full_name() or self.user.email
        if self.client is not None:
            return self.client.name
        return "The portal"

    @property
    def signatory(self) -> "User | None":
        """The person who answers for what is signed: the one who acts, or the one whom the program names."""
        return self.user or (self.client.signatory if self.client is not None else None)


SYSTEM = Actor(channel="system")


def actor_for(
    user: "User", organization: "Organization | None", *, correlation_id: str = "", channel: str = "web"
) -> Actor:
    """The actor for a signed-in person in one of their organizations, with the roles held there."""
    held = frozenset(user.roles_in(organization)) if organization is not None else frozenset()
    return Actor(user=user, organization=organization, correlation_id=correlation_id, roles=held, channel=channel)


def actor_for_client(client: "Client", *, roles: frozenset[str], correlation_id: str = "") -> Actor:
    """The actor for a program: in its organization, with the roles that its signatory holds there."""
    return Actor(
        client=client, organization=client.organization, correlation_id=correlation_id, roles=roles, channel="api"
    )
