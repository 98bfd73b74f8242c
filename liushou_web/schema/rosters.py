"""Rosters that were handed in, until their import is confirmed."""

from __future__ import annotations

from peewee import BlobField, TextField

from liushou_web.db.table import Moment, Table, link

from .school import Staff


class ImportDraft(Table):
    """A roster between reading it and confirming it; its owner's alone, and for a day."""

    token = TextField(unique=True)
    staff = link(Staff)
    made_at = Moment(index=True)
    filename = TextField()
    content = BlobField()  # its cells, packed; empty once confirmed
    reading = TextField(default="")  # how its columns are understood
    result = TextField(default="")  # the counts, once confirmed
