"""Every change of a law change: made, run in steps, stopped, resumed, published."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from audits.remedies.flow import Act, ChangeRefused, State, after
from audits.remedies.models import LawChange, LawChangeResult
from audits.remedies.recompute import Recomputer, Worth
from audits.remedies.selectors import change_of, in_force, known_headings, quarters
from audits.remedies.sound import problems
from declarations.models import DeclarationVersion
from portal.accounts.actors import Actor
from portal.accounts.models import Organization
from portal.clocks.services import nudge
from portal.desk.services import tell
from portal.errors import DomainError
from portal.records.services import read_many
from portal.trail.services import record

TASK = "audits.remedies.tasks.work_law_changes"
STEP = 100  # versions in one transaction: progress is kept, and a stop is heard, that often


class ChangeNotSound(DomainError):
    """The law change says too little, or contradicts itself."""

    code = "LAW_CHANGE_NOT_SOUND"


@transaction.atomic
def make(
    *,
    title: str,
    legal_basis: str,
    effect: str,
    first: date,
    last: date,
    interest_to: date,
    actor: Actor,
    now: datetime,
    authorities: tuple[str, ...] = (),
    headings: tuple[str, ...] = (),
    rate: Decimal | None = None,
) -> LawChange:
    """A law change stands as a draft. Raises ChangeNotSound."""
    named = sorted(one.replace(".", "")[:8] for one in headings)
    wrong = problems(
        effect=effect, authorities=authorities, headings=named, rate=rate, first=first, last=last,
        interest_to=interest_to, held=known_headings(named),
    )  # fmt: skip
    for problem in wrong:
        raise ChangeNotSound(problem.words)
    if not legal_basis.strip():
        raise ChangeNotSound("Name the law, the judgment or the notice that changes it.")
    if actor.user is None:
        raise ChangeNotSound("A law change is made by a person.")
    change = LawChange.objects.create(
        title=title, legal_basis=legal_basis, effect=effect, authorities=sorted(authorities),
        headings=named, rate=rate, first=first, last=last,
        interest_to=interest_to, created_by=actor.user, created_at=now,
    )  # fmt: skip
    told = {"title": title, "effect": effect, "authorities": change.authorities, "headings": change.headings}
    record(subject=change.reference, kind="law_change.make", actor=actor, now=now,
           data={**told, "first": first, "last": last, "rate": rate, "legal_basis": legal_basis})  # fmt: skip
    return change


def start(*, change: LawChange, actor: Actor, now: datetime) -> None:
    """It runs in the background. A later start looks at what was filed since; what is written stays as it is."""
    _move(change, Act.START, actor, now, started_at=now, finished_at=None, cursor=0, done=0, total=in_force().count())
    nudge(TASK)


def stop(*, change: LawChange, actor: Actor, now: datetime) -> None:
    """It stands still after the step in hand; what has been computed stays."""
    _move(change, Act.STOP, actor, now)


def resume(*, change: LawChange, actor: Actor, now: datetime) -> None:
    """It goes on where it stood."""
    _move(change, Act.RESUME, actor, now)
    nudge(TASK)


def publish(*, change: LawChange, actor: Actor, now: datetime) -> None:
    """Importers are told, each once. Somebody other than the maker publishes. Raises ChangeRefused."""
    if actor.user is None or actor.user.pk == change.created_by_id:
        raise ChangeRefused("Whoever made a law change does not publish it: a second officer does.")
    with transaction.atomic():
        _move(change, Act.PUBLISH, actor, now, published_at=now)
        importers = Organization.objects.filter(
            pk__in=change.results.filter(outcome=LawChangeResult.Outcome.CHANGED).values("importer")
        )
        tell(
            organizations=importers.iterator(), subject=change.reference, cause=f"law_change:{change.reference}",
            words=f"{change.title}: some of your declarations are affected. See what changes.", now=now,
        )  # fmt: skip


def step(*, change: LawChange, actor: Actor, now: datetime, size: int = STEP) -> bool:
    """The next versions have their results; True while there is more to do. One transaction.

    Two workers on one change take turns: the row is locked. What has a result already is passed over.
    """
    with transaction.atomic():
        held = LawChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
        if held.state != State.RUNNING:
            return False
        rows = list(in_force().filter(pk__gt=held.cursor).select_related("declaration").order_by("pk")[:size])
        known = set(held.results.filter(version__in=rows).values_list("version_id", flat=True))
        recomputer = Recomputer(change_of(held), quarters=quarters(), interest_to=held.interest_to)
        LawChangeResult.objects.bulk_create(_results(held, [one for one in rows if one.pk not in known], recomputer))
        held.cursor = rows[-1].pk if rows else held.cursor
        held.done += len(rows)
        held.save(update_fields=["cursor", "done"])
        if len(rows) == size:
            return True
        _move(held, Act.FINISH, actor, now, finished_at=now)
    return False


def _results(change: LawChange, versions: list[DeclarationVersion], recomputer: Recomputer) -> list[LawChangeResult]:
    digests = [digest for one in versions for digest in (one.content_sha256, one.assessment_sha256)]
    contents = dict(zip(digests, read_many(digests), strict=True)) if digests else {}
    found = []
    for version in versions:
        worth = recomputer.worth(version, contents[version.content_sha256], contents[version.assessment_sha256])
        if not worth.is_unchanged:
            found.append(_result(change, version, worth))
    return found


def _result(change: LawChange, version: DeclarationVersion, worth: Worth) -> LawChangeResult:
    outcome = LawChangeResult.Outcome.FAILED if worth.after is None else LawChangeResult.Outcome.CHANGED
    return LawChangeResult(
        change=change, version=version, declaration=version.declaration, importer_id=version.declaration.importer_id,
        outcome=outcome, before=worth.before, after=worth.after, interest=worth.interest,
        difference=None if worth.after is None else worth.after - worth.before, working=worth.working,
        reason=worth.reason,
    )  # fmt: skip


def _move(change: LawChange, act: Act, actor: Actor, now: datetime, **columns: object) -> None:
    """By compare-and-set, with the trail in the same transaction."""
    to = after(change.state, act)
    with transaction.atomic():
        if LawChange.objects.filter(pk=change.pk, state=change.state).update(state=to.value, **columns) != 1:
            raise ChangeRefused("Somebody else has just moved this law change. Please look at it again.")
        record(subject=change.reference, kind=f"law_change.{act.value.lower()}", actor=actor, now=now,
               data={"from": change.state, "to": to.value})  # fmt: skip
    change.state = to.value
    for name, value in columns.items():
        setattr(change, name, value)
