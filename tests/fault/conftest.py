"""A running portal on each engine, for all tests of this folder that do not need one of their own."""

import pytest

from tests.fault.reckoning import VICTIMS
from tests.support.stack import Stack


@pytest.fixture(params=list(VICTIMS), scope="session")
def stack(request, tmp_path_factory):
    with Stack(request.param, tmp_path_factory.mktemp(request.param), log_level="INFO") as running:
        yield running


@pytest.fixture(autouse=True)
def _no_faults_left(request):
    yield
    if "stack" in request.fixturenames:
        request.getfixturevalue("stack").authority("/admin/faults", {})
