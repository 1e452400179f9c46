"""Saved views: filters of the list that a person keeps under a name."""

from collections.abc import Mapping
from datetime import datetime

from declarations.models import SavedView
from portal.accounts.actors import Actor
from portal.errors import DomainError

NAMES = ("client", "group", "type", "q")
MOST = 30


class ViewRefused(DomainError):
    """The view has no name or no filter, or there are too many of them."""

    code = "VIEW_REFUSED"
    status = 422


def save_view(*, name: str, filters: Mapping[str, str], actor: Actor, now: datetime) -> SavedView:
    """The filter stands under the name, in place of another of the same name. Raises ViewRefused."""
    kept = {key: str(filters[key])[:100] for key in NAMES if filters.get(key)}
    name = " ".join(name.split())[:60]
    if actor.user is None or actor.organization is None or not name or not kept:
        raise ViewRefused("Give the view a name, and choose something to filter by.")
    own = SavedView.objects.filter(user=actor.user, organization=actor.organization)
    if own.exclude(name=name).count() >= MOST:
        raise ViewRefused(f"You have {MOST} views. Take one out before you keep another.")
    saved, _is_new = SavedView.objects.update_or_create(
        user=actor.user, organization=actor.organization, name=name, defaults={"filters": kept, "created_at": now}
    )
    return saved


def remove_view(*, reference: str, actor: Actor, now: datetime) -> bool:
    """The person's view is gone; false where it was not theirs, or gone before."""
    gone, _each = SavedView.objects.filter(
        reference=reference, user=actor.user, organization=actor.organization, created_at__lte=now
    ).delete()
    return bool(gone)
