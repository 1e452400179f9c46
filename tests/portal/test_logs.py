"""What is written down of a request: its weight, one line each, and where it goes."""

import io
import json
import logging

import pytest
from django.test import Client

from portal import logs

pytestmark = pytest.mark.django_db
SMALL = 1000


@pytest.fixture
def written(tmp_path, settings):
    """Logging set up anew as in service, its standard error in hand; as it was before at the end."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = SMALL

    def set_up(**options):
        logs.configure({"level": "INFO", "json": True, **options})
        terminal = next(one for one in root.handlers if type(one) is logging.StreamHandler)
        terminal.setStream(io.StringIO())
        return terminal.stream

    yield set_up
    for one in root.handlers[:]:
        one.close()
    logs.configure(settings.LOGGING)
    root.handlers[:], level, _size = before
    root.setLevel(level)


def records(text):
    return [json.loads(line) for line in text.splitlines()]


def post_too_much():
    body = "login=" + "x" * 10 * SMALL
    return Client().post("/accounts/login/", body, content_type="application/x-www-form-urlencoded")


def test_a_body_that_is_too_large_is_one_warning_without_a_trace(written):
    terminal = written()
    assert post_too_much().status_code == 400
    told = records(terminal.getvalue())
    heavy = [one for one in told if one["level"] not in ("info", "debug")]
    assert [(one["level"], "exception" in one) for one in heavy] == [("warning", False)]
    assert "Traceback" not in terminal.getvalue()


def test_a_page_that_is_not_there_is_no_warning(written):
    terminal = written()
    assert Client().get("/declarations/none/of/these/").status_code == 404
    told = records(terminal.getvalue())
    assert {one["level"] for one in told} == {"info"}
    assert 404 in [one.get("status") for one in told]


@pytest.mark.parametrize("as_json", [False, True])
def test_what_cannot_be_seen_is_written_so_that_it_can(written, as_json):
    terminal = written(json=as_json)
    assert Client().get("/api/v1/declarations/%00%1b%5Bm%C2%85%0A").status_code in {401, 404}
    text = terminal.getvalue()
    assert "x00" in text and "x1b" in text and "x85" in text
    assert not {one for one in text if not one.isprintable()} - {"\n"}


def test_with_a_level_of_warning_what_clients_got_wrong_is_silent(written):
    terminal = written(level="WARNING")
    assert Client().get("/declarations/none/of/these/").status_code == 404
    assert terminal.getvalue() == ""


def test_with_a_file_the_terminal_shows_errors_only(written, tmp_path):
    path = tmp_path / "portal.log"
    terminal = written(file=path)
    assert Client().get("/declarations/none/of/these/").status_code == 404
    post_too_much()
    logging.getLogger("portal").warning("something to look at")
    assert terminal.getvalue() == ""
    logging.getLogger("portal").error("something broke")
    assert [one["event"] for one in records(terminal.getvalue())] == ["something broke"]
    kept = [one["event"] for one in records(path.read_text())]
    assert {"request", "something to look at", "something broke"} <= set(kept)


def test_a_fault_of_ours_keeps_its_trace(written):
    terminal = written()
    try:
        raise RuntimeError("ours")
    except RuntimeError:
        logging.getLogger("django.request").exception("Internal Server Error", extra={"status_code": 500})
    (told,) = records(terminal.getvalue())
    assert told["level"] == "error"
    assert "RuntimeError: ours" in told["exception"]
