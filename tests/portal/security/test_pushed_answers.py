"""B18: an answer that is pushed to us is taken with its signature over these very bytes, now, and not otherwise."""

import hashlib
import hmac
import time

import pytest
from django.test import Client

from portal.gateway.models import InboundMessage
from portal.records.models import Blob

pytestmark = pytest.mark.django_db
KEY = "push-key-for-tests"
BODY = b"<Response><FunctionCode>01</FunctionCode></Response>"
ADDRESS = "/gateway/rehearsal/notifications"


@pytest.fixture(autouse=True)
def _pushed_to(settings):
    settings.CHANNELS = {"rehearsal": settings.CHANNELS["rehearsal"] | {"push_key": KEY}}


def signed(*, key=KEY, body=BODY, stamp=None, name="N1", nonce="once"):
    stamp = str(int(time.time())) if stamp is None else stamp
    message = f"{name}.{stamp}.{nonce}.".encode() + body
    code = hmac.new(key.encode(), message, hashlib.sha256).hexdigest()
    return {"X-Notification-ID": name, "X-Timestamp": stamp, "X-Nonce": nonce, "X-Signature": f"v1={code}"}


def push(headers, body=BODY):
    return Client().post(ADDRESS, body, content_type="application/xml", headers=headers).status_code


def test_a_genuine_answer_is_kept_once_however_often_it_comes():
    given = signed()
    assert [push(given), push(given)] == [202, 202]
    assert InboundMessage.objects.get().sha256 == hashlib.sha256(BODY).hexdigest()


@pytest.mark.parametrize(
    "headers",
    [
        {}, signed(key="another-key"), signed() | {"X-Signature": ""}, signed() | {"X-Signature": "v1="},
        signed() | {"X-Notification-ID": "N2"}, signed() | {"X-Nonce": "twice"}, signed() | {"X-Nonce": ""},
        signed(stamp=str(int(time.time()) - 600)), signed(stamp=str(int(time.time()) + 600)),
        signed() | {"X-Timestamp": ""}, signed(stamp="-1"), signed(stamp="1" * 13), signed(stamp="\xb2"),
        signed(stamp="nan"), signed() | {"X-Signature": "v1=\xe9"},
    ],
)  # fmt: skip
def test_anything_else_is_refused_and_nothing_is_kept(headers):
    assert push(headers) == 401
    assert not InboundMessage.objects.exists() and not Blob.objects.filter(size=len(BODY)).exists()


def test_a_body_changed_by_one_byte_is_refused_at_every_place():
    given = signed()
    for place in range(len(BODY)):
        other = bytearray(BODY)
        other[place] ^= 1
        assert push(given, bytes(other)) == 401, place
    assert push(given, BODY + b" ") == push(given, BODY[:-1]) == 401
    assert not InboundMessage.objects.exists()


def test_a_channel_without_a_key_has_no_such_door(settings):
    settings.CHANNELS = {"rehearsal": settings.CHANNELS["rehearsal"] | {"push_key": ""}}
    assert push(signed(key="")) == 404


def test_signatures_are_compared_in_constant_time(monkeypatch):
    compared = []
    real = hmac.compare_digest
    monkeypatch.setattr("portal.gateway.api.hmac.compare_digest", lambda a, b: compared.append((a, b)) or real(a, b))
    assert push(signed(key="another-key")) == 401
    assert len(compared) == 1
