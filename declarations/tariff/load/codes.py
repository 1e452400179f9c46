"""Code lists (ports, countries, currencies): not tariff, so another room's loader takes them."""

from pathlib import Path

from portal.errors import DomainError


class CodesNotLoadedHere(DomainError):
    """The file is a code list, and the tariff room does not load code lists."""

    code = "CODES_NOT_LOADED_HERE"


CODE_FILES = ("ports", "countries", "currencies", "unlocode", "units", "pga_flags")


def is_code_file(path: Path) -> bool:
    """True for files that hold code lists by their name."""
    return path.name.lower().startswith(CODE_FILES) or "hts_units" in path.name.lower()


def load_codes(path: Path) -> int:
    """The place where `load_reference` hands a code list over. Raises CodesNotLoadedHere until it is joined."""
    raise CodesNotLoadedHere(f"{path.name} is a code list; it is loaded by portal.codes.", file=path.name)
