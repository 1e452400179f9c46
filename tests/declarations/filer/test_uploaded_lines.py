"""Many lines at once: by file, by pasted rows, by JSON, and never over 999."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from declarations.filer.upload import template
from tests.declarations.filer.browsing import at, contents, form_at, key_of, page_of, value_in, values_of, words_of

HEAD = "description,hts_number,origin_country,price,currency,quantity_1,unit_1\n"
ROW = 'Wooden toys,9503.00.0073,China,"1,000.50",usd,10,no\n'


def uploaded(client, draft, text, how="replace", name="lines.csv"):
    raw = text if isinstance(text, bytes) else text.encode()
    return client.post(at(draft, "declaration_upload"), {"file": SimpleUploadedFile(name, raw), "how": how})


def test_the_example_file_can_be_read(client, draft):
    example = client.get(at(draft, "declaration_upload_example"))
    assert example.content.decode() == template()
    assert uploaded(client, draft, example.content).status_code == 302
    assert contents(draft)[0]["tariffs"][0]["quantities"] == [
        {"value": "100", "unit": "DOZ"}, {"value": "240", "unit": "KG"},
    ]  # fmt: skip


def test_999_lines_by_form_and_not_one_more(client, draft):
    assert uploaded(client, draft, HEAD + ROW * 999).url == at(draft, "declaration_lines")
    assert draft.items.count() == 999
    page = client.get(at(draft, "declaration_lines"))
    assert "999 lines" in words_of(page)
    assert len(page_of(page).xpath("//tbody/tr")) == 100
    following = page_of(page).xpath("//a[@rel='next']/@href")[0]
    assert page_of(client.get(at(draft, "declaration_lines") + following)).xpath("//tbody/tr[1]/@id") == ["line-101"]
    refused = uploaded(client, draft, HEAD + ROW * 1000)
    assert refused.status_code == 422
    assert "at most 999 lines; this file has 1000" in words_of(refused)
    more = uploaded(client, draft, HEAD + ROW, how="add")
    assert "there are 999, and the file has 1 more" in words_of(more)
    assert draft.items.count() == 999
    last = client.get(at(draft, "declaration_line", "new"))
    assert last.url == at(draft, "declaration_lines")
    lost = client.post(at(draft, "declaration_line", "new"), {"description": "one more"})
    assert lost.status_code == 409
    assert value_in(lost, "description") == "one more"
    assert not page_of(page).xpath("//button[@name='copy']")
    copied = client.post(at(draft, "declaration_lines"), {"copy": key_of(draft, 1)})
    assert copied.url == at(draft, "declaration_lines")
    assert "at most 999 lines" in words_of(client.get(copied.url))
    assert draft.items.count() == 999
    assert client.get(at(draft, "declaration_check")).status_code == 200


def test_without_lines_it_is_not_frozen_and_the_page_says_what_is_missing(client, draft):
    """By the form: the last line is taken out, then everything else is there."""
    assert client.get(at(draft, "declaration_lines")).status_code == 200
    gone = client.post(at(draft, "declaration_line_remove", 1), {"key": key_of(draft, 1)})
    assert gone.url == at(draft, "declaration_lines") and not draft.items.exists()
    page = client.get(at(draft, "declaration_check"))
    assert "The declaration has no line of goods. Add at least one." in words_of(page)
    refused = client.post(at(draft, "declaration_check"))
    assert refused.status_code == 422
    draft.refresh_from_db()
    assert draft.filing == "DRAFT" and draft.live_version is None
    for text in (HEAD, HEAD + ",,,,,,\n" * 3):
        assert uploaded(client, draft, text).status_code == 422
    assert not draft.items.exists()


def test_the_last_line_that_fits_is_typed_on_its_page_and_the_next_is_refused(client, draft):
    assert uploaded(client, draft, HEAD + ROW * 998).status_code == 302
    new = at(draft, "declaration_line", "new")
    typed, another = (values_of(form_at(client.get(new), new)) | {"description": "The last one", "act": "save"}
                      for _page in range(2))  # fmt: skip
    assert client.post(new, typed).url == at(draft, "declaration_lines")
    assert draft.items.count() == 999
    assert draft.items.get(sequence=999).content["description"] == "The last one"
    refused = client.post(new, another | {"description": "One more"})
    assert refused.status_code == 409
    assert "at most 999 lines" in words_of(refused)
    assert value_in(refused, "description") == "One more", "nothing typed is lost"
    assert draft.items.count() == 999
    assert draft.items.get(sequence=999).content["description"] == "The last one"


def test_999_pasted_rows_are_one_field(client, draft):
    rows = (HEAD + ROW.replace('"1,000.50"', "1000.50") * 999).replace(",", "\t")
    answer = client.post(at(draft, "declaration_upload"), {"rows": rows, "how": "replace"})
    assert answer.status_code == 302
    assert draft.items.count() == 999


@pytest.mark.parametrize(
    ("text", "row", "words"),
    [
        (HEAD, "1", "headings but no lines"),
        ("", "1", "The file is empty"),
        ("description,hts_number\nx,9503000073\n", "1", "This column is missing"),
        (HEAD.replace("price", "preis") + ROW, "1", "There is no column called “preis”"),
        (HEAD.replace("unit_1", "price") + ROW, "1", "This column stands twice"),
        (HEAD + ROW + ROW.replace("China", "Atlantis"), "3", "We find no single match"),
        (HEAD + ROW.replace("9503.00.0073", "95O3"), "2", "digits and dots only"),
        (HEAD + ROW.replace('"1,000.50"', "NaN"), "2", "Write a number"),
        (HEAD + ROW.replace('"1,000.50"', "-5"), "2", "without a minus sign"),
        (HEAD + ROW.replace("\n", ",too many\n"), "2", "more cells than there are headings"),
        (HEAD.encode() + ROW.replace("Wooden", "Hölzerne").encode("latin-1"), "2", "byte 0xF6 cannot be read"),
        (HEAD.encode() + b"PK\x00", "2", "NUL character"),
        (b"PK\x03\x04rest", "1", "This is a spreadsheet file"),
        (b"\xd0\xcf\x11\xe0rest", "1", "This is a spreadsheet file"),
        (b"%PDF-1.7\xff", "1", "This is a PDF file"),
        ('\n<?xml version="1.0"?><a/>', "1", "This is an XML or HTML file"),
        (HEAD + '"Wooden toys,9503\n', "2", "none closes it before the end of the file"),
        (HEAD + ROW.replace("Wooden", '"Wooden" and', 1), "2", "a separator or the end of the row must follow"),
        (HEAD + ROW.replace("Wooden", "x" * 140_000), "2", "longer than 131,072 characters"),
        ("[1, 2]", "1", "Give a list of lines"),
        ('[{"description": 5}]', "1", "Text in quotation marks"),
        ('[{"descripton": "x"}]', "1", "There is no member called"),
        ('[{"gross_mass_kg": "1e400"}]', "1", "An amount is plain digits"),
        ("[{", "1", "This is not JSON: the name of a member in quotation marks is expected (line 1, column 3)"),
        ("[" * 100_000, "1", "This is not JSON: it is nested too deeply"),
        ('[{"description": ' + "9" * 5000 + "}]", "1", "Text in quotation marks"),
        ('[{"description": "a", "description": "b"}]', "1", "is given twice in one object"),
    ],
)
def test_faults_of_a_file_name_row_and_column_and_nothing_is_taken_over(client, draft, text, row, words):
    before = contents(draft)
    refused = uploaded(client, draft, text)
    assert refused.status_code == 422
    rows = [" ".join(one.text_content().split()) for one in page_of(refused).xpath("//table[1]/tbody/tr")]
    assert any(words in one and one.startswith(row) for one in rows), rows
    assert contents(draft) == before


def test_other_encodings_and_marks(client, draft):
    for raw in ((HEAD + ROW).encode("utf-8-sig"), (HEAD + ROW).encode("utf-16"), (HEAD + ROW).replace("\n", "\r\n")):
        assert uploaded(client, draft, raw).status_code == 302
    semicolons = HEAD.replace(",", ";") + "Toys;9503000073;CN;1000.50;USD;10;NO\n"
    assert uploaded(client, draft, semicolons).status_code == 302
    assert contents(draft)[0]["valuation"]["invoice"] == {"value": "1000.5", "currency": "USD"}


def test_json_of_a_whole_declaration(client, draft):
    value = {"profile": "US", "items": [{"sequence": 7, **one} for one in contents(draft)] * 2}
    assert uploaded(client, draft, json.dumps(value)).status_code == 302
    assert draft.items.count() == 2
    assert "sequence" not in contents(draft)[0]
