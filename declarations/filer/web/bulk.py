"""One act on the declarations that were picked in the list: what will happen first, then what became of each."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from brokers.authority import NoMandate
from declarations.access import ActionNotAllowed, require_authority, visible_to
from declarations.document import DeclarantStatement
from declarations.filer.web.home import ListRow, list_rows
from declarations.filer.web.shared import DRAFT, SIGN, TRANSMIT, ActingRequest, told
from declarations.models import Declaration
from declarations.services import bulk
from declarations.statements import statement_on, words_of
from portal.credentials import TooManyFailures, is_password_of
from portal.forms import FieldView, Words
from portal.records.services import read_many
from portal.timezones import party_date
from portal.web import acting


class Act(NamedTuple):
    """What can be done with several: what it needs, the state it takes, and its words."""

    action: str
    filing: str
    title: Words
    confirm: Words
    unfit: Words
    consequences: tuple[Words, ...]


ACTS = {
    "sign": Act(
        SIGN, "READY", lazy("Sign these declarations?"), lazy("Sign them"),
        lazy("It is not ready to sign."),
        (lazy("You sign each of them over its own digest, with the words below."),
         lazy("Nothing is sent yet; that is a step of its own.")),
    ),
    "send": Act(
        TRANSMIT, "SIGNED", lazy("Send these declarations to customs?"), lazy("Send them to customs"),
        lazy("It is not signed, or it was sent already."),
        (lazy("From this moment each of them is filed."),
         lazy("You can ask customs to cancel one until its goods are released.")),
    ),
    "discard": Act(
        DRAFT, "DRAFT", lazy("Withdraw these drafts?"), lazy("Withdraw them"),
        lazy("It is not a draft: open it to change it first."),
        (lazy("Nobody can edit or file them any more."), lazy("They stay in the list, with their trail."),
         lazy("Nothing is sent to customs.")),
    ),
}  # fmt: skip


class Picked(NamedTuple):
    """One that was picked: what will be signed of it, or why it is left out."""

    row: ListRow
    digest: str = ""
    version: int = 0
    words: str = ""
    why: str = ""


class _Said(msgspec.Struct):
    declarant_statement: DeclarantStatement | None = None


@acting
@require_POST
def selected(request: ActingRequest) -> HttpResponse:
    """Show what will happen to each that was picked; once that is confirmed, do it and show what became of each."""
    name = request.POST.get("act", "")
    act = ACTS.get(name)
    if act is None:
        return told(request, _("Choose what to do with them."), "declaration_list")
    if not request.actor.may(act.action):
        words = _("Your role does not allow this.")
        return render(request, "declarations/not_allowed.html", {"words": words}, status=403)
    wanted = request.POST.getlist("on_page" if request.POST.get("all") else "pick")
    references = list(dict.fromkeys(one[:22] for one in wanted))[: bulk.MOST]
    if not references:
        return told(request, _("Pick at least one declaration first."), "declaration_list")
    if request.POST.get("confirmed") != "yes":
        return _confirm(request, name, act, references)
    return _sign(request, act, references) if name == "sign" else _do(request, name, references)


def _confirm(
    request: ActingRequest, name: str, act: Act, references: list[str], *, error: str = "", status: int = 200
) -> HttpResponse:
    found = visible_to(request.actor).filter(reference__in=references).order_by("-pk")
    picked = _judged(request, act, list_rows(found, request.actor.organization))
    ready = [one for one in picked if not one.why]
    if name == "sign":
        ready = _with_words(ready)
    password = FieldView(
        "password", _("Your password"), _("Once for all of them, so that nobody else signs from your desk."),
        "password", error=error, required=True, width="xl", autocomplete="current-password",
    )  # fmt: skip
    context: dict[str, Any] = {
        "name": name, "act": act, "ready": ready, "left_out": [one for one in picked if one.why],
        "oaths": list(dict.fromkeys(one.words for one in ready if one.words)), "signer": request.user,
        "password": password if name == "sign" else None, "password_errors": [password] if error else [],
    }  # fmt: skip
    return render(request, "declarations/bulk.html", context, status=status)


def _judged(request: ActingRequest, act: Act, rows: list[ListRow]) -> list[Picked]:
    """Each with the reason that keeps it out, where there is one."""
    on = party_date(timezone.now())
    found = []
    for row in rows:
        one, why = row.declaration, ""
        if one.filing != act.filing:
            why = str(act.unfit)
        else:
            try:
                require_authority(request.actor, one, act.action, on=on)
            except (ActionNotAllowed, NoMandate) as error:
                why = str(error)
        version = one.live_version
        found.append(Picked(row, version.digest if version else "", version.number if version else 0, "", why))
    return found


def _with_words(ready: list[Picked]) -> list[Picked]:
    """With the words that are signed for each, read from what was frozen."""
    versions = {one.row.declaration.pk: one.row.declaration.live_version for one in ready}
    hashes = {pk: version.content_sha256 for pk, version in versions.items() if version is not None}
    contents = dict(zip(hashes, read_many(list(hashes.values())), strict=True))
    return [one._replace(words=_oath(one.row.declaration, contents[one.row.declaration.pk])) for one in ready]


def _oath(declaration: Declaration, content: bytes) -> str:
    chosen = msgspec.json.decode(content, type=_Said).declarant_statement
    return words_of(
        statement_on(party_date(timezone.now(), declaration.party)),
        capacity=chosen.capacity if chosen else None, obtained_by=chosen.obtained_by if chosen else None,
    )  # fmt: skip


def _sign(request: ActingRequest, act: Act, references: list[str]) -> HttpResponse:
    now, password = timezone.now(), request.POST.get("password", "")
    try:
        is_own = is_password_of(
            user=request.user, password=password, about=" ".join(references)[:200], actor=request.actor, now=now
        )
    except TooManyFailures as error:
        return _confirm(request, "sign", act, references, error=str(error), status=429)
    if not is_own:
        words = _("This is not your password. Write the one with which you signed in.")
        return _confirm(request, "sign", act, references, error=words, status=422)
    digests = {one: request.POST.get(f"digest_{one}", "")[:64] for one in references}
    found = bulk.sign_all(digests=digests, signatory=request.user, method="password", actor=request.actor, now=now)
    return _told(request, "sign", found)


def _do(request: ActingRequest, name: str, references: list[str]) -> HttpResponse:
    service = bulk.send_all if name == "send" else bulk.discard_all
    return _told(request, name, service(references=references, actor=request.actor, now=timezone.now()))


def _told(request: ActingRequest, name: str, found: list[bulk.Outcome]) -> HttpResponse:
    done = [one for one in found if one.is_done]
    context: Mapping[str, Any] = {
        "name": name, "done": done, "failed": [one for one in found if not one.is_done], "all": len(found),
        "may_send": name == "sign" and done and request.actor.may(TRANSMIT),
    }  # fmt: skip
    return render(request, "declarations/bulk_done.html", context)
