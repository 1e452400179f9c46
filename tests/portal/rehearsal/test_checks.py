"""What the authority rejects: the code and the place."""

import pytest

from portal.rehearsal.checks import check_digit_fits

REAL = """00261103162 00261111157 00261112239 00261111090 00261110829 00261107486 00261112676 00261107114 00261114474
00261107064 00261114953 00261102404 00261112247 00261104673 ABC12345676 99999999990 ZZZ00000011 ZZZ00000243
ZZZ00000433 ZZZ00000656 ZZZ10000019 ZZZ10000027 ZZZ10000084"""


@pytest.mark.parametrize("number", REAL.split())
def test_check_digits_fit(number):
    assert check_digit_fits(number)
    wrong = number[:10] + str((int(number[10]) + 1) % 10)
    assert not check_digit_fits(wrong)


@pytest.mark.parametrize(
    ("item", "finding"),
    [
        ({"origin": ""}, ("US20002", "42A/67A/68A[2]/92A/063")),
        ({"origin": "C1"}, ("US20002", "42A/67A/68A[2]/92A/063")),
        ({"value": "0"}, ("US20003", "42A/67A/68A[2]/108")),
        ({"value": None}, ("US20003", "42A/67A/68A[2]/108")),
        ({"numbers": ("99030531", "8507.60.0090")}, ("US20001", "42A/67A/68A[2]/23A/21A[2]/145")),
        ({"numbers": ("85076000",)}, ("US20001", "42A/67A/68A[2]/23A/21A[1]/145")),
        ({"numbers": ("7701000000",)}, ("US20001", "42A/67A/68A[2]/23A/21A[1]/145")),
        ({"numbers": ("0001000000",)}, ("US20001", "42A/67A/68A[2]/23A/21A[1]/145")),
        ({"numbers": ()}, ("US20001", "42A/67A/68A[2]/23A/21A[1]/145")),
    ],
)
def test_a_faulty_line_is_rejected_at_its_place(wire, make, item, finding):
    if item.get("value", "") is None:
        item = {"value": make.missing, "tariff": ["8507600090|classification||"]}
    wire.send(make.declaration("S-bad", items=[make.item(1), make.item(2, **item)]))
    wire.pass_time(10)
    (tree,) = wire.drain()
    assert make.told(tree) == "03"
    assert make.errors(tree) == [finding]
    assert make.first(tree, "Response/Declaration/FunctionalReferenceID") == "S-bad"


def test_a_wrong_check_digit_and_a_wrong_count_are_rejected_together(wire, make):
    wire.send(make.declaration("S-bad", number="ZZZ10000010", count=2))
    wire.pass_time(10)
    (tree,) = wire.drain()
    assert make.errors(tree) == [("US10001", "42A/D014"), ("US10001", "42A/228")]


def test_a_line_number_used_twice_is_rejected(wire, make):
    wire.send(make.declaration("S-bad", items=[make.item(7), make.item(7)]))
    wire.pass_time(10)
    assert make.errors(wire.drain()[0]) == [("US10001", "42A/67A/68A[2]/006")]


def test_a_rejected_number_is_free(wire, make):
    wire.send(make.declaration("S-bad", items=[make.item(1, origin="")]))
    wire.send(make.declaration("S-bad-2"))
    assert sorted(wire.story()) == ["01", "03", "08", "09", "13/4", "13/67"]


def test_a_number_it_does_not_know_is_no_reason_to_reject(wire, make):
    wire.send(make.declaration("S-odd", items=[make.item(1, numbers=("2902190090",))]))
    assert wire.story() == ["01", "13/67", "08", "13/4", "09"]


def test_the_other_scripts_judge_nothing(wire, make):
    wire.send(make.declaration("A02-bad", number="ZZZ10000010", items=[make.item(1, origin="")]))
    assert wire.story() == ["01", "09"]
