"""Personal numbers: told by their form, sealed in what is kept, found by an index, read as they were."""

import json

import pytest
from django.core.exceptions import FieldError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from declarations.models import Declaration
from portal import keys, personal
from portal.accounts import roles
from portal.accounts.models import Organization, known_by
from portal.people.services import correct_organization
from portal.trail.models import TrailEntry
from portal.trail.verification import verify
from tests.declarations.filer.browsing import fill, signed_in, value_in, words_of
from tests.makers import make_actor, make_authority, make_filing_agent, make_importer, make_mandate, make_user
from tests.support.programs import Program, own_document

NUMBER, OTHER = "412-70-3958", "731-52-8846"


@pytest.mark.parametrize(
    ("number", "personal_one"),
    [
        (NUMBER, True), ("12-345678900", False), ("123456-12345", False), ("412703958", False), ("", False),
        ("412-70-39581", False), ("1412-70-3958", False), ("4127-0-3958", False), ("562-555-0142", False),
        ("\u0664\u0661\u0662-70-3958", False),
    ],
)  # fmt: skip
def test_which_numbers_are_personal_is_data_of_the_parties(number, personal_one):
    assert personal.is_personal(number) is personal_one
    assert (personal.seal_in(number) != number) is personal_one
    assert (personal.masked(number) != number) is personal_one


@pytest.mark.parametrize(
    "text",
    [
        NUMBER, f"from {NUMBER} to {OTHER}.", f"a{NUMBER}b", json.dumps({"id": NUMBER}), f"<ID>{NUMBER}</ID>",
        f"é {NUMBER} 中", "{sealed:", "{sealed:personal-1:AAAA}", f"{{sealed:{NUMBER}}}", "{sealed:{sealed:", "2026-11-24T10:00",
    ],
)  # fmt: skip
def test_a_text_is_read_as_it_was_written(text):
    sealed = personal.seal_in(text)
    assert NUMBER not in sealed and OTHER not in sealed
    assert personal.open_in(sealed) == text
    raw = text.encode()
    assert personal.open_in_bytes(personal.seal_in_bytes(raw)) == raw


def test_a_text_without_one_is_not_touched_and_needs_no_key(monkeypatch):
    monkeypatch.setattr(keys, "current_key", lambda purpose: pytest.fail(purpose))
    text = json.dumps(own_like())
    assert personal.seal_in(text) is text
    assert personal.open_in(text) is text


def own_like():
    return {"id": "12-345678900", "at": "2026-11-24T12:00:00Z", "phone": "562-555-0142", "bill": "123456789"}


def test_a_sealed_number_that_was_changed_is_not_read():
    sealed = personal.seal_in(NUMBER)
    place = sealed.index(":", len(personal.MARK)) + 5
    changed = sealed[:place] + ("A" if sealed[place] != "A" else "B") + sealed[place + 1 :]
    with pytest.raises(keys.Unsealable):
        personal.open_in(changed)


def test_a_mask_shows_the_last_four_digits():
    assert personal.masked(f"importer {NUMBER} unknown") == "importer ***-**-3958 unknown"


@pytest.mark.django_db
class TestOrganizations:
    def test_the_number_is_sealed_in_its_row_and_read_whole(self):
        one = make_importer(number=NUMBER)
        with connection.cursor() as cursor:
            cursor.execute("SELECT importer_number, number_index FROM accounts_organization WHERE id = %s", [one.pk])
            kept, index = cursor.fetchone()
        assert kept.startswith(personal.MARK) and NUMBER not in kept
        assert index.startswith(keys.current_key(personal.INDEX_PURPOSE).id)
        assert Organization.objects.get(pk=one.pk).importer_number == NUMBER
        assert Organization.objects.values_list("importer_number", flat=True).get(pk=one.pk) == NUMBER

    def test_one_that_is_no_secret_stands_as_it_is(self):
        one = make_importer(number="12-345678900")
        with connection.cursor() as cursor:
            cursor.execute("SELECT importer_number, number_index FROM accounts_organization WHERE id = %s", [one.pk])
            assert cursor.fetchone() == ("12-345678900", "12-345678900")

    @pytest.mark.parametrize("number", [NUMBER, "12-345678900"])
    def test_it_is_found_by_its_index_and_stands_once(self, number):
        one = make_importer(number=number)
        assert list(Organization.objects.filter(known_by(number))) == [one]
        assert not Organization.objects.filter(known_by(OTHER)).exists()
        with pytest.raises(IntegrityError), transaction.atomic():
            make_importer(number=number)

    def test_it_cannot_be_asked_for_by_what_stands_in_the_row(self):
        for lookup in ("importer_number", "importer_number__startswith", "importer_number__in"):
            with pytest.raises(FieldError):
                Organization.objects.filter(**{lookup: NUMBER}).exists()

    def test_a_correction_moves_the_index_with_the_number(self):
        one, actor = make_importer(number=NUMBER), make_actor()
        correct_organization(organization=one, facts={"importer_number": OTHER}, actor=actor, now=timezone.now())
        assert list(Organization.objects.filter(known_by(OTHER))) == [one]
        assert not Organization.objects.filter(known_by(NUMBER)).exists()
        assert list(verify()) == []
        told = json.loads(TrailEntry.objects.get(kind="organization.correct").body)["data"]["importer_number"]
        assert told == {"was": NUMBER, "is": OTHER}

    def test_the_officers_desk_shows_the_last_digits_and_finds_it_whole(self):
        one = make_importer(number=NUMBER, name="Sole Proprietor")
        desk = signed_in(make_user(organization=make_authority(), role=roles.OPERATOR))
        for text in (NUMBER, "Sole Prop"):
            shown = desk.get("/admin/accounts/organization/", {"q": text})
            assert "Sole Proprietor" in words_of(shown) and "***-**-3958" in words_of(shown), text
            assert NUMBER not in words_of(shown).replace(f"“{NUMBER}”", "")
        assert "Sole Proprietor" not in words_of(desk.get("/admin/accounts/organization/", {"q": OTHER}))
        page = f"/admin/accounts/organization/{one.pk}/change/"
        assert value_in(desk.get(page), "importer_number") == "***-**-3958"
        assert fill(desk, page, city="Oakland").status_code == 302
        one.refresh_from_db()
        assert (one.importer_number, one.address["city"]) == (NUMBER, "Oakland")
        assert fill(desk, page, importer_number=OTHER).status_code == 302
        assert list(Organization.objects.filter(known_by(OTHER))) == [one]
        taken = make_importer(number=NUMBER)
        again = fill(desk, f"/admin/accounts/organization/{taken.pk}/change/", importer_number=OTHER)
        assert "Another organization has this number" in words_of(again)


@pytest.mark.django_db
class TestDoors:
    def test_a_broker_files_for_a_sole_proprietor_by_its_number(self):
        broker, importer = make_filing_agent(), make_importer(number=NUMBER)
        make_mandate(principal=importer, agent=broker, now=timezone.now())
        program = Program(broker, role=roles.LICENSED_INDIVIDUAL)
        value = own_document(program)
        value["parties"]["importer"] = {"id": NUMBER, "name": importer.name, "address": importer.address}
        value["declarant_statement"]["capacity"] = "agent"
        answer = program.file(value)
        assert answer.status_code == 202, answer.content
        assert Declaration.objects.get().importer == importer
        value["parties"]["importer"]["id"] = OTHER
        assert program.file(value).status_code == 403

    def test_filing_under_a_number_that_is_no_secret_seals_nothing(self, monkeypatch):
        program = Program()
        value = own_document(program)
        for name in ("seal_bytes", "unseal_bytes"):
            monkeypatch.setattr(keys, name, lambda *_, **__: pytest.fail("sealed"))
        assert program.file(value).status_code == 202

    def test_a_broker_finds_its_client_by_the_whole_number(self):
        broker, sole = make_filing_agent(), make_importer(number=NUMBER, name="Sole Proprietor")
        firm = make_importer(number="12-345678900", name="Firm Ltd")
        for one in (sole, firm):
            make_mandate(principal=one, agent=broker, now=timezone.now())
        desk = signed_in(make_user(organization=broker, role=roles.LICENSED_INDIVIDUAL))
        for page in ("/clients/", "/declarations/start/"):
            for text, names in (
                (NUMBER, {sole.name}),
                ("412-70", set()),
                ("12-34", {firm.name}),
                ("sole", {sole.name}),
            ):
                shown = words_of(desk.get(page, {"q": text}))
                assert {one for one in (sole.name, firm.name) if one in shown} == names, (page, text)
