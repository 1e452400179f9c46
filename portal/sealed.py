"""Columns in which no personal number stands in clear: sealed as it is written, opened as it is read.

Their columns are those of Django's own fields, which is what migrations see. Conditions compare with what stands
in the table, so a personal number is never asked for here: that is what its index is for.
"""

from typing import Any

import msgspec
from django.core.exceptions import FieldError
from django.db import models

from portal import personal


class Sealed:
    """What all of them do; each says how to seal and to open its own kind of value."""

    plain = ""

    def deconstruct(self) -> Any:
        """As the field of Django whose column this is."""
        name, _, args, kwargs = super().deconstruct()  # type: ignore[misc]  # a field stands behind this one
        return name, f"django.db.models.{self.plain}", args, kwargs

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """What is written."""
        sealed = value if not value or hasattr(value, "as_sql") else self.seal(value)
        return super().get_db_prep_save(sealed, connection)  # type: ignore[misc]  # a field stands behind this one

    def seal(self, value: Any) -> Any:
        """A text with its personal numbers sealed."""
        return personal.seal_in(str(value))

    def from_db_value(self, value: Any, *_: Any) -> Any:
        """What is read."""
        return personal.open_in(value) if type(value) is str else value


class SealedTextField(Sealed, models.TextField):
    """A text."""

    plain = "TextField"


class SealedJSONField(Sealed, models.JSONField):
    """A JSON value."""

    plain = "JSONField"

    def seal(self, value: Any) -> Any:
        """A value with the personal numbers in its texts sealed."""
        raw = msgspec.json.encode(value, enc_hook=str)
        return msgspec.json.decode(personal.seal_in_bytes(raw)) if personal.holds_personal(raw) else value

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """What is read."""
        return models.JSONField.from_db_value(self, super().from_db_value(value), expression, connection)


class SealedBinaryField(Sealed, models.BinaryField):
    """Bytes of a text."""

    plain = "BinaryField"

    def seal(self, value: Any) -> Any:
        """Bytes with the personal numbers in them sealed."""
        return personal.seal_in_bytes(bytes(value))

    def from_db_value(self, value: Any, *_: Any) -> Any:
        """What is read."""
        return None if value is None else personal.open_in_bytes(bytes(value))


class ImporterNumberField(Sealed, models.CharField):
    """A number of an organization. It is found by its index alone."""

    plain = "CharField"

    def get_lookup(self, lookup_name: str) -> Any:
        """None that compares: it would not find a sealed number, and say that there is none."""
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError("Look for an importer number by its index: filter(known_by(number)).")


class NumberIndexField(models.CharField):
    """Under what the number in another field is found; it follows that field."""

    def __init__(self, *args: Any, of: str = "", **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """As a plain text."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """The index of the number as it stands."""
        found = personal.index_of(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, found)
        return found
