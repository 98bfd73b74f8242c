"""The school's names and settings."""

from __future__ import annotations

from flask import Blueprint, flash, g, url_for
from werkzeug import Response
from wtforms import IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.files.qr import qr
from liushou_web.web.address import school_address
from liushou_web.web.forms import Form, Line, at_most, choices, required, saved
from liushou_web.web.htmx import page
from liushou_web.web.zh import SCRIPTS, said

from ..auth import allow, me
from ..rules.settings import Settings
from ..store import school

bp = Blueprint("settings", __name__)


def whole_number(label: str, least: int, most: int) -> IntegerField:
    words = f"請填寫 {least} 到 {most} 的整數。"
    return IntegerField(label, [InputRequired(words), NumberRange(least, most, words)])


class SettingsForm(Form):
    name = Line("學校名稱", [required(), at_most(40)])
    home_name = Line("留守兒童之家的名稱", [required(), at_most(40)])
    script = RadioField("文字", choices=choices(SCRIPTS.items()))
    grace_minutes = whole_number("開始後多少分鐘內到，不算遲到", 0, 120)
    absences_in_row = whole_number("連續幾次沒有來，在今日提醒", 2, 20)
    sick_alike = whole_number("同一個班一週內幾名學生請病假，在今日提醒", 2, 20)
    closing_grace_minutes = whole_number("結束後多少分鐘還沒有關閉，就提醒", 0, 120)
    vault_idle_minutes = whole_number("輔導記錄打開後，幾分鐘不用就鎖上", 1, 30)
    call_minutes = whole_number("親情電話每次多少分鐘", 3, 60)

    def settings(self) -> Settings:
        return Settings(*(self[name].data for name in Settings._fields))


@bp.route("/settings", methods=["GET", "POST"])
@allow(Kind.SETTINGS, "w")
def index() -> Response:
    form = SettingsForm(obj=g.school)
    return saved(form, lambda: _change(form.settings())) or page(
        "school/settings/index.html",
        form=form,
        address=(address := school_address()),
        code=qr(address.url),
        status=form.status,
    )


def _change(settings: Settings) -> str:
    school.change(settings, by=me(), at=clock.now())
    flash(said("設置已保存。"))
    return url_for(".index")
