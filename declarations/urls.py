"""Pages of the trader."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from declarations.filer.web import (
    amending,
    batches,
    beginning,
    bulk,
    check,
    desk,
    drafts,
    filed,
    home,
    line,
    lines,
    reading,
    sandbox,
    signing,
    status,
)


class Reference:
    """A public reference: a letter and twelve characters."""

    regex = "[A-Z][0-9A-HJKMNP-TV-Z]{12}"

    def to_python(self, value: str) -> str:
        """As it stands in the address."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands in the table."""
        return value


class Line(Reference):
    """The number of a line, or a new one."""

    regex = "new|[1-9][0-9]{0,2}"


register_converter(Reference, "ref")
register_converter(Line, "line")

ONE = "declarations/<ref:reference>"
filer: list[URLPattern] = [
    path("", desk.front, name="home"),
    path("clients/", desk.client_list, name="clients"),
    path("declarations/", home.declaration_list, name="declaration_list"),
    path("declarations/new/", beginning.create, name="declaration_create"),
    path("declarations/export/", filed.export, name="declaration_export"),
    path("declarations/start/", beginning.start, name="declaration_start"),
    path("declarations/selected/", bulk.selected, name="declaration_selected"),
    path("declarations/views/", desk.keep_view, name="view_keep"),
    path("declarations/views/<ref:view>/remove/", desk.drop_view, name="view_drop"),
    path("declarations/codes/<slug:list_name>/", drafts.codes, name="declaration_codes"),
    path("organization/programs/sandbox/", sandbox.sandbox, name="sandbox"),
    path("batches/", batches.batch_list, name="batches"),
    path("batches/<ref:batch>/", batches.batch, name="batch"),
    path("filed-versions/", filed.filed_versions, name="filed_versions"),
    path("filed-versions/<ref:reference>/", filed.filed_version, name="filed_version"),
    path("filed-versions/<ref:reference>/entry-summary.pdf", filed.filed_summary, name="filed_summary"),
    path(f"{ONE}/", status.declaration, name="declaration"),
    path(f"{ONE}/status/", status.status_now, name="declaration_status"),
    path(f"{ONE}/step/<slug:slug>/", drafts.step, name="declaration_step"),
    path(f"{ONE}/step/<slug:slug>/autosave/", drafts.autosave, name="declaration_autosave"),
    path(f"{ONE}/lines/", lines.lines, name="declaration_lines"),
    path(f"{ONE}/lines/upload/", lines.upload, name="declaration_upload"),
    path(f"{ONE}/lines/example.csv", lines.upload_example, name="declaration_upload_example"),
    path(f"{ONE}/lines/<line:line>/", line.line, name="declaration_line"),
    path(f"{ONE}/lines/<line:line>/autosave/", line.autosave, name="declaration_line_autosave"),
    path(f"{ONE}/lines/<line:line>/number/", line.number, name="declaration_line_number"),
    path(f"{ONE}/lines/<line:line>/tariff-search/", line.tariff_search, name="declaration_tariff_search"),
    path(f"{ONE}/lines/<line:line>/remove/", lines.remove, name="declaration_line_remove"),
    path(f"{ONE}/working/", status.working, name="declaration_working"),
    path(f"{ONE}/check/", check.check, name="declaration_check"),
    path(f"{ONE}/sign/", signing.sign, name="declaration_sign"),
    path(f"{ONE}/submission/", signing.submission, name="declaration_submission"),
    path(f"{ONE}/receipt/", signing.receipt, name="declaration_receipt"),
    path(f"{ONE}/reopen/", status.reopen, name="declaration_reopen"),
    path(f"{ONE}/correct/", status.correct, name="declaration_correct"),
    path(f"{ONE}/copy/", status.copy, name="declaration_copy"),
    path(f"{ONE}/amend/", amending.amend, name="declaration_amend"),
    path(f"{ONE}/amend/<slug:slug>/", amending.amend_step, name="declaration_amend_step"),
    path(f"{ONE}/amend/lines/<line:line>/", amending.amend_line, name="declaration_amend_line"),
    path(f"{ONE}/take-over/", status.take_over, name="declaration_take_over"),
    path(f"{ONE}/discard/", status.discard, name="declaration_discard"),
    path(f"{ONE}/cancel/", status.cancel, name="declaration_cancel"),
    path(f"{ONE}/messages/", status.messages_page, name="declaration_messages"),
    path(f"{ONE}/messages/<ref:message>/", status.message_page, name="declaration_message"),
    path(f"{ONE}/messages/<ref:message>.xml", status.message_file, name="declaration_message_file"),
    path(f"{ONE}/changes/", reading.changes, name="declaration_changes"),
    path(f"{ONE}/document.json", reading.document_file, name="declaration_document"),
    path(f"{ONE}/entry-summary.pdf", status.entry_summary, name="entry_summary"),
]
urlpatterns: list[URLPattern | URLResolver] = [*filer, path("", include("declarations.public.urls"))]
