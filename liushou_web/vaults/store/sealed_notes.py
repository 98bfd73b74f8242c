"""The notes that lie in a vault, as sealed bytes: what they tell is their writer's."""

from __future__ import annotations

from datetime import datetime

from liushou_web.db import db
from liushou_web.schema import NoteVersion, SessionNote, Vault

from ..rules.sealing import open_sealed, seal


def add(vault: Vault, sealed: bytes, *, at: datetime) -> SessionNote:
    """A new note, already sealed to this vault."""
    return SessionNote.create(vault=vault.id, sealed=sealed, made_at=at, changed_at=at)


@db.atomic()
def replace(note: SessionNote, sealed: bytes, *, at: datetime) -> None:
    """New words for `note`; the older ones stay beside it, sealed as they were."""
    NoteVersion.create(
        note=note.id,
        version=note.version,
        sealed=note.sealed,
        written_at=note.changed_at,
    )
    changed = {"sealed": sealed, "version": note.version + 1, "changed_at": at}
    SessionNote.update(**changed).where(SessionNote.id == note.id).execute()


@db.atomic()
def move(old: Vault, key: bytes, new: Vault) -> int:
    """Every note of `old`, with its older versions, opened with `key` and sealed for `new`;
    how many notes. One that cannot be opened raises `Broken`, and nothing is moved."""
    notes = list(SessionNote.select().where(SessionNote.vault == old.id))
    ids = [note.id for note in notes]
    versions = NoteVersion.select().where(NoteVersion.note.in_(ids))
    for row in (*notes, *versions):
        table = type(row)
        sealed = seal(open_sealed(bytes(row.sealed), key), bytes(new.public_key))
        table.update(sealed=sealed).where(table.id == row.id).execute()
    SessionNote.update(vault=new.id).where(SessionNote.id.in_(ids)).execute()
    return len(ids)
