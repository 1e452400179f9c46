"""The table of lines and the page of one: typed as people write, shown normalised, never over 999."""

import re

import pytest
from django.urls import reverse

from declarations.models import GoodsItem
from tests.declarations.filer.browsing import (
    at,
    contents,
    error_at,
    fill,
    form_at,
    key_of,
    page_of,
    send,
    value_in,
    values_of,
    words_of,
)
from tests.makers import make_declaration


def described(draft):
    return [one["description"] for one in contents(draft)]


@pytest.fixture
def three(draft):
    first = contents(draft)[0]
    for number, words in enumerate(("one", "two", "three"), start=1):
        GoodsItem.objects.update_or_create(
            declaration=draft,
            sequence=number,
            defaults={"content": first | {"description": words}, "description": words},
        )
    draft.item_count = 3
    draft.save()
    return draft


def press(client, draft, name, line):
    """A button of the row of a line."""
    address = at(draft, "declaration_lines")
    tree = page_of(client.get(address))
    buttons = tree.xpath(f"//tr[@id='line-{line}']//button[@name='{name}']")
    assert buttons, f"line {line} has no button {name}"
    return client.post(address, {name: buttons[0].get("value")})


def test_copy_move_and_take_out(client, three):
    lines = at(three, "declaration_lines")
    assert press(client, three, "down", 1).url == f"{lines}#line-2"
    assert described(three) == ["two", "one", "three"]
    assert press(client, three, "up", 3).url == f"{lines}#line-2"
    assert described(three) == ["two", "three", "one"]
    copied = press(client, three, "copy", 2)
    assert copied.url == at(three, "declaration_line", "4")
    assert described(three) == ["two", "three", "one", "three"]
    asked = page_of(client.get(lines)).xpath("//tr[@id='line-1']//a[contains(@href, 'remove')]/@href")[0]
    asking = client.get(lines + asked)
    assert "Take out line 1?" in words_of(asking)
    assert described(three)[0] == "two", "nothing is gone before the answer"
    assert "Line 1 is taken out" in words_of(send(client, asking, (lines + asked).partition("?")[0], follow=True))
    assert described(three) == ["three", "one", "three"]
    for nonsense in ("0", "77", "-1", "x", "١", "K00000000000I", "\x00"):
        assert client.post(lines, {"copy": nonsense}).status_code == 302
        assert client.post(at(three, "declaration_line_remove", "1"), {"key": nonsense}).status_code in (200, 302)
    assert len(described(three)) == 3


def test_a_line_goes_only_where_there_is_another(client, three):
    def ways(line):
        row = page_of(client.get(at(three, "declaration_lines"))).xpath(f"//tr[@id='line-{line}']")[0]
        return row.xpath(".//button/@name")

    assert (ways(1), ways(2), ways(3)) == (["copy", "down"], ["copy", "up", "down"], ["copy", "up"])
    three.items.filter(sequence__gt=1).delete()
    three.item_count = 1
    three.save()
    assert ways(1) == ["copy"]
    last = client.post(at(three, "declaration_lines"), {"down": key_of(three, 1)})
    assert last.url == at(three, "declaration_lines") + "#line-1"


def test_save_and_add_the_next_and_copy_from_the_line_above(client, draft):
    answer = fill(client, at(draft, "declaration_line", "1"), act="next", description="First")
    assert answer.url == at(draft, "declaration_line", "new")
    empty = client.get(answer.url)
    assert value_in(empty, "sold_to_same_as") == "importer"
    assert page_of(empty).xpath("//a[@href='?like=1']")
    like = client.get(answer.url + "?like=1")
    assert value_in(like, "description") == "First"
    sent = values_of(form_at(like, answer.url)) | {"description": "Second", "act": "save"}
    assert client.post(answer.url, sent).url == at(draft, "declaration_lines")
    first, second = contents(draft)
    assert second == first | {"description": "Second"}


def test_what_nobody_asks_about_stays_in_the_line(client, draft):
    item = draft.items.get()
    item.content |= {
        "visa": "V1",
        "importer_declarations": [{"type": "08", "country": "DE"}],
        "measures": {"jewels": "3"},
    }
    item.content["ftz"] = {"zone_id": "77"}
    item.save()
    fill(client, at(draft, "declaration_line", "1"), act="save", description="Other words")
    after = draft.items.get().content
    assert after["description"] == "Other words"
    assert (after["visa"], after["measures"], after["ftz"]) == ("V1", {"jewels": "3"}, {"zone_id": "77"})
    assert after["importer_declarations"] == [{"type": "08", "country": "DE"}]


def test_the_number_decides_the_units_and_nothing_given_is_dropped(client, draft):
    address = at(draft, "declaration_line", "1")
    page = client.get(address)
    assert page_of(page).xpath("//input[@id='units']/@value") == ["NO,KG"]
    fill(client, address, act="save", tariffs_0_hts_number="9503.00.0073")  # counted in number only
    again = client.get(address)
    assert page_of(again).xpath("//input[@id='units']/@value") == ["NO,KG"], (
        "the kilograms stay until they are taken out"
    )
    assert "this is one more" in words_of(again)
    fill(client, address, act="save", tariffs_0_quantities_1_value="")
    assert [one["unit"] for one in contents(draft)[0]["tariffs"][-1]["quantities"]] == ["NO"]


def test_a_foreign_price_gets_its_rate_of_the_day_of_export(client, draft, monkeypatch):
    from declarations.tariff.view import ExchangeQuote, TariffView

    def quote(self, currency, on):
        rates = {"2026-11-02": "1.09", "2026-11-03": "1.1"}
        return ExchangeQuote(currency=currency, rate=__import__("decimal").Decimal(rates[on.isoformat()]), rate_date=on,
                             basis="daily")  # fmt: skip

    monkeypatch.setattr(TariffView, "exchange", quote)
    address = at(draft, "declaration_line", "1")
    typed = {"valuation_invoice_currency": "eur", "valuation_invoice_value": "1.000,50", "export_date": "2026-11-02"}
    refused = fill(client, address, act="save", **typed)
    assert "A comma separates thousands" in error_at(refused, "valuation_invoice_value")
    fill(client, address, act="save", **typed | {"valuation_invoice_value": "1000.50", "valuation_entered_value": ""})
    assert contents(draft)[0]["valuation"]["exchange"] == {"rate": "1.09", "rate_date": "2026-11-02", "basis": "daily"}
    page = client.get(address)
    assert "Entered value: $1,091" in words_of(page)
    assert "1000.5 EUR x 1.09" in words_of(page)
    fill(client, address, act="save", export_date="2026-11-03")
    assert contents(draft)[0]["valuation"]["exchange"]["rate"] == "1.1"
    fill(client, address, act="save", valuation_exchange_rate="1.2")
    fill(client, address, act="save", export_date="2026-11-02")
    assert contents(draft)[0]["valuation"]["exchange"]["rate"] == "1.2", "what the filer wrote stands"
    fill(client, address, act="save", valuation_invoice_currency="USD", valuation_exchange_rate="")
    assert "exchange" not in contents(draft)[0]["valuation"]


def test_the_makers_code_follows_its_name_until_somebody_writes_one(client, draft):
    address = at(draft, "declaration_line", "1")
    fill(client, address, act="save", manufacturer_mid="", manufacturer_name="Example Cells Co.")
    assert contents(draft)[0]["manufacturer"]["mid"] == "CNEXACEL123SHE"
    fill(client, address, act="save", manufacturer_name="Other Cells Co.")
    assert contents(draft)[0]["manufacturer"]["mid"] == "CNOTHCEL123SHE"
    fill(client, address, act="save", manufacturer_mid="cnotherxyz")
    fill(client, address, act="save", manufacturer_name="Third Cells Co.")
    assert contents(draft)[0]["manufacturer"]["mid"] == "CNOTHERXYZ"


def test_a_case_gets_its_value_and_deposit(client, actor, clock):
    draft = make_declaration("S03", actor=actor, now=clock())
    address = at(draft, "declaration_line", "1")
    fill(client, address, act="save", adcvd_0_value="", adcvd_0_deposit="", adcvd_0_rate="216.01")
    case = contents(draft)[0]["adcvd"][0]
    assert (case["value"], case["deposit"]) == ("24000", "51842.40")
    fill(client, address, act="save", adcvd_0_rate="100")
    assert contents(draft)[0]["adcvd"][0]["deposit"] == "24000.00"


def test_numbers_stand_in_wire_order_whatever_the_order_of_typing(client, draft):
    address = at(draft, "declaration_line", "1")
    shown = client.get(address + "?more=tariffs")
    count = len(contents(draft)[0]["tariffs"])
    typed = values_of(form_at(shown, address)) | {f"tariffs_{count}_hts_number": "9802.00.40", "act": "save"}
    client.post(address, typed)
    numbers = [(one["hts_number"][:2], one["role"]) for one in contents(draft)[0]["tariffs"]]
    assert numbers[0] == ("98", "provision")
    assert numbers[-1] == ("85", "classification")


def test_look_up_by_words_and_by_digits(client, draft):
    address = at(draft, "declaration_tariff_search", "1")
    page = client.get(address, {"q": "lithium batteries"})
    links = page_of(page).xpath("//main//a[contains(@href, '?number=')]/@href")
    assert at(draft, "declaration_line", "1") + "?number=8507600090#goods" in links
    shown = client.get(at(draft, "declaration_line", "1") + "?number=9503000073")
    assert value_in(shown, "tariffs_0_hts_number") == "9503.00.00.73"
    assert contents(draft)[0]["tariffs"][-1]["hts_number"] == "8507600090", "looking writes nothing"
    headings = client.get(address, {"q": "8507"})
    assert "choose a number below it" in words_of(headings)
    for odd in ("", "\x00", "'; --", "%", "ь" * 300, '"'):
        assert client.get(address, {"q": odd}).status_code == 200
    inline = client.get(address, {"q": "lithium"}, headers={"HX-Request": "true"})
    assert b"<html" not in inline.content
    box = client.get(address, {"box": "1"}, headers={"HX-Request": "true"})
    assert b'name="q"' in box.content


def test_the_parts_for_a_number_come_together(client, draft):
    address = at(draft, "declaration_line", "1")
    typed = values_of(form_at(client.get(address), address))
    answer = client.post(at(draft, "declaration_line_number", "1"), typed | {"number": "9503000073"})
    tree = page_of(answer)
    assert tree.xpath("//input[@name='tariffs_0_hts_number']/@value") == ["9503.00.00.73"]
    assert tree.xpath("//input[@id='units']/@value") == ["NO,KG"]
    assert tree.xpath("//*[@id='program-field']//select")
    wrong = client.post(at(draft, "declaration_line_number", "1"), typed | {"tariffs_0_hts_number": "85x"})
    assert "digits and dots only" in words_of(wrong)


def test_a_number_that_is_divided_further_is_not_saved_and_leads_to_those_below(client, draft):
    address = at(draft, "declaration_line", "1")
    refused = fill(client, address, act="save", tariffs_0_hts_number="850760", description="Other words")
    assert refused.status_code == 422
    words = error_at(refused, "tariffs_0_hts_number")
    assert re.fullmatch(r"8507\.60 is divided further: choose one of its \d+ numbers\.", words)
    assert value_in(refused, "tariffs_0_hts_number") == "850760"
    link = page_of(refused).xpath("//a[contains(@href, '?under=850760')]/@href")
    assert "8507.60.00.90" in words_of(client.get(link[0]))
    stored = contents(draft)[0]
    assert (stored["tariffs"][-1]["hts_number"], stored["description"]) == ("8507600090", "Other words")
    typed = values_of(form_at(client.get(address), address)) | {"tariffs_0_hts_number": "850760"}
    part = words_of(client.post(at(draft, "declaration_line_number", "1"), typed))
    assert "8507.60 is divided further" in part
    assert "has no number" not in part


def test_programs_that_fit_come_first(client, actor, clock):
    draft = make_declaration("S02", actor=actor, now=clock())
    groups = page_of(client.get(at(draft, "declaration_line", "1"))).xpath(
        "//select[@name='preference_program']/optgroup"
    )
    assert [one.get("label") for one in groups] == ["For this number and origin", "Other programs"]
    assert "S" in groups[0].xpath("option/@value")
    assert "KR" in groups[1].xpath("option/@value")


def test_only_lines_with_problems(client, three):
    item = three.items.get(sequence=2)
    item.content.pop("origin_country")
    item.save()
    lines = at(three, "declaration_lines")
    assert page_of(client.get(lines)).xpath("//a[@href='?show=problems']")
    shown = page_of(client.get(lines, {"show": "problems"}))
    assert shown.xpath("//tbody/tr/@id") == ["line-2"]
    for odd in ({"after": "x"}, {"after": "99999999999"}, {"after": "-1"}, {"show": "\x00"}):
        assert client.get(lines, odd).status_code == 200


def test_a_line_that_is_not_there(client, draft):
    assert client.get(at(draft, "declaration_line", "2")).status_code == 404
    assert client.get(at(draft, "declaration_lines") + "1000/").status_code == 404
    assert client.get(at(draft, "declaration_line_remove", "9")).status_code == 302
    assert client.get(reverse("declaration_codes", args=["ports"]), {"q": "long"}).status_code == 200


def test_a_long_declaration_leads_from_each_amount_to_its_working(client, actor, clock):
    long = make_declaration("S01", actor=actor, now=clock(), lines=60)
    panel = page_of(client.get(at(long, "declaration_lines"))).xpath("//*[@class='portal-duty']")[0]
    links = panel.xpath(".//li[@class='portal-working__line']/a/@href")
    assert len(links) == 3 * 10  # duty, additional duties, fees
    assert "And 50 more lines, in the whole working." in panel.text_content()
    assert not panel.xpath(".//dt[text()='Law']")
    for link in (links[0], links[9]):
        address, _hash, anchor = link.partition("#")
        section = page_of(client.get(address)).xpath(f"//section[@id='{anchor}']")
        assert section[0].xpath(".//h2")[0].text_content() == anchor.replace("line-", "Line ")
        assert "HTS" in section[0].text_content()
    few = make_declaration("S01", actor=actor, now=clock(), lines=3)
    assert page_of(client.get(at(few, "declaration_lines"))).xpath("//*[@class='portal-duty']//dt[text()='Law']")


def test_the_same_reason_of_many_lines_is_said_once_with_the_lines(client, three):
    for item in three.items.filter(sequence__in=(1, 3)):
        item.content.pop("origin_country")
        item.save()
    panel = page_of(client.get(at(three, "declaration_lines"))).xpath("//*[@class='portal-duty']")[0]
    assert "2 parts could not be computed" in panel.text_content()
    reasons = [one.text_content() for one in panel.xpath(".//*[@class='portal-duty__unassessed']//li")]
    assert len(reasons) == 1
    assert reasons[0].startswith("Lines 1, 3: ")


def test_all_lines_can_be_read_on_the_check_page_a_hundred_at_a_time(client, actor, clock):
    long = make_declaration("S01", actor=actor, now=clock(), lines=130)
    check, shown, address = at(long, "declaration_check"), [], "?"
    for _page in range(2):
        page = page_of(client.get(check + address))
        shown += [int(one) for one in page.xpath("//table[@id='lines']/tbody/tr/th/text()")]
        totals = page.xpath("//table[@id='lines']/tfoot//td/text()")
        address = (page.xpath("//a[@rel='next']/@href") or [""])[0].partition("#")[0]
    assert shown == list(range(1, 131))
    assert address == ""
    assert totals == page_of(client.get(at(long, "declaration_lines"))).xpath("//tfoot//td[@data-label]/text()")


def test_what_is_typed_stays_text_in_the_table(client, three):
    words = '<b>"100%"</b> %(number)s & more'
    item = three.items.get(sequence=2)
    item.content["description"] = words
    item.save()
    for name in ("declaration_lines", "declaration_check"):
        links = page_of(client.get(at(three, name))).xpath("//tbody/tr[2]//a[contains(@class, 'usa-link')]")
        assert [one.text_content() for one in links] == [words], name
