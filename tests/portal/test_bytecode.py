"""A command does not compile a thousand modules each time: packages and rooms are compiled when they are put there."""

from pathlib import Path

from portal import bootstrap


def test_packages_are_compiled_when_they_are_installed(monkeypatch):
    ran = []

    class Done:
        returncode = 0

    monkeypatch.setattr(bootstrap.subprocess, "run", lambda command, **_: ran.append(command) or Done())
    bootstrap._install("uv", bootstrap.LOCKS / "base.txt")
    bootstrap._install(None, bootstrap.LOCKS / "base.txt")
    assert "--compile-bytecode" in ran[0]
    assert "--no-compile" not in ran[1]  # pip compiles unless it is told not to


def test_the_image_compiles_the_rooms():
    text = (Path(bootstrap.ROOT) / "Dockerfile").read_text()
    assert "compileall -q portal brokers aeo declarations audits" in text
