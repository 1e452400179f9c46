"""The rule book as a page: every rule by theme, with its severity, message and law."""

from itertools import groupby

from declarations.rules import RULES

TITLES = {
    "header": "The declaration as a whole",
    "entry": "Entry type, number and who may enter",
    "timing": "Dates, clocks and in-bond movements",
    "matrix": "What each entry type needs",
    "transport": "Transport, ports, containers and security filing",
    "bills": "Bills of lading and air waybills",
    "parties": "Parties",
    "makers": "Manufacturers",
    "items": "Lines of goods",
    "classification": "Tariff numbers and quantities",
    "chapter98": "Chapter 98",
    "chapter99": "Chapter 99",
    "origin": "Origin and export",
    "preference": "Preference programs",
    "valuation": "Value and exchange",
    "adcvd": "Antidumping and countervailing cases",
    "fees": "Taxes, fees and totals",
    "payment": "Payment",
    "bonds": "Bonds",
    "documents": "Documents, licences, rulings and partner agencies",
    "correction": "Correcting a filed summary",
    "signing": "Statement and signature",
    "texts": "Text",
}
INTRODUCTION = """# Rule book

Every declaration is checked against these rules, whoever files it. An error must be mended before the
declaration is filed, or be lifted by a waiver; a warning asks you to look again; information changes
nothing. Words in braces are filled in with values from the declaration. The legal basis names the law,
or the place in the filing standard, that the rule comes from.
"""


def rule_book_markdown() -> str:
    """The whole book as Markdown, written from the rules themselves."""
    parts = [INTRODUCTION, f"There are {len(RULES)} rules.\n"]
    for theme, rules in groupby(RULES, key=lambda one: one.theme):
        parts.append(f"## {TITLES.get(theme, theme)}\n")
        rows = ["| Code | Severity | What you read | Law |", "|---|---|---|---|"]
        rows += [f"| `{one.code}` | {one.severity} | {_cell(one.message)} | {_cell(one.law)} |" for one in rules]
        parts.append("\n".join(rows) + "\n")
    return "\n".join(parts)


def _cell(text: str) -> str:
    """Text that a cell of a table can hold."""
    return text.replace("|", "\\|").replace("*", "\\*")
