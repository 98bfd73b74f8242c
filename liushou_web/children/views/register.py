"""The register of children: find one, read and keep the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import Blueprint, flash, request, url_for
from werkzeug import Response

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.refusal import Refused
from liushou_web.school.auth import allow, me, own_only
from liushou_web.web.forms import saved
from liushou_web.web.htmx import go, page
from liushou_web.web.zh import said

from ..rules.register import (
    ARRANGEMENT_LABELS,
    LEFT_LABELS,
    OUR_WORDS,
    SEX_LABELS,
    Arrangement,
    age,
    contested,
    merged,
    words,
)
from ..store import child_files, classes, register
from .collecting import card_context
from .namesakes import named
from .register_forms import ChildForm, EditForm, LeaveForm, NewForm

bp = Blueprint("children", __name__, url_prefix="/children")

MOST_SHOWN = 200
LONGEST_QUERY = 50
UNKNOWN = "unknown"  # in an address, where nothing means everyone
ARRANGEMENTS = {value.value or UNKNOWN: value.value for value in Arrangement}
WORDS: dict[str, Any] = {
    "arrangements": {value.value or UNKNOWN: value.label for value in Arrangement},
    "arrangement_labels": ARRANGEMENT_LABELS,
    "reasons": LEFT_LABELS,
    "sexes": SEX_LABELS,
}


class RegisterQuery(NamedTuple):
    """What the address of the list asks for."""

    query: str
    class_id: int | None
    arrangement: str
    left: bool

    @property
    def narrows(self) -> bool:
        return bool(self.query or self.class_id or self.arrangement)


def register_query(class_names: Mapping[int, str]) -> RegisterQuery:
    """Only what can be: another class or arrangement than those there are is not asked."""
    class_id = request.args.get("class_id", type=int)
    arrangement = request.args.get("arrangement", "")
    return RegisterQuery(
        request.args.get("q", "").strip()[:LONGEST_QUERY],
        class_id if class_id in class_names else None,
        arrangement if arrangement in ARRANGEMENTS else "",
        request.args.get("left") == "1",
    )


@bp.get("")
@allow(Kind.CHILD)
def index() -> Response:
    own = own_only(Kind.CHILD)
    class_names = classes.names(of_teacher=own)
    asked = register_query(class_names)
    finding = register.find_counted(
        asked.query,
        of_teacher=own,
        class_id=asked.class_id,
        arrangement=ARRANGEMENTS.get(asked.arrangement),
        left=asked.left,
        limit=MOST_SHOWN,
    )
    return page(
        "children/register/index.html",
        part="children/register/_results.html",
        asked=asked,
        finding=finding,
        carers=child_files.carers_of([child.id for child in finding.children]),
        class_names=class_names,
        **WORDS,
    )


@bp.get("/<id:child_id>")
@allow(Kind.CHILD_FILE)
def show(child_id: int) -> Response:
    file = child_files.view(
        child_id, of_teacher=own_only(Kind.CHILD_FILE), by=me(), at=clock.now()
    )
    born = file.fields.birth_date
    return page(
        "children/register/show.html",
        file=file,
        child=file.fields,
        age=age(born, clock.now().date()) if born else None,
        **card_context(file),
        **WORDS,
    )


@bp.route("/new", methods=["GET", "POST"])
@allow(Kind.CHILD, "w")
def new() -> Response:
    class_names = classes.names()
    form = NewForm(class_id=request.args.get("class_id", type=int))
    form.offer(class_names)
    if not class_names:
        return page("children/register/no_class.html", form=form)
    return saved(form, lambda: _add(form)) or page(
        "children/register/new.html", form=form, status=form.status
    )


def _add(form: NewForm) -> str:
    """Where to go on: to the new file, or to an empty form for the same class."""
    child = register.add(
        form.fields(), another=bool(form.another.data), by=me(), at=clock.now()
    )
    flash(said("{name}已添加到名單。").format(name=named(child.id, child.name)))
    if "more" in request.form:
        return url_for(".new", class_id=child.school_class_id)
    return url_for(".show", child_id=child.id)


@bp.route("/<id:child_id>/edit", methods=["GET", "POST"])
@allow(Kind.CHILD_FILE, "w")
def edit(child_id: int) -> Response:
    if request.method == "GET":
        file = child_files.view(child_id, by=me(), at=clock.now())
        return form_page(EditForm.of(file), file)
    form, file = EditForm(), child_files.file_of(child_id)
    form.offer(classes.names())
    if not form.validate():
        return form_page(form, file)
    try:
        return go(_change(form, child_id))
    except register.OutdatedFile as refusal:
        return overtaken_page(form, refusal, child_id)
    except Refused as refusal:
        form.refuse(refusal)
        return form_page(form, file)


def _change(form: EditForm, child_id: int) -> str:
    register.change(
        child_id,
        form.fields(),
        version=form.version.data or 0,
        another=bool(form.another.data),
        by=me(),
        at=clock.now(),
    )
    flash(said("已保存。"))
    return url_for(".show", child_id=child_id)


def overtaken_page(form: EditForm, refusal: Refused, child_id: int) -> Response:
    """Somebody else was quicker: their changes are shown and taken in, my typing is kept,
    and pressing again is a decision made with open eyes."""
    file = child_files.file_of(child_id)
    mine = form.fields()
    base = form.base() or file.fields
    again = EditForm.of(file, merged(base, mine, file.fields))
    again.refuse(refusal)
    for field in contested(base, mine, file.fields):
        value = in_words(field, getattr(file.fields, field))
        again[field].errors = [Refused("別人改成了：{value}", value=value)]
    theirs = child_files.changes_since(child_id, form.version.data or 0)
    return form_page(again, file, theirs)


def in_words(field: str, value: object) -> str:
    """A value in the reader's script where the words are ours, else as it was typed."""
    told = words(field, value, classes.names())
    return said(told) if field in OUR_WORDS else told


def form_page(form: ChildForm, file: child_files.File, overtaken_by: Any = ()) -> Response:
    form.offer(classes.names())
    return page(
        "children/register/edit.html",
        status=form.status,
        form=form,
        file=file,
        overtaken_by=overtaken_by,
    )


@bp.route("/<id:child_id>/leave", methods=["GET", "POST"])
@allow(Kind.CHILD_FILE, "w")
def leave(child_id: int) -> Response:
    file = child_files.file_of(child_id)
    form = LeaveForm(on=clock.now().date())

    def save() -> str:
        register.leave(
            child_id, on=form.on.data, reason=form.full_reason(), by=me(), at=clock.now()
        )
        flash(said("{name}已登記離開。").format(name=file.fields.name))
        return url_for(".show", child_id=child_id)

    return saved(form, save) or page(
        "children/register/leave.html", form=form, file=file, status=form.status
    )


@bp.post("/<id:child_id>/come-back")
@allow(Kind.CHILD_FILE, "w")
def come_back(child_id: int) -> Response:
    register.come_back(child_id, by=me(), at=clock.now())
    flash(said("已回到在冊名單。"))
    return go(url_for(".show", child_id=child_id))
