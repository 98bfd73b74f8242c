"""Asking for the counsellor's time, and what became of one's own requests."""

from __future__ import annotations

from typing import NamedTuple

from flask import Blueprint, flash, request, url_for
from werkzeug import Response

from liushou_web import clock
from liushou_web.access import Kind, Scope
from liushou_web.children.store import child_files, register
from liushou_web.refusal import NotFound
from liushou_web.school.auth import allow, me, my_scope, own_only
from liushou_web.vaults.store import vaults
from liushou_web.vaults.unsaved import close_words
from liushou_web.web.forms import saved, tidy
from liushou_web.web.htmx import go, page
from liushou_web.web.zh import said

from ..rules.bookings import Channel, Wish
from ..store import booking_lists, bookings, hours
from ..store.hours import Counsellor
from .booking_forms import FOR_COUNSELLOR, LATER, BookForm, words_for

bp = Blueprint("counselling", __name__, url_prefix="/counselling")

MOST_SHOWN = 60


@bp.get("")
@allow(Kind.BOOKING)
def mine() -> Response:
    now = clock.now()
    items = booking_lists.asked_by(me().id or 0, at=now)
    return page("counselling/requests/mine.html", items=items, now=now)


@bp.get("/find")
@allow(Kind.BOOKING, "w")
def find() -> Response:
    query = tidy(request.args.get("q"))[:50]
    own = own_only(Kind.BOOKING, "w")
    return page(
        "counselling/requests/find.html",
        part="counselling/requests/_results.html",
        query=query,
        finding=register.find_counted(query, of_teacher=own, limit=MOST_SHOWN),
    )


class Subject(NamedTuple):
    """Who is to be seen by whom: no child where no name is given."""

    counsellor: Counsellor
    others: list[Counsellor]
    child: child_files.File | None
    can_seal: bool

    @property
    def child_id(self) -> int | None:
        return self.child.id if self.child else None


def subject() -> Subject | None:
    """What the address names; None before there is a counsellor. A child of another's
    class and a counsellor that there is not are not found."""
    everyone = hours.counsellors()
    child_id = request.args.get("child_id", type=int)
    own = own_only(Kind.BOOKING, "w")
    child = child_files.file_of(child_id, of_teacher=own) if child_id else None
    if not everyone:
        return None
    wanted = request.args.get("with", everyone[0].id, type=int)
    chosen = next((each for each in everyone if each.id == wanted), None)
    if chosen is None:
        raise NotFound
    others = [each for each in everyone if each != chosen]
    return Subject(chosen, others, child, vaults.public_key_of(chosen.id) is not None)


def counsellor_asked() -> int | None:
    """Named in the address, or else the first."""
    first = next((each.id for each in hours.counsellors()), None)
    return request.args.get("with", first, type=int)


@bp.route("/book", methods=["GET", "POST"])
@allow(Kind.BOOKING, "w")
@close_words(FOR_COUNSELLOR, lambda _: words_for(counsellor_asked()))
def book() -> Response:
    about = subject()
    if about is None:
        return page("counselling/requests/nobody.html")
    form = BookForm(channel=usual_channel())
    if done := saved(form, lambda: _book(form, about)):
        return done
    form.offer(about.counsellor.id, about.child_id)
    return page(
        "counselling/requests/book.html",
        form=form,
        about=about,
        later=LATER,
        status=form.status,
    )


def usual_channel() -> str:
    """A class teacher asks for her own class; anybody else says who asked."""
    own = my_scope(Kind.BOOKING, "w") is Scope.OWN
    return Channel.CLASS_TEACHER.value if own else ""


def _book(form: BookForm, about: Subject) -> str:
    wish = Wish(
        about.counsellor.id,
        form.chosen(),
        about.child_id,
        form.channel.data,
        form.urgent.data,
    )
    made = bookings.book(
        wish,
        form.consent(),
        sealed=form.sealed(about.counsellor.id),
        by=me(),
        at=clock.now(),
        of_teacher=own_only(Kind.BOOKING, "w"),
    )
    if made.counsellor_id == me().id:
        flash(said("已登記。"))
        return url_for("counselling_desk.week", day=(made.starts or clock.now()).date())
    flash(said("已提交，待定。輔導老師確認後，這裏會變成「已定」。"))
    return url_for(".mine")


@bp.post("/<id:booking_id>/withdraw")
@allow(Kind.BOOKING, "w")
def withdraw(booking_id: int) -> Response:
    bookings.withdraw(booking_id, by=me(), at=clock.now())
    flash(said("預約已撤回。撤回錯了，可以點「恢復」。"))
    return go(url_for(".mine", _anchor=f"booking-{booking_id}"))


@bp.post("/<id:booking_id>/restore")
@allow(Kind.BOOKING, "w")
def restore(booking_id: int) -> Response:
    bookings.restore(booking_id, by=me(), at=clock.now())
    flash(said("預約已恢復。"))
    return go(url_for(".mine", _anchor=f"booking-{booking_id}"))
