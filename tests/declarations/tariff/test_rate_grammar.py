"""Rate texts of every kind, and the slips of print that occur in the schedule, as trees; and trees as texts."""

from decimal import Decimal as D

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from declarations.tariff.expressions import (
    FREE,
    Added,
    Applicable,
    AtLeast,
    Capped,
    Conditional,
    Money,
    Need,
    Percent,
    Reference,
    Sugar,
    Sum,
    Unparsed,
    covers,
    is_free,
    is_understood,
    needs,
    parse,
    parse_special,
    read_special,
    render,
)

BY_DEGREES = "for each degree under 100 degrees (and fractions of a degree in proportion) but not less"
PLATES = (
    "but if consisting in part of a plate or a set of plates the total duty shall not exceed "
    "the duty for the complete movement"
)
FLOOR = (
    "but in the case of embroidery in the piece not less than the rate which would apply "
    "to such product if not embroidered"
)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("36¢ each + 5.3% on the battery", [Money(D("0.36"), "NO"), Percent(D("5.3"), "battery")]),
        (
            "$2.70 each + 45% on the case + 35% on thebattery",
            [Money(D("2.7"), "NO"), Percent(D(45), "case"), Percent(D(35), "battery")],
        ),
        (
            "51¢ each + 6.25% on the case and strap, band or bracelet + 5.3% on the battery",
            [Money(D("0.51"), "NO"), Percent(D("6.25"), "case and strap, band or bracelet"),
             Percent(D("5.3"), "battery")],
        ),
        (
            "41¢ each + 5% on case and strap, band or bracelet",
            [Money(D("0.41"), "NO"), Percent(D(5), "case and strap, band or bracelet")],
        ),
        (
            "3.9% on the movement and case+ 5.3% on the battery",
            [Percent(D("3.9"), "movement and case"), Percent(D("5.3"), "battery")],
        ),
        (
            "4.7% on the value of the rifle + 20% on the value of the telescopic sight, if any",
            [Percent(D("4.7"), "value of rifle"), Percent(D(20), "value of telescopic sight")],
        ),
        ("2.5% on the value of the lead content", [Percent(D("2.5"), "value of lead content")]),
        ("3 percent of the fair retail value", [Percent(D(3), "fair retail value")]),
        ("5% on the full value of the imported article", [Percent(D(5))]),
        ("22¢/kg on drained weight+45%", [Money(D("0.22"), "KG", of="drained weight"), Percent(D(45))]),
        ("5.7¢/kg on drained weight +8%", [Money(D("0.057"), "KG", of="drained weight"), Percent(D(8))]),
        ("39.9¢/kg of total sugars+ 6%", [Money(D("0.399"), "KG", of="total sugars"), Percent(D(6))]),
        ("$9.92/kg+ 25%", [Money(D("9.92"), "KG"), Percent(D(25))]),
        ("2.2¢/kg  +  33.5%", [Money(D("0.022"), "KG"), Percent(D("33.5"))]),
        ("86.1¢/m2of recording surface", [Money(D("0.861"), "M2", of="recording surface")]),
        ("86.1¢/m² of recording surface", [Money(D("0.861"), "M2", of="recording surface")]),
        ("20¢/gross of immediate containers", [Money(D("0.2"), "GR", of="immediate containers")]),
        ("$40/kg of anhydrous morphine content", [Money(D(40), "KG", of="anhydrous morphine content")]),
        ("0.2¢/kg, including weight of container", [Money(D("0.002"), "KG", of="weight with container")]),
        ("1.5¢/line/ gross + 25%", [Money(D("0.015"), "GRL"), Percent(D(25))]),
        ("33¢/ liter", [Money(D("0.33"), "L")]),
        ("27.6¢ /liter+ 17.5%", [Money(D("0.276"), "L"), Percent(D("17.5"))]),
        ("88.2¢/kg + 55% + 12.5¢/ article", [Money(D("0.882"), "KG"), Percent(D(55)), Money(D("0.125"), "NO")]),
        ("3.3¢/lin. m", [Money(D("0.033"), "M")]),
        ("10.6¢/g", [Money(D("0.106"), "G")]),
        ("10¢/pack + 20%", [Money(D("0.1"), "PK"), Percent(D(20))]),
        ("$1,234.50/t", [Money(D("1234.5"), "T")]),
        ("$2/1,000 + 60%", [Money(D(2), "NO", D(1000)), Percent(D(60))]),
        (
            "18.5¢/ liter + $1.32/pf. liter on ethyl alcohol content",
            [Money(D("0.185"), "L"), Money(D("1.32"), "PFL", of="ethyl alcohol content")],
        ),
    ],
)  # fmt: skip
def test_a_sum_of_terms_with_the_slips_of_its_print(text, terms):
    assert parse(text) == Sum(tuple(terms))


@pytest.mark.parametrize(
    "text",
    [
        f"6.58170¢/kg less 0.0622005¢ /kg {BY_DEGREES} than 5.031562¢ /kg",
        f"6.5817¢/kg less 0.0622005¢/kg {BY_DEGREES} 5.031562¢ /kg",
    ],
)
def test_sugar_by_degree_with_its_floor(text):
    assert parse(text) == Sugar(D("0.065817"), D("0.000622005"), D(100), D("0.05031562"))


def test_movement_parts_have_a_limit():
    tree = parse(f"4.3% + 1.7¢/jewel + 0.2¢ for each other piece or part, {PLATES}")
    total = Sum((Percent(D("4.3")), Money(D("0.017"), "jewels"), Money(D("0.002"), "other pieces or parts")))
    assert tree == Capped(total, "plates", "duty for the complete movement")


@pytest.mark.parametrize(("first", "total"), [("Free", FREE), ("4.2%", Sum((Percent(D("4.2")),)))])
def test_embroidery_has_a_floor(first, total):
    text = f"{first}, {FLOOR}"
    tree = parse(text)
    assert tree == AtLeast(total, "embroidery in the piece", "duty if not embroidered")
    assert render(tree) == text
    assert not is_free(tree)
    assert is_understood(tree)


@pytest.mark.parametrize(
    ("text", "kind", "target"),
    [
        ("See additional U.S. note 1", "note", ("additional U.S. note 1",)),
        ("See U.S. note 3 to this sub- chapter", "note", ("U.S. note 3 to this subchapter",)),
        ("See U.S. note 3(e)", "note", ("U.S. note 3(e)",)),
        ("See 9822.05.20", "headings", ("98220520",)),
        ("See 9919.04.40, 9919.04.41-9919.04.42", "headings", ("99190440", "99190441-99190442")),
        ("See 9919.04.10, 9919.04.12, 99.19.04.14", "headings", ("99190410", "99190412", "99190414")),
        ("The rate applicable to the natural juice in heading 2009", "goods", ("natural juice", "2009")),
        (
            "The rate applicable to each garment in the ensemble if separately entered", "each",
            ("garment in the ensemble",),
        ),
        (
            "The rate applicable to each garment in the in the ensemble if separately entered", "each",
            ("garment in the ensemble",),
        ),
        (
            "The rate applicable to each garment in the ensemble if entered separately", "each",
            ("garment in the ensemble",),
        ),
        (
            "The rate of duty appli- cable to that article in the set subject to the high- est rate of duty", "highest",
            ("article in the set",),
        ),
        (
            "The rate applicable to the article of which it is a part or accessory", "whole", ("part or accessory",),
        ),
        ("The rate applicable to the article of which it is an accessory", "whole", ("accessory",)),
        ("The rate applicable to the complete, assembled", "assembled", ("movement",)),
        ("The rate applicable to the complete, assembled movement", "assembled", ("movement",)),
        ("The rate applicable, to each article in the absence of this subheading", "absent", ("each article",)),
        ("The rate applicable in the absence of this heading", "absent", ()),
        (
            "The duty rate provided for origin- ating goods of Colombia in such subheading", "preference",
            ("originating goods of Colombia",),
        ),
        (
            "The rate provided for beneficiary countries in heading 9901.00.50", "preference",
            ("beneficiary countries", "9901.00.50"),
        ),
        (
            "A duty upon the value of the repairs oralterations (see U.S. note 3 of this subchapter)", "value",
            ("value of the repairs or alterations", "U.S. note 3 of this subchapter"),
        ),
        (
            "A duty upon the full value of the imported article, less the cost or value of such products of the "
            "United States (see U.S. Note 4 of this subchapter)", "value",
            ("full value of the imported article, less the cost or value of such products of the United States",
             "U.S. Note 4 of this subchapter"),
        ),
    ],
)  # fmt: skip
def test_a_rate_that_stands_elsewhere_says_where(text, kind, target):
    assert parse(text) == Reference(text, "reference", kind, target)
    assert needs(parse(text)) == ()


def test_a_reference_knows_the_numbers_it_names():
    tree = parse("See 9822.04.01-9822.04.03, 9918.04.60")
    named = ["9822040100", "98220402", "98220403", "9918046000"]
    others = ["98220404", "99180461", "98220400"]
    assert [one for one in named + others if covers(tree, one)] == named
    assert not covers(parse("See additional U.S. note 1"), "98220401")


@pytest.mark.parametrize(
    ("text", "rate", "condition"),
    [
        ("Free, under bond", FREE, "under bond"),
        (
            "Free, under bond, as prescribed in U.S. note 2 to this subchapter", FREE,
            "under bond, as prescribed in U.S. note 2 to this subchapter",
        ),
        ("Free (See U.S. note 4 of this subchapter)", FREE, "See U.S. note 4 of this subchapter"),
        (
            "2.2%, but in the case of glassware not less than another rate", Sum((Percent(D("2.2")),)),
            "but in the case of glassware not less than another rate",
        ),
    ],
)  # fmt: skip
def test_a_rate_under_a_condition_keeps_both_and_is_not_free(text, rate, condition):
    assert parse(text) == Conditional(text, "condition", rate, condition)
    assert not is_free(parse(text))


@pytest.mark.parametrize(
    ("text", "extra", "lines"),
    [
        ("The duty rate provided in such subheading minus 0.5%", Percent(D("-0.5")), ()),
        (
            "The duty provided in the applicable subheading + a duty of 25% upon the value of the non-U.S. content",
            Percent(D(25), "value of non-U.S. content"), (),
        ),
        (
            "The duty provided in subheadings 8716.39.00, 8716.90.30 or 8716.90.50 + 100%", Percent(D(100)),
            ("87163900", "87169030", "87169050"),
        ),
    ],
)  # fmt: skip
def test_a_share_beside_the_duty_of_the_line(text, extra, lines):
    assert parse(text) == Added(text, "reference", extra, lines)


@pytest.mark.parametrize(
    ("text", "extra"),
    [
        ("The duty provided inthe applicable subheading+ 25%", 25),
        ("The duty provided in the applicable subheading +10%", 10),
        ("The duty provided in the applicable subheading.", 0),
        ("No Change", 0),
        ("no change.", 0),
    ],
)
def test_the_duty_of_the_line_with_the_slips_of_its_print(text, extra):
    assert parse(text) == Applicable(D(extra))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1,00%", "unknown"),
        ("3.4.5%", "unknown"),
        ("3 5/3%", "unknown"),
        ("3.5 1/3%", "unknown"),
        ("3.4% 5%", "unknown"),
        ("3.4% +", "unknown"),
        ("3.4% on", "unknown"),
        ("3.4% on the", "unknown"),
        ("3.4% on the part in excess of the case", "unknown"),
        ("3.4% on goods over 5", "unknown"),
        ("3.4% on the case, if any, or so", "condition"),
        ("3.4%, whichever is greater", "condition"),
        ("$/kg", "unknown"),
        ("5¢", "unknown"),
        ("5¢ kg", "unknown"),
        ("5¢/kg over 7", "unknown"),
        ("9999999999%", "unknown"),
        ("٣%", "unknown"),
        ("Free + 3%", "unknown"),
        ("3% + Free", "unknown"),
        ("Freedom", "unknown"),
        ("See", "reference"),
        ("See note", "reference"),
        ("The rate of the moon", "reference"),
        ("The duty provided in the applicable subheading + some", "reference"),
        ("The duty provided in the applicable subheading + 25% upon arrival in the port", "reference"),
        (f"some duty, {PLATES}", "condition"),
        ("whatever, but under bond", "condition"),
        (f"3¢/kg less 1¢/liter {BY_DEGREES} than 2¢/kg", "condition"),
    ],
)
def test_what_is_not_understood_says_so(text, reason):
    assert parse(text) == Unparsed(text, reason)
    assert not is_understood(parse(text))


def test_what_a_rate_asks_for_in_its_order():
    assert needs(parse("3.4%")) == needs(FREE) == needs(Applicable(D(25))) == ()
    assert needs(parse("43¢ each + 2.8¢/jewel over 7 + 3.7% on the case")) == (
        Need("unit", "NO", "NO"),
        Need("measure", "jewels over 7", ""),
        Need("measure", "case", "USD"),
    )
    assert needs(parse("$1.32/t, including weight of container")) == (Need("measure", "weight with container", "T"),)
    assert needs(parse("0.7¢/kg on copper content + 0.7¢/kg on lead content")) == (
        Need("measure", "copper content", "KG"),
        Need("measure", "lead content", "KG"),
    )
    assert needs(parse(f"3¢/kg less 1¢/kg {BY_DEGREES} than 2¢/kg")) == (
        Need("unit", "KG", "KG"),
        Need("measure", "degrees", ""),
    )
    assert [one.name for one in needs(parse(f"4% + 2¢/jewel + 1¢ for each other piece or part, {PLATES}"))] == [
        "jewels", "other pieces or parts", "plates", "duty for the complete movement",
    ]  # fmt: skip
    content = "The duty provided in the applicable subheading + a duty of 25% upon the value of the non-U.S. content"
    assert needs(parse(content)) == (Need("measure", "value of non-U.S. content", "USD"),)
    assert needs(parse("2.2% on the case, but not now")) == (Need("measure", "case", "USD"),)


def test_the_special_column_as_trees():
    found = read_special("Free (A*, AU,BH) 2.5%(KR) See 9822.05.20 (P+, SG)8.8¢/liter(JO)")
    assert [(one.rate, one.programs) for one in found.rates] == [
        (FREE, {"A*", "AU", "BH"}),
        (Sum((Percent(D("2.5")),)), {"KR"}),
        (Reference("See 9822.05.20", "reference", "headings", ("98220520",)), {"P+", "SG"}),
        (Sum((Money(D("0.088"), "L"),)), {"JO"}),
    ]
    assert (found.general, found.unread) == (None, "")
    assert found.rate_for("A") == FREE
    assert found.rate_for("A+") is None
    assert found.rate_for("KR") == Sum((Percent(D("2.5")),))


def test_a_program_that_is_printed_twice_is_one():
    text = "Free (BH,PE) See 9918.04.50 (CO) See 9919.04.50, 9919.04.67 (PA (PA)"
    assert parse_special(text)[-1] == ("See 9919.04.50, 9919.04.67", frozenset({"PA"}))
    assert read_special(text).unread == ""


def test_a_remark_in_brackets_belongs_to_its_rate():
    text = "Free (AU,SG) A duty upon the value of the repairs or alterations (see U.S. note 3 of this subchapter) (B,C)"
    found = read_special(text)
    assert (found.rates[0].rate, found.rates[0].programs) == (FREE, {"AU", "SG"})
    assert (found.rates[1].rate.kind, found.rates[1].programs) == ("value", {"B", "C"})


@pytest.mark.parametrize(
    ("text", "general", "unread"),
    [
        ("", None, ""),
        ("No change", Applicable(), ""),
        ("15%", Sum((Percent(D(15)),)), ""),
        ("Free (AU,SG) and so on", None, "and so on"),
        ("Free (AU,SG) 2% (KR", None, "2% (KR"),
    ],
)
def test_what_belongs_to_no_program_is_for_all_or_stays_visible(text, general, unread):
    assert (read_special(text).general, read_special(text).unread) == (general, unread)


number = st.decimals(0, 10**9, places=4, allow_nan=False).filter(lambda one: one < 10**9).map(lambda one: f"{one:f}")
small = st.integers(2, 99)
fraction = st.builds(
    lambda whole, below, above: f"{whole} {1 + above % (below - 1) if below > 2 else 1}/{below}",
    st.integers(0, 999), small, st.integers(0, 99),
)  # fmt: skip
part = st.sampled_from(
    ["the case", "thebattery", "case and strap, band or bracelet", "the value of the rifle", "the entire set",
     "the telescopic sight, if any", "lead content", "the non-U.S. content"]
)  # fmt: skip
percent = st.builds(
    lambda amount, sign, tail: f"{amount}{sign}{tail}",
    number | fraction, st.sampled_from(["%", " %", " percent"]),
    st.just("") | part.map(lambda one: f" on {one}") | part.map(lambda one: f" of {one}"),
)  # fmt: skip
unit = st.sampled_from(
    ["kg", "t", "g", "liter", "pf. liter", "pf.liter", "bbl", "doz.", "gross", "line/ gross", "m2", "m²", "m3", "m",
     "lin. m", "clean kg", "1000", "1,000", "1,000 pins", "thousand", "head", "article", "pack", "pr.", "jewel"]
)  # fmt: skip
dollars = st.builds(lambda text, form: form.format(text), number, st.sampled_from(["${}", "$ {}", "{}¢", "{} cents"]))
basis = (
    st.builds(lambda slash, one: f"{slash}{one}", st.sampled_from(["/", " /", "/ ", " per "]), unit)
    | st.just(" each")
    | st.just(" for each other piece or part")
    | st.just("/jewel over 7")
    | st.just("/t, including weight of container")
    | part.map(lambda one: f"/kg on {one}")
)
money = st.builds(lambda amount, tail: f"{amount}{tail}", dollars, basis)
sums = st.builds(
    lambda terms, plus: plus.join(terms),
    st.lists(percent | money, min_size=1, max_size=4), st.sampled_from([" + ", "+", " +", "+ "]),
)  # fmt: skip
rates = (
    sums
    | st.builds(lambda a, b, c, d: f"{a}¢/kg less {b}¢ /kg {BY_DEGREES} than {c}¢/kg".replace("100", d),
                number, number, number, st.integers(0, 999).map(str))
    | sums.map(lambda one: f"{one}, {PLATES}")
    | number.map(lambda one: f"The duty provided in the applicable subheading + {one}%")
    | st.sampled_from(["Free", "No change", "Free, under bond", "See additional U.S. note 3", "See 9822.05.20"])
)  # fmt: skip


@given(rates)
@example("33 1/3%")
@example("123456789.0123456789¢/kg")
def test_what_follows_the_grammar_is_read_and_written_back(text):
    tree = parse(text)
    assert is_understood(tree)
    assert parse(render(tree)) == tree


@given(st.text(max_size=60) | st.builds(lambda a, b: a + b, rates, st.text(max_size=8)))
def test_any_text_is_read_or_refused_and_never_becomes_free(text):
    tree = parse(text)
    assert parse(render(tree)) == tree
    assert is_free(tree) == (text.strip().lower() == "free")


@given(sums, st.sampled_from("?;:#=<>|"))
def test_a_mark_that_is_none_of_the_grammars_is_never_passed_over(text, mark):
    assert not is_understood(parse(text + mark))
    assert not is_understood(parse(mark + text))
