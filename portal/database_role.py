"""What the portal's own database role may do, table by table. PostgreSQL only.

The tables belong to another role, which migrates and loads law. The portal connects with a role that owns
nothing: it cannot alter a table or drop a trigger, it empties none, and what was filed, signed, told or
answered it can only add to. A model of ours that no list names is a mistake, which `unlisted` tells.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model

from portal.errors import DomainError

ROOMS = ("accounts", "parameters", "codes", "clocks", "trail", "records", "desk", "idempotency", "gateway", "webhooks",
         "programs", "complaints", "brokers", "declarations", "tariff", "parity", "remedies")  # fmt: skip
# Law and lists, loaded by commands that run as the owner; and what the framework writes when it migrates.
READ = (
    "parameters.Parameter", "codes.Code", "remedies.InterestRate", "contenttypes.ContentType", "auth.Permission",
    "tariff.TariffEdition", "tariff.HtsLine", "tariff.MeasureSet", "tariff.TradeMeasure", "tariff.ReferenceSet",
    "tariff.FeeSchedule", "tariff.PreferenceProgram", "tariff.OriginStatus", "tariff.NoteRate",
    "tariff.ExchangeRate", "tariff.RetiredNumber",
)  # fmt: skip
# Added to, never changed, never removed.
WRITTEN_ONCE = (
    "trail.TrailEntry", "trail.Checkpoint", "records.Blob", "desk.Notice", "desk.Event", "gateway.TransmissionAttempt",
    "declarations.DutyTotal", "declarations.Signature", "declarations.Receipt", "declarations.ControlFact",
    "declarations.OutcomeTold", "declarations.Waiver", "declarations.FiledShipment", "parity.ParityMonth",
    "parity.ParityFigure", "remedies.LawChangeResult", "clocks.JobRun", "admin.LogEntry",
)  # fmt: skip
# What they say is written once; how far they have come changes.
MOVES = {
    "declarations.DeclarationVersion": ("state", "submitted_at"),
    "declarations.Request": ("state", "settled_at"),
    "declarations.EntryNumber": ("voided_at", "void_reason"),
    "gateway.OutboundMessage": (
        "state", "attempts", "not_before", "claimed_by", "claimed_until", "not_found", "conversation_id",
        "outcome_text", "created_at", "settled_at",
    ),
    "gateway.InboundMessage": (
        "state", "conflict", "local_reference", "reason", "tries", "not_before", "applied_at",
    ),
    "declarations.BatchRow": ("outcome", "declaration", "total_due", "code", "words", "violations", "done_at"),
    "idempotency.KeptAnswer": (),
}  # fmt: skip
CHANGED = (
    "accounts.User", "accounts.Organization", "accounts.Membership", "accounts.Client", "clocks.Deadline",
    "trail.TrailHead", "desk.Task", "desk.FeedHead", "gateway.ChannelState", "webhooks.Webhook",
    "webhooks.WebhookAttempt", "programs.ApiTraffic", "complaints.Complaint", "brokers.Mandate",
    "declarations.Batch", "declarations.Declaration", "declarations.GoodsItem", "declarations.SavedView",
    "declarations.FilerCode", "declarations.NumberRange", "declarations.CustomsBond", "remedies.LawChange",
)  # fmt: skip
# Of ours, what somebody takes away again and what retention lets go of.
REMOVED = (
    "accounts.Membership", "webhooks.Webhook", "webhooks.WebhookAttempt", "programs.ApiTraffic",
    "declarations.GoodsItem", "declarations.SavedView", "idempotency.KeptAnswer",
)  # fmt: skip


class NoSuchRole(DomainError):
    """The database has no role of that name, or it could do more than the portal may."""

    code = "DATABASE_ROLE_UNFIT"


def unlisted() -> list[str]:
    """Models of ours that no list here names, and names here that are no model: both are mistakes."""
    ours = {one._meta.label for one in apps.get_models() if one._meta.app_label in ROOMS}
    listed = {*READ, *WRITTEN_ONCE, *MOVES, *CHANGED}
    known = {one._meta.label for one in apps.get_models()}
    return sorted((ours - listed) | ((listed | set(REMOVED)) - known))


def grant(role: str) -> int:
    """The role may do what the lists say, and nothing more. Gives how many tables it may use. Raises NoSuchRole.

    Run as the owner, after each migration; harmless when run again.
    """
    _refuse_unfit(role)
    name = connection.ops.quote_name(role)
    statements = list(_statements(name))
    with transaction.atomic(), connection.cursor() as cursor:
        for one in statements:
            cursor.execute(one)
    return sum(" ON TABLE " in one for one in statements)


def create(role: str, password: str) -> None:
    """The role exists, may sign in with the password and is nothing else. One that exists gets the password."""
    name = connection.ops.quote_name(role)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        verb = "ALTER" if cursor.fetchone() else "CREATE"
        cursor.execute(f"{verb} ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD %s", [password])


def owns_tables() -> bool:
    """True where the role of this connection could alter the trail's table: it belongs to it, or it is superuser."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class WHERE oid = 'trail_trailentry'::regclass"
        )
        return bool(cursor.fetchone()[0])


def _refuse_unfit(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, pg_has_role(rolname, current_user, 'MEMBER') FROM pg_roles WHERE rolname = %s", [role]
        )
        found = cursor.fetchone()
    if found is None:
        raise NoSuchRole(f"The database has no role “{role}”. Create it first, or give --create.")
    if any(found):
        raise NoSuchRole(f"The role “{role}” is the owner or a superuser: take one that owns nothing.")


def _statements(role: str) -> Iterator[str]:
    quote = connection.ops.quote_name
    yield "REVOKE CREATE ON SCHEMA public FROM PUBLIC"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}"
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {role}"
    yield f"GRANT USAGE ON SCHEMA public TO {role}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}"
    yield f"GRANT SELECT ON TABLE django_migrations TO {role}"
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            yield f"GRANT {', '.join(_rights(model))} ON TABLE {quote(model._meta.db_table)} TO {role}"


def _rights(model: type[Model]) -> Iterator[str]:
    label, columns = model._meta.label, {one.name: one.column for one in model._meta.concrete_fields}
    yield "SELECT"
    if label in READ:
        return
    yield "INSERT"
    if label in MOVES:
        moving = ", ".join(connection.ops.quote_name(columns[one] or one) for one in MOVES[label])
        if moving:
            yield f"UPDATE ({moving})"
    elif label not in WRITTEN_ONCE:
        yield "UPDATE"
    is_theirs = model._meta.app_label not in ROOMS or bool(model._meta.auto_created)
    if label in REMOVED or (is_theirs and label not in WRITTEN_ONCE):
        yield "DELETE"
