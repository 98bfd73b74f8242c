"""Duties handed from one teacher to another: asked, answered, and the trace of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from liushou_web.actor import Actor
from liushou_web.db import db
from liushou_web.refusal import NotFound, Refused
from liushou_web.schema import Activity, ActivityDuty, DutySwap
from liushou_web.school.store import trail
from liushou_web.span import Span

from ..rules import swaps as rules
from ..rules.activities import ActivityPlan
from ..rules.holds import Hold, clashing
from ..rules.swaps import Answer, Duty
from . import duties, holds, people
from .swap_requests import SwapRequest, one


class Teacher(NamedTuple):
    """A duty teacher who may be asked; not one who is `busy` elsewhere at that time."""

    id: int
    name: str
    busy: Hold | None


def duty_at(activity_id: int) -> Duty:
    """The activity as far as a swap is concerned; raises `Activity.DoesNotExist`."""
    row = Activity.get_by_id(activity_id)
    on_duty = people.on_duty(people.ACTIVITY, activity_id)
    return Duty(row.starts, row.cancelled_at, on_duty)


def teachers(activity_id: int) -> list[Teacher]:
    """The active duty teachers who are not on duty at the activity, by name."""
    on_duty = duty_at(activity_id).on_duty
    others = [each for each in duties.teachers() if each[0] not in on_duty]
    busy = {each.staff_id: each for each in _busy({id_ for id_, _ in others}, activity_id)}
    return [Teacher(id_, name, busy.get(id_)) for id_, name in others]


@db.atomic()
def ask(
    activity_id: int, asked_of: int, *, words: str, by: Actor, at: datetime
) -> DutySwap:
    """Asks one colleague to take one's duty. Refused once the activity has begun, and as
    long as another request for this duty waits; of a colleague who could not accept."""
    duty, asker = duty_at(activity_id), by.id or 0
    rules.check_can_hand_over(asker, duty, at)
    name = dict(duties.teachers()).get(asked_of)
    if name is None:
        raise Refused("請在名單裏選一位值班教師。")
    rules.check_can_take(asked_of, name, duty, _busy({asked_of}, activity_id))
    rules.check_only_one(_is_asked(activity_id, asker))
    made = DutySwap.create(
        activity=activity_id, asked_by=asker, asked_of=asked_of, words=words, asked_at=at
    )
    trail.record("swaps.ask", made, by=by, at=at, detail=one(made.id, at=at).detail)
    return made


@db.atomic()
def accept(swap_id: int, *, by: Actor, at: datetime) -> SwapRequest:
    """Moves the duty to the one who was asked, if all still is as it has to be. Accepted
    already, nothing changes; of several answers at once only the first counts."""
    request = _of(swap_id, by, at, "asked_of_id")
    if rules.check_answer(request.answer, Answer.ACCEPTED):
        taker, duty = request.asked_of_id, duty_at(request.activity_id)
        rules.check_can_hand_over(request.asked_by_id, duty, at)
        busy = _busy({taker}, request.activity_id)
        rules.check_can_take(taker, request.asked_of, duty, busy)
        ActivityDuty.update(staff=taker).where(
            ActivityDuty.activity == request.activity_id,
            ActivityDuty.staff == request.asked_by_id,
        ).execute()
        _give(request, Answer.ACCEPTED, "swaps.accept", by, at)
    return request


@db.atomic()
def decline(swap_id: int, *, by: Actor, at: datetime) -> SwapRequest:
    """The duty stays where it is. Refused after another answer."""
    request = _of(swap_id, by, at, "asked_of_id")
    if rules.check_answer(request.answer, Answer.DECLINED):
        _give(request, Answer.DECLINED, "swaps.decline", by, at)
    return request


@db.atomic()
def withdraw(swap_id: int, *, by: Actor, at: datetime) -> SwapRequest:
    """The asker takes it back, as long as nobody has answered."""
    request = _of(swap_id, by, at, "asked_by_id")
    if rules.check_answer(request.answer, Answer.WITHDRAWN):
        _give(request, Answer.WITHDRAWN, "swaps.withdraw", by, at)
    return request


def plan_with_swaps(activity_id: int, plan: ActivityPlan) -> ActivityPlan:
    """A weekly opening's plan for an activity that exists, with the duties handed over on
    that date, which a change of the whole series does not undo."""
    accepted: Any = (
        DutySwap.select(DutySwap.asked_by, DutySwap.asked_of)
        .where(DutySwap.activity == activity_id, DutySwap.answer == Answer.ACCEPTED.value)
        .order_by(DutySwap.answered_at, DutySwap.id)
    )
    handed = list(accepted.tuples())
    if not handed:
        return plan
    now = duty_at(activity_id).on_duty
    return plan._replace(duty=rules.with_swaps(plan.duty, handed, now))


def _of(swap_id: int, by: Actor, at: datetime, whose: str) -> SwapRequest:
    """The request, if it is this person's to answer or to take back."""
    request = one(swap_id, at=at)
    if getattr(request, whose) != by.id:
        raise NotFound
    return request


def _give(request: SwapRequest, answer: Answer, deed: str, by: Actor, at: datetime) -> None:
    DutySwap.update(answer=answer.value, answered_at=at).where(
        DutySwap.id == request.id
    ).execute()
    trail.record(deed, DutySwap(id=request.id), by=by, at=at, detail=request.detail)


def _is_asked(activity_id: int, asker: int) -> bool:
    return bool(
        DutySwap.select()
        .where(
            DutySwap.activity == activity_id,
            DutySwap.asked_by == asker,
            DutySwap.answer == Answer.NONE.value,
        )
        .exists()
    )


def _busy(staff_ids: set[int], activity_id: int) -> list[Hold]:
    """The duties of these people elsewhere while the activity is held."""
    row = Activity.get_by_id(activity_id)
    days = row.starts.date(), row.ends.date()
    others = holds.of_staff(staff_ids, *days, but=(activity_id,))
    return clashing(Span(row.starts, row.ends), others)
