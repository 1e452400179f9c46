"""Who files is no input to fees, quotas, rules or parameters: by columns, by code lists, by the code itself (SF-08, 13)."""

import ast
import csv
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models

from portal.parameters.models import Parameter

ROOT = Path(__file__).resolve().parent.parent
# Where it is told who filed: who people are, who filed what, and what is counted of it afterwards.
TELLS = {"accounts.Organization", "declarations.Declaration", "declarations.DeclarationVersion", "parity.ParityFigure"}
# Names of columns and of values that say who files.
NAMES = re.compile(
    r"(?:^|_)(?:filer|filed_by|declarant|submitter|transmitter|organi[sz]ation|account)_?(?:type|kind|class|tier)s?$"
    r"|^(?:is_)?(?:self_?filer|self_?filed|by_?broker|broker|provider|filer)s?$",
    re.IGNORECASE,
)
VALUES = re.compile(
    r"^(?:self|self[-_ ]?filers?|self[-_ ]?filed|broker|customs[-_ ]broker|provider|service[-_ ]provider|SP|BROKER)$",
    re.IGNORECASE,
)
TABLES = {
    "Fee",
    "Quota",
    "Rate",
    "Measure",
    "Rule",
    "Waiver",
    "Parameter",
    "Tariff",
    "Program",
    "Threshold",
    "Charge",
    "Queue",
    "Code",
}
PURE = ("rules", "tariff", "document", "pointers", "messages")
ASKS = {"filer_type", "filer_type_of", "filer_kind", "organization_kind", "transmitter_kind"}
ORGANIZATIONS = {"filer", "importer", "transmitter", "organization", "declarant", "actor"}


def suspicious_columns(fields):
    """Columns that tell who files."""
    return [name for name in fields if NAMES.search(name)]


def suspicious_choices(field):
    """Codes of a column that are kinds of filers."""
    return [str(code) for code, _label in field.flatchoices or () if VALUES.match(str(code))]


def mentions(source):
    """Where code asks who files: by a name, by the kind of an organization, by a value that it compares."""
    found = []
    for node in ast.walk(ast.parse(source)):
        name = getattr(node, "attr", getattr(node, "id", getattr(node, "arg", None)))
        if name in ASKS or (isinstance(node, ast.Constant) and node.value in ASKS):
            found.append(f"{node.lineno}: {name or node.value}")
        if isinstance(node, ast.Attribute) and node.attr == "kind" and last_name(node.value) in ORGANIZATIONS:
            found.append(f"{node.lineno}: {last_name(node.value)}.kind")
        told = name or getattr(node, "value", None)
        if isinstance(told, str) and re.search(r"(?:^|__)(?:filer|importer|transmitter|organization)__kind", told):
            found.append(f"{node.lineno}: {told}")
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = getattr(node, "module", "") or ""
            names = [f"{module}.{one.name}" for one in node.names]
            found += [
                f"{node.lineno}: imports {one}" for one in names if re.search(r"parity|accounts\.(models|roles)", one)
            ]
        if isinstance(node, ast.Compare):
            values = [one.value for one in (node.left, *node.comparators) if isinstance(one, ast.Constant)]
            found += [
                f"{node.lineno}: compares {one!r}" for one in values if isinstance(one, str) and VALUES.match(one)
            ]
    return found


def last_name(node):
    return getattr(node, "attr", getattr(node, "id", ""))


OURS = [
    one for one in apps.get_models()
    if one.__module__.split(".")[0] in ("portal", "brokers", "aeo", "declarations", "audits")
]  # fmt: skip
MODULES = sorted(
    path for part in PURE for path in (ROOT / "declarations" / part).rglob("*.py") if "migrations" not in path.parts
) + [ROOT / "declarations" / name for name in ("assessment.py", "facts.py", "flow.py", "standing.py")]
STARTERS = sorted([*ROOT.glob("portal/**/*.csv"), *ROOT.glob("declarations/**/*.csv"), *ROOT.glob("audits/**/*.csv")])


def columns_of(model):
    return [field.name for field in model._meta.get_fields() if field.concrete]


@pytest.mark.parametrize("model", OURS, ids=lambda one: one._meta.label)
def test_no_table_has_a_column_or_a_code_of_who_files(model):
    if model._meta.label in TELLS:
        return
    links = {field.name for field in model._meta.get_fields() if field.concrete and field.is_relation}
    assert suspicious_columns(name for name in columns_of(model) if name not in links) == []
    for field in model._meta.concrete_fields:
        if model._meta.label != "accounts.Membership":  # a role says what a person may do, and is asked by nothing else
            assert suspicious_choices(field) == [], field
    if TABLES & set(re.findall("[A-Z][a-z]+", model.__name__)):
        pointed = {field.related_model._meta.label for field in model._meta.get_fields() if field.name in links}
        allowed = {"declarations.Waiver", "declarations.FilerCode"}  # leave for one filing; whose entry numbers
        assert "accounts.Organization" not in pointed or model._meta.label in allowed, "a price or rule of one filer"


def test_tables_that_tell_who_files_are_still_there():
    assert {one._meta.label for one in OURS} >= TELLS


@pytest.mark.parametrize("path", STARTERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_starter_table_has_a_column_of_who_files(path):
    with path.open(encoding="utf-8", newline="") as handle:
        assert suspicious_columns(next(csv.reader(handle))) == []


@pytest.mark.django_db
def test_no_parameter_is_of_who_files():
    rows = list(Parameter.objects.values_list("name", "value"))
    assert rows
    for name, value in rows:
        assert not NAMES.search(name), name
        assert not re.search(r"self_?fil|broker|provider|filer", name), name
        assert not VALUES.match(value), (name, value)


@pytest.mark.django_db
def test_no_column_of_the_database_is_left_out():
    """Columns that a migration adds and no model has would be found too."""
    known = {one._meta.db_table: one._meta.label for one in OURS}
    with connection.cursor() as cursor:
        for table in sorted(known.keys() & set(connection.introspection.table_names(cursor))):
            if known[table] in TELLS:
                continue
            names = [one.name for one in connection.introspection.get_table_description(cursor, table)]
            assert suspicious_columns(name for name in names if not name.endswith("_id")) == [], table


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_rule_and_no_duty_asks_who_files(path):
    assert mentions(path.read_text(encoding="utf-8")) == []


def test_the_scan_looks_at_something():
    assert len(MODULES) > 80
    assert len(STARTERS) > 10
    assert len(OURS) > 30


# ---- what a planted mistake looks like ---------------------------------------------------------

PLANTED = (
    "def fee(document, filer_type): return 0",
    "def fee(document): return 1 if document.filer_type else 2",
    "def rule(facts):\n    return facts.filer.kind",
    "def rule(declaration):\n    return declaration.importer.kind == 'importer'",
    "def rule(who):\n    return who == 'self-filer'",
    "def rule(who):\n    return 'broker' != who",
    "ROWS = Fee.objects.filter(filer__kind='broker')",
    "ROWS = Fee.objects.filter(**{'declaration__transmitter__kind': 1})",
    "from declarations.parity.counting import filer_type_of",
    "from portal.accounts.models import Organization",
    "VALUE = row['filer_type']",
)


@pytest.mark.parametrize("source", PLANTED)
def test_the_scan_of_code_finds_a_planted_mistake(source):
    assert mentions(source)


def test_the_scan_of_code_leaves_other_kinds_alone():
    assert mentions("def rule(line):\n    return line.kind == 'fee' and item.filer_code") == []


@pytest.mark.parametrize(
    "name", ["filer_type", "filer_kind", "organization_kind", "self_filer", "is_self_filer", "broker", "account_tier"]
)
def test_the_scan_of_columns_finds_a_planted_one(name):
    assert suspicious_columns(["amount", name]) == [name]


def test_the_scan_of_codes_finds_planted_ones():
    field = models.CharField(choices=[("all", "All"), ("self", "Self-filers"), ("BROKER", "Brokers")])
    assert suspicious_choices(field) == ["self", "BROKER"]
    assert suspicious_columns(["fee_class", "filer_code", "minimum", "kind", "effective_from"]) == []


def test_a_planted_model_fails():

    class PlantedFee(models.Model):
        amount = models.DecimalField(max_digits=9, decimal_places=2)
        filer_type = models.CharField(max_length=10)

        class Meta:
            app_label = "tariff"
            managed = False

    try:
        with pytest.raises(AssertionError):
            test_no_table_has_a_column_or_a_code_of_who_files(PlantedFee)
    finally:
        del apps.all_models["tariff"]["plantedfee"]
        apps.clear_cache()
