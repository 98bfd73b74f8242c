"""The counsellor's desk: who waits for an answer, the week, the course of each booking."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, url_for
from werkzeug import Response

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.refusal import Refused
from liushou_web.schedule.views.weeks import day_asked, week_of
from liushou_web.school.auth import allow, me
from liushou_web.span import Span
from liushou_web.vaults.unsaved import close_words
from liushou_web.web.forms import choices, saved
from liushou_web.web.htmx import go, page
from liushou_web.web.zh import said

from ..rules.bookings import STEPS, BookingKind, BookingState
from ..rules.hours import is_away
from ..store import booking_lists, bookings, handover, hours, times
from ..store.booking_lists import BookingEntry
from ..store.times import Place
from .booking_forms import FOR_COUNSELLOR, BlockForm, CancelForm, MoveForm, words_for
from .sealed_words import lock, refresh_when_locked, words_of

bp = Blueprint("counselling_desk", __name__, url_prefix="/counselling/desk")
SETTLED = ", ".join(f"'{state}'" for state in STEPS)


@bp.get("")
@allow(Kind.COUNSELLING)
def week() -> Response:
    mine, shown = me().id or 0, week_of(day_asked("day"))
    monday, sunday = shown["monday"], shown["sunday"]
    formers = handover.former(mine)
    items = booking_lists.between(mine, monday, sunday, formers)
    waiting = booking_lists.waiting(mine)
    response = page(
        "counselling/desk/week.html",
        **shown,
        waiting=waiting,
        items=items,
        days=sorted({item.starts.date() for item in items if item.starts}),
        away=while_away(items, monday, sunday),
        has_hours=bool(hours.weekly(mine)),
        now=clock.now(),
        words=words_of(waiting + items),
        vault=lock(),
        formers={each.id: each.name for each in formers},
    )
    return refresh_when_locked(response)


def while_away(items: list[BookingEntry], first: date, last: date) -> set[int]:
    """Which bookings of these days are still open, though the counsellor is away then."""
    unusual = hours.exceptions_between(me().id or 0, first, last)
    return {
        item.id
        for item in items
        if item.counsellor_id == me().id
        and item.is_open
        and item.span
        and is_away(item.span, unusual)
    }


def back(item_id: int) -> Response:
    """To the week that the booking is in, at the booking."""
    item = booking_lists.one(item_id, me().id or 0)
    day = item.starts.date() if item.starts else None
    return go(url_for(".week", day=day, _anchor=f"booking-{item_id}"))


def settle(booking_id: int, state: BookingState, words: str) -> Response:
    bookings.settle(booking_id, state, by=me(), at=clock.now())
    flash(said(words))
    return back(booking_id)


@bp.post("/<id:booking_id>/confirm")
@allow(Kind.COUNSELLING, "w")
def confirm(booking_id: int) -> Response:
    return settle(booking_id, BookingState.BOOKED, "已確認。")


@bp.post("/<id:booking_id>/finish")
@allow(Kind.COUNSELLING, "w")
def finish(booking_id: int) -> Response:
    return settle(booking_id, BookingState.DONE, "已登記完成。")


@bp.post("/<id:booking_id>/miss")
@allow(Kind.COUNSELLING, "w")
def miss(booking_id: int) -> Response:
    return settle(booking_id, BookingState.MISSED, "已登記未到。")


@bp.post(f"/<id:booking_id>/undo/<any({SETTLED}):shown>")
@allow(Kind.COUNSELLING, "w")
def undo(booking_id: int, shown: str) -> Response:
    bookings.undo(booking_id, shown, by=me(), at=clock.now())
    flash(said("已撤銷。"))
    return back(booking_id)


@bp.route("/<id:booking_id>/cancel", methods=["GET", "POST"])
@allow(Kind.COUNSELLING, "w")
def cancel(booking_id: int) -> Response:
    item = booking_lists.one(booking_id, me().id or 0)
    form = CancelForm()
    if form.validate_on_submit():
        _cancel(booking_id, form)
        flash(said("已取消。取消錯了，可以點「撤銷」。"))
        return back(booking_id)
    return page(
        "counselling/desk/cancel.html",
        form=form,
        item=item,
        later=booking_lists.count_later(item),
        words=words_of([item]).get(item.id),
        status=form.status,
    )


def _cancel(booking_id: int, form: CancelForm) -> None:
    why, now = form.reason.data, clock.now()
    if form.rest.data:
        bookings.cancel_rest(booking_id, reason=why, by=me(), at=now)
    else:
        bookings.settle(booking_id, BookingState.CANCELLED, reason=why, by=me(), at=now)


@bp.route("/<id:booking_id>/move", methods=["GET", "POST"])
@allow(Kind.COUNSELLING, "w")
def move(booking_id: int) -> Response:
    item = booking_lists.one(booking_id, me().id or 0)
    form = MoveForm()
    form.room_id.choices = choices(hours.counselling_rooms())
    if done := saved(form, lambda: _move(form, item)):
        return done
    form.offer(item.counsellor_id, item.child_id)
    return page(
        "counselling/desk/move.html",
        form=form,
        item=item,
        words=words_of([item]).get(item.id),
        status=form.status,
    )


def _move(form: MoveForm, item: BookingEntry) -> str:
    place, span = place_meant(form, item)
    bookings.move(item.id, place, span, by=me(), at=clock.now())
    flash(said("時間已定。"))
    return url_for(".week", day=span.starts.date(), _anchor=f"booking-{item.id}")


def place_meant(form: MoveForm, item: BookingEntry) -> tuple[Place, Span]:
    """What was typed, else the free time that was chosen."""
    typed, mine = form.typed(), item.counsellor_id
    if typed:
        return Place(mine, form.room_id.data), typed
    starts = form.chosen()
    if starts is None:
        raise Refused("還沒有選時間。請選一個，或填寫別的時間。")
    opening = times.check_open(mine, starts, at=clock.now())
    return Place(mine, opening.room_id), opening.span


@bp.route("/block", methods=["GET", "POST"])
@allow(Kind.COUNSELLING, "w")
@close_words(FOR_COUNSELLOR, words_for)
def block() -> Response:
    form = BlockForm(day=day_asked("day") or clock.now().date())
    form.room_id.choices = choices(hours.counselling_rooms())
    if not form.room_id.choices:
        return page("counselling/hours/no_room.html")
    return saved(form, lambda: _block(form)) or page(
        "counselling/desk/block.html", form=form, vault=lock(), status=form.status
    )


def _block(form: BlockForm) -> str:
    mine = me().id or 0
    made = bookings.block(
        BookingKind(form.kind.data),
        Place(mine, form.room_id.data),
        form.span(),
        sealed=form.sealed(mine),
        by=me(),
        at=clock.now(),
    )
    flash(said("已佔用這段時間。"))
    return url_for(".week", day=form.day.day, _anchor=f"booking-{made.id}")
