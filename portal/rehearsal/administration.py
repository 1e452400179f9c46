"""The doors for the person who runs the rehearsal: what arrived, the clock, faults, answers by hand."""

import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from http import HTTPStatus

from portal.rehearsal.answers import LAYOUTS
from portal.rehearsal.authority import Authority
from portal.rehearsal.checks import Finding
from portal.rehearsal.clock import iso
from portal.rehearsal.outbox import Address
from portal.rehearsal.replies import Reply, error, json_reply
from portal.rehearsal.scripts import Note, Part, Step
from portal.rehearsal.store import Row

Given = dict[str, object]


class BadRequestError(Exception):
    """An administrator's request makes no sense; the text says why."""


def administer(authority: Authority, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
    """The reply to an administrator who holds the token."""
    token = headers.get("x-admin-token", "")
    if not hmac.compare_digest(token.encode(), authority.settings.secrets.admin_token.encode()):
        return error(HTTPStatus.UNAUTHORIZED, "UNAUTHORIZED", "A valid X-Admin-Token is needed.")
    if (method, path) in LISTS:
        return json_reply(LISTS[method, path](authority))
    if (method, path) not in ACTS:
        return error(HTTPStatus.NOT_FOUND, "NOT_FOUND", "No such address.")
    try:
        given = json.loads(body or b"{}", parse_float=Decimal)
    except ValueError as problem:
        raise BadRequestError("the body is no JSON") from problem
    if not isinstance(given, dict):
        raise BadRequestError("a JSON object is wanted")
    return json_reply(ACTS[method, path](authority, given))


def list_declarations(authority: Authority) -> list[Given]:
    """One row for each distinct message that was processed, with the times it took effect."""
    rows = authority.store.rows(
        "SELECT messages.*, (SELECT count(*) FROM effects WHERE message = messages.id) AS effects"
        " FROM messages ORDER BY id"
    )
    names = ("lrn", "conversation_id", "function", "type", "effects")
    return [
        {name: row[name] for name in names} | {"mrn": row["number"], "received_at": iso(row["received_at"])}
        for row in rows
    ]


def list_received(authority: Authority) -> list[Given]:
    """Every body that arrived."""
    rows = authority.store.rows("SELECT at, message_id, lrn, sha256, outcome FROM received ORDER BY id")
    return [{**dict(row), "at": iso(row["at"])} for row in rows]


def move_clock(authority: Authority, given: Given) -> Given:
    """It is later, and what became due was given."""
    seconds = given.get("advance_seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | Decimal) or not 0 <= seconds <= 10**9:
        raise BadRequestError("advance_seconds must be a number from 0 to 1000000000")
    count = authority.advance(int(seconds * 1000))
    return {"now": iso(authority.clock.now()), "given": count}


def set_faults(authority: Authority, given: Given) -> Given:
    """These faults happen from now on."""
    try:
        authority.faults.set(given)
    except ValueError as problem:
        raise BadRequestError(str(problem)) from problem
    return dict(authority.faults.current())


def set_scale(authority: Authority, given: Given) -> Given:
    """Units of answers planned from now on last this long."""
    seconds = given.get("seconds_per_unit")
    if isinstance(seconds, bool) or not isinstance(seconds, int | Decimal) or not 0 <= seconds <= 86_400:
        raise BadRequestError("seconds_per_unit must be a number from 0 to 86400")
    authority.outbox.unit = int(seconds * 1000)
    return {"seconds_per_unit": str(seconds)}


def answer_by_hand(authority: Authority, given: Given) -> Given:
    """An answer will be given about the message with this local reference, or about none where `unmatched` says so."""
    function, layout = _word(given, "function"), _word(given, "layout") or "plain"
    if not re.fullmatch(r"\d{1,3}", function) or layout not in LAYOUTS:
        raise BadRequestError("function must be a number, layout one of " + ", ".join(LAYOUTS))
    after = given.get("after_units", 0)
    if isinstance(after, bool) or not isinstance(after, int | Decimal) or after < 0:
        raise BadRequestError("after_units must be a number from 0")
    part = Part(function, _word(given, "status"), _notes(given), _errors(given))
    identity = authority.outbox.plan(
        _address(authority, given), (Step(int(after * 100), (part,), layout),), _word(given, "response_id")
    )
    authority.outbox.give_due()
    return {"id": identity}


LISTS: dict[tuple[str, str], Callable[[Authority], list[Given]]] = {
    ("GET", "/admin/declarations"): list_declarations,
    ("GET", "/admin/received"): list_received,
}
ACTS: dict[tuple[str, str], Callable[[Authority, Given], Given]] = {
    ("POST", "/admin/clock"): move_clock,
    ("POST", "/admin/faults"): set_faults,
    ("POST", "/admin/answers"): answer_by_hand,
    ("POST", "/admin/scale"): set_scale,
}


def _address(authority: Authority, given: Given) -> Address:
    lrn = _word(given, "lrn")
    row: Row | None = authority.store.row("SELECT * FROM messages WHERE lrn = ? ORDER BY id DESC", lrn)
    if row is None:
        if given.get("unmatched") is not True:
            raise BadRequestError("no message with this lrn; say unmatched: true to answer all the same")
        client = next(iter(authority.settings.secrets.clients))
        return Address(client, lrn, _word(given, "mrn"), "00000000-0000-4000-8000-000000000000")
    request = row["id"] if row["function"] == "13" else None
    address = Address(row["client"], lrn, row["number"], row["conversation_id"], row["declaration"], request)
    return replace(address, number=_word(given, "mrn") or address.number)


def _notes(given: Given) -> tuple[Note, ...]:
    return tuple(
        Note(_word(one, "code"), _word(one, "text"), _word(one, "type") or "US") for one in _list(given, "notes")
    )


def _errors(given: Given) -> tuple[Finding, ...]:
    rows = _list(given, "errors")
    return tuple(Finding(_word(one, "code"), _word(one, "description"), _word(one, "pointer")) for one in rows)


def _list(given: Given, name: str) -> list[Given]:
    rows = given.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadRequestError(f"{name} must be a list of objects")
    return rows


def _word(given: Given, name: str) -> str:
    value = given.get(name, "")
    if not isinstance(value, str) or not value.isprintable() or len(value) > 512:
        raise BadRequestError(f"{name} must be printable text of at most 512 characters")
    return value
