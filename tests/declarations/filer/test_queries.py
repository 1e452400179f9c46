"""As many queries with fifty as with one: lines of a declaration, declarations of an importer (L09)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from declarations.models import Declaration
from declarations.services import drafts
from tests.declarations.filer.browsing import at, signed_in, step
from tests.makers import make_actor, make_declaration

DRAFT = {
    "task list": ("declaration",), "lines": ("declaration_lines",), "line": ("declaration_line", "1"),
    "new line": ("declaration_line", "new"), "check": ("declaration_check",), "working": ("declaration_working",),
    "upload": ("declaration_upload",), "step": ("declaration_step", "arrival"),
}  # fmt: skip
FROZEN = {"sign": ("declaration_sign",), "working": ("declaration_working",), "status": ("declaration",)}
FILED = {
    "status": ("declaration",), "news": ("declaration_status",), "messages": ("declaration_messages",),
    "receipt": ("declaration_receipt",), "working": ("declaration_working",), "cancel": ("declaration_cancel",),
}  # fmt: skip
OF = {"draft": DRAFT, "ready": FROZEN, "submitted": FILED}


def queries(client, address):
    """The statements of a page that is asked for the second time, whatever was remembered the first time."""
    assert client.get(address).status_code == 200, address
    with CaptureQueriesContext(connection) as found:
        client.get(address)
    return [one["sql"][:200] for one in found.captured_queries]


@pytest.mark.parametrize("until", list(OF))
def test_pages_of_one_declaration(client, actor, clock, until):
    small = make_declaration("S01", actor=actor, until=until, now=clock(), lines=1)
    large = make_declaration("S01", actor=actor, until=until, now=clock(), lines=50)
    assert (small.item_count, large.item_count) == (1, 50)
    for name, place in OF[until].items():
        one, fifty = (queries(client, at(each, *place)) for each in (small, large))
        assert len(one) == len(fifty), (name, sorted(set(fifty) - set(one)))
        assert len(one) < 60, name


def test_lists(importer, clock):
    """Half of the declarations are drafts and half with customs, some with their message still on its way."""
    actor = make_actor(organization=importer)
    client = signed_in(actor.user)
    pages = [
        reverse("home"),
        reverse("declaration_list"),
        reverse("declaration_list") + "?group=yours",
        reverse("tasks"),
    ]
    for until in ("draft", "ready", "submitted"):
        make_declaration("S01", actor=actor, until=until, now=clock())
    few = {page: queries(client, page) for page in pages}
    for number in range(50):
        make_declaration("S01", actor=actor, until=("draft", "draft", "submitted")[number % 3], now=clock())
    assert Declaration.objects.count() == 53
    for page in pages:
        many = queries(client, page)
        assert len(many) == len(few[page]), (page, sorted(set(many) - set(few[page])))
        assert len(many) < 30, page


def test_saving_a_line_asks_the_same_of_long_declarations(client, actor, clock):
    counts = []
    for number in (1, 50):
        draft = make_declaration("S01", actor=actor, now=clock(), lines=number)
        item = draft.items.get(sequence=1)
        with CaptureQueriesContext(connection) as found:
            drafts.put_line(
                draft=draft,
                key=item.key,
                content={**item.content, "description": "Other"},
                base=None,
                actor=actor,
                now=clock(),
            )
        counts.append(len(found))
        with CaptureQueriesContext(connection) as found:
            assert client.post(step(draft, "contact"), {"contact_name": "Kim"}).status_code == 302
        counts.append(len(found))
    assert counts[:2] == counts[2:]


@pytest.mark.parametrize("count", [1, 50])
def test_many_lines_are_stored_with_few_statements(client, actor, clock, count):
    draft = make_declaration("S01", actor=actor, now=clock())
    rows = "description,hts_number,origin_country,price\n" + "Toys,9503000073,CN,10\n" * count
    with CaptureQueriesContext(connection) as found:
        assert client.post(at(draft, "declaration_upload"), {"rows": rows, "how": "replace"}).status_code == 302
    assert draft.items.count() == count
    assert len(found) < 40
