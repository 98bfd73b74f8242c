"""Finalising a weekly sheet; its versions printed again; what changed after one."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, flash, url_for
from flask_login import current_user
from markupsafe import Markup
from werkzeug import Response
from wtforms import BooleanField, HiddenField

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.children.rules.collecting import WayInWords
from liushou_web.refusal import Refused
from liushou_web.school.auth import allow, me
from liushou_web.school.rules import trail as words
from liushou_web.school.store import trail
from liushou_web.web.forms import CreatingForm, saved
from liushou_web.web.htmx import go, page
from liushou_web.web.zh import said

from ..rules.frozen import MarkChange, changes, keep, lost_way_home, mark_in_words, reason
from ..store import frozen
from ..store.frozen import StoredVersion
from .sheet_html import printed_sheets
from .versions import Draft, OpenDoubts, draft, html_of, readable_version, which_of
from .which_week import WeekChoice, choice

bp = Blueprint("frozen", __name__, url_prefix="/reports")


class FinaliseForm(CreatingForm):
    seen = HiddenField()
    accepted = BooleanField("我知道了，仍要定稿")

    def refuse(self, refusal: Exception) -> None:
        """The page shows the sheet as it is now, and nobody has agreed to that yet."""
        super().refuse(refusal)
        self.seen.data, self.accepted.data = self.seen.object_data, False


@bp.route("/week/finalise", methods=["GET", "POST"])
@allow(Kind.SHEET, "w")
def finalise() -> Response:
    chosen, now = choice(clock.now().date()), clock.now()
    made = _draft(chosen, now) if chosen else None
    if chosen is None or made is None:
        return go(chosen.url("reports.week") if chosen else url_for("reports.week"))
    form = FinaliseForm(seen=made.seen)
    # Rendered before anything is written: a write waits for nothing slow.
    html = html_of(made, who=current_user.name, at=now) if form.is_submitted() else ""
    return saved(form, lambda: _finalise(form, chosen, made, html, now)) or page(
        "reports/frozen/finalise.html",
        chosen=chosen,
        draft=made,
        form=form,
        status=form.status,
    )


def _draft(chosen: WeekChoice, now: datetime) -> Draft | None:
    """What would be signed; None where there is nothing to sign."""
    which = which_of(chosen)
    paper = printed_sheets(chosen, now=now)[0]
    return draft(which, paper, now=now) if which and paper.sheet.blocks else None


def _finalise(
    form: FinaliseForm, chosen: WeekChoice, made: Draft, html: str, now: datetime
) -> str:
    if form.seen.data != made.seen:
        raise Refused("剛才考勤有了改動，或者有人定了稿。下面是現在的情況，請再核對一次。")
    if made.questionable and not form.accepted.data:
        raise Refused("請先看下面的提醒，勾選以後再定稿。")
    frozen.finalise(
        made.which,
        made.number,
        html=html,
        figures=made.figures,
        detail=_detail(chosen, made.number, made.doubts),
        by=me(),
        at=now,
    )
    flash(said("第{number}版已定稿。").format(number=made.number))
    return chosen.url("reports.week")


@bp.get("/frozen/<id:sheet_id>")
@allow(Kind.SHEET)
def show(sheet_id: int) -> Response:
    """The sheet as it was signed, however much has changed since."""
    found, chosen = readable_version(sheet_id)
    # Written by our own escaped templates, and `proven` to be as they wrote it.
    html = Markup(found.proven().html)  # noqa: S704
    _record("frozen.show", chosen, found)
    return page("reports/frozen/show.html", sheet=found, chosen=chosen, html=html)


@bp.get("/frozen/<id:sheet_id>/slip")
@allow(Kind.SHEET)
def slip(sheet_id: int) -> Response:
    """What changed between this version and the next, or the present."""
    found, chosen = readable_version(sheet_id)
    now = clock.now()
    after = frozen.version_of(found.which, found.number + 1)
    new = (
        after.proven().figures if after else keep(printed_sheets(chosen, now=now)[0].sheet)
    )
    changed = changes(found.proven().figures, new)
    until = after.made_at if after else now
    _record("frozen.slip", chosen, found)
    return page(
        "reports/frozen/slip.html",
        chosen=chosen,
        old=found,
        new=after,
        now=now,
        lines=_with_explanations(changed, found.made_at, until),
        mark_in_words=mark_in_words,
    )


class SlipAct(NamedTuple):
    """Who did what, when and why, as the slip tells it."""

    who: str
    at: datetime
    label: str
    lost: WayInWords
    reason: str


def _with_explanations(
    changed: list[MarkChange], since: datetime, until: datetime
) -> list[tuple[MarkChange, list[SlipAct]]]:
    """Each change with the acts behind it; none where only the time went on."""
    acts = frozen.explanations([each.key for each in changed], since, until)
    return [(each, [_on_slip(act) for act in acts[each.key]]) for each in changed]


def _on_slip(act: frozen.Explanation) -> SlipAct:
    told = act.deed, act.detail
    return SlipAct(
        act.who, act.at, words.label(act.deed), lost_way_home(*told), reason(*told)
    )


def _record(deed: str, chosen: WeekChoice, found: StoredVersion) -> None:
    trail.record(deed, by=me(), at=clock.now(), detail=_detail(chosen, found.number))


def _detail(chosen: WeekChoice, number: int, doubts: OpenDoubts = ()) -> str:
    """For the trail: '2026年秋季學期 第13周 全校 第1版（閱讀 11-27 16:30 沒有點過名）'."""
    what = f"{chosen.term.name} {chosen.name} {chosen.whose} 第{number}版"
    open_yet = "、".join(
        f"{held.title} {held.meeting.starts:%m-%d %H:%M} {doubt.label}"
        for held, doubt in doubts
    )
    return f"{what}（{open_yet}）" if open_yet else what
