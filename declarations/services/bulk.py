"""One act on several declarations, each on its own: one that fails never stops the others."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

import structlog
from django.db import DatabaseError, transaction
from django.http import Http404

from declarations.access import declaration_for
from declarations.flow import ActRefused, Filing
from declarations.models import Declaration
from declarations.services import drafts, filing
from declarations.services.telling import display
from portal.accounts.actors import Actor
from portal.accounts.models import User
from portal.errors import DomainError
from portal.timezones import party_date

MOST = 100
log = structlog.get_logger(__name__)


class Outcome(NamedTuple):
    """What became of one declaration."""

    reference: str
    name: str
    is_done: bool
    words: str


def sign_all(*, digests: Mapping[str, str], signatory: User, method: str, actor: Actor, now: datetime) -> list[Outcome]:
    """Each declaration is signed over the digest that was shown for it, or says why not.

    The caller has had the person give their credential again, once for all; `method` says which.
    """

    def work(one: Declaration) -> str:
        if one.filing != Filing.READY or one.live_version is None:
            raise ActRefused("It is not ready to sign any more.")
        filing.sign(
            version=one.live_version, signatory=signatory, digest=digests[one.reference], actor=actor, now=now,
            method=method,
        )  # fmt: skip
        return "Signed. It is not sent yet."

    return _each(digests, "declaration.sign", work, actor, now)


def send_all(*, references: Iterable[str], actor: Actor, now: datetime) -> list[Outcome]:
    """Each signed declaration is filed, or says why not."""

    def work(one: Declaration) -> str:
        if one.filing != Filing.SIGNED or one.live_version is None:
            raise ActRefused("It is not signed, or sent already.")
        filing.submit(version=one.live_version, actor=actor, now=now)
        return "Sent to customs."

    return _each(references, "declaration.transmit", work, actor, now)


def discard_all(*, references: Iterable[str], actor: Actor, now: datetime) -> list[Outcome]:
    """Each draft is withdrawn, or says why not; what is frozen or signed stays."""

    def work(one: Declaration) -> str:
        if one.filing != Filing.DRAFT:
            raise ActRefused("It is no draft any more.")
        drafts.discard(draft=one, actor=actor, now=now)
        return "Withdrawn."

    return _each(references, "declaration.draft", work, actor, now)


def _each(
    references: Iterable[str], action: str, work: Callable[[Declaration], str], actor: Actor, now: datetime
) -> list[Outcome]:
    found = []
    for reference in list(dict.fromkeys(references))[:MOST]:
        name = reference
        try:
            one = declaration_for(actor, reference, on=party_date(now))
            name = display(one)
            one = declaration_for(actor, reference, action, on=party_date(now))
            with transaction.atomic():
                found.append(Outcome(reference, name, True, work(one)))
        except Http404:
            found.append(Outcome(reference, name, False, "There is no such declaration."))
        except DomainError as error:
            found.append(Outcome(reference, name, False, str(error)))
        except DatabaseError:
            log.exception("an act on one of several declarations failed", reference=reference, action=action)
            words = "Something went wrong on our side. Nothing was changed here; please try this one again."
            found.append(Outcome(reference, name, False, words))
    return found
