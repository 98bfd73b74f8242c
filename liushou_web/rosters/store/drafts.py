"""Rosters that were read and are not yet confirmed: each its owner's, for a day."""

from __future__ import annotations

import json
import secrets
import zlib
from datetime import datetime, timedelta
from typing import NamedTuple

from liushou_web.actor import Actor
from liushou_web.db import db
from liushou_web.refusal import NotFound
from liushou_web.schema import ImportDraft
from liushou_web.school.store import trail

from ..rules.book import Book, Reading, Worksheet

KEPT_FOR = timedelta(days=1)
DRAFT_GONE = "這次導入已過期或不存在，請重新選擇文件。"


class Draft(NamedTuple):
    """A roster as it was handed in, and how it is understood so far."""

    token: str
    book: Book
    reading: Reading | None


def keep(book: Book, *, by: Actor, at: datetime) -> str:
    """Keeps a roster for its owner and returns the token to find it by."""
    content = zlib.compress(json.dumps(book.sheets).encode(), 1)
    return _keep(book.filename, content, by=by, at=at)


@db.atomic()
def forget_old(*, at: datetime) -> None:
    """Nobody's roster outlives its day, whether it was confirmed or not."""
    ImportDraft.delete().where(ImportDraft.made_at < at - KEPT_FOR).execute()


@db.atomic()
def _keep(filename: str, content: bytes, *, by: Actor, at: datetime) -> str:
    forget_old(at=at)
    made = ImportDraft.create(
        token=secrets.token_urlsafe(16),
        staff=by.id,
        made_at=at,
        filename=filename,
        content=content,
    )
    trail.record("imports.read", made, by=by, at=at, detail=filename)
    return str(made.token)


def draft(token: str, *, by: Actor, at: datetime) -> Draft:
    """The roster; `NotFound` for another's, an old one, and one that is confirmed."""
    row = _row(token, by=by, at=at)
    if row.result:
        raise NotFound(DRAFT_GONE)
    book = _unpacked(row.filename, row.content)
    return Draft(token, book, _reading(row.reading))


@db.atomic()
def understand(token: str, reading: Reading, *, by: Actor, at: datetime) -> None:
    """Keeps how the columns are to be read: the person's own work, not yet the register."""
    row = _row(token, by=by, at=at)
    change = ImportDraft.update(reading=json.dumps(reading))
    change.where(ImportDraft.id == row.id).execute()


def result(token: str, *, by: Actor, at: datetime) -> str:
    """What `finish` was given; '' before that. `NotFound` as for `draft`."""
    return str(_row(token, by=by, at=at).result)


@db.atomic()
def finish(token: str, result: str, *, by: Actor, at: datetime) -> None:
    """The roster is in the register: only the counts are kept, its cells no longer."""
    row = _row(token, by=by, at=at)
    ImportDraft.update(result=result, content=b"", reading="").where(
        ImportDraft.id == row.id
    ).execute()


def _row(token: str, *, by: Actor, at: datetime) -> ImportDraft:
    row: ImportDraft | None = ImportDraft.get_or_none(
        ImportDraft.token == token,
        ImportDraft.staff == by.id,
        ImportDraft.made_at >= at - KEPT_FOR,
    )
    if row is None:
        raise NotFound(DRAFT_GONE)
    return row


def _unpacked(filename: str, content: bytes) -> Book:
    sheets = json.loads(zlib.decompress(content))
    return Book(filename, tuple(Worksheet(name, rows) for name, rows in sheets))


def _reading(text: str) -> Reading | None:
    if not text:
        return None
    sheet, header, depth, columns, whole_class = json.loads(text)
    return Reading(sheet, header, depth, tuple(columns), whole_class)
