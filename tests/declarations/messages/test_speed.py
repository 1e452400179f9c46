"""How long a long declaration takes. Measures; never part of a test run."""

import time

import msgspec
import pytest

from declarations.assessment import Assessment
from declarations.decoding import decode
from declarations.messages.registry import validate
from declarations.messages.wco_read import decode_declaration
from declarations.messages.wco_xml import encode
from tests.declarations.messages.makers import GOLDEN
from tests.declarations.messages.test_registry import ON

LINES = 999


@pytest.mark.bench
def test_a_declaration_of_999_lines():
    document = decode((GOLDEN / "declaration.json").read_bytes())
    assessment = msgspec.json.decode((GOLDEN / "assessment.json").read_bytes(), type=Assessment)
    lines = [msgspec.structs.replace(document.items[n % 2], sequence=n + 1) for n in range(LINES)]
    owed = [msgspec.structs.replace(assessment.items[n % 2], sequence=n + 1) for n in range(LINES)]
    document = msgspec.structs.replace(document, items=tuple(lines))
    assessment = msgspec.structs.replace(assessment, items=tuple(owed))
    began = time.process_time()
    raw = encode(document, assessment=assessment, lrn="R", version=1)
    encoded = time.process_time()
    assert validate(raw, "US", "declaration", ON) == ()
    checked = time.process_time()
    assert len(decode_declaration(raw).items) == LINES
    read = time.process_time()
    took = encoded - began, checked - encoded, read - checked
    print(f"{len(raw):,} bytes: encode {took[0]:.2f} s, check {took[1]:.2f} s, read {took[2]:.2f} s")
    assert took[0] < 1
