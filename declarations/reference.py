"""What the rules may know besides the declaration: read from the tables, once for each check."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec
from django.db import connection

from declarations.document import Document
from declarations.facts import BondOnFile, CodeTables, EarlierFiling, Facts, Port
from declarations.models import CustomsBond, Declaration, FilerCode, Waiver
from portal import prepared
from portal.accounts.models import Organization, User
from portal.codes.selectors import all_codes, codes_mark
from portal.money import to_cent_half_up

RECENT = timedelta(days=30)
YEAR = timedelta(days=365)
TAKEN = (
    "SELECT reference FROM declarations_declaration WHERE filer_id = %s AND functional_reference_id = %s AND id <> %s"
    " AND filing NOT IN ('WITHDRAWN', 'ABANDONED') AND (submitted_at IS NOT NULL OR live_version_id IS NOT NULL)"
    " ORDER BY id LIMIT 1"
)
DEPOSITS = (
    "SELECT SUM(total_due) FROM declarations_declaration"
    " WHERE importer_id = %s AND filing = 'SUBMITTED' AND submitted_at >= %s"
)
_EARLIER = (
    "SELECT reference, functional_reference_id, entry_type, arrives_on, {bills}, {seller} FROM declarations_declaration"
    " WHERE importer_id = %s AND submitted_at >= %s AND id <> %s AND legal NOT IN ('REJECTED', 'CANCELLED')"
    " ORDER BY id DESC LIMIT 200"
)
EARLIER = {
    "postgresql": _EARLIER.format(bills="header #> '{transport,bills}'", seller="header #>> '{parties,seller,name}'"),
    "sqlite": _EARLIER.format(
        bills="json_extract(header, '$.transport.bills')", seller="json_extract(header, '$.parties.seller.name')"
    ),
}


def gather(
    declaration: Declaration,
    document: Document,
    *,
    on: date,
    signatory: User | None = None,
    codes: CodeTables | None = None,
) -> Facts:
    """All facts for one declaration; the number of queries does not depend on its lines."""
    importer, filer = declaration.importer, declaration.filer
    own_codes = prepared.find_all(FilerCode, order="id", organization=filer.pk)
    code = next((one for one in own_codes if one.is_active), own_codes[0] if own_codes else None)
    waivers = prepared.find_all(Waiver, order="id", declaration=declaration.pk)
    return Facts(
        codes=codes or code_tables(on),
        bonds=_bonds(importer),
        importer_on_file=importer.on_file_since is not None and importer.on_file_since <= on,
        importer_name_on_file=importer.name,
        consignee_on_file=_consignee_on_file(document, on),
        importer_country=(importer.address or {}).get("country"),
        last_entry_on=importer.last_entry_on,
        filer_code=code.code if code else None,
        filer_code_active=code.is_active if code else False,
        check_digit_offset=code.check_digit_offset if code else 0,
        signatory_authorised=_may_sign(signatory, filer) if signatory else None,
        reference_taken_by=_taken_by(declaration),
        earlier=_earlier(declaration),
        ach_set_up=importer.ach_set_up,
        deposits_last_12_months=_deposits(importer, on),
        waived=frozenset(one.rule_code for one in waivers),
    )


def code_tables(on: date) -> CodeTables:
    """Code lists in force on a day; kept in memory until the lists change."""
    return _code_tables(on, codes_mark())


@lru_cache(maxsize=8)
def _code_tables(on: date, mark: tuple[int, int]) -> CodeTables:
    lists = all_codes(on)

    def codes(name: str) -> frozenset[str]:
        return frozenset(row.code for row in lists.get(name, []))

    ports = {
        row.code: Port(
            code=row.code, name=row.name, state=row.data.get("state"), harbor_fee=row.data.get("harbor_fee"),
            kind=row.data.get("kind"),
        )
        for row in lists.get("ports", [])
    }  # fmt: skip
    countries = lists.get("countries", [])
    return CodeTables(
        ports=ports,
        countries=frozenset(row.code for row in countries),
        currencies=codes("currencies"),
        units=codes("units"),
        states=codes("states"),
        package_units=codes("packages"),
        embargoed=frozenset(row.code for row in countries if row.data.get("embargoed")),
    )


def _bonds(importer: Organization) -> tuple[BondOnFile, ...]:
    rows = prepared.find_all(CustomsBond, order="effective_on", organization=importer.pk)
    return tuple(
        BondOnFile(
            type=row.type, surety=row.surety, amount=row.amount, effective_on=row.effective_on,
            terminates_on=row.terminates_on, importer_number=importer.importer_number, importer_name=importer.name,
        )
        for row in rows
    )  # fmt: skip


def _consignee_on_file(document: Document, on: date) -> bool | None:
    consignee = document.party("ultimate_consignee")
    importer = document.party("importer")
    if consignee is None or not consignee.id or (importer is not None and consignee.id == importer.id):
        return None
    known = Organization.objects.filter(importer_number=consignee.id, on_file_since__lte=on).exists()
    return True if known else None  # an unknown number may be on file at customs: we do not judge


def _may_sign(signatory: User, filer: Organization) -> bool:
    from_roles = signatory.roles_in(filer)
    return any(role in from_roles for role in ("importer_user", "importer_admin", "licensed_individual"))


def _taken_by(declaration: Declaration) -> str | None:
    own = declaration.functional_reference_id
    found = prepared.read(TAKEN, declaration.filer_id, own, declaration.pk) if own else []
    return found[0][0] if found else None


def _earlier(declaration: Declaration) -> tuple[EarlierFiling, ...]:
    """Filings of the importer of the last thirty days that may be the same goods."""
    since = _moment(declaration.updated_at - RECENT)
    rows = prepared.read(EARLIER[connection.vendor], declaration.importer_id, since, declaration.pk)
    return tuple(_as_earlier(*row) for row in rows)


def _as_earlier(
    reference: str, own: str, entry_type: str, arrival: date | str | None, bills: str | None, seller: str | None
) -> EarlierFiling:
    numbers = frozenset(
        f"{one.get('issuer') or ''}{one.get('number')}"
        for bill in (msgspec.json.decode(bills) if bills else None) or []
        for one in (bill.get("house") or bill.get("master") or {},)
        if one.get("number")
    )
    return EarlierFiling(
        reference=reference, functional_reference_id=own, entry_type=entry_type, bills=numbers, seller=seller,
        arrival=date.fromisoformat(arrival) if isinstance(arrival, str) else arrival,
    )  # fmt: skip


def _deposits(importer: Organization, on: date) -> Decimal | None:
    since = datetime.combine(on - YEAR, datetime.min.time()).astimezone()
    ((total,),) = prepared.read(DEPOSITS, importer.pk, _moment(since))
    return None if total is None else to_cent_half_up(Decimal(str(total)))


def _moment(value: datetime) -> Any:
    """A moment as the engine compares it."""
    return connection.ops.adapt_datetimefield_value(value)
