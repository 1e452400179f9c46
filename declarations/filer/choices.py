"""Answers to choose from, with what each means."""

from django.utils.translation import gettext_lazy as _

ENTRY_TYPES = (
    ("01", _("01 Consumption"), _("The usual formal entry: goods for use here, worth more than 2,500 dollars.")),
    ("03", _("03 Consumption with an antidumping or countervailing case"),
     _("Goods of a maker or country with such a case. The case duty is deposited too.")),
    ("11", _("11 Informal"), _("Goods worth 2,500 dollars or less, and not under quota. Less to say, lower fees.")),
)  # fmt: skip
ACTS = (
    ("release,summary", _("Entry and entry summary in one message"),
     _("The usual way: you ask for release and account for the duty at once.")),
    ("release", _("The entry only"),
     _("You ask for release now; the summary and the deposit follow within ten working days.")),
    ("summary", _("The entry summary only"), _("The goods are already released under this entry number.")),
)  # fmt: skip
ISF_STATUSES = (
    ("accepted", _("Accepted")), ("filed", _("No answer yet")), ("rejected", _("Rejected")),
)  # fmt: skip
PAPERS = (
    ("commercial_invoice", _("Commercial invoice")),
    ("pro_forma_invoice", _("Pro forma invoice")),
    ("packing_list", _("Packing list")),
    ("usmca_certification", _("USMCA certification of origin")),
    ("certification_of_origin", _("Certification of origin, other agreement")),
    ("through_bill", _("Through bill of lading")),
    ("non_reimbursement_statement", _("Statement of non-reimbursement (AD/CVD)")),
    ("mill_certificate", _("Mill certificate")),
    ("returned_goods_declaration", _("Declaration for returned American goods")),
    ("repair_declaration", _("Declaration of repair or alteration abroad")),
    ("assembly_declaration", _("Declaration of assembly abroad")),
    ("licence", _("Licence or permit")),
    ("other", _("Other paper")),
)
BOND_TYPES = (
    ("8", _("8 Continuous bond: for all your entries")),
    ("9", _("9 Single transaction bond: for this entry only")),
)
BOND_DESIGNATIONS = (
    ("B", _("B Basic bond")),
    ("A", _("A Additional, for example for an antidumping case")),
    ("U", _("U Substitution")),
    ("E", _("E Increase")),
)
NO_BOND = "0"
WAIVER_REASONS = (
    ("995", _("995 Vessel repair, supplemental")),
    ("996", _("996 Fines and penalties")),
    ("997", _("997 Other contingent bill")),
    ("998", _("998 Secured otherwise than by a surety, for example in cash")),
    ("999", _("999 No surety")),
)
PAYMENT_TYPES = (
    ("1", _("1 This entry alone"), _("You pay this entry by itself, without a statement.")),
    ("2", _("2 Daily statement, by filer"), _("All entries of the filer for one day on one list.")),
    ("3", _("3 Daily statement, by importer"), _("All entries of the importer for one day on one list.")),
    ("5", _("5 Daily statement, by importer and branch"), ""),
    ("6", _("6 Monthly statement, by filer"), ""),
    ("7", _("7 Monthly statement, by importer"), _("Paid once a month, on the 15th working day of the month after.")),
    ("8", _("8 Monthly statement, by importer and branch"), ""),
)
RECONCILIATION = (
    ("001", _("001 Value")), ("002", _("002 Classification")), ("003", _("003 Heading 9802")),
    ("004", _("004 Value and classification")), ("005", _("005 Value and 9802")),
    ("006", _("006 Classification and 9802")), ("007", _("007 Value, classification and 9802")),
)  # fmt: skip
USAGES = (("P", _("Goods for personal use")), ("X", _("Samples")))
MISSING_DOCUMENTS_HINT = _("At most two codes of two digits (CBP Form 7501, block 18); 99 in second place for more.")
CAPACITIES = (
    ("importer_of_record", _("As the importer of record"),
     _("You, or the firm you work for, own, bought or receive the goods.")),
    ("agent", _("As the agent of the importer"), _("You act under the importer's written authority.")),
)  # fmt: skip
OBTAINED = (
    ("purchase", _("By purchase"), _("The prices are the ones paid or agreed.")),
    ("otherwise", _("Otherwise"), _("For example on consignment, leased, or free of charge.")),
)

# ---- lines -------------------------------------------------------------------------------------
METHODS = (
    ("1", _("1 The price paid or payable (transaction value)")),
    ("2", _("2 Price of identical goods")),
    ("3", _("3 Price of similar goods")),
    ("4", _("4 Deductive value")),
    ("5", _("5 Computed value")),
    ("6", _("6 Another reasonable way")),
)
ADDITIONS = (
    ("packing", _("Packing you paid apart")),
    ("selling_commission", _("Selling commission")),
    ("assist", _("Assist: moulds, tools, materials or designs you provided")),
    ("royalty", _("Royalty")),
    ("licence_fee", _("Licence fee")),
    ("proceeds", _("Proceeds that go to the seller")),
    ("other", _("Other")),
)
DEDUCTIONS = (
    ("international_freight", _("International freight")),
    ("international_insurance", _("International insurance")),
    ("foreign_inland_freight", _("Inland freight abroad, on a through bill")),
    ("duty", _("Duty")),
    ("taxes", _("Taxes")),
    ("assembly_after_import", _("Assembly after importation")),
    ("transport_after_import", _("Transport after importation")),
    ("buying_commission", _("Buying commission")),
    ("selling_commission", _("Selling commission")),
    ("discount", _("Discount")),
    ("other", _("Other")),
)
RATE_BASES = (
    ("quarterly", _("Quarterly rate of CBP")), ("daily", _("Rate of the day, certified")),
    ("proclaimed", _("Proclaimed rate")), ("reference", _("Reference rate, not certified")),
)  # fmt: skip
CERTIFIERS = (("importer", _("The importer")), ("exporter", _("The exporter")), ("producer", _("The producer")))
BASES_OF_CLAIM = (
    ("originating", _("The goods originate")), ("wholly_obtained", _("Wholly obtained or produced")),
    ("tariff_shift", _("Change of tariff number")), ("value_content", _("Regional value content")),
)  # fmt: skip
ROLES = (
    ("provision", _("Provision of chapter 98")), ("additional", _("Additional duty")), ("replacement",
     _("Duty in lieu")),
    ("exemption", _("Exemption from an additional duty")), ("classification", _("Second number that classifies")),
)  # fmt: skip
CASE_SECURITY = (("cash", _("Cash deposit")), ("bond", _("Bond, where the case allows it")))
CASE_RATES = (("ad_valorem", _("Percent of the value")), ("specific", _("Dollars for a unit")))
RULING_TYPES = (("R", _("R Binding ruling")), ("P", _("P Pre-classified")), ("C", _("C Pre-approved")))
SET_ROLES = (("header", _("Header of a set (X)")), ("component", _("Component of a set (V)")))
FEE_EXEMPTIONS = (("1", _("1")), ("2", _("2")))
IMPORTER_DECLARATIONS = (
    ("07", _("07 Aluminum: smelt and cast")), ("08", _("08 Steel: melt and pour")), ("10", _("10 As the notice says")),
    ("11", _("11 As the notice says")), ("12", _("12 Copper")),
)  # fmt: skip
ZONE_STATUSES = (
    ("P", _("Privileged foreign")), ("N", _("Non-privileged foreign")), ("D", _("Domestic")),
)  # fmt: skip
