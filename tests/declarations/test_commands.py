"""The commands that others rely on."""

import json
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from declarations.rules.book import rule_book_markdown
from portal.trail import protection
from portal.trail.models import TrailEntry
from tests.makers import make_declaration, make_document

pytestmark = pytest.mark.usefixtures("starter")


def whole(ship, **more):
    """A document as other software sends it: complete, with line numbers."""
    value = make_document(ship, profile="US", schema="2026-11", function="original", **more)
    for number, item in enumerate(value["items"], start=1):
        item["sequence"] = number
    return value


def run(*arguments, **options):
    out = StringIO()
    code = 0
    try:
        call_command(*arguments, stdout=out, stderr=StringIO(), **options)
    except SystemExit as end:
        code = end.code or 0
    return code, out.getvalue()


def refused(*arguments):
    """The one line that a command gives up with, and its exit code."""
    with pytest.raises(CommandError) as refusal:
        call_command(*arguments, stdout=StringIO(), stderr=StringIO())
    words = str(refusal.value)
    assert "\n" not in words
    return refusal.value.returncode, words


def test_the_rule_book_in_the_docs_is_what_the_rules_say():
    assert (settings.BASE_DIR / "docs" / "rulebook.md").read_text(encoding="utf-8") == rule_book_markdown()
    assert run("rulebook", check=True)[0] == 0


def test_validate_says_clean_violations_or_unreadable(tmp_path):
    path = tmp_path / "one.json"
    path.write_text(json.dumps(whole("S01")))
    code, out = run("validate", str(path))
    found = json.loads(out)
    assert [one for one in found["violations"] if one["severity"] == "error"] == []
    assert code == 0
    path.write_text(json.dumps(whole("S01", ports={})))
    code, out = run("validate", str(path))
    assert code == 1
    assert {"pointer": "/ports/entry", "severity": "error"}.items() <= next(
        one for one in json.loads(out)["violations"] if one["pointer"] == "/ports/entry"
    ).items()
    path.write_text('{"nonsense": 1}')
    code, out = run("validate", str(path))
    assert (code, json.loads(out)["violations"][0]["pointer"]) == (2, "/nonsense")


def test_validate_takes_one_a_line(tmp_path):
    path = tmp_path / "many.ndjson"
    path.write_text("\n".join(json.dumps(whole("S10")) for _ in range(3)))
    code, out = run("validate", str(path))
    assert (code, len(out.splitlines())) == (0, 3)


def test_a_bad_line_is_one_fault_and_the_others_are_judged(tmp_path):
    path = tmp_path / "many.ndjson"
    good, bad = json.dumps(whole("S10")), json.dumps(whole("S10", ports={}))
    for lines in ((good, "broken{", bad), ("broken{", good, bad), (good, "", "{}}", bad)):
        path.write_text("\n".join(lines))
        code, out = run("validate", str(path))
        answers = [json.loads(one) for one in out.splitlines()]
        assert code == 2
        assert len(answers) == 3
        assert sorted(one["readable"] for one in answers) == [False, True, True]
        codes = [one["code"] for answer in answers if not answer["readable"] for one in answer["violations"]]
        assert codes == ["DOC-JSON"]
        assert "/ports/entry" in [one["pointer"] for one in answers[-1]["violations"]]


def test_one_document_over_many_lines_is_one_whether_it_can_be_read_or_not(tmp_path):
    path = tmp_path / "one.json"
    text = json.dumps(whole("S10"), indent=1)
    path.write_text(text)
    assert len(run("validate", str(path))[1].splitlines()) == 1
    path.write_text(text[:-1])
    code, out = run("validate", str(path))
    (answer,) = [json.loads(one) for one in out.splitlines()]
    assert (code, answer["violations"][0]["code"]) == (2, "DOC-JSON")


@pytest.mark.parametrize("command", [("validate",), ("assess",), ("message", "decode"), ("message", "encode")])
def test_what_is_no_file_is_told_in_a_line(tmp_path, command):
    for path, words in ((tmp_path / "nothing.json", "no such file"), (tmp_path, "it is a folder")):
        code, told = refused(*command, str(path))
        assert (code, words in told, str(path) in told) == (2, True, True)


@pytest.mark.parametrize("command", ["load_tariff", "load_measures", "load_reference", "load_revisions"])
def test_loading_what_is_no_file_is_told_in_a_line(tmp_path, command):
    more = {"load_tariff": ["--effective", "2026-06-08"], "load_revisions": [str(tmp_path / "changes.csv")]}
    code, told = refused(command, str(tmp_path / "nothing.csv"), *more.get(command, []))
    assert (code, "no such file" in told) == (2, True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[" * 100_000, "The nesting is too deep."),
        ('{"items": ' + "[" * 600 + "]" * 600 + "}", "The nesting is too deep."),
        ('{"items": [{"sequence": ' + "9" * 5000 + "}]}", "A whole number is expected here."),
        ('{"items": [}', "a value is missing or is not written as JSON has it (line 1, column 12)"),
        ('{"items": []} x', "the value ends and something follows it"),
        ('{"profile": NaN}', "NaN is not a number of JSON"),
    ],
)
def test_json_that_cannot_be_read_is_told_without_a_word_of_the_parser(tmp_path, text, words):
    path = tmp_path / "one.json"
    path.write_text(text)
    code, out = run("validate", str(path))
    told = " ".join(one["message"] for one in json.loads(out)["violations"])
    assert code == 2
    assert words in told
    for leak in ("recursion", "set_int_max_str_digits", "Expecting", "char "):
        assert leak not in told


def test_a_day_without_a_schedule_is_a_violation(tmp_path, no_tariff):
    path = tmp_path / "one.json"
    path.write_text(json.dumps(whole("S01")))
    code, out = run("validate", str(path))
    assert (code, json.loads(out)["violations"][0]["code"]) == (1, "TARIFF_NO_EDITION")


def test_records_that_are_not_built_are_told_in_words(tmp_path):
    path = tmp_path / "one.json"
    path.write_text(json.dumps(whole("S01")))
    code, told = refused("message", "encode", str(path), "--format", "abi")
    assert (code, "--format wco" in told) == (2, True)


def test_a_message_goes_out_and_comes_back(tmp_path):
    source, wire = tmp_path / "one.json", tmp_path / "one.xml"
    source.write_text(
        json.dumps(whole("S02", entry_number={"filer_code": "ZZZ", "sequence": "1000002", "check_digit": "7"}))
    )
    code, out = run("message", "encode", str(source))
    wire.write_text(out.strip())
    assert code == 0
    code, out = run("message", "check", str(wire))
    assert (code, json.loads(out)["violations"]) == (0, [])
    code, out = run("message", "decode", str(wire))
    back = json.loads(out)
    assert [item["tariffs"][-1]["hts_number"] for item in back["items"]] == ["3926909989", "3923500000"]
    wire.write_text("<!DOCTYPE x><x/>")
    assert run("message", "check", str(wire))[0] == 2


def test_verify_trail_names_the_first_bad_entry():
    declaration = make_declaration("S01")
    assert run("verify_trail")[0] == 0
    protection.unprotect()
    TrailEntry.objects.filter(subject=declaration.reference, seq=2).update(body="{}")
    code, out = run("verify_trail", subject=declaration.reference)
    assert (code, f"{declaration.reference} entry 2" in out) == (1, True)


def test_verify_trail_knows_only_chains_that_are_there():
    declaration = make_declaration("S01")
    assert "all sound" in run("verify_trail", subject=declaration.reference)[1]
    code, told = refused("verify_trail", "--subject", "NOPE")
    assert (code, "no chain of “NOPE”" in told) == (2, True)
