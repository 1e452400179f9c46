"""What the codec tests share."""

from pathlib import Path

import pytest

from tests.declarations.messages.makers import REFERENCE_DATA


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The folder with published schemas and samples; the test is skipped where there is none."""
    if not (REFERENCE_DATA / "wco" / "schemas").is_dir():
        pytest.skip(f"no published schemas and samples at {REFERENCE_DATA} (set REFERENCE_DATA)")
    return REFERENCE_DATA
