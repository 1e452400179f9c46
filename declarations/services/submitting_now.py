"""Sign and submit in one act what was drafted before: by a program whose signatory answers for it."""

from datetime import datetime

from declarations.flow import ActRefused
from declarations.flow import Filing as FilingState
from declarations.models import Declaration
from declarations.services import filing
from declarations.services.filing_now import METHOD, Filed
from declarations.statements import statement_on
from portal.accounts.actors import Actor
from portal.accounts.models import User
from portal.errors import DomainError
from portal.timezones import party_date


class StatementNeeded(DomainError):
    """What is to be signed must be named: the id of the statement in force."""

    code = "STATEMENT_REQUIRED"
    status = 422


class StatementChanged(DomainError):
    """Another statement is in force than the one that was read."""

    code = "STATEMENT_CHANGED"


def submit_now(
    *, declaration: Declaration, statement: str | None, digest: str | None, actor: Actor, now: datetime
) -> Filed:
    """The declaration is filed, prepared and signed before where it was not yet. Call it in a transaction.

    `statement` is the id of the words that are signed, `digest` what was read. Sent again, the same receipt is
    given. Raises HasErrors, StatementNeeded, StatementChanged, DigestChanged, NotAllowedToSign, ActRefused.
    """
    version = declaration.live_version
    if digest is not None and (version is None or digest != version.digest):
        raise filing.DigestChanged("The declaration is no longer what you read. Read it again before signing.")
    if declaration.filing in (FilingState.DRAFT, FilingState.READY) and not actor.may("declaration.sign"):
        raise filing.NotAllowedToSign("It is not signed, and your role does not allow you to sign for the importer.")
    if version is None:
        if declaration.filing != FilingState.DRAFT:
            raise ActRefused("This declaration was given up; there is nothing to file.")
        version = filing.prepare(declaration=declaration, actor=actor, now=now)
    if declaration.filing == FilingState.READY:
        signatory = signatory_for(declaration, statement, actor, now)
        filing.sign(
            version=version, signatory=signatory, digest=version.digest, actor=actor, now=now, method=METHOD
        )  # fmt: skip
    receipt = filing.submit(version=version, actor=actor, now=now)
    return Filed(version.declaration, version, receipt)


def signatory_for(declaration: Declaration, statement: str | None, actor: Actor, now: datetime) -> User:
    """Who signs for a program, where it names the statement in force.

    Raises StatementNeeded, StatementChanged, NotAllowedToSign.
    """
    wanted = statement_on(party_date(now, declaration.party))
    if not statement:
        raise StatementNeeded(f"Name the statement that is signed: {wanted.id}")
    if statement != wanted.id:
        raise StatementChanged(f"The statement in force is {wanted.id}. Read it before it is signed.")
    if actor.signatory is None:
        raise filing.NotAllowedToSign("Nobody is named who signs for this program.")
    return actor.signatory
