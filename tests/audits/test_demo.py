"""The demonstration at its command: what a first start files, and what later ones tell of it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from audits.management.commands import demo
from declarations.models import Declaration


def told_by(*arguments):
    out = StringIO()
    call_command("demo", *arguments, stdout=out)
    return out.getvalue()


def test_one_declaration_is_filed_on_the_first_start_and_told_on_later_ones(starter, monkeypatch):
    monkeypatch.setattr(demo, "WAIT_SECONDS", 0)
    monkeypatch.setattr(demo, "LOOK_SECONDS", 0)
    told_by()
    before = Declaration.objects.count()
    with pytest.raises(CommandError, match="Customs did not accept"):  # nobody is there to answer
        told_by("--file-one")
    watched = Declaration.objects.get(functional_reference_id__startswith="QUICK")
    assert watched.filing == "SUBMITTED"
    for _ in range(2):
        told = told_by("--file-one")
        assert f"({watched.reference}), filed on an earlier start: " in told
    assert Declaration.objects.count() == before + 1
