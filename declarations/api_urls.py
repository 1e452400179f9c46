"""Addresses of the trader's API, below /api/v1/."""

from django.urls import URLPattern, path, re_path

from declarations.filer.api import (
    batches,
    exports,
    feeds,
    filed_versions,
    mandates,
    reading,
    registers,
    sandbox,
    takeovers,
    tariff,
    writing,
)

REF = "(?P<reference>[A-Z][0-9A-HJKMNP-TV-Z]{12})"
ONE = f"^declarations/{REF}"
MANDATE = "^mandates/(?P<mandate>W[0-9A-HJKMNP-TV-Z]{12})"
urlpatterns: list[URLPattern] = [
    path("filings", writing.Filings.as_view(), name="api_filings"),
    path("dry-runs", writing.DryRuns.as_view(), name="api_dry_runs"),
    path("declarations", writing.Declarations.as_view(), name="api_declarations"),
    path("declarations/export", exports.Export.as_view(), name="api_export"),
    re_path(f"{ONE}$", writing.OneDeclaration.as_view(), name="api_declaration"),
    re_path(f"{ONE}/submission$", writing.Submissions.as_view(), name="api_submission"),
    re_path(f"{ONE}/amendment$", writing.Amendments.as_view(), name="api_amendment"),
    re_path(f"{ONE}/cancellation$", writing.Cancellations.as_view(), name="api_cancellation"),
    re_path(f"{ONE}/take-over$", takeovers.TakeOvers.as_view(), name="api_take_over"),
    re_path(f"{ONE}/assessment$", reading.AssessmentOf.as_view(), name="api_assessment"),
    re_path(f"{ONE}/events$", reading.EventsOf.as_view(), name="api_declaration_events"),
    re_path(f"{ONE}/messages$", reading.MessagesOf.as_view(), name="api_messages"),
    re_path(f"{ONE}/receipt$", reading.ReceiptOf.as_view(), name="api_receipt"),
    re_path(f"{ONE}/entry-summary.pdf$", reading.EntrySummaryOf.as_view(), name="api_entry_summary"),
    path("filed-versions", filed_versions.FiledVersions.as_view(), name="api_filed_versions"),
    re_path(f"^filed-versions/{REF}$", filed_versions.OneFiledVersion.as_view(), name="api_filed_version"),
    re_path(
        f"^filed-versions/{REF}/entry-summary.pdf$",
        filed_versions.FiledEntrySummary.as_view(),
        name="api_filed_entry_summary",
    ),
    path("batches", batches.Batches.as_view(), name="api_batches"),
    re_path(f"^batches/{REF}$", batches.OneBatch.as_view(), name="api_batch"),
    re_path(f"^batches/{REF}/results$", batches.BatchResults.as_view(), name="api_batch_results"),
    path("mandates", mandates.Mandates.as_view(), name="api_mandates"),
    re_path(f"{MANDATE}$", mandates.OneMandate.as_view(), name="api_mandate"),
    re_path(f"{MANDATE}/signature$", mandates.Signatures.as_view(), name="api_mandate_signature"),
    re_path(f"{MANDATE}/talks$", mandates.Talks.as_view(), name="api_mandate_talks"),
    re_path(f"{MANDATE}/revocation$", mandates.Revocations.as_view(), name="api_mandate_revocation"),
    re_path(f"{MANDATE}/withdrawal$", mandates.Withdrawals.as_view(), name="api_mandate_withdrawal"),
    re_path(f"{MANDATE}/declination$", mandates.Declinations.as_view(), name="api_mandate_declination"),
    path("events", feeds.Events.as_view(), name="api_events"),
    path("webhooks", feeds.Webhooks.as_view(), name="api_webhooks"),
    re_path("^webhooks/(?P<webhook>H[0-9A-HJKMNP-TV-Z]{12})$", feeds.OneWebhook.as_view(), name="api_webhook"),
    path("parity", feeds.Parity.as_view(), name="api_parity"),
    path("register/brokers", registers.BrokerRegister.as_view(), name="api_register_brokers"),
    path("register/aeo", registers.TrustRegister.as_view(), name="api_register_aeo"),
    path("sandbox/clock", sandbox.SandboxClock.as_view(), name="api_sandbox_clock"),
    path("tariff/lines", tariff.TariffLines.as_view(), name="api_tariff_lines"),
    path("tariff/lines/<str:number>", tariff.OneTariffLine.as_view(), name="api_tariff_line"),
]
