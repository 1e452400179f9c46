"""A watch owes by its case, strap and battery: the line says by name which values it needs, and computes from them."""

from tests.declarations.filer.browsing import at, fill, page_of, words_of
from tests.makers import make_declaration

PARTS = {"case": "1,200", "strap, band or bracelet": "300", "battery": "50"}
OWED = "186.65"  # 100 watches at 40 cents; 8.5 % on the case, 14 % on the strap, 5.3 % on the battery


def test_a_watch_names_the_values_it_needs_and_is_computed_from_them(client, actor, clock):
    draft = make_declaration("S01", actor=actor, now=clock())
    address = at(draft, "declaration_line", "1")
    watch = {
        "tariffs_0_hts_number": "9102.11.25", "valuation_invoice_value": "5000", "valuation_entered_value": "",
        "tariffs_0_quantities_0_value": "100", "tariffs_0_quantities_1_value": "",
    }  # fmt: skip
    fill(client, address, act="save", **watch)
    said = words_of(client.get(address))
    assert "give the measures 'case', 'strap, band or bracelet' and 'battery'." in said
    for place, (name, value) in enumerate(PARTS.items()):
        shown = client.get(f"{address}?more=measures")
        assert page_of(shown).xpath(f"//input[@name='measures_{place}_name']")
        fill(client, f"{address}?more=measures", act="save", **{
            f"measures_{place}_name": name, f"measures_{place}_value": value,
        })  # fmt: skip
    assert draft.items.get().content["measures"] == {name: value.replace(",", "") for name, value in PARTS.items()}
    said = words_of(client.get(at(draft, "declaration_working")))
    assert OWED in said
    assert "give the measure" not in said
