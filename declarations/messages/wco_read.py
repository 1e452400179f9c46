"""A declaration from the bytes of a WCO message: the inverse of encoding, for messages of our profile only."""

from lxml import etree

from declarations.decoding import DocumentRefused, decode_value
from declarations.document import Document
from declarations.messages.envelope import (
    COUNTRY,
    DEC,
    DS,
    MD,
    PROFILE,
    MessageRefused,
    head_of,
    open_message,
    path_of,
    refused,
)
from declarations.messages.read_header import common_members, read_header
from declarations.messages.read_item import read_line
from declarations.messages.reading import Reading, each, first, text
from declarations.messages.wco_shape import shape_faults
from portal.xml import MAX_BYTES, local_name

REQUESTS = {"INV": "cancellation", "GPR": "presentation"}


def kind_of(raw: bytes) -> str:
    """`declaration`, `cancellation`, `presentation` or `response`. Raises MessageRefused for anything else."""
    root = open_message(raw, max_bytes=MAX_BYTES)
    if root.find("{*}Response") is not None:
        return "response"
    declaration = root.find(f"{{{DEC}}}Declaration")
    if local_name(root) != "MetaData" or declaration is None:
        raise refused("MSG-DIALECT", "This is no declaration and no answer in an envelope.", path_of(root))
    return REQUESTS.get(text(declaration, "TypeCode") or "", "declaration")


def decode_declaration(raw: bytes) -> Document:
    """The document that a message declares. Raises MessageRefused with all that cannot be read, and where."""
    declaration = _our_declaration(open_message(raw, max_bytes=MAX_BYTES))
    faults = shape_faults(declaration)
    if faults:
        raise MessageRefused(*faults)
    return _document(declaration, whole=True)


def decode_correction(raw: bytes) -> Document:
    """The members that a `Declaration` within an answer carries: it may be partial and in any namespace.

    What has no place in our document is left out; the answer itself is kept and shown whole.
    """
    root = open_message(raw, max_bytes=MAX_BYTES)
    if local_name(root) != "Declaration":
        raise refused("MSG-KIND", "This is not a declaration.", path_of(root))
    for element in root.iter(etree.Element):
        name = local_name(element)
        element.tag = f"{{{DS if name == 'DateTimeString' else DEC}}}{name}"
    return _document(root, whole=False)


def _document(declaration: etree._Element, *, whole: bool) -> Document:
    reading = Reading()
    plain = read_header(reading, declaration)
    shipment = first(declaration, "GoodsShipment")
    common = common_members(shipment, declaration)
    lines = list(each(shipment, "GovernmentAgencyGoodsItem"))
    plain["items"] = [read_line(reading, line, common) for line in lines]
    counted = text(declaration, "GoodsItemQuantity")
    if whole and counted is not None and counted != str(len(lines)):
        reading.fault(declaration, f"The message counts {counted[:10]} lines and has {len(lines)}.", "WCO-COUNT")
    if whole and reading.faults:
        raise MessageRefused(*reading.faults)
    try:
        return decode_value(plain)
    except DocumentRefused as error:
        raise MessageRefused(*error.faults) from None


def _our_declaration(root: etree._Element) -> etree._Element:
    """The `Declaration` of a message in our profile; the namespace alone does not name the dialect."""
    if root.tag != f"{{{MD}}}MetaData":
        raise refused("MSG-DIALECT", "The message does not begin with this profile's MetaData envelope.", path_of(root))
    head = head_of(root)
    if root.find("{*}Response") is not None:
        raise refused("MSG-KIND", "This is an answer from customs, not a declaration.", "/MetaData")
    if head.country != COUNTRY or head.name != "DEC":
        said = f"{head.name[:20] or 'no type'} for {head.country[:10] or 'no country'}"
        raise refused("MSG-DIALECT", f"The message says {said}; this profile is DEC for {COUNTRY}.", "/MetaData")
    if head.profile not in ("", PROFILE):
        raise refused("MSG-DIALECT", f"The message is of edition {head.profile[:20]}, not {PROFILE}.", "/MetaData")
    found = root.findall(f"{{{DEC}}}Declaration")
    if len(found) != 1 or root[-1] is not found[0]:
        raise refused("MSG-DIALECT", "The envelope must end with exactly one Declaration of this profile.", "/MetaData")
    if text(found[0], "TypeCode") in REQUESTS:
        raise refused("MSG-KIND", "This is a request about a declaration, not a declaration.", "/MetaData/Declaration")
    return found[0]
