"""What the first visitor would wait for is ready soon after the start; what fails is logged and no more."""

from declarations import tasks
from declarations.tariff import selectors
from declarations.tariff.lookup import held
from portal import readying
from portal.clocks import calendars
from tests.makers import DAY, NOW


def test_all_of_it_runs_and_a_failure_stops_nothing(settings, monkeypatch):
    done = []
    monkeypatch.setattr(calendars, "make_ready", lambda: 1 / 0)
    monkeypatch.setattr(tasks, "make_ready", lambda: done.append("look-up"))
    settings.MAKE_READY_AFTER = 0
    readying.make_ready_soon().join(5)
    assert done == ["look-up"]


def test_settings_name_what_is_there(settings, monkeypatch):
    done = []
    monkeypatch.setattr(readying, "import_string", lambda name: lambda: done.append(name))
    settings.MAKE_READY_AFTER = 0
    readying.make_ready_soon().join(5)
    assert done == ["portal.clocks.calendars.make_ready", "declarations.tasks.make_ready"]


def test_the_look_up_is_not_built_a_second_time(db, monkeypatch):
    monkeypatch.setattr(tasks.timezone, "now", lambda: NOW)
    tasks.make_ready()
    monkeypatch.setattr(held, "build_index", None)
    assert selectors.look_up("batteries", DAY)


def test_without_a_tariff_there_is_nothing_to_make_ready(no_tariff):
    tasks.make_ready()
