"""Asking a colleague to take a duty, and the answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, url_for
from werkzeug import Response
from wtforms import RadioField
from wtforms.validators import InputRequired

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.school.auth import allow, may_open, me
from liushou_web.web.forms import CreatingForm, Line, at_most, choices, saved
from liushou_web.web.htmx import go, page
from liushou_web.web.zh import said

from ..rules.swaps import SwapState, check_can_hand_over
from ..store import activities, swap_requests, swaps
from ..store.activities import ActivityEntry
from ..store.swap_requests import SwapRequest

bp = Blueprint("swaps", __name__)


class AskForm(CreatingForm):
    asked_of = RadioField(
        "請誰代班",
        coerce=int,
        validate_choice=False,
        validators=[InputRequired("請選一位老師。")],
    )
    words = Line("附言（可以不填）", [at_most(100)])

    def offer(self, teachers: list[swaps.Teacher]) -> None:
        """Fills in the teachers who are free at that time."""
        free = [(each.id, each.name) for each in teachers if not each.busy]
        self.asked_of.choices = choices(free)


@bp.route("/activities/<id:activity_id>/swap", methods=["GET", "POST"])
@allow(Kind.SWAP, "w")
def ask(activity_id: int) -> Response:
    form, entry = AskForm(), activities.entry(activity_id)
    if not form.is_submitted():
        check_can_hand_over(me().id or 0, swaps.duty_at(activity_id), clock.now())
    teachers = swaps.teachers(activity_id)
    form.offer(teachers)
    busy = [each for each in teachers if each.busy]
    return saved(form, lambda: _ask(form, activity_id)) or page(
        "schedule/swaps/ask.html", form=form, entry=entry, busy=busy, status=form.status
    )


def _ask(form: AskForm, activity_id: int) -> str:
    made = swaps.ask(
        activity_id,
        form.asked_of.data,
        words=form.words.data or "",
        by=me(),
        at=clock.now(),
    )
    name = swap_requests.one(made.id, at=clock.now()).asked_of
    flash(said("已請{name}代班。接受以前，這次還是您值班。").format(name=name))
    return url_for("schedule.mine", _anchor=f"duty-{activity_id}")


@bp.post("/swaps/<id:swap_id>/accept")
@allow(Kind.SWAP, "w")
def accept(swap_id: int) -> Response:
    request = swaps.accept(swap_id, by=me(), at=clock.now())
    return _answer(request, "已接受。{name}的這次值班現在是您的了。", request.asked_by)


@bp.post("/swaps/<id:swap_id>/decline")
@allow(Kind.SWAP, "w")
def decline(swap_id: int) -> Response:
    request = swaps.decline(swap_id, by=me(), at=clock.now())
    return _answer(request, "已謝絕。這次還是{name}值班。", request.asked_by)


@bp.post("/swaps/<id:swap_id>/withdraw")
@allow(Kind.SWAP, "w")
def withdraw(swap_id: int) -> Response:
    request = swaps.withdraw(swap_id, by=me(), at=clock.now())
    return _answer(request, "已撤回對{name}的請求。這次還是您值班。", request.asked_of)


def _answer(request: SwapRequest, words: str, name: str) -> Response:
    flash(said(words).format(name=name))
    return go(url_for("schedule.mine", _anchor=f"duty-{request.activity_id}"))


def to_answer(now: datetime) -> list[SwapRequest]:
    """What colleagues ask of the reader, for 今日 and 我的值班."""
    return swap_requests.to_answer(me().id or 0, at=now) if may_open("swaps.ask") else []


def asked_of_others(now: datetime) -> dict[str, Any]:
    """What the reader asked of colleagues: what waits, by activity, and what is settled."""
    if not may_open("swaps.ask"):
        return {"waiting": {}, "settled": [], "may_ask": False}
    made = swap_requests.asked_by(me().id or 0, at=now)
    waiting = {each.activity_id: each for each in made if each.state is SwapState.WAITING}
    settled = [each for each in made if each.state is not SwapState.WAITING][::-1]
    return {"waiting": waiting, "settled": settled, "may_ask": True}


def swaps_of(entry: ActivityEntry) -> dict[str, Any]:
    """What an activity's page tells of its duties: who handed theirs over, to everybody;
    what is still asked, to the two it is between and to the office."""
    now, reader = clock.now(), me().id
    made = swap_requests.of_activity(entry.id, at=now)
    waiting = [each for each in made if each.state is SwapState.WAITING]
    mine = {each.asked_by_id for each in waiting}
    on_duty = reader in swaps.duty_at(entry.id).on_duty and reader not in mine
    ahead = entry.starts > now and not entry.cancelled_at
    office = may_open("activities.edit")
    return {
        "handed": [each for each in made if each.state is SwapState.ACCEPTED],
        "asked": [e for e in waiting if office or reader in (e.asked_by_id, e.asked_of_id)],
        "may_ask": may_open("swaps.ask") and ahead and on_duty,
    }
