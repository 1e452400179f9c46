"""Leaves and small parts that header and lines share."""

from typing import Annotated

from msgspec import Meta, Struct

Text = Annotated[str, Meta(max_length=512)]
Code = Annotated[str, Meta(max_length=40)]
DecimalText = Annotated[str, Meta(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,8})?\Z", max_length=24)]
DateText = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")]
TimeText = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z")]
Number = Annotated[str, Meta(pattern=r"^[0-9]{4,10}\Z")]


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Base of all parts: frozen, unknown members refused by name."""


class Quantity(Part, frozen=True):
    """An amount in a unit."""

    value: DecimalText | None = None
    unit: Code | None = None


class Address(Part, frozen=True):
    """A postal address."""

    street: Text | None = None
    city: Text | None = None
    subdivision: Code | None = None
    postcode: Code | None = None
    country: Code | None = None


class Party(Part, frozen=True):
    """A firm or person named in the filing, or `same_as` another role."""

    same_as: Code | None = None
    id: Code | None = None
    mid: Code | None = None
    name: Text | None = None
    address: Address | None = None
