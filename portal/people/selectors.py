"""Who belongs to an organization, as its administrator may see them."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from portal.accounts import roles
from portal.accounts.models import Membership, Organization, User


@dataclass(frozen=True)
class Member:
    """A person in one organization; nothing of their other organizations."""

    user: User
    roles: frozenset[str]
    is_active: bool
    since: datetime | None

    @property
    def role_names(self) -> list[str]:
        """The roles in words, in the order of the table."""
        return [words for role, words in roles.LABELS.items() if role in self.roles]

    @property
    def is_waiting(self) -> bool:
        """Invited, and no password chosen yet."""
        return not self.user.has_usable_password()

    @property
    def last_sign_in(self) -> datetime | None:
        """The last sign-in, where it was one as a member: an earlier one concerns others."""
        at = self.user.last_login
        return at if at is not None and (self.since is None or at >= self.since) else None


def members_of(organization: Organization) -> list[Member]:
    """Everybody who has or had a role here, by name; those who are switched off come last."""
    rows = Membership.objects.filter(organization=organization).select_related("user").order_by("user_id", "pk")
    found = [_member(list(group)) for _, group in groupby(rows, key=lambda row: row.user_id)]
    return sorted(found, key=lambda one: (not one.is_active, one.user.last_name.lower(), str(one.user).lower()))


def find_member(organization: Organization, **who: str) -> Member | None:
    """The member with this reference or e-mail address; None for everybody else."""
    named = {f"user__{name}": value for name, value in who.items()}
    rows = Membership.objects.filter(organization=organization, **named).select_related("user").order_by("pk")
    return _member(list(rows)) if rows else None


def may_show_link(user: User, organization: Organization | None) -> bool:
    """True where whoever reads the link could become nobody but a person that this organization alone has made."""
    if user.has_usable_password() or user.last_login is not None or user.is_superuser or not user.is_active:
        return False
    return not Membership.objects.filter(user=user).exclude(organization=organization).exists()


def _member(rows: list[Membership]) -> Member:
    moments = [row.created_at for row in rows]
    known = [one for one in moments if one is not None]
    active = [row for row in rows if row.is_active]
    return Member(
        user=rows[0].user,
        roles=frozenset(row.role for row in active or rows),
        is_active=bool(active),
        since=min(known) if len(known) == len(moments) else None,
    )
