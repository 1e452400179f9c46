"""The API holds to its own description: generated requests against a running portal find no other answer.

Examples as they stand, every boundary of every parameter, and as many random requests as the time allows: no 5xx,
no status or kind of answer that is not described, no body or header against its schema, nothing without a token.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from tests.support.stack import ROOT, Stack

pytestmark = pytest.mark.schema
EXAMPLES = os.environ.get("SCHEMA_EXAMPLES", "10")  # random requests an operation
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "unsupported_method", "missing_required_header", "ignored_auth",
    "negative_data_rejection",
)  # fmt: skip
PROGRAM = Path(sys.executable).parent / "schemathesis"


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    running = Stack("sqlite", tmp_path_factory.mktemp("stack"))
    running.environment["PORTAL_API_QUOTAS"] = '{"standard": 1000000}'
    with running:
        yield running


def token_of(stack, given):
    form = {key: given[key] for key in ("client_id", "client_secret")} | {"grant_type": "client_credentials"}
    with urllib.request.urlopen(f"{stack.address}/oauth/token/", urllib.parse.urlencode(form).encode()) as answer:
        return json.load(answer)["access_token"]


@pytest.fixture(scope="module")
def given(stack):
    return stack.query("make_program", "0")


def test_the_quick_start_of_the_docs_works(stack, given, tmp_path):
    place = tmp_path / "var" / "keys" / "demonstration_programs.json"
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps({"importer": given}))
    text = (ROOT / "docs" / "api.md").read_text().replace("http://127.0.0.1:8000", stack.address)
    python = re.search(r"```python\n(import json.*?)```", text, re.DOTALL)[1]
    done = subprocess.run(
        [sys.executable, "-c", python], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0 and "CLEARED" in done.stdout, done.stdout + done.stderr
    if not (shutil.which("jq") and shutil.which("curl")):
        return  # the five commands need both
    commands = re.search(r"```bash\n(URL=.*?)```", text, re.DOTALL)[1]
    told = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands], cwd=tmp_path, capture_output=True, text=True, check=False,
        timeout=120,
    )  # fmt: skip
    assert told.returncode == 0 and '"CLEARED"' in told.stdout, told.stdout + told.stderr


def test_the_api_keeps_to_its_description(stack, given, tmp_path):
    done = subprocess.run(
        [PROGRAM, "run", f"{stack.address}/api/v1/schema", "--no-color", "--phases", "examples,coverage,fuzzing",
         # Kinds of body that it cannot write: tests/declarations/api/test_batches.py sends what is wrong with them.
         "--exclude-operation-id", "send_batch", "--max-examples", EXAMPLES, "--seed", "1", "--generation-database", "none", "--no-shrink",
         "--header", f"Authorization: Bearer {token_of(stack, given)}", "--checks", ",".join(CHECKS),
         "--request-timeout", "20", "--warnings", "off", "--continue-on-failure"],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=1800,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-12_000:] + done.stderr[-2000:]
    assert "ERROR" not in stack.whole_log("web")
