"""What linters cannot see: foreign keys, sizes, signals, clocks, floats."""

import ast
import importlib
import re
from pathlib import Path

import pytest
from django.apps import apps

from portal.errors import DomainError

ROOT = Path(__file__).resolve().parent.parent
LINE = ["portal", "brokers", "aeo", "declarations", "audits"]
FILES = [path for room in LINE for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]
DOORS = (
    "web",
    "api",
    "admin",
    "tasks",
    "middleware",
    "management",
    "filer",
    "officer",
    "public",
    "rehearsal",
    "printing",
)


def where(path):
    return str(path.relative_to(ROOT))


def test_foreign_keys_point_down_the_line():
    ours = [model for model in apps.get_models() if model.__module__.split(".")[0] in LINE]
    assert len(ours) >= 25
    for model in ours:
        for field in model._meta.get_fields():
            if field.is_relation and field.concrete and field.related_model in ours:
                own, other = (LINE.index(one.__module__.split(".")[0]) for one in (model, field.related_model))
                assert other <= own, f"{model._meta.label}.{field.name} points up the line"


def test_only_the_owners_packages_stand_at_the_top():
    found = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith((".", "_"))}
    assert found <= {*LINE, "templates", "static", "tests", "docs", "requirements", "node_modules", "var"}


@pytest.mark.parametrize("path", FILES, ids=where)
def test_files_and_functions_stay_small(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 400, f"{where(path)} is too long to be read at once"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= 50, f"{where(path)}: {node.name} has {length} lines"


def test_no_signals_of_our_own_and_no_logic_in_save():
    allowed = {"portal/trail/apps.py", "portal/celery.py"}
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        if where(path) not in allowed:
            assert not re.search(r"@receiver|post_save|(?<!def )pre_save|post_migrate|_prerun\.connect", text), where(
                path
            )
        if path.name == "models.py" or "models" in path.parts:
            assert "def save(" not in text, where(path)


def test_the_clock_is_read_at_the_doors_only():
    for path in FILES:
        parts = {*path.relative_to(ROOT).with_suffix("").parts}
        if not parts & set(DOORS):
            found = re.search(
                r"timezone\.now\(|datetime\.now\(|date\.today\(|\.utcnow\(", path.read_text(encoding="utf-8")
            )
            assert not found, f"{where(path)} reads the clock; take `now` as an argument"


def test_money_is_never_a_float():
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        assert "FloatField" not in text, where(path)
        if path.is_relative_to(ROOT / "declarations"):
            assert not re.search(r"(?<![\w.])float\(", text), where(path)


def test_xml_is_parsed_in_one_place():
    for path in FILES:
        if where(path) == "portal/xml.py" or path.is_relative_to(ROOT / "portal" / "rehearsal"):
            continue
        found = re.search(r"etree\.(fromstring|parse|XML)\(|XMLParser\(", path.read_text(encoding="utf-8"))
        allowed = (
            path.is_relative_to(ROOT / "declarations" / "messages")
            and "schema" in path.read_text(encoding="utf-8").lower()
        )
        assert not found or allowed, f"{where(path)} parses XML by itself"


def subclasses(kind):
    for one in kind.__subclasses__():
        yield one
        yield from subclasses(one)


def test_every_refusal_has_a_code_of_its_own():
    for path in FILES:
        if not {"rehearsal", "management"} & set(path.parts):
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
    ours = [one for one in subclasses(DomainError) if one.__module__.split(".")[0] in LINE]
    assert len(ours) >= 10
    codes = [one.code for one in ours]
    assert len(set(codes)) == len(codes), sorted(code for code in codes if codes.count(code) > 1)
    assert "DOMAIN" not in codes


def test_filer_type_is_no_input_to_any_rule():
    for path in (ROOT / "declarations").rglob("*.py"):
        if {"rules", "tariff"} & set(path.parts):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                name = getattr(node, "attr", getattr(node, "id", getattr(node, "arg", "")))
                assert name != "filer_type", where(path)


def test_only_one_function_writes_a_filings_state():
    for path in FILES:
        if where(path) == "declarations/services/acts.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("update", "bulk_update"):
                assert "filing" not in [word.arg for word in node.keywords], where(path)
            targets = node.targets if isinstance(node, ast.Assign) else []
            assert "filing" not in [getattr(target, "attr", "") for target in targets], where(path)
