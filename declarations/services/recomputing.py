"""Compute a filed version again, from its frozen document and the editions it was filed with (house rule 9)."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

import msgspec

from declarations.assessment import Assessment, Editions
from declarations.document import Document
from declarations.models import DeclarationVersion
from declarations.tariff.calculate import assess
from declarations.tariff.selectors import current_view, editions_among, view_for
from declarations.tariff.view import TariffView
from portal.records.services import read_many
from portal.timezones import party_date

Views = Callable[[date], TariffView]


class Recomputed(NamedTuple):
    """A version's assessment as it was kept, and as it comes out now."""

    version: DeclarationVersion
    kept: Assessment
    again: Assessment

    @property
    def is_same(self) -> bool:
        """True where every figure and every word is what it was."""
        return msgspec.json.encode(self.kept, order="sorted") == msgspec.json.encode(self.again, order="sorted")

    @property
    def differences(self) -> list[str]:
        """The totals that differ, old and new; what else differs is named without its amount."""
        pairs = [(name, getattr(self.kept.totals, name), getattr(self.again.totals, name)) for name in TOTALS]
        found = [f"{name}: {old} kept, {new} computed" for name, old, new in pairs if old != new]
        return found or ([] if self.is_same else ["the totals agree, their working differs"])


TOTALS = ("duty", "antidumping", "countervailing", "tax", "fees", "total")


def recompute(version: DeclarationVersion) -> Recomputed:
    """The version's assessment once more. Reads the kept bytes; writes nothing."""
    content, kept = read_many([version.content_sha256, version.assessment_sha256])
    document, assessment = decode_contents(content, kept)
    return Recomputed(version, assessment, assess_again(version, document, views=views_of(version)))


def decode_contents(content: bytes, kept: bytes) -> tuple[Document, Assessment]:
    """What was frozen, from its kept bytes."""
    return msgspec.json.decode(content, type=Document), msgspec.json.decode(kept, type=Assessment)


def assess_again(version: DeclarationVersion, document: Document, *, views: Views) -> Assessment:
    """The duty of a document at the moment and with the port facts of a version, under the tariffs of `views`."""
    on = party_date(version.created_at, version.authority)
    found = assess(
        document, tariff=views(on), now=version.created_at, harbor_fee=version.editions.get("harbor_fee"), at=views
    )
    return msgspec.structs.replace(found, editions=_named(version.editions, found.editions))


def _named(kept: Mapping[str, Any], found: Editions) -> Editions:
    """The editions as the version calls them: it holds them by their ids, however sets are named today."""
    if kept.get("held") is None:
        return found
    return msgspec.structs.replace(found, tariff=kept.get("tariff"), measures=kept.get("measures"))


def views_of(version: DeclarationVersion) -> Views:
    """The tariff of a day as the version saw it: from the editions it holds the ids of."""
    held: Mapping[str, Mapping[str, Any]] | None = version.editions.get("held")
    if held is None:
        return current_view
    return lambda on: _view_among(held, on)


def _view_among(held: Mapping[str, Mapping[str, Any]], on: date) -> TariffView:
    ids = held.get(on.isoformat())
    return current_view(on) if ids is None else view_for(editions_among(ids, on), on)
