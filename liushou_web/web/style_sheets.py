"""Which style sheets a page links: the house's own, then those of the features."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from flask import Flask


def init_app(app: Flask, features: Iterable[str]) -> None:
    """Tells the templates of `css/site.css` and `css/<feature>.css` for the screen, of
    `css/print.css` and `css/<feature>-print.css` for paper; a later sheet is stronger."""
    static, names = Path(app.static_folder or ""), list(features)

    def there(stems: Iterable[str]) -> list[str]:
        paths = [f"css/{stem}.css" for stem in stems]
        return [path for path in paths if (static / path).is_file()]

    app.jinja_env.globals["style_sheets"] = {
        "screen": there(["site", *names]),
        "paper": there(["print", *(f"{name}-print" for name in names)]),
    }
