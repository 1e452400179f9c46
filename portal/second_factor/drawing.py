"""The secret of an authenticator as a picture that its camera reads, drawn here: no script, no other server."""

from urllib.parse import quote, urlencode

import qrcode  # type: ignore[import-untyped]  # it has no types
from django.utils.html import format_html
from django.utils.safestring import SafeString

ISSUER = "Customs self-filing"
QUIET = 4  # empty squares around it, as the standard asks


def address_of(email: str, secret: str) -> str:
    """What the authenticator reads: whose it is, of what, and the secret."""
    label = f"{ISSUER}:{email}"
    return f"otpauth://totp/{quote(label)}?{urlencode({'secret': secret, 'issuer': ISSUER}, quote_via=quote)}"


def drawn(text: str, title: str) -> SafeString:
    """A QR code as SVG, one square to a unit, rows joined."""
    code = qrcode.QRCode(border=QUIET, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(text)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    return format_html(
        '<svg class="portal-qr" viewBox="0 0 {0} {0}" role="img" aria-label="{1}" shape-rendering="crispEdges">'
        '<rect width="{0}" height="{0}" fill="#fff"/><path d="{2}" fill="#000"/></svg>',
        len(rows), title, path,
    )  # fmt: skip


def in_groups(secret: str) -> str:
    """The secret in groups of four, as people type it."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
