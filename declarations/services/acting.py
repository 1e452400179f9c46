"""For whom an actor files: for the own organization, or under a live mandate for the one that the document names."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from brokers.authority import NoMandate, needs_mandate
from declarations.access import require_mandate
from declarations.assessment import Assessment
from declarations.document import Document
from portal.accounts.actors import Actor
from portal.accounts.models import Organization, known_by
from portal.errors import DomainError


class NoPrincipal(DomainError):
    """The declaration names no importer, and the filer is none itself."""

    code = "NO_PRINCIPAL"
    status = 422


class NotYourNumber(DomainError):
    """An importer names a number that is not its own, and has no mandate of whoever has that number."""

    code = "NOT_YOUR_NUMBER"
    status = 422

    def members(self) -> dict[str, object]:
        """Where to look, as a violation."""
        return {
            "violations": [
                {"code": self.code, "pointer": "/parties/importer/id", "message": str(self), "legal_basis": "",
                 "severity": "error"}
            ]
        }  # fmt: skip


OTHER_NUMBER = (
    "{number} is not your importer number; yours is {own}. To file for another importer you need its mandate."
)
NO_NUMBER = (
    "{number} is not your importer number; you have none on file yet. To file for another importer you need its "
    "mandate."
)


class Parties(NamedTuple):
    """Who is the importer of a declaration, and under whose filer code it is filed."""

    importer: Organization
    filer: Organization


def parties_of(document: Document, actor: Actor, action: str, *, on: date) -> Parties:
    """The importer whom the document names and the filer, where the actor may do this for them on a day.

    A broker files under its own filer code, a service provider under the importer's (19 CFR 143.1).
    Raises NoPrincipal, NoMandate, and NotYourNumber in its place where the filer is an importer itself.
    """
    own, number = actor.organization, _importer_number(document)
    if own is None:
        raise NoPrincipal("Nobody can file without an organization.")
    if own.kind == Organization.Kind.IMPORTER and number in (None, own.importer_number):
        return Parties(own, own)
    if number is None:
        raise NoPrincipal("The declaration must name its importer: parties.importer.id")
    try:
        importer = _principal(document, number, own, actor, action, on)
    except NoMandate as refused:
        if own.kind != Organization.Kind.IMPORTER or refused.params.get("failed") != "mandate":
            raise
        words = OTHER_NUMBER if own.importer_number else NO_NUMBER
        said = {"number": number, "own": own.importer_number}
        raise NotYourNumber(words.format(**said), template=words, **said) from refused
    return Parties(importer, filer_for(importer, own))


def _principal(document: Document, number: str, own: Organization, actor: Actor, action: str, on: date) -> Organization:
    known = Organization.objects.filter(known_by(number), party=own.party, is_active=True)
    importer = known.filter(sandbox_of__isnull=own.sandbox_of_id is None).first()  # a sandbox meets sandboxes only
    if importer is None:
        words = "You have no mandate of an importer with the number {number}."
        raise NoMandate(words.format(number=number), template=words, failed="mandate", number=number)
    port = (document.ports.entry or "") if document.ports else ""
    require_mandate(actor, importer, action, on=on, entry_type=document.entry_type or "", port=port)
    return importer


def filer_for(importer: Organization, own: Organization) -> Organization:
    """Under whose filer code an organization files for an importer: a provider under the importer's own."""
    return importer if own.kind == Organization.Kind.PROVIDER else own


def begin_for(importer: Organization, actor: Actor, *, on: date) -> Parties:
    """Importer and filer of a new draft, where the actor may begin one for the importer. Raises NoMandate."""
    own = actor.organization
    if own is None:
        raise NoPrincipal("Nobody can file without an organization.")
    require_mandate(actor, importer, "declaration.create", on=on, entry_type="", port="")
    return Parties(importer, filer_for(importer, own))


def require_named(document: Document, importer: Organization, actor: Actor) -> None:
    """Who acts for another names that importer and nobody else in the document. Raises NoMandate."""
    if needs_mandate(actor=actor, principal=importer) and _importer_number(document) != importer.importer_number:
        raise NoMandate(
            f"The declaration names another importer than {importer.name}, whose mandate you act under. Give the "
            f"number {importer.importer_number} in parties.importer.id, or begin one for that other importer.",
            failed="mandate", principal=importer.reference,
        )  # fmt: skip


def notes_on(document: Document, parties: Parties) -> tuple[dict[str, str], ...]:
    """What concerns the one who files and not the declaration: apart from the rules, which are the same for all."""
    said = document.declarant_statement
    if parties.importer.pk == parties.filer.pk or said is None or said.capacity != "importer_of_record":
        return ()
    words = (
        "You file for another firm, and the statement says importer of record. Say agent, unless you are the importer "
        "of record yourself (19 CFR 141.19, 141.31 to 141.39)."
    )
    return ({"code": "CAPACITY", "pointer": "/declarant_statement/capacity", "message": words},)


def worth_of(assessment: Assessment) -> Decimal:
    """The entered value of all lines, whole US dollars: what a mandate may limit."""
    return sum((Decimal(one.entered_value) for one in assessment.items), Decimal(0))


def _importer_number(document: Document) -> str | None:
    party = document.party("importer")
    return ((party.id or "").strip() or None) if party is not None else None
