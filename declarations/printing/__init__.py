"""The printed entry summary and its duty statement."""

from declarations.printing.blocks import blocks
from declarations.printing.entry_summary import render_entry_summary

__all__ = ["blocks", "render_entry_summary"]
