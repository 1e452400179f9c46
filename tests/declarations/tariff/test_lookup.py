"""Numbers for everyday words: forms, spelling, synonyms, earlier filings; the same on every engine."""

import csv
import threading

import pytest

from declarations.tariff import selectors
from declarations.tariff.guide import step_of
from declarations.tariff.lookup import Filed, answer, build_index
from declarations.tariff.lookup.synonyms import TABLE
from declarations.tariff.lookup.words import asked_words, fold, root, weighed_words
from declarations.tariff.models import TariffEdition
from declarations.tariff.selectors import look_up, search
from declarations.tariff.view import TariffLine
from tests.declarations.tariff.makers import DAY, NOW


def line(number, *texts, declarable=True):
    return number, TariffLine(
        number=number, description=texts[-1], path=texts[:-1], general="Free", declarable=declarable
    )


CONVERTERS = "Electrical transformers, static converters (for example, rectifiers) and inductors; parts thereof:"
SHIRTS = "T-shirts, singlets, tank tops and similar garments, knitted or crocheted:"
TROUSERS = "Men's or boys' suits, trousers and shorts (other than swimwear):"
LINES = dict([
    line("4011100000", "New pneumatic tires, of rubber:", "Of a kind used on motor cars"),
    line("4203291800", "Articles of apparel, of leather:", "Gloves, mittens and mitts:", "Other"),
    line("4107110000", "Leather further prepared after tanning:", "Full grains for gloves"),
    line("6109100000", SHIRTS, "Of cotton", declarable=False),
    line("6109100004", SHIRTS, "Of cotton", "Men's or boys'"),
    line("6109100040", SHIRTS, "Of cotton", "Women's or girls'"),
    line("6109901000", SHIRTS, "Of other textile materials: of man-made fibers"),
    line("6203424003", TROUSERS, "Trousers and shorts:", "Of cotton"),
    line("7307210000", "Tube or pipe fittings, of steel:", "Flanges, other than of cotton"),
    line("8471300100", "Automatic data processing machines:", "Portable automatic data processing machines, weighing "
         "not more than 10 kg, with a keyboard and a display"),
    line("8443320000", "Machinery for printing:", "Printers, copying machines and facsimile machines, separate"),
    line("8504409510", CONVERTERS, "Static converters:", "Power supplies"),
    line("8504906500", CONVERTERS, "Parts:", "Printed circuit assemblies"),
    line("8508110000", "Vacuum cleaners; parts thereof:", "With self-contained electric motor, for floors"),
    line("8508700000", "Vacuum cleaners; parts thereof:", "Parts"),
    line("9603210000", "Brooms, brushes:", "Toothbrushes, including dental-plate brushes"),
    line("99038801", "Articles the product of China: toothbrushes"),
])  # fmt: skip
INDEX = build_index(LINES)


def first(q, **given):
    found = answer(q, INDEX, **given)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("q", "number"),
    [
        ("laptop", "847130"), ("LAPTOPS", "847130"), ("notebook computer", "847130"),
        ("cotton t-shirt", "610910"), ("cotton T shirts", "610910"), ("tshirt of cotton", "610910"),
        ("phone charger", "850440"), ("charger for a phone", "850440"), ("my phone's chargers", "850440"),
        ("men's jeans", "620342"), ("car tyre", "401110"), ("leather gloves", "420329"),
        ("vacuum cleaners", "850811"), ("part of a vacuum cleaner", "850870"), ("toothbrush", "960321"),
        ("tooth brushes", "960321"), ("printing machine", "844332"), ("flängé", "730721"),
    ],
)  # fmt: skip
def test_everyday_words_find_the_subheading(q, number):
    assert first(q).number == number


@pytest.mark.parametrize(
    ("q", "number", "kind"),
    [
        ("labtop", "847130", "synonym"), ("toothbrsh", "960321", "synonym"), ("vacum cleaner", "850811", "synonym"),
        ("transformrs", "850440", "spelling"),
    ],
)  # fmt: skip
def test_a_misspelled_word_is_read_as_the_nearest_and_says_so(q, number, kind):
    found = first(q)
    assert found.number == number
    assert (found.why[0].kind, found.why[0].typed) == (kind, fold(q))


def test_a_synonym_says_what_the_schedule_says():
    why = first("laptop").why
    assert [(one.kind, one.typed) for one in why] == [("synonym", "laptop")]
    assert "automatic data processing" in why[0].read
    assert first("static converters").why == ()


def test_the_last_word_may_be_a_beginning_and_names_its_end():
    found = first("facsim")
    assert (found.number, found.why[0].kind, found.why[0].read) == ("844332", "beginning", "facsimile")


def test_what_a_line_excludes_does_not_count():
    assert "730721" not in [one.number for one in answer("cotton", INDEX)]


def test_duties_of_chapter_99_stand_behind_goods():
    assert [one.number for one in answer("toothbrush", INDEX)][0] == "960321"


def test_the_line_that_holds_the_words_comes_first_in_its_subheading():
    assert first("women's cotton t-shirt").lines[0] == "6109100040"
    assert first("men's cotton t-shirt").lines[0] == "6109100004"
    assert first("cotton t-shirt").size == 2


def test_a_number_filed_before_comes_first_and_says_so():
    assert first("electric motor").number == "850811"
    filed = [Filed("8504409510", "Widget X200"), Filed("6109100040", "Tops")]
    found = first("widget x200", filed=filed)
    assert (found.number, found.lines[0]) == ("850440", "8504409510")
    assert [(one.kind, one.read) for one in found.why] == [("filed", "8504409510")]
    assert answer("widget x200", INDEX) == []
    assert first("cotton t-shirt", filed=filed).lines[0] == "6109100040"
    assert first("laptop", filed=filed).number == "847130", "what does not fit is not drawn up"
    assert first("laptop", filed=[Filed("0000000000", "laptop")]).number == "847130"


@pytest.mark.parametrize("q", ["", "  ", "the of and", "10 20", "\x00", "'; --", "ь" * 300, "x " * 500, "a" * 5000])
def test_a_question_without_sense_finds_nothing_and_never_fails(q):
    assert answer(q, INDEX) == []


def test_limits_hold():
    assert len(answer("cotton leather brush converter", INDEX, limit=2)) <= 2
    assert answer("laptop", INDEX, limit=0) == []
    assert len(first("cotton t-shirt", lines=1).lines) == 1


@pytest.mark.parametrize(
    ("words", "folded"),
    [
        ("batteries battery", "battery"), ("glasses glass", "glass"), ("boxes box", "box"), ("knives knife", "knife"),
        ("shoes shoe", "shoe"), ("brushes brush", "brush"), ("tomatoes tomato", "tomato"), ("lenses lens", "lens"),
        ("cookies cookie", "cookie"), ("toys toy", "toy"), ("apparatus", "apparatus"), ("brass", "brass"),
    ],
)  # fmt: skip
def test_singular_and_plural_are_one_word(words, folded):
    assert {fold(one) for one in words.split()} == {folded}


def test_forms_share_a_root():
    assert {root(one) for one in ("print", "printed", "printer", "printing")} == {"print"}
    assert root("dried") == root("dry") == "dry"
    assert root("seed") != root("see")
    assert root("ring") == "ring"


def test_words_of_a_line_are_weighed():
    weights = dict(weighed_words("Machines for cleaning bottles, other than of glass; parts thereof"))
    assert weights["machine"] > weights["part"] > weights["bottle"] > 0
    assert "glass" not in weights


def test_the_word_that_names_the_goods():
    assert asked_words("phone charger") == (["phone", "charger"], 1)
    assert asked_words("charger for a phone") == (["charger", "phone"], 0)


def test_the_table_of_synonyms_is_in_order():
    with TABLE.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert len(rows) >= 500
    assert len({(one["everyday"], one["schedule"]) for one in rows}) == len(rows)
    assert all(asked_words(one["everyday"])[0] and asked_words(one["schedule"])[0] for one in rows)


# ---- in the database of each engine --------------------------------------------------------------


def test_words_find_subheadings_with_their_lines(starter):
    found = look_up("rechargeable battery", DAY)
    assert found[0].number == "850760"
    assert found[0].top.printed_number == "8507.60.00"
    assert {one.number for one in found[0].lines} >= {"8507600010", "8507600090"}
    assert found[0].size == len(found[0].lines)
    assert found[0].why[0].kind == "synonym"
    assert found[0].top.path == ("Storage batteries",)


def test_every_engine_gives_the_same_answers(starter):
    """Exact values: the suite runs on SQLite and on PostgreSQL."""
    firsts = {q: look_up(q, DAY)[0].number for q in ("batery", "toy", "wrist watch", "lithium-ion accumulators")}
    assert firsts == {
        "batery": "850610",
        "toy": "950300",
        "wrist watch": "910219",
        "lithium-ion accumulators": "850760",
    }


def test_a_search_costs_two_queries_and_builds_its_index_once(starter, django_assert_num_queries, monkeypatch):
    search("battery", DAY)
    built = []
    monkeypatch.setattr("declarations.tariff.lookup.held.build_index", built.append)
    with django_assert_num_queries(2):
        assert search("battery", DAY)
    with django_assert_num_queries(2):
        assert search("8507", DAY)
    assert built == []


def test_threads_share_one_index(starter_committed, monkeypatch):
    selectors.forget_views()
    lines = selectors.current_view(DAY).lines
    built = []
    monkeypatch.setattr("declarations.tariff.lookup.held.build_index", lambda one: built.append(1) or build_index(one))
    errors = []

    def ask():
        try:
            selectors.index_of(lines)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (errors, built) == ([], [1])


def test_an_edition_that_holds_only_its_differences_is_searched_whole(starter):
    base = TariffEdition.objects.get()
    TariffEdition.objects.create(
        source="usitc", name="earlier", sha256="0" * 64, effective_from=base.effective_from, loaded_at=NOW, base=base,
        absent=["8507600010"],
    )  # fmt: skip
    assert [one.printed_number for one in search("8507.60", DAY)] == ["8507.60.00", "8507.60.00.30", "8507.60.00.90"]
    assert "8507600010" not in [one.number for one in look_up("lithium battery", DAY)[0].lines]
    assert [one.number for one in step_of("8507", DAY).nodes] == ["85076000", "8507600030", "8507600090"]


# ---- the way down --------------------------------------------------------------------------------


def test_the_way_from_chapter_to_number(starter):
    chapter = step_of("85", DAY)
    assert [one.number for one in chapter.nodes][:3] == ["8501", "8504", "8505"]
    assert all(one.size for one in chapter.nodes)
    heading = step_of("8507", DAY)
    assert heading.title == "Storage batteries"
    assert [(one.number, one.depth) for one in heading.nodes][:2] == [("85076000", 0), ("8507600010", 1)]
    deeper = step_of("85076000", DAY)
    assert [(one.number, one.text) for one in deeper.above] == [("8507", "Storage batteries")]
    assert [one.number for one in deeper.nodes] == ["8507600010", "8507600030", "8507600090"]
    assert all(one.declarable for one in deeper.nodes)
    assert step_of("8507600090", DAY) is None
    assert step_of("00", DAY) is None


def test_a_step_of_a_number_that_the_schedule_does_not_print(starter):
    step = step_of("850760", DAY)
    assert step.title == "Lithium-ion batteries"
    assert step.nodes[0].number == "85076000"
