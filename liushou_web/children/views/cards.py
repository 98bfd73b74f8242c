"""Name cards: choose whose, and print them, eight or ten to a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import Blueprint, flash, request, url_for
from werkzeug import Response

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.files.qr import qr
from liushou_web.refusal import NotFound
from liushou_web.school.auth import allow, me, own_only
from liushou_web.school.store import trail
from liushou_web.web.forms import tidy
from liushou_web.web.htmx import go, page
from liushou_web.web.zh import said

from ..rules.cards import PER_PAGE, pages
from ..store import cards, classes, register
from ..store.search import SearchResult

bp = Blueprint("cards", __name__, url_prefix="/cards")

MOST_SHOWN = 12
LARGEST_ID = 2**31


class CardsWanted(NamedTuple):
    """Whose cards the address asks for, and how many of them to a page."""

    class_ids: list[int]
    child_ids: list[int]
    per_page: int

    def url(self, endpoint: str) -> str:
        chosen: dict[str, Any] = {"class": self.class_ids, "child": self.child_ids}
        return url_for(endpoint, **chosen, per=self.per_page)


def cards_wanted(class_names: Mapping[int, str]) -> CardsWanted:
    """Raises `NotFound` for a class that is not there, or not the reader's."""
    class_ids = request.args.getlist("class", type=int)
    if not set(class_ids) <= class_names.keys():
        raise NotFound
    child_ids = request.args.getlist("child", type=int)
    per_page = request.args.get("per", type=int)
    return CardsWanted(
        class_ids,
        [child for child in child_ids if 0 < child < LARGEST_ID],
        per_page if per_page in PER_PAGE else PER_PAGE[0],
    )


@bp.get("")
@allow(Kind.CHILD)
def index() -> Response:
    own = own_only(Kind.CHILD)
    class_names = classes.names(of_teacher=own)
    asked = cards_wanted(class_names)
    query = tidy(request.args.get("q"))[:50]
    single = cards.chosen((), asked.child_ids, of_teacher=own)
    return page(
        "children/cards/index.html",
        part="children/cards/_children.html",
        asked=asked,
        class_names=class_names,
        query=query,
        single=single,
        finding=found(query, own),
        per_page=PER_PAGE,
    )


def found(query: str, own: int | None) -> SearchResult:
    if not query:
        return SearchResult([], 0)
    return register.find_counted(query, of_teacher=own, limit=MOST_SHOWN)


@bp.get("/print")
@allow(Kind.CHILD)
def print_cards() -> Response:
    own = own_only(Kind.CHILD)
    class_names = classes.names(of_teacher=own)
    asked = cards_wanted(class_names)
    chosen = cards.chosen(asked.class_ids, asked.child_ids, of_teacher=own)
    if not set(asked.child_ids) <= {card.id for card in chosen}:
        raise NotFound
    if not chosen:
        flash(said("還沒有選好。請選有學生的班級，或查找學生。"), "warn")
        return go(asked.url(".index"))
    note(asked, class_names, len(chosen))
    return page(
        "children/cards/print.html",
        sheets=pages(chosen, asked.per_page),
        asked=asked,
        qr=qr,
        back=asked.url(".index"),
    )


def note(asked: CardsWanted, class_names: Mapping[int, str], count: int) -> None:
    """Whoever takes names and numbers out of the house is on the trail."""
    whose = [class_names[class_id] for class_id in asked.class_ids]
    whose += [f"child={child_id}" for child_id in asked.child_ids]
    detail = f"{'、'.join(whose)}；{count} 張"
    trail.record("cards.print_cards", by=me(), at=clock.now(), detail=detail)
