"""Check digits and manufacturer codes against published numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iso6346, luhn

from declarations.rules.entry_number import check_digit, container_check, mod7_check
from declarations.rules.mid import looks_like_mid, propose_mid

# Fourteen entry numbers printed in CBP ruling HQ H005628, numbers with letters, and those of test filer ZZZ.
ENTRY_NUMBERS = [
    "002-6110316-2", "002-6111115-7", "002-6111223-9", "002-6111109-0", "002-6111082-9", "002-6110748-6",
    "002-6111267-6", "002-6110711-4", "002-6111447-4", "002-6110706-4", "002-6111495-3", "002-6110240-4",
    "002-6111224-7", "002-6110467-3", "ABC-1234567-6", "999-9999999-0", "ZZZ-0000001-1", "ZZZ-0000024-3",
    "ZZZ-0000043-3", "ZZZ-0000047-4", "ZZZ-0000065-6", "ZZZ-0000067-2", "ZZZ-0000089-6", "ZZZ-1000001-9",
    "ZZZ-1000002-7", "ZZZ-1000003-5", "ZZZ-1000004-3", "ZZZ-1000005-0", "ZZZ-1000006-8", "ZZZ-1000007-6",
    "ZZZ-1000008-4",
]  # fmt: skip


@pytest.mark.parametrize("number", ENTRY_NUMBERS)
def test_check_digits_of_published_entry_numbers(number):
    filer_code, sequence, expected = number.split("-")
    assert check_digit(filer_code, sequence) == int(expected)


def test_a_filer_may_have_a_factor():
    assert check_digit("231", "7385625") == 5
    assert check_digit("231", "7385625", offset=5) == 0


def test_letters_count_by_the_low_half_of_their_ebcdic_code():
    assert check_digit("B76", "0000001") == check_digit("276", "0000001")
    assert check_digit("S00", "0000001") == check_digit("200", "0000001")
    assert check_digit("zzz", "1000001") == 9


@pytest.mark.parametrize(
    ("filer_code", "sequence"),
    [("000", "1000001"), ("ZZ", "1000001"), ("ZZZ", "100001"), ("ZZZ", "1٣00001"), ("Z-Z", "1000001")],
)
def test_what_is_no_entry_number_has_no_check_digit(filer_code, sequence):
    with pytest.raises(ValueError, match="not a filer code"):
        check_digit(filer_code, sequence)


@given(st.from_regex(r"[0-9]{7}", fullmatch=True), st.integers(0, 6), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(sequence, place, shift):
    wrong = sequence[:place] + str((int(sequence[place]) + shift) % 10) + sequence[place + 1 :]
    assert check_digit("ABC", wrong) != check_digit("ABC", sequence)


def test_in_bond_numbers_and_waybills_end_in_the_remainder_of_seven():
    assert mod7_check("12345678") == 2
    assert mod7_check("8114074") == 3
    assert mod7_check("1234567") == 5


@pytest.mark.parametrize("number", ["CSQU3054383", "EGSU1234566", "MSCU6639870"])
def test_check_digits_of_containers(number):
    assert container_check(number) == int(number[-1])


@given(st.from_regex(r"[A-Z]{3}U[0-9]{6}", fullmatch=True))
def test_check_digits_of_containers_agree_with_a_library(number):
    assert str(container_check(number)) == iso6346.calc_check_digit(number)


@given(st.from_regex(r"[1-9][0-9]{2}", fullmatch=True), st.from_regex(r"[0-9]{7}", fullmatch=True))
def test_check_digits_of_entry_numbers_are_luhn(filer_code, sequence):
    assert str(check_digit(filer_code, sequence)) == luhn.calc_check_digit(filer_code + sequence)


@pytest.mark.parametrize(
    ("name", "built"),
    [
        ("Amalgamated Plastics Corp.", "AMAPLA"),
        ("Bergstrom", "BER"),
        ("A.B.C. Company", "ABCCOM"),
        ("A B C Company", "ABCCOM"),
        ("O.A.S.I.S. Corp.", "OASCOR"),
        ("The Garment and Textiles Company Co. Ltd", "GARTEX"),
        ("Rawles-Aden Corp.", "RAWCOR"),
        ("20th Century Fox", "20TCEN"),
        ("Concept 2000", "CON200"),
        ("A Sample of the Work", "SAMWOR"),
        ("Łódź Weaving", "LODWEA"),
        ("O'Neill - Sons", "ONESON"),
    ],
)
def test_the_name_part(name, built):
    assert propose_mid(name, None, "Exampleton", "SE") == f"SE{built}EXA"


@pytest.mark.parametrize(
    ("street", "built"),
    [
        ("11455 Main Street Suite 9999", "1145"),
        ("12-34-56 Akasaka Road", "1234"),
        ("1,234 Long Road", "1234"),
        ("7 12th Street", "7"),
        ("12th Street", ""),
        ("Unit 27A", "27"),
        ("Lot 12 Song Than Park", "12"),
        ("Market Square", ""),
    ],
)
def test_the_street_part(street, built):
    assert propose_mid("Bergstrom", street, "Exampleton", "SE") == f"SEBER{built}EXA"


@pytest.mark.parametrize(
    ("city", "built"),
    [
        ("The Hague", "HAG"),
        ("St. Michel", "STM"),
        ("18-Mile High", "MIL"),
        ("Di An", "DIA"),
        ("Å", "A"),
        ("Theresia", "THE"),
    ],
)
def test_the_city_part(city, built):
    assert propose_mid("Bergstrom", None, city, "SE") == f"SEBER{built}"


@pytest.mark.parametrize(
    ("maker", "code"),
    [
        (("Ozrock", "92 Alice Springs Road", "Melbourne", "AU"), "AUOZR92MEL"),
        (("Shenzhen Battery Co., Ltd.", "123 Longhua Road", "Shenzhen", "CN"), "CNSHEBAT123SHE"),
        (("Plasticos Rio Bravo S.A. de C.V.", "Av. Industrias 4500", "Monterrey", "MX"), "MXPLARIO4500MON"),
        (("Dongguan Hillside Furniture Co., Ltd.", "88 Houjie Avenue", "Dongguan", "CN"), "CNDONHIL88DON"),
        (("Kanpur Leather Works", "27 Jajmau Road", "Kanpur", "IN"), "INKANLEA27KAN"),
        (("Hanbit Cosmetics Co., Ltd.", "315 Teheran-ro", "Seoul", "KR"), "KRHANCOS315SEO"),
        (("Binh Duong Footwear JSC", "Lot 12 Song Than Park", "Di An", "VN"), "VNBINDUO12DIA"),
        (("Maple Ridge Foods Inc.", "6200 Highway 7", "Florenceville", "CA", "NB"), "XBMAPRID6200FLO"),
        (("Shantou Happy Toys Co.", "1601 Chenghai Road", "Shantou", "CN"), "CNSHAHAP1601SHA"),
    ],
)
def test_whole_codes(maker, code):
    assert propose_mid(*maker) == code
    assert looks_like_mid(code)


@pytest.mark.parametrize(
    "maker",
    [
        (None, "1 Road", "City", "SE"),
        ("The", "1 Road", "City", "SE"),
        ("Bergstrom", "1 Road", None, "SE"),
        ("Bergstrom", "1 Road", "18", "SE"),
        ("Bergstrom", "1 Road", "City", None),
        ("Bergstrom", "1 Road", "City", "CA", None),
        ("株式会社", "1 Road", "City", "JP"),
    ],
)
def test_without_name_city_country_or_province_there_is_no_code(maker):
    assert propose_mid(*maker) is None


@pytest.mark.parametrize(
    "code", ["", "VN", "VN12", "vnexabat12dia", "VNEXABAT12345DIA", "VNEXABAT12DIANO", "VN EXA 12 DIA"]
)
def test_what_does_not_look_like_a_code(code):
    assert not looks_like_mid(code)
