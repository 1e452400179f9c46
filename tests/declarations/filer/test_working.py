"""The working of a declaration, told as a person would: rule, inputs, rounding, law, edition, the schedule's words."""

import pytest
from lxml import html

from declarations.services.filing import contents_of
from tests.declarations.filer.browsing import at
from tests.makers import make_declaration


def read(client, declaration):
    root = html.fromstring(client.get(at(declaration, "declaration_working")).content.decode())
    return root, {said(row[0]): said(row) for row in root.xpath(".//section[starts-with(@id,'line-')]//tbody/tr")}


def said(node):
    return " ".join(" ".join(node.itertext()).split())


@pytest.mark.parametrize("until", ["draft", "ready"])
def test_every_row_says_rule_inputs_rounding_law_and_edition(client, actor, clock, until):
    root, rows = read(client, make_declaration("S01", actor=actor, until=until, now=clock()))
    ordinary = rows["8507.60.00.90"]
    for words in ("$45,000 3.4% 1,530.00", "Ordinary duty. The general rate", "3.4% of $45,000 is $1,530.00", "nothing to round",
                  "HTS 8507.60.00, column 1 general · edition"):  # fmt: skip
        assert words in ordinary
    assert "China four-year review" in rows["9903.91.06"]
    assert "at least $34.58 and at most $670.86" in rows["499"]
    assert "Rounded" in rows["499"] or "nothing to round" in rows["499"]
    assert "Merchandise processing fee" in said(root.xpath(".//main//dl")[0])


def test_the_words_of_the_schedule_stand_once_and_are_linked(client, actor, clock):
    root, _rows = read(client, make_declaration("S01", actor=actor, lines=3, now=clock()))
    (quoted,) = root.xpath(".//*[@id='law-8507.60.00.90']")
    assert "Lithium-ion batteries" in said(quoted)
    assert len(root.xpath(".//a[@href='#law-8507.60.00.90']")) == 3


def test_a_frozen_version_is_explained_with_its_own_amounts(client, actor, clock):
    declaration = make_declaration("S02", actor=actor, until="submitted", now=clock())
    _document, assessment = contents_of(declaration.live_version)
    root, _rows = read(client, declaration)
    owed = [said(row.xpath("td[3]")[0]) for row in root.xpath(".//section[starts-with(@id,'line-')]//tbody/tr")]
    assert [one.replace(",", "") for one in owed] == [line.amount for item in assessment.items for line in item.lines]
