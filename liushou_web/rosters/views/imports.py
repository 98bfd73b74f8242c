"""A roster in whatever form a teacher hands in: read, preview, confirm."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from werkzeug import Response

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.refusal import Refused
from liushou_web.school.auth import allow, me
from liushou_web.web.downloads import workbook
from liushou_web.web.forms import saved
from liushou_web.web.htmx import go, page
from liushou_web.web.zh import said

from ..files.template import empty_roster
from ..rules import columns as roster_columns
from ..rules.book import Reading
from ..rules.changes import words
from ..rules.rows import Record, RosterRows, rows_of
from ..rules.vocabulary import CHOICES, LABELS
from ..store import drafts, imports
from ..store.drafts import Draft
from .imports_forms import UploadForm, asked_reading, chosen_rows, corrected_reading

bp = Blueprint("imports", __name__, url_prefix="/children/import")

MOST_SHOWN = 200  # lines of each list; more are counted


@bp.route("", methods=["GET", "POST"])
@allow(Kind.CHILD, "w")
def begin() -> Response:
    form = UploadForm()
    return saved(form, lambda: _keep(form)) or page(
        "rosters/begin.html", form=form, status=form.status
    )


def _keep(form: UploadForm) -> str:
    token = drafts.keep(form.book(), by=me(), at=clock.now())
    return url_for(".columns", token=token)


@bp.get("/template.xlsx")
@allow(Kind.CHILD, "w")
def template() -> Response:
    name = said("留守兒童名冊（空表）.xlsx")
    return workbook(empty_roster(said), name, "roster.xlsx")


@bp.get("/<string(length=22):token>/columns")
@allow(Kind.CHILD, "w")
def columns(token: str) -> Response:
    draft = my_draft(token)
    reading = asked_reading(draft.book, request.args) or reading_of(draft)
    return columns_page(draft, reading)


@bp.post("/<string(length=22):token>/columns")
@allow(Kind.CHILD, "w")
def understand(token: str) -> Response:
    draft = my_draft(token)
    reading = corrected_reading(draft.book, request.form)
    try:
        roster_columns.checked(draft.book, reading)
        drafts.understand(token, reading, by=me(), at=clock.now())
        return go(url_for(".preview", token=token))
    except Refused as refusal:
        return columns_page(draft, reading, refusal)


@bp.get("/<string(length=22):token>")
@allow(Kind.CHILD, "w")
def preview(token: str) -> Response:
    draft = my_draft(token)
    if draft.reading is None:
        return go(url_for(".columns", token=token))
    return preview_page(draft)


@bp.post("/<string(length=22):token>/confirm")
@allow(Kind.CHILD, "w")
def confirm(token: str) -> Response:
    done = url_for(".done", token=token)
    if drafts.result(token, by=me(), at=clock.now()):
        return go(done)
    draft = my_draft(token)
    try:
        imports.confirm(
            rows(draft),
            seen=request.form.get("seen", ""),
            choices=chosen_rows(request.form),
            by=me(),
            at=clock.now(),
            token=token,
        )
        return go(done)
    except Refused as refusal:
        return preview_page(draft, refusal)


@bp.get("/<string(length=22):token>/done")
@allow(Kind.CHILD, "w")
def done(token: str) -> Response:
    told = drafts.result(token, by=me(), at=clock.now())
    if not told:
        return go(url_for(".preview", token=token))
    return page("rosters/done.html", result=imports.result_of(told))


def my_draft(token: str) -> Draft:
    return drafts.draft(token, by=me(), at=clock.now())


def reading_of(draft: Draft) -> Reading:
    return draft.reading or roster_columns.guess(draft.book)


def rows(draft: Draft) -> RosterRows:
    reading = reading_of(draft)
    return rows_of(draft.book.sheets[reading.sheet], reading, today=clock.now().date())


def columns_page(
    draft: Draft, reading: Reading, refusal: Refused | None = None
) -> Response:
    return page(
        "rosters/columns.html",
        token=draft.token,
        book=draft.book,
        reading=reading,
        columns=roster_columns.columns(draft.book, reading),
        choices=[(field, LABELS[field]) for field in CHOICES],
        refusal=refusal,
        status=422 if refusal else 200,
    )


def about(record: Record) -> list[str]:
    """A child in a few words, to be told from another."""
    ours = (said(words(field, getattr(record, field))) for field in ("school_class", "sex"))
    typed = (record.number, record.birth_date, record.carer_name, record.carer_phone)
    return [word for word in (record.name, *ours, *typed) if word]


def preview_page(draft: Draft, refusal: Refused | None = None) -> Response:
    reading = reading_of(draft)
    return page(
        "rosters/preview.html",
        token=draft.token,
        preview=imports.preview(rows(draft)),
        chosen=chosen_rows(request.form),
        left_out=[c for c in roster_columns.columns(draft.book, reading) if not c.field],
        shown=MOST_SHOWN,
        words=words,
        about=about,
        refusal=refusal,
        status=409 if refusal else 200,
    )
