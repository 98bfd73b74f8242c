"""Weekly openings: plan them, see each date first, save; change or end the rest."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request, url_for
from werkzeug import Response

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.refusal import Refused
from liushou_web.school.auth import allow, may_open, me
from liushou_web.web.fields import deed
from liushou_web.web.forms import choices, saved
from liushou_web.web.htmx import go, page
from liushou_web.web.zh import said

from ..rules.activities import SlotPlan
from ..rules.planning import OpeningPreview
from ..store import calendar, planning, rooms, slots, timetables
from .planning_forms import EndForm, SlotChangeForm, SlotForm
from .timetables import term_asked

bp = Blueprint("slots", __name__, url_prefix="/slots")

NOT_TYPED = ("csrf_token", "deed", "seen", "skip", "accepted")


@bp.get("")
@allow(Kind.SCHEDULE)
def index() -> Response:
    terms = calendar.terms()
    chosen = term_asked(terms)
    return page(
        "schedule/slots/index.html",
        terms=terms,
        term=chosen,
        slots=slots.of_term(chosen.id, at=clock.now()) if chosen else [],
        writes=may_open("slots.new"),
    )


@bp.get("/<id:slot_id>")
@allow(Kind.SCHEDULE)
def show(slot_id: int) -> Response:
    now = clock.now()
    dates = timetables.dates_of(slot_id)
    return page(
        "schedule/slots/show.html",
        slot=slots.line(slot_id, at=now),
        coming=[entry for entry in dates if entry.ends > now],
        past=[entry for entry in dates if entry.ends <= now],
        writes=may_open("slots.change"),
    )


@bp.route("/new", methods=["GET", "POST"])
@allow(Kind.SCHEDULE, "w")
def new() -> Response:
    form = SlotForm(skip=True)
    offer_terms(form)
    if not form.term_id.choices:
        return page("schedule/slots/no_term.html")
    if not form.room_id.choices:
        return page("schedule/rooms/none_yet.html")
    if not form.validate_on_submit():
        return form_page(form)
    if deed() == "save" and (done := saved(form, lambda: _open(form))):
        return done
    return preview_page(form, planning.preview(form.plan(), at=clock.now()))


def offer_terms(form: SlotForm) -> None:
    """Terms that are not over, the one under way or next to begin first."""
    today = clock.now().date()
    terms = [term for term in calendar.terms() if term.last_day >= today]
    form.term_id.choices = choices((term.id, term.name) for term in reversed(terms))
    form.offer()


def _open(form: SlotForm) -> str:
    made = planning.open_slot(form.plan(), form.consent(), by=me(), at=clock.now())
    flash(said("已保存「{title}」。").format(title=made.title))
    return url_for(".show", slot_id=made.id)


def form_page(form: SlotForm, **context: Any) -> Response:
    return page(
        "schedule/slots/form.html",
        part="schedule/timetables/_children.html",
        form=form,
        status=form.status,
        **context,
    )


def preview_page(form: SlotForm, preview: OpeningPreview, **context: Any) -> Response:
    """All that saving would do; the form's own typing goes along unseen."""
    typed = [pair for pair in request.form.items(multi=True) if pair[0] not in NOT_TYPED]
    if deed() != "save":
        form.skip.data = True
    form.accepted.data = False
    return page(
        "schedule/slots/preview.html",
        form=form,
        preview=preview,
        typed=typed,
        room=dict(rooms.in_use()).get(form.room_id.data, ""),
        status=form.status,
        **context,
    )


@bp.route("/<id:slot_id>/change", methods=["GET", "POST"])
@allow(Kind.SCHEDULE, "w")
def change(slot_id: int) -> Response:
    slot = slots.line(slot_id, at=clock.now())
    first_day = (slot.next_at or clock.now()).date()
    form = SlotChangeForm(data=as_typed(slots.plan_of(slot_id)), first_day=first_day)
    form.term_id.choices = choices([(slot.term_id, slot.term)])
    form.offer()
    if not form.validate_on_submit():
        return form_page(form, slot=slot)
    if deed() == "save":  # not once: it may be corrected again and sent again
        try:
            return go(_change(slot_id, form))
        except Refused as refusal:
            form.refuse(refusal)
    preview = planning.preview_change(
        slot_id, form.plan(), form.first_day.data, at=clock.now()
    )
    return preview_page(form, preview, slot=slot)


def _change(slot_id: int, form: SlotChangeForm) -> str:
    planning.change_slot(
        slot_id,
        form.plan(),
        form.first_day.data or clock.now().date(),
        form.consent(),
        by=me(),
        at=clock.now(),
    )
    flash(said("以後各次已按新的安排保存。"))
    return url_for(".show", slot_id=slot_id)


def as_typed(plan: SlotPlan) -> dict[str, Any]:
    """A plan as the fields of its form hold it."""
    return {
        "term_id": plan.term_id,
        "room_id": plan.room_id,
        "weekday": plan.weekday,
        "starts": plan.starts,
        "ends": plan.ends,
        "title": plan.title,
        "kind": plan.kind,
        "duty": sorted(plan.duty),
        "expects": plan.expected.kind,
        "classes": sorted(plan.expected.classes),
        "children": sorted(plan.expected.children),
        "skip": True,
    }


@bp.route("/<id:slot_id>/end", methods=["GET", "POST"])
@allow(Kind.SCHEDULE, "w")
def end(slot_id: int) -> Response:
    slot = slots.line(slot_id, at=clock.now())
    form = EndForm(data={"first_day": clock.now().date()})
    if form.validate_on_submit():
        return go(_end(slot_id, form))
    return page("schedule/slots/end.html", form=form, slot=slot, status=form.status)


def _end(slot_id: int, form: EndForm) -> str:
    count = slots.end(
        slot_id,
        form.first_day.data or clock.now().date(),
        reason=form.reason.data or "",
        by=me(),
        at=clock.now(),
    )
    flash(said("已取消以後 {n} 次。").format(n=count))
    return url_for(".show", slot_id=slot_id)


@bp.post("/<id:slot_id>/resume")
@allow(Kind.SCHEDULE, "w")
def resume(slot_id: int) -> Response:
    count = slots.resume(slot_id, by=me(), at=clock.now())
    flash(said("已恢復 {n} 次。").format(n=count))
    return go(url_for(".show", slot_id=slot_id))
