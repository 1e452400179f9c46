"""Reading published files into editions and sets: each load is one transaction, repeatable, and overwrites nothing."""

from declarations.tariff.load.codes import load_codes
from declarations.tariff.load.editions import load_tariff
from declarations.tariff.load.files import FileNotUnderstood, Source, read_source
from declarations.tariff.load.measure_sets import load_measures
from declarations.tariff.load.overlap import LoadOverlap
from declarations.tariff.load.reference import load_reference, reference_layouts

__all__ = [
    "FileNotUnderstood", "LoadOverlap", "Source",
    "load_codes", "load_measures", "load_reference", "load_tariff", "read_source", "reference_layouts",
]  # fmt: skip
