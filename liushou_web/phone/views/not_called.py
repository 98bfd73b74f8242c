"""本月未通話: whom nobody reached, whom nobody tried, and whose seven days are over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from flask import Blueprint, g, request, url_for
from werkzeug import Response

from liushou_web import clock
from liushou_web.access import Kind, Scope
from liushou_web.children.store import classes
from liushou_web.children.views.namesakes import named
from liushou_web.files.tables import PrintedTable, TableColumn, table_book
from liushou_web.refusal import NotFound
from liushou_web.schedule.rules.periods import Days, month_of
from liushou_web.school.auth import allow, me, my_scope, own_only
from liushou_web.school.store import trail
from liushou_web.web.downloads import workbook
from liushou_web.web.htmx import page
from liushou_web.web.zh import said

from ..store import not_called
from ..store.not_called import ChildCalls, NotCalled

bp = Blueprint("call_lists", __name__, url_prefix="/calls/missing")

LIST_TITLES = ("打過沒打通", "沒有試過", "超過 7 天沒有通話")
LIST_COLUMNS = (
    ("班級", 12),
    ("姓名", 14),
    ("上次通話", 13),
    ("多久沒有通話", 18),
    ("本月試過", 10),
    ("父母方便接電話的時間", 28),
)


class ListChoice(NamedTuple):
    """A month, and one class or all that the reader may see."""

    month: Days
    today: date
    groups: dict[int, str]
    class_id: int | None

    @property
    def is_now(self) -> bool:
        return self.month.first <= self.today <= self.month.last

    @property
    def name(self) -> str:
        return f"{self.month.first.year}年{self.month.first.month}月"

    @property
    def whose(self) -> str:
        if self.class_id:
            return said(self.groups[self.class_id])
        return said("全校" if own_only(Kind.CALL_COUNT) is None else "我的班級")

    def url(self, endpoint: str, **changes: object) -> str:
        """The address of this list on another page, or with something changed."""
        here: dict[str, Any] = {"month": f"{self.month.first:%Y-%m}"}
        if self.class_id:
            here["class"] = self.class_id
        return url_for(endpoint, **here | changes)

    def month_of(self, day: date) -> str:
        return self.url(".index", month=f"{day:%Y-%m}")


def choice() -> ListChoice:
    """What the address asks for; another teacher's class is not found."""
    today = clock.now().date()
    groups = classes.names(of_teacher=own_only(Kind.CALL_COUNT))
    class_id = request.args.get("class", type=int)
    if class_id and class_id not in groups:
        raise NotFound
    return ListChoice(
        month_of(_month_asked_for() or today), today, groups, class_id or None
    )


def _month_asked_for() -> date | None:
    try:
        day = datetime.strptime(request.args.get("month", ""), "%Y-%m").date()
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None


def rows_of(chosen: ListChoice, kind: Kind) -> list[ChildCalls]:
    """The children whose numbers (`CALL_COUNT`) or names (`CALL`) the reader may see."""
    if my_scope(kind) is Scope.NONE:
        return []
    return not_called.rows_of(
        chosen.month,
        today=chosen.today,
        of_teacher=own_only(kind),
        class_id=chosen.class_id,
    )


def sections(chosen: ListChoice, lists: NotCalled) -> list[tuple[str, list[ChildCalls]]]:
    """Seven days count from today, so a month that is over has two lists only."""
    titled = list(zip(LIST_TITLES, lists, strict=True))
    return titled if chosen.is_now else titled[:2]


@bp.get("")
@allow(Kind.CALL_COUNT)
def index() -> Response:
    chosen = choice()
    rows = rows_of(chosen, Kind.CALL_COUNT)
    same = my_scope(Kind.CALL) is my_scope(Kind.CALL_COUNT)
    lists = not_called.lists(rows if same else rows_of(chosen, Kind.CALL), chosen.today)
    return page(
        "phone/not_called/index.html",
        chosen=chosen,
        named=my_scope(Kind.CALL) is not Scope.NONE,
        sections=sections(chosen, lists),
        counts=not_called.counts(rows, chosen.today),
        total=not_called.count("", rows, chosen.today),
        asks=my_scope(Kind.CALL_WISH, "w") is not Scope.NONE,
    )


@bp.get("/print")
@allow(Kind.CALL)
def print_lists() -> Response:
    chosen, now = choice(), clock.now()
    lists = not_called.lists(rows_of(chosen, Kind.CALL), chosen.today)
    record("call_lists.print", chosen)
    return page(
        "phone/not_called/print.html",
        chosen=chosen,
        sections=sections(chosen, lists),
        now=now,
    )


@bp.get("/download")
@allow(Kind.CALL)
def download() -> Response:
    chosen = choice()
    lists = not_called.lists(rows_of(chosen, Kind.CALL), chosen.today)
    book = table_book([table(chosen, *each) for each in sections(chosen, lists)])
    record("call_lists.download", chosen)
    name = said("未通話名單-") + f"{chosen.name}-{chosen.whose}.xlsx"
    return workbook(book, name, f"calls-missing-{chosen.month.first:%Y%m}.xlsx")


def table(chosen: ListChoice, title: str, rows: Sequence[ChildCalls]) -> PrintedTable:
    heading = said(f"{chosen.name}親情電話未通話：{title}")
    counted = said("共{n}人").format(n=len(rows))
    return PrintedTable(
        said(title),
        f"{g.school.name}　{heading}",
        f"{chosen.whose}　{counted}",
        [TableColumn(said(words), width) for words, width in LIST_COLUMNS],
        [cells(row, chosen.today) for row in rows],
    )


def cells(row: ChildCalls, today: date) -> list[str | int]:
    last = row.standing.last_connected
    return [
        said(row.class_name),
        named(row.child_id, row.name),
        f"{last:%Y-%m-%d}" if last else "",
        said(row.standing.in_words(today)),
        row.attempts,
        row.parents_free,
    ]


def record(deed: str, chosen: ListChoice) -> None:
    """Puts on the trail who takes the list out of the house."""
    what = f"{chosen.month.first:%Y-%m} {chosen.whose}"
    trail.record(deed, by=me(), at=clock.now(), detail=what)
