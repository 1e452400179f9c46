"""`replay_messages --by EMAIL --reason WORDS --since MOMENT`: messages that are through go out again.

For an authority that lost what it had taken, or a new system of theirs that wants it again: the same bytes under the
same ids, so whoever still has them does nothing twice. Each is in the trail with the reason. Exit 2 where the person
may not, or nothing is found.
"""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from declarations.services import operating
from portal.accounts.actors import Actor, actor_for
from portal.accounts.models import User
from portal.accounts.services import organizations_of
from portal.gateway.models import OutboundMessage
from portal.management.plain import UNREADABLE, PlainCommand

MAY = "message.retry"


def moment(text: str) -> datetime:
    """A moment in UTC unless it says otherwise."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no moment; write it like 2026-11-24T10:00") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


class Command(PlainCommand):
    help = "Send messages that are through again, the same bytes under the same ids."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--by", required=True, help="e-mail address of the operator who asks for it")
        parser.add_argument("--reason", required=True)
        parser.add_argument("--since", required=True, type=moment, help="settled at or after this moment (UTC)")
        parser.add_argument("--until", type=moment, help="settled before this moment (UTC)")
        parser.add_argument("--channel", default="")
        parser.add_argument("--limit", type=int, default=1000)
        parser.add_argument("--dry-run", action="store_true", help="say only how many they are")

    def handle(self, *args: Any, **options: Any) -> None:
        actor, now = _operator(options["by"]), timezone.now()
        rows = OutboundMessage.objects.filter(state="DELIVERED", settled_at__gte=options["since"])
        if options["until"]:
            rows = rows.filter(settled_at__lt=options["until"])
        if options["channel"]:
            rows = rows.filter(channel=options["channel"])
        found = list(rows.order_by("id")[: options["limit"]])
        if not found:
            raise CommandError("No message was settled then.", returncode=UNREADABLE)
        if not options["dry_run"]:
            for message in found:
                operating.retry(message=message, reason=options["reason"], actor=actor, now=now)
        self.stdout.write(f"{len(found)} messages {'would go' if options['dry_run'] else 'go'} out again")


def _operator(email: str) -> Actor:
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is not None:
        actors = [actor_for(user, place, channel="command") for place in organizations_of(user)]
        if found := [one for one in actors if one.may(MAY)]:
            return found[0]
    raise CommandError(f"{email} may not send messages again.", returncode=UNREADABLE)
