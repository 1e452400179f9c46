"""What the rules may know besides the declaration itself: records we hold, gathered once before checking.

`filer_type` is not here, and may never be: self-filers, brokers and service providers meet the same
rules (USMCA 7.20.1).
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct


class Port(Struct, frozen=True):
    """A port of entry: Schedule D code, name, state, and what it can do."""

    code: str
    name: str
    state: str | None = None
    harbor_fee: bool | None = None  # in the list of 19 CFR 24.24(b)(1); None where we do not know
    kind: str | None = None


class CodeTables(Struct, frozen=True):
    """Code lists in force on the day of checking; an empty list means that we hold none and do not judge."""

    ports: Mapping[str, Port]
    countries: frozenset[str]
    currencies: frozenset[str]
    units: frozenset[str]
    states: frozenset[str]
    package_units: frozenset[str]
    embargoed: frozenset[str] = frozenset()


class BondOnFile(Struct, frozen=True):
    """A customs bond of the importer (19 CFR 113)."""

    type: str
    surety: str
    amount: Decimal
    effective_on: date
    terminates_on: date | None = None
    importer_number: str | None = None
    importer_name: str | None = None


class EarlierFiling(Struct, frozen=True):
    """Another live declaration of the same importer, for duplicates and split shipments."""

    reference: str
    functional_reference_id: str
    entry_type: str
    bills: frozenset[str]
    seller: str | None = None
    arrival: date | None = None
    value: Decimal = Decimal(0)


class Facts(Struct, frozen=True, kw_only=True):
    """All of it. None means "not known here": a rule that needs it stays silent."""

    codes: CodeTables
    bonds: tuple[BondOnFile, ...] = ()
    importer_on_file: bool | None = None  # CBP Form 5106 (19 CFR 24.5)
    importer_name_on_file: str | None = None
    consignee_on_file: bool | None = None
    importer_country: str | None = None
    last_entry_on: date | None = None
    filer_code: str | None = None
    filer_code_active: bool | None = None
    check_digit_offset: int = 0
    signatory_authorised: bool | None = None  # None until somebody is about to sign
    reference_taken_by: str | None = None  # another declaration with the same functional reference
    earlier: tuple[EarlierFiling, ...] = ()
    ach_set_up: bool | None = None
    deposits_last_12_months: Decimal | None = None  # duties, taxes and fees, US dollars
    waived: frozenset[str] = frozenset()  # rule codes that a waiver lifts for this declaration
    landed_on: date | None = None
    resident_agent: bool | None = None  # an importer organised abroad has an agent (19 CFR 141.17, 141.18)
    live_entry_ordered: bool | None = None  # customs wants deposits before release (19 CFR 142.14)
    firms_ports: Mapping[str, str] | None = None  # FIRMS code to the port it belongs to
    manifested: Mapping[str, Decimal] | None = None  # bill number to the quantity the carrier manifested
    screening_hits: Mapping[str, str] | None = None  # JSON Pointer of a party to the list it is on
    notify_4811_agreed: bool | None = None  # the importer agreed to the 4811 party (19 CFR 24.36)
    pga_agencies: frozenset[str] | None = None  # partner agencies whose messages our channel can send
