"""Differences as people see them: a line is compared with what it was, wherever it stands now."""

from declarations.services.comparing import differences_in_lines
from declarations.services.rewriting import differences


def lines(*names):
    return {"currency": "USD", "items": [{"description": one, "sequence": n} for n, one in enumerate(names, 1)]}


def told(before, after):
    return [(one["pointer"], one["from"], one["to"]) for one in differences_in_lines(before, after)]


def test_a_line_that_went_does_not_change_those_behind_it():
    before, after = lines("a", "b", "c", "d"), lines("b", "c", "d")
    assert told(before, after) == [("/items/0", {"description": "a", "sequence": 1}, None)]
    assert len(list(differences(before, after, ""))) == 4, "by place all of them changed"


def test_a_line_that_came_is_told_where_it_stands():
    found = told(lines("a", "c"), lines("a", "b", "c"))
    assert found == [("/items/1", None, {"description": "b", "sequence": 2})]


def test_a_line_that_changed_beside_one_that_went_is_told_at_the_place_it_had():
    before, after = lines("a", "b", "c", "d"), lines("a", "c", "D")
    assert told(before, after) == [
        ("/items/1", {"description": "b", "sequence": 2}, None),
        ("/items/3/description", "d", "D"),
    ]


def test_header_and_lines_both_and_nothing_where_nothing_differs():
    before = lines("a", "b")
    after = lines("a", "x") | {"currency": "EUR"}
    assert told(before, after) == [("/currency", "USD", "EUR"), ("/items/1/description", "b", "x")]
    assert told(before, lines("a", "b")) == []
    assert told({}, lines("a")) == [("/currency", None, "USD"), ("/items/0", None, {"description": "a", "sequence": 1})]
