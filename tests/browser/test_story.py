"""The whole story in a real browser, as a new user would: from sign-in to released goods and the printed summary.

At desktop and phone width, with no axe violation on any page that is passed.
"""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
AXE = Axe()
TODAY = datetime.now(ZoneInfo("America/New_York")).date()
ARRIVAL = TODAY.isoformat()
EXPORTED = (TODAY - timedelta(days=21)).isoformat()

ANSWERS = {
    "entry_type": "01",
    "filing_acts": "release,summary",
    "parties_ultimate_consignee_same_as": "importer",
    "parties_buyer_same_as": "importer",
    "parties_ship_to_same_as": "importer",
    "parties_seller_name": "Shantou Happy Toys Co.",
    "parties_seller_address_street": "1601 Chenghai Road",
    "parties_seller_address_city": "Shantou",
    "parties_seller_address_postcode": "515800",
    "parties_seller_address_country": "China",
    "transport_mode": "11",
    "transport_carrier_code": "cosu",
    "transport_conveyance": "Demo Shantou",
    "transport_trip": "118E",
    "ports_entry": "2811 Oakland",
    "ports_unlading": "2811",
    "dates_estimated_arrival": ARRIVAL,
    "dates_import": ARRIVAL,
    "dates_estimated_entry": ARRIVAL,
    "state_of_destination": "ca",
    "transport_bills_0_master_issuer": "COSU",
    "transport_bills_0_manifest_quantity_value": "365",
    "transport_bills_0_manifest_quantity_unit": "CTN",
    "transport_equipment_0_number": "CSNU1234560",
    "location_of_goods_firms": "Y987",
    "isf_status": "accepted",
    "terms_incoterm": "FOB",
    "terms_place": "Shantou",
    "documents_0_type": "commercial_invoice",
    "documents_0_number": "INV-9001",
    "documents_0_date": EXPORTED,
    "bonds_0_type": "8",
    "bonds_0_designation": "B",
    "bonds_0_surety": "036",
    "payment_type": "1",
    "declarant_statement_capacity": "importer_of_record",
    "declarant_statement_obtained_by": "purchase",
}
LINE = {
    "description": "Wooden and plastic toys, for ages 3 to 12",
    "tariffs_0_hts_number": "9503.00.00.73",
    "origin_country": "CN",
    "export_country": "CN",
    "export_date": EXPORTED,
    "foreign_port_of_lading": "57035",
    "gross_mass_kg": "4,000",
    "valuation_invoice_document": "INV-9001",
    "valuation_invoice_line": "1",
    "valuation_invoice_value": "$18,250.00",
    "manufacturer_name": "Shantou Happy Toys Co.",
    "manufacturer_address_street": "1601 Chenghai Road",
    "manufacturer_address_city": "Shantou",
    "manufacturer_address_postcode": "515800",
    "manufacturer_address_country": "CN",
    "charges_freight": "1,200",
    "charges_insurance": "80",
    "charges_other": "0",
    "related_parties": "no",
    "sold_to_same_as": "importer",
}


def sign_in(page, password, who="clerk@importer.example"):
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(who)
    page.get_by_label("Password", exact=True).fill(password)
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/$"))


def accessible(page):
    found = AXE.run(page).response["violations"]
    assert not found, (page.url, [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found])
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0, f"{page.url} is {width} pixels too wide"


def fill(page, answers):
    for name, value in answers.items():
        for control in page.locator(f'main [name="{name}"]').all():
            kind = control.get_attribute("type") or control.evaluate("e => e.tagName.toLowerCase()")
            if kind == "radio":
                if control.get_attribute("value") == value:
                    page.locator(f'label[for="{control.get_attribute("id")}"]').click()
            elif kind == "select" or control.evaluate("e => e.tagName") == "SELECT":
                control.select_option(value)
            elif kind != "hidden":
                control.fill(value)


def heading(page):
    return page.locator("h1").inner_text()


def problems(page):
    return [one.inner_text() for one in page.locator(".usa-error-message, .usa-alert--error").all()]


def save_line(page):
    page.locator("main button[value=save]:not(.usa-sr-only)").click()
    page.wait_for_load_state()
    assert not problems(page), problems(page)


def through_the_steps(page, answers, *, until):
    """Fill page after page until the address matches."""
    for _ in range(30):
        if re.search(until, page.url):
            return
        accessible(page)
        before = page.url
        fill(page, answers)
        page.locator("main button[value=continue]:not(.usa-sr-only)").first.click()
        page.wait_for_load_state()
        assert page.url != before, (before, heading(page), problems(page))
    raise AssertionError(f"{until} was not reached; the last page was {page.url}")


def test_from_sign_in_to_released_goods_and_the_printed_summary(page, password, tmp_path):
    own = f"A15TOY{page.size[0].upper()}"
    sign_in(page, password)
    accessible(page)
    page.get_by_role("button", name=re.compile("New declaration")).first.click()
    page.wait_for_url(re.compile("/step/"))
    answers = ANSWERS | {
        "functional_reference_id": own,
        "transport_bills_0_master_number": f"63901122{page.size[0].encode().hex()}",
        "isf_transaction_number": f"ZZZ{own}",
    }
    through_the_steps(page, answers, until="/lines/$")
    accessible(page)
    page.get_by_role("link", name=re.compile("Add a line")).first.click()
    page.wait_for_url(re.compile("/lines/new/"))
    accessible(page)
    fill(page, LINE)
    save_line(page)
    if "/lines/1/" not in page.url:
        page.get_by_role("link", name=re.compile("toys")).first.click()
        page.wait_for_url(re.compile("/lines/1/"))
    page.locator('[name="tariffs_0_quantities_0_value"]').first.fill("9,125")
    save_line(page)
    page.goto(re.sub(r"/lines/.*", "/lines/", page.url))
    assert "9503.00.00.73" in page.content()
    page.get_by_role("link", name=re.compile("Continue")).first.click()
    page.wait_for_load_state()
    through_the_steps(page, answers, until="/check/$|/declarations/[A-Z0-9]+/$")
    reference = re.search(r"/declarations/([A-Z0-9]{13})/", page.url).group(1)
    page.goto(f"/declarations/{reference}/")
    accessible(page)
    page.goto(f"/declarations/{reference}/check/")
    accessible(page)
    assert "$2,367.28" in page.content(), problems(page)
    page.get_by_role("button", name=re.compile("Freeze and go to signing")).click()
    page.wait_for_url(re.compile("/sign/"))
    accessible(page)
    page.locator("[name=password]").fill("not the password")
    page.get_by_role("button", name="Sign", exact=True).click()
    page.wait_for_load_state()
    assert page.locator(".usa-error-message").count()
    accessible(page)
    page.locator("[name=password]").fill(password)
    page.get_by_role("button", name="Sign", exact=True).click()
    page.get_by_role("button", name="Send to customs").click()
    page.wait_for_load_state()
    accessible(page)
    page.goto(f"/declarations/{reference}/receipt/")
    accessible(page)
    page.goto(f"/declarations/{reference}/")
    page.get_by_text("Goods released").first.wait_for(timeout=30_000)  # without a reload: the page follows by itself
    page.get_by_text("Summary accepted").first.wait_for(timeout=30_000)
    accessible(page)
    page.goto(f"/declarations/{reference}/messages/")
    accessible(page)
    printed = page.request.get(f"/declarations/{reference}/entry-summary.pdf")
    assert printed.ok
    (tmp_path / "summary.pdf").write_bytes(printed.body())
    text = "".join(one.extract_text() for one in pypdf.PdfReader(tmp_path / "summary.pdf").pages)
    assert "9503.00.00.73" in text or "9503000073" in text
    assert "2,367.28" in text
    # 422 is the wrong password; an aborted look-up is one that the next page overtook.
    harmless = ("htmx:sendAbort", "htmx:afterRequest")
    assert not [one for one in page.complaints if "422" not in one and not one.startswith(harmless)], page.complaints


def test_every_public_and_work_page_is_accessible_and_fits(page, password):
    for address in ("/accounts/login/", "/accounts/password/reset/", "/status/", "/tariff/?q=battery", "/rules/"):
        page.goto(address)
        accessible(page)
    sign_in(page, password)
    work = ("/", "/declarations/", "/declarations/?group=yours", "/tasks/", "/tariff/8507600090/", "/nowhere/")
    for address in (*work, "/batches/", "/accounts/2fa/", "/accounts/2fa/add/", "/accounts/2fa/remove/"):
        page.goto(address)
        accessible(page)
    for state in ("A03SHOE1", "A17BATT2", "READY1", "SIGNED1", "DRAFT2"):
        page.goto(f"/declarations/?q={state}")
        page.locator('main a[href^="/declarations/D"]').first.click()
        page.wait_for_load_state()
        accessible(page)


def test_without_javascript_a_page_is_saved(portal, chromium, password):
    context = chromium.new_context(base_url=f"http://127.0.0.1:{portal.web_port}", java_script_enabled=False)
    page = context.new_page()
    sign_in(page, password)
    page.goto("/declarations/?q=DRAFT2")
    page.locator('main a[href^="/declarations/D"]').first.click()
    reference = re.search(r"/declarations/([A-Z0-9]{13})/", page.url).group(1)
    page.goto(f"/declarations/{reference}/step/arrival/")
    page.locator('[name="state_of_destination"]').fill("nv")
    page.locator("main button[value=continue]:not(.usa-sr-only)").first.click()
    page.goto(f"/declarations/{reference}/step/arrival/")
    assert page.locator('[name="state_of_destination"]').input_value().startswith("NV")
    context.close()


def test_the_keyboard_alone_saves_a_page(page, password):
    sign_in(page, password)
    page.goto("/declarations/?q=DRAFT2")
    page.locator('main a[href^="/declarations/D"]').first.click()
    page.wait_for_load_state()
    reference = re.search(r"/declarations/([A-Z0-9]{13})/", page.url).group(1)
    page.goto(f"/declarations/{reference}/step/contact/")
    page.locator('[name="contact_name"]').focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("Keyboard Only")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/contact/" not in url)
    page.goto(f"/declarations/{reference}/step/contact/")
    assert page.locator('[name="contact_name"]').input_value() == "Keyboard Only"
