"""What was typed into a note that could not be saved yet: closed for its one reader.

The text waits in a hidden field of the page, sealed to the reader's own key; whoever sits
down at the PC meanwhile sees nothing of it, in the page or in its source.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error

from flask import current_app, request
from werkzeug.datastructures import MultiDict

from .rules.sealing import Broken, open_sealed, seal

FIELD = "sealed"
LEFT_OUT = {"csrf_token", "typed", "next", FIELD}


def is_for_one_reader() -> bool:
    """Whether what this view is sent may be read by the sender alone."""
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, "for_one_reader", False))


def closed(public_key: bytes) -> str:
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
