"""Earlier editions out of a later one and the changes between them."""

import csv
import json
from datetime import date

import pytest

from declarations.tariff.load import load_tariff, read_source
from declarations.tariff.load.hierarchy import lines_of
from declarations.tariff.load.hts_rows import RawRow, schedule_rows
from declarations.tariff.load.revisions import BaseMissing, Undo, changes_of, load_revisions, undo
from declarations.tariff.models import HtsLine, TariffEdition
from declarations.tariff.selectors import current_view, forget_views
from tests.makers import NOW


def row(number, indent, text="", general="", units=(), special="", column2=""):
    return RawRow(number, indent, not number, text, units, general, special, column2)


SCHEDULE = [
    row("4420", 0, "Wood marquetry"), row("4420.11.00", 1, "Of tropical wood", "3.2%", special="Free (A)", column2="33 1/3%"),
    row("4420.19.00", 1, "Other", "3.2%", special="Free (A)", column2="33 1/3%"),
    row("", 2, "Statuettes:"), row("4420.19.00.30", 3, "Carved", units=("No.",)),
    row("4421", 0, "Other articles of wood", "5%"),
]  # fmt: skip


def test_an_added_line_goes_a_removed_one_comes_back_beside_its_sibling():
    removed = json.dumps({"description": "Turned", "units": "No.|kg", "general": "", "special": "", "other": ""})
    before = undo(
        SCHEDULE,
        [Undo("r2", "4420.19.00.30", "added", "", ""), Undo("r2", "4420.11.00.45", "removed", "", removed),
         Undo("r2", "4421", "changed", "general", "6%")],
    )  # fmt: skip
    assert [(one.number, one.indent) for one in before if one.number] == [
        ("4420", 0), ("4420.11.00", 1), ("4420.11.00.45", 2), ("4420.19.00", 1), ("4421", 0),
    ]  # fmt: skip
    assert before[2].units == ("No.", "kg")
    assert before[-1].general == "6%"
    back = undo(SCHEDULE, [Undo("r2", "4420.19.00.60", "removed", "", removed)])
    assert [(one.number, one.indent) for one in back][-2:] == [("4420.19.00.60", 3), ("4421", 0)]


def test_the_published_revisions_come_out_with_exactly_their_number_of_lines(reference_data):
    data = reference_data / "data"
    rows = schedule_rows(read_source(data / "hts.csv.gz"))
    with (data / "hts_revisions.csv").open() as given:
        listed = list(csv.DictReader(given))
    undone = list(changes_of(data / "hts_changes.csv.gz"))
    assert (len(listed), len(undone)) == (44, 3132)
    for later, earlier in zip(reversed(listed[1:]), reversed(listed[:-1]), strict=True):
        rows = undo(rows, [one for one in undone if one.revision == later["revision"]])
        numbers = [one.number for one in rows if one.number]
        assert len(numbers) == int(earlier["coded_rows"]), earlier["revision"]
        assert len(set(numbers)) == len(numbers)
    coffee = next(one for one in lines_of(rows) if one.number == "0901110045")
    assert coffee.declarable
    assert coffee.general == "Free"


OWN = "hts_number,indent,superior,description,units,general,special,column2\n"
LAST = OWN + "".join(
    f"{line}\n"
    for line in (
        "4420,0,,Wood marquetry,,,,", "4420.11.00.00,1,,Of tropical wood,No.,3.2%,Free (A),33 1/3%",
        "4420.19.00,1,,Other,,3.2%,Free (A),33 1/3%", "4420.19.00.30,2,,Carved,No.|kg,,,", "4421,0,,Articles of wood,kg,5%,,40%",
        "4421.10.00.00,1,,Clothes hangers,No.,,,",
    )
)  # fmt: skip
REVISIONS = "seq,revision,hts_effective_date\n1,r1,2025-01-01\n2,r2,2025-06-01\n3,r3,2026-01-01\n"
CHANGES = [
    ("r2", "4420.11.00", "removed", "", {"description": "Of tropical wood", "units": "", "general": "3.2%", "special": "Free (A)", "other": "33 1/3%"}),
    ("r2", "4420.11.00.30", "removed", "", {"description": "Turned", "units": "No.", "general": "", "special": "", "other": ""}),
    ("r2", "4420.11.00.00", "added", "", ""),
    ("r3", "4420.19.00", "changed", "general", "4%"),
    ("r3", "4420.19.00.30", "changed", "units", "No."),
]  # fmt: skip


@pytest.fixture
def loaded(db, tmp_path):
    forget_views()
    (tmp_path / "last.csv").write_text(LAST)
    (tmp_path / "revisions.csv").write_text(REVISIONS)
    with (tmp_path / "changes.csv").open("w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["revision", "hts_number", "change", "column", "old"])
        rows.writerows([*one[:4], json.dumps(one[4]) if isinstance(one[4], dict) else one[4]] for one in CHANGES)
    load_tariff(path=tmp_path / "last.csv", effective_from=date(2026, 1, 1), name="r3", now=NOW)
    return tmp_path


def load(folder):
    return load_revisions(revisions=folder / "revisions.csv", changes=folder / "changes.csv", now=NOW)


def test_each_day_has_the_lines_of_its_edition(loaded):
    made = load(loaded)
    assert [one.name for one in made] == ["r2", "r1"]
    first, second, last = (current_view(date.fromisoformat(day)) for day in ("2025-05-31", "2025-06-01", "2026-01-01"))
    assert [one.editions.tariff for one in (first, second, last)] == ["r1", "r2", "r3"]
    assert first.line("4420110030").declarable
    assert first.line("4420110030").general == "3.2%"
    assert not first.line("44201100").declarable
    assert second.line("4420110030") is None
    assert second.line("4420110000").declarable
    # a rate that changed is inherited by the line below it, on each day that of its edition
    assert [one.line("4420190030").general for one in (first, second, last)] == ["4%", "4%", "3.2%"]
    assert [one.line("4420190030").units for one in (first, last)] == [("NO",), ("NO", "KG")]
    assert first.line("4421100000") == last.line("4421100000")
    assert HtsLine.objects.filter(edition__in=made).count() < 12


def test_loading_them_again_changes_nothing(loaded):
    load(loaded)
    before = TariffEdition.objects.count(), HtsLine.objects.count()
    assert load(loaded) == []
    assert (TariffEdition.objects.count(), HtsLine.objects.count()) == before


def test_without_the_edition_they_lead_to_nothing_is_made(loaded):
    TariffEdition.objects.all().delete()
    with pytest.raises(BaseMissing):
        load(loaded)
    assert not TariffEdition.objects.exists()
