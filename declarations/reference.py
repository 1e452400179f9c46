"""What the rules may know besides the declaration: read from the tables, once for each check."""

import time
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from django.db import connection

from declarations.document import Document
from declarations.facts import BondOnFile, CodeTables, EarlierFiling, Facts, Port
from declarations.models import Declaration, FilerCode
from declarations.rules.reading import INFORMAL
from declarations.shipments import arrival, asked_keys
from portal import prepared
from portal.accounts.models import Organization, User, known_by
from portal.codes.selectors import all_codes, codes_mark
from portal.money import to_cent_half_up

YEAR = timedelta(days=365)  # also how long a bill is looked for: carriers use their numbers again
SIGNING_ROLES = {"importer_user", "importer_admin", "licensed_individual"}
ROLES = "SELECT role FROM accounts_membership WHERE user_id = %s AND organization_id = %s AND is_active"
_KNOWN = (
    "SELECT"
    " (SELECT {rows}({row}(code, is_active, check_digit_offset)) FROM"
    "  (SELECT * FROM declarations_filercode WHERE organization_id = %s ORDER BY id) own),"
    " (SELECT {rows}({row}(type, surety, CAST(amount AS TEXT), CAST(effective_on AS TEXT),"
    "  CAST(terminates_on AS TEXT))) FROM ("
    "SELECT * FROM declarations_customsbond WHERE organization_id = %s ORDER BY effective_on) bond),"
    " (SELECT reference FROM declarations_declaration WHERE filer_id = %s AND functional_reference_id = %s AND id <> %s"
    "  AND filing NOT IN ('WITHDRAWN', 'ABANDONED') AND (submitted_at IS NOT NULL OR live_version_id IS NOT NULL)"
    "  ORDER BY id LIMIT 1),"
    " (SELECT {rows}({row}(found.bill_sha256, one.reference, one.functional_reference_id, found.entry_type,"
    "  CAST(found.arrives_on AS TEXT), {seller}, CAST(found.entered_value AS TEXT)))"
    "  FROM ({same_bill} UNION {informal}) found {its_declaration}"
    "  WHERE one.id <> %s AND one.submitted_at >= %s AND one.legal NOT IN ('REJECTED', 'CANCELLED')),"
    " (SELECT {rows}(rule_code) FROM declarations_waiver WHERE declaration_id = %s)"
)
# Informal entries that arrive on the same day. No order is asked for: the planner would look for it in another index.
_INFORMAL = (
    "SELECT * FROM (SELECT * FROM declarations_filedshipment WHERE importer_id = %s AND arrives_on = CAST(%s AS {day})"
    " AND entry_type IN ('11', '12') LIMIT 200) lately"
)
_DEPOSITS = (
    ", (SELECT {row}(CAST(SUM(total_due) AS TEXT), COUNT(*)) FROM declarations_declaration"
    " WHERE importer_id = %s AND filing = 'SUBMITTED' AND submitted_at >= %s)"
)
_WORDS = {
    "postgresql": {
        "rows": "json_agg", "row": "json_build_array", "seller": "one.header #>> '{parties,seller,name}'",
        "day": "date",
        # each LIMIT keeps the planner from reading whole tables for a few rows: one look into an index each
        "same_bill": (
            "SELECT own.* FROM jsonb_array_elements_text(CAST(%s AS jsonb)) AS asked(key) CROSS JOIN LATERAL (SELECT *"
            " FROM declarations_filedshipment WHERE importer_id = %s AND bill_sha256 = asked.key LIMIT 50) own"
        ),
        "its_declaration": (
            "CROSS JOIN LATERAL (SELECT * FROM declarations_declaration"
            " WHERE live_version_id = found.version_id LIMIT 1) one"
        ),
    },
    "sqlite": {
        "rows": "json_group_array", "row": "json_array", "seller": "one.header ->> '$.parties.seller.name'",
        "day": "text",
        "same_bill": (
            "SELECT * FROM declarations_filedshipment WHERE bill_sha256 IN (SELECT value FROM json_each(%s))"
            " AND importer_id = %s"
        ),
        "its_declaration": "JOIN declarations_declaration one ON one.live_version_id = found.version_id",
    },
}  # fmt: skip


def _text(deposits: str, words: dict[str, str]) -> str:
    return (_KNOWN + deposits).format(**words, informal=_INFORMAL.format(**words))


# One statement a check: what the filer and the importer have on record here, and what they filed of late.
KNOWN = {vendor: _text(_DEPOSITS, words) for vendor, words in _WORDS.items()}
KNOWN_BUT_DEPOSITS = {vendor: _text(", NULL", words) for vendor, words in _WORDS.items()}


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
    keys = asked_keys(document)
    same_day = arrival(document) if document.entry_type in INFORMAL else None
    known = _known(declaration, list(keys), same_day, on)
    code, is_active = _filer_code(declaration, known.codes)
    return Facts(
        codes=codes or code_tables(on),
        bonds=tuple(_bond(one, importer) for one in known.bonds),
        importer_on_file=importer.on_file_since is not None and importer.on_file_since <= on,
        importer_name_on_file=importer.name,
        consignee_on_file=_consignee_on_file(document, on),
        importer_country=(importer.address or {}).get("country"),
        last_entry_on=importer.last_entry_on,
        filer_code=code[0] if code else None,
        filer_code_active=is_active,
        check_digit_offset=code[2] if code else 0,
        signatory_authorised=_may_sign(signatory, filer) if signatory else None,
        reference_taken_by=known.taken,
        earlier=_as_earlier(known.earlier, keys),
        ach_set_up=importer.ach_set_up,
        deposits_last_12_months=None if known.deposits is None else to_cent_half_up(Decimal(known.deposits)),
        waived=frozenset(known.waived),
    )


Code = tuple[str, bool, int]
Earlier = tuple[str, str, str, str, str | None, str | None, str]


def _filer_code(declaration: Declaration, own: list[Code]) -> tuple[Code | None, bool | None]:
    """The code under which it is filed, and whether it is active.

    A number that was given keeps its code. Where that is another's, since the importer has taken the filing over,
    the code is not the filer's to keep active, and we do not judge.
    """
    given = declaration.entry_number[:3]
    if given and all(one[0] != given for one in own):
        other = prepared.find(FilerCode, code=given)
        if other is not None:
            return (other.code, other.is_active, other.check_digit_offset), None
    code = next((one for one in own if one[1]), own[0] if own else None)
    return code, bool(code[1]) if code else False


class DepositsHeld:
    """Sums of importers with very many filings, kept in the process for a minute: to add up a year takes long.

    They serve a warning about the bond, so a minute matters to nobody; whoever files less is added up each time.
    """

    MANY = 5_000
    SECONDS = 60.0
    MOST = 1_000

    def __init__(self) -> None:
        self._sums: dict[int, tuple[float, date, str]] = {}

    def get(self, importer: int, on: date) -> str | None:
        """The sum of the year before this day, while it is fresh."""
        until, day, amount = self._sums.get(importer, (0.0, on, ""))
        return amount if day == on and time.monotonic() < until else None

    def keep(self, importer: int, on: date, amount: str | None, count: int) -> None:
        """The sum over so many filings, where they are many."""
        if amount is None or count < self.MANY:
            return
        if len(self._sums) >= self.MOST:
            self._sums.clear()
        self._sums[importer] = (time.monotonic() + self.SECONDS, on, amount)


deposits_held = DepositsHeld()


class _Known(NamedTuple):
    """What one statement reads of the tables, as JSON has it: amounts and days are text."""

    codes: list[Code]
    bonds: list[tuple[str, str, str, str, str | None]]
    taken: str | None
    earlier: list[Earlier]
    deposits: str | None
    waived: list[str]


def _known(declaration: Declaration, keys: list[str], same_day: date | None, on: date) -> _Known:
    """`keys` are bills to look for; informal entries of the importer that arrive on `same_day` are given too."""
    importer, filer, own = declaration.importer_id, declaration.filer_id, declaration.functional_reference_id
    key = declaration.pk or 0
    since = datetime.combine(on - YEAR, datetime.min.time()).astimezone()
    held = deposits_held.get(importer, on)
    year = _moment(declaration.updated_at - YEAR)
    asked = (
        filer, importer, filer, own or None, key, msgspec.json.encode(keys).decode(), importer, importer,
        same_day.isoformat() if same_day else None, key, year, key,
    )  # fmt: skip
    if held is None:
        ((*known, summed),) = prepared.read(KNOWN[connection.vendor], *asked, importer, _moment(since))
        held, count = _list(summed)
        deposits_held.keep(importer, on, held, count)
    else:
        ((*known, _),) = prepared.read(KNOWN_BUT_DEPOSITS[connection.vendor], *asked)
    codes, bonds, taken, earlier, waived = known
    return _Known(_list(codes), _list(bonds), taken, _list(earlier), held, _list(waived))


def _list(found: Any) -> list[Any]:
    """A JSON list as either engine gives it."""
    return msgspec.json.decode(found) if isinstance(found, str) else found or []


def code_tables(on: date) -> CodeTables:
    """Code lists in force on a day; kept in memory until the lists change."""
    return _code_tables(on, codes_mark())


@lru_cache(maxsize=8)
def _code_tables(on: date, mark: int) -> CodeTables:
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


def _bond(row: tuple[str, str, str, str, str | None], importer: Organization) -> BondOnFile:
    kind, surety, amount, begins, ends = row
    return BondOnFile(
        type=kind, surety=surety, amount=Decimal(amount), effective_on=date.fromisoformat(begins),
        terminates_on=date.fromisoformat(ends) if ends else None, importer_number=importer.importer_number,
        importer_name=importer.name,
    )  # fmt: skip


def _consignee_on_file(document: Document, on: date) -> bool | None:
    consignee = document.party("ultimate_consignee")
    importer = document.party("importer")
    if consignee is None or not consignee.id or (importer is not None and consignee.id == importer.id):
        return None
    known = Organization.objects.filter(known_by(consignee.id), on_file_since__lte=on).exists()
    return True if known else None  # an unknown number may be on file at customs: we do not judge


def _may_sign(signatory: User, filer: Organization) -> bool:
    """True where the person holds a role in the filer's organization that signs."""
    if not (signatory.is_active and filer.is_active):
        return False
    return bool(
        {role for (role,) in prepared.read(ROLES, signatory.pk, filer.sandbox_of_id or filer.pk)} & SIGNING_ROLES
    )


def _as_earlier(found: list[Earlier], keys: dict[str, str]) -> tuple[EarlierFiling, ...]:
    """Each declaration once, with those of the bills asked for that are its own."""
    made: dict[str, EarlierFiling] = {}
    for key, reference, own, entry_type, arrives, seller, value in found:
        bills = {keys[key]} if key in keys else set()
        if reference in made:
            bills |= made[reference].bills
        made[reference] = EarlierFiling(
            reference=reference, functional_reference_id=own, entry_type=entry_type, bills=frozenset(bills),
            seller=seller, arrival=date.fromisoformat(arrives) if arrives else None, value=Decimal(value),
        )  # fmt: skip
    return tuple(made.values())


def _moment(value: datetime) -> Any:
    """A moment as the engine compares it."""
    return connection.ops.adapt_datetimefield_value(value)
