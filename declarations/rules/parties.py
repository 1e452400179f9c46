"""Who is who: numbers, names and addresses of the parties, what customs has on file, screening."""

import re
from collections.abc import Iterator

from declarations.document import Party
from declarations.rules import reading
from declarations.rules.base import Case, Finding, rule

DORMANT_DAYS = 330
INACTIVE_DAYS = 366
PLACEHOLDERS = frozenset({"00-000000000", "000-00-0000"})
NUMBERED_ROLES = ("importer", "ultimate_consignee", "notify_4811")
NUMBERED_LINE_ROLES = ("sold_to", "delivered_to")

_NUMBER = re.compile(r"([0-9]{2}-[0-9]{7}[A-Z0-9]{2}|[0-9]{3}-[0-9]{2}-[0-9]{4}|[0-9]{6}-[0-9]{5})\Z")
_OLD_NUMBER = re.compile(r"[0-9]{4}-[0-9]{5}\Z")


@rule("PARTY-IMPORTER", "error", "19 CFR 24.5; CBP Form 7501, block 27")
def importer_number(case: Case) -> Iterator[Finding]:
    """The number of the importer of record is missing. Give your IRS number with its two-character suffix, such as
    12-345678900, or the number that customs assigned."""
    importer = case.party("importer")
    if importer is None or not importer.id:
        yield "/parties/importer/id"


@rule("PARTY-IMPORTER-NAME", "warning", "CBP Form 7501, block 30")
def importer_name(case: Case) -> Iterator[Finding]:
    """The importer's name is missing. Give it as customs has it on CBP Form 5106."""
    importer = case.party("importer")
    if importer and not (importer.name or "").strip():
        yield "/parties/importer/name"


@rule("PARTY-ID", "error", "19 CFR 24.5; CATAIR AE record 11; ACE conditions 588 to 596")
def party_number(case: Case) -> Iterator[Finding]:
    """{number} is not a number under which customs knows importers: use NN-NNNNNNNXX (IRS), NNN-NN-NNNN (SSN) or
    YYDDPP-NNNNN (given by customs). Copy it from your CBP Form 5106."""
    for at, party in _numbered(case):
        if party.id and not _NUMBER.match(party.id) and not _OLD_NUMBER.match(party.id):
            yield f"{at}/id", {"number": party.id}


@rule("PARTY-ID-OLD", "error", "ACE conditions 593, 595")
def old_party_number(case: Case) -> Iterator[Finding]:
    """{number} has the old form of numbers given by customs, which is refused now. Give the number of the form
    YYDDPP-NNNNN, or an IRS number."""
    for at, party in _numbered(case):
        if party.id and _OLD_NUMBER.match(party.id):
            yield f"{at}/id", {"number": party.id}


@rule("PARTY-PLACEHOLDER", "error", "ACE condition 107")
def placeholder_number(case: Case) -> Iterator[Finding]:
    """{number} stands for nobody and is allowed for the consignee of an informal entry or a consolidated summary
    only. Give the party's own number."""
    indicators = case.document.indicators
    consignee_may = case.informal or bool(indicators and indicators.consolidated_summary)
    for at, party in _numbered(case):
        if party.id in PLACEHOLDERS and not (at == "/parties/ultimate_consignee" and consignee_may):
            yield f"{at}/id", {"number": party.id or ""}


@rule("PARTY-SAME-AS", "error", "Format of this portal")
def same_as(case: Case) -> Iterator[Finding]:
    """This party is said to be the same as {role}, and nobody is named there. Name a party of the header that is
    given, or write this party out."""
    for _, at, party in case.parties:
        if party.same_as and case.resolve(party) is None:
            yield f"{at}/same_as", {"role": party.same_as}


@rule("PARTY-SELLER", "error", "CATAIR cargo release, record SE30")
def seller(case: Case) -> Iterator[Finding]:
    """A release names the seller, and none is given. Give name and address of the firm that sold the goods."""
    if case.files_release and not _has_name(case.party("seller")):
        yield "/parties/seller/name"


@rule("PARTY-BUYER", "error", "CATAIR cargo release, record SE30")
def buyer(case: Case) -> Iterator[Finding]:
    """A release names the buyer, and none is given. Give name and address, or say that it is the same as the
    importer."""
    if case.files_release and not _has_name(case.party("buyer")):
        yield "/parties/buyer/name"


@rule("PARTY-CONSIGNEE", "error", "CATAIR cargo release, record SE30; CBP Form 7501, block 29")
def consignee(case: Case) -> Iterator[Finding]:
    """The ultimate consignee has no name. Give name and address of the one who gets the goods, or say that it is
    the same as the importer."""
    if not _has_name(case.party("ultimate_consignee")):
        yield "/parties/ultimate_consignee/name"


@rule("PARTY-ADDRESS", "warning", "CATAIR cargo release, records SE35 and SE36")
def address(case: Case) -> Iterator[Finding]:
    """This party has no full address, and a release sends it. Give street, city and country."""
    if case.files_release:
        for role in ("seller", "buyer", "ultimate_consignee"):
            party = case.document.parties and getattr(case.document.parties, role)
            if party and not party.same_as and party.name:
                found = party.address
                for member in ("street", "city", "country"):
                    if not (found and getattr(found, member)):
                        yield f"/parties/{role}/address/{member}"


@rule("PARTY-COUNTRY", "error", "ISO 3166-1")
def country(case: Case) -> Iterator[Finding]:
    """{country} is not a country code. Use the two letters of ISO 3166, such as US or MX."""
    known = case.facts.codes.countries
    for _, at, party in case.parties if known else ():
        found = party.address.country if party.address else None
        if found and found not in known:
            yield f"{at}/address/country", {"country": found}


@rule("PARTY-STATE", "warning", "CATAIR cargo release, record SE36, positions 40-42")
def state(case: Case) -> Iterator[Finding]:
    """{state} is not a state of the United States. Use its two letters, such as CA."""
    known = case.facts.codes.states
    for _, at, party in case.parties if known else ():
        found = party.address
        if found and found.country == "US" and found.subdivision and found.subdivision not in known:
            yield f"{at}/address/subdivision", {"state": found.subdivision}


@rule("STATE-UNKNOWN", "error", "CATAIR AE record 11, positions 61-62; ACE condition 133")
def state_of_destination(case: Case) -> Iterator[Finding]:
    """{state} is not a state of the United States. Give the two letters of the state where the goods end up."""
    found, known = case.document.state_of_destination, case.facts.codes.states
    if found and known and found not in known:
        yield "/state_of_destination", {"state": found}


@rule("PARTY-5106", "error", "19 CFR 24.5")
def form_5106(case: Case) -> Iterator[Finding]:
    """Customs has no CBP Form 5106 for {number}, and refuses an entry for a number it does not know. File the form
    first, then this declaration."""
    for role, on_file in (
        ("importer", case.facts.importer_on_file),
        ("ultimate_consignee", case.facts.consignee_on_file),
    ):
        party = case.party(role)
        if on_file is False and party and party.id and party.id not in PLACEHOLDERS:
            yield f"/parties/{role}/id", {"number": party.id}


@rule("PARTY-NAME-DIFF", "warning", "19 CFR 24.5")
def name_on_file(case: Case) -> Iterator[Finding]:
    """You write {name}, and CBP Form 5106 says {on_file}. Write the name as it is on file, or file a new form."""
    importer, on_file = case.party("importer"), case.facts.importer_name_on_file
    if on_file and importer and importer.name and reading.plain_name(importer.name) != reading.plain_name(on_file):
        yield "/parties/importer/name", {"name": importer.name, "on_file": on_file}


@rule("PARTY-DORMANT", "warning", "19 CFR 24.5(e); CSMS 69056621")
def dormant(case: Case) -> Iterator[Finding]:
    """The last entry under this importer number was on {last}, {days} days ago, and after 366 days customs cuts
    the number. File this entry before then."""
    days = _days_since_entry(case)
    if days is not None and DORMANT_DAYS <= days < INACTIVE_DAYS:
        yield "/parties/importer/id", _last_entry(case, days)


@rule("PARTY-INACTIVE", "error", "19 CFR 24.5(e); CSMS 69056621; ACE conditions 333, 875")
def inactive(case: Case) -> Iterator[Finding]:
    """The last entry under this importer number was on {last}, {days} days ago, so customs has cut the number.
    Have it reactivated, or file a new CBP Form 5106, before you file."""
    days = _days_since_entry(case)
    if days is not None and days >= INACTIVE_DAYS:
        yield "/parties/importer/id", _last_entry(case, days)


@rule("PARTY-EMBARGO", "error", "31 CFR chapter V")
def embargoed_party(case: Case) -> Iterator[Finding]:
    """This party is in {country}, with which trade is forbidden. Stop, and ask for advice before anything moves."""
    embargoed = case.facts.codes.embargoed
    for _, at, party in case.parties if embargoed else ():
        found = party.address.country if party.address else None
        if found in embargoed:
            yield f"{at}/address/country", {"country": found or ""}


@rule("PARTY-DENIED", "error", "31 CFR chapter V; 19 USC 1307; Pub. L. 117-78")
def denied(case: Case) -> Iterator[Finding]:
    """This party or its address matches an entry of {list}. Stop, and clear up whether it is the same one before
    you file."""
    for pointer, name in sorted((case.facts.screening_hits or {}).items()):
        yield pointer, {"list": name}


@rule("PARTY-4811", "warning", "19 CFR 24.36")
def notify_party(case: Case) -> Iterator[Finding]:
    """Refunds and bills go to the party you name here, and we hold no agreement about it. Keep a signed CBP Form
    4811, or take the party out."""
    party = case.party("notify_4811")
    if party and party.id and case.facts.notify_4811_agreed is False:
        yield "/parties/notify_4811/id"


def _numbered(case: Case) -> Iterator[tuple[str, Party]]:
    """Parties that customs knows by number, each where it is written."""
    for role, at, party in reading.header_parties(case.document):
        if role in NUMBERED_ROLES:
            yield at, party
    for line in case.lines:
        for role in NUMBERED_LINE_ROLES:
            party = getattr(line.item, role)
            if party is not None and party.id:
                yield f"{line.at}/{role}", party


def _has_name(party: Party | None) -> bool:
    return bool(party and (party.name or "").strip())


def _days_since_entry(case: Case) -> int | None:
    last = case.facts.last_entry_on
    return (case.on - last).days if last else None


def _last_entry(case: Case, days: int) -> dict[str, str]:
    last = case.facts.last_entry_on
    return {"last": reading.shown(last) if last else "", "days": str(days)}


RULES = (
    importer_number, importer_name, party_number, old_party_number, placeholder_number, same_as, seller, buyer,
    consignee, address, country, state, state_of_destination, form_5106, name_on_file, dormant, inactive,
    embargoed_party, denied, notify_party,
)  # fmt: skip
