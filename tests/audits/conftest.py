"""The same ground as the declarations' tests."""

from tests.declarations.conftest import _no_broker, starter  # noqa: F401  (fixtures by their names)
