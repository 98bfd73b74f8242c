"""A QR code as a page draws it: of a name card, of the program's own address."""

from __future__ import annotations

from markupsafe import Markup


def qr(code: str) -> Markup:
    """An SVG without size or style, for CSS to size: a plain QR code, its quiet zone
    included; a quarter of it may be scratched."""
    import segno

    drawn = segno.make_qr(code, error="m").svg_inline(omitsize=True, border=4)
    return Markup(drawn)  # noqa: S704 - a drawing: nothing of the code is in it as text
