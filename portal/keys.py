"""A ring of keys by purpose; everything made with a key stores the key's id, so that keys can change."""

import base64
import contextlib
import hashlib
import hmac
import json
import os
import secrets
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


class Key(NamedTuple):
    """A key: its id, what it is for, and its bytes."""

    id: str
    purpose: str
    secret: bytes


@lru_cache(maxsize=8)
def _ring(source: str) -> tuple[Key, ...]:
    path = Path(source)
    if source.strip().startswith("["):
        rows = json.loads(source)
    else:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        rows = [json.loads(one.read_text()) for one in sorted(path.glob("ring-*.json"))]
    return tuple(Key(row["id"], row["purpose"], bytes.fromhex(row["secret"])) for row in rows)


def current_key(purpose: str) -> Key:
    """The newest key for a purpose; in a folder of keys, the first use makes one."""
    found = [key for key in _ring(settings.KEYS) if key.purpose == purpose]
    return found[-1] if found else _make(purpose)


def key_by_id(key_id: str) -> Key | None:
    """The key with this id, or None."""
    found = next((key for key in _ring(settings.KEYS) if key.id == key_id), None)
    if found is None:
        _ring.cache_clear()
        found = next((key for key in _ring(settings.KEYS) if key.id == key_id), None)
    return found


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
    key = current_key(purpose)
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(_cipher_key(key)).encrypt(nonce, text.encode(), key.id.encode())
    return f"{SEALED}{key.id}:{base64.b64encode(nonce + sealed).decode()}"


def unseal(sealed: str) -> str:
    """The text that was sealed. Raises Unsealable."""
    key_id, _, code = sealed.removeprefix(SEALED).rpartition(":")
    key = key_by_id(key_id)
    if key is None:
        raise Unsealable("The key that this was encrypted with is no longer in the portal's key ring.")
    raw = base64.b64decode(code)
    try:
        return AESGCM(_cipher_key(key)).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], key_id.encode()).decode()
    except InvalidTag as error:
        raise Unsealable("What was encrypted has been changed.") from error


def is_sealed(text: str) -> bool:
    """True for what `seal` gave."""
    return text.startswith(SEALED)


def _cipher_key(key: Key) -> bytes:
    """32 bytes of their own, however long the key is: one that signs is never one that encrypts."""
    return hashlib.sha256(b"seal:" + key.secret).digest()


def _make(purpose: str) -> Key:
    if settings.KEYS.strip().startswith("["):
        raise KeyError(f"no key for {purpose} in PORTAL_KEYS")
    folder = Path(settings.KEYS)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key_id = f"{purpose}-{secrets.token_hex(4)}"
    row = {"id": key_id, "purpose": purpose, "secret": secrets.token_hex(32)}
    fresh = folder / f".{key_id}"
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write(json.dumps(row))
    with contextlib.suppress(FileExistsError):  # another process made one in the same moment: that one counts
        os.link(fresh, folder / f"ring-{purpose}.json")
    fresh.unlink()
    _ring.cache_clear()
    return next(key for key in _ring(settings.KEYS) if key.purpose == purpose)
