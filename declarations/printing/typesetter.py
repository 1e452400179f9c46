"""The typesetter, run as a program of its own: what to set on standard input, the PDF on standard output.

A summary of 999 lines takes some hundred megabytes while it is set, and the library keeps what it took and numbers
its sources once for the life of a process; one that ends gives all back, and one that fails or hangs takes nobody with
it. It stands on the library alone, and sees no fonts but those that the library carries.
"""

import json
import sys
from pathlib import Path

import typst

TEMPLATES = Path(__file__).resolve().parent / "templates"


def typeset(template: str, data: str, *, timestamp: int) -> bytes:
    """The data, JSON text, on the pages of a template of this folder: PDF/UA-1, dated with the timestamp."""
    compiler = typst.Compiler(
        input=TEMPLATES / template,
        root=TEMPLATES,
        font_paths=typst.Fonts(include_system_fonts=False),
        ignore_system_fonts=True,
        sys_inputs={"data": data},
    )
    made = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=timestamp)
    if not isinstance(made, bytes):
        raise TypeError("the typesetter gave no file")
    return made


def main() -> None:
    """Read one order and answer it."""
    order = json.load(sys.stdin.buffer)
    sys.stdout.buffer.write(typeset(order["template"], json.dumps(order["data"]), timestamp=order["timestamp"]))


if __name__ == "__main__":
    main()
