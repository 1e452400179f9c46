"""Numbers, days, moments, tariff numbers as they are written; text that the fonts can show."""

import json
import random
import subprocess
import sys
import unicodedata
from datetime import UTC, datetime

import pytest

from declarations.printing import words
from declarations.printing.text import _SHOWN, broken, for_page, printable
from declarations.printing.typesetter import TEMPLATES
from portal.tariff_numbers import dotted
from tests.declarations.printing.hostile import CONTROLS, CONTROLS_SHOWN


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2500.00", "2,500"), ("0", "0"), ("-1234.5", "-1,234.5"), ("0.00000001", "0.00000001"), ("100", "100"),
        ("999999999999999", "999,999,999,999,999"), ("", ""), (None, ""), ("1e5", "1e5"), ("NaN", "NaN"), ("10", "10"),
    ],
)  # fmt: skip
def test_numbers(text, shown):
    assert words.number(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("18405.00", "18,405.00"), ("2.5", "2.50"), ("7", "7.00"), ("0.125", "0.125"), ("-3", "-3.00"), ("x", "x"),
        ("", ""),
    ],
)  # fmt: skip
def test_amounts_keep_every_decimal_they_have(text, shown):
    assert words.money(text) == shown


def test_days_and_moments():
    assert words.day("2026-11-04") == "4 Nov 2026"
    assert words.day("2026-02-31") == "2026-02-31"
    assert words.day(None) == ""
    summer = datetime(2026, 7, 1, 3, 4, 5, tzinfo=UTC)
    assert words.moment(summer) == "30 Jun 2026, 23:04:05 EDT (1 Jul 2026, 03:04:05 UTC)"
    assert words.moment(summer, "MX") == "30 Jun 2026, 21:04:05 CST (1 Jul 2026, 03:04:05 UTC)"


def test_tariff_and_case_numbers():
    assert dotted("8507600090") == "8507.60.00.90"
    assert dotted("99039106") == "9903.91.06"
    assert dotted("8507") == "8507"
    assert dotted("499") == "499"
    assert dotted(None) == ""
    assert words.case("A570890000") == "A-570-890-000"
    assert words.case("A-570-890") == "A-570-890"


def test_what_the_fonts_lack_is_printed_as_its_number():
    assert printable("José Łódź Việt ЖΩ") == "José Łódź Việt ЖΩ"
    assert printable("深圳") == "[U+6DF1][U+5733]"
    assert printable("😀") == "[U+1F600]"
    assert printable(CONTROLS) == CONTROLS_SHOWN
    assert printable("a\tb\r\nc\u2028d") == "a b c d"
    assert printable("Jose\u0301") == "José"
    assert printable("so\u00adft") == "so[U+00AD]ft"


def test_long_words_come_in_pieces_and_nothing_is_lost():
    assert broken("a short text of many words") == "a short text of many words"
    assert broken("see " + "x" * 17 + " there") == ["see ", ["xxxx"] * 4 + ["x"], " there"]
    assert broken("y" * 20) == [["yyyy"] * 5]
    assert for_page({"a": ["z" * 18, 3, None, True]}) == {
        "a": [{"parts": [["zzzz"] * 4 + ["zz"]]}, 3, None, True]
    }  # fmt: skip
    numbered = broken(printable("深圳电"))
    assert numbered == [["[U+6DF1]", "[U+5733]", "[U+7535]"]]
    text = "ab  " + "q" * 33 + "\u00b7" + "r" * 20 + " end "
    parts = broken(text)
    assert "".join(one if isinstance(one, str) else "".join(one) for one in parts) == text


def shown_characters() -> list[str]:
    pieces = iter(_SHOWN)
    found: list[str] = []
    for one in pieces:
        if one == "-" and found:
            end = next(pieces)
            found += [chr(code) for code in range(ord(found[-1]) + 1, ord(end) + 1)]
        else:
            found.append(one)
    return found


SOURCE = """#set document(title: "x")
#let given = json(bytes(sys.inputs.data))
#set text(font: "Libertinus Serif", fallback: false, ligatures: false, weight: given.weight, style: given.style)
#for one in given.texts [#one #parbreak()]
"""
CODE = """import json, sys, typst
fonts = typst.Fonts(include_system_fonts=False)
made = typst.Compiler(input=sys.argv[1].encode(), font_paths=fonts, ignore_system_fonts=True)
made.compile(format="pdf", pdf_standards="ua-1", sys_inputs={"data": sys.stdin.read()}, timestamp=1)
"""


def typeset(texts: list[str], weight: int, style: str) -> None:
    """Set the texts as the pages are set: the standard refuses a character that the font does not have."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", CODE, SOURCE],
        input=json.dumps({"texts": texts, "weight": weight, "style": style}),
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-300:]


@pytest.mark.parametrize(("weight", "style"), [(400, "normal"), (600, "normal"), (700, "normal"), (400, "italic")])
def test_every_character_that_passes_is_in_the_font_alone_and_in_company(weight, style):
    characters = shown_characters()
    assert len(characters) > 1_300
    assert all(unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for one in characters)
    shuffled = random.Random(weight)
    company = ["".join(shuffled.choices(characters, k=60)) for _ in range(400)]
    typeset([printable(one) for one in (*characters, *company)], weight, style)


def test_what_does_not_pass_is_refused_by_the_standard():
    with pytest.raises(AssertionError, match="could not be displayed"):
        typeset(["深"], 400, "normal")


def test_the_template_evaluates_no_text():
    source = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.typ"))
    assert "eval(" not in source
    assert "@preview" not in source
    assert "read(" not in source
