"""What each entry type must, may and must not say in the entry summary (CATAIR usage note e), as data.

One row an element, one letter an entry type: M must, C conditional, A allowed, N forbidden. M and N
become rules; what C depends on is judged by rules of its own.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from declarations.rules.base import Case, Check, Finding, Rule
from declarations.rules.lines import Line

COLUMNS = ("01", "02", "03", "06", "07", "11", "12", "21", "22", "23", "31", "32", "34", "38", "51", "52")
_PLACES = {entry_type: place for place, entry_type in enumerate(COLUMNS)}
_LAW = "CATAIR entry summary, usage note e"

Reader = Callable[[Case, bool], Iterator[str]]  # where the element is not as wanted: there, or not there


class Row(NamedTuple):
    """An element: its letters, how to find it, and what the filer reads where it is missing or out of place."""

    code: str
    letters: str
    read: Reader
    missing: str = ""
    forbidden: str = ""
    condition: str = ""  # with which ACE answers where the element is missing, or where it is only forbidden
    condition_forbidden: str = ""

    def use(self, entry_type: str) -> str:
        """M, C, A or N for an entry type; an unknown one has no letter."""
        place = _PLACES.get(entry_type)
        return self.letters[place] if place is not None else ""


def _header(pointer: str, read: Callable[[Case], object]) -> Reader:
    """An element that stands once in the declaration."""

    def find(case: Case, wanted: bool) -> Iterator[str]:
        if bool(read(case)) != wanted:
            yield pointer

    return find


def _member(part: str, name: str, field: str = "") -> Reader:
    """A member of one part of the header, such as `transport.mode`; `field` where ours is called otherwise."""
    return _header(f"/{part}/{name}", lambda case: getattr(getattr(case.document, part), field or name, None))


def _lines(member: str, read: Callable[[Case, Line], object]) -> Reader:
    """An element that stands on every line."""

    def find(case: Case, wanted: bool) -> Iterator[str]:
        for line in case.lines:
            if bool(read(case, line)) != wanted:
                yield f"{line.at}/{member}"

    return find


def _item(name: str) -> Reader:
    return _lines(name, lambda case, line: getattr(line.item, name) not in (None, ""))


def _reconciliation(name: str) -> Reader:
    def read(case: Case) -> object:
        indicators = case.document.indicators
        found = indicators.reconciliation if indicators else None
        return getattr(found, name, None)

    return _header(f"/indicators/reconciliation/{name}", read)


def _consignee(case: Case) -> object:
    party = case.party("ultimate_consignee")
    return party.id if party else None


def _mid(case: Case, line: Line) -> object:
    party = case.resolve(line.item.manufacturer)
    return party.mid if party else None


def _sold_to(case: Case, line: Line) -> object:
    party = case.resolve(line.item.sold_to)
    return party and (party.id or party.name)


def _zone(case: Case, line: Line) -> object:
    zone = line.item.ftz
    return zone.zone_id if zone else None


def _reimbursement(case: Case, wanted: bool) -> Iterator[str]:
    for line in case.lines:
        for place, one in enumerate(line.item.adcvd):
            if (one.non_reimbursement is not None) != wanted:
                yield f"{line.at}/adcvd/{place}/non_reimbursement"


MATRIX = (
    Row(
        "MTX-MOT", "MMMAMAAMAMNNNNMM", _member("transport", "mode"), condition="164", condition_forbidden="309",
        missing="Entry type {entry_type} must say how the goods crossed the border, and no mode of transport is given."
        " Choose one, for example 11 for a vessel with containers or 30 for a truck.",
        forbidden="Entry type {entry_type} takes goods out of a warehouse, so it has no mode of transport."
        " Leave the mode out.",
    ),
    Row(
        "MTX-WAIVER", "AANANAAAAAAANNAA", _member("bond_waiver", "indicator"), condition="182",
        forbidden="Entry type {entry_type} cannot go without a bond. Remove the bond waiver and give your bond.",
    ),
    Row(
        "MTX-WAIVER-REASON", "AANANNNAAAAANNAA", _member("bond_waiver", "reason"), condition="182",
        forbidden="Entry type {entry_type} takes no reason for going without a bond. Remove the reason.",
    ),
    Row(
        "MTX-DEFERRED", "AAAAANNAAAAAAAAA", _member("payment", "deferred_tax"), condition="135",
        forbidden="Internal revenue tax cannot be deferred on an informal entry (type {entry_type})."
        " Remove the deferral, or file a formal entry.",
    ),
    Row(
        "MTX-RECON-AGREEMENT", "AANANNNNNNNNNNNN", _reconciliation("trade_agreement"), condition="160",
        forbidden="Entry type {entry_type} cannot be flagged for a later claim under a trade agreement."
        " Remove the reconciliation flag.",
    ),
    Row(
        "MTX-RECON-ISSUE", "AANANNNNNNNNNNNN", _reconciliation("issue"), condition="159",
        forbidden="Entry type {entry_type} cannot be flagged for reconciliation. Remove the reconciliation issue.",
    ),
    Row(
        "MTX-CONSOLIDATED", "ANNANANNNNNNNNNN",
        _header("/indicators/consolidated_summary", lambda case: case.document.indicators
                and case.document.indicators.consolidated_summary),
        condition="229",
        forbidden="Only entry types 01, 06 and 11 may put several releases on one summary; this is type {entry_type}."
        " File one summary for each release.",
    ),
    Row(
        "MTX-CONSIGNEE", "MMMMMAAAAMMMMMMM", _header("/parties/ultimate_consignee/id", _consignee), condition="255",
        missing="Entry type {entry_type} needs the number of the ultimate consignee."
        " Give it, or say that the consignee is the same as the importer.",
    ),
    Row(
        "MTX-ENTRY-DATE", "AAAAAAAAMAMMMMAA", _member("dates", "estimated_entry"),
        missing="Entry type {entry_type} needs the date on which you expect entry. Give the estimated entry date.",
    ),
    Row(
        "MTX-IMPORT-DATE", "CCACAAAMNMAAAAAA", _member("dates", "import", "import_date"), condition="127",
        missing="Entry type {entry_type} needs the date of importation: the day the goods came within the limits of"
        " the port with the intent to unlade. Give it.",
        forbidden="Entry type {entry_type} has no date of importation of its own. Leave it out.",
    ),
    Row(
        "MTX-FTZ", "NNNMNNNNNNNNNNNN", _lines("ftz/zone_id", _zone),
        missing="Goods that leave a foreign-trade zone (type {entry_type}) name their zone."
        " Give the zone on this line.",
        forbidden="Only entry type 06 names a foreign-trade zone; this is type {entry_type}."
        " Remove the zone, or change the entry type.",
    ),
    Row(
        "MTX-STATE", "MMMMMAAMMMMMMMMM",
        _header("/state_of_destination", lambda case: case.document.state_of_destination),
        condition="132",
        missing="Entry type {entry_type} must say in which state the goods end up. Give the state of final destination,"
        " not the state of the port.",
    ),
    Row(
        "MTX-BOND", "AAMCMAACCCAAMMAA", _header("/bonds", lambda case: case.document.bonds),
        missing="Entry type {entry_type} is never released without a bond, and none is given."
        " Give your continuous bond or a single transaction bond.",
    ),
    Row(
        "MTX-CERT", "AAAAAAAAAANNNNNA",
        _header("/filing/release_certification", lambda case: case.document.filing
                and case.document.filing.release_certification),
        forbidden="Entry type {entry_type} cannot ask for release in the summary. Set the release certification to"
        " false; the goods are released by their own message.",
    ),
    Row(
        "MTX-PSC", "AAAAANNAAAAAAAAA", _header("/correction", lambda case: case.document.correction),
        forbidden="A summary of an informal entry (type {entry_type}) cannot be corrected after it was accepted and"
        " paid. Ask the port how to mend it.",
    ),
    Row(
        "MTX-BILLS", "CCCCCCCCCCNNNNCC", _header("/transport/bills", lambda case: case.document.transport
                                                and case.document.transport.bills),
        condition="184",
        forbidden="Entry type {entry_type} takes goods out of a warehouse, so no bill of lading is reported."
        " Remove the bills.",
    ),
    Row(
        "MTX-EXPORT-COUNTRY", "MMMAMMMMMMMMMMMM", _item("export_country"), condition="410",
        missing="This line does not say from which country the goods were exported. Give the country from which they"
        " last set out for the United States.",
    ),
    Row(
        "MTX-EXPORT-DATE", "MMMAMMMMMMMMMMMM", _item("export_date"), condition="418",
        missing="This line does not say when the goods were exported. Give the day on which they left the country of"
        " export: it also decides the rate of exchange.",
    ),
    Row(
        "MTX-RELATED", "MMMMMAAMMMMMMMMM", _item("related_parties"), condition="415",
        missing="This line does not say whether buyer and seller are related. Answer yes or no: relation can bear on"
        " the value.",
    ),
    Row(
        "MTX-REIMBURSEMENT", "NNAAANNAAANNAANN", _reimbursement,
        forbidden="Entry type {entry_type} takes no statement about reimbursed antidumping duty."
        " Remove it, or use the entry type of antidumping cases.",
    ),
    Row(
        "MTX-MID", "MMMMMAAMCCMMMMMM", _lines("manufacturer/mid", _mid),
        missing="Entry type {entry_type} needs the manufacturer's code (MID) on every line. Give it: it is built from"
        " the country of origin, name and address.",
    ),
    Row(
        "MTX-SOLD-TO", "MMMMMAAMMMMMMMMM", _lines("sold_to", _sold_to),
        missing="Entry type {entry_type} must say to whom the goods of this line were sold. Name the party,"
        " or say that it is the same as the importer.",
    ),
    Row(
        "ADD-TYPE", "NNCCCNNCCCNNCCNN", _lines("adcvd", lambda case, line: line.item.adcvd),
        forbidden="An antidumping or countervailing case stands on this line, and entry type {entry_type} cannot carry"
        " one. File type 03 instead, or 07 with quota.",
    ),
)  # fmt: skip


def _check(row: Row, letter: str) -> Check:
    """The rule of a row for one letter: M wants the element there, N wants it gone."""

    def check(case: Case) -> Iterator[Finding]:
        if case.files_summary and row.use(case.entry_type) == letter:
            for pointer in row.read(case, letter == "M"):
                yield pointer, {"entry_type": case.entry_type}

    return check


def _law(row: Row, *, forbidden: bool) -> str:
    found = row.condition_forbidden if forbidden and row.missing else row.condition
    return f"{_LAW}; ACE condition {found}" if found else _LAW


def _rules() -> Iterator[Rule]:
    for row in MATRIX:
        if row.missing:
            yield Rule(row.code, "error", _law(row, forbidden=False), row.missing, "matrix", _check(row, "M"))
        if row.forbidden:
            code = f"{row.code}-NOT" if row.missing else row.code
            yield Rule(code, "error", _law(row, forbidden=True), row.forbidden, "matrix", _check(row, "N"))


RULES: tuple[Rule, ...] = tuple(_rules())
BY_CODE = {one.code: one for one in MATRIX}


def use_of(code: str, entry_type: str) -> str:
    """M, C, A or N: how an element, by the code of its row, stands with an entry type."""
    return BY_CODE[code].use(entry_type)
