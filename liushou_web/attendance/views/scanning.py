"""The box above a roll: finds any child, and takes what a scanner types, one after another.

Each scan is answered by a line of its own, so that none is lost in a row of fast ones.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import Blueprint, flash, request, url_for
from werkzeug import Response

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.children.rules.cards import Code, Holder, read
from liushou_web.children.store import cards, register
from liushou_web.children.views.namesakes import named
from liushou_web.refusal import NotFound, Refused
from liushou_web.schema import Activity
from liushou_web.school.auth import allow
from liushou_web.web.forms import tidy
from liushou_web.web.htmx import page, part, wants_part
from liushou_web.web.zh import said

from ..rules.roll import Mode
from ..store import rolls, taps
from .roll import doer, mode_of, roll_context, roll_url, tapped, walk_ins_of

bp = Blueprint("scanning", __name__, url_prefix="/attendance")

MOST_FOUND = 12


class ScanAnswer(NamedTuple):
    """What a scan came to, in words; `kind` is 'good', 'warn' or 'bad'."""

    kind: str
    words: str


@bp.get("/<id:activity_id>/find")
@allow(Kind.ROLL, "w")
def find(activity_id: int) -> Response:
    return page(
        "attendance/scanning/find.html",
        part="attendance/scanning/_found.html",
        **matches(activity_id, tidy(request.args.get("q"))),
        **roll_context(rolls.activity(activity_id)),
    )


def matches(activity_id: int, query: str) -> dict[str, Any]:
    """Children of the whole school that answer the query, with their row on this roll."""
    code = read(query)
    held = cards.holders_of(code) if code else []
    found = held or (register.find(query, limit=MOST_FOUND + 1) if query else [])
    roll = rolls.roll_of(rolls.activity(activity_id), at=clock.now()) if found else []
    return {
        "query": query,
        "found": found[:MOST_FOUND],
        "more": len(found) > MOST_FOUND,
        "on_roll": {row.child_id: row for row in roll},
    }


@bp.post("/<id:activity_id>/scan")
@allow(Kind.ROLL, "w")
def scan(activity_id: int) -> Response:
    """A card does what the mode of the page does; anything else is looked up."""
    query = tidy(request.form.get("q"))
    code, activity = read(query), rolls.activity(activity_id)
    held = cards.holders_of(code) if code else []
    if len(held) != 1:
        return answer_search(activity, query, code)
    [child] = held
    try:
        if mode_of(activity) is Mode.OUT:
            return answer_departure(activity, child)
        if not rolls.is_on(activity, child.id):
            otherwise = url_for(".find", activity_id=activity_id, q=child.code)
            return answer(activity, None, otherwise=otherwise, guest=child, query="")
        came = taps.sign_in(activity_id, child.id, **doer())
    except Refused as refusal:
        return answer(activity, ScanAnswer("bad", said(refusal)), query="")
    return answer_arrival(activity_id, child.id, came)


def answer_search(activity: Activity, query: str, code: Code | None) -> Response:
    """Not one card: those whom the search finds, and a word about what looked like one."""
    found = matches(activity.id, query)
    told = None
    if code and not found["found"]:
        words = said("沒有找到號碼「{code}」的在冊學生，沒有記錄。請按姓名查找。")
        told, found["query"] = ScanAnswer("bad", words.format(code=query)), ""
    elif code:
        words = said("「{code}」不是完整的號碼，沒有記錄。請在下面選學生。")
        told = ScanAnswer("warn", words.format(code=query))
    otherwise = url_for(".find", activity_id=activity.id, q=query)
    return answer(activity, told, otherwise=otherwise, **found)


def answer_arrival(activity_id: int, child_id: int, came: bool) -> Response:
    """Who was signed in, or had been before; the row and the counts aside."""
    activity = rolls.activity(activity_id)
    row = rolls.roll_row(activity, child_id, at=clock.now())
    if row is None:
        raise NotFound
    words = said(
        "{name}：簽到 {time:%H:%M}"
        if came
        else "{name}：{time:%H:%M} 已經簽到，沒有重複記錄。"
    )
    told = ScanAnswer(
        "good", words.format(name=named(row.child_id, row.name), time=row.came_at)
    )
    return answer(activity, told, row=row, query="")


def answer_departure(activity: Activity, child: Holder) -> Response:
    """Signs out by the usual way home and says whose it is; where somebody has to choose,
    the choice is one tap away."""
    at = clock.now()
    row = rolls.roll_row(activity, child.id, at=at)
    if row is None:
        words = said("{name}不在這次的名單上，沒有簽退。").format(
            name=named(child.id, child.name)
        )
        return answer(activity, ScanAnswer("bad", words), query="")
    if row.came_at and not row.went_at and not row.choice:
        otherwise = url_for("picking.pick", activity_id=activity.id, child_id=child.id)
        return answer(activity, None, otherwise=otherwise, undecided=row, query="")
    before = row.went_at
    taps.sign_out(activity.id, child.id, **doer())
    row = rolls.roll_row(activity, child.id, at=at) or row
    words = said(
        "{name}：{time:%H:%M} 已經簽退，沒有重複記錄。"
        if before
        else "{name}：簽退 {time:%H:%M} {home}"
    )
    home = f"{row.home.person} {said(row.home.words)}".strip()
    told = ScanAnswer(
        "good",
        words.format(name=named(row.child_id, row.name), time=row.went_at, home=home),
    )
    return answer(rolls.activity(activity.id), told, row=row, query="")


@bp.post("/<id:activity_id>/children/<id:child_id>/walk-in")
@allow(Kind.ROLL, "w")
def walk_in(activity_id: int, child_id: int) -> Response:
    return tapped(activity_id, child_id, taps.walk_in)


def answer(
    activity: Activity, told: ScanAnswer | None, *, otherwise: str = "", **more: Any
) -> Response:
    """A line for the list of scans, and what else changed; without htmx, on to a page."""
    if told and not wants_part():
        flash(told.words, "message" if told.kind == "good" else told.kind)
    row, shared = more.get("row"), roll_context(activity)
    if row and not otherwise:
        otherwise = roll_url(activity.id, mode=shared["mode"], order="waiting")
    return part(
        "attendance/scanning/_scanned.html",
        otherwise=otherwise or shared["base"],
        told=told,
        walk_ins=walk_ins_of(activity) if row and row.walk_in else None,
        **more,
        **shared,
    )
