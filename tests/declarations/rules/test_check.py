"""The door of the rule book: order, waivers, stages, words, the book as a page, and what it may know."""

import ast
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from msgspec import inspect

import declarations.rules
from declarations.assessment import Unassessed
from declarations.document import Document
from declarations.facts import Facts
from declarations.rules import RULES, Violation, legal_basis, message, rule_of
from declarations.rules.base import Rule, rule
from declarations.rules.book import TITLES, rule_book_markdown
from declarations.rules.ordering import place_of
from tests.declarations.rules.makers import CODES, GONE, Try, bad, good, make_item, owed, run
from tests.declarations.rules.table_money import on_file
from tests.declarations.rules.test_table import TABLES

PACKAGE = Path(declarations.rules.__file__).parent


def test_violations_come_in_the_order_of_the_document_then_by_code():
    found = run(
        good(
            {
                "/documents": [],
                "/payment": GONE,
                "/profile": GONE,
                "/items/0/description": GONE,
                "/items/0/documents": [],
                "/items/0/valuation/invoice/document": GONE,
                "/entry_type": "99",
                "/items/1": make_item(2, {"/sequence": 12, "/origin_country": "ZZ"}),
            }
        )
    )
    assert [(one.pointer, one.code) for one in found if not one.code.startswith(("MID", "BOND", "C99"))] == [
        ("/profile", "HDR-PROFILE"),
        ("/entry_type", "ENT-TYPE-UNKNOWN"),
        ("/items/0/description", "ITEM-DESC"),
        ("/items/0/valuation/invoice/document", "VAL-INVOICE"),
        ("/items/1/sequence", "ITEM-SEQ-GAP"),
        ("/items/1/origin_country", "ORG-UNKNOWN"),
        ("/items/1/valuation/invoice/document", "INV-DOC"),
        ("/items/1/documents/0", "DOC-REF"),
        ("/documents", "DOC-INVOICE"),
    ]


def test_lines_are_ordered_by_number_not_by_text():
    pointers = ["/items/10/sequence", "/items/2/sequence", "/items/2/description", "/profile", "/correction", "/items"]
    assert sorted(pointers, key=place_of) == [
        "/profile", "/items", "/items/2/sequence", "/items/2/description", "/items/10/sequence", "/correction",
    ]  # fmt: skip
    assert place_of("/no/such/member") == ((0, "no"), (0, "such"), (0, "member"))
    assert place_of("/items/0/measures/lead") < place_of("/items/0/gross_mass_kg")


def test_the_same_declaration_gives_the_same_violations():
    changes = {"/items/0/origin_country": "CN", "/payment": GONE, "/transport/mode": "40"}
    assert run(good(changes)) == run(good(changes))


def test_a_waiver_lifts_its_rule_and_no_other():
    broken = {"/profile": GONE, "/entry_type": GONE}
    assert {one.code for one in run(good(broken))} >= {"HDR-PROFILE", "ENT-TYPE"}
    assert [one.code for one in run(good(broken, facts={"waived": frozenset({"HDR-PROFILE"})}))] == ["ENT-TYPE"]


def test_what_cannot_be_computed_is_said_only_where_no_other_error_says_why():
    open_here = {"unassessed": (Unassessed(code="DUTY-NUMBER", pointer="/items/0/origin_country", reason="no origin"),)}
    broken = {"/items/0/origin_country": "ZZ"}
    assert [one.code for one in run(good(assessed=open_here))] == ["DUTY-OPEN"]
    codes = [one.code for one in run(good(broken, assessed=open_here)) if one.pointer == "/items/0/origin_country"]
    assert codes == ["ORG-UNKNOWN"]
    lifted = run(good(broken, assessed=open_here, facts={"waived": frozenset({"ORG-UNKNOWN"})}))
    assert "DUTY-OPEN" in [one.code for one in lifted]


def test_nobody_is_judged_as_signatory_before_signing():
    assert [one.code for one in run(good())] == []
    assert [one.code for one in run(good(stage="sign"))] == ["SIGN-AUTH"]
    assert [one.code for one in run(good(stage="sign", facts={"signatory_authorised": True}))] == []
    assert [one.code for one in run(good(facts={"signatory_authorised": False}))] == ["SIGN-AUTH"]


def test_facts_that_are_not_known_break_nothing():
    unknown = {field.name for field in msgspec.structs.fields(Facts) if field.default is None}
    assert len(unknown) >= 15
    assert run(good()) == ()


def test_messages_are_filled_in():
    found = run(bad("", {"/entry_number/check_digit": "8"}))
    assert [message(one) for one in found] == [
        "The check digit of entry number ZZZ-1000001-8 should be 9. Look at the seven digits again: one of them may be"
        " mistyped."
    ]
    assert legal_basis(found[0]) == "CATAIR appendix E; ACE condition B16"


def test_amounts_and_tariff_numbers_stand_in_messages_as_everywhere():
    past = Decimal("18667590.120000000")
    facts = {**on_file(), "deposits_last_12_months": past}
    told = [message(one) for one in run(bad("", facts=facts, assessed={"totals": owed()})) if one.code == "BOND-SAT"]
    assert "come to 18,667,590.12 dollars, so the bond should be 1,866,759, and it is 50,000." in told[0]
    unknown = run(bad("", {"/items/0/tariffs/0/hts_number": "9503000099"}))
    assert any("has no number 9503.00.00.99." in message(one) for one in unknown if one.code == "CLS-UNKNOWN")


def test_a_message_without_its_values_or_its_rule_still_shows():
    assert message(Violation("ENT-CHECK-DIGIT", "/entry_number/check_digit", {})).startswith(
        "The check digit of entry number … should be …."
    )
    assert message(
        Violation("ENT-CHECK-DIGIT", "", {"number": "{expected} {0.x}", "expected": "9", "more": "x"})
    ).startswith("The check digit of entry number {expected} {0.x} should be 9.")
    gone = Violation("GONE-1", "/profile", {})
    assert message(gone) == "GONE-1"
    assert legal_basis(gone) == ""
    with pytest.raises(KeyError):
        rule_of("GONE-1")


def test_a_rule_without_a_message_is_no_rule():
    def silent(case):
        return ()

    with pytest.raises(TypeError, match="no message"):
        rule("X", "error", "law")(silent)


def test_the_book_holds_every_rule_under_the_title_of_its_theme():
    page = rule_book_markdown()
    assert page == rule_book_markdown()
    assert page.count("\n## ") == len({one.theme for one in RULES}) == len(TITLES)
    assert {one.theme for one in RULES} == set(TITLES)
    for one in RULES:
        assert page.count(f"| `{one.code}` | {one.severity} | ") == 1
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    assert len(rows) == len(RULES)
    assert all(line.replace("\\|", "").count("|") == 5 for line in rows)


def test_pointers_name_members_that_a_declaration_has():
    for table in TABLES:
        for tries in table.values():
            for one in tries:
                for pointer in one.at:
                    assert _exists(pointer), pointer


def _exists(pointer: str) -> bool:
    kind = inspect.type_info(Document)
    for token in pointer.split("/")[1:]:
        if isinstance(kind, inspect.UnionType):
            kind = next(one for one in kind.types if not isinstance(one, inspect.NoneType))
        if isinstance(kind, inspect.StructType):
            fields = {field.encode_name: field.type for field in kind.fields}
            if token not in fields:
                return False
            kind = fields[token]
        elif isinstance(kind, inspect.VarTupleType) and token.isdigit():
            kind = kind.item_type
        else:
            return False
    return True


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("*.py")), ids=lambda path: path.stem)
def test_who_files_is_no_input_and_nothing_outside_is_read(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    names |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    names |= {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert not {one for one in names if one.replace("-", "_").lower() in ("filer_type", "filertype", "filer_kind")}
    assert not names & {"today", "utcnow", "open", "environ", "getenv"}
    modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names}
    allowed = {*sys.stdlib_module_names, "msgspec", "declarations", "portal"}
    assert {one.split(".")[0] for one in modules} <= allowed


def test_no_framework_is_loaded_with_the_rules():
    frameworks = "{'django', 'celery', 'rest_framework'}"
    code = f"import sys, declarations.rules.book; found = {frameworks} & sys.modules.keys(); assert not found, found"
    ran = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent.parent, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def test_facts_and_declaration_do_not_say_what_kind_of_filer_files():
    def members(kind):
        for field in msgspec.structs.fields(kind):
            yield field.encode_name

    assert "filer_type" not in {*members(Facts), *members(Document), *members(type(CODES))}


def test_rules_are_listed_once_each_in_the_module_they_stand_in():
    modules = {
        one.stem: sys.modules[f"declarations.rules.{one.stem}"] for one in PACKAGE.glob("*.py") if one.stem in TITLES
    }
    assert set(modules) == set(TITLES)
    for theme, module in modules.items():
        declared = [value for value in vars(module).values() if isinstance(value, Rule)]
        assert all(one in module.RULES for one in declared)
        assert [one for one in RULES if one.theme == theme] == list(module.RULES)


def test_tries_are_not_shared_between_cases():
    one = Try((), {"/items/0/tariffs/0/value": "5"}, {})
    before = run(good())
    run(one)
    assert run(good()) == before
