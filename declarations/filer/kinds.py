"""Kinds of answers: how each is shown, and how what people write becomes what the declaration holds."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from declarations.filer.codebook import CodeBook
from declarations.filer.parties import OTHER
from declarations.filer.questions import Question
from portal.forms import FieldError, tidy_date, tidy_decimal, tidy_hts, tidy_text, tidy_time
from portal.money import plain_text
from portal.templatetags.portal_ui import hts

Reader = Callable[[str, Question, CodeBook], Any]
Shower = Callable[[Any], str]
YES, NO = "yes", "no"


class Kind(NamedTuple):
    """How a kind looks in a form, how it is read, and how a stored value is shown in its field."""

    view: str
    read: Reader
    show: Shower = str


def _text(text: str, question: Question, _book: CodeBook) -> str | None:
    return tidy_text(text, question.most)


def _long(text: str, question: Question, _book: CodeBook) -> str | None:
    return tidy_text(text, question.most, multiline=True)


def _upper(text: str, question: Question, _book: CodeBook) -> str | None:
    found = tidy_text(text, question.most)
    return found.upper() if found else None


def _compact(text: str, question: Question, _book: CodeBook) -> str | None:
    """Codes and numbers printed with blanks, dots and hyphens that are no part of them."""
    found = re.sub(r"[\s.\-/]", "", tidy_text(text, 200) or "").upper()
    if found and not (found.isascii() and found.isalnum()):
        raise FieldError(_("Use letters and digits only, as on the document."))
    if len(found) > question.most:
        raise FieldError(_("Use at most %(max)d letters and digits.") % {"max": question.most})
    return found or None


def _amount(text: str, _question: Question, _book: CodeBook) -> str | None:
    found = tidy_decimal(text)
    if found is not None and found.startswith("-"):
        raise FieldError(_("Write an amount of zero or more, without a minus sign."))
    return plain_text(found) if found is not None else None


def _whole(text: str, question: Question, book: CodeBook) -> str | None:
    found = _amount(text, question, book)
    if found is not None and "." in found:
        raise FieldError(_("Write a whole number, without decimals."))
    return found


def _date(text: str, _question: Question, _book: CodeBook) -> str | None:
    return tidy_date(text)


def _time(text: str, _question: Question, _book: CodeBook) -> str | None:
    return tidy_time(text)


def _hts(text: str, _question: Question, _book: CodeBook) -> str | None:
    return tidy_hts(text)


def _phone(text: str, _question: Question, _book: CodeBook) -> str | None:
    found = tidy_text(text, 40) or ""
    digits = re.sub(r"[\s().\-/]", "", found)
    if not digits:
        return None
    if not re.fullmatch(r"\+?[0-9]{7,15}(x[0-9]{1,6})?", digits, re.ASCII):
        raise FieldError(_("Write the number with its area code, like 562 555 0142."))
    return digits


def _email(text: str, _question: Question, _book: CodeBook) -> str | None:
    found = tidy_text(text, 254)
    if found is None:
        return None
    try:
        validate_email(found)
    except ValidationError as error:
        raise FieldError(_("Write an e-mail address like name@example.com.")) from error
    return found


def _importer_number(text: str, _question: Question, _book: CodeBook) -> str | None:
    """`12-3456789`, `12345678900` and `123456789` with or without hyphens, in the form of CBP Form 5106."""
    found = re.sub(r"\s", "", tidy_text(text, 40) or "").upper()
    if not found:
        return None
    if re.fullmatch(r"[0-9]{2}-?[0-9]{7}([A-Z0-9]{2})?", found, re.ASCII):
        bare = found.replace("-", "")
        return f"{bare[:2]}-{bare[2:9]}{bare[9:] or '00'}"
    if re.fullmatch(r"[0-9]{3}-[0-9]{2}-[0-9]{4}|[0-9]{6}-[0-9]{5}", found, re.ASCII):
        return found
    raise FieldError(_("Write the number as on CBP Form 5106: 12-345678900, 123-45-6789 or 123456-12345."))


def _yes_no(text: str, _question: Question, _book: CodeBook) -> bool | None:
    return {YES: True, NO: False}.get(text.strip())


def _show_yes_no(value: Any) -> str:
    return {True: YES, False: NO}.get(value, "")


def _choice(text: str, question: Question, book: CodeBook) -> str | None:
    found = text.strip()
    if not found:
        return None
    if question.codes:
        known = book.rows(question.codes)
        if not known or found in known:
            return tidy_text(found, 40)
    if found not in {str(value) for value, *_rest in _flat(question.choices)}:
        raise FieldError(_("Choose one of the answers."))
    return found


def _flat(choices: Any) -> list[Any]:
    return [row for one in choices for row in (one[1] if isinstance(one[1], list | tuple) else [one])]


SHAPES = {
    "ports": (r"[0-9]{4}", "2709"), "countries": (r"[A-Z]{2}", "CN"), "currencies": (r"[A-Z]{3}", "USD"),
    "states": (r"[A-Z]{2}", "CA"), "packages": (r"[A-Z0-9]{2,5}", "CTN"), "units": (r"[A-Z0-9]{1,4}", "KG"),
}  # fmt: skip


def _code(text: str, question: Question, book: CodeBook) -> str | None:
    """A code, `code name`, or the name; one we do not hold is kept where it has the form of a code."""
    words = tidy_text(text, 100)
    if words is None:
        return None
    found = book.find(question.codes, words)
    if found is not None:
        return found
    shape, example = SHAPES.get(question.codes, (r"[A-Z0-9]{1,9}", ""))
    bare = words.upper()
    if re.fullmatch(shape, bare, re.ASCII):
        return bare
    raise FieldError(_("We find no single match for this. Choose from the list, or write the code, like %(code)s.")
                     % {"code": example})  # fmt: skip


def _same(text: str, question: Question, _book: CodeBook) -> str | None:
    found = text.strip()
    if found in ("", OTHER):
        return None
    if found not in {str(value) for value, *_rest in question.choices}:
        raise FieldError(_("Choose one of the answers."))
    return found


def _joined(text: str, question: Question, book: CodeBook) -> list[str] | None:
    found = _choice(text, question, book)
    return found.split(",") if found else None


def _list(text: str, question: Question, _book: CodeBook) -> list[str] | None:
    """Short codes with commas or blanks between them."""
    found = [one.upper() for one in re.split(r"[\s,;]+", tidy_text(text, 500) or "") if one]
    if any(len(one) > question.most or not one.isascii() for one in found):
        raise FieldError(_("Write each code with at most %(max)d letters and digits, with commas between them.")
                         % {"max": question.most})  # fmt: skip
    return found or None


def _show_list(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _show_joined(value: Any) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)


KINDS: dict[str, Kind] = {
    "text": Kind("text", _text),
    "textarea": Kind("textarea", _long),
    "upper": Kind("text", _upper),
    "compact": Kind("text", _compact),
    "amount": Kind("decimal", _amount),
    "whole": Kind("decimal", _whole),
    "date": Kind("date", _date),
    "time": Kind("time", _time),
    "hts": Kind("text", _hts, hts),
    "phone": Kind("text", _phone),
    "email": Kind("email", _email),
    "importer_number": Kind("text", _importer_number),
    "yesno": Kind("radio", _yes_no, _show_yes_no),
    "radio": Kind("radio", _choice),
    "select": Kind("select", _choice),
    "combo": Kind("combo", _code),
    "same": Kind("radio", _same),
    "acts": Kind("radio", _joined, _show_joined),
    "list": Kind("text", _list, _show_list),
}


def read(question: Question, text: str, book: CodeBook) -> Any:
    """What the declaration holds for what was typed. Raises FieldError."""
    return KINDS[question.kind].read(text, question, book)


def show(question: Question, value: Any) -> str:
    """What the field shows for what the declaration holds."""
    return "" if value is None else KINDS[question.kind].show(value)
