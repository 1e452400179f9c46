"""Any filed version, computed again from its frozen document and the editions it held, gives the same cents."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from audits.demonstration.shipments import SHIPMENTS
from declarations.models import DeclarationVersion
from declarations.services.recomputing import recompute
from declarations.tariff.models import MeasureSet, TradeMeasure
from declarations.tariff.selectors import current_view, editions_on, forget_views
from portal.records.models import Blob
from tests.makers import NOW, make_declaration

SHIPS = SHIPMENTS


@pytest.mark.parametrize("ship", SHIPS)
def test_the_shipments_come_out_the_same(starter, ship):
    found = recompute(make_declaration(ship, until="submitted", now=NOW).live_version)
    assert found.differences == []
    assert found.is_same


def test_what_was_loaded_since_changes_nothing_for_the_old_and_all_for_the_new(starter):
    old = make_declaration("S01", until="submitted", now=NOW).live_version
    later = MeasureSet.objects.create(
        source="invented", name="invented", sha256="0" * 64, effective_from=date(2026, 1, 1), loaded_at=NOW
    )
    TradeMeasure.objects.create(
        measure_set=later, heading="99039999", authority="invented", effect="add", rate=Decimal("0.01"),
        origins=["CN"], effective_from=date(2026, 1, 1), legal_basis="an invented act",
    )  # fmt: skip
    new = make_declaration("S01", until="submitted", now=NOW).live_version
    assert recompute(old).is_same
    assert recompute(new).is_same
    total = {one: DeclarationVersion.objects.get(pk=one.pk).totals.get(kind="duty").amount for one in (old, new)}
    assert total[new] - total[old] == Decimal("450.00")


@pytest.fixture
def own_memory(starter):
    """Sets of other tests come and go under the same ids."""
    forget_views()
    yield
    forget_views()


def test_many_sets_have_a_name_of_their_state_and_old_versions_keep_theirs(own_memory):
    old = make_declaration("S01", until="submitted", now=NOW).live_version
    names = set()
    for place in range(6):
        MeasureSet.objects.create(
            source=f"file{place}", name=f"file {place}", sha256=f"a{place}" * 32, effective_from=date(2026, 1, 1 + place),
            loaded_at=NOW,
        )  # fmt: skip
        names.add(current_view(date(2026, 11, 24)).editions.measures)
    assert len(names) == 6
    name = current_view(date(2026, 11, 24)).editions.measures
    assert re.fullmatch(r"2026-01-06, 7 sets, [0-9a-f]{8}", name)
    held = dict(old.editions, held={day: editions_on(date(2026, 11, 24)).ids for day in old.editions["held"]})
    old.editions = held  # as if it had been filed with many sets, under the name they had then
    found = recompute(old)
    assert found.again.editions.measures == old.editions["measures"]
    assert found.is_same


def test_the_command_proves_it_for_all_and_names_the_one_that_differs(starter, capsys):
    versions = [make_declaration(ship, until="submitted", now=NOW).live_version for ship in SHIPS[:3]]
    call_command("recompute")
    assert "3 versions computed again, 0 differ" in capsys.readouterr().out
    kept = Blob.objects.get(sha256=versions[1].assessment_sha256)
    forged = bytes(kept.data).replace(b'"total":"', b'"total":"9', 1)
    Blob.objects.filter(pk=kept.pk).update(data=forged)
    with pytest.raises(CommandError):
        call_command("recompute")
    assert versions[1].declaration.reference in capsys.readouterr().err
