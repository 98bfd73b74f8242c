"""The register of a school's home for left-behind children, on the school's own network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter

DEFAULTS = {
    "DATABASE": "data/liushou.db",
    "EXTRA_HOSTS": (),
    "DEMO": False,
    "SETUP_CODE": "",
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SESSION_COOKIE_HTTPONLY": True,
    "WTF_CSRF_TIME_LIMIT": None,
    "MAX_CONTENT_LENGTH": 11 * 1024 * 1024,
    "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,
    "MAX_FORM_PARTS": 1000,
}


class House(Flask):
    """Flask, without a look at each function of each request whether it is a coroutine."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


class IdConverter(IntegerConverter):
    """A row's id in an address: never larger than SQLite can take."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"min": 1, "max": 2**31 - 1, **kwargs})


def create_app(config: Mapping[str, object] | None = None) -> Flask:
    """The application: defaults, then the environment, then `config`; then its parts.

    Refuses to start without a secret key of its own, which `serve` makes and keeps.
    """
    from liushou_web import db, nav
    from liushou_web.features import BLUEPRINTS, NAMES
    from liushou_web.school import auth
    from liushou_web.vaults import keyring
    from liushou_web.web import (
        addresses,
        cookies,
        errors,
        filters,
        forms,
        headers,
        style_sheets,
        zh,
    )

    app = House(__name__)
    app.config.from_mapping(DEFAULTS)
    app.config.from_prefixed_env("LIUSHOU")
    app.config.from_mapping(config or {})
    if not app.config["SECRET_KEY"]:
        raise RuntimeError("no SECRET_KEY: start with scripts/run.py, which makes one")

    app.url_map.converters["id"] = IdConverter
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    ground = (headers, cookies, db, auth, keyring)
    for part in (*ground, forms, errors, zh, filters, addresses, nav):
        part.init_app(app)
    style_sheets.init_app(app, NAMES)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app
