"""Rows of a long table: their markup is rendered once, then filled in for each."""

from html import escape
from typing import Any

from django.template import Context
from django.template.base import FilterExpression, Node, NodeList, Parser, TextNode, Token
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

MARK = "\0"  # on both sides of the name of a cell; nothing that is stored or typed holds this character


class RowsNode(Node):
    """The markup of a row is rendered once; then only its cells differ from row to row."""

    def __init__(self, rows: FilterExpression, nodelist: NodeList) -> None:
        self.rows = rows
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        parts = self.nodelist.render(context).split(MARK)
        names = sorted(set(parts[1::2]))
        pattern = "".join(
            f"%({part})s" if place % 2 else part.replace("%", "%%") for place, part in enumerate(parts)
        )  # fmt: skip
        rows = self.rows.resolve(context)
        return SafeString("".join([pattern % {name: _cell(getattr(row, name)) for name in names} for row in rows]))


def _cell(value: Any) -> str:
    """Text is escaped, markup made by us stays."""
    return escape(value) if type(value) is str else conditional_escape(value)


def rows(parser: Parser, token: Token) -> RowsNode:
    """`{% rows list %}…{% cell name %}…{% endrows %}`: what stands between, once for each row of the list.

    For tables of many rows. A cell is an attribute of the row, shown as it is: numbers and dates come as text.
    """
    _tag, name = token.split_contents()
    nodelist = parser.parse(("endrows",))
    parser.delete_first_token()
    return RowsNode(parser.compile_filter(name), nodelist)


def cell(parser: Parser, token: Token) -> TextNode:
    """The place of a cell in `{% rows %}`."""
    _tag, name = token.split_contents()
    return TextNode(f"{MARK}{name}{MARK}")
