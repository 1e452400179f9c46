"""Fields, tidy helpers, filters and components: what people type, what they read, what a screen reader is told."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory

from portal.forms import TERMS, FieldError, FieldView, tidy_date, tidy_decimal, tidy_hts, tidy_text, tidy_time
from portal.templatetags import portal_ui as ui


def render(source, **context):
    return Template(source).render(Context(context))


def attribute(html, name):
    found = re.search(rf'\b{name}="([^"]*)"', html)
    return found[1] if found else None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("12,345.50", "12345.50"), ("$45,000", "45000"), (" 45 000 ", "45000"), ("US$ 12", "12"), ("12.5 USD", "12.5"),
        ("-5", "-5"), ("\u22125", "-5"), ("-$5", "-5"), (".5", "0.5"), ("5.", "5"), ("007", "7"), ("+3", "3"),
        ("12\u00a0345,678.25", "12345678.25"), ("123456789012345", "123456789012345"), ("", None), ("  ", None),
        (None, None),
    ],
)  # fmt: skip
def test_numbers_are_taken_as_people_write_them(typed, kept):
    assert tidy_decimal(typed) == kept


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("NaN", "Write a number"), ("Infinity", "Write a number"), ("1e5", "without an exponent"),
        ("4.5E+4", "without an exponent"), ("\u0661\u0662", "digits 0 to 9"), ("1_000", "Write a number"),
        ("0x10", "Write a number"), ("1.234,50", "point before the decimals"), ("1234,5", "point before the decimals"),
        ("12,34,567", "Write a number"), ("1234567890123456", "15 digits"), ("1.123456789", "8 digits"),
        ("9" * 10_000, "15 digits"), ("12 kg", "Write a number"), ("1\x002", "Write a number"),
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused_with_words(typed, words):
    with pytest.raises(FieldError, match=words):
        tidy_decimal(typed)


@pytest.mark.parametrize(
    "typed",
    ["2026-11-24", "11/24/2026", "24 Nov 2026", "Nov 24 2026", "Nov 24, 2026", "november 24,2026", "24th Nov. 2026",
     " 24  NOV 2026 ", "11-24-2026", "2026/11/24"],
)  # fmt: skip
def test_dates_are_taken_as_people_write_them(typed):
    assert tidy_date(typed) == "2026-11-24"


@pytest.mark.parametrize(
    ("typed", "words"),
    [("11/24/26", "four digits"), ("24/11/2026", "not in the calendar"), ("2026-02-30", "not in the calendar"),
     ("24 Foo 2026", "not in the calendar"), ("tomorrow", "four digits"), ("0001-01-01", "between 1900 and 2200"),
     ("9999-12-31", "Check the year: it lies"),
     ("\u0662\u0660\u0662\u0666-11-24", "four digits")],
)  # fmt: skip
def test_what_is_no_date_is_refused_with_words(typed, words):
    with pytest.raises(FieldError, match=words):
        tidy_date(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("14:30", "14:30"), ("2:30 pm", "14:30"), ("2:30 P.M.", "14:30"), ("9:05", "09:05"), ("12 am", "00:00"),
     ("12:01 a.m.", "00:01"), ("12pm", "12:00"), ("0:00", "00:00"), (" ", None)],
)  # fmt: skip
def test_times_are_taken_as_people_write_them(typed, kept):
    assert tidy_time(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("8507.60.00 90", "8507600090"), ("8507.60.0090", "8507600090"), ("9903.91.06", "99039106"), ("8507", "8507"),
     ("", None)],
)  # fmt: skip
def test_tariff_numbers_lose_their_dots(typed, kept):
    assert tidy_hts(typed) == kept


@pytest.mark.parametrize("typed", ["85x7", "850", "85076000901", "\u0668\u0665\u0660\u0667"])
def test_what_is_no_tariff_number_is_refused(typed):
    with pytest.raises(FieldError, match="tariff number"):
        tidy_hts(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("  Two   words ", "Two words"), ("e\u0301", "\u00e9"), ("a\x00b\x07c", "abc"), ("a\tb\r\nc", "a b c"),
     ("a\u200bb\u202ec", "abc"), ("a\ud800b", "ab"), ("\x00", None), ("", None)],
)  # fmt: skip
def test_text_is_trimmed_and_loses_what_nobody_sees(typed, kept):
    assert tidy_text(typed) == kept


def test_long_text_is_refused_with_its_length_and_lines_may_stay():
    with pytest.raises(FieldError, match="at most 5 characters; this has 6"):
        tidy_text("abcdef", 5)
    assert tidy_text("one \r\n  two", 20, multiline=True) == "one\ntwo"


# ---- fields -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["text", "decimal", "date", "select", "textarea", "combo", "password"])
def test_hint_and_error_are_tied_to_the_control(kind):
    html = render("{% field f %}", f=FieldView("mass", "Gross mass", "In kg.", kind, error="Write a number."))
    assert attribute(html, "for") == "id_mass"
    control = re.search(r"<(?:input|select|textarea)[^>]*>", html)[0]
    assert attribute(control, "id") == "id_mass"
    assert attribute(control, "aria-invalid") == "true"
    for one in attribute(control, "aria-describedby").split():
        assert f'id="{one}"' in html
    assert html.index("Gross mass") < html.index("In kg.") < html.index("Write a number.") < html.index(control)


def test_a_field_without_hint_and_error_says_nothing_of_them():
    html = render("{% field f %}", f=FieldView("a", "A"))
    assert "aria-" not in html


def test_units_are_part_of_what_is_told():
    html = render("{% field f %}", f=FieldView("a", "A", kind="decimal", prefix="$", suffix="a year"))
    assert attribute(html, "aria-describedby") == "id_a_prefix id_a_suffix"
    assert attribute(html, "inputmode") == "decimal"


def test_radios_stand_in_a_fieldset_and_the_first_can_be_linked_to():
    choices = [("11", "Ship"), ("30", "Truck", "With papers")]
    view = FieldView("mode", "Mode", kind="radio", choices=choices, value="30", error="Choose one.")
    html = render("{% field f %}", f=view)
    assert "<legend" in html
    assert 'id="id_mode"' in html
    assert re.search(r'value="30"\s+checked', html)
    assert attribute(html, "aria-describedby") == "id_mode_error"


def test_several_boxes_and_one_box():
    many = FieldView("who", "Who", kind="checkbox", choices=[("a", "A"), ("b", "B")], value=["b"])
    html = render("{% field f %}", f=many)
    assert re.search(r'value="b"\s+checked', html)
    assert not re.search(r'value="a"\s+checked', html)
    one = render("{% field f %}", f=FieldView("yes", "Yes", kind="checkbox", value="true"))
    assert " checked" in one


def test_a_date_that_is_none_is_shown_as_typed_and_one_that_is_gets_a_date_control():
    assert 'type="text"' in render("{% field f %}", f=FieldView("d", "D", kind="date", value="tomorrow"))
    assert 'type="date"' in render("{% field f %}", f=FieldView("d", "D", kind="date", value="2026-11-24"))


def test_a_password_is_never_given_back():
    assert "secret" not in render("{% field f %}", f=FieldView("p", "P", kind="password", value="secret"))


def test_a_combo_offers_its_list_and_asks_for_more():
    view = FieldView("port", "Port", kind="combo", list_options=[("2704", "Los Angeles"), "4601"], lookup_url="/look/")
    html = render("{% field f %}", f=view)
    assert attribute(html, "list") == "id_port_list"
    assert attribute(html, "hx-get") == "/look/"
    assert attribute(html, "hx-target") == "#id_port_list"
    assert '<option value="2704">Los Angeles</option>' in html
    assert "hx-get" not in render("{% field f %}", f=FieldView("port", "Port", kind="combo"))


def test_choices_in_groups_and_a_blank_first():
    view = FieldView("c", "C", kind="select", choices=[("Often", [("USD", "Dollar")]), ("Others", [("EUR", "Euro")])])
    html = render("{% field f %}", f=view)
    assert html.index('value=""') < html.index('label="Often"') < html.index("USD") < html.index('label="Others"')


def test_everything_typed_is_escaped():
    html = render("{% field f %}", f=FieldView("x", "<b>", "<i>", value='"><script>', error="<u>"))
    assert "<script" not in html
    assert "<b>" not in html


def test_a_django_form_gets_the_same_look():
    class Form(forms.Form):
        email = forms.EmailField(label="Mail", widget=forms.EmailInput(attrs={"autocomplete": "email"}))
        agree = forms.BooleanField()

    form = Form({"email": "x"})
    form.is_valid()
    html = render("{% form_errors f %}{% bound_field f.email label='Your mail' %}{% bound_field f.agree %}", f=form)
    assert 'href="#id_email"' in html
    assert "Your mail" in html
    assert attribute(html, "autocomplete") == "email"
    assert 'type="checkbox"' in html


# ---- filters ----------------------------------------------------------------------------------


MOMENT = datetime(2026, 11, 24, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("filtered", "shown"),
    [
        (ui.money("18617.13"), "$18,617.13"), (ui.money(Decimal("-5")), "\u2212$5.00"), (ui.money(""), ""),
        (ui.money(None), ""), (ui.money("0"), "$0.00"), (ui.money("12", "EUR"), "EUR\u00a012.00"),
        (ui.money("odd"), "odd"), (ui.dollars("45000"), "$45,000"), (ui.dollars("45000.5"), "$45,000.50"),
        (ui.number("12345.50"), "12,345.50"), (ui.number(""), ""),
        (ui.day("2026-11-24"), "24 Nov 2026"), (ui.day(date(2026, 1, 5)), "5 Jan 2026"), (ui.day(None), ""),
        (ui.day(datetime(2026, 11, 24, 2, tzinfo=UTC)), "23 Nov 2026"), (ui.day("soon"), "soon"),
        (ui.moment(MOMENT), "24 Nov 2026, 09:05 EST"),
        (ui.moment("2026-07-01T12:00:00+00:00"), "1 Jul 2026, 08:00 EDT"),
        (ui.moment(""), ""), (ui.moment(date(2026, 1, 5)), "5 Jan 2026"),
        (ui.hts("8507600090"), "8507.60.00.90"), (ui.hts("99039106"), "9903.91.06"), (ui.hts("850760"), "8507.60"),
        (ui.hts("8507"), "8507"), (ui.hts("499"), "499"), (ui.hts(None), ""),
        (ui.entry_number("ZZZ10000019"), "ZZZ-1000001-9"), (ui.entry_number("ZZZ"), "ZZZ"), (ui.entry_number(None), ""),
        (ui.duration(5), "less than a minute"), (ui.duration(60), "1 minute"), (ui.duration(250), "4 minutes"),
        (ui.duration(7200), "2 hours"), (ui.duration(90_000), "1 day"), (ui.duration(None), "less than a minute"),
    ],
)  # fmt: skip
def test_filters(filtered, shown):
    assert filtered == shown


# ---- components -------------------------------------------------------------------------------


def test_an_error_summary_links_to_each_field():
    fields = [FieldView("a", "A", error="Give it."), FieldView("b", "B")]
    html = render("{% error_summary errors %}", errors=fields)
    assert 'href="#id_a"' in html
    assert "#id_b" not in html
    assert 'role="alert"' in html
    mixed = render("{% error_summary errors %}", errors=[("/declarations/D1/", "Elsewhere"), ("", "General"), "Plain"])
    assert 'href="/declarations/D1/"' in mixed
    assert "Mend 3 things" in mixed
    assert render("{% error_summary errors %}", errors=[]).strip() == ""
    assert "Give" in render("{% error_summary errors %}", errors={"x": "Give x."})


def test_terms_are_many_plain_sentences_and_each_use_has_its_own_id():
    assert len(TERMS) >= 40
    assert all(str(words).endswith(".") for words in TERMS.values())
    request = RequestFactory().get("/")
    html = render('{% term "Entry summary" %} {% term "entry summary" "it" %}, {% term "no such" %}', request=request)
    assert attribute(html, "popovertarget") == "term-1"
    assert 'id="term-2"' in html
    assert str(TERMS["entry summary"]) in html
    assert html.endswith(", no such")


def test_a_state_is_told_in_words():
    assert "Goods released" in render("{% status_tag 'RELEASED' %}")
    assert "Never seen" in render("{% status_tag 'never_seen' %}")
    assert "2 problems" in render("{% status_tag 'problems' '2 problems' %}")


def test_steps_answers_and_time_line():
    steps = [{"label": "Parties", "href": "/p/", "state": "done"}, {"label": "Sign", "state": "blocked"}]
    html = render("{% task_list steps %}", steps=steps)
    assert 'href="/p/"' in html
    assert "Cannot start yet" in html
    rows = [("Port", "2704", "/port/"), ("Mode", None), {"label": "Value", "value": 5, "was": 4}]
    html = render("{% definitions rows 'Shipment' '/change/' %}", rows=rows)
    assert "Not given" in html
    assert "Before: 4" in html
    assert 'href="/port/"' in html
    html = render("{% time_line rows %}", rows=[{"at": MOMENT, "what": "Released", "source": "customs", "href": "/m/"}])
    assert "24 Nov 2026, 09:05 EST" in html
    assert "Customs says" in html


def duty_line(kind, code, rate, amount, legal_basis):
    return {
        "kind": kind, "code": code, "basis": "45000", "rate": rate, "amount": amount, "legal_basis": legal_basis,
        "working": f"45000 x {rate}",
    }  # fmt: skip


LINES = [
    duty_line("duty", "8507600090", "3.4%", "1530.00", "HTS 8507.60.00"),
    duty_line("additional_duty", "99039106", "25%", "11250.00", "Note 20"),
    duty_line("fee", "499", "0.3464%", "155.88", "19 CFR 24.23"),
]
ASSESSMENT = {
    "currency": "USD",
    "editions": {"tariff": "2026-rev-10"},
    "items": [{"sequence": 1, "rate_date": "2026-11-24", "estimated": True, "lines": LINES}],
    "fees": [{"code": "499", "amount": "155.88", "working": "between 34.58 and 670.86"}],
    "totals": {"total": "12935.88"},
    "unassessed": [],
}


def test_the_duty_panel_shows_total_rows_and_working():
    html = render("{% duty_panel a %}", a=ASSESSMENT)
    for words in ("$12,935.88", "$1,530.00", "$11,250.00", "$155.88", "8507.60.00.90", "9903.91.06", "$45,000",
                  "Merchandise processing fee", "24 Nov 2026", "An estimate", "HTS 8507.60.00"):  # fmt: skip
        assert words in html
    assert html.index(">Duty<") < html.index(">Additional duties<") < html.index(">Fees<") < html.index(">Taxes<")
    assert "Antidumping" not in html


def test_what_could_not_be_computed_is_said_beside_the_total():
    gap = {**ASSESSMENT, "unassessed": [{"code": "RATE", "pointer": "/items/1", "reason": "No degree is given."}]}
    html = render("{% duty_panel a %}", a=gap)
    assert "as far as it could be computed" in html
    assert "One part could not be computed" in html
    assert "No degree is given." in html
    assert "Not computed yet" in render("{% duty_panel a %}", a=None)


def test_a_long_working_is_cut():
    line = ASSESSMENT["items"][0]["lines"][0]
    many = {**ASSESSMENT, "items": [{"sequence": n, "rate_date": "", "lines": [line]} for n in range(1, 60)]}
    html = render("{% duty_panel a %}", a=many)
    assert "And 49 more" in html
    assert html.count("portal-working__head") == ui.MOST_LINES + 1


def test_the_pager_keeps_the_filter_and_moves_the_cursor():
    request = RequestFactory().get("/declarations/", {"q": "a b", "after": "9"})
    html = render("{% pager '7' %}", request=request)
    assert 'href="?q=a+b"' in html
    assert 'href="?q=a+b&amp;after=7"' in html
    assert render("{% pager '' %}", request=RequestFactory().get("/")).strip() == ""


def test_a_missing_page_is_no_link():
    assert ui.page_url("no_such_page") == ""
    assert ui.page_url("no_such_page", "status") == "/status/"
    assert render("{% nav_link 'no_such_page' 'Nowhere' %}").strip() == ""


def test_the_current_page_is_marked_in_the_navigation():
    html = render("{% nav_link 'status' 'Status' %}", request=RequestFactory().get("/status/"))
    assert 'aria-current="page"' in html
