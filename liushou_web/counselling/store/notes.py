"""Sealed notes: written, changed, and read by whoever holds the key of an open vault."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from liushou_web.actor import Actor
from liushou_web.children.store.search import REGISTER_ORDER
from liushou_web.db import db
from liushou_web.refusal import NotFound, Refused
from liushou_web.schema import Child, NoteVersion, SchoolClass, SessionNote, Vault
from liushou_web.school.store import trail
from liushou_web.vaults.rules.sealing import Broken, open_sealed, seal
from liushou_web.vaults.store import openings, sealed_notes

from ..rules.notes import Note, Pupil, check, pack, unpack


class NoteOutdated(Refused):
    """The note was changed in another window after this one was opened."""


class NoteEntry(NamedTuple):
    """A note as its reader sees it; `note` is None where the sealed words are damaged."""

    id: int
    version: int
    made_at: datetime
    changed_at: datetime
    note: Note | None


def all_of(vault: Vault, key: bytes) -> list[NoteEntry]:
    """Every note in the vault, by the day that it tells of, the newest first."""
    rows = SessionNote.select().where(SessionNote.vault == vault.id)
    entries = [_unsealed(row, key) for row in rows]
    return sorted(entries, key=lambda entry: (_day(entry), entry.id), reverse=True)


def _day(entry: NoteEntry) -> date:
    told = entry.note.day if entry.note else None
    return told or entry.made_at.date()


def one(note_id: int, vault: Vault, key: bytes) -> NoteEntry:
    """`NotFound` for a note of another vault."""
    return _unsealed(_row(note_id, vault), key)


@db.atomic()
def view(
    note_id: int, vault: Vault, key: bytes, *, by: Actor, at: datetime, deed: str = "read"
) -> NoteEntry:
    """One note, and a line that it was read ('print', or 'break_read' by another);
    `NotFound` for a note of another vault."""
    entry = one(note_id, vault, key)
    openings.record(vault, deed, by=by, at=at, note_id=note_id)
    return entry


def before(note_id: int, vault: Vault, key: bytes) -> list[NoteEntry]:
    """What the note was before its changes, the newest first."""
    _row(note_id, vault)
    rows = (
        NoteVersion.select()
        .where(NoteVersion.note == note_id)
        .order_by(NoteVersion.version.desc())
    )
    return [
        NoteEntry(
            note_id, row.version, row.written_at, row.written_at, _note(row.sealed, key)
        )
        for row in rows
    ]


@db.atomic()
def write(vault: Vault, note: Note, *, by: Actor, at: datetime) -> int:
    """Seals a new note; its id. Refuses what `rules.notes.check` refuses."""
    check(note)
    sealed = seal(pack(note), bytes(vault.public_key))
    row = sealed_notes.add(vault, sealed, at=at)
    trail.record("notes.write", row, by=by, at=at)
    return row.id


@db.atomic()
def change(
    note_id: int, vault: Vault, note: Note, *, version: int, by: Actor, at: datetime
) -> None:
    """The older words stay, sealed as they were. `Outdated` where `version` is not the
    note's any more. A note that does not hold is not changed."""
    check(note)
    _replace(note_id, vault, note, version, at)
    trail.record("notes.change", SessionNote(id=note_id), by=by, at=at)


@db.atomic()
def void(
    note_id: int, vault: Vault, note: Note, *, version: int, by: Actor, at: datetime
) -> None:
    """A note written by mistake: it stays readable, and says why it does not hold."""
    _replace(note_id, vault, note, version, at)
    trail.record("notes.void", SessionNote(id=note_id), by=by, at=at)


def _replace(note_id: int, vault: Vault, note: Note, version: int, at: datetime) -> None:
    row = _row(note_id, vault)
    if row.version != version:
        raise NoteOutdated(
            "這份記錄剛在另一個窗口改過，這次沒有保存。請核對下面的內容再保存。"
        )
    sealed = seal(pack(note), bytes(vault.public_key))
    sealed_notes.replace(row, sealed, at=at)


def pupils(ids: Iterable[int] | None = None) -> list[Pupil]:
    """The children of the register, in its order; of `ids`, those who left as well."""
    those = Child.left_on.is_null() if ids is None else Child.id.in_(list(ids))
    rows: Any = (
        Child.select(Child, SchoolClass)
        .join(SchoolClass)
        .where(those)
        .order_by(*REGISTER_ORDER)
    )
    return [Pupil(row.id, row.name, row.school_class.name) for row in rows]


def people(entries: Sequence[NoteEntry]) -> list[tuple[int, Note]]:
    """The newest note of each person with its id, by name."""
    found: dict[tuple[int | None, str], tuple[int, Note]] = {}
    for entry in entries:
        if entry.note:
            key = (entry.note.child_id, "" if entry.note.child_id else entry.note.who)
            found.setdefault(key, (entry.id, entry.note))
    return sorted(found.values(), key=lambda each: each[1].who)


def _row(note_id: int, vault: Vault) -> SessionNote:
    row = SessionNote.get_or_none(SessionNote.id == note_id, SessionNote.vault == vault.id)
    if row is None:
        raise NotFound
    return row


def _unsealed(row: Any, key: bytes) -> NoteEntry:
    note = _note(row.sealed, key)
    return NoteEntry(row.id, row.version, row.made_at, row.changed_at, note)


def _note(sealed: bytes, key: bytes) -> Note | None:
    try:
        return unpack(open_sealed(bytes(sealed), key))
    except (Broken, json.JSONDecodeError):
        return None
