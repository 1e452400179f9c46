"""A running portal on each engine, for all tests of this folder that do not need one of their own."""

import pytest

from tests.fault.reckoning import VICTIMS
from tests.support.load import Sender
from tests.support.stack import Stack


@pytest.fixture(params=list(VICTIMS), scope="session")
def stack(request, tmp_path_factory):
    with Stack(request.param, tmp_path_factory.mktemp(request.param), log_level="INFO") as running:
        yield running


@pytest.fixture(scope="session")
def _programs(stack):
    return {"broker": stack.query("make_program", "1"), "importer": stack.query("make_program", "0")}


@pytest.fixture
def broker(stack, _programs):
    """A broker's program, which files for a client."""
    with Sender(stack.address, _programs["broker"]) as sender:
        yield sender


@pytest.fixture
def importer(stack, _programs):
    """The program of an importer that files for itself."""
    with Sender(stack.address, _programs["importer"]) as sender:
        yield sender


@pytest.fixture(autouse=True)
def _no_faults_left(request):
    yield
    if "stack" in request.fixturenames:
        request.getfixturevalue("stack").authority("/admin/faults", {})
