"""Every kind of event that stands in a feed, and the groups they form: what a webhook may be asked to send."""

_OF: dict[str, tuple[str, ...]] = {
    "declaration": (
        "create", "edit", "prepare", "reopen", "sign", "submit", "return", "withdraw", "expire", "amend", "take_over",
    ),
    "customs": (
        "accepted", "received", "rejected", "exam", "documents", "corrected", "released", "cleared", "cancelled",
        "decision", "duty", "funds", "payment_asked", "recorded", "hold", "query", "hold_lifted", "release_revoked",
        "duplicate", "unlisted",
    ),
    "request": ("amend", "cancel", "grant", "refuse"),
    "batch": ("done",),
    "mandate": ("offer", "ask", "sign", "decline", "revoke", "end", "talk", "payment_notice"),
    "program": ("add", "change", "rotate", "end_secret", "close", "ending"),
    "sandbox": ("make",),
    "webhook": ("test",),
}  # fmt: skip
KINDS = tuple(f"{group}.{name}" for group, names in _OF.items() for name in names)
GROUPS = tuple(f"{group}.*" for group in _OF)


def is_kind(asked: str) -> bool:
    """True for a kind of event, and for a group of kinds such as `customs.*`."""
    return asked in KINDS or asked in GROUPS
