"""Addresses in templates: worked out once for the same view and the same values."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import Flask

KEPT = 4096


def init_app(app: Flask) -> None:
    """A page asks for dozens, most of them those of the page before."""
    kept = lru_cache(KEPT, typed=True)(app.url_for)

    def url_for(endpoint: str, **values: Any) -> str:
        """As Flask's; one of this very feature (`.show`) depends on where it is asked."""
        of_here = endpoint.startswith(".") or app.debug
        return app.url_for(endpoint, **values) if of_here else kept(endpoint, **values)

    app.jinja_env.globals["url_for"] = url_for
