"""One-time keys: a form pressed again after a lost answer gets the first answer again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from peewee import TextField

from . import db
from .prepared import Prepared, new_row
from .table import Moment, Table

KEYS_KEPT = timedelta(days=7)


class FormKey(Table):
    """A form that creates was answered already: the same key gets the same answer."""

    key = TextField(unique=True)
    made_at = Moment(index=True)
    answer = TextField()


@db.atomic()
def once(key: str, create: Callable[[], str], *, at: datetime) -> str:
    """The answer (an address) that `create` gave for this key, now or the first time.

    Runs `create` inside this transaction, so a key is spent exactly when the row exists.
    """
    if spent := _answer_to.row(key):
        return str(spent[0])
    answer = create()
    _forget.execute(at - KEYS_KEPT)
    new_row(FormKey, key=key, made_at=at, answer=answer)
    return answer


@Prepared
def _answer_to(key: Any) -> Any:
    return FormKey.select(FormKey.answer).where(FormKey.key == key)


@Prepared
def _forget(before: Any) -> Any:
    return FormKey.delete().where(FormKey.made_at < before)
