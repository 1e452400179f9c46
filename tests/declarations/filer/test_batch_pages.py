"""A person sends many declarations in one file: tried or kept as drafts, each row with its outcome and its link."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from declarations.access import ActionNotAllowed
from declarations.models import Batch, BatchRow, Declaration
from declarations.services import batch_work, batches
from declarations.tasks import work_batches
from portal.accounts import roles
from portal.accounts.models import Membership
from tests.declarations.filer.browsing import signed_in, words_of
from tests.makers import make_actor, make_user
from tests.support.programs import Program, own_document
from tests.support.tables import FORMATS

pytestmark = pytest.mark.django_db
PAGE = reverse("batches")


@pytest.fixture(autouse=True)
def _quiet(monkeypatch):
    monkeypatch.setattr("portal.clocks.services._ring", lambda name: None)
    monkeypatch.setattr(batch_work, "MOST_SECONDS", 60)  # on a busy machine too


class Own:
    """Stands where `own_document` looks for an organization."""

    def __init__(self, organization):
        self.organization = organization


def documents(importer):
    good, bad = (own_document(Own(importer), own=own) for own in ("GOOD00001", "BAD000001"))
    bad["ports"]["entry"] = "9999"
    return [good, bad]


def post(client, given, *, format="csv", mode="draft", name=None):
    _media, encode = FORMATS[format]
    body = encode(given)
    body = body.encode() if isinstance(body, str) else body
    return client.post(PAGE, {"file": SimpleUploadedFile(name or f"many.{format}", body), "mode": mode})


def work_all():
    while work_batches():
        pass


@pytest.mark.parametrize("format", FORMATS)
def test_a_file_is_tried_and_each_row_tells_what_to_mend(client, importer, format):
    answer = post(client, documents(importer), format=format, mode="dry-run")
    batch = Batch.objects.get()
    page = reverse("batch", args=[batch.reference])
    assert answer["Location"] == page
    waiting = client.get(page)
    assert "0 of 2 done" in words_of(waiting) and "hx-trigger" in waiting.content.decode()
    work_all()
    done = client.get(page)
    words = words_of(done)
    assert "All rows are done." in words and "hx-trigger" not in done.content.decode()
    assert "Could be filed: 1" in words and "To mend: 1" in words and "/ports/entry" in words
    assert not Declaration.objects.exists()
    assert "GOOD00001" in words and page in client.get(PAGE).content.decode()


def test_drafts_are_kept_as_the_persons_own_and_the_same_file_leads_to_them(client, importer, actor):
    given = documents(importer)[:1]
    first = post(client, given)
    work_all()
    one = Declaration.objects.get()
    assert (one.filing, one.importer, one.created_by) == ("DRAFT", importer, actor.user)
    assert reverse("declaration", args=[one.reference]) in client.get(first["Location"]).content.decode()
    again = post(client, given)
    assert again["Location"] == first["Location"] and Batch.objects.count() == 1
    assert "You sent this file before" in words_of(client.get(again["Location"]))
    assert post(client, given, mode="dry-run")["Location"] != first["Location"]


def test_what_is_no_such_file_or_mode_is_refused_and_nothing_is_kept(client, importer):
    good = documents(importer)
    for answer in (
        post(client, good, name="many.pdf"), post(client, good, mode="file"), client.post(PAGE, {"mode": "draft"}),
        client.post(PAGE, {"mode": "draft", "file": SimpleUploadedFile("a.csv", b"nonsense,heading\n1,2\n")}),
    ):  # fmt: skip
        assert answer.status_code == 422 and "The file was not taken" in words_of(answer)
    assert not Batch.objects.exists()


def test_a_person_never_files_a_file_at_once(actor, clock):
    with pytest.raises(ActionNotAllowed):
        batches.take_batch(rows=[], source="", lines="", mode="file", format="csv", actor=actor, now=clock())


def test_others_neither_see_it_nor_send_without_the_right(client, importer):
    page = post(client, documents(importer))["Location"]
    stranger = signed_in(make_actor().user)
    assert stranger.get(page).status_code == 404 and page not in stranger.get(PAGE).content.decode()
    reader = signed_in(make_user(organization=importer, role=roles.IMPORTER_ADMIN))
    may = "declaration.draft" in roles.ACTIONS[roles.IMPORTER_ADMIN]
    assert reader.get(page).status_code == 200
    assert post(reader, documents(importer)).status_code == (302 if may else 403)


def test_who_lost_the_role_meanwhile_has_the_rest_refused(client, importer, actor):
    page = post(client, documents(importer))["Location"]
    Membership.objects.filter(user=actor.user).update(is_active=False)
    work_all()
    assert set(BatchRow.objects.values_list("outcome", "code")) == {("REFUSED", "BATCH_SENDER_GONE")}
    assert Batch.objects.get().state == "DONE" and not Declaration.objects.exists()
    colleague = signed_in(make_user(organization=importer))
    assert "may no longer act here" in words_of(colleague.get(page))


def test_batches_of_programs_are_listed_too(client, importer):
    program = Program(importer)
    _media, encode = FORMATS["ndjson"]
    sent = program.ask(
        "POST", "batches", encode(documents(importer)), key="k", media="application/x-ndjson"
    ).json()  # fmt: skip
    assert sent["reference"] in client.get(PAGE).content.decode()


@pytest.mark.django_db(transaction=True)
def test_it_stands_by_a_transaction_of_its_own(starter_committed, client, importer):
    """As in a request: no test's transaction is around it."""
    assert post(client, documents(importer)).status_code == 302
    work_all()
    assert (Batch.objects.get().state, Declaration.objects.count()) == ("DONE", 2)


def test_thousands_are_told_apart(client, actor):
    assert "Send up to 5,000 declarations" in words_of(client.get(reverse("batches")))
