"""A10: keys change while declarations are filed; what stood in clear before is sealed the same way."""

import json
import threading
import time

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from declarations.models import Declaration, DeclarationVersion, Receipt, Signature
from declarations.services.proofs import is_genuine
from portal import keys, personal
from portal.accounts.models import Organization, known_by
from portal.management.commands.rotate_keys import PURPOSES
from portal.people.services import correct_organization
from portal.records.models import Blob
from portal.records.services import IN_DATABASE_UP_TO, keep_bytes, read_bytes
from portal.resealing import reseal
from portal.trail.models import TrailEntry
from portal.trail.protection import is_protected
from portal.trail.verification import verify
from tests.conftest import load_installation
from tests.makers import make_actor, make_declaration, make_importer
from tests.portal.security.test_kept_in_clear import everything_kept
from tests.support.programs import Program, own_document

NUMBER = "412-70-3958"
LARGE = NUMBER.encode() + b" " * IN_DATABASE_UP_TO
SEALED_TABLES = {
    "accounts_organization", "declarations_declaration", "desk_event", "idempotency_keptanswer", "records_blob",
    "trail_trailentry",
}  # fmt: skip


def rotate(purpose):
    call_command("rotate_keys", purpose=purpose, verbosity=0)


def story(tag):
    """A program filed; a draft was edited; a large file was kept."""
    program = Program(make_importer(number=NUMBER))
    assert program.file(own_document(program, own=f"{tag}000001")).status_code == 202
    value = own_document(program, own=f"{tag}000003")
    assert program.post("declarations", value, key=tag).status_code == 201
    (large,) = keep_bytes([LARGE], now=timezone.now())
    return program, large


def in_clear():
    kept = everything_kept()
    kept |= {str(path): path.read_bytes() for path in django_settings.MEDIA_ROOT.rglob("*") if path.is_file()}
    return {place.partition(".")[0] for place, text in kept.items() if NUMBER.encode() in text}


def key_ids():
    """Under which keys numbers and bytes are sealed."""
    found = set(Blob.objects.exclude(key_id="").values_list("key_id", flat=True))
    for text in everything_kept().values():
        found |= personal.sealed_with(text)
    return found


def reads_whole(program, large):
    reference = Declaration.objects.exclude(submitted_at=None).latest("pk").reference
    assert NUMBER in program.get(f"declarations/{reference}").content.decode()
    assert read_bytes(large) == LARGE
    assert list(Organization.objects.filter(known_by(NUMBER))) == [program.organization]
    for version in DeclarationVersion.objects.all():
        assert NUMBER.encode() in read_bytes(version.content_sha256)
    assert all(map(is_genuine, Receipt.objects.select_related("version")))
    assert list(verify()) == []


@pytest.mark.django_db
def test_what_stood_in_clear_is_sealed_in_place(monkeypatch):
    with monkeypatch.context() as before:
        before.setattr(personal, "holds_personal", lambda data: False)
        before.setattr(personal, "is_personal", lambda number: False)
        program, large = story("CLR")
    assert in_clear() >= SEALED_TABLES - {"idempotency_keptanswer", "desk_event", "trail_trailentry"}
    written = dict(reseal())
    assert written["records_blob"] and written["accounts_organization"] and written["declarations_declaration"]
    assert in_clear() == set()
    assert is_protected(), "the trail's triggers stand again"
    reads_whole(program, large)
    assert not any(count for _, count in reseal()), "a second run finds nothing to do"


@pytest.mark.django_db
def test_an_older_key_is_needed_no_more_once_all_is_sealed_anew(settings, tmp_path):
    program, large = story("OLD")
    with_edit = make_declaration("S01", actor=make_actor(organization=program.organization))
    first = {purpose: keys.current_key(purpose).id for purpose in (personal.PURPOSE, personal.INDEX_PURPOSE)}
    assert key_ids() == {first[personal.PURPOSE]}
    for purpose in first:
        rotate(purpose)
    reads_whole(program, large)
    assert Organization.objects.get(known_by(NUMBER)).number_index.startswith(first[personal.INDEX_PURPOSE])
    call_command("seal_personal", verbosity=0)
    assert key_ids() == {keys.current_key(personal.PURPOSE).id} != {first[personal.PURPOSE]}
    for path in (tmp_path / "keys").glob("ring-*.json"):
        if json.loads(path.read_text())["id"] in first.values():
            path.unlink()
    reads_whole(program, large)
    assert Declaration.objects.get(pk=with_edit.pk).header["parties"]["importer"]["id"] == NUMBER


@pytest.mark.django_db
def test_text_under_a_key_that_is_gone_is_told_not_shown(tmp_path):
    program, _large = story("GON")
    for path in (tmp_path / "keys").glob("ring-personal.json"):
        path.unlink()
    keys._ring.cache_clear()
    rotate(personal.PURPOSE)
    with pytest.raises(keys.Unsealable):
        Organization.objects.get(pk=program.organization.pk)


@pytest.mark.django_db
def test_a_new_key_signs_and_older_signatures_stay_true():
    for _turn in range(2):
        actor = make_actor()
        make_declaration("S01", actor=actor, until="submitted")
        for purpose in ("signature", "receipt"):
            rotate(purpose)
    first, second = Receipt.objects.select_related("version").order_by("pk")
    assert first.key_id != second.key_id and is_genuine(first) and is_genuine(second)
    first, second = Signature.objects.order_by("pk")
    assert first.key_id != second.key_id
    for one in (first, second):
        name, at = one.signatory.get_full_name(), one.signed_at.isoformat()
        said = "\n".join([one.digest, one.statement_id, one.statement, one.signatory.reference, name, at])
        assert keys.verify(one.key_id, said.encode(), one.code)


@pytest.mark.django_db(transaction=True)
def test_the_trail_is_sealed_anew_and_stays_written_once():
    actor = make_actor(organization=make_importer(number=NUMBER))
    correct_organization(
        organization=actor.organization, facts={"importer_number": "731-52-8846"}, actor=actor, now=timezone.now()
    )
    rotate(personal.PURPOSE)
    assert dict(reseal())["trail_trailentry"] == 1
    assert list(verify()) == []
    with pytest.raises(DatabaseError, match="written once"):
        TrailEntry.objects.update(body="{}")


@pytest.mark.django_db(transaction=True)
def test_all_keys_change_under_load_and_nobody_notices():
    load_installation()
    programs = [Program(make_importer(number=number)) for number in (NUMBER, "12-345678900")]
    answers, stop = [], threading.Event()

    def file(place, program):
        try:
            for turn in range(1000):
                if stop.is_set():
                    return
                value = own_document(program, own=f"L{place}{turn:05d}")
                answers.append(program.file(value, key=f"{place}-{turn}").status_code)
        except Exception as error:
            answers.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=file, args=given) for given in enumerate(programs)]
    for one in threads:
        one.start()
    deadline = time.monotonic() + 60
    for purpose in PURPOSES:
        seen = len(answers)
        while len(answers) < seen + 3 and time.monotonic() < deadline:
            time.sleep(0.05)
        rotate(purpose)
        if purpose.startswith(personal.PURPOSE):
            call_command("seal_personal", verbosity=0)
    stop.set()
    for one in threads:
        one.join()
    assert set(answers) == {202} and len(answers) > 2 * len(PURPOSES), answers[:5]
    assert len(set(Receipt.objects.values_list("key_id", flat=True))) > 1, "filed under an older and a newer key"
    assert all(map(is_genuine, Receipt.objects.select_related("version")))
    assert list(verify()) == []
    assert dict(reseal()) and key_ids() == {keys.current_key(personal.PURPOSE).id}
    assert NUMBER.encode() not in b"".join(everything_kept().values())
    assert list(Organization.objects.filter(known_by(NUMBER))) == [programs[0].organization]
