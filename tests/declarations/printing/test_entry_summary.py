"""The PDF itself: what it says, that it says it the same way each time, and that no text can break it."""

import io
import json
import re
import time

import msgspec
import pytest
from pypdf import PdfReader

from declarations.printing import entry_summary, render_entry_summary
from portal.records.models import Blob
from portal.records.services import BlobDamaged
from tests.declarations.printing import makers
from tests.declarations.printing.hostile import CONTROLS_SHOWN, FOREIGN_SHOWN, LONG, MARKUP, hostile
from tests.declarations.printing.makers import make_version

pytestmark = pytest.mark.django_db
NOTICE = (
    "Entry summary data - prepared by the filer, layout follows CBP Form 7501 (02/26) block numbers; "
    "not an official form"
)


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def told(pdf: bytes) -> str:
    """The words of all pages, whatever the lines they stand on."""
    return " ".join(" ".join(pages(pdf)).split())


def tight(text: str) -> str:
    return "".join(text.split())


def test_it_says_number_totals_working_words_and_receipt():
    version = make_version(*makers.ocean())
    text = told(render_entry_summary(version))
    signature, receipt = version.signature, version.receipt
    for expected in (
        "ZZZ-1000001-9", "18,405.00", "212.13", "18,617.13", "45,000", "9903.91.06", "9903.05.31", "8507.60.00.90",
        "2,500 NO", "9,000.5 KG", "11,250.00", "499 Merchandise processing fee", "45000 x 12.5 %",
        "HTS 9903.05.31, note 52", "batteries of China, section 301", "sum of lines, between 34.58 and 670.86",
        "2026-test-10", "2026-11-01", "Nothing is missing: every line could be computed.", signature.statement,
        "Import Manager", "23 Nov 2026, 09:41:09 EST (14:41:09 UTC)", signature.code, receipt.code, version.lrn,
        "23 Nov 2026, 20:02:03 EST (24 Nov 2026, 01:02:03 UTC)", version.content_sha256, version.assessment_sha256,
    ):  # fmt: skip
        assert expected in text, expected
    assert text.count(version.digest) == 3  # of the version, signed, sent
    assert "Rehearsal" not in text
    assert "Not signed" not in text


def test_every_page_has_the_notice_the_number_the_digest_and_its_place():
    version = make_version(*makers.many(30))
    found = pages(render_entry_summary(version, rehearsal=True))
    assert len(found) > 4
    for at, page in enumerate(found, 1):
        words = " ".join(page.split())
        assert NOTICE in words
        assert "Rehearsal: nothing here has reached or will reach a real authority" in words
        assert "Entry ZZZ-1000001-9, version 1, frozen 23 Nov 2026, 09:30:05 EST" in words
        assert f"Digest {version.digest[:12]}" in words
        assert f"Page {at} of {len(found)}" in words


def test_the_first_page_has_totals_declaration_and_filer_whatever_the_number_of_lines():
    first = " ".join(pages(render_entry_summary(make_version(*makers.many(60))))[0].split())
    for expected in ("1 Entry number", "30 Importer of record", "44 Total", "18,617.13", "45 Declarant", "PO4711A"):
        assert expected in first


@pytest.mark.parametrize("made", [makers.truck, makers.deposit, makers.air], ids=["truck", "deposit", "air"])
def test_the_other_shipments_print(made):
    content, money = made()
    text = told(render_entry_summary(make_version(content, money)))
    for one in content.items:
        assert one.description in text
    for expected in (content.functional_reference_id, f"{money.total:,}"):
        assert expected in text


def test_the_same_version_gives_the_same_bytes_and_another_gives_others():
    version = make_version(*makers.deposit())
    first = render_entry_summary(version)
    render_entry_summary(make_version(*makers.air(), entry_number="ZZZ10000043"))
    assert render_entry_summary(type(version).objects.get(pk=version.pk)) == first
    assert render_entry_summary(version, rehearsal=True) != first
    assert PdfReader(io.BytesIO(first)).metadata.creation_date == makers.NOW


def test_only_the_fonts_that_come_with_the_typesetter_are_used():
    reader = PdfReader(io.BytesIO(render_entry_summary(make_version(*hostile()))))
    fonts = set()
    for page in reader.pages:
        fonts |= {str(one.get_object()["/BaseFont"]) for one in page["/Resources"]["/Font"].values()}
    assert fonts
    assert all("LibertinusSerif" in one for one in fonts), fonts


def test_it_is_an_accessible_document():
    reader = PdfReader(io.BytesIO(render_entry_summary(make_version(*makers.ocean()))))
    root = reader.trailer["/Root"]
    assert str(root["/Lang"]).lower().startswith("en")
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Entry summary ZZZ-1000001-9, version 1"
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()
    assert [one.title for one in reader.outline if not isinstance(one, list)] == [
        "Entry summary data", "Duty statement",
    ]  # fmt: skip
    assert all(page.mediabox[2:] == [612, 792] for page in reader.pages)


def test_a_version_that_is_not_signed_or_sent_says_so_on_every_page():
    version = make_version(*makers.ocean(), signed=False, sent=False, state="READY")
    found = pages(render_entry_summary(version))
    assert all("Not signed · Not sent to customs" in " ".join(page.split()) for page in found)
    text = " ".join(" ".join(found).split())
    assert "This version is not signed." in text
    assert "This version has not been sent to customs." in text
    version = make_version(*makers.ocean(), sent=False, state="VOID", entry_number="ZZZ10000027")
    text = told(render_entry_summary(version, rehearsal=True))
    assert "real authority · Void: this version was set aside before filing · Not sent to customs" in text
    version = make_version(*makers.ocean(), signed=False, sent=False, source="customs", entry_number="ZZZ10000035")
    text = told(render_entry_summary(version))
    assert "As corrected by customs" in text
    assert "Not signed" not in text


def test_what_could_not_be_computed_is_plain_on_both_halves():
    first, *rest = pages(render_entry_summary(make_version(*makers.unknown())))
    first, rest = " ".join(first.split()), " ".join(" ".join(rest).split())
    assert first.count("not computed") == 3
    assert "18,617.13 not complete" in first
    assert "Not everything could be computed." in rest
    assert "Line 002, tariffs 3 hts number The rate refers to a note. DUTY-RATE" in rest
    assert "Total of what could be computed" in rest
    assert "Nothing is missing" not in rest


def test_missing_parts_print_as_empty():
    text = told(render_entry_summary(make_version(makers.document(), makers.assessment(()), signed=False, sent=False)))
    assert "There are no lines of goods." in text
    assert "None" not in text
    text = told(render_entry_summary(make_version(makers.document(items=[{}]), makers.assessment(()), sent=False)))
    assert "001" in text
    assert "none" not in text.lower()


def test_no_text_runs_or_breaks_a_page():
    version = make_version(*hostile(), name=MARKUP[:200], statement=f"{MARKUP}\n\n{LONG}")
    pdf = render_entry_summary(version, rehearsal=True)
    text = tight(told(pdf))
    assert text.count(tight(MARKUP)) >= 6
    assert tight(f"Name {MARKUP[:200]}") in text
    assert tight(CONTROLS_SHOWN) in text
    assert tight(FOREIGN_SHOWN) in text
    assert "[U+6DF1][U+5733]" in text
    assert text.count(LONG) >= 8  # long words are whole, however many lines they take
    assert "root:" not in text


def test_nothing_starts_outside_the_margins():
    at: list[float] = []
    reader = PdfReader(io.BytesIO(render_entry_summary(make_version(*hostile(), name="N" * 200))))
    for page in reader.pages:
        page.extract_text(
            visitor_text=lambda text, cm, tm, *_: at.append(tm[4] * cm[0] + cm[4]) if text.strip() else None
        )
    assert at
    assert min(at) >= 36
    assert max(at) <= 612 - 36


def test_bills_beyond_the_block_are_listed():
    text = told(render_entry_summary(make_version(*hostile())))
    assert "and 17 more, listed after the lines" in text
    content, money = makers.ocean()
    bill = content.transport.bills[0]
    master = [msgspec.structs.replace(bill.master, number=f"BILL{at:03d}") for at in range(12)]
    bills = tuple(msgspec.structs.replace(bill, master=one) for one in master)
    content = msgspec.structs.replace(content, transport=msgspec.structs.replace(content.transport, bills=bills))
    text = told(render_entry_summary(make_version(content, money, entry_number="ZZZ10000050")))
    assert all(f"BILL{at:03d}" in text for at in range(12))


def test_as_many_lines_as_a_declaration_may_have():
    version = make_version(*makers.many(999))
    began = time.monotonic()
    pdf = render_entry_summary(version)
    took = time.monotonic() - began
    reader = PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) > 200
    last = " ".join(reader.pages[-1].extract_text().split())
    assert f"Page {len(reader.pages)} of {len(reader.pages)}" in last
    assert took < 60, "a few seconds on an idle machine"


def test_every_line_number_is_printed_once_in_the_form():
    content, money = makers.many(999)
    bare = tuple(msgspec.structs.replace(one, tariffs=one.tariffs[2:]) for one in content.items)
    content = msgspec.structs.replace(content, items=bare, bonds=())
    pdf = render_entry_summary(make_version(content, msgspec.structs.replace(money, items=())))
    numbers: list[str] = []
    for page in PdfReader(io.BytesIO(pdf)).pages:
        text = page.extract_text()
        if "Duty statement" in text.splitlines():
            break
        numbers += re.findall(r"^([0-9]{3})$", text, re.MULTILINE)
    assert numbers == [f"{at:03d}" for at in range(1, 1000)]


def test_what_was_kept_and_changed_is_not_printed():
    version = make_version(*makers.ocean())
    Blob.objects.filter(sha256=version.content_sha256).update(data=b"{}")
    with pytest.raises(BlobDamaged):
        render_entry_summary(version)


def test_a_typesetter_that_fails_or_hangs_is_told_in_words(monkeypatch, tmp_path):
    version = make_version(*makers.ocean())
    script = tmp_path / "script.py"
    monkeypatch.setattr(entry_summary, "TYPESETTER", script)
    script.write_text("import sys; sys.exit('no ink')")
    with pytest.raises(entry_summary.NotPrinted, match="could not be printed: no ink"):
        render_entry_summary(version)
    script.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(entry_summary, "TIME_LIMIT", 0.5)
    with pytest.raises(entry_summary.NotPrinted, match="in time"):
        render_entry_summary(version)


def test_the_order_to_the_typesetter_is_plain_ascii_json(monkeypatch):
    version = make_version(*hostile(), entry_number="ZZZ10000068")
    given = {}

    def run(command, **more):
        given.update(more)
        return type("Done", (), {"stdout": b"%PDF"})()

    monkeypatch.setattr(entry_summary.subprocess, "run", run)
    assert render_entry_summary(version) == b"%PDF"
    assert given["input"].isascii()
    assert json.loads(given["input"])["timestamp"] == int(makers.NOW.timestamp())
