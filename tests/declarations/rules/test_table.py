"""Every rule of the book against declarations that break it and declarations that keep it."""

import re
from string import Formatter

import pytest

from declarations.rules import RULES, message, rule_of
from tests.declarations.rules.makers import Try, good, run
from tests.declarations.rules.table_chapters import CHAPTERS
from tests.declarations.rules.table_goods import CLASSIFICATION, ITEMS
from tests.declarations.rules.table_header import ENTRY, HEADER
from tests.declarations.rules.table_matrix import MATRIX
from tests.declarations.rules.table_money import ADCVD, BONDS, FEES, PAYMENT
from tests.declarations.rules.table_origin import ORIGIN, PREFERENCE
from tests.declarations.rules.table_papers import CORRECTION, DOCUMENTS, SIGNING, TEXTS
from tests.declarations.rules.table_parties import MAKERS, PARTIES
from tests.declarations.rules.table_timing import TIMING
from tests.declarations.rules.table_transport import BILLS, TRANSPORT
from tests.declarations.rules.table_value import VALUATION

TABLES = (
    HEADER, ENTRY, TIMING, MATRIX, TRANSPORT, BILLS, PARTIES, MAKERS, ITEMS, CLASSIFICATION, CHAPTERS, ORIGIN,
    PREFERENCE, VALUATION, ADCVD, FEES, PAYMENT, BONDS, DOCUMENTS, CORRECTION, SIGNING, TEXTS,
)  # fmt: skip
CASES = [
    pytest.param(code, one, id=f"{code}-{'breaks' if one.at else 'keeps'}-{place}")
    for table in TABLES
    for code, tries in table.items()
    for place, one in enumerate(tries)
]


@pytest.mark.parametrize(("code", "one"), CASES)
def test_a_rule_finds_exactly_what_breaks_it(code: str, one: Try):
    found = [violation for violation in run(one) if violation.code == code]
    assert tuple(violation.pointer for violation in found) == one.at
    for violation in found:
        words = message(violation)
        assert "…" not in words
        assert "{" not in words
        assert violation.severity == rule_of(code).severity


def test_every_rule_has_a_case_that_breaks_it_and_one_that_keeps_it():
    breaks = {code for table in TABLES for code, tries in table.items() if any(one.at for one in tries)}
    keeps = {code for table in TABLES for code, tries in table.items() if any(not one.at for one in tries)}
    codes = {one.code for one in RULES}
    assert codes - breaks == set()
    assert codes - keeps == set()
    assert (breaks | keeps) - codes == set()
    assert sum(len(table) for table in TABLES) == len(codes)


def test_the_clean_declaration_breaks_no_rule():
    assert run(good()) == ()


def test_codes_are_unique_and_every_rule_cites_its_law():
    assert len({one.code for one in RULES}) == len(RULES) >= 75
    for one in RULES:
        assert one.law.strip()
        assert one.severity in ("error", "warning", "information")


@pytest.mark.parametrize("one", RULES, ids=lambda one: one.code)
def test_a_message_is_one_to_three_plain_sentences_with_simple_names(one):
    names = [name for _, name, spec, conversion in Formatter().parse(one.message) if name is not None]
    assert all(name.isidentifier() for name in names)
    assert one.message.format_map(dict.fromkeys(names, "x"))
    assert one.message[0].isupper() or one.message[0].isdigit() or one.message.startswith("{")
    assert one.message.endswith((".", "{reason}"))
    assert 1 <= len(re.findall(r"[.!?](?=\s|$)", one.message.replace("a.m.", ""))) <= 3
    assert "invalid" not in one.message.lower()
    assert "  " not in one.message
