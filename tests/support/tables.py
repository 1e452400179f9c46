"""A declaration as the rows of a table, one a line of goods; the same as CSV and as XLSX."""

import csv
import io

import openpyxl

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV, NDJSON = "text/csv", "application/x-ndjson"


def flat(value, above=""):
    """Leaves of a JSON value by their paths."""
    if isinstance(value, dict):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    else:
        return {above: "yes" if value is True else "no" if value is False else value}
    found = {}
    for name, one in pairs:
        if one is not None:
            found |= flat(one, f"{above}/{name}" if above else str(name))
    return found


def rows_of(documents):
    """Headings and rows: what is above the lines stands in the first row of a declaration."""
    rows = []
    for one in documents:
        header = flat({name: member for name, member in one.items() if name != "items"})
        own = one["functional_reference_id"]
        for place, item in enumerate(one["items"]):
            line = {f"items/{name}": text for name, text in flat(item).items() if name != "sequence"}
            rows.append((header if place == 0 else {"functional_reference_id": own}) | line)
    names = list(dict.fromkeys(name for row in rows for name in row))
    return names, [[row.get(name, "") for name in names] for row in rows]


def as_csv(documents):
    names, rows = rows_of(documents)
    return written([names, *rows], "csv")


def as_xlsx(documents):
    names, rows = rows_of(documents)
    return written([names, *rows], "xlsx")


def written(rows, format):
    """Cells as a file of this format."""
    if format == "xlsx":
        return workbook(rows)
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def workbook(rows):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("declarations")
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_ndjson(documents):
    import json

    return b"\n".join(json.dumps(one).encode() for one in documents) + b"\n"


FORMATS = {"ndjson": (NDJSON, as_ndjson), "csv": (CSV, as_csv), "xlsx": (XLSX, as_xlsx)}
