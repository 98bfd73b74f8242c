"""Backups: see them, make one; and, for the administrator, try one or put it back."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, flash, url_for
from werkzeug import Response
from wtforms.validators import AnyOf

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.db.paths import paths
from liushou_web.refusal import NotFound
from liushou_web.school.auth import allow, me
from liushou_web.school.rules import trail as trail_words
from liushou_web.school.store import trail
from liushou_web.web.forms import Form, Line, required, saved
from liushou_web.web.htmx import go, page
from liushou_web.web.zh import said

from .. import archive, daily, making, restoring, second_place
from ..rules.retention import BackupKind, backup_named

bp = Blueprint("backups", __name__, url_prefix="/backups")

WORD = "恢復"
NOT_THE_WORD = "請輸入「恢復」兩個字。"
PLACE = "<any(here, there):place>"


class RestoreForm(Form):
    word = Line(
        "確認",
        [required(), AnyOf([WORD, "恢复"], NOT_THE_WORD)],
        render_kw={"autocomplete": "off"},
    )


class SecondForm(Form):
    path = Line("位置", [required()], render_kw={"spellcheck": "false"})


@bp.get("")
@allow(Kind.BACKUP)
def index() -> Response:
    setting, looked = second_place.setting(paths()), second_place.last_look(paths())
    there = looked.backups if looked else ()
    return page(
        "backups/index.html",
        health=daily.health(paths(), clock.now()),
        here=making.all_in(paths().backups),
        there=there,
        setting=setting,
        reached=backup_named(setting.reached) if setting else None,
        looked=looked,
        deeds=trail.latest(features=("backup",), limit=10),
        trail_words=trail_words,
    )


@bp.post("/make")
@allow(Kind.BACKUP, "w")
def make() -> Response:
    now = clock.now()
    made = making.make(paths(), BackupKind.MANUAL, now)
    trail.record("backup.make", by=me(), at=now, detail=made.name)
    daily.failed.clear()
    daily.wake.set()
    flash(said("備份已做好，已經核對過，可以用來恢復。"))
    return go(url_for(".index"))


@bp.get(f"/{PLACE}/<name>")
@allow(Kind.RESTORE)
def show(place: str, name: str) -> Response:
    return backup_page(place, name, RestoreForm(formdata=None))


@bp.post(f"/{PLACE}/<name>/rehearse")
@allow(Kind.RESTORE, "w")
def rehearse(place: str, name: str) -> Response:
    now = clock.now()
    contents = restoring.rehearse(paths(), file_of(place, name))
    trail.record("backup.rehearse", by=me(), at=now, detail=name)
    days = (now - contents.newest).days if contents.newest else 0
    words = said("演練通過：這份備份完好，可以恢復；最後一條記錄是 {days} 天前的。")
    flash(words.format(days=days))
    return go(url_for(".show", place=place, name=name))


@bp.post(f"/{PLACE}/<name>/restore")
@allow(Kind.RESTORE, "w")
def restore(place: str, name: str) -> Response:
    form = RestoreForm()
    if not form.validate():
        return backup_page(place, name, form, status=422)
    saved = restoring.restore(paths(), file_of(place, name), by=me(), at=clock.now())
    words = said("已恢復到備份時的樣子，所有人都要重新登錄。恢復前的數據在備份 {name} 裏。")
    flash(words.format(name=saved.name))
    return go(url_for("login.sign_in"))


@bp.route("/second", methods=["GET", "POST"])
@allow(Kind.RESTORE, "w")
def place() -> Response:
    form = SecondForm(obj=second_place.setting(paths()))
    return saved(form, lambda: _claim(form.path.data)) or page(
        "backups/second.html", form=form, status=form.status
    )


def _claim(path: str) -> str:
    second_place.claim(paths(), path)
    trail.record("backup.second", by=me(), at=clock.now(), detail=path)
    daily.wake.set()
    flash(said("第二處已設置，最新的備份會自動複製過去。"))
    return url_for(".index")


@bp.post("/second/forget")
@allow(Kind.RESTORE, "w")
def forget() -> Response:
    second_place.forget(paths())
    trail.record("backup.forget", by=me(), at=clock.now())
    flash(said("已取消第二處；那裏已有的備份沒有動。"))
    return go(url_for(".index"))


def file_of(place: str, name: str) -> Path:
    """The file behind an address: one of our own names, in one of our two folders."""
    setting = second_place.setting(paths())
    if backup_named(name) is None or (place == "there" and setting is None):
        raise NotFound
    folder = setting.backup_folder if setting and place == "there" else paths().backups
    if not (folder / name).is_file():
        raise NotFound(archive.GONE)
    return folder / name


def backup_page(place: str, name: str, form: RestoreForm, *, status: int = 200) -> Response:
    manifest = archive.manifest_of(file_of(place, name))
    return page(
        "backups/show.html",
        backup=backup_named(name),
        place=place,
        manifest=manifest,
        counts=manifest.contents.counted,
        form=form,
        status=status,
    )
