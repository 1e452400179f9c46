"""One place for every member of a declaration: JSON Pointer, WCO pointer, page and field, words for people.

A WCO pointer is section codes and a tag, `42A/67A/68A[2]/23A/21A[1]/145`; a number in brackets
counts within its parent as filed.
"""

from declarations.pointers.pages import label_of, page_of
from declarations.pointers.table import FIELDS, STEPS, Field, find_field, shape
from declarations.pointers.wco import from_wco, to_wco

__all__ = ["FIELDS", "STEPS", "Field", "find_field", "from_wco", "label_of", "page_of", "shape", "to_wco"]
