#!/usr/bin/env python3
"""Every command goes through portal/bootstrap.py, which makes and enters the environment."""

import os
import sys


def main() -> None:
    """Enter the environment, then hand over to pytest or Django."""
    from portal import bootstrap  # noqa: PLC0415  (nothing may be imported before the environment is right)

    bootstrap.enter(sys.argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    if sys.argv[1:2] == ["test"]:
        import pytest  # noqa: PLC0415  (only for the tests)

        raise SystemExit(pytest.main(sys.argv[2:]))
    from django.core.management import execute_from_command_line  # noqa: PLC0415  (after the environment is right)

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
