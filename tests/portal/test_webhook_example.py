"""The receiver of docs/examples tells our messages from others."""

import importlib.util
import time

import pytest

from portal.webhooks.signing import signature
from tests.support.stack import ROOT

SCRIPT = ROOT / "docs" / "examples" / "verify_webhook.py"


@pytest.fixture
def example():
    spec = importlib.util.spec_from_file_location("verify_webhook", SCRIPT)
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def test_it_believes_what_we_sign_and_nothing_else(example):
    secret, body, stamp = "whsec_of-a-test", b'{"events": [], "next": 0}', str(int(time.time()))
    headers = {
        "X-Webhook-Id": "H1", "X-Timestamp": stamp,
        "X-Signature": f"v1=00,v1={signature(secret, 'H1', stamp, body)}",
    }  # fmt: skip
    assert example.is_genuine(headers, body, secret)
    assert not example.is_genuine(headers, body + b" ", secret)
    assert not example.is_genuine(headers, body, "whsec_of-another")
    assert not example.is_genuine(headers, body, secret, now=int(stamp) + 301)
    for broken in (
        {},
        headers | {"X-Timestamp": "²"},
        headers | {"X-Signature": "é"},
        headers | {"X-Webhook-Id": "H2"},
    ):
        assert not example.is_genuine(broken, body, secret)
