"""Whatever is typed or sent: never an error of ours, never rounded in silence, never half saved, never run as script."""

import json
from copy import deepcopy
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from declarations.filer.steps import STEPS
from declarations.messages.wco_xml import encode
from declarations.models import Declaration
from declarations.services import filing
from portal.trail.models import TrailEntry
from tests.declarations.filer.browsing import at, error_at, form_at, page_of, step, value_in, values_of, words_of
from tests.makers import make_declaration, make_document

# What is typed, and what an amount holds then; None where it is refused.
NUMBERS = {
    "NaN": None, "nan": None, "sNaN": None, "Infinity": None, "-inf": None, "1e400": None, "1E+2": None, "4.5e4": None,
    "1e-9": None, "-0": None, "-1": None, "--1": None, "0x10": None, "1_000": None, "½": None, "²": None, "1 000 0": None,
    "1000000000000000000": None, "999999999999999": "999999999999999", "0.001": "0.001", "0.00000001": "0.00000001",
    "0.000000001": None, "١٢٣": None, "１２": None, "12,5": None, "1.234,50": None, "1,234.50": "1234.50",
    "1,23,4": None, "1,,000": None, "$ 7": "7", "+7": "7", ".5": "0.5", "5.": "5", "0007": "7", "0": "0",
    "\N{MINUS SIGN}3": None, "1\u00a0000": "1000", "7\x00": None, "=1+1": None, "True": None, "9" * 5000: None,
}  # fmt: skip
SCRIPT = "<script>x</script>"
TEXTS = [SCRIPT, "{{7*7}}{% now %}", "\"onerror='x'", "</textarea><b>", "javascript:x", "']]><!--"]
ODD = [
    "a\x00b",
    "\x00",
    "a\u202eb",
    "\ufeff",
    "\U0010ffff\ufffe",
    "e" + "\u0301" * 500,
    "\r\n\t",
    "x" * 20_000,
    "😀" * 300,
]
HEADER_STEPS = [one.slug for one in STEPS if one.slug != "lines"]


def everything():
    """All that is stored about declarations."""
    rows = Declaration.objects.order_by("pk").values_list("pk", "header", "row_version", "filing", "visited")
    items = [
        list(one.items.order_by("sequence").values_list("content", flat=True)) for one in Declaration.objects.all()
    ]
    return list(rows), items, TrailEntry.objects.count()


def typable(form):
    """Fields into which people write."""
    return [
        one.name for one in form.inputs
        if one.name and (one.tag == "textarea" or (one.tag == "input" and one.type in ("text", "email", "date")))
    ]  # fmt: skip


def decimals(form):
    return [one.name for one in form.inputs if one.tag == "input" and one.get("inputmode") in ("decimal", "numeric")]


AMOUNTS = ("gross_mass_kg", "charges_freight", "charges_insurance", "valuation_invoice_value")
REFUSED = [one for one, kept in NUMBERS.items() if kept is None]
READ = [one for one, kept in NUMBERS.items() if kept is not None]


def four(values):
    """Four at a time, one for each amount of the page."""
    return [(values + values[:3])[place : place + 4] for place in range(0, len(values), 4)]


def plain_ids(values):
    return " ".join(values)[:30].encode("unicode_escape").decode()


@pytest.mark.parametrize("typed", four(REFUSED), ids=plain_ids)
def test_a_number_that_is_none_is_refused_at_its_field(client, draft, typed):
    address = at(draft, "declaration_line", "1")
    form = form_at(client.get(address), address)
    assert set(AMOUNTS) <= set(decimals(form))
    before = everything()
    answer = client.post(address, {**values_of(form), "act": "save", **dict(zip(AMOUNTS, typed, strict=True))})
    assert answer.status_code == 422
    for name, text in zip(AMOUNTS, typed, strict=True):
        assert error_at(answer, name)
        assert "\x00" in text or value_in(answer, name) == text
    assert everything() == before


@pytest.mark.parametrize("typed", four(READ), ids=plain_ids)
def test_a_number_is_kept_exactly(client, draft, typed):
    address = at(draft, "declaration_line", "1")
    form = form_at(client.get(address), address)
    answer = client.post(address, {**values_of(form), "act": "save", **dict(zip(AMOUNTS, typed, strict=True))})
    assert answer.status_code == 302
    content = draft.items.get().content
    charges = content["charges"]
    kept = [
        content["gross_mass_kg"],
        charges["freight"],
        charges["insurance"],
        content["valuation"]["invoice"]["value"],
    ]
    assert [Decimal(one) for one in kept] == [Decimal(NUMBERS[one]) for one in typed]
    assert all(set(one) <= set("0123456789.") for one in kept)
    for page in (address, at(draft, "declaration_check"), at(draft, "declaration_working")):
        assert client.get(page).status_code == 200


def test_a_price_below_a_cent_is_filed_as_it_was_typed(client, draft):
    address = at(draft, "declaration_line", "1")
    form = form_at(client.get(address), address)
    client.post(address, {**values_of(form), "act": "save", "valuation_invoice_value": "45000.001"})
    client.post(at(draft, "declaration_check"))
    version = Declaration.objects.get().live_version
    document, assessment = filing.contents_of(version)
    assert document.items[0].valuation.invoice.value == "45000.001"
    body = encode(document, assessment=assessment, lrn=version.lrn, version=1)
    assert b"45000.001" in body


@pytest.mark.parametrize("typed", ["3.7", "0.001", "1e1", "١", "-1", "NaN", "1" * 16])
def test_a_whole_number_is_never_cut_down_to_one(client, draft, typed):
    form = form_at(client.get(step(draft, "bills")), step(draft, "bills"))
    before = everything()
    name = "transport_bills_0_manifest_quantity_value"
    answer = client.post(step(draft, "bills"), {**values_of(form), name: typed})
    assert answer.status_code == 422
    assert error_at(answer, name)
    assert value_in(answer, name) == typed
    assert everything() == before


def is_harmless(answer):
    """No markup of what was typed has become markup of the page."""
    tree = page_of(answer)
    assert not [one for one in tree.xpath("//script") if (one.text or "").strip() == "x"]
    assert not tree.xpath("//*[@onerror]")
    assert not tree.xpath("//*[starts-with(@href, 'javascript:') or starts-with(@src, 'javascript:')]")
    assert not tree.xpath("//textarea/following-sibling::b")
    assert SCRIPT not in answer.content.decode()
    return True


@pytest.mark.parametrize("part", range(3))
def test_markup_in_every_field_of_every_step_is_text(client, draft, part):
    for slug in HEADER_STEPS[part::3]:
        address = step(draft, slug)
        form = form_at(client.get(address), address)
        names = typable(form)
        for typed in (SCRIPT, TEXTS[1 + len(slug) % (len(TEXTS) - 1)]):
            answer = client.post(address, {**values_of(form), "base": "", **dict.fromkeys(names, typed)})
            assert answer.status_code in (302, 422)
            if answer.status_code == 422:
                assert is_harmless(answer), slug
                refused = [name for name in names if page_of(answer).xpath(f"//*[@id='id_{name}_error']")]
                assert all(value_in(answer, name) == typed for name in refused), "it comes back as it was typed"
        assert is_harmless(client.get(address)), slug
    for page in (at(draft, "declaration_check"), at(draft, "declaration"), reverse("home")):
        assert is_harmless(client.get(page)), page


@pytest.mark.parametrize("typed", TEXTS)
def test_markup_in_every_field_of_a_line_is_text(client, draft, typed):
    address = at(draft, "declaration_line", "1")
    form = form_at(client.get(address), address)
    names = typable(form)
    answer = client.post(address, {**values_of(form), "act": "save", **dict.fromkeys(names, typed)})
    assert answer.status_code == 422
    assert is_harmless(answer)
    assert draft.items.get().content["description"] == typed
    for page in (
        address, at(draft, "declaration_lines"), at(draft, "declaration_check"), at(draft, "declaration"),
        at(draft, "declaration_working"), at(draft, "declaration_line_remove", "1"), at(draft, "declaration_discard"),
        reverse("home"), reverse("declaration_list"), f"{address}?number={SCRIPT}&like={SCRIPT}&more={SCRIPT}",
    ):  # fmt: skip
        shown = client.get(page)
        assert shown.status_code == 200, page
        assert is_harmless(shown), page
    assert typed in words_of(client.get(at(draft, "declaration_lines")))


@pytest.mark.parametrize("typed", TEXTS)
def test_markup_stays_text_after_filing(client, actor, clock, typed):
    document = deepcopy(make_document("S01"))
    document["items"][0]["description"] = f"Batteries {typed}"
    document["contact"]["name"] = typed
    document["parties"]["seller"]["name"] = typed
    filed = make_declaration("S01", actor=actor, until="submitted", now=clock(), items=document["items"],
                             contact=document["contact"], parties=document["parties"])  # fmt: skip
    names = ("declaration", "declaration_status", "declaration_receipt", "declaration_messages", "declaration_working")
    for name in names:
        assert is_harmless(client.get(at(filed, name))), name
    message = page_of(client.get(at(filed, "declaration_messages"))).xpath("//a[contains(@href, '/messages/M')]/@href")
    assert is_harmless(client.get(message[0]))
    assert client.get(at(filed, "entry_summary")).content.startswith(b"%PDF")
    asked = client.post(at(filed, "declaration_cancel"), {"reason_code": "01", "reason": typed})
    assert is_harmless(asked)
    client.post(at(filed, "declaration_cancel"), {"reason_code": "01", "reason": typed, "confirmed": "yes"})
    assert is_harmless(client.get(at(filed, "declaration")))
    assert is_harmless(client.get(f"{reverse('declaration_list')}?q={typed}&group={typed}&type={typed}"))
    assert not client.get(reverse("declaration_codes", args=["ports"]), {"q": typed}).content.strip()


@pytest.mark.parametrize("number", range(len(ODD)), ids=[one[:9].encode("unicode_escape").decode() for one in ODD])
def test_odd_characters_everywhere_at_once(client, draft, number):
    """PostgreSQL keeps no NUL; nobody sees what turns the direction of writing."""
    typed = ODD[number]
    for address in (*(step(draft, slug) for slug in HEADER_STEPS[number % 6 :: 6]), at(draft, "declaration_line", "1")):
        names = [one for one in values_of(form_at(client.get(address), address)) if one != "csrfmiddlewaretoken"]
        sent = dict.fromkeys([*names, "act", "more", "remove"], typed)
        assert client.post(address, sent).status_code in (302, 409, 422), address
        assert client.post(address, {**sent, "base": ""}).status_code in (302, 422), address
        assert client.get(address).status_code == 200
    stored = json.dumps([Declaration.objects.get().header, draft.items.get().content])
    assert "\\u0000" not in stored
    assert "\\u202e" not in stored


@pytest.mark.parametrize("typed", ["²", "٣", "-1", "\x00", "99999999999999999999", ""])
def test_odd_numbers_in_addresses_and_buttons(client, draft, typed):
    line, lines = at(draft, "declaration_line", "1"), at(draft, "declaration_lines")
    for page in (
        lines, line, at(draft, "declaration_working"), at(draft, "entry_summary"), reverse("declaration_list"),
        at(draft, "declaration_tariff_search", "1"), step(draft, "papers"), at(draft, "declaration_status"),
    ):  # fmt: skip
        asked = dict.fromkeys(
            ("after", "show", "like", "number", "more", "version", "q", "seen", "group", "type"), typed
        )
        assert client.get(page, asked).status_code in (200, 204, 302), page
    before = everything()
    for sent in ({"up": typed}, {"down": typed}, {"copy": typed}):
        assert client.post(lines, sent).status_code == 302
    for address in (step(draft, "papers"), line):
        for sent in (
            {"remove": f"documents:{typed}"},
            {f"documents_{typed}_number": "INV-9", f"adcvd_{typed}_rate": "1"},
        ):
            assert client.post(address, sent).status_code in (302, 422), (address, sent)
    assert before[0][0][1]["documents"] == Declaration.objects.get().header["documents"]
    assert everything()[1] == before[1]


@pytest.mark.parametrize(
    "raw", [b"contact_name=%ED%A0%80", b"contact_name=%FF%FE", b"%00=%00", b"a" * 5000, b"&&&==", b"contact_name=%"]
)
def test_bodies_that_are_no_text(client, draft, raw):
    kind = "application/x-www-form-urlencoded"
    for address in (
        step(draft, "contact"),
        at(draft, "declaration_autosave", "contact"),
        at(draft, "declaration_line", "1"),
    ):
        assert client.post(address, raw, content_type=kind).status_code in (200, 302, 422)
    assert client.get(step(draft, "contact")).status_code == 200


@pytest.mark.parametrize(
    "kind", ["application/json", "text/plain", "application/xml", "multipart/form-data; boundary=x"]
)
def test_bodies_of_another_kind_change_nothing(client, draft, kind):
    before = everything()
    for body in (b'{"contact_name": "Kim"}', b"contact_name=Kim", b"\x00\xff"):
        answer = client.post(step(draft, "contact"), body, content_type=kind)
        assert answer.status_code in (302, 400)
    assert everything()[0][0][1] == before[0][0][1]


def test_a_body_that_is_too_large_is_refused(client, draft):
    before = everything()
    for sent in ({"contact_name": "x" * 11_000_000}, {f"f{number}": "" for number in range(2_001)}):
        answer = client.post(step(draft, "contact"), sent)
        assert answer.status_code in (400, 413)
    assert everything() == before


def test_a_file_that_is_too_large_is_refused_with_words(client, draft):
    before = everything()
    answer = client.post(at(draft, "declaration_upload"), {"file": SimpleUploadedFile("lines.csv", b"x" * 8_000_001)})
    assert answer.status_code == 422
    assert "larger than 8 MB" in words_of(answer)
    assert everything() == before


LINE = '{"description": "Toys", "origin_country": "CN"%s}'
FILES = {
    "a NUL": "[" + LINE % ', "visa": "a\\u0000b"' + "]",
    "a lone surrogate": "[" + LINE % ', "visa": "a\\ud800b"' + "]",
    "a number where a text belongs": "[" + LINE % ', "gross_mass_kg": 4.5' + "]",
    "an amount with an exponent": "[" + LINE % ', "gross_mass_kg": "1e3"' + "]",
    "not a number": "[" + LINE % ', "gross_mass_kg": NaN' + "]",
    "infinity": "[" + LINE % ', "gross_mass_kg": Infinity' + "]",
    "a huge exponent": "[" + LINE % ', "gross_mass_kg": 1e400' + "]",
    "an unknown member": "[" + LINE % ', "colour": "red"' + "]",
    "a member twice": "[" + LINE % ', "description": "Dolls"' + "]",
    "great depth": "[" * 20_000 + "]" * 20_000,
    "no list": '{"items": {"0": {}}}',
    "a list of texts": '["x"]',
    "nothing": "[]",
    "half of it": '[{"description": "Toys"',
    "a constant": "[null]",
    "a formula and a script": 'description,hts_number,origin_country,price\n"=1+1<script>x</script>",NaN,CN,1e400\n',
    "a quote that does not end": 'description,hts_number,origin_country,price\n"Toys,9503000073,CN,1\n',
}  # fmt: skip


@pytest.mark.parametrize("what", FILES)
def test_a_file_that_cannot_be_read_takes_nothing_over(client, draft, what):
    before = everything()
    answer = client.post(
        at(draft, "declaration_upload"), {"file": SimpleUploadedFile("lines", FILES[what].encode()), "how": "replace"}
    )
    assert answer.status_code == 422
    assert page_of(answer).xpath("//table[caption='What cannot be read']/tbody/tr")
    assert is_harmless(answer)
    assert everything() == before


def test_a_refused_move_writes_nothing(client, draft):
    before = everything()
    for sent in ({"copy": "9"}, {"up": "9"}, {"down": "7"}):
        assert client.post(at(draft, "declaration_lines"), sent).status_code in (302, 404), sent
    assert everything() == before
