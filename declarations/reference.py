"""What the rules may know besides the declaration: read from the tables, once for each check."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from django.db.models import Q, Sum

from declarations.document import Document
from declarations.facts import BondOnFile, CodeTables, EarlierFiling, Facts, Port
from declarations.models import CustomsBond, Declaration, FilerCode, Waiver
from portal.accounts.models import Organization, User
from portal.codes.selectors import all_codes, codes_mark

RECENT = timedelta(days=30)
YEAR = timedelta(days=365)


def gather(declaration: Declaration, document: Document, *, on: date, signatory: User | None = None) -> Facts:
    """All facts for one declaration; the number of queries does not depend on its lines."""
    importer, filer = declaration.importer, declaration.filer
    code = FilerCode.objects.filter(organization=filer).order_by("-is_active", "pk").first()
    return Facts(
        codes=code_tables(on),
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
        acting_for_other=importer.pk != filer.pk,
        reference_taken_by=_taken_by(declaration),
        earlier=_earlier(declaration),
        ach_set_up=importer.ach_set_up,
        deposits_last_12_months=_deposits(importer, on),
        waived=frozenset(Waiver.objects.filter(declaration=declaration).values_list("rule_code", flat=True)),
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
    rows = CustomsBond.objects.filter(organization=importer).order_by("effective_on")
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
    if not declaration.functional_reference_id:
        return None
    same = Declaration.objects.filter(
        filer=declaration.filer, functional_reference_id=declaration.functional_reference_id
    ).exclude(pk=declaration.pk)
    live = same.exclude(filing__in=("WITHDRAWN", "ABANDONED"))
    return (
        live.filter(Q(submitted_at__isnull=False) | Q(live_version__isnull=False))
        .values_list("reference", flat=True)
        .first()
    )


def _earlier(declaration: Declaration) -> tuple[EarlierFiling, ...]:
    """Filings of the importer of the last thirty days that may be the same goods."""
    since = declaration.updated_at - RECENT
    rows = Declaration.objects.filter(importer=declaration.importer, submitted_at__gte=since).exclude(pk=declaration.pk)
    rows = rows.exclude(legal__in=("REJECTED", "CANCELLED")).order_by("-id")[:200]
    return tuple(_as_earlier(row) for row in rows)


def _as_earlier(row: Declaration) -> EarlierFiling:
    bills = (row.header.get("transport") or {}).get("bills") or []
    numbers = frozenset(
        f"{one.get('issuer') or ''}{one.get('number')}"
        for bill in bills
        for one in (bill.get("house") or bill.get("master") or {},)
        if one.get("number")
    )
    seller = ((row.header.get("parties") or {}).get("seller") or {}).get("name")
    return EarlierFiling(
        reference=row.reference, functional_reference_id=row.functional_reference_id, entry_type=row.entry_type,
        bills=numbers, seller=seller, arrival=row.arrives_on,
    )  # fmt: skip


def _deposits(importer: Organization, on: date) -> Decimal | None:
    since = datetime.combine(on - YEAR, datetime.min.time()).astimezone()
    rows = Declaration.objects.filter(importer=importer, filing="SUBMITTED", submitted_at__gte=since)
    return rows.aggregate(total=Sum("total_due"))["total"]
