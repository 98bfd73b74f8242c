"""What was typed for one reader and could not be saved yet: closed for that reader.

The text waits in a hidden field of the page, sealed to the reader's own key; whoever sits
down at the PC meanwhile sees nothing of it, in the page or in its source. A note waits as a
whole for the one who typed it; of a booking, the words wait for the counsellor.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.datastructures import MultiDict

from liushou_web.web.unsaved import FIELD, WORDS, Pairs

from .rules.sealing import Broken, open_sealed, seal
from .store import vaults

LEFT_OUT = {"csrf_token", "typed", "next", FIELD}

View = TypeVar("View", bound=Callable[..., Any])


def for_the_sender(owner: int | None, _typed: Pairs) -> Pairs:
    """A note as a whole, closed for the one who typed it, as its form says."""
    if owner is None or request.form.get("reader") != str(owner):
        return []
    key = vaults.public_key_of(owner)
    return [(FIELD, close_form(key))] if key else []


def close_form(public_key: bytes) -> str:
    """The fields of this request, for a hidden field; those that came closed stay so."""
    if waiting := request.form.get(FIELD):
        return waiting
    fields = [
        (name, text)
        for name, texts in request.form.lists()
        for text in texts
        if name not in LEFT_OUT and "passphrase" not in name
    ]
    return urlsafe_b64encode(seal(json.dumps(fields), public_key)).decode()


def formdata(key: bytes) -> MultiDict[str, str] | None:
    """The form in this request, be it closed or as typed; None where there is none.

    What this key does not open is another reader's, and is as good as nothing.
    """
    if request.method != "POST":
        return None
    waiting = request.form.get(FIELD)
    if waiting is None:
        return request.form
    try:
        return MultiDict(json.loads(open_sealed(urlsafe_b64decode(waiting), key)))
    except (Broken, Error, ValueError):
        return MultiDict()


def close_words(names: tuple[str, ...], close: Callable[[int | None], str]) -> Any:
    """Marks a view: of the form that it is sent, these fields are carried only as `close`
    makes one text of them, given the sender."""

    def closes(owner: int | None, typed: Pairs) -> Pairs:
        clear = [(name, text) for name, text in typed if name not in names]
        text = close(owner)
        return [*clear, (WORDS, text)] if text else clear

    def note(view: View) -> View:
        view.closes = closes  # type: ignore[attr-defined]
        return view

    return note


def sealed_words(text: str, public_key: bytes) -> str:
    """The text for a hidden field, sealed to the reader with this key: nobody else can read
    it, nor put something else in its place."""
    return str(_signer().dumps([public_key.hex(), seal(text, public_key).hex()]))


def sealed_for(public_key: bytes, waiting: str) -> bytes | None:
    """What `sealed_words` closed for this reader; None for anything else."""
    try:
        reader, sealed = _signer().loads(waiting)
    except BadSignature:
        return None
    return bytes.fromhex(sealed) if reader == public_key.hex() else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="words for one reader")
