"""Kept bytes: sealed below their digest where they hold a personal number, in the row and in files."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from portal import keys
from portal.records.models import Blob
from portal.records.sealing import PIECE
from portal.records.services import (
    IN_DATABASE_UP_TO,
    BlobDamaged,
    keep_bytes,
    keep_file,
    open_kept,
    read_bytes,
    read_many,
)

pytestmark = pytest.mark.django_db
NUMBER = b"412-70-3958"
PLAIN = b"x" * (IN_DATABASE_UP_TO + 1)
LARGE = b"a" * (PIECE - 5) + NUMBER + b"b" * IN_DATABASE_UP_TO + b"end"  # the number lies across two pieces


def keep(data, tmp_path, way):
    if way == "bytes":
        return keep_bytes([data], now=timezone.now())[0]
    path = tmp_path / "given"
    path.write_bytes(data)
    return keep_file(path, now=timezone.now())


def lies(sha256):
    """The bytes as they lie in the row or the file."""
    row = Blob.objects.get(sha256=sha256)
    if not row.file:
        return bytes(row.data)
    with default_storage.open(row.file, "rb") as handle:
        return handle.read()


@pytest.mark.parametrize("way", ["bytes", "file"])
@pytest.mark.parametrize("data", [b"number " + NUMBER, LARGE])
def test_bytes_with_a_personal_number_are_sealed_and_read_as_they_were(data, way, tmp_path):
    sha256 = keep(data, tmp_path, way)
    row = Blob.objects.get(sha256=sha256)
    assert row.key_id == keys.current_key("personal").id and row.size == len(data)
    assert NUMBER not in lies(sha256) and b"aaaa" not in lies(sha256)
    assert read_bytes(sha256) == data
    assert keep(data, tmp_path, way) == sha256 and Blob.objects.count() == 1
    keys.rotate("personal", timezone.now())
    assert read_many([sha256, sha256]) == [data, data]


@pytest.mark.parametrize("data", [b"number 12-345678900", PLAIN])
def test_others_lie_as_they_are(data, tmp_path):
    sha256 = keep(data, tmp_path, "file")
    assert (lies(sha256), Blob.objects.get().key_id) == (data, "")
    assert read_bytes(sha256) == data


@pytest.mark.parametrize("data", [NUMBER * 100, LARGE])
def test_a_sealed_one_is_read_from_any_place(data, tmp_path):
    with open_kept(keep(data, tmp_path, "file")) as handle:
        for place in (0, 3, len(data) - 7, PIECE - 8, PIECE, 2 * PIECE - 1):
            handle.seek(place)
            assert handle.read(40) == data[place : place + 40], place
        handle.seek(0)
        assert handle.read() == data


@pytest.mark.parametrize("data", [NUMBER, LARGE])
def test_a_sealed_one_that_was_changed_is_told(data, tmp_path):
    sha256 = keep(data, tmp_path, "file")
    row, raw = Blob.objects.get(), bytearray(lies(sha256))
    raw[-3] ^= 1
    if row.file:
        default_storage.delete(row.file)
        default_storage.save(row.file, ContentFile(bytes(raw)))
    else:
        Blob.objects.update(data=bytes(raw))
    for read in (read_bytes, open_kept):
        with pytest.raises((keys.Unsealable, BlobDamaged)):
            read(sha256)


def test_a_packed_one_is_sealed_on_demand(tmp_path):
    path = tmp_path / "table.xlsx"
    path.write_bytes(b"PK packed")
    sha256 = keep_file(path, now=timezone.now(), seals=True)
    assert lies(sha256) != b"PK packed" and read_bytes(sha256) == b"PK packed"
