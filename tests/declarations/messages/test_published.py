"""Against what others publish: their schemas and their samples. Skipped where these are not beside the project."""

from collections import Counter

import pytest
from lxml import etree

from declarations.document import Document
from declarations.messages.envelope import DEC, MD, MessageRefused
from declarations.messages.registry import published
from declarations.messages.wco_read import decode_correction, decode_declaration
from declarations.messages.wco_response import decode
from portal.xml import XmlRefused, parse

KNOWN = {"01", "02", "03", "05", "06", "07", "08", "09", "10", "11", "13", "14", "15", "16", "17", "18", "50", "51"}


@pytest.fixture(scope="module")
def samples(reference_data):
    """Every well-formed sample, by its root and what it carries."""
    found = {"answers": [], "declarations": [], "others": [], "broken": []}
    for path in sorted((reference_data / "wco" / "samples").rglob("*")):
        if path.suffix.lower() not in (".xml", ".txt"):
            continue
        raw = path.read_bytes()
        try:
            root = parse(raw)
        except XmlRefused:
            found["broken"].append((path, raw))
            continue
        names = {etree.QName(child).localname for child in root if isinstance(child.tag, str)}
        is_message = etree.QName(root).localname == "MetaData"
        kind = "answers" if is_message and "Response" in names else "declarations" if is_message else "others"
        found[kind].append((path, raw))
    return found


def test_all_published_notifications_are_read(samples):
    codes, faults, corrections = Counter(), [], 0
    for path, raw in samples["answers"]:
        for response in decode(raw):
            codes[response.function_code] += 1
            faults += [(path.name, one) for one in response.faults]
            assert response.response_id, path
            assert response.issued_at, path
            assert response.lrn, path
            assert response.mrn, path
            if response.declaration is not None:
                corrections += 1
                assert response.function_code == "07"
                assert isinstance(decode_correction(response.declaration), Document)
    assert faults == []
    assert len(samples["answers"]) >= 200
    assert sum(codes.values()) >= len(samples["answers"])
    assert set(codes) <= KNOWN
    assert codes["13"] > 50
    assert corrections > 5


def test_published_declarations_are_read_or_refused_with_a_code(samples, reference_data):
    """They are another country's: each is refused as that; in an envelope of ours, by its elements."""
    outcomes = Counter()
    for path, raw in samples["declarations"]:
        root = parse(raw)
        message = "cancellation" if root.findtext(f"{{{DEC}}}Declaration/{{{DEC}}}TypeCode") == "INV" else "declaration"
        if published(reference_data, message).faults(root):
            outcomes["not to the schema"] += 1
            continue
        assert refusal_codes(raw) == {"MSG-DIALECT"}, path
        outcomes[verdict(as_ours(root))] += 1
    assert outcomes["refused"] > 100
    assert outcomes["crashed"] == 0
    assert sum(outcomes.values()) == len(samples["declarations"])


def refusal_codes(raw):
    with pytest.raises(MessageRefused) as refusal:
        decode_declaration(raw)
    return {one.code for one in refusal.value.faults}


def as_ours(root):
    for name, said in (("ResponsibleCountryCode", "US"), ("AgencyAssignedCustomizationVersionCode", "1.0")):
        for element in root.iterfind(f"{{{MD}}}{name}"):
            element.text = said
    return etree.tostring(root)


def verdict(raw):
    try:
        decode_declaration(raw)
    except MessageRefused as refusal:
        assert refusal.faults
        assert all(one.pointer.startswith("/") for one in refusal.faults)
        return "refused"
    return "read"


def test_other_messages_and_broken_files_are_refused_with_a_code(samples):
    assert len(samples["broken"]) > 10
    for path, raw in samples["others"] + samples["broken"]:
        for reader in (decode, decode_declaration):
            with pytest.raises(MessageRefused) as refusal:
                reader(raw)
            assert refusal.value.faults[0].code.startswith("MSG-"), path
