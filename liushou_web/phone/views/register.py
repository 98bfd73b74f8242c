"""親情電話使用記錄: by day, week, month or child; on screen, on paper, as a workbook."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from flask import Blueprint, g, request, url_for
from werkzeug import Response

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.children.store import child_files, classes
from liushou_web.children.views.namesakes import named
from liushou_web.files.tables import PrintedTable, TableColumn, table_book
from liushou_web.refusal import NotFound
from liushou_web.schedule.rules.periods import BY_LABELS, By, Days, days_by
from liushou_web.school.auth import allow, me, own_only
from liushou_web.school.store import trail
from liushou_web.web.downloads import workbook
from liushou_web.web.fields import FIRST, LAST
from liushou_web.web.filters import full_date, hhmm
from liushou_web.web.htmx import page
from liushou_web.web.zh import said

from ..store import register as call_register
from ..store.entries import CallEntry
from ..store.register import CallRegister

bp = Blueprint("call_register", __name__, url_prefix="/calls/register")

REGISTER_COLUMNS = (
    ("序號", 6),
    ("日期", 12),
    ("學生", 14),
    ("班級", 12),
    ("關係", 10),
    ("通話對象", 14),
    ("方式", 8),
    ("電話", 12),
    ("開始", 8),
    ("結束", 8),
    ("分鐘", 7),
    ("結果", 9),
    ("心情", 8),
    ("值班教師", 12),
    ("備註", 12),
)


class RegisterChoice(NamedTuple):
    """The days of one page, or all days of one child; one class or all."""

    by: By
    days: Days | None
    today: date
    groups: dict[int, str]
    class_id: int | None
    child: child_files.File | None

    @property
    def name(self) -> str:
        """'2026年11月23日', '… 至 …', '2026年11月', or all of a child."""
        if self.days is None:
            return said("全部")
        first, last = self.days
        if self.by is By.MONTH:
            return f"{first.year}年{first.month}月"
        if first == last:
            return full_date(first)
        return f"{full_date(first)}–{full_date(last)}"

    @property
    def whose(self) -> str:
        if self.child:
            return named(self.child.id, self.child.fields.name)
        if self.class_id:
            return said(self.groups[self.class_id])
        return said("全校" if own_only(Kind.CALL) is None else "我的班級")

    @property
    def has_later(self) -> bool:
        return self.days is not None and self.days.after <= self.today

    def url(self, endpoint: str, **changes: object) -> str:
        """The address of these calls on another page, or with something changed."""
        here: dict[str, Any] = {}
        if self.days:
            here = {"by": self.by.value, "day": self.days.first.isoformat()}
        if self.class_id:
            here["class"] = self.class_id
        if self.child:
            here["child"] = self.child.id
        return url_for(endpoint, **here | changes)


def choice() -> RegisterChoice:
    """What the address asks for; a child or a class that is another's is not found."""
    today, own = clock.now().date(), own_only(Kind.CALL)
    groups = classes.names(of_teacher=own)
    class_id, child_id = (request.args.get(n, type=int) for n in ("class", "child"))
    if class_id and class_id not in groups:
        raise NotFound
    child = child_files.file_of(child_id, of_teacher=own) if child_id else None
    asked = request.args.get("by", "")
    everything = child is not None and not asked
    by = By(asked) if asked in BY_LABELS else By.DAY
    days = None if everything else days_by(by, _day_asked_for() or today)
    return RegisterChoice(by, days, today, groups, class_id or None, child)


def _day_asked_for() -> date | None:
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return None
    return day if FIRST <= day <= LAST else None


def register_of(chosen: RegisterChoice) -> CallRegister:
    return call_register.register(
        chosen.days,
        of_teacher=own_only(Kind.CALL),
        class_id=chosen.class_id,
        child_id=chosen.child.id if chosen.child else None,
    )


@bp.get("")
@allow(Kind.CALL)
def index() -> Response:
    chosen = choice()
    register = register_of(chosen)
    return page(
        "phone/register/index.html", chosen=chosen, register=register, labels=BY_LABELS
    )


@bp.get("/print")
@allow(Kind.CALL)
def print_register() -> Response:
    chosen = choice()
    record("call_register.print", chosen)
    return page(
        "phone/register/print.html",
        chosen=chosen,
        register=register_of(chosen),
        now=clock.now(),
    )


@bp.get("/download")
@allow(Kind.CALL)
def download() -> Response:
    chosen = choice()
    register = register_of(chosen)
    title = said("親情電話使用記錄")
    table = PrintedTable(
        title,
        f"{g.school.name}　{g.school.home_name}　{title}",
        f"{chosen.name}　{chosen.whose}",
        [TableColumn(said(words), width) for words, width in REGISTER_COLUMNS],
        [cells(count, entry) for count, entry in enumerate(register.lines, 1)],
        [sums_in_words(register)],
    )
    record("call_register.download", chosen)
    plain = chosen.days.first if chosen.days else chosen.today
    name = f"{title}-{chosen.name}-{chosen.whose}.xlsx"
    return workbook(table_book([table]), name, f"calls-{plain:%Y%m%d}.xlsx")


def cells(count: int, entry: CallEntry) -> list[str | int | None]:
    """A call, in the order of `REGISTER_COLUMNS`; no number is among them."""
    late = said("事後補記") if entry.end_told_at else ""
    return [
        count,
        f"{entry.started_at:%Y-%m-%d}",
        named(entry.child_id, entry.name),
        said(entry.class_name),
        entry.relation or said(entry.contact_label),
        entry.callee,
        said(entry.way_label),
        entry.line,
        hhmm(entry.started_at),
        hhmm(entry.ended_at),
        entry.minutes,
        said(entry.result_label or "通話中"),
        said(entry.feeling_label),
        entry.started_by,
        late,
    ]


def sums_in_words(register: CallRegister) -> str:
    attempts, connected, minutes = register.sums
    words = said("合計：打了 {attempts} 次，接通 {connected} 次，共 {minutes} 分鐘。")
    return words.format(attempts=attempts, connected=connected, minutes=minutes)


def record(deed: str, chosen: RegisterChoice) -> None:
    """Puts on the trail who takes the register out of the house; a child by its id."""
    whose = f"child={chosen.child.id}" if chosen.child else chosen.whose
    trail.record(deed, by=me(), at=clock.now(), detail=f"{chosen.name} {whose}")
