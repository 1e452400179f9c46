"""Make ready, in a thread and soon after the start, what the first visitor would otherwise wait for."""

import gc
import threading

import structlog
from django.conf import settings
from django.db import connections
from django.utils.module_loading import import_string

log = structlog.get_logger(__name__)
THRESHOLDS = (50_000, 20, 50)  # new objects, then generations, before the collector looks


def make_ready_soon() -> threading.Timer:
    """The functions that settings name run in a moment; the process answers meanwhile."""
    timer = threading.Timer(settings.MAKE_READY_AFTER, make_ready)
    timer.daemon = True
    timer.start()
    return timer


def make_ready() -> None:
    """Each of the functions has run once; one that fails is logged, and what it makes is made when first asked for."""
    try:
        for name in settings.MAKE_READY:
            try:
                import_string(name)()
            except Exception as error:
                log.warning("could not be made ready", what=name, error=f"{type(error).__name__}: {error}")
    finally:
        connections.close_all()
    settle_memory()


def settle_memory() -> None:
    """The collector leaves alone what stands now, and looks less often: tables of the tariff are no garbage.

    A declaration of 999 lines is a few hundred thousand objects that all live until it is filed; looking through
    them over and over, with everything held beside them, cost a fifth of its filing.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
