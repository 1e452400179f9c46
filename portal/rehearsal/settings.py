"""How this authority runs: addresses, times, files, and the secrets that clients prove themselves with."""

import argparse
import json
import os
import secrets
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SCHEMAS = Path("wco") / "schemas" / "declaration"


@dataclass(frozen=True, repr=False)
class Secrets:
    """What opens the doors; never printed."""

    clients: dict[str, str]
    admin_token: str
    push_key: str


@dataclass(frozen=True)
class Settings:
    """One running authority. Times are milliseconds."""

    data: Path
    secrets: Secrets
    host: str = "127.0.0.1"
    port: int = 0
    unit: int = 1000
    slow: int = 7000
    rate_limit: int = 0
    callback: str = ""
    reference_data: Path = field(default_factory=lambda: ROOT.parent / "shared")

    @property
    def schemas(self) -> Path:
        """Where the published schemas are, if they are."""
        return self.reference_data / SCHEMAS


def parse_arguments(arguments: list[str]) -> tuple[Settings, bool]:
    """The settings that the command line and the environment give, and whether to end with standard input."""
    parser = argparse.ArgumentParser(prog="portal.rehearsal", description="A small customs authority for rehearsals.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=port, required=True, help="port to listen on; 0 takes a free one")
    parser.add_argument("--data", type=Path, default=var() / "rehearsal.sqlite3", help="its database file")
    parser.add_argument("--scale", type=milliseconds, default=1000, help="seconds for one unit of a script")
    parser.add_argument("--slow-seconds", type=milliseconds, default=7000, help="how late a slow 202 comes")
    parser.add_argument("--callback", default="", help="address that answers are pushed to")
    parser.add_argument("--push-key-file", type=Path, help="file with the key that signs pushed answers")
    parser.add_argument("--rate-limit", type=int, default=0, help="messages a second for each client; 0 is no limit")
    parser.add_argument("--reference-data", type=Path, default=Path(os.environ.get("REFERENCE_DATA", "../shared")))
    parser.add_argument("--exit-with-stdin", action="store_true", help="end when standard input is closed")
    given = parser.parse_args(arguments)
    if given.callback and not given.callback.startswith(("http://", "https://")):
        parser.error("--callback must be an http or https address")
    settings = Settings(
        data=given.data,
        secrets=load_secrets(given.push_key_file),
        host=given.host,
        port=given.port,
        unit=given.scale,
        slow=given.slow_seconds,
        rate_limit=given.rate_limit,
        callback=given.callback,
        reference_data=ROOT / given.reference_data,
    )
    return settings, given.exit_with_stdin


def port(text: str) -> int:
    """A port to listen on."""
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= 65_535):
        raise argparse.ArgumentTypeError(f"{text} is not a port: a whole number from 0 to 65535 is wanted")
    return int(text)


def milliseconds(text: str) -> int:
    """Seconds as text, in whole milliseconds."""
    try:
        seconds = Decimal(text)
    except InvalidOperation:
        seconds = Decimal("NaN")
    if not seconds.is_finite() or not 0 <= seconds <= 86_400:
        raise argparse.ArgumentTypeError("seconds between 0 and 86400 are wanted")
    return int(seconds * 1000)


def var() -> Path:
    """The folder of everything that this installation writes."""
    return Path(os.environ.get("PORTAL_VAR", ROOT / "var"))


def load_secrets(push_key_file: Path | None = None) -> Secrets:
    """The secrets from the environment; those not given there are made once and kept in var/keys/rehearsal.json."""
    environment = os.environ.get
    clients = _clients(environment("PORTAL_REHEARSAL_CLIENTS", ""))
    name, word = environment("PORTAL_REHEARSAL_CLIENT_ID", ""), environment("PORTAL_REHEARSAL_CLIENT_SECRET", "")
    if name and word:
        clients[name] = word
    admin = environment("PORTAL_REHEARSAL_ADMIN_TOKEN", "")
    key = environment("PORTAL_REHEARSAL_PUSH_KEY", "")
    if push_key_file:
        key = push_key_file.read_text(encoding="utf-8").strip()
    if clients and admin and key:
        return Secrets(clients, admin, key)
    kept = _kept_secrets(var() / "keys" / "rehearsal.json")
    return Secrets(
        clients or {kept["client_id"]: kept["client_secret"]},
        admin or kept["admin_token"],
        key or kept["push_key"],
    )


def _clients(text: str) -> dict[str, str]:
    """Several clients as JSON: an object of id and secret, or a list of `{client_id, client_secret}`."""
    if not text:
        return {}
    given = json.loads(text)
    if isinstance(given, list):
        given = {one["client_id"]: one["client_secret"] for one in given}
    return {str(name): str(word) for name, word in given.items()}


def _kept_secrets(path: Path) -> dict[str, str]:
    wanted = ("client_id", "client_secret", "admin_token", "push_key")
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if all(kept.get(name) for name in wanted):
        return kept
    made = {name: secrets.token_urlsafe(32) for name in wanted} | {"client_id": f"portal-{secrets.token_hex(4)}"}
    made |= {name: value for name, value in kept.items() if value}
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as handle:
        json.dump(made, handle, indent=1)
    fresh.replace(path)
    return made
