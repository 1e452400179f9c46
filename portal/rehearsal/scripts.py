"""The scripts, as data: what the authority answers, when, and how its door behaves.

The first three characters of the local reference choose the script; anything else is `DEFAULT`.
Times are hundredths of a unit after the receipt; how long a unit lasts is set when the authority
starts. Only `DEFAULT` and C01 to C03 judge the content of a declaration: the others tell their story whatever
was filed. Those that begin with C stop after the acceptance, so that there is time to amend: C01 grants
what is sound, C02 and C03 refuse it. In a pointer `{item}` is line 2 (or the last one before it), `{number}`
its third number.
"""

import re
from dataclasses import dataclass

from portal.rehearsal.checks import ITEM, Finding
from portal.rehearsal.reading import ACTS

ACC, RCV, REJ, CTL, ROG, CLE = "01", "02", "03", "05", "08", "09"
INV, REQ, TAX, CPI, ALV = "10", "11", "13", "14", "50"
PROVISIONAL, INTERMEDIATE, FINAL = "67", "115", "4"
GRANTED, REFUSED = "39", "41"
REVOKED = "99"
_RESUBMITTED = re.compile(r"-([2-9]|[1-9]\d)$")


@dataclass(frozen=True)
class Note:
    """One AdditionalInformation of an answer."""

    code: str
    text: str
    kind: str = "US"


@dataclass(frozen=True)
class Part:
    """One Response. `issued` is when it was issued, where that is not when it is delivered."""

    function: str
    status: str = ""
    notes: tuple[Note, ...] = ()
    errors: tuple[Finding, ...] = ()
    issued: int | None = None
    offset: str = "Z"


@dataclass(frozen=True)
class Step:
    """One answer, `days` and `after` later; with `repeat` it comes again three units later, in that layout."""

    after: int
    parts: tuple[Part, ...]
    layout: str = "plain"
    repeat: str = ""
    days: int = 0


@dataclass(frozen=True)
class Turn:
    """What the door does with one try of a message instead of a plain 202."""

    status: int = 202
    processed: bool = True
    dropped: bool = False
    retry_after: int = 0
    slow: bool = False
    token_ends: bool = False
    names_conversation: bool = True
    page: str = ""


@dataclass(frozen=True)
class Script:
    """A story: the answers to a receipt and to goods presented, and what the door does try by try."""

    steps: tuple[Step, ...]
    on_arrival: tuple[Step, ...] = ()
    turns: tuple[Turn, ...] = ()
    checks: bool = False
    rejects: bool = False
    refuses_requests: str = ""


def at(after: int, *parts: Part, layout: str = "plain", repeat: str = "", days: int = 0) -> Step:
    """One answer made of these parts."""
    return Step(after, parts, layout, repeat, days)


def tax(status: str, issued: int | None = None, offset: str = "Z") -> Part:
    """A duty statement."""
    return Part(TAX, status, issued=issued, offset=offset)


THREE_ERRORS = (
    Finding("US20002", "The country of origin is unknown.", f"{ITEM.format('{item}')}/92A/063"),
    Finding("US20001", "The tariff number is unknown.", f"{ITEM.format('{item}')}/23A/21A[{{number}}]/145"),
    Finding("US10001", "The port of entry does not serve this kind of entry.", "42A/065"),
)
REUSED = Finding("US12003", "The local reference was used within the last 48 hours.", "42A/D026")
LIGHT = Finding("US13000", "The weight appears too low for this commodity.", ITEM.format(1))

USUAL = (at(50, Part(ACC)), at(50, tax(PROVISIONAL)), at(200, tax(FINAL)), at(250, Part(CLE)))
DEFAULT = Script(
    (at(50, Part(ACC)), at(50, tax(PROVISIONAL)), at(150, Part(ROG)), at(200, tax(FINAL)), at(250, Part(CLE))),
    checks=True,
)
RELEASE_ALONE = Script((at(50, Part(ACC)), at(150, Part(ROG))), checks=True)
SUMMARY_ALONE = Script(USUAL, checks=True)
HELD = (Note("agency", "FDA"), Note("hold", "opened"))
LIFTED = (Note("agency", "FDA"), Note("hold", "lifted"))

SCRIPTS: dict[str, Script] = {
    "A01": Script(USUAL),
    "A02": Script((at(50, Part(ACC)), at(150, Part(CLE)))),
    "A03": Script((at(50, Part(REJ, errors=THREE_ERRORS)),), rejects=True),
    "A04": Script((at(50, Part(RCV)),), on_arrival=USUAL),
    "A05": Script((at(50, tax(PROVISIONAL)), at(75, Part(ACC)), at(200, tax(FINAL)), at(250, Part(CLE)))),
    "A06": Script(
        (
            at(250, Part(CLE, offset="+01")),
            at(265, tax(FINAL, issued=200, offset="+0530")),
            at(280, Part(ACC, issued=50)),
            at(295, tax(PROVISIONAL, issued=50)),
        )
    ),
    "A07": Script(
        (
            at(50, Part(ACC), repeat="spaced"),
            at(50, tax(PROVISIONAL), repeat="plain"),
            at(200, tax(FINAL), repeat="spaced"),
            at(250, Part(CLE), repeat="plain"),
        )
    ),
    "A09": Script((at(50, Part(ACC), tax(PROVISIONAL)), at(250, tax(FINAL), Part(CLE)))),
    "A11": Script(tuple(at(step.after, *step.parts, layout="live") for step in USUAL)),
    "A12": Script((at(50, Part(ACC, errors=(LIGHT,))), *USUAL[1:])),
    "A13": Script((*USUAL[:2], at(100, Part(CPI)), at(300, tax(FINAL)), at(350, Part(CLE)))),
    "A15": Script(
        (*USUAL[:2], at(100, tax(INTERMEDIATE)), at(150, Part(ROG)), at(200, tax(FINAL)), at(250, Part(CLE)))
    ),
    "A16": Script((at(50, Part(ACC)), at(150, Part(CLE)), at(150, Part(CTL), days=2))),
    "A17": Script((*USUAL[:2], at(150, Part(ROG)), at(250, Part(CTL, REVOKED, notes=(Note("release", "revoked"),))))),
    "A18": Script(
        (
            *USUAL[:2],
            *(at(100, Part(ALV, notes=HELD)), at(200, Part(ALV, notes=LIFTED)), at(225, Part(ROG))),
            *(at(250, tax(FINAL)), at(300, Part(CLE))),
        )
    ),
    "A19": Script(USUAL, refuses_requests=REQ),
    "A20": Script(USUAL, refuses_requests=REJ),
    "C01": Script(USUAL[:2], checks=True),
    "C02": Script(USUAL[:2], checks=True, refuses_requests=REQ),
    "C03": Script(USUAL[:2], checks=True, refuses_requests=REJ),
    "B01": Script(USUAL, turns=(Turn(dropped=True),)),
    "B02": Script(USUAL, turns=(Turn(504),)),
    "B03": Script(USUAL, turns=(Turn(dropped=True, processed=False),)),
    "B04": Script(USUAL, turns=(Turn(500),)),
    "B05": Script(
        USUAL,
        turns=(
            Turn(429, processed=False, retry_after=1),
            Turn(429, processed=False, retry_after=1),
            Turn(503, processed=False, retry_after=1),
        ),
    ),
    "B06": Script(USUAL, turns=(Turn(403, processed=False, page="<html><body>Request blocked.</body></html>"),)),
    "B07": Script(USUAL, turns=(Turn(401, processed=False, token_ends=True),)),
    "B08": Script(USUAL, turns=(Turn(names_conversation=False),)),
    "B09": Script((*USUAL[:2], at(75, Part(REJ, errors=(REUSED,))), *USUAL[2:])),
    "B11": Script(USUAL, turns=(Turn(slow=True),)),
}


def script_for(lrn: str, acts: frozenset[str] = ACTS) -> Script:
    """The script that the local reference chooses; a resubmission of a rejected A03 goes the usual way.

    Where none is chosen, a filing of the release alone or the summary alone gets the answers to that act.
    """
    name = lrn[:3].upper()
    if name == "A03" and _RESUBMITTED.search(lrn):
        name = "A01"
    if name not in SCRIPTS and acts != ACTS:
        return RELEASE_ALONE if "release" in acts else SUMMARY_ALONE
    return SCRIPTS.get(name, DEFAULT)
