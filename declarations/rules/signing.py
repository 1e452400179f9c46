"""The importer's statement and who may sign it (19 CFR 141.19, 141.31 to 141.46)."""

from collections.abc import Iterator

from declarations.rules.base import Case, Finding, rule

IMPORTER, AGENT = "importer_of_record", "agent"
CAPACITIES = (IMPORTER, AGENT)
OBTAINED = ("purchase", "otherwise")


@rule("DECL-STATEMENT", "error", "19 CFR 141.19; CBP Form 7501, block 40")
def statement(case: Case) -> Iterator[Finding]:
    """The importer's statement has two choices, and this one is not made. Say whether you are the importer of
    record or an agent, and whether the goods were obtained by purchase or otherwise."""
    found = case.document.declarant_statement
    for member in ("capacity", "obtained_by"):
        if not (found and getattr(found, member)):
            yield f"/declarant_statement/{member}"


@rule("DECL-CHOICE", "error", "19 CFR 141.19; CBP Form 7501, block 40")
def choice(case: Case) -> Iterator[Finding]:
    """{choice} is not one of the choices of the statement. The capacity is importer_of_record or agent; goods are
    obtained by purchase or otherwise."""
    found = case.document.declarant_statement
    if found and found.capacity and found.capacity not in CAPACITIES:
        yield "/declarant_statement/capacity", {"choice": found.capacity}
    if found and found.obtained_by and found.obtained_by not in OBTAINED:
        yield "/declarant_statement/obtained_by", {"choice": found.obtained_by}


@rule("SIGN-AUTH", "error", "19 CFR 141.19, 141.31 to 141.39")
def signatory(case: Case) -> Iterator[Finding]:
    """The one who signs must be an officer, partner or owner of the importer, or an employee or agent with written
    authority, and no such authority is on record. Have somebody sign who holds it, or record it first."""
    authorised = case.facts.signatory_authorised
    if authorised is False or (authorised is None and case.stage == "sign"):
        yield "/declarant_statement"


RULES = (statement, choice, signatory)
