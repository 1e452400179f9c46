"""Mandates as the API gives and takes them."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from declarations.filer.api.shapes import Trader

Code = Annotated[str, Meta(min_length=1, max_length=4, pattern="^[0-9A-Z]+$")]


class MandateWanted(Struct, frozen=True, forbid_unknown_fields=True):
    """A mandate to be agreed with `other` (its reference): what for, from when to when, within which limits.

    Empty types and ports are all, no limit is none, no last day is until it is revoked. `partners` are the names of
    all partners where the importer is a partnership.
    """

    other: Annotated[str, Meta(pattern="^G[0-9A-HJKMNP-TV-Z]{12}$")]
    actions: Annotated[
        tuple[Literal["draft", "prepare", "sign", "transmit", "cancel", "read"], ...], Meta(min_length=1, max_length=6)
    ]
    starts_on: date | None = None
    ends_on: date | None = None
    document_types: Annotated[tuple[Code, ...], Meta(max_length=50)] = ()
    ports: Annotated[tuple[Code, ...], Meta(max_length=400)] = ()
    value_limit: Annotated[str, Meta(pattern=r"^[0-9]{1,12}(\.[0-9]{1,2})?$")] | None = None
    partners: Annotated[tuple[Annotated[str, Meta(max_length=120)], ...], Meta(max_length=50)] = ()


class MandateReason(Struct, frozen=True, forbid_unknown_fields=True):
    """Why; the other side reads it."""

    reason: Annotated[str, Meta(min_length=1, max_length=300)]


class TalkNoted(Struct, frozen=True, forbid_unknown_fields=True):
    """A talk between the two sides: when, how, with whom, about what. The other side reads it."""

    on: date
    means: Literal["phone", "video", "meeting", "email", "letter"]
    whom: Annotated[str, Meta(min_length=1, max_length=120)]
    words: Annotated[str, Meta(min_length=1, max_length=500)]


class Talk(Struct, frozen=True):
    """A talk as it was noted, and by whom."""

    on: str
    means: str
    whom: str
    words: str
    noted_by: str
    noted_at: str


class Mandate(Struct, frozen=True):
    """Who may do what for whom. `in_force` is as of today; `may` names what you can do with it over the API."""

    number: str
    state: str
    in_force: bool
    importer: Trader
    agent: Trader
    actions: tuple[str, ...]
    document_types: tuple[str, ...]
    ports: tuple[str, ...]
    value_limit: str | None
    value_currency: str
    starts_on: str
    ends_on: str | None
    partners: tuple[str, ...]
    created_at: str
    signed_at: str | None
    closed_at: str | None
    may: tuple[str, ...]


class MandateDetail(Mandate, frozen=True):
    """A mandate with the words that are or were signed; `is_genuine` is null before the signature.

    `sign_at` is the page on which a person of the importer signs it, for the importer while it waits. `talks` are
    those between the two sides that either has noted, the newest first, at most 200.
    """

    form: str
    law: str
    words: str
    payment_notice: str
    signed_name: str | None
    signed_title: str | None
    digest: str | None
    is_genuine: bool | None
    reason: str | None
    sign_at: str | None
    talks: tuple[Talk, ...]


class MandatePage(Struct, frozen=True):
    """A page of mandates, newest first; `next` is the cursor of the next page, null at the end."""

    results: tuple[Mandate, ...]
    next: str | None
