"""Closing an activity: the room check and the lock; afterwards, corrections only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, g, request, url_for
from werkzeug import Response

from liushou_web import clock
from liushou_web.access import Kind, Role, Scope
from liushou_web.schedule.store import duties
from liushou_web.schedule.store.activities import ActivityEntry
from liushou_web.schema import Activity
from liushou_web.school.auth import allow, may_open, me, my_scope, own_only
from liushou_web.web.forms import saved
from liushou_web.web.htmx import go, page
from liushou_web.web.zh import said

from ..rules.closing import (
    ClosingFacts,
    check_closable,
    check_in_charge,
    in_charge,
    is_late,
    is_overdue,
)
from ..rules.corrections import may_correct
from ..rules.marks import Tally
from ..store import closing, corrections, rolls, room_check
from .closing_forms import UNKNOWN, ClosingForm, closing_form, item_name

bp = Blueprint("closing", __name__, url_prefix="/attendance")


@bp.route("/<id:activity_id>/close", methods=["GET", "POST"])
@allow(Kind.ROLL, "w")
def close(activity_id: int) -> Response:
    held = closing.held(activity_id)
    check_in_charge(me(), held.duty)
    if held.closed_at:
        return go(url_for("attendance.roll", activity_id=activity_id))
    check_closable(held, clock.now())
    form = form_of(activity_id, held)
    if "all" in request.form:
        form.tick_all()
    elif done := saved(form, lambda: _close(activity_id, form)):
        return done
    return page(
        "attendance/closing/close.html",
        status=form.status,
        form=form,
        activity=rolls.activity(activity_id),
        overdue=past_grace(held.ends),
        late=is_late(held, clock.now()),
    )


def _close(activity_id: int, form: ClosingForm) -> str:
    closing.close(activity_id, form.said(), by=me(), at=clock.now())
    flash(said("活動已關閉。辛苦了！"))
    return url_for("attendance.roll", activity_id=activity_id)


def form_of(activity_id: int, held: ClosingFacts) -> ClosingForm:
    """On the day itself with the room check; later only with what is still to be told."""
    late = is_late(held, clock.now())
    form = closing_form(
        [] if late else room_check.in_use(), closing.still_here(activity_id)
    )
    teachers = sorted(duties.teachers(), key=lambda teacher: teacher[0] not in held.duty)
    form.locked_by.choices = [UNKNOWN, *teachers] if late else teachers
    if not request.form:
        form.locked_by.data = 0 if late else likely(held, teachers)
    return form


def likely(held: ClosingFacts, teachers: list[tuple[int, str]]) -> int | None:
    """Oneself if one is on duty here, else the first who is."""
    if me().id in held.duty:
        return me().id
    return teachers[0][0] if teachers and teachers[0][0] in held.duty else None


def past_grace(ends: datetime) -> bool:
    return is_overdue(ends, g.school.closing_grace_minutes, clock.now())


def closable(activity: Activity, count: Tally) -> bool:
    """Whether the roll offers 關閉活動: to those in charge, once everybody is out; when
    overdue, in any case. Asks the database only where the answer may be yes."""
    if not activity.opened_at or activity.closed_at or activity.cancelled_at:
        return False
    ended = clock.now() >= activity.ends
    settled = not count.present and (count.came > 0 or ended)
    if not (settled or past_grace(activity.ends)):
        return False
    writes = my_scope(Kind.ROLL, "w") is Scope.ALL
    return writes and in_charge(me(), closing.duty_of(activity.id))


def closing_context(activity: Activity) -> dict[str, Any]:
    """What a closed roll shows beside its rows; nothing of an open one."""
    if activity.closed_at is None:
        return {"record": None, "corrected": [], "can_correct": False}
    writes = my_scope(Kind.ROLL, "w") is Scope.ALL
    duty = closing.duty_of(activity.id)
    return {
        "record": closing.record_of(activity.id),
        "item_name": item_name,
        "corrected": corrections.of_activity(activity.id, of_teacher=own_only(Kind.ROLL)),
        "can_correct": writes and may_correct(me(), duty, activity.closed_at, clock.now()),
    }


def overdue(now: datetime) -> list[ActivityEntry]:
    """For 待辦: what is to be closed, as far as it is the reader's to close."""
    if not may_open("closing.close"):
        return []
    return closing.overdue(at=now, on_duty=_own_duties())


def never_taken(now: datetime) -> list[ActivityEntry]:
    """For 待辦: what is over and was never taken, as far as the reader can enter it."""
    if not may_open("closing.close"):
        return []
    return closing.never_taken(at=now, on_duty=_own_duties())


def _own_duties() -> int | None:
    return None if Role.OFFICE in me().roles else me().id
