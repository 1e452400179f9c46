"""The look-up: an edition's goods by everyday words. Pure: lines in, an index in memory out."""

from declarations.tariff.lookup.answer import Answer, Filed, answer, few_understood
from declarations.tariff.lookup.ask import Why
from declarations.tariff.lookup.held import index_of
from declarations.tariff.lookup.index import Index, build_index, printed_digits

__all__ = ["Answer", "Filed", "Index", "Why", "answer", "build_index", "few_understood", "index_of", "printed_digits"]
