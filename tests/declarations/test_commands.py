"""The commands that others rely on."""

import json
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command

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
