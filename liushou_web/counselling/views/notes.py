"""A counsellor's sealed notes and referrals: list, read, write, change, void, print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask_login import current_user
from werkzeug import Response

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.refusal import Refused
from liushou_web.school.auth import allow, me
from liushou_web.vaults import unsaved
from liushou_web.vaults.views.unlocking import Open, with_open_vault
from liushou_web.web.forms import saved
from liushou_web.web.htmx import go, page
from liushou_web.web.zh import said

from ..rules.notes import Note, NoteKind
from ..store import booking_lists, notes
from .notes_forms import FORMS, NoteForm, VoidForm, after_session, as_typed, beginning
from .sealed_words import words_of

bp = Blueprint("notes", __name__, url_prefix="/notes")


@bp.get("")
@allow(Kind.NOTE)
@with_open_vault
def index(mine: Open) -> Response:
    return list_page(mine, NoteKind.SESSION)


@bp.get("/referrals")
@allow(Kind.NOTE)
@with_open_vault
def referrals(mine: Open) -> Response:
    return list_page(mine, NoteKind.REFERRAL)


def list_page(mine: Open, kind: NoteKind) -> Response:
    """The notes of one kind; with an id of a note in the address, those of that person."""
    entries = notes.all_of(mine.vault, mine.key)
    chosen = chosen_among(entries)
    return page(
        "counselling/notes/index.html",
        kind=kind,
        entries=[
            entry
            for entry in entries
            if (entry.note is None or entry.note.kind == kind)
            and (chosen is None or (entry.note and entry.note.same_person(chosen)))
        ],
        chosen=chosen,
        people=notes.people(entries),
        classes=classes_of(entries),
    )


def chosen_among(entries: Sequence[notes.NoteEntry]) -> Note | None:
    wanted = request.args.get("with", type=int)
    return next((entry.note for entry in entries if entry.id == wanted), None)


def classes_of(entries: Sequence[notes.NoteEntry]) -> dict[int, str]:
    """The present class of each child of the register that the notes are about."""
    ids = {entry.note.child_id for entry in entries if entry.note and entry.note.child_id}
    return {pupil.id: pupil.class_name for pupil in notes.pupils(ids)}


@bp.get("/<id:note_id>")
@allow(Kind.NOTE)
@with_open_vault
def show(mine: Open, note_id: int) -> Response:
    entry = notes.view(note_id, *mine, by=me(), at=clock.now())
    return page(
        "counselling/notes/show.html",
        entry=entry,
        older=notes.before(note_id, *mine),
        classes=classes_of([entry]),
    )


@bp.get("/<id:note_id>/print")
@allow(Kind.NOTE)
@with_open_vault
def print_one(mine: Open, note_id: int) -> Response:
    now = clock.now()
    entry = notes.view(note_id, *mine, by=me(), at=now, deed="print")
    return page(
        "counselling/notes/print.html", entry=entry, classes=classes_of([entry]), now=now
    )


@bp.route("/new", methods=["GET", "POST"])
@allow(Kind.NOTE, "w")
@with_open_vault
def new(mine: Open) -> Response:
    kind, given = kind_asked(), unsaved.formdata(mine.key)
    begun = begun_with(mine, kind) if given is None else Note()
    form = FORMS[kind](given, **as_typed(begun))
    if begun.who:
        form.name(begun)
    return saved(form, lambda: _write(form, mine, kind)) or form_page(form, kind)


def begun_with(mine: Open, kind: NoteKind) -> Note:
    """What a new note says already: a booking's child and time, or whom the note named in
    the address is about, and now."""
    if (booking_id := request.args.get("booking", type=int)) is not None:
        item = booking_lists.one(booking_id, current_user.id)
        return after_session(item, words_of([item]).get(item.id))
    begun = beginning(kind, clock.now())
    before = chosen_among(notes.all_of(*mine))
    return replace(begun, child_id=before.child_id, who=before.who) if before else begun


def kind_asked() -> NoteKind:
    asked = request.args.get("kind")
    return NoteKind.REFERRAL if asked == NoteKind.REFERRAL else NoteKind.SESSION


def _write(form: NoteForm, mine: Open, kind: NoteKind) -> str:
    note = form.note(Note(kind=kind))
    note_id = notes.write(mine.vault, note, by=me(), at=clock.now())
    flash(said("已密封保存。"))
    return url_for(".show", note_id=note_id)


def form_page(form: NoteForm, kind: NoteKind, entry: Any = None) -> Response:
    return page(
        "counselling/notes/form.html", form=form, kind=kind, entry=entry, status=form.status
    )


@bp.route("/<id:note_id>/edit", methods=["GET", "POST"])
@allow(Kind.NOTE, "w")
@with_open_vault
def edit(mine: Open, note_id: int) -> Response:
    entry = readable(note_id, mine)
    note = entry.note or Note()
    kind, given = NoteKind(note.kind), unsaved.formdata(mine.key)
    form = FORMS[kind](given, **{**asdict(note), "version": entry.version})
    if given is None:
        form.name(note)
    if form.validate_on_submit():
        try:
            return _change(form, note, note_id, mine)
        except Refused as refusal:
            form.retry(entry.version, refusal)
    return form_page(form, kind, entry)


def readable(note_id: int, mine: Open) -> notes.NoteEntry:
    """The note to be changed: reading it counts. Refuses one that no longer holds."""
    if request.method == "GET":
        entry = notes.view(note_id, *mine, by=me(), at=clock.now())
    else:
        entry = notes.one(note_id, *mine)
    if entry.note is None or entry.note.void:
        raise Refused("這份記錄已作廢或打不開，不能修改。")
    return entry


def _change(form: NoteForm, before: Note, note_id: int, mine: Open) -> Response:
    notes.change(
        note_id,
        mine.vault,
        form.note(before),
        version=form.version.data or 0,
        by=me(),
        at=clock.now(),
    )
    flash(said("已密封保存，原來的也保留着。"))
    return go(url_for(".show", note_id=note_id))


@bp.route("/<id:note_id>/void", methods=["GET", "POST"])
@allow(Kind.NOTE, "w")
@with_open_vault
def void(mine: Open, note_id: int) -> Response:
    entry, given = readable(note_id, mine), unsaved.formdata(mine.key)
    form = VoidForm(given, version=entry.version, reader=str(current_user.id))
    if form.validate_on_submit():
        try:
            return _void(form, entry, mine)
        except Refused as refusal:
            form.retry(entry.version, refusal)
    return page(
        "counselling/notes/void.html",
        form=form,
        entry=entry,
        status=form.status,
    )


def _void(form: VoidForm, entry: notes.NoteEntry, mine: Open) -> Response:
    note = replace(entry.note or Note(), void=form.void.data or "")
    version = form.version.data or 0
    notes.void(entry.id, mine.vault, note, version=version, by=me(), at=clock.now())
    flash(said("已作廢，內容還保留着。"))
    return go(url_for(".show", note_id=entry.id))
