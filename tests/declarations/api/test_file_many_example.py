"""docs/examples/file_many.py at the edges: one client that refuses does not stop the others, a wrong secret does."""

import importlib.util
import json

import pytest

from tests.fault.test_file_many import SCRIPT
from tests.makers import make_importer
from tests.support.programs import Program, own_document

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("starter_committed")]


@pytest.fixture
def example():
    spec = importlib.util.spec_from_file_location("file_many_example", SCRIPT)
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def run(example, folder, address, program, documents, *, secret=None):
    (folder / "who.json").write_text(
        json.dumps({"client_id": program.client.client_id, "client_secret": secret or program.secret})
    )
    (folder / "many.ndjson").write_text("".join(json.dumps(one) + "\n" for one in documents))
    return example.main(
        ["--url", address, "--credentials", str(folder / "who.json"), "--declarations", str(folder / "many.ndjson"),
         "--journal", str(folder / "journal.ndjson"), "--wait", "0", "--at-once", "1"]
    )  # fmt: skip


def test_a_client_without_a_mandate_stops_nobody_else(example, live_server, tmp_path, capsys):
    program, other = Program(), make_importer()
    foreign = own_document(program, own="FOREIGN1")
    foreign["parties"]["importer"] = {"id": other.importer_number, "name": other.name, "address": other.address}
    documents = [foreign, own_document(program, own="MINE1")]
    assert run(example, tmp_path, live_server.url, program, documents) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["filed"] == 1 and list(told["refused"]) == [f"{other.importer_number}/FOREIGN1"]
    assert run(example, tmp_path, live_server.url, program, documents) == 1, "what was refused is tried again"
    assert json.loads(capsys.readouterr().out)["filed"] == 1


def test_a_wrong_secret_is_told_at_once(example, live_server, tmp_path, capsys):
    program = Program()
    code = run(example, tmp_path, live_server.url, program, [own_document(program)], secret="not the secret at all")
    assert code == 2 and "TOKEN_REFUSED" in capsys.readouterr().err
