"""Calls to addresses of customers: public ones only, the very address that was checked, nothing followed."""

import ipaddress
import ssl
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portal.gateway import outside
from portal.gateway.outside import AddressRefused
from tests.support.receiver import receiver

PUBLIC = "93.184.215.14"


@pytest.fixture
def names(monkeypatch):
    """What names lead to; each look-up is kept."""
    found = {"asked": []}

    def look_up(host, port):
        found["asked"].append(host)
        answer = found.get(host, [PUBLIC])
        return answer.pop(0) if answer and isinstance(answer[0], list) else answer

    monkeypatch.setattr(outside, "_look_up", look_up)
    return found


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.0.0.5", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "239.255.255.250", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1", "168.63.129.16",
        "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:93.184.215.14", "64:ff9b::7f00:1", "2002:7f00:1::1", "2001:0:4136:e378::1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public_are_refused(names, address):
    names["hook.example"] = [address]
    with pytest.raises(AddressRefused, match="public"):
        outside.check("https://hook.example/x")
    assert outside.post("https://hook.example/x", body=b"{}", headers={}).status is None


def test_one_private_address_among_public_ones_is_enough(names):
    names["hook.example"] = [PUBLIC, "10.0.0.1"]
    with pytest.raises(AddressRefused):
        outside.check("https://hook.example/")


@pytest.mark.parametrize(
    "url",
    [
        "", "hook", "hook.example", "//hook.example/", "ftp://hook.example/", "http://hook.example/", "file:///etc/passwd",
        "https://", "https:///x", "https://user@hook.example/", "https://user:word@hook.example/",
        "https://hook.example:25/", "https://hook.example:80/", "https://hook.example:99999/", "https://hook.example/#x",
        "https://hook.example/\x00", "https://hook .example/", "https://hook.example/" + "x" * 500, "gopher://x/",
        "https://[::1", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_forms_of_address_that_are_refused(names, url):
    with pytest.raises(AddressRefused):
        outside.check(url)
    assert not names["asked"], "nothing is looked up for it"


@pytest.mark.parametrize("url", ["https://127.0.0.1/", "https://2130706433/", "https://0x7f.1/", "https://[::1]/",
                                 "https://[::ffff:127.0.0.1]/", "https://localhost/"])  # fmt: skip
def test_numbers_in_disguise_are_looked_up_like_names(url):
    with pytest.raises(AddressRefused):
        outside.check(url)


@pytest.mark.parametrize("url", ["https://hook.example/a?b=c", "https://hook.example:8443/", "https://bücher.example/"])
def test_public_addresses_are_taken(names, url):
    assert outside.check(url).startswith("https://")


def test_an_unknown_name_and_a_slow_one(names, monkeypatch):
    names["hook.example"] = []
    with pytest.raises(AddressRefused, match="not known"):
        outside.check("https://hook.example/")
    monkeypatch.setattr(outside, "TIMEOUT", 0.05)
    monkeypatch.setattr(outside, "_look_up", lambda *_: time.sleep(0.3) or [PUBLIC])
    with pytest.raises(AddressRefused, match="in time"):
        outside.check("https://hook.example/")


def test_plain_http_and_private_addresses_only_where_the_setting_allows_them(settings):
    with receiver() as there:
        assert outside.post(there.url, body=b"{}", headers={}).status is None
        with pytest.raises(AddressRefused):
            outside.check(there.url)
        settings.WEBHOOKS_ALLOW_PRIVATE = True
        assert outside.check(there.url) == there.url
        assert outside.post(there.url, body=b'{"events":[]}', headers={"X-One": "1"}).is_taken
        (heard,) = there.heard
        assert (heard.body, heard.headers["X-One"]) == (b'{"events":[]}', "1")
        assert heard.headers["Host"] == f"127.0.0.1:{there.port}"


def test_a_name_that_turns_private_after_the_check_is_not_called(names):
    with receiver() as there:
        names["hook.example"] = [[PUBLIC], ["127.0.0.1"]]
        url = outside.check(f"https://hook.example:{there.port}/hook")
        answer = outside.post(url, body=b"{}", headers={})
        assert (answer.status, answer.is_taken) == (None, False)
        assert "not public" in answer.why
        assert not there.heard


def test_redirects_are_not_followed(settings):
    settings.WEBHOOKS_ALLOW_PRIVATE = True
    with receiver() as there:
        there.answers, there.headers = [302], {"Location": there.url.replace("/hook", "/elsewhere")}
        answer = outside.post(there.url, body=b"{}", headers={})
        assert (answer.status, answer.is_taken) == (302, False)
        assert "not followed" in answer.why
        assert [one.path for one in there.heard] == ["/hook"]


def test_long_answers_are_not_read_to_their_end(settings, monkeypatch):
    settings.WEBHOOKS_ALLOW_PRIVATE = True
    read = []
    words = outside._words
    monkeypatch.setattr(outside, "_words", lambda status, text: read.append(len(text)) or words(status, text))
    with receiver() as there:
        there.answers, there.said = [500], b"\x00no\x07 " * 1_000_000
        answer = outside.post(there.url, body=b"{}", headers={})
    assert read == [outside.MAX_ANSWER_BYTES]
    assert answer.status == 500
    assert answer.why.startswith("HTTP 500. no no")
    assert len(answer.why) < 250


def test_a_receiver_that_takes_its_time_is_given_up(settings, monkeypatch):
    settings.WEBHOOKS_ALLOW_PRIVATE = True
    monkeypatch.setattr(outside, "TIMEOUT", 0.2)
    with receiver() as there:
        there.before = lambda _: time.sleep(0.6)
        answer = outside.post(there.url, body=b"{}", headers={})
    assert answer.status is None
    assert "Timeout" in answer.why


def test_drops_of_an_answer_do_not_hold_a_worker(settings, monkeypatch):
    settings.WEBHOOKS_ALLOW_PRIVATE = True
    monkeypatch.setattr(outside, "ALTOGETHER", 0.4)
    monkeypatch.setattr(outside, "TIMEOUT", 0.3)
    with receiver() as there:
        there.said, there.drip = b"x" * 40, 0.1
        assert outside.post(there.url, body=b"{}", headers={}).is_taken, "the status is enough"
        there.answers = [500]
        started = time.monotonic()
        answer = outside.post(there.url, body=b"{}", headers={})
    assert time.monotonic() - started < 1.5
    assert answer.status is None
    assert "Timeout" in answer.why


def test_a_refused_connection_is_told(settings):
    settings.WEBHOOKS_ALLOW_PRIVATE = True
    with receiver() as there:
        url = there.url
    assert "ConnectError" in outside.post(url, body=b"{}", headers={}).why


def test_tls_is_checked_for_the_name_while_the_connection_goes_to_the_checked_address(
    names, settings, monkeypatch, tmp_path
):
    settings.WEBHOOKS_ALLOW_PRIVATE = True
    certificate, key = _certificate("hook.example", tmp_path)
    monkeypatch.setattr(outside, "_certificates", lambda: ssl.create_default_context(cafile=certificate))
    names["hook.example"] = names["other.example"] = ["127.0.0.1"]
    with receiver(certificate, key) as there:
        assert outside.post(f"https://hook.example:{there.port}/a", body=b"{}", headers={}).is_taken
        assert there.heard[0].headers["Host"] == f"hook.example:{there.port}"
        assert names["asked"] == ["hook.example"], "looked up once, and connected to what was found"
        wrong = outside.post(f"https://other.example:{there.port}/a", body=b"{}", headers={})
        assert "certificate" in wrong.why.lower()
        assert len(there.heard) == 1


def _certificate(name, folder):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "c.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    (folder / "k.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    return str(folder / "c.pem"), str(folder / "k.pem")


def test_the_test_addresses_are_what_they_seem():
    assert ipaddress.ip_address(PUBLIC).is_global
