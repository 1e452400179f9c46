"""The view of a day from memory, search, and the lines below a number."""

import threading
from datetime import date

import pytest
from django.db import connection

from declarations.tariff import selectors
from declarations.tariff.selectors import NoEdition, children_of, current_view, editions_on, search, view_for
from tests.declarations.tariff.makers import DAY


def test_a_day_without_an_edition(db):
    with pytest.raises(NoEdition) as refusal:
        current_view(date(1999, 1, 1))
    assert refusal.value.code == "TARIFF_NO_EDITION"


def test_the_view_is_kept_and_costs_one_query(starter, django_assert_num_queries):
    selectors.forget_views()
    first = current_view(DAY)
    with django_assert_num_queries(1):
        assert current_view(DAY) is first
    with django_assert_num_queries(2):  # which editions are in force is asked anew for another day
        other = current_view(date(2026, 11, 25))
    with django_assert_num_queries(1):
        assert current_view(date(2026, 11, 25)) is other
    assert other.on == date(2026, 11, 25)
    assert other.lines is first.lines


def test_the_same_editions_give_the_same_view(starter):
    assert view_for(editions_on(DAY), DAY) is current_view(DAY)


def test_many_threads_share_one_view(starter_committed):
    selectors.forget_views()
    found, errors = [], []

    def ask():
        try:
            found.append(id(current_view(DAY)))
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert errors == []
    assert len(set(found)) == 1
    assert len(found) == 6


def numbers(hits):
    return [one.printed_number for one in hits]


@pytest.mark.parametrize("q", ["8507.60", "850760", "8507 60", "8507.60.0"])
def test_a_number_or_its_beginning(starter, q):
    assert numbers(search(q, DAY)) == ["8507.60.00", "8507.60.00.10", "8507.60.00.30", "8507.60.00.90"]


def test_an_eight_digit_leaf_is_found_by_either_print(starter):
    assert numbers(search("9102.11.10", DAY)) == numbers(search("9102111000", DAY)) == ["9102.11.10"]


def test_words_are_found_in_the_line_and_above_it(starter):
    found = search("lithium batteries", DAY)
    assert {"8507.60.00", "8507.60.00.90"} <= set(numbers(found))
    hit = next(one for one in found if one.printed_number == "8507.60.00.90")
    assert hit.path == ("Storage batteries", "Lithium-ion batteries")
    assert (hit.number, hit.units, hit.general, hit.declarable) == ("8507600090", ("NO", "KG"), "3.4%", True)


def test_the_last_word_may_be_a_beginning_and_whole_words_come_first(starter):
    assert "8507.60.00.90" in numbers(search("lith", DAY))
    assert all(one.startswith("9503") for one in numbers(search("toys", DAY))[:3])


@pytest.mark.parametrize("q", ["", "  ", '"', "'; DROP TABLE", "* OR *", "zzzz", "NEAR(", "8", "(", "a AND NOT b"])
def test_a_search_without_sense_finds_nothing_or_little_and_never_fails(starter, q):
    assert isinstance(search(q, DAY), list)


def test_a_search_has_its_limit(starter):
    assert len(search("85", DAY, limit=3)) == 3
    assert len(search("other", DAY, limit=1000)) <= 100
    assert search("85", DAY, limit=0) == []


def test_the_lines_below_a_number(starter):
    assert numbers(children_of("8507", DAY)) == ["8507.60.00"]
    assert numbers(children_of("8507.60.00", DAY)) == ["8507.60.00.10", "8507.60.00.30", "8507.60.00.90"]
    assert children_of("8507.60.00.90", DAY) == []
    assert children_of("8599", DAY) == []


def test_the_headings_of_a_chapter(starter):
    assert numbers(children_of("85", DAY))[:3] == ["8501", "8504", "8505"]
    assert len(children_of("", DAY)) > 100
