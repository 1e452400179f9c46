"""The description of the API holds: it is whole, valid, public, and what it shows as an example works."""

import json
import re

import pytest
import yaml
from django.test import Client as HttpClient
from django.urls import get_resolver
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema

from audits.demonstration.shipments import IMPORTER
from portal.accounts import roles
from portal.accounts.models import Organization
from portal.openapi.api import TodaysGenerator
from tests.makers import make_agent, make_importer, make_mandate
from tests.support.programs import Program

pytestmark = pytest.mark.django_db
API = "/api/v1/"


@pytest.fixture(scope="module")
def described():
    return json.loads(json.dumps(TodaysGenerator().get_schema(public=True)))


@pytest.fixture
def program():
    one = make_importer(name=IMPORTER["name"])
    one.importer_number = IMPORTER["id"]
    one.save()
    return Program(one, role=roles.IMPORTER_ADMIN)


def operations(described):
    return [(path, method, op) for path, ways in described["paths"].items() for method, op in ways.items()]


def test_it_is_valid_and_made_without_warnings(described):
    validate_schema(described)
    assert described["openapi"].startswith("3.1")
    assert not GENERATOR_STATS._warn_cache and not GENERATOR_STATS._error_cache


def test_every_address_and_method_is_in_it(described):
    told = {(path, method) for path, method, _ in operations(described)}
    there = set()
    for pattern, view in routes(get_resolver().url_patterns):
        if not pattern.startswith(API):
            continue
        for method in ("get", "post", "put", "patch", "delete"):
            if hasattr(view.view_class, method):
                there.add((plain(pattern), method))
    assert there == told
    ids = [op["operationId"] for _, _, op in operations(described)]
    assert len(set(ids)) == len(ids)


def routes(patterns, before="/"):
    for one in patterns:
        text = before + str(one.pattern).lstrip("^")
        if hasattr(one, "url_patterns"):
            yield from routes(one.url_patterns, text)
        else:
            yield text, one.callback


def plain(pattern):
    pattern = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"{\1}", pattern)
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", pattern).replace("\\", "").rstrip("$")


def test_every_reference_leads_somewhere_and_names_are_short(described):
    for ref in set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(described))):
        found = described
        for part in ref.split("/"):
            found = found[part]
    for name, schema in described["components"]["schemas"].items():
        assert re.fullmatch(r"[A-Z][A-Za-z0-9]+", name), name
        assert schema.get("description"), f"{name} has no docstring"
    assert described["components"]["schemas"]["Document"]["properties"]["items"]["maxItems"] == 999


def test_each_operation_says_what_can_happen(described):
    for path, method, op in operations(described):
        public = op["security"] == []
        assert op["description"] and op["summary"], path
        assert {"401", "403", "429", "503"} <= set(op["responses"]) or public, path
        assert ("requestBody" in op) == ("415" in op["responses"]), path
        assert "Accept-Language" in [one["name"] for one in op["parameters"]], path
        for parameter in op["parameters"]:
            assert parameter["description"], (path, parameter["name"])
        if "requestBody" in op:
            for kind, content in op["requestBody"]["content"].items():
                if "spreadsheet" not in kind:  # no example of bytes
                    assert content.get("examples"), f"{method} {path} has no example as {kind}"


def test_it_is_public_as_json_and_as_yaml():
    plain = HttpClient()
    given = plain.get(f"{API}schema")
    assert given.status_code == 200 and given["Content-Type"] == "application/json"
    for other in (
        plain.get(f"{API}schema", headers={"Accept": "application/yaml"}), plain.get(f"{API}schema?format=yaml"),
    ):  # fmt: skip
        assert other["Content-Type"] == "application/yaml"
        assert yaml.safe_load(other.content) == given.json()
    assert plain.get(f"{API}schema", headers={"Authorization": "Bearer nonsense"}).status_code == 200
    assert plain.get(f"{API}schema", headers={"Accept": "image/png"}).status_code == 406


def test_the_page_keeps_to_the_policy_on_scripts(client):
    page = client.get("/api/docs/")
    text = page.content.decode()
    assert page.status_code == 200 and "unsafe-inline" not in page["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*(src=|nonce=))", text) and "<style" not in text
    script = client.get(re.search(r'src="(/api/docs/[^"]+)"', text)[1])
    assert script["Content-Type"].startswith("text/javascript") and b"/api/v1/schema" in script.content


# ---- what stands in it as an example is sent as it stands ---------------------------------------
def _draft(program, number):
    example = described_examples()["a-declaration"]["application/json"]["ocean"]["value"]
    value = example | {"functional_reference_id": f"EX{number}"}
    return program.post("declarations", value).json()["summary"]["reference"]


def _filed(program, number):
    made = _draft(program, number)
    sign = described_examples()["submission"]["application/json"]["sign"]["value"]
    assert program.post(f"declarations/{made}/submission", sign, key=f"before-{number}").status_code == 202
    return made


def described_examples():
    from django.utils import timezone

    from audits.demonstration.api_examples import examples
    from portal.timezones import party_date

    return examples(party_date(timezone.now()))


def _mandate(program, number):
    return make_mandate(principal=program.organization, until="offered").number


BEFORE = {
    "note_talk": _mandate, "revoke_mandate": _mandate, "withdraw_from_mandate": _mandate, "decline_mandate": _mandate,
    "change_draft": _draft, "submit_declaration": _draft, "cancel_declaration": _filed, "amend_declaration": _filed,
}  # fmt: skip
# What an example cannot find without an authority: a clock to move, a declaration that customs has accepted.
ELSEWHERE = {
    "advance_sandbox_clock": "NOT_A_SANDBOX",
    "amend_declaration": "ACT_REFUSED",
    "withdraw_from_mandate": "MANDATE_ACT_REFUSED",
    "decline_mandate": "MANDATE_ACT_REFUSED",
}


def test_every_example_is_accepted(described, program, monkeypatch):
    monkeypatch.setattr("portal.webhooks.services.outside.check", lambda url: url)
    Organization.objects.filter(pk=make_agent().pk).update(reference="G000000000000")  # whom an example names
    number = 0
    for path, method, op in operations(described):
        for kind, content in op.get("requestBody", {}).get("content", {}).items():
            for name, example in content.get("examples", {}).items():
                number += 1
                address = path.removeprefix(API)
                if "{" in path:
                    made = BEFORE[op["operationId"]](program, number)
                    address = address.format(reference=made, mandate=made)
                said = example["value"]
                if isinstance(said, dict) and "functional_reference_id" in said:
                    said = said | {"functional_reference_id": f"E{number}"}
                elif isinstance(said, str):
                    said = said.replace("APIS01", f"E{number}")
                key = f"example-{number}" if method == "post" else None
                answer = program.ask(method.upper(), address, said, key=key, media=kind, If_Match="*")
                if op["operationId"] in ELSEWHERE:
                    assert (answer.status_code, answer.json()["code"]) == (409, ELSEWHERE[op["operationId"]])
                    continue
                good = min(code for code in op["responses"] if code < "300")
                assert str(answer.status_code) == good, (path, kind, name, answer.content[:600])
                if op["operationId"] == "dry_run":
                    assert answer.json()["would_be_filed"], (name, answer.content[:600])


# ---- doors that the description promises --------------------------------------------------------
def test_head_takes_the_scope_of_get():
    reading, drafting = Program(), Program(scopes="draft")
    assert reading.ask("HEAD", "declarations").status_code == 200
    assert drafting.ask("HEAD", "declarations").status_code == 403
    assert HttpClient().head(f"{API}declarations").status_code == 401


def test_what_is_not_there_is_a_problem_and_no_page(program):
    for address in ("nothing", "declarations/lower", "declarations/"):
        answer = program.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json"), address
        assert answer.json()["correlation_id"] == answer["X-Correlation-ID"]


def test_a_filter_that_there_is_not_is_refused(program):
    for asked in ("group=mine", "entry_type=001"):
        answer = program.get(f"declarations?{asked}")
        assert (answer.status_code, answer.json()["code"]) == (400, "BAD_CURSOR")
    assert program.get("declarations?group=&entry_type=&after=").status_code == 200


def test_an_empty_key_is_no_key(program):
    body = {"functional_reference_id": "EMPTY"}
    headers = {"Idempotency_Key": ""}
    assert program.post("declarations", body, **headers).json()["code"] == "IDEMPOTENCY_KEY_UNFIT"
    assert program.post("filings", body, **headers).json()["code"] == "IDEMPOTENCY_KEY_REQUIRED"


def test_a_mistake_of_ours_is_a_problem_too(program, monkeypatch):
    program.http.raise_request_exception = False
    monkeypatch.setattr("declarations.filer.api.feeds.feed_of", lambda *_, **__: 1 / 0)
    answer = program.get("events")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert answer.json()["code"] == "SERVER_ERROR"


def test_a_body_that_is_too_large_is_told_so(program, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    for address in ("dry-runs", "declarations"):
        answer = program.post(address, b" " * 2000)
        assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")
    assert program.file(b" " * 2000).json()["code"] == "BODY_TOO_LARGE"
