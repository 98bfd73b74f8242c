"""What the pages of every list of names do: a new name, retire, bring back."""

from __future__ import annotations

from flask import url_for
from werkzeug import Response

from liushou_web import clock
from liushou_web.web.forms import Form, saved
from liushou_web.web.htmx import go, page

from ..auth import me
from ..store.retirable import RetirableList


def rename(rows: RetirableList, row_id: int, named: type[Form], template: str) -> Response:
    """The page of a new name, with its `form` and the `row`; saved, back to the list."""
    row = rows.one(row_id)
    form = named(data={"name": row.name})
    return saved(form, lambda: _rename(rows, row_id, form["name"].data or "")) or page(
        template, form=form, row=row, status=form.status
    )


def _rename(rows: RetirableList, row_id: int, name: str) -> str:
    rows.rename(row_id, name, by=me(), at=clock.now())
    return url_for(".index")


def retire(rows: RetirableList, row_id: int) -> Response:
    """Out of use, and back to the list."""
    rows.retire(row_id, by=me(), at=clock.now())
    return go(url_for(".index"))


def bring_back(rows: RetirableList, row_id: int) -> Response:
    """In use again, and back to the list."""
    rows.bring_back(row_id, by=me(), at=clock.now())
    return go(url_for(".index"))
