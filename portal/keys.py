"""A ring of keys by purpose; everything made with a key stores the key's id, so that keys can change."""

import contextlib
import hashlib
import hmac
import json
import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings


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
