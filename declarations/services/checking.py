"""Check a document that is in no table, for commands and dry runs: the same rules, nothing kept."""

from datetime import datetime

from declarations.document import Document
from declarations.facts import Facts
from declarations.reference import code_tables
from declarations.rules import check
from declarations.rules.base import Violation
from declarations.services.filing import assess_at, complete
from declarations.tariff.selectors import current_view
from portal.timezones import ZONES, party_date


def check_document(document: Document, *, now: datetime) -> tuple[Violation, ...]:
    """All violations of a document, knowing nothing of its importer."""
    on = party_date(now, document.profile if document.profile in ZONES else "US")
    tariff = current_view(on)
    assessment = assess_at(document, on=on, now=now)
    completed = complete(document, assessment, None)
    return check(completed, assessment=assessment, facts=Facts(codes=code_tables(on)), tariff=tariff, now=now)
