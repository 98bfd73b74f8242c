"""What was typed into a form that could not be taken: signed, carried, given back.

A signed text can be read by whoever sees the page's source. A view whose form holds what
only one reader may know brings its own way to close it: a function on the view, `closes`,
which is given the sender and the fields as typed, and answers with those to carry.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug import Response

from .htmx import page, say, wants_part
from .zh import said

KEPT_SECONDS = 12 * 60 * 60  # as long as a login may last
LONGEST_SEALED = 3_000_000  # characters; a form may hold four million bytes
SECRETS = ("password", "passphrase")
FIELD = "sealed"  # the hidden field of a whole form that is closed for its one reader
WORDS = "words"  # of some words in a form, closed for another reader
LEFT_OUT = {"csrf_token", "typed", "old", "again", WORDS}

Pairs = list[tuple[str, str]]


class Typed(NamedTuple):
    """The fields of a form, whose they are, and the address that they were meant for."""

    owner: int
    url: str
    fields: tuple[tuple[str, str], ...]
    files: bool

    @property
    def words(self) -> list[str]:
        """What a person would recognise as their own typing."""
        ours = ("key", FIELD, WORDS)
        return [text for name, text in self.fields if name not in ours and _is_typing(text)]

    @property
    def closed(self) -> bool:
        """Whether the words are sealed for their one reader."""
        return any(name == FIELD for name, _ in self.fields)

    @property
    def closed_words(self) -> bool:
        """Whether there are words for somebody else, sealed for that reader."""
        return any(name == WORDS for name, _ in self.fields)


def of_request(owner: int | None) -> Typed | None:
    """What the form in this request holds, without passwords; None where it is nothing."""
    view = current_app.view_functions.get(request.endpoint or "")
    fields, close = _fields(), getattr(view, "closes", None)
    if close:
        fields = close(owner, fields)
    files = close is None and any(file.filename for file in request.files.values())
    if owner is None or not (files or any(text for _, text in fields)):
        return None
    return Typed(owner, request.full_path.rstrip("?"), tuple(fields), files)


def _fields() -> Pairs:
    return [
        (name, text)
        for name, texts in request.form.lists()
        for text in texts
        if name not in LEFT_OUT and not any(secret in name for secret in SECRETS)
    ]


def sealed(typed: Typed) -> str:
    """The text for a hidden field: nobody can change it, or make one up."""
    return str(_sealer().dumps(typed))


def unsealed(text: str | None) -> Typed | None:
    """What `sealed` closed; None for anything else, or after half a day."""
    try:
        owner, url, fields, files = _sealer().loads(text or "", max_age=KEPT_SECONDS)
    except BadSignature:
        return None
    return Typed(owner, url, tuple((name, value) for name, value in fields), files)


def give_back(typed: Typed, why: str, *, status: int = 200) -> Response:
    """The page (or, inside a page, the notice) with the typing and a button to send it."""
    words = said(why)
    if wants_part():
        return say(words, status, notice="shared/unsaved/_given_back.html", typed=typed)
    return page("shared/unsaved/given_back.html", typed=typed, why=words, status=status)


def _sealer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="typed text")


def _is_typing(text: str) -> bool:
    """Chinese, or long enough to be words, a number or a date; no codes of ours."""
    chinese = any(ord(letter) > 0x2E7F for letter in text)
    return chinese or (len(text.strip()) > 3 and not re.fullmatch(r"[a-z_]+", text))
