"""Talks between an importer and whoever acts for it, noted by either side on their mandate (19 CFR 111.36(c)).

A broker deals with its importer directly, not through a forwarder. The notes are entries of the mandate's trail:
both sides read them, customs can be shown them, nobody changes them.
"""

import json
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from brokers.flow import OVER, MandateActRefused
from brokers.models import Mandate
from brokers.services import MandateNotYours, ScopeRefused, side_of
from portal.accounts.actors import Actor
from portal.desk.services import publish
from portal.timezones import party_date
from portal.trail.models import TrailEntry
from portal.trail.services import record

KIND = "mandate.talk"
MEANS = {
    "phone": "by telephone", "video": "by video call", "meeting": "in person", "email": "by e-mail",
    "letter": "by letter",
}  # fmt: skip
MOST = 200
YEAR = timedelta(days=366)  # a bound of ours against slips of the keyboard


class TalkRefused(ScopeRefused):
    """What is to be noted cannot be; `field` names what has to be mended."""

    code = "MANDATE_TALK"
    title = "This cannot be noted"


class Talk(NamedTuple):
    """When and how they spoke, with whom, about what; who noted it, when."""

    on: date
    means: str
    whom: str
    words: str
    noted_by: str
    noted_at: datetime


def note_talk(*, mandate: Mandate, on: date, means: str, whom: str, words: str, actor: Actor, now: datetime) -> None:
    """The talk is on record for both sides. Raises MandateNotYours, MandateActRefused and TalkRefused."""
    if side_of(actor, mandate) is None or not actor.may(KIND):
        raise MandateNotYours("Your role does not allow you to do this.", action=KIND)
    if mandate.state in OVER:
        raise MandateActRefused("This mandate is over. What you speak about now belongs to a new one.")
    today = party_date(now, mandate.party)
    if not today - YEAR <= on <= today:
        raise TalkRefused("The day is today or within the last year.", field="on")
    if means not in MEANS:
        raise TalkRefused("Choose how you spoke.", field="means")
    if not whom.strip():
        raise TalkRefused("Write with whom you spoke.", field="whom")
    if not words.strip():
        raise TalkRefused("Write in a few words what it was about.", field="words")
    said = {"on": on.isoformat(), "means": means, "whom": whom.strip()[:120], "words": words.strip()[:500]}
    with transaction.atomic():
        record(subject=mandate.number, kind=KIND, actor=actor, now=now, data=said)
        publish(
            organizations=[mandate.principal, mandate.agent], kind=KIND, reference=mandate.number, actor=actor,
            now=now, changes=[{"pointer": "/talks", "from": None, "to": said}],
        )  # fmt: skip


def talks_of(mandate: Mandate) -> list[Talk]:
    """What was noted, the newest first, at most 200."""
    rows = TrailEntry.objects.filter(subject=mandate.number, kind=KIND).order_by("-seq")[:MOST]
    found = []
    for row in rows:
        body = json.loads(row.body)
        said = body["data"]
        noted_by = str(body.get("actor_label", ""))
        found.append(Talk(date.fromisoformat(said["on"]), said["means"], said["whom"], said["words"], noted_by, row.at))
    return found
