"""The session's cookie, signed and read by one signer: Flask makes one at each request."""

from __future__ import annotations

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


class OneSigner(SecureCookieSessionInterface):
    def __init__(self, app: Flask) -> None:
        self.signer = super().get_signing_serializer(app)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        return self.signer


def init_app(app: Flask) -> None:
    app.session_interface = OneSigner(app)
