"""`python3 -m portal.rehearsal --port N`, also by path: enters the environment, then runs the authority."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:] = [
    str(ROOT),
    *(entry for entry in sys.path if Path(entry or ".").resolve() != ROOT / "portal" / "rehearsal"),
]

from portal.bootstrap import enter  # noqa: E402  (found by the path set above)

if __name__ == "__main__":
    enter(sys.argv)
    from portal.rehearsal.command import main

    raise SystemExit(main(sys.argv[1:]))
