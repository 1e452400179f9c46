"""A09: the number of a sole proprietor stands nowhere in clear, whichever way it came and whatever was done with it."""

import json
import zlib

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.cache import cache
from django.db import connection
from django.db.models import BinaryField, JSONField, TextField
from django.urls import reverse
from django.utils import timezone

from declarations.models import Declaration, GoodsItem, Request, SavedView
from declarations.services import batch_work, drafts
from declarations.statements import STATEMENTS
from declarations.tasks import apply_responses, work_batches
from portal.accounts import roles
from portal.accounts.actors import actor_for
from portal.complaints.services import lodge
from portal.database_role import ROOMS
from portal.desk.models import Notice
from portal.desk.services import tell
from portal.gateway.inbound import receive
from portal.gateway.models import InboundMessage, OutboundMessage
from portal.logs import mask_numbers
from portal.sealed import Sealed
from portal.sessions import SealingSerializer
from portal.trail.verification import verify
from tests.declarations.answers import answer, envelope
from tests.declarations.filer.browsing import at, fill, send, signed_in, step, value_in, words_of
from tests.makers import PASSWORD, make_authority, make_declaration, make_importer, make_user
from tests.portal.security.test_kept_in_clear import everything_kept
from tests.portal.security.test_payloads import message
from tests.support.programs import Program, own_document
from tests.support.tables import FORMATS, NDJSON

pytestmark = pytest.mark.django_db
NUMBER = "412-70-3958"
FORMS = (NUMBER.encode(), NUMBER.replace("-", "").encode())
OTHER = "731-52-8846"


@pytest.fixture(autouse=True)
def _quiet(monkeypatch):
    monkeypatch.setattr("portal.clocks.services._ring", lambda name: None)
    monkeypatch.setattr(batch_work, "MOST_SECONDS", 60)  # on a busy machine too


@pytest.fixture
def importer():
    return make_importer(number=NUMBER)


def found_in_clear(*, also=()):
    """Tables and columns, files and the cache, where the number stands in either form."""
    wanted = {form for one in (NUMBER, *also) for form in (one.encode(), one.replace("-", "").encode())}
    kept = everything_kept()
    assert kept["accounts_organization.name"], "the search sees what is there"
    media = django_settings.MEDIA_ROOT
    kept |= {str(path): path.read_bytes() for path in media.rglob("*") if path.is_file()}
    checkpoints = django_settings.CHECKPOINT_FILE
    if checkpoints.exists():
        kept["checkpoints"] = checkpoints.read_bytes()
    kept["sessions"] = b"".join(map(in_session, Session.objects.values_list("session_data", flat=True)))
    kept["cache"] = repr(getattr(cache, "_cache", {})).encode()
    return {place for place, text in kept.items() if any(one in text for one in wanted)}


def in_session(data):
    """What a session holds, as it was before it was packed."""
    text = data.split(":")[0]
    raw = signing.b64_decode(text.lstrip(".").encode())
    return zlib.decompress(raw) if text.startswith(".") else raw


def consigned(value):
    """The same with a consignee, and a buyer of the line, who have personal numbers too."""
    value["parties"]["ultimate_consignee"] = {**value["parties"]["importer"], "id": OTHER, "name": "Ann Other"}
    value["items"][0]["sold_to"] = {"id": OTHER, "name": "Ann Other"}
    return value


def heard(declaration, **said):
    lrn = declaration.live_version.lrn
    raw = envelope(answer(said.pop("code", "03"), id_=f"r{lrn}", second=1, lrn=lrn, **said))
    receive(channel="rehearsal", external_id=f"r{lrn}", raw=raw, now=timezone.now())
    apply_responses()
    declaration.refresh_from_db()
    return raw


def test_no_personal_number_is_kept_in_clear_whichever_way_it_came(importer, capfd, caplog):
    program = Program(importer)
    document = consigned(own_document(program, own="JSON00001"))
    filed = program.file(document, key="one")
    assert filed.status_code == 202, filed.content
    assert program.file(document, key="one").content == filed.content, "the kept answer is given again"
    xml = program.ask(
        "POST", "filings", message(own_document(program, own="XML000001")), key="xml", media="application/xml"
    )
    assert xml.status_code == 202, xml.content
    for name, (media, encode) in FORMATS.items():
        mode = "draft" if name == "xlsx" else "file" if name == "ndjson" else "dry-run"
        sent = program.ask("POST", f"batches?mode={mode}", encode([own_document(program, own=f"{name.upper()}0001"[:9])]),
                           key=name, media=media)  # fmt: skip
        assert sent.status_code == 202, sent.content
    wrong = own_document(program, own="WRONG0001")
    wrong["parties"]["importer"]["id"] = OTHER
    refused = program.ask("POST", "batches?mode=file", json.dumps(wrong), key="refused", media=NDJSON).json()
    while work_batches():
        pass
    assert OTHER in program.get(f"batches/{refused['reference']}/results").content.decode()
    drafted = program.post("declarations", document | {"functional_reference_id": "DRAFT0001"}, key="draft")
    assert drafted.status_code == 201
    assert OTHER in program.file(wrong).content.decode(), "who is refused reads what was wrong"
    by_page(importer)
    with_answers(filed.json())
    reads_and_exports(program, filed.json())
    amends_and_cancels(program)
    assert found_in_clear(also=[OTHER]) == set()
    said = "".join(capfd.readouterr()) + "".join(str(one.msg) for one in caplog.records)
    assert not [one for one in (*FORMS, OTHER.encode()) if one.decode() in said]
    assert list(verify()) == []


def by_page(importer):
    clerk = make_user(organization=importer)
    client = signed_in(clerk)
    draft = make_declaration("S01", actor=actor_for(clerk, importer))
    address = step(draft, "importer")
    page = client.get(address)
    assert value_in(page, "parties_importer_id") == NUMBER, "the filer reads its own number whole"
    assert send(client, page, address, parties_importer_id=OTHER).status_code == 302
    assert Declaration.objects.get(pk=draft.pk).header["parties"]["importer"]["id"] == OTHER
    assert fill(client, address, parties_importer_id=NUMBER).status_code == 302
    line, actor = draft.items.first(), actor_for(clerk, importer)
    content = {**line.content, "sold_to": {"id": OTHER, "name": "Ann Other"}}
    drafts.put_line(draft=draft, key=line.key, content=content, base=None, actor=actor, now=timezone.now())
    line.refresh_from_db()
    assert line.content["sold_to"]["id"] == OTHER
    assert client.post(reverse("view_keep"), {"name": "Mine", "q": NUMBER}).status_code == 302
    assert SavedView.objects.get().filters["q"] == NUMBER
    lodge(
        organization=importer, subject="My number", words=f"{NUMBER} is mine", actor=actor_for(clerk, importer),
        now=timezone.now(),
    )  # fmt: skip
    page = client.get(address)
    client.cookies.pop(django_settings.SESSION_COOKIE_NAME)
    send(client, page, address, parties_importer_id=OTHER)  # kept in the session of the visitor
    client = signed_in(clerk)
    assert fill(client, at(draft, "declaration_check")).url == at(draft, "declaration_sign")
    assert fill(client, at(draft, "declaration_sign"), password=PASSWORD).status_code == 302
    page = client.get(at(draft, "declaration_sign"))
    assert send(client, page, at(draft, "declaration_submission")).status_code == 302
    assert NUMBER in client.get(at(draft, "declaration_document")).content.decode()
    assert client.get(at(draft, "entry_summary")).content.startswith(b"%PDF")
    assert client.get(f"/declarations/?q={NUMBER}").status_code == 200


def with_answers(filed):
    declaration = Declaration.objects.get(reference=filed["reference"])
    heard(
        declaration, notes=[("X", f"importer {NUMBER} is not known")],
        errors=[("US20002", f"{NUMBER} unknown", (1, "42A", ""), (1, "67A", ""))],
    )  # fmt: skip
    assert declaration.legal == "REJECTED"
    receive(channel="rehearsal", external_id="junk", raw=f"<x{NUMBER}/>".encode(), now=timezone.now())
    apply_responses()
    assert InboundMessage.objects.filter(state="FAILED").exists()


def reads_and_exports(program, filed):
    reference = filed["reference"]
    assert NUMBER in program.get(f"declarations/{reference}").content.decode()
    assert NUMBER in program.get(f"declarations/{reference}/messages").content.decode()
    assert NUMBER in program.get("declarations/export").getvalue().decode()
    assert program.get(f"declarations/{reference}/entry-summary.pdf").content.startswith(b"%PDF")


def amends_and_cancels(program):
    first = program.file(own_document(program, own="AMEND0001")).json()
    declaration = Declaration.objects.get(reference=first["reference"])
    heard(declaration, code="01")
    why = f"it was {OTHER}, and is {NUMBER}"
    asked = program.post(
        f"declarations/{first['reference']}/amendment",
        {"changes": {"contact": {"name": "Robin Renamed"}}, "reason": why, "statement": STATEMENTS[-1].id},
        key="amend",
    )  # fmt: skip
    assert asked.status_code == 202, asked.content
    asked = program.post(
        f"declarations/{first['reference']}/cancellation", {"reason_code": "1", "reason": f"{NUMBER} is not mine"},
        key="cancel",
    )  # fmt: skip
    assert asked.status_code in (202, 409), asked.content
    assert why in {one.reason for one in Request.objects.all()}


# Columns of texts that do not seal: nobody outside writes them, or what they are told shows the last digits only.
IN_CLEAR = {
    "law, lists and settings, loaded by commands": {
        "parameters", "codes", "tariff", "remedies.LawChange.authorities", "remedies.LawChange.headings",
    },
    "ours: codes, digests, names of steps": {
        "trail.Checkpoint.heads", "declarations.Declaration.visited", "declarations.DeclarationVersion.editions",
        "declarations.Signature.statement", "remedies.LawChangeResult.working", "webhooks.Webhook.kinds",
    },
    "sealed whole, by its own service": {"records.Blob.data"},
    "of a program: addresses and allowed origins": {
        "accounts.Client.redirect_uris", "accounts.Client.post_logout_redirect_uris", "accounts.Client.allowed_origins",
    },
    "an address and a contact, each member of a form of its own": {
        "accounts.Organization.address", "accounts.Organization.contact", "brokers.Mandate.contact",
    },
    "scope, partners and words of a mandate": {
        "brokers.Mandate.actions", "brokers.Mandate.document_types", "brokers.Mandate.ports",
        "brokers.Mandate.partners", "brokers.Mandate.statement", "brokers.Mandate.payment_notice",
    },
    "published to everybody by an officer who is told to name nobody": {"complaints.Complaint.published"},
}  # fmt: skip


def test_a_column_that_holds_texts_seals_or_is_named():
    texts = {
        f"{one._meta.label}.{field.name}"
        for one in apps.get_models()
        if one._meta.app_label in ROOMS
        for field in one._meta.concrete_fields
        if isinstance(field, TextField | JSONField | BinaryField) and not isinstance(field, Sealed)
    }
    named = set().union(*IN_CLEAR.values())
    unnamed = {one for one in texts if one not in named and one.split(".")[0] not in named}
    assert unnamed == set(), "use a field of portal.sealed, or say here why nobody writes a personal number there"
    assert {one for one in named if "." in one} <= texts, "named and not there"


def test_lines_hold_it_sealed_whoever_wrote_them():
    program = Program()
    value = own_document(program)
    value["items"][0]["sold_to"] = {"id": NUMBER, "name": "Ann"}
    assert program.file(value).status_code == 202
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM declarations_goodsitem")
        assert NUMBER not in str(cursor.fetchall())
    assert GoodsItem.objects.get().content["sold_to"]["id"] == NUMBER


def test_a_notice_shows_the_last_digits():
    one = make_importer()
    tell(organizations=[one], subject="X", cause="y", words=f"{NUMBER} is unknown", now=timezone.now())
    assert Notice.objects.get().words == "***-**-3958 is unknown"


def test_what_a_person_typed_is_sealed_in_their_session():
    store = SealingSerializer()
    raw = store.dumps({"typed": f"parties_importer_id={NUMBER}"})
    assert NUMBER.encode() not in raw
    assert store.loads(raw) == {"typed": f"parties_importer_id={NUMBER}"}


def test_logs_show_the_last_digits():
    for value in (NUMBER, {"id": NUMBER}, [NUMBER], ValueError(f"{NUMBER} is wrong")):
        assert NUMBER not in str(mask_numbers(None, "", {"event": "x", "value": value})["value"])
    plain = {"value": {"id": "12-345678900"}}
    assert mask_numbers(None, "", dict(plain)) == plain


def test_officers_see_the_last_digits_in_messages(importer):
    make_declaration("S01", actor=actor_for(make_user(organization=importer), importer), until="submitted")
    desk = signed_in(make_user(organization=make_authority(), role=roles.OPERATOR))
    shown = desk.get(f"/admin/gateway/outboundmessage/{OutboundMessage.objects.get().pk}/change/")
    assert "***-**-3958" in words_of(shown) and NUMBER not in shown.content.decode()
