"""What a filing says of its shipment is kept beside it, so that the next one can be compared with it."""

from declarations.document import Document
from declarations.models import DeclarationVersion, FiledShipment
from declarations.shipments import arrival, entered_value, filed_keys
from portal import prepared
from portal.accounts.models import Organization


def keep_shipments(importer: Organization, version: DeclarationVersion, document: Document) -> None:
    """One row a bill of the version, one without a bill where it has none. In the transaction of its filing."""
    value = entered_value(document)
    prepared.add_all(
        FiledShipment(
            importer=importer, version=version, bill_sha256=key, entry_type=(document.entry_type or "")[:2],
            arrives_on=arrival(document), entered_value=value,
        )
        for key in sorted(filed_keys(document)) or [""]
    )  # fmt: skip
