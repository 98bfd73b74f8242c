"""What was typed into a form that could not be taken: signed, carried, given back."""

from __future__ import annotations

import re
from typing import NamedTuple

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug import Response

from .htmx import page, say, wants_part
from .script import said

KEPT = 12 * 60 * 60  # seconds: as long as a login may last
LONGEST = 3_000_000  # characters of the sealed text; a form may hold four million bytes
LEFT_OUT = {"csrf_token", "typed"}


class Typed(NamedTuple):
    """The fields of a form, whose they are, and the address that they were meant for."""

    owner: int
    url: str
    fields: tuple[tuple[str, str], ...]
    files: bool

    @property
    def words(self) -> list[str]:
        """What a person would recognise as their own typing."""
        return [text for name, text in self.fields if name != "key" and _is_typing(text)]


def of_request(owner: int | None) -> Typed | None:
    """What the form in this request holds, without passwords; None where it is nothing."""
    fields = tuple(
        (name, text)
        for name, texts in request.form.lists()
        for text in texts
        if name not in LEFT_OUT and "password" not in name
    )
    files = any(file.filename for file in request.files.values())
    if owner is None or not (files or any(text for _, text in fields)):
        return None
    return Typed(owner, request.full_path.rstrip("?"), fields, files)


def sealed(typed: Typed) -> str:
    """The text for a hidden field: nobody can change it, or make one up."""
    return str(_sealer().dumps(typed))


def opened(text: str | None) -> Typed | None:
    """What `sealed` closed; None for anything else, or after half a day."""
    try:
        owner, url, fields, files = _sealer().loads(text or "", max_age=KEPT)
    except BadSignature:
        return None
    return Typed(owner, url, tuple((name, value) for name, value in fields), files)


def give_back(typed: Typed, why: str, *, status: int = 200) -> Response:
    """The page (or, inside a page, the notice) with the typing and a button to send it."""
    words = said(why)
    if wants_part():
        return say(words, status, notice="login/_given_back.html", typed=typed)
    return page("login/given_back.html", typed=typed, why=words, status=status)


def _sealer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="typed text")


def _is_typing(text: str) -> bool:
    """Chinese, or long enough to be words, a number or a date; no codes of ours."""
    chinese = any(ord(letter) > 0x2E7F for letter in text)
    return chinese or (len(text.strip()) > 3 and not re.fullmatch(r"[a-z_]+", text))
