"""What stands beside the name of a child that shares it: `{{ child.id|apart }}`."""

from __future__ import annotations

from flask import Blueprint, g
from flask_login import current_user
from markupsafe import Markup

from ..store import namesakes

bp = Blueprint("namesakes", __name__)


@bp.app_context_processor
def look_up() -> dict[str, object]:
    """Before a page is written, for no template asks the database."""
    if current_user.is_authenticated:
        g.namesakes = namesakes.marks()
    return {}


@bp.app_template_filter()
def apart(child_id: int | None) -> str:
    """The end of the number of a child that has a namesake; of others nothing."""
    mark = g.get("namesakes", {}).get(child_id)
    return Markup('<span class="apart">{}</span>').format(mark) if mark else ""
