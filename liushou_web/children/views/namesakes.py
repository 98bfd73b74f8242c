"""What stands beside the name of a child that shares it: `{{ child.id|apart }}`."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, g
from flask_login import current_user
from markupsafe import Markup

from liushou_web.web.zh import said

from ..store import namesakes

bp = Blueprint("namesakes", __name__)


@bp.app_context_processor
def look_up() -> dict[str, object]:
    """Before a page is written, for no template asks the database."""
    if current_user.is_authenticated and "namesakes" not in g:
        g.namesakes = namesakes.marks()
    return {}


def show_only(name: str) -> None:
    """The answer shows children of this name alone: no others are looked up for it."""
    g.namesakes = namesakes.marks_of_name(name)


def mark_of(child_id: int | None) -> str:
    """The end of the number of a child that has a namesake; of others nothing."""
    mark = marks().get(child_id) if child_id else ""
    return said(mark) if mark else ""


def marks() -> Mapping[int, str]:
    """The marks of all who have a namesake, for a page of many children."""
    if "namesakes" not in g:
        g.namesakes = namesakes.marks() if current_user.is_authenticated else {}
    kept: Mapping[int, str] = g.namesakes
    return kept


@bp.app_template_global()
def named(child_id: int | None, name: str) -> str:
    """'王芳', or '王芳 …0012' where another is called so: words without tags."""
    return f"{name} {mark_of(child_id)}".rstrip()


@bp.app_template_filter()
def apart(child_id: int | None) -> str:
    """The mark beside a name on a page."""
    mark = mark_of(child_id)
    return Markup('<span class="apart">{}</span>').format(mark) if mark else ""
