"""The parts of the header: what is said once for the whole declaration."""

import msgspec

from declarations.document.parts import Code, DateText, DecimalText, Part, Party, Quantity, Text, TimeText


class EntryNumber(Part, frozen=True):
    """Filer code (3), sequence (7), check digit (1): 19 CFR 142.3a."""

    filer_code: Code | None = None
    sequence: Code | None = None
    check_digit: Code | None = None

    @property
    def compact(self) -> str:
        """The eleven characters as they go on the wire."""
        return f"{self.filer_code or ''}{self.sequence or ''}{self.check_digit or ''}"

    @property
    def display(self) -> str:
        """`FFF-NNNNNNN-C`, as people read it."""
        return f"{self.filer_code or ''}-{self.sequence or ''}-{self.check_digit or ''}"


class RemoteLocationFiling(Part, frozen=True):
    """Filing from another port than the port of entry."""

    preparer_port: Code | None = None
    preparer_filer: Code | None = None
    office: Code | None = None
    exam_port: Code | None = None


class Filing(Part, frozen=True):
    """What is filed: the entry (release), the entry summary, or both in one message."""

    acts: tuple[Code, ...] = ()
    release_certification: bool | None = None
    live_entry: bool | None = None
    electronic_invoice: bool | None = None
    remote_location_filing: RemoteLocationFiling | None = None


class Contact(Part, frozen=True):
    """Whom customs calls."""

    name: Text | None = None
    phone: Code | None = None
    email: Text | None = None


class DeclarantStatement(Part, frozen=True):
    """The two choices of the importer's statement (19 CFR 141.19; CBP Form 7501, declaration block)."""

    capacity: Code | None = None
    obtained_by: Code | None = None


class Ports(Part, frozen=True):
    """Schedule D ports, four digits each."""

    entry: Code | None = None
    unlading: Code | None = None
    examination: Code | None = None


class Dates(Part, frozen=True):
    """Dates of the movement. The true entry date is customs' answer, never input."""

    estimated_arrival: DateText | None = None
    import_date: DateText | None = msgspec.field(default=None, name="import")
    estimated_entry: DateText | None = None
    entry_date_election: DateText | None = None
    entry_time: TimeText | None = None  # Eastern, on that day: a law may turn within it


class InBond(Part, frozen=True):
    """An immediate transportation entry; it moves the rate date (19 CFR 141.69(b))."""

    type: Code | None = None
    number: Code | None = None
    accepted_date: DateText | None = None
    origin_port: Code | None = None


class Carrier(Part, frozen=True):
    """SCAC for sea and land, IATA for air."""

    code: Code | None = None
    scheme: Code | None = None


class BillNumber(Part, frozen=True):
    """One bill of the chain: who issued it and its number."""

    issuer: Code | None = None
    number: Code | None = None


class Bill(Part, frozen=True):
    """One chain of bills; the quantity belongs to the lowest one."""

    master: BillNumber | None = None
    house: BillNumber | None = None
    sub_house: BillNumber | None = None
    manifest_quantity: Quantity | None = None
    split: Code | None = None
    non_ams: bool | None = None


class Equipment(Part, frozen=True):
    """A container or trailer and its seals."""

    number: Code | None = None
    seals: tuple[Code, ...] = ()


class Transport(Part, frozen=True):
    """How the goods cross the border."""

    mode: Code | None = None
    carrier: Carrier | None = None
    conveyance: Text | None = None
    vessel_code: Code | None = None
    trip: Code | None = None
    bills: tuple[Bill, ...] = ()
    equipment: tuple[Equipment, ...] = ()


class LocationOfGoods(Part, frozen=True):
    """FIRMS code of the place, or general order number."""

    firms: Code | None = None
    general_order_number: Code | None = None


class Parties(Part, frozen=True):
    """Who is who, by role."""

    importer: Party | None = None
    ultimate_consignee: Party | None = None
    notify_4811: Party | None = None
    buyer: Party | None = None
    seller: Party | None = None
    ship_to: Party | None = None
    exporter: Party | None = None
    consolidator: Party | None = None
    stuffing_location: Party | None = None

    def resolve(self, party: Party | None) -> Party | None:
        """Follow `same_as` to the party it names; None where the chain ends nowhere or in a circle."""
        seen: set[str] = set()
        while party is not None and party.same_as is not None:
            if party.same_as in seen or party.same_as not in PARTY_ROLES:
                return None
            seen.add(party.same_as)
            party = getattr(self, party.same_as)
        return party


PARTY_ROLES = tuple(Parties.__struct_fields__)


class Isf(Part, frozen=True):
    """Importer security filing, filed elsewhere (19 CFR 149)."""

    transaction_number: Code | None = None
    status: Code | None = None
    filed_at: Code | None = None
    unified_with_release: bool | None = None


class Bond(Part, frozen=True):
    """Security: type 8 continuous, 9 single transaction."""

    type: Code | None = None
    designation: Code | None = None
    continuous_indicator: Code | None = None
    surety: Code | None = None
    amount: DecimalText | None = None
    ebond_number: Code | None = None


class BondWaiver(Part, frozen=True):
    """No bond is needed; `indicator` 0."""

    indicator: Code | None = None
    reason: Code | None = None


class Payment(Part, frozen=True):
    """How the deposit is paid: type 1 alone, 2 3 5 daily statement, 6 7 8 monthly."""

    type: Code | None = None
    statement_print_date: DateText | None = None
    statement_month: Code | None = None
    client_branch: Code | None = None
    deferred_tax: Code | None = None


class Reconciliation(Part, frozen=True):
    """What is still open at summary."""

    trade_agreement: bool | None = None
    issue: Code | None = None


class Indicators(Part, frozen=True):
    """Flags of the header record."""

    consolidated_summary: bool | None = None
    usage: Code | None = None
    known_importer: bool | None = None
    tib_declaration: bool | None = None
    reconciliation: Reconciliation | None = None


class Terms(Part, frozen=True):
    """Incoterm and place."""

    incoterm: Code | None = None
    place: Text | None = None


class DisReference(Part, frozen=True):
    """A document sent through the document image system."""

    code: Code | None = None
    control_number: Code | None = None
    sent_at: Code | None = None


class DocumentReference(Part, frozen=True):
    """A paper cited in the filing."""

    id: Code | None = None
    type: Code | None = None
    number: Text | None = None
    date: DateText | None = None
    dis: DisReference | None = None


class Correction(Part, frozen=True):
    """Why a filed summary is corrected."""

    header_reasons: tuple[Code, ...] = ()
    explanation: Text | None = None
    accelerated_liquidation: bool | None = None
