"""Make and enter the environment, with the standard library only.

A fresh clone on a machine that has nothing but Python 3.11 or newer runs any command: the first
one builds `.venv` from the hash-pinned `requirements/*.txt`, later ones find it ready. An
environment that somebody else made (a container image) is used only where its versions are the
locked ones.
"""

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = Path(os.environ.get("PORTAL_VENV", ROOT / ".venv"))
LOCKS = ROOT / "requirements"
STYLES = ROOT / "node_modules" / "@uswds" / "uswds" / "dist"
MINIMUM = (3, 11)
ENTERED = "PORTAL_BOOTSTRAPPED"


def enter(argv: list[str]) -> None:
    """Return only inside an environment that has the locked packages; re-execute into it otherwise."""
    if sys.version_info < MINIMUM:
        _switch_python(argv)
    level = "dev" if argv[1:2] == ["test"] else "base"
    if os.environ.get(ENTERED) == level or _environment_matches(level):
        return
    build(level)
    if argv[1:2] == ["quickstart"]:
        fetch_styles()
    python = str(_venv_python())
    os.execve(python, [python, *argv], os.environ | {ENTERED: level})


def build(level: str) -> None:
    """Build or complete `.venv` to `base` (to run) or `dev` (to test). Safe to call twice at once."""
    with _locked():
        if _stamp_stands(level):
            return
        started = time.monotonic()
        uv = None if os.environ.get("PORTAL_NO_UV") else shutil.which("uv")
        _say(f"building {VENV.name} ({level}) with {'uv' if uv else 'pip'}; this happens once")
        if not _venv_python().exists() or not any(_stamp_stands(known) for known in ("base", "dev")):
            _make_venv(uv)
        _install(uv, LOCKS / f"{level}.txt")
        _stamp(level).write_text(_lock_digest(level))
        _say(f"packages ready in {time.monotonic() - started:.0f} s")


def fetch_styles() -> None:
    """Fetch the US Web Design System through npm; without npm the portal's own plain style is used."""
    if (STYLES / "css" / "uswds.min.css").exists() or os.environ.get("PORTAL_NO_NPM"):
        return
    started = time.monotonic()
    npm = shutil.which("npm") or _npm_from_wheel()
    if not npm:
        _say("no npm: pages use the built-in plain style (static/css/fallback.css)")
        return
    path = f"{Path(npm).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", "--fetch-retries=1"]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | {"PATH": path}, check=False)
    outcome = "ready" if done.returncode == 0 else "not fetched, the built-in plain style is used"
    _say(f"styles {outcome} after {time.monotonic() - started:.0f} s")


def _say(text: str) -> None:
    sys.stderr.write(f"[setup {time.strftime('%H:%M:%S')}] {text}\n")
    sys.stderr.flush()


def _switch_python(argv: list[str]) -> None:
    for name in ("python3.13", "python3.12", "python3.11", "python3.14"):
        if shutil.which(name):
            os.execvp(name, [name, *argv])
    raise SystemExit("Python 3.11 or newer is needed. Install it and run the same command again.")


def _venv_python() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _lock_digest(level: str) -> str:
    digest = hashlib.sha256((LOCKS / f"{level}.txt").read_bytes())
    digest.update(repr(sys.version_info[:2]).encode())
    return digest.hexdigest()


def _stamp(level: str) -> Path:
    return VENV / f".portal-{level}"


def _stamp_stands(level: str) -> bool:
    """A `dev` environment also serves `base`."""
    if not _venv_python().exists():
        return False
    candidates = ("dev",) if level == "dev" else ("base", "dev")
    return any(_stamp(one).exists() and _stamp(one).read_text() == _lock_digest(one) for one in candidates)


def _environment_matches(level: str) -> bool:
    """True where this interpreter already has every package of `requirements/<level>.in` at the locked version."""
    wanted = re.findall(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", (LOCKS / f"{level}.txt").read_text(), re.MULTILINE)
    locked = {name: version.rstrip("\\").strip() for name, version in wanted}
    for name in _direct(level):
        try:
            if metadata.version(name) != locked.get(name):
                return False
        except metadata.PackageNotFoundError:
            return False
    return True


def _direct(level: str) -> list[str]:
    texts = [(LOCKS / "base.in").read_text()]
    if level == "dev":
        texts.append((LOCKS / "dev.in").read_text())
    return re.findall(r"^([a-z0-9][a-z0-9._-]*)", "\n".join(texts), re.MULTILINE)


@contextlib.contextmanager
def _locked() -> Iterator[None]:
    """One builder at a time: two commands started together must not build the same environment twice."""
    try:
        import fcntl  # noqa: PLC0415  (absent on Windows)
    except ImportError:
        yield
        return
    VENV.parent.mkdir(parents=True, exist_ok=True)
    with VENV.with_suffix(".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _make_venv(uv: str | None) -> None:
    shutil.rmtree(VENV, ignore_errors=True)  # a half-built one of an interrupted run
    python = getattr(sys, "_base_executable", sys.executable)
    if uv:
        subprocess.run([uv, "venv", "-q", "--python", python, str(VENV)], check=True)
        return
    made = subprocess.run([python, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
    if made.returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if shutil.which("virtualenv"):
        subprocess.run(["virtualenv", "-q", "-p", python, str(VENV)], check=True)
        return
    if _install_venv_package():
        subprocess.run([python, "-m", "venv", str(VENV)], check=True)
        return
    reason = (made.stdout + made.stderr).strip()
    raise SystemExit(f"Cannot make a virtual environment: {reason}\nInstall python3-venv (or uv) and run this again.")


def _install_venv_package() -> bool:
    """Debian's Python comes without ensurepip; as root we can add it."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    _say("python3-venv is missing; installing it with apt-get (we are root)")

    def quietly(*command: str) -> bool:
        return subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode == 0

    quietly("apt-get", "update", "-qq")
    names = (f"python{sys.version_info[0]}.{sys.version_info[1]}-venv", "python3-venv")
    return any(quietly("apt-get", "install", "-y", "-qq", name) for name in names)


def _install(uv: str | None, lock: Path) -> None:
    python = str(_venv_python())
    if uv:
        # Compiled once, as pip does: else every command compiles a thousand modules where nothing may write them later.
        flags = ["-q", "--compile-bytecode", "--require-hashes"]
        command = [uv, "pip", "install", *flags, "--python", python, "-r", str(lock)]
    else:
        flags = ["-q", "--disable-pip-version-check", "--no-input", "--require-hashes"]
        command = [python, "-m", "pip", "install", *flags, "-r", str(lock)]
    if subprocess.run(command, check=False).returncode != 0:
        raise SystemExit(f"The packages of {lock.relative_to(ROOT)} could not be installed; see the lines above.")


def _npm_from_wheel() -> str | None:
    npm = _venv_python().parent / "npm"
    if not npm.exists():
        _say("npm not found: installing Node.js from a wheel, for the style sheets only")
        uv = None if os.environ.get("PORTAL_NO_UV") else shutil.which("uv")
        try:
            _install(uv, LOCKS / "node.txt")
        except SystemExit:
            return None
    return str(npm) if npm.exists() else None
