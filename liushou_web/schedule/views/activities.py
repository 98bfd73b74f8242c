"""Activities of one date: arrange one, change it, move it, cancel it."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, request, url_for
from werkzeug import Response

from liushou_web import clock
from liushou_web.access import Kind, Scope
from liushou_web.refusal import Refused
from liushou_web.school.auth import allow, me, my_scope, own_only
from liushou_web.span import Span
from liushou_web.web.forms import choices, saved
from liushou_web.web.htmx import go, page
from liushou_web.web.zh import said

from ..rules.activities import ActivityKind, ActivityPlan, check_changeable
from ..store import activities, rooms, swap_requests, timetables
from ..store.activities import ActivityEntry
from .planning_forms import ActivityForm, ContentForm, MoveForm, ReasonForm
from .swaps import swaps_of

bp = Blueprint("activities", __name__, url_prefix="/activities")


@bp.get("/<id:activity_id>")
@allow(Kind.SCHEDULE)
def show(activity_id: int) -> Response:
    entry = activities.entry(activity_id)
    chosen = timetables.chosen_children(activity_id, of_teacher=own_only(Kind.CHILD))
    readable = my_scope(Kind.CHILD) is not Scope.NONE
    return page(
        "schedule/activities/show.html",
        entry=entry,
        kind=ActivityKind(entry.kind).label,
        classes=timetables.classes_of(activity_id),
        chosen=chosen,
        shown=[child for child in chosen if child.own and readable],
        settled=why_settled(entry),
        **swaps_of(entry),
    )


def why_settled(entry: ActivityEntry) -> Refused | None:
    """Why this activity cannot be changed, if it cannot; being cancelled aside."""
    try:
        check_changeable(entry.ends, entry.opened_at, None, clock.now())
    except Refused as refusal:
        return refusal
    return None


@bp.route("/new", methods=["GET", "POST"])
@allow(Kind.SCHEDULE, "w")
def new() -> Response:
    form = ActivityForm(data=asked_for())
    form.offer()
    if not form.room_id.choices:
        return page("schedule/rooms/none_yet.html")
    return saved(form, lambda: _add(form)) or form_page(form, None)


def asked_for() -> dict[str, object]:
    """What the link that led here asks for: a day and a room of the timetable."""
    return {
        "day": request.args.get("day", type=date.fromisoformat),
        "room_id": request.args.get("room", type=int),
    }


def _add(form: ActivityForm) -> str:
    consent, held = form.consent(), bool(form.held.data)
    made = activities.add(form.plan(), consent, by=me(), at=clock.now(), held=held)
    flash(said("已保存「{title}」。").format(title=made.title))
    return url_for(".show", activity_id=made.id)


def form_page(form: ContentForm, entry: ActivityEntry | None) -> Response:
    return page(
        "schedule/activities/form.html",
        part="schedule/timetables/_children.html",
        form=form,
        entry=entry,
        status=form.status,
    )


@bp.route("/<id:activity_id>/edit", methods=["GET", "POST"])
@allow(Kind.SCHEDULE, "w")
def edit(activity_id: int) -> Response:
    entry = activities.entry(activity_id)
    check_changeable(entry.ends, entry.opened_at, entry.cancelled_at, clock.now())
    kind = ContentForm if entry.slot_id else ActivityForm
    handed = len(swap_requests.handovers(activity_id))
    form = kind(data=as_typed(activities.plan_of(activity_id)) | {"handed": str(handed)})
    form.offer()
    if form.validate_on_submit():  # not once: it may be corrected again and sent again
        try:
            return go(_change(entry, form))
        except Refused as refusal:
            form.refuse(refusal)
    return form_page(form, entry)


def _change(entry: ActivityEntry, form: ContentForm) -> str:
    """A date of a series keeps its room and times."""
    plan = (
        form.plan()
        if isinstance(form, ActivityForm)
        else form.plan_at(entry.room_id, Span(entry.starts, entry.ends))
    )
    activities.change(
        entry.id,
        plan,
        form.consent(),
        handed=form.handed_over,
        by=me(),
        at=clock.now(),
    )
    return url_for(".show", activity_id=entry.id)


def as_typed(plan: ActivityPlan) -> dict[str, Any]:
    """A plan as the fields of its form hold it."""
    return {
        "room_id": plan.room_id,
        "day": plan.span.starts.date(),
        "starts": plan.span.starts.time(),
        "ends": plan.span.ends.time(),
        "title": plan.title,
        "kind": plan.kind,
        "duty": sorted(plan.duty),
        "expects": plan.expected.kind,
        "classes": sorted(plan.expected.classes),
        "children": sorted(plan.expected.children),
    }


@bp.route("/<id:activity_id>/move", methods=["GET", "POST"])
@allow(Kind.SCHEDULE, "w")
def move(activity_id: int) -> Response:
    entry = activities.entry(activity_id)
    check_changeable(entry.ends, entry.opened_at, entry.cancelled_at, clock.now())
    form = MoveForm(data=as_typed(activities.plan_of(activity_id)))
    form.room_id.choices = choices(rooms.in_use())
    return saved(form, lambda: _move(activity_id, form)) or page(
        "schedule/activities/move.html", form=form, entry=entry, status=form.status
    )


def _move(activity_id: int, form: MoveForm) -> str:
    activities.move(
        activity_id,
        form.room_id.data,
        form.span(),
        form.consent(),
        reason=form.reason.data or "",
        by=me(),
        at=clock.now(),
    )
    return url_for(".show", activity_id=activity_id)


@bp.route("/<id:activity_id>/cancel", methods=["GET", "POST"])
@allow(Kind.SCHEDULE, "w")
def cancel(activity_id: int) -> Response:
    entry = activities.entry(activity_id)
    form = ReasonForm()
    if form.validate_on_submit():
        reason = form.reason.data or ""
        activities.cancel(activity_id, reason=reason, by=me(), at=clock.now())
        return go(url_for(".show", activity_id=activity_id))
    return page(
        "schedule/activities/cancel.html", form=form, entry=entry, status=form.status
    )


@bp.post("/<id:activity_id>/restore")
@allow(Kind.SCHEDULE, "w")
def restore(activity_id: int) -> Response:
    activities.restore(activity_id, by=me(), at=clock.now())
    return go(url_for(".show", activity_id=activity_id))
