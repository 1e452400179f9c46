"""The steps of a declaration as data, in the order in which they are asked.

Task list, back and next, each page, check-your-answers and the link from any problem to its field
are all computed from STEPS; a step more is a row more.
"""

from django.utils.translation import gettext_lazy as _

from declarations.filer.choices import (
    ACTS,
    BOND_DESIGNATIONS,
    BOND_TYPES,
    CAPACITIES,
    ENTRY_TYPES,
    ISF_STATUSES,
    MISSING_DOCUMENTS_HINT,
    NO_BOND,
    OBTAINED,
    PAPERS,
    PAYMENT_TYPES,
    RECONCILIATION,
    USAGES,
    WAIVER_REASONS,
)
from declarations.filer.parties import is_other, name_and_address, number, same_as
from declarations.filer.questions import Group, Header, Question, Step
from declarations.paths import at
from portal.forms import Words

MODE = "transport/mode"
VESSEL = ("10", "11")
BOXED = ("11", "21", "31")
ROAD = ("30", "31", "32", "33", "34")
AIR = ("40", "41")
MONTHLY = ("6", "7", "8")

FILE = _("What you file")
WHO = _("Who")
MOVEMENT = _("How and where the goods come")
GOODS = _("The goods")
MONEY = _("Security and payment")
OATH = _("Your statement")


def _mode(header: Header) -> str:
    return str(at(header, MODE) or "")


def by_vessel(header: Header) -> bool:
    """The goods come by sea."""
    return _mode(header) in VESSEL


def boxed(header: Header) -> bool:
    """The goods come in containers or trailers."""
    return _mode(header) in BOXED


def not_by_road(header: Header) -> bool:
    """There is a port of unlading."""
    return _mode(header) not in ROAD


def releases(header: Header) -> bool:
    """The filing asks for release."""
    return "release" in (at(header, "filing/acts") or ("release",))


def by_statement(header: Header) -> bool:
    """The deposit goes onto a statement."""
    return str(at(header, "payment/type") or "") not in ("", "1")


def monthly(header: Header) -> bool:
    """The statement is a monthly one."""
    return at(header, "payment/type") in MONTHLY


def no_bond(header: Header) -> bool:
    """The filer says that no bond is needed."""
    return at(header, "bond_waiver/indicator") == NO_BOND


def _other(slug: str, role: str, title: Words, why: Words, label: Words, roles: tuple[str, ...], optional: bool = False,
           *, numbered: bool = False) -> Step:  # fmt: skip
    """A step about a party that is usually the same as another one."""
    base = f"parties/{role}"
    own = (number(base, needed=is_other(base)),) if numbered else ()
    parts = (same_as(base, label, roles), *own, *name_and_address(base, needed=is_other(base)))
    return Step(slug, title, WHO, why, parts, optional=optional)


START = (
    Step(
        "file", _("What you file"), FILE,
        _("The entry type decides what customs wants to know, so it comes first."),
        (
            Question("entry_type", _("What kind of entry is this?"), "", "radio", choices=ENTRY_TYPES,
                     term="entry type"),
            Question("filing/acts", _("What do you send?"), "", "acts", choices=ACTS, term="entry summary"),
            Question("functional_reference_id", _("Your own reference"),
                     _("Your order or file number, at most 9 capital letters and digits. It goes on every message, so "
                       "the filing can be found again."), "upper", most=18, width="medium", term="your reference"),
        ),
        extra="declarations/parts/not_here.html", must=("entry_type",),
        covers=("profile", "schema", "function", "entry_number", "correction"),
    ),
    Step(
        "contact", _("Whom customs calls"), WHO,
        _("If something is unclear, a call can save a day. Name somebody who knows this shipment."),
        (
            Question("contact/name", _("Name"), "", most=80),
            Question("contact/phone", _("Telephone"), _("With area code, like 562 555 0142."), "phone", width="medium"),
            Question("contact/email", _("E-mail address"), "", "email", width="xl"),
        ),
    ),
    Step(
        "importer", _("Importer of record"), WHO,
        _("The importer of record answers for the truth of the entry and owes the duty. Name and number must be as on "
          "CBP Form 5106."),
        (number("parties/importer"), *name_and_address("parties/importer")),
    ),
    _other("consignee", "ultimate_consignee", _("Who gets the goods"),
           _("The ultimate consignee is who in the United States the goods are delivered to at the time of entry."),
           _("Who is the ultimate consignee?"), ("importer",), numbered=True),
    Step(
        "seller", _("Who sold the goods"), WHO,
        _("Customs compares the seller with the invoice and with the security filing."),
        name_and_address("parties/seller", hint=_("The firm that sold the goods to you, as on the invoice.")),
    ),
    _other("buyer", "buyer", _("Who bought the goods"),
           _("Usually the importer. It is somebody else where you import for a customer who bought abroad."),
           _("Who bought the goods?"), ("importer", "ultimate_consignee")),
    _other("ship-to", "ship_to", _("Where the goods are delivered"),
           _("The first place after release, such as a warehouse. Leave it out if you do not know it yet."),
           _("Whom are the goods delivered to?"), ("importer", "ultimate_consignee"), optional=True),
    Step(
        "consolidator", _("Consolidator and place of stuffing"), WHO,
        _("Only where a forwarder put the goods of several shippers together, or where the security filing goes with "
          "this release."),
        (
            *name_and_address("parties/consolidator"),
            same_as("parties/stuffing_location", _("Where was the container stuffed?"), ("consolidator", "seller")),
            *name_and_address("parties/stuffing_location", needed=is_other("parties/stuffing_location")),
        ),
        needed=lambda header: not_by_road(header) and releases(header), optional=True, decides=MODE,
    ),
    Step(
        "other-parties", _("Exporter, and who gets refunds"), WHO,
        _("Only where the exporter is not the seller, or where you agreed on CBP Form 4811 that refunds and bills go "
          "to somebody else."),
        (
            same_as("parties/exporter", _("Who exported the goods?"), ("seller",)),
            *name_and_address("parties/exporter", needed=is_other("parties/exporter")),
            Question("parties/notify_4811/id", _("Refunds and bills go to (CBP Form 4811)"),
                     _("The number at customs of the party you named on CBP Form 4811."), "importer_number",
                     width="medium"),
            Question("parties/notify_4811/name", _("Name of that party"), "", most=100),
        ),
        optional=True,
    ),
)  # fmt: skip
COMING = (
    Step(
        "transport", _("How the goods come"), MOVEMENT,
        _("Customs matches your entry to what the carrier reported. Copy these from the arrival notice."),
        (
            Question("transport/mode", _("How do the goods cross the border?"), "", "select", codes="modes"),
            Question("transport/carrier/code", _("Carrier"),
                     _("The letters of the carrier: SCAC for sea, rail and road, such as MAEU; two characters for an "
                       "airline, such as LH."), "compact", most=4, width="small", term="carrier"),
            Question("transport/conveyance", _("Name of the vessel, or number of the vehicle"), "", "upper", most=35,
                     width="lg"),
            Question("transport/trip", _("Voyage, flight or trip number"), "", "upper", most=20, width="medium"),
            Question("transport/vessel_code", _("Vessel code (Lloyd's or IMO)"),
                     _("Only if the arrival notice has it."),
                     "compact", most=7, width="small", needed=by_vessel),
        ),
        must=(MODE,),
    ),
    Step(
        "arrival", _("Where and when the goods arrive"), MOVEMENT,
        _("The day of entry decides which rates apply, and from it run the days for filing and paying."),
        (
            Question("ports/entry", _("Port of entry"), _("Where you file for the goods. Four digits or the name."),
                     "combo",
                     codes="ports", width="medium", term="port of entry"),
            Question("ports/unlading", _("Port of unlading"), _("Where the goods leave the vessel, train or aircraft."),
                     "combo", codes="ports", width="medium", needed=not_by_road),
            Question("dates/estimated_arrival", _("Estimated day of arrival"), "", "date"),
            Question("dates/import", _("Day of importation"),
                     _("The day the goods come within the limits of the port to be unladen; by land, when they cross."),
                     "date"),
            Question("dates/estimated_entry", _("Day on which you expect entry"),
                     _("Normally the day of release, never before arrival."), "date", term="rate date"),
            Question("dates/entry_time", _("Time of entry, if you know it"),
                     _("Only where a duty begins or ends during that day. Port time of New York (Eastern), like 14:30 "
                       "or 2:30 pm."), "time", width="small"),
            Question("state_of_destination", _("State in which the goods end up"),
                     _("The final state, not the one of the port."), "combo", codes="states", width="medium"),
        ),
    ),
    Step(
        "bills", _("Bills of lading"), MOVEMENT,
        _("The bill ties your entry to the carrier's manifest. Without the right number the goods are not released."),
        (
            Group("transport/bills", _("Bill"), (
                Question("master/issuer", _("Master bill: issuer"),
                         _("The four letters before the number. Leave it empty for an air waybill."), "compact", most=4,
                         width="small"),
                Question("master/number", _("Master bill: number"), "", "compact", most=50, width="lg",
                         term="bill of lading"),
                Question("house/issuer", _("House bill: issuer"), _("Only if a forwarder issued a bill of its own."),
                         "compact", most=4, width="small"),
                Question("house/number", _("House bill: number"), "", "compact", most=50, width="lg"),
                Question("sub_house/issuer", _("Sub-house bill: issuer"), _("Rare: a bill below the house bill."),
                         "compact", most=4, width="small"),
                Question("sub_house/number", _("Sub-house bill: number"), "", "compact", most=50, width="lg"),
                Question("manifest_quantity/value", _("Packages on this bill"),
                         _("The smallest outer packages, such as cartons; never containers."), "whole", width="small"),
                Question("manifest_quantity/unit", _("Kind of package"), "", "select", codes="packages"),
                Question("split", _("Did the carrier split the shipment?"), "", "select",
                         choices=(("1", _("Yes: hold all parts until the last has come")),
                                  ("2", _("Yes: release each part as it comes")))),
            ), more=_("Add another bill")),
        ),
    ),
    Step(
        "containers", _("Containers and seals"), MOVEMENT, _("As printed on the bill."),
        (
            Group("transport/equipment", _("Container or trailer"), (
                Question("number", _("Number"), _("Four letters and seven digits, such as CSQU3054383."), "upper",
                         most=20,
                         width="medium"),
                Question("seals", _("Seals"), _("With commas between them."), "list", most=20, width="lg"),
            ), most=99, more=_("Add another container")),
        ),
        needed=boxed, decides=MODE,
    ),
    Step(
        "location", _("Where the goods are"), MOVEMENT,
        _("Customs finds the goods for an examination by this code."),
        (
            Question("location_of_goods/firms", _("FIRMS code of the place"),
                     _("Four characters, from the arrival notice."),
                     "compact", most=4, width="small"),
            Question("location_of_goods/general_order_number", _("General order number"),
                     _("Only if the goods went to general order."), "compact", most=20, width="medium"),
        ),
    ),
    Step(
        "security-filing", _("Security filing"), MOVEMENT,
        _("Goods by sea need an importer security filing 24 hours before they are laden. This portal does not make it; "
          "it needs its number."),
        (
            Question("isf/transaction_number", _("Number of the security filing"), "", "compact", most=20, width="lg"),
            Question("isf/status", _("What did customs answer?"), "", "select", choices=ISF_STATUSES),
            Question("isf/filed_at", _("Filed on"), "", "date"),
            Question("isf/unified_with_release", _("Does the security filing go in one message with this release?"), "",
                     "yesno"),
        ),
        needed=by_vessel, decides=MODE,
    ),
    Step(
        "in-bond", _("Goods that came in bond"), MOVEMENT,
        _("Only where the goods moved here under bond from the port where they landed. The day of that movement then "
          "decides the rates."),
        (
            Question("in_bond/number", _("In-bond number"), "", "compact", most=11, width="medium", term="in-bond"),
            Question("in_bond/accepted_date", _("Day on which the movement was accepted"), "", "date"),
            Question("in_bond/origin_port", _("Port where it began"), "", "combo", codes="ports", width="medium"),
            Question("in_bond/type", _("Type of the movement"), "", "select",
                     choices=(("61", _("61 Immediate transportation")),)),
        ),
        optional=True,
    ),
)  # fmt: skip
PRICED = (
    Step(
        "terms", _("Terms and currency"), GOODS,
        _("The terms say whether freight is in the price; it is taken out before duty is computed."),
        (
            Question("terms/incoterm", _("Incoterm"), "", "select", codes="incoterms", term="incoterm"),
            Question("terms/place", _("Place of the Incoterm"), _("Such as Yantian or Monterrey."), most=60,
                     width="lg"),
            Question("currency", _("Currency of the invoice"), "", "combo", codes="currencies", width="small"),
        ),
    ),
    Step(
        "papers", _("Papers"), GOODS,
        _("Name what you hold: the invoice, and the proof of a claim. You keep the papers; customs may ask for them."),
        (
            Group("documents", _("Paper"), (
                Question("type", _("What is it?"), "", "select", choices=PAPERS),
                Question("number", _("Its number"), "", most=60, width="lg"),
                Question("date", _("Its date"), "", "date"),
            ), most=99, more=_("Add another paper")),
        ),
    ),
    Step(
        "lines", _("Lines of goods"), GOODS,
        _("One line for each kind of goods with its own tariff number, origin or maker."), covers=("items",),
    ),
)  # fmt: skip
OWED = (
    Step(
        "bond", _("Bond"), MONEY,
        _("A formal entry is released only under a bond. An informal entry usually needs none."),
        (
            Group("bonds", _("Bond"), (
                Question("type", _("Which bond?"), "", "select", choices=BOND_TYPES, term="bond"),
                Question("designation", _("What is it for?"), "", "select", choices=BOND_DESIGNATIONS),
                Question("surety", _("Surety"), _("The three characters of the surety company."), "compact", most=3,
                         width="small"),
                Question("amount", _("Amount"), _("Only for a single transaction bond, in US dollars."), "amount",
                         width="medium"),
                Question("ebond_number", _("Number of the electronic bond"), "", "compact", most=20, width="medium"),
                Question("continuous_indicator", _("Cover of the continuous bond"), "", "select",
                         choices=(("Y", _("Y Continuous bond covers it")),
                                  ("S", _("S Continuous bond of somebody else")))),
            ), most=2, more=_("Add another bond")),
            Question("bond_waiver/indicator", _("Is a bond needed?"), "", "radio",
                     choices=(("", _("Yes, or I do not know")), (NO_BOND, _("No, no bond is needed for this entry")))),
            Question("bond_waiver/reason", _("Why not?"), "", "select", choices=WAIVER_REASONS, needed=no_bond,
                     drops=True, opens_on="none"),
        ),
    ),
    Step(
        "payment", _("How you pay"), MONEY,
        _("The estimated duty is due within ten working days of entry. Liquidation later makes it final."),
        (
            Question("payment/type", _("How do you pay?"), "", "radio", choices=PAYMENT_TYPES, term="statement"),
            Question("payment/statement_print_date", _("Day the statement is printed"),
                     _("A working day, at most ten working days after entry."), "date", needed=by_statement,
                     opens_on="statement"),
            Question("payment/statement_month", _("Month of the monthly statement"), _("Two digits, such as 12."),
                     "compact",
                     most=2, width="2xs", needed=monthly, opens_on="statement"),
            Question("payment/client_branch", _("Client branch"), _("Only with types 5 and 8."), "compact", most=2,
                     width="2xs", needed=lambda header: at(header, "payment/type") in ("5", "8"), opens_on="statement"),
            Question("payment/deferred_tax", _("Internal revenue tax deferred"), _("Only for alcohol and tobacco."),
                     "select",
                     choices=(("1", _("Yes")), ("2", _("Yes, by electronic payment")))),
        ),
    ),
    Step(
        "special", _("Special cases"), MONEY,
        _("Most filings need nothing here."),
        (
            Question("dates/entry_date_election", _("Elected day of entry"),
                     _("Only if you elect the day whose rates apply (19 CFR 141.68)."), "date"),
            Question("filing/live_entry", _("Must duty be paid before release (live entry)?"), "", "yesno"),
            Question("filing/electronic_invoice", _("Do you send the invoice electronically?"), "", "yesno"),
            Question("ports/examination", _("Port of examination"), _("Only with remote location filing."), "combo",
                     codes="ports", width="medium"),
            Question("filing/remote_location_filing/preparer_port", _("Remote filing: your port"), "", "combo",
                     codes="ports", width="medium"),
            Question("filing/remote_location_filing/preparer_filer", _("Remote filing: your filer code"), "", "compact",
                     most=3, width="small"),
            Question("filing/remote_location_filing/office", _("Remote filing: office"), "", "compact", most=2,
                     width="2xs"),
            Question("filing/remote_location_filing/exam_port", _("Remote filing: port of examination"), "", "combo",
                     codes="ports", width="medium"),
            Question("indicators/reconciliation/issue", _("Left open for reconciliation"), "", "select",
                     choices=RECONCILIATION, term="reconciliation"),
            Question("indicators/reconciliation/trade_agreement", _("Will you claim a trade agreement later?"), "",
                     "yesno"),
            Question("indicators/usage", _("Use of the shipment"), "", "select", choices=USAGES),
            Question("indicators/consolidated_summary", _("Does this summary cover several releases?"), "", "yesno"),
            Question("indicators/known_importer", _("Are you in the known importer program?"), "", "yesno"),
            Question("indicators/tib_declaration",
                     _("Temporary importation: do you promise that the goods leave again?"),
                     "", "yesno"),
            Question("missing_documents", _("Documents you do not have yet"), MISSING_DOCUMENTS_HINT, "list", most=2,
                     width="small"),
        ),
        optional=True,
    ),
    Step(
        "statement", _("Your statement"), OATH,
        _("Two answers complete the words that you will sign (19 CFR 141.19)."),
        (
            Question("declarant_statement/capacity", _("In what capacity do you declare?"), "", "radio",
                     choices=CAPACITIES),
            Question("declarant_statement/obtained_by", _("How were the goods obtained?"), "", "radio",
                     choices=OBTAINED),
        ),
    ),
)  # fmt: skip
STEPS: tuple[Step, ...] = (*START, *COMING, *PRICED, *OWED)
BY_SLUG = {step.slug: step for step in STEPS}
