"""For whom an actor files: for the own organization, or under a live mandate for the one that the document names."""

from datetime import date
from typing import NamedTuple

from declarations.document import Document
from portal.accounts.actors import Actor
from portal.accounts.models import Organization
from portal.errors import DomainError


class NoPrincipal(DomainError):
    """The declaration names no importer, and the filer is none itself."""

    code = "NO_PRINCIPAL"
    status = 422


class NoMandate(DomainError):
    """There is no live mandate of the importer for this act."""

    code = "NO_MANDATE"
    status = 403


class Parties(NamedTuple):
    """Who is the importer of a declaration and under whose filer code it is filed."""

    importer: Organization
    filer: Organization


def parties_of(document: Document, actor: Actor, action: str, *, on: date) -> Parties:
    """The importer whom the document names and the filer, where the actor may do this for them.

    Raises NoPrincipal, NoMandate.
    """
    own = actor.organization
    if own is None:
        raise NoPrincipal("Nobody can file without an organization.")
    number = _importer_number(document)
    if own.kind == Organization.Kind.IMPORTER and number in (None, own.importer_number):
        return Parties(own, own)
    if number is None:
        raise NoPrincipal("The declaration must name its importer: parties.importer.id")
    raise NoMandate("You have no live mandate of the importer that the declaration names.")


def _importer_number(document: Document) -> str | None:
    party = document.party("importer")
    return party.id if party is not None else None
