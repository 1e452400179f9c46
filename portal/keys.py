"""A ring of keys by purpose; everything made with a key stores the key's id, so that keys can change."""

import base64
import contextlib
import hashlib
import hmac
import json
import os
import secrets
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from portal.errors import DomainError

SEALED = "sealed:"
NONCE_BYTES = 12


class Unsealable(DomainError):
    """What was sealed cannot be opened: its key is no longer in the ring, or it has been changed."""

    code = "UNSEALABLE"


class RingIsGiven(DomainError):
    """The key ring is a setting, so the portal makes no keys of its own."""

    code = "KEY_RING_GIVEN"


class Key(NamedTuple):
    """A key: its id, what it is for, and its bytes."""

    id: str
    purpose: str
    secret: bytes


@lru_cache(maxsize=8)
def _ring(source: str, _mark: int) -> tuple[Key, ...]:
    """The keys, oldest first. One without a beginning is older than all that have one."""
    path = Path(source)
    if _is_text(source):
        rows = json.loads(source)
    else:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        rows = [json.loads(one.read_text()) for one in sorted(path.glob("ring-*.json"))]
    rows.sort(key=lambda row: row.get("from", ""))
    return tuple(Key(row["id"], row["purpose"], bytes.fromhex(row["secret"])) for row in rows)


def _keys() -> tuple[Key, ...]:
    """The ring as it stands; a folder is read again when a key was added to it, by whichever process."""
    source = settings.KEYS
    if _is_text(source):
        return _ring(source, 0)
    try:
        return _ring(source, os.stat(source).st_mtime_ns)  # asked at every signature: a path would cost more
    except FileNotFoundError:
        return _ring(source, 0)


def _is_text(source: str) -> bool:
    return source[:1] == "[" or source.lstrip()[:1] == "["


def current_key(purpose: str) -> Key:
    """The newest key for a purpose; in a folder of keys, the first use makes one."""
    return keys_for(purpose)[-1]


def keys_for(purpose: str) -> list[Key]:
    """All keys for a purpose, the newest last; in a folder of keys, the first use makes one."""
    found = [key for key in _keys() if key.purpose == purpose]
    return found or [_make(purpose)]


def key_by_id(key_id: str) -> Key | None:
    """The key with this id, or None."""
    found = next((key for key in _keys() if key.id == key_id), None)
    if found is None:
        _ring.cache_clear()
        found = next((key for key in _keys() if key.id == key_id), None)
    return found


def rotate(purpose: str, now: datetime) -> Key:
    """The purpose has a new key, which is current from now on; those before it stay. Raises RingIsGiven."""
    if _is_text(settings.KEYS):
        raise RingIsGiven("The ring is given in PORTAL_KEYS. Add the new key there, after the others of its purpose.")
    keys_for(purpose)
    return _make(purpose, since=now.astimezone(UTC).isoformat())


def sign(purpose: str, message: bytes) -> tuple[str, str]:
    """HMAC-SHA256 of a message with the current key: the key's id and the hexadecimal code."""
    key = current_key(purpose)
    return key.id, hmac.new(key.secret, message, hashlib.sha256).hexdigest()


def verify(key_id: str, message: bytes, code: str) -> bool:
    """True where the code was made with that key over that message; compared in constant time."""
    key = key_by_id(key_id)
    return key is not None and hmac.compare_digest(hmac.new(key.secret, message, hashlib.sha256).hexdigest(), code)


def code_with(key_id: str, message: bytes) -> str | None:
    """The code that this key makes over the message, or None where the ring has no such key."""
    key = key_by_id(key_id)
    return hmac.new(key.secret, message, hashlib.sha256).hexdigest() if key is not None else None


def seal(purpose: str, text: str) -> str:
    """The text encrypted with the current key (AES-256-GCM), with the key's id in front, bound to it."""
    key_id, sealed = seal_bytes(purpose, text.encode())
    return f"{SEALED}{key_id}:{base64.b64encode(sealed).decode()}"


def unseal(sealed: str) -> str:
    """The text that was sealed. Raises Unsealable."""
    key_id, _, code = sealed.removeprefix(SEALED).rpartition(":")
    try:
        raw = base64.b64decode(code, validate=True)
    except ValueError as error:
        raise Unsealable("What was encrypted has been changed.") from error
    return unseal_bytes(key_id, raw).decode()


def seal_bytes(purpose: str, data: bytes, *, place: bytes = b"") -> tuple[str, bytes]:
    """The key's id, and the bytes encrypted with the current key, bound to it and to their place."""
    key = current_key(purpose)
    nonce = secrets.token_bytes(NONCE_BYTES)
    return key.id, nonce + AESGCM(_cipher_key(key)).encrypt(nonce, data, key.id.encode() + place)


def unseal_bytes(key_id: str, raw: bytes, *, place: bytes = b"") -> bytes:
    """The bytes that were encrypted with this key for this place. Raises Unsealable."""
    key = key_by_id(key_id)
    if key is None:
        raise Unsealable("The key that this was encrypted with is no longer in the portal's key ring.")
    try:
        return AESGCM(_cipher_key(key)).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], key_id.encode() + place)
    except (InvalidTag, ValueError) as error:
        raise Unsealable("What was encrypted has been changed.") from error


def is_sealed(text: str) -> bool:
    """True for what `seal` gave."""
    return text.startswith(SEALED)


def _cipher_key(key: Key) -> bytes:
    """32 bytes of their own, however long the key is: one that signs is never one that encrypts."""
    return hashlib.sha256(b"seal:" + key.secret).digest()


def _make(purpose: str, since: str = "") -> Key:
    """A new key in the folder. The first of a purpose has a fixed name, so that two processes make one."""
    if _is_text(settings.KEYS):
        raise KeyError(f"no key for {purpose} in PORTAL_KEYS")
    folder = Path(settings.KEYS)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key_id = f"{purpose}-{secrets.token_hex(4)}"
    row = {"id": key_id, "purpose": purpose, "secret": secrets.token_hex(32)} | ({"from": since} if since else {})
    fresh = folder / f".{key_id}"
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write(json.dumps(row))
    with contextlib.suppress(FileExistsError):  # another process made one in the same moment: that one counts
        os.link(fresh, folder / f"ring-{key_id if since else purpose}.json")
    fresh.unlink()
    _ring.cache_clear()
    return [key for key in _keys() if key.purpose == purpose][-1]
