"""The authority stands alone: nothing of the portal but its bootstrap, no framework, small files and functions."""

import ast
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[3] / "portal" / "rehearsal"
FILES = sorted(PACKAGE.glob("**/*.py"))


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where they go"
            yield node.module


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_it_imports_the_standard_library_lxml_itself_and_bootstrap(path):
    for name in imported(ast.parse(path.read_text())):
        top = name.partition(".")[0]
        allowed = top == "lxml" or top in sys.stdlib_module_names
        own = name == "portal.bootstrap" or name.startswith("portal.rehearsal")
        assert allowed or own, f"{path.name} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_files_and_functions_are_small(path):
    text = path.read_text()
    assert len(text.splitlines()) < 350
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno < 40, f"{path.name}: {node.name}"


def test_there_is_something_to_look_at():
    assert len(FILES) > 10
