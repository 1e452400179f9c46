"""What each role may do: one table, asked by pages, API and admin alike.

Officers are members of an authority organization. Roles that may not meet in one person are
refused when granted (requirements register, section 6).
"""

from portal.errors import DomainError

IMPORTER_USER = "importer_user"
IMPORTER_ADMIN = "importer_admin"
BROKER = "broker"
LICENSED_INDIVIDUAL = "licensed_individual"
SERVICE_PROVIDER = "service_provider"
CUSTOMS_OFFICER = "customs_officer"
SPECIALIST = "specialist"
AUDITOR = "auditor"
AEO_OFFICER = "aeo_officer"
LICENSING_OFFICER = "licensing_officer"
OMBUDSMAN = "ombudsman"
OPERATOR = "operator"

LABELS = {
    IMPORTER_USER: "Filing clerk",
    IMPORTER_ADMIN: "Importer administrator",
    BROKER: "Broker staff",
    LICENSED_INDIVIDUAL: "Licensed broker",
    SERVICE_PROVIDER: "Service provider",
    CUSTOMS_OFFICER: "Customs officer",
    SPECIALIST: "Import specialist",
    AUDITOR: "Auditor",
    AEO_OFFICER: "Trusted trader officer",
    LICENSING_OFFICER: "Licensing officer",
    OMBUDSMAN: "Ombudsman",
    OPERATOR: "System operator",
}

_FILER = frozenset(
    {"declaration.create", "declaration.draft", "declaration.read", "declaration.transmit", "declaration.cancel"}
)
_AGENT = frozenset({"mandate.read", "mandate.ask", "mandate.talk", "programs.manage"})
ACTIONS: dict[str, frozenset[str]] = {
    IMPORTER_USER: _FILER | {"declaration.sign", "mandate.read", "mandate.talk"},
    IMPORTER_ADMIN: _FILER
    | {
        "declaration.sign",
        "organization.manage",
        "programs.manage",
        "mandate.read",
        "mandate.offer",
        "mandate.sign",
        "mandate.revoke",
        "mandate.talk",
    },
    BROKER: _FILER | _AGENT,
    LICENSED_INDIVIDUAL: _FILER | {"declaration.sign"} | _AGENT,
    SERVICE_PROVIDER: frozenset({"declaration.create", "declaration.read", "declaration.transmit"}) | _AGENT,
    CUSTOMS_OFFICER: frozenset({"declaration.read_filed", "message.read"}),
    SPECIALIST: frozenset({"declaration.read_filed", "message.read", "law_change.manage"}),
    AUDITOR: frozenset({"declaration.read_filed", "law_change.manage"}),
    AEO_OFFICER: frozenset(),
    LICENSING_OFFICER: frozenset({"mandate.read_all"}),
    OMBUDSMAN: frozenset({"complaint.decide"}),
    OPERATOR: frozenset(
        {
            "declaration.read_filed",
            "message.read",
            "message.retry",
            "message.adopt",
            "trail.verify",
            "numbers.manage",
            "accounts.manage",
        }
    ),
}
OFFICER_ROLES = frozenset({CUSTOMS_OFFICER, SPECIALIST, AUDITOR, AEO_OFFICER, LICENSING_OFFICER, OMBUDSMAN, OPERATOR})
TRADER_ROLES = frozenset(ACTIONS) - OFFICER_ROLES
# Who may hold what where: by kind of organization, the everyday role first.
ROLES_OF_KIND: dict[str, tuple[str, ...]] = {
    "importer": (IMPORTER_USER, IMPORTER_ADMIN),
    "broker": (BROKER, LICENSED_INDIVIDUAL),
    "provider": (SERVICE_PROVIDER,),
    "authority": (CUSTOMS_OFFICER, SPECIALIST, AUDITOR, AEO_OFFICER, LICENSING_OFFICER, OMBUDSMAN, OPERATOR),
}
INCOMPATIBLE = (frozenset({CUSTOMS_OFFICER, AUDITOR}),)


class RolesIncompatible(DomainError):
    """Two roles that one person may not hold together."""

    code = "ROLES_INCOMPATIBLE"


def allows(roles: frozenset[str], action: str) -> bool:
    """True where any of the roles may do the action."""
    return any(action in ACTIONS.get(role, frozenset()) for role in roles)


def refuse_incompatible(held: frozenset[str], wanted: str) -> None:
    """Raise RolesIncompatible where `wanted` may not be granted beside what is held."""
    if (wanted in OFFICER_ROLES and held & TRADER_ROLES) or (wanted in TRADER_ROLES and held & OFFICER_ROLES):
        raise RolesIncompatible("An officer cannot also hold a trader's role.")
    for pair in INCOMPATIBLE:
        if wanted in pair and held & (pair - {wanted}):
            raise RolesIncompatible("These two roles cannot be held by one person.")
