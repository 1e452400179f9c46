"""O02: the portal's own role can do all of its work and none of what would undo a record."""

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from declarations.models import Declaration, DeclarationVersion
from portal import database_role
from portal.idempotency.models import KeptAnswer
from portal.trail.verification import verify
from tests.support.programs import Program, own_document
from tests.support.role import as_application, needs_postgresql

pytestmark = pytest.mark.django_db
FROZEN = [
    "trail.TrailEntry", "trail.Checkpoint", "records.Blob", "declarations.DeclarationVersion", "declarations.Signature",
    "declarations.Receipt", "declarations.ControlFact", "declarations.DutyTotal", "gateway.OutboundMessage",
    "gateway.TransmissionAttempt", "gateway.InboundMessage", "desk.Event", "parity.ParityFigure",
]  # fmt: skip
UNDOING = [
    "ALTER TABLE trail_trailentry DISABLE TRIGGER ALL",
    "DROP TRIGGER trail_trailentry_no_update ON trail_trailentry",
    "DROP TABLE trail_trailentry",
    "ALTER TABLE trail_trailentry ADD COLUMN more text",
    "CREATE OR REPLACE FUNCTION portal_write_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
    "CREATE TABLE more (id int)",
    "SET session_replication_role = replica",
    "SELECT setval('trail_trailentry_id_seq', 1)",
    "INSERT INTO django_migrations (app, name, applied) VALUES ('trail', 'x', now())",
    "UPDATE gateway_outboundmessage SET sha256 = 'x'",
    "UPDATE gateway_inboundmessage SET sha256 = 'x'",
    "UPDATE declarations_declarationversion SET digest = 'x'",
    "UPDATE declarations_declarationversion SET content_sha256 = 'x'",
    "UPDATE declarations_entrynumber SET number = 'x'",
    "UPDATE idempotency_keptanswer SET body = ''",
    "UPDATE tariff_htsline SET number = number",
    "UPDATE parameters_parameter SET value = value",
]


def refused(statement):
    """What the server says; the transaction of the test goes on."""
    with pytest.raises(ProgrammingError) as told, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(told.value)


def test_every_model_of_ours_is_in_one_list():
    assert database_role.unlisted() == []
    lists = [*database_role.READ, *database_role.WRITTEN_ONCE, *database_role.MOVES, *database_role.CHANGED]
    assert len(lists) == len(set(lists))


@needs_postgresql
@pytest.mark.parametrize("label", FROZEN)
def test_what_is_frozen_is_neither_changed_nor_removed_nor_emptied(label):
    model = apps.get_model(label)
    table = model._meta.db_table
    with as_application():
        for statement in (
            f"UPDATE {table} SET id = id",
            f"DELETE FROM {table}",
            f"TRUNCATE {table} CASCADE",
        ):
            assert "permission denied" in refused(statement), statement


@needs_postgresql
def test_what_would_undo_a_record_is_refused():
    with as_application():
        for statement in UNDOING:
            told = refused(statement)
            assert "permission denied" in told or "must be owner" in told, (statement, told)
        assert not database_role.owns_tables()
    assert database_role.owns_tables()


@needs_postgresql
def test_a_declaration_is_filed_and_answered_and_every_job_runs():
    program = Program()
    with as_application():
        filed = program.file(own_document(program))
        assert filed.status_code == 202, filed.content
        reference = filed.json()["reference"]
        draft = program.post("declarations", own_document(program), key="draft").json()["summary"]["reference"]
        assert program.ask("PATCH", f"declarations/{draft}", {"items": []}, If_Match="*").status_code == 200
        cancelled = program.post(f"declarations/{reference}/cancellation", {"reason_code": "08"}, key="cancel")
        assert cancelled.status_code == 202
        for job in settings.CELERY_BEAT_SCHEDULE.values():
            import_string(job["task"])()
    assert DeclarationVersion.objects.get(declaration__reference=reference).state == "SUBMITTED"
    assert list(verify(reference)) == []


@needs_postgresql
def test_retention_lets_go_of_old_answers():
    from portal.idempotency.tasks import forget_answers

    program = Program()
    program.file(own_document(program), key="old")
    KeptAnswer.objects.update(created_at=timezone.now() - timezone.timedelta(days=31))
    with as_application():
        forget_answers()
    assert not KeptAnswer.objects.exists() and Declaration.objects.exists()


@needs_postgresql
def test_only_a_role_that_owns_nothing_is_granted_anything():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        owner = cursor.fetchone()[0]
    with pytest.raises(CommandError, match="superuser"):
        call_command("grant_role", owner)
    with pytest.raises(CommandError, match="no role"):
        call_command("grant_role", "nobody-of-that-name")


def test_sqlite_has_no_roles():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has roles")
    with pytest.raises(CommandError, match="SQLite has no roles"):
        call_command("grant_role", "portal_app")
