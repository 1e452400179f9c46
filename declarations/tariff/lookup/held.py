"""Indexes kept in the memory of the process, each with the lines it was built of."""

import threading
from collections import OrderedDict
from collections.abc import Mapping

from declarations.tariff.lookup.index import Index, build_index
from declarations.tariff.view import TariffLine

KEPT = 2
_lock = threading.Lock()
_held: "OrderedDict[int, tuple[Mapping[str, TariffLine], Index]]" = OrderedDict()


def index_of(lines: Mapping[str, TariffLine]) -> Index:
    """The index of the lines of a view: built when it is first asked for, once in a process."""
    with _lock:
        key = id(lines)  # the lines are held too, so that no others can have their id
        if key not in _held:
            _held[key] = (lines, build_index(lines))
            while len(_held) > KEPT:
                _held.popitem(last=False)
        _held.move_to_end(key)
        return _held[key][1]
