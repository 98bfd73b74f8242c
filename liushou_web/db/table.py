"""What every table shares, and the links that never load by themselves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from peewee import AutoField, Check, DateTimeField, ForeignKeyField, Model, TextField

from . import db


class Table(Model):
    id = AutoField()

    if TYPE_CHECKING:  # peewee makes `child_id` beside `child`, which its stubs do not tell

        def __getattr__(self, name: str) -> Any: ...

    class Meta:
        database = db
        legacy_table_names = False


def link(table: type[Table], **options: Any) -> Any:
    """A foreign key that is a bare id unless joined, and never takes rows with it."""
    options.setdefault("on_delete", "RESTRICT")
    return ForeignKeyField(table, lazy_load=False, backref="+", **options)


def within(column: Any, first: date, last: date) -> Any:
    """The condition that a moment lies on these whole days, the last one included."""
    begins, ends = midnights(first, last)
    return (column >= begins) & (column < ends)


def midnights(first: date, last: date) -> tuple[datetime, datetime]:
    """When these whole days begin and end, the last one included."""
    after = last + timedelta(days=1)
    return datetime.combine(first, time.min), datetime.combine(after, time.min)


def one_of(column: str, words: Iterable[str], name: str) -> Any:
    """The constraint that a column holds one of these words."""
    listed = ", ".join(f"'{word}'" for word in words)
    return Check(f"{column} IN ({listed})", name)


class Moment(DateTimeField):
    """A date and time to the second; peewee's own parser is many times slower."""

    def adapt(self, value: Any) -> Any:
        return datetime.fromisoformat(value) if isinstance(value, str) else value


class WordsField(TextField):
    """A set of short words, kept as sorted text: 'duty head'."""

    def db_value(self, value: frozenset[str]) -> str:
        return " ".join(sorted(value))

    def python_value(self, value: str) -> frozenset[str]:
        return frozenset(value.split())
