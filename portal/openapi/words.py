"""Parameters, headers and words that operations share."""

from typing import Any

from portal.api import KEY, LONGEST_KEY, REPLAYED, TITLES, Query
from portal.languages import API_LANGUAGES, ENGLISH

Json = dict[str, Any]
DESCRIPTION = """File customs declarations from your own program: the same rules, services and proofs as in the pages.

Get a token with client credentials at `/oauth/token/` and send it as `Authorization: Bearer …`. A refusal is an
`application/problem+json` with a stable `code`, all violations of the declaration at once, and a `correlation_id`
to quote. Answer 429 and 503 by waiting `Retry-After` seconds. A method that an address does not have is answered
405, an address that does not exist 404, both as problems. An answer may get new members: ignore those you do not
know. `docs/api.md` leads from credentials to a released declaration.
"""
TAGS = {
    "filings": "Create, check, sign and submit in one call.",
    "dry-runs": "What filing would do, with nothing kept.",
    "declarations": "Drafts and what became of them.",
    "filed-versions": "What the organization filed under its own name, as it was filed.",
    "mandates": "Who may act for whom; signed by a person of the importer, in the pages.",
    "events": "The organization's feed.",
    "register": "Public registers: brokers, and traders in a trust program.",
    "tariff": "The schedule, its rates and measures on a day.",
    "schema": "This description.",
}
COMMON_QUERIES = {
    "after": Query("after", "The `next` that the page before gave.", {"type": "string", "pattern": "^[0-9]{0,18}$"}),
    "limit": Query("limit", "How many at most.", {"type": "integer", "minimum": 1, "maximum": 100, "default": 25}),
}
PATHS = {
    "reference": "The reference that was given when it was made.",
    "mandate": "The number of the mandate.",
    "number": "A number of the schedule, with or without dots.",
}
STATUS_WORDS = {
    400: "The request cannot be read: what is wrong, and where.",
    401: "No access token, or one that is unknown or over.",
    403: "The token lacks the scope, or the organization may not do this for that importer.",
    404: "There is nothing under this address for this organization.",
    406: "None of the kinds of answer that were asked for can be given.",
    409: "Not possible as things stand; `code` says why. With `IN_FLIGHT` in it, the same key is being worked on.",
    412: "It was changed since it was read.",
    413: "The body is too large.",
    415: "The body is of a kind that this does not take.",
    422: "Understood, and not possible: every violation at once.",
    428: "`If-Match` is missing.",
    429: "The quota of this minute is used up.",
    503: "The portal cannot answer now. Nothing was changed.",
}
SUCCESS = {200: "Done.", 201: "Made.", 202: "Taken.", 204: "Done; there is nothing to say."}
HEADERS: dict[str, Json] = {
    "X-Correlation-ID": {
        "description": "The id of the request in every log; the one that was sent, where it was fit.",
        "required": True, "schema": {"type": "string"},
    },
    "RateLimit-Limit": {"description": "Requests a minute.", "schema": {"type": "integer"}},
    "RateLimit-Remaining": {"description": "What is left of them.", "schema": {"type": "integer"}},
    "RateLimit-Reset": {"description": "Seconds until the next minute.", "schema": {"type": "integer"}},
    "Retry-After": {"description": "Seconds to wait before sending again.", "schema": {"type": "integer"}},
    "ETag": {"description": "The mark of the draft as it stands, for `If-Match`.", "schema": {"type": "string"}},
    "Content-Language": {
        "description": "The language of the messages; `und` in an answer that was kept.", "schema": {"type": "string"},
    },
    "Location": {"description": "The address of what was made.", "schema": {"type": "string"}},
    "WWW-Authenticate": {"description": "How to prove who you are.", "schema": {"type": "string"}},
    REPLAYED: {
        "description": "`true` where this answer was kept from the first request with the key.",
        "schema": {"type": "string", "enum": ["true"]},
    },
}  # fmt: skip
CORRELATION: Json = {
    "name": "X-Correlation-ID", "in": "header", "required": False,
    "description": "An id of your own for the logs of both sides: 8 to 64 letters, digits, hyphens; no other is used.",
    "schema": {"type": "string"},
}  # fmt: skip
LANGUAGE: Json = {
    "name": "Accept-Language", "in": "header", "required": False,
    "description": f"The language of messages: {', '.join(API_LANGUAGES)}, with weights; English for any other. Codes, "
    "pointers and members are the same in all.",
    "schema": {"type": "string", "default": ENGLISH}, "example": "es-MX, en;q=0.5",
}  # fmt: skip
IF_MATCH: Json = {
    "name": "If-Match", "in": "header", "required": True,
    "description": "The `ETag` (or `row_version`) of the draft as you read it; `*` for whatever stands.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 80, "pattern": "^[!-~]+$"},
}  # fmt: skip


def key_parameter(*, required: bool) -> Json:
    """The header that makes a request safe to send again."""
    words = (
        "A text of your own, new for each thing you do and the same when you send it again; answers are kept 30 days."
    )
    fit = {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]([ -~]*[!-~])?$"}
    return {"name": KEY, "in": "header", "required": required, "description": words, "schema": fit}


def title_of(number: int) -> str:
    """One line on a status of refusal."""
    return STATUS_WORDS.get(number) or TITLES.get(number, "Refused.")
