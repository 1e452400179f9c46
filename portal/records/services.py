"""Keep bytes, and read them back. Those that hold a personal number are sealed where they lie."""

import hashlib
import io
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import IO, NamedTuple

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from portal import keys, personal, prepared
from portal.errors import DomainError
from portal.records.models import Blob
from portal.records.sealing import SealedFile, file_holds_personal, sealed_pieces, stream_holds_personal

IN_DATABASE_UP_TO = 1_048_576


class BlobDamaged(DomainError):
    """Kept bytes no longer have their digest."""

    code = "BLOB_DAMAGED"


class _Held(NamedTuple):
    """How bytes are held: in the row or in a file, and under which key where they are sealed."""

    data: bytes | memoryview | None
    file: str
    key_id: str
    size: int


def keep_bytes(contents: Iterable[bytes], *, now: datetime, seals: bool = False) -> list[str]:
    """The contents are kept; gives their SHA-256 digests, in order. One statement whatever their number."""
    rows: dict[str, Blob] = {}
    digests = []
    for data in contents:
        sha256 = hashlib.sha256(data).hexdigest()
        digests.append(sha256)
        if sha256 not in rows:
            rows[sha256] = _row(sha256, data, now, seals or personal.holds_personal(data))
    prepared.add_all(rows.values(), unless_there=True)
    return digests


def keep_file(path: Path, *, now: datetime, seals: bool = False) -> str:
    """The file's bytes are kept, however many; gives their SHA-256 digest. Never all of them in memory.

    `seals` where they hold a personal number in a way that is not seen in them: they are packed.
    """
    size = path.stat().st_size
    if size <= IN_DATABASE_UP_TO:
        return keep_bytes([path.read_bytes()], now=now, seals=seals)[0]
    with path.open("rb") as handle:
        sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
        handle.seek(0)
        name, key_id = _store(handle, sha256, seals=seals or file_holds_personal(path))
    row = Blob(sha256=sha256, size=size, data=None, file=name, key_id=key_id, created_at=now)
    prepared.add_all([row], unless_there=True)
    return sha256


def open_kept(sha256: str) -> "File[bytes]":
    """The kept bytes as a file, read where they lie. Raises Blob.DoesNotExist and BlobDamaged as `read_bytes`."""
    row = prepared.find(Blob, sha256=sha256)
    if row is None:
        raise Blob.DoesNotExist
    held = _Held(row.data, row.file, row.key_id, row.size)
    handle: File[bytes] = File(_opened(sha256, held)) if row.file else ContentFile(_plain(sha256, held))
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
        cursor.execute(f"SELECT sha256, data, file, key_id, size FROM records_blob WHERE sha256 IN ({marks})", digests)  # noqa: S608  (only marks are put in)
        found = {sha256: _Held(*rest) for sha256, *rest in cursor.fetchall()}
    if len(found) < len(set(digests)):
        raise Blob.DoesNotExist
    return [_verified(one, found[one]) for one in digests]


def is_kept_well(row: Blob) -> bool:
    """True where the bytes of the row are sealed with the current key, or need no seal."""
    if row.key_id:
        return row.key_id == keys.current_key(personal.PURPOSE).id
    return not _holds_personal(row)


def resealed(row: Blob) -> Blob:
    """How the bytes of the row are kept under the current key."""
    plain = _verified(row.sha256, _Held(row.data, row.file, row.key_id, row.size))
    return _row(row.sha256, plain, row.created_at, seals=True)


def _holds_personal(row: Blob) -> bool:
    """True where the bytes of a row that is kept in clear hold a personal number."""
    if not row.file:
        return personal.holds_personal(bytes(row.data or b""))
    with default_storage.open(row.file, "rb") as handle:
        return stream_holds_personal(handle)


def _verified(sha256: str, held: _Held) -> bytes:
    if held.file:
        with _opened(sha256, held) as handle:
            data = handle.read()
    else:
        data = _plain(sha256, held)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise BlobDamaged(f"The bytes kept under {sha256} have changed.")
    return data


def _plain(sha256: str, held: _Held) -> bytes:
    data = bytes(held.data or b"")
    return keys.unseal_bytes(held.key_id, data, place=sha256.encode()) if held.key_id else data


def _opened(sha256: str, held: _Held) -> IO[bytes]:
    handle: IO[bytes] = default_storage.open(held.file, "rb")
    if not held.key_id:
        return handle
    return io.BufferedReader(SealedFile(handle, key_id=held.key_id, sha256=sha256, size=held.size))


def _row(sha256: str, data: bytes, now: datetime, seals: bool) -> Blob:
    if len(data) <= IN_DATABASE_UP_TO:
        key_id, kept = keys.seal_bytes(personal.PURPOSE, data, place=sha256.encode()) if seals else ("", data)
        return Blob(sha256=sha256, size=len(data), data=kept, key_id=key_id, created_at=now)
    name, key_id = _store(io.BytesIO(data), sha256, seals=seals)
    return Blob(sha256=sha256, size=len(data), data=None, file=name, key_id=key_id, created_at=now)


def _store(handle: IO[bytes], sha256: str, *, seals: bool) -> tuple[str, str]:
    """The bytes lie in file storage; gives the name there, and the key's id where they are sealed.

    The name of a sealed file says its key, so that one which a run left behind is never taken for another.
    """
    name = f"blobs/{sha256[:2]}/{sha256}"
    key_id = keys.current_key(personal.PURPOSE).id if seals else ""
    if seals:
        name = f"{name}.{key_id}"
    if default_storage.exists(name):
        return name, key_id
    if not seals:
        default_storage.save(name, File(handle))
        return name, ""
    with tempfile.TemporaryFile() as raw:  # of sealed pieces only
        for used, piece in sealed_pieces(handle, sha256):
            if used != key_id:  # the key was changed in between, and one is stored for all pieces
                handle.seek(0)
                return _store(handle, sha256, seals=True)
            raw.write(piece)
        raw.seek(0)
        default_storage.save(name, File(raw))
    return name, key_id
