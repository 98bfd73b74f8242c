"""The school's names and settings."""

from __future__ import annotations

from flask import Blueprint, flash, g, url_for
from werkzeug import Response
from wtforms import IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange, Optional

from .. import clock
from ..auth import allow, me
from ..forms import Form, Line, at_most, choices, required
from ..htmx import go, page
from ..rules.access import Kind
from ..script import SCRIPTS, said
from ..store import school

WHOLE_MINUTES = "請填寫 0 到 120 的整數。"
FEW = "請填寫 2 到 20 的整數。"
MOMENTS = "請填寫 1 到 30 的整數。"

bp = Blueprint("settings", __name__)


class SettingsForm(Form):
    name = Line("學校名稱", [required(), at_most(40)])
    home_name = Line("留守兒童之家的名稱", [required(), at_most(40)])
    script = RadioField("文字", choices=choices(SCRIPTS.items()))
    grace_minutes = IntegerField(
        "開始後多少分鐘內到，不算遲到",
        [InputRequired(WHOLE_MINUTES), NumberRange(0, 120, WHOLE_MINUTES)],
    )
    absences_in_row = IntegerField(
        "連續幾次沒有來，在今日提醒", [InputRequired(FEW), NumberRange(2, 20, FEW)]
    )
    sick_alike = IntegerField(
        "同一個班一週內幾名學生請病假，在今日提醒",
        [InputRequired(FEW), NumberRange(2, 20, FEW)],
    )
    closing_grace_minutes = IntegerField(
        "結束後多少分鐘還沒有關閉，就提醒",
        [Optional(), NumberRange(0, 120, WHOLE_MINUTES)],
    )
    vault_idle_minutes = IntegerField(
        "輔導記錄打開後，幾分鐘不用就鎖上", [Optional(), NumberRange(1, 30, MOMENTS)]
    )
    call_minutes = IntegerField(
        "親情電話每次多少分鐘", [Optional(), NumberRange(3, 60, "請填寫 3 到 60 的整數。")]
    )


@bp.route("/settings", methods=["GET", "POST"])
@allow(Kind.SETTINGS, "w")
def index() -> Response:
    form = SettingsForm(obj=g.school)
    if form.validate_on_submit():
        school.change(
            name=form.name.data,
            home_name=form.home_name.data,
            script=form.script.data,
            grace_minutes=form.grace_minutes.data,
            absences_in_row=form.absences_in_row.data,
            sick_alike=form.sick_alike.data,
            closing_grace_minutes=form.closing_grace_minutes.data,
            vault_idle_minutes=form.vault_idle_minutes.data,
            call_minutes=form.call_minutes.data,
            by=me(),
            at=clock.now(),
        )
        flash(said("設置已保存。"))
        return go(url_for(".index"))
    return page("settings/index.html", form=form, status=422 if form.errors else 200)
