"""Keep bytes, and read them back."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from portal import prepared
from portal.errors import DomainError
from portal.records.models import Blob

IN_DATABASE_UP_TO = 1_048_576


class BlobDamaged(DomainError):
    """Kept bytes no longer have their digest."""

    code = "BLOB_DAMAGED"


def keep_bytes(contents: Iterable[bytes], *, now: datetime) -> list[str]:
    """The contents are kept; gives their SHA-256 digests, in order. One statement whatever their number."""
    rows: dict[str, Blob] = {}
    digests = []
    for data in contents:
        sha256 = hashlib.sha256(data).hexdigest()
        digests.append(sha256)
        if sha256 not in rows:
            rows[sha256] = _row(sha256, data, now)
    prepared.add_all(rows.values(), unless_there=True)
    return digests


def keep_file(path: Path, *, now: datetime) -> str:
    """The file's bytes are kept, however many; gives their SHA-256 digest. Never all of them in memory."""
    size = path.stat().st_size
    if size <= IN_DATABASE_UP_TO:
        return keep_bytes([path.read_bytes()], now=now)[0]
    with path.open("rb") as handle:
        sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
        name = f"blobs/{sha256[:2]}/{sha256}"
        if not default_storage.exists(name):
            default_storage.save(name, File(handle))
    prepared.add_all([Blob(sha256=sha256, size=size, data=None, file=name, created_at=now)], unless_there=True)
    return sha256


def open_kept(sha256: str) -> "File[bytes]":
    """The kept bytes as a file, read where they lie. Raises Blob.DoesNotExist and BlobDamaged as `read_bytes`."""
    row = prepared.find(Blob, sha256=sha256)
    if row is None:
        raise Blob.DoesNotExist
    handle: File[bytes] = default_storage.open(row.file, "rb") if row.file else ContentFile(bytes(row.data or b""))
    digest = hashlib.sha256()
    for piece in handle.chunks():
        digest.update(piece)
    if digest.hexdigest() != sha256:
        handle.close()
        raise BlobDamaged(f"The bytes kept under {sha256} have changed.")
    return handle


def read_bytes(sha256: str) -> bytes:
    """The kept bytes. Raises Blob.DoesNotExist, and BlobDamaged where they have changed."""
    return read_many([sha256])[0]


def read_many(digests: list[str]) -> list[bytes]:
    """Several kept contents, in order, with one statement. Raises as `read_bytes`."""
    if not digests:
        return []
    marks = ", ".join(["%s"] * len(digests))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT sha256, data, file FROM records_blob WHERE sha256 IN ({marks})", digests)  # noqa: S608  (only marks are put in)
        found = {sha256: (data, name) for sha256, data, name in cursor.fetchall()}
    if len(found) < len(set(digests)):
        raise Blob.DoesNotExist
    return [_verified(one, *found[one]) for one in digests]


def _verified(sha256: str, held: bytes | memoryview | None, name: str) -> bytes:
    if name:
        with default_storage.open(name, "rb") as handle:
            data = handle.read()
    else:
        data = bytes(held or b"")
    if hashlib.sha256(data).hexdigest() != sha256:
        raise BlobDamaged(f"The bytes kept under {sha256} have changed.")
    return data


def _row(sha256: str, data: bytes, now: datetime) -> Blob:
    if len(data) <= IN_DATABASE_UP_TO:
        return Blob(sha256=sha256, size=len(data), data=data, created_at=now)
    name = f"blobs/{sha256[:2]}/{sha256}"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(data))
    return Blob(sha256=sha256, size=len(data), data=None, file=name, created_at=now)
