"""What every answer carries: a strict content policy, and nothing kept in any cache."""

import ipaddress
import socket
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response, abort, request

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "object-src 'none'"
)
FOREVER = "public, max-age=31536000, immutable"


def init_app(app: Flask) -> None:
    own_names = {"localhost", *_names_of_this_pc(), *app.config["EXTRA_HOSTS"]}
    stamps: dict[str, str] = {}

    @app.before_request
    def refuse_foreign_hosts() -> None:
        """A page from elsewhere that resolves its own name to this PC gets no answer."""
        if not _is_ours(request.host, own_names):
            abort(400)

    @app.url_defaults
    def stamp_static(endpoint: str, values: dict[str, object]) -> None:
        """A static file's address changes with its content, so it may be kept for ever."""
        name = str(values.get("filename", ""))
        if endpoint == "static" and name:
            if name not in stamps or app.debug:
                stamps[name] = _stamp(Path(app.static_folder or "") / name)
            values["v"] = stamps[name]

    @app.after_request
    def harden(response: Response) -> Response:
        stamped = request.endpoint == "static" and "v" in request.args
        response.headers["Cache-Control"] = FOREVER if stamped else "no-store"
        response.headers["Content-Security-Policy"] = CSP
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Referrer-Policy"] = "same-origin"
        return response


def _stamp(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else ""


def _names_of_this_pc() -> set[str]:
    name = socket.gethostname().lower()
    return {name, f"{name}.local"}


def _is_ours(host: str, own_names: set[str]) -> bool:
    """An address in numbers cannot be a foreign name; of names, only this PC's own."""
    bare = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    try:
        ipaddress.ip_address(bare.strip("[]"))
    except ValueError:
        return bare.lower() in own_names
    return True
