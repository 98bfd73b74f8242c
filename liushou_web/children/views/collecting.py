"""Who may collect a child: the card in its file, the list, the usual way home."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, url_for
from werkzeug import Response

from liushou_web import clock
from liushou_web.access import Action, Kind, Scope
from liushou_web.refusal import Refused
from liushou_web.school.auth import allow, me, my_scope, own_only
from liushou_web.web.forms import saved
from liushou_web.web.htmx import go, page
from liushou_web.web.zh import said

from ..store import child_files, collecting, collectors
from . import photos
from .collecting_forms import CollectorForm, HomeForm, form_of

bp = Blueprint("collecting", __name__)


def card_context(file: child_files.File) -> dict[str, Any]:
    """For the file's page: its card, and whether the reader may change it."""
    if not _mine(file, "r"):
        return {"card": None, "can_change": False}
    card = collectors.card_of(file.id, day=clock.now().date())
    return {"card": card, "can_change": _mine(file, "w") and not file.left_on}


def _mine(file: child_files.File, action: Action) -> bool:
    scope = my_scope(Kind.COLLECTING, action)
    own = scope is Scope.OWN and file.teacher_id == me().id
    return own or scope is Scope.ALL


@bp.route("/children/<id:child_id>/collectors/new", methods=["GET", "POST"])
@allow(Kind.COLLECTING, "w")
def new(child_id: int) -> Response:
    own, today = own_only(Kind.COLLECTING, "w"), clock.now().date()
    file = child_files.file_of(child_id, of_teacher=own)
    card = collectors.card_of(child_id, day=today)
    form = CollectorForm(first_day=today, usual=card.usual is None)
    return saved(form, lambda: _add(form, child_id)) or page(
        "children/collecting/new.html", form=form, file=file, status=form.status
    )


def _add(form: CollectorForm, child_id: int) -> str:
    with photos.keep(form.photo.portrait) as photo:
        made = collecting.add(
            child_id,
            form.fields(),
            usual=form.usual.data,
            photo=photo,
            by=me(),
            at=clock.now(),
            of_teacher=own_only(Kind.COLLECTING, "w"),
        )
    flash(said("{name}可以來接了。").format(name=made.called))
    return card_url(child_id)


def card_url(child_id: int) -> str:
    return url_for("children.show", child_id=child_id, _anchor="collecting")


@bp.route("/collectors/<id:collector_id>", methods=["GET", "POST"])
@allow(Kind.COLLECTING, "w")
def change(collector_id: int) -> Response:
    own, today = own_only(Kind.COLLECTING, "w"), clock.now().date()
    person = collectors.person(collector_id, day=today, of_teacher=own)
    form = form_of(person)
    if form.validate_on_submit():
        try:
            return go(_change(form, person))
        except Refused as refusal:
            form.refuse(refusal)
    return page(
        "children/collecting/change.html",
        status=form.status,
        form=form,
        person=person,
        file=child_files.file_of(person.child_id),
        back=card_url(person.child_id),
    )


def _change(form: CollectorForm, person: collectors.Person) -> str:
    with photos.keep(form.photo.portrait) as photo:
        unused = collecting.change(
            person.id,
            form.fields(),
            photo=photo if photo or form.without.data else None,
            by=me(),
            at=clock.now(),
            of_teacher=own_only(Kind.COLLECTING, "w"),
        )
    photos.forget(unused)
    flash(said("已保存。"))
    return card_url(person.child_id)


@bp.post("/collectors/<id:collector_id>/end")
@allow(Kind.COLLECTING, "w")
def end(collector_id: int) -> Response:
    own = own_only(Kind.COLLECTING, "w")
    old = collecting.end(collector_id, by=me(), at=clock.now(), of_teacher=own)
    words = said("{name}從現在起不能接了。停用錯了，今天可以點「恢復」。")
    flash(words.format(name=old.called))
    return go(card_url(old.child_id))


@bp.post("/collectors/<id:collector_id>/resume")
@allow(Kind.COLLECTING, "w")
def resume(collector_id: int) -> Response:
    own = own_only(Kind.COLLECTING, "w")
    old = collecting.resume(collector_id, by=me(), at=clock.now(), of_teacher=own)
    flash(said("{name}又可以來接了。").format(name=old.called))
    return go(card_url(old.child_id))


@bp.route("/children/<id:child_id>/way-home", methods=["GET", "POST"])
@allow(Kind.COLLECTING, "w")
def home(child_id: int) -> Response:
    own, today = own_only(Kind.COLLECTING, "w"), clock.now().date()
    file = child_files.file_of(child_id, of_teacher=own)
    card = collectors.card_of(child_id, day=today)
    kept = card.home
    form = HomeForm(data={**kept._asdict(), "usual": str(kept.usual)})
    form.offer(card)
    return saved(form, lambda: _set_home(form, child_id)) or page(
        "children/collecting/home.html", form=form, file=file, status=form.status
    )


def _set_home(form: HomeForm, child_id: int) -> str:
    collecting.set_home(
        child_id,
        form.usual.data or "",
        consent_by=form.consent_by.data or "",
        consent_on=form.consent_on.data,
        by=me(),
        at=clock.now(),
        of_teacher=own_only(Kind.COLLECTING, "w"),
    )
    flash(said("已保存。"))
    return card_url(child_id)


@bp.get("/collectors/<id:collector_id>/photo")
@allow(Kind.COLLECTING)
def photo(collector_id: int) -> Response:
    """Read whole, so that no open file is in the way of a replacement."""
    own = own_only(Kind.COLLECTING)
    person = collectors.person(collector_id, day=clock.now().date(), of_teacher=own)
    return Response(photos.read(person.photo), mimetype="image/jpeg")
