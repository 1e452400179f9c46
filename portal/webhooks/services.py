"""What an organization does with its webhooks, each act with its entry in the organization's trail."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from portal.accounts.actors import Actor
from portal.accounts.models import Organization
from portal.desk.kinds import GROUPS, KINDS, is_kind
from portal.desk.selectors import head_of
from portal.desk.services import close_tasks, publish
from portal.errors import DomainError
from portal.gateway import outside
from portal.trail.services import record
from portal.webhooks.models import Webhook
from portal.webhooks.selectors import TEST
from portal.webhooks.signing import new_salt, secret_of

MOST = 10
MOST_KINDS = 20


class TooManyWebhooks(DomainError):
    """An organization has as many webhooks as it may have."""

    code = "TOO_MANY_WEBHOOKS"


class KindUnclear(DomainError):
    """What was given is no kind of event and no group of kinds."""

    code = "KIND_UNCLEAR"
    status = 422
    title = "The request cannot be taken"


class WebhookGone(DomainError):
    """Somebody removed the webhook meanwhile."""

    code = "WEBHOOK_GONE"


class SecretsOverlap(DomainError):
    """Two secrets hold already, or there is no earlier one to retire."""

    code = "SECRETS_OVERLAP"


class NotInFeed(DomainError):
    """The feed has no event of this number."""

    code = "NOT_IN_FEED"


class WebhookPaused(DomainError):
    """Nothing goes to a paused webhook."""

    code = "WEBHOOK_PAUSED"


class Registered(NamedTuple):
    """A webhook and its secret, which is shown this once."""

    webhook: Webhook
    secret: str


def register(*, organization: Organization, url: str, kinds: Iterable[str], actor: Actor, now: datetime) -> Registered:
    """The webhook stands, and is sent what happens from now on.

    Raises AddressRefused, KindUnclear, TooManyWebhooks and NoWebhookKey.
    """
    checked = outside.check(url)  # looks the name up: before the transaction
    wanted = tidy_kinds(kinds)
    with transaction.atomic():
        Organization.objects.select_for_update().get(pk=organization.pk)
        if Webhook.objects.filter(organization=organization).count() >= MOST:
            raise TooManyWebhooks(f"An organization has {MOST} webhooks at most. Remove one first.")
        row = Webhook(
            organization=organization, url=checked, kinds=wanted, cursor=head_of(organization), not_before=now,
            created_by=actor.label, created_at=now,
        )  # fmt: skip
        row.key_id, row.salt = new_salt(row.reference)
        row.save()
        _tell(row, "register", actor, now, url=_shown(checked), kinds=wanted, cursor=row.cursor)
    return Registered(row, secret_of(row.reference, row.key_id, row.salt))


@transaction.atomic
def rotate_secret(*, webhook: Webhook, actor: Actor, now: datetime) -> Registered:
    """A new secret signs beside the one there was, until that one is retired. Raises SecretsOverlap, NoWebhookKey."""
    row = _locked(webhook)
    if row.old_salt:
        raise SecretsOverlap("Two secrets hold already. Retire the earlier one first.")
    row.old_key_id, row.old_salt = row.key_id, row.salt
    row.key_id, row.salt = new_salt(row.reference)
    row.save(update_fields=["key_id", "salt", "old_key_id", "old_salt"])
    _tell(row, "rotate", actor, now)
    return Registered(row, secret_of(row.reference, row.key_id, row.salt))


@transaction.atomic
def retire_old_secret(*, webhook: Webhook, actor: Actor, now: datetime) -> None:
    """Only the newest secret signs. Raises SecretsOverlap where there is no other."""
    row = _locked(webhook)
    if not row.old_salt:
        raise SecretsOverlap("There is no earlier secret to retire.")
    row.old_key_id = row.old_salt = ""
    row.save(update_fields=["old_key_id", "old_salt"])
    _tell(row, "retire", actor, now)


@transaction.atomic
def pause(*, webhook: Webhook, actor: Actor, now: datetime) -> None:
    """Nothing is sent until somebody resumes it; what happens meanwhile waits."""
    if Webhook.objects.filter(pk=webhook.pk, state=Webhook.State.ACTIVE).update(state=Webhook.State.PAUSED):
        _tell(webhook, "pause", actor, now)


@transaction.atomic
def resume(*, webhook: Webhook, actor: Actor, now: datetime) -> None:
    """It goes on behind the last event that was taken, with three days ahead of it again."""
    paused = Webhook.objects.filter(pk=webhook.pk, state=Webhook.State.PAUSED)
    if paused.update(state=Webhook.State.ACTIVE, failing_since=None, failures=0, not_before=now):
        close_tasks(subject=webhook.reference, now=now)
        _tell(webhook, "resume", actor, now)


@transaction.atomic
def replay_from(*, webhook: Webhook, seq: int, actor: Actor, now: datetime) -> None:
    """The event of this number and all behind it are sent, again where they were sent before. Raises NotInFeed."""
    row = _locked(webhook)
    head = head_of(row.organization)
    if not 1 <= seq <= head:
        raise NotInFeed(f"Give a number from 1 to {head}." if head else "Nothing has happened yet.")
    Webhook.objects.filter(pk=row.pk).update(cursor=seq - 1, not_before=now)
    _tell(row, "replay", actor, now, seq=seq, cursor=row.cursor)


@transaction.atomic
def remove(*, webhook: Webhook, actor: Actor, now: datetime) -> None:
    """The webhook is gone; the trail keeps that there was one."""
    row = _locked(webhook)
    close_tasks(subject=row.reference, now=now)
    Webhook.objects.filter(pk=row.pk).delete()
    _tell(row, "remove", actor, now, cursor=row.cursor)


@transaction.atomic
def send_test(*, webhook: Webhook, actor: Actor, now: datetime) -> None:
    """An event of the kind webhook.test stands in the feed, and comes like all others. Raises WebhookPaused."""
    row = _locked(webhook)
    if row.state != Webhook.State.ACTIVE:
        raise WebhookPaused("This webhook is paused. Resume it first.")
    Webhook.objects.filter(pk=row.pk).update(not_before=now)
    publish(organizations=[row.organization], kind=TEST, reference=row.reference, actor=actor, now=now)


def tidy_kinds(kinds: Iterable[str]) -> list[str]:
    """The kinds in lower case, each once. Raises KindUnclear."""
    found = sorted({one.strip().lower() for one in kinds if one.strip()})
    for one in found:
        if not is_kind(one):
            known = f"{', '.join(KINDS)}; groups: {', '.join(GROUPS)}"
            raise KindUnclear(f"“{one[:60]}” is no kind of event. These are the kinds: {known}.")
    if len(found) > MOST_KINDS:
        raise KindUnclear(f"Name {MOST_KINDS} kinds at most, or a group like customs.*.")
    return found


def _locked(webhook: Webhook) -> Webhook:
    row = Webhook.objects.select_for_update(of=("self",)).select_related("organization").filter(pk=webhook.pk).first()
    if row is None:
        raise WebhookGone("This webhook was removed meanwhile.")
    return row


def _tell(webhook: Webhook, act: str, actor: Actor, now: datetime, **data: object) -> None:
    subject = f"organization:{webhook.organization.reference}"
    record(subject=subject, kind=f"webhook.{act}", actor=actor, now=now, data={"webhook": webhook.reference, **data})


def _shown(url: str) -> str:
    """Without what stands behind a question mark: some put secrets there, and the trail is for ever."""
    return url.partition("?")[0]
