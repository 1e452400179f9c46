"""A10: a purpose gets another key; what the keys before it made stays readable and stays true."""

import json
import os
from datetime import UTC, datetime, timedelta

import pytest

from portal import keys

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


def test_what_older_keys_made_is_read_and_what_is_new_has_the_new_key():
    first = keys.current_key("signature")
    signed, sealed = keys.sign("signature", b"text"), keys.seal("signature", "text")
    raw = keys.seal_bytes("signature", b"text", place=b"here")
    second = keys.rotate("signature", NOW)
    third = keys.rotate("signature", NOW + timedelta(seconds=1))
    assert keys.keys_for("signature") == [first, second, third]
    assert keys.sign("signature", b"text")[0] == keys.seal_bytes("signature", b"text")[0] == third.id
    assert keys.verify(signed[0], b"text", signed[1])
    assert keys.unseal(sealed) == "text"
    assert keys.unseal_bytes(*raw, place=b"here") == b"text"
    assert keys.current_key("receipt").id.startswith("receipt-"), "of other purposes nothing changes"


def test_bytes_are_bound_to_their_place_and_their_key():
    key_id, raw = keys.seal_bytes("personal", b"text", place=b"here")
    other = keys.rotate("personal", NOW).id
    for given, place in ((raw, b"there"), (raw[:-1], b"here"), (raw[:5], b"here"), (b"", b"here")):
        with pytest.raises(keys.Unsealable):
            keys.unseal_bytes(key_id, given, place=place)
    with pytest.raises(keys.Unsealable):
        keys.unseal_bytes(other, raw, place=b"here")


def test_a_key_that_another_process_made_is_current_here_at_once(settings, tmp_path):
    first = keys.current_key("personal")
    row = {"id": "personal-2", "purpose": "personal", "secret": "ab" * 32, "from": NOW.isoformat()}
    (tmp_path / "keys" / "ring-personal-2.json").write_text(json.dumps(row))
    os.utime(tmp_path / "keys", ns=(1, 1))  # however coarse the clock of the disk is
    assert [one.id for one in keys.keys_for("personal")] == [first.id, "personal-2"]


def test_a_ring_that_is_a_setting_is_kept_in_its_order_and_gets_no_key_from_us(settings):
    rows = [{"id": name, "purpose": "personal", "secret": "ab" * 32} for name in ("z", "a")]
    settings.KEYS = json.dumps(rows)
    assert keys.current_key("personal").id == "a"
    with pytest.raises(keys.RingIsGiven):
        keys.rotate("personal", NOW)
