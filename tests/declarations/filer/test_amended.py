"""The status page tells of amendments: what was asked, what differs, why it was refused, which version counts."""

import pytest

from tests.declarations.answers import envelope
from tests.declarations.filer.browsing import at, page_of, words_of
from tests.declarations.test_amending import amended, fresh, hear, said, two_lines
from tests.makers import make_declaration


@pytest.fixture
def accepted(actor, clock):
    one = make_declaration("S01", actor=actor, until="submitted", now=clock())
    hear(envelope(said("01", one, 1)))
    return fresh(one)


def page(client, declaration):
    answer = client.get(at(declaration, "declaration"))
    assert answer.status_code == 200
    return answer


def states(answer):
    rows = page_of(answer).xpath("//section[.//h2[text()='Versions']]//tbody/tr")
    return [" ".join(" ".join(row.itertext()).split()) for row in rows]


def test_an_open_amendment_shows_its_differences(client, accepted, actor, clock):
    assert "Versions" not in words_of(page(client, accepted))
    amended(accepted, actor, now=clock(), **two_lines(accepted))
    answer = page(client, accepted)
    words = words_of(answer)
    assert "Amend this declaration: The contact is another person." in words
    assert "What version 2 changes" in words and "Robin Renamed" in words and "More of them" in words
    first, second = states(answer)
    assert first.startswith("2: Amendment (PDF) Asked for") and second.startswith("1: As filed (PDF) In force")
    assert client.get(at(accepted, "entry_summary") + "?version=2").status_code == 200


def test_granted_and_refused(client, accepted, actor, clock):
    first = amended(accepted, actor, now=clock())
    hear(envelope(said("01", first, 5)))
    second = amended(fresh(accepted), actor, "Another Name", now=clock())
    hear(envelope(said("03", second, 9, errors=[("US20002", "The country of origin is unknown.")])))
    answer = page(client, accepted)
    found = states(answer)
    assert [one.split("(PDF) ")[1].split(" 24")[0] for one in found] == ["Refused", "In force", "Replaced"]
    words = words_of(answer)
    assert "The country of origin is unknown. US20002" in words
    assert "Amendment: accepted by customs" in words and "Amendment: rejected by customs" in words
    assert "What customs found" not in words
