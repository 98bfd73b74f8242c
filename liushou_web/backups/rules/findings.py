"""What each finding of the self-check means, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from liushou_web.refusal import Refused

from .retention import Backup, is_old

GIBIBYTE = 1024**3
SLACK = timedelta(minutes=2)  # a clock that is set right is a little ahead or behind
LONGEST_GAP = timedelta(days=120)  # longer than any holiday
FIRST_YEAR = 2026  # the program is no older
WAL_MENDED = (3, 51, 3)


class FindingState(StrEnum):
    GOOD = "good"
    LOOK = "warn"
    BAD = "bad"

    @property
    def label(self) -> str:
        return {"good": "✓ 正常", "warn": "△ 留意", "bad": "✕ 有問題"}[self]


class Finding(NamedTuple):
    """One line of the self-check. `todo` is '' where there is nothing to do; `values` go
    into the words, apart from them, for they may be names."""

    what: str
    state: FindingState
    words: str
    todo: str = ""
    values: tuple[tuple[str, object], ...] = ()

    def in_words(self, script: Callable[[str], str] = str) -> str:
        """The words with the values in them; of these, turns only what we say ourselves."""
        values = {
            name: value.said(script) if isinstance(value, Refused) else value
            for name, value in self.values
        }
        return Refused(self.words, **values).said(script)


def database(told: str) -> Finding:
    """Whether the file is whole: SQLite's own check says 'ok', or what is wrong."""
    if told == "ok":
        return Finding("數據庫", FindingState.GOOD, "完整，沒有損壞。")
    return Finding(
        "數據庫",
        FindingState.BAD,
        "有損壞：{told}",
        "請馬上停止使用，把整個數據文件夾複製留底，然後恢復最近的備份。",
        (("told", told),),
    )


def links(broken: int) -> Finding:
    """Whether every row points to one that exists; `broken` is how many do not."""
    if not broken:
        return Finding("數據的關聯", FindingState.GOOD, "每條記錄指向的人和活動都在。")
    return Finding(
        "數據的關聯",
        FindingState.BAD,
        "{broken} 條記錄指向了不存在的內容。",
        "請先做一次備份，再聯繫程序的維護者。",
        (("broken", broken),),
    )


def schema(differs: bool, pending: Sequence[str], unknown: Sequence[str]) -> Finding:
    if unknown:
        return Finding(
            "數據庫版本",
            FindingState.BAD,
            "數據來自更新版本的程序。",
            "請換成新版本的程序，不要再用這個版本。",
        )
    if pending or differs:
        return Finding(
            "數據庫版本",
            FindingState.BAD,
            "表的結構和這個版本的程序不一致。",
            "請關閉程序再啟動一次，它會自動備份並升級；如果還不行，請恢復最近的備份。",
        )
    return Finding("數據庫版本", FindingState.GOOD, "和程序一致。")


def disk(free: int) -> Finding:
    values = (("free", f"{free / GIBIBYTE:.1f}"),)
    if free >= GIBIBYTE:
        return Finding("磁盤空間", FindingState.GOOD, "還有 {free} GB。", "", values)
    state = FindingState.BAD if free < GIBIBYTE // 10 else FindingState.LOOK
    todo = "請刪去這台電腦上不要的文件，至少留出 1 GB；滿了就不能簽到。"
    return Finding("磁盤空間", state, "只剩 {free} GB。", todo, values)


def clock(now: datetime, newest: datetime | None) -> Finding:
    """`newest` is the last moment at which anything was recorded."""
    todo = "請在電腦右下角核對日期和時間；如果每次開機都不對，主板電池該換了。"
    values = (("now", _moment(now)), ("newest", _moment(newest)))
    if now.year < FIRST_YEAR:
        return Finding("電腦時間", FindingState.BAD, "現在是 {now}，不對。", todo, values)
    if newest and now < newest - SLACK:
        words = "現在是 {now}，比最近的記錄（{newest}）還早，時間被撥回去了。"
        return Finding("電腦時間", FindingState.BAD, words, todo, values)
    if newest and now > newest + LONGEST_GAP:
        words = "現在是 {now}，最近的記錄是 {newest}，隔了很久。"
        return Finding("電腦時間", FindingState.LOOK, words, todo, values)
    return Finding("電腦時間", FindingState.GOOD, "{now}", "", values)


def addresses(found: Sequence[str], port: str) -> Finding:
    """Where other devices find the program: this computer's addresses, none without a
    network; `port` as in ':8000'."""
    if not found:
        return Finding(
            "網絡地址",
            FindingState.LOOK,
            "這台電腦沒有連上校園網，別的電腦和手機打不開。",
            "請檢查網線或無線網絡；只在這台電腦上使用，可以不管。",
        )
    told = "、".join(f"http://{each}{port}/" if port else each for each in found)
    return Finding("網絡地址", FindingState.GOOD, "{told}", "", (("told", told),))


def backup(last: Backup | None, failed: Refused | None, now: datetime) -> Finding:
    """`failed` is why the last automatic one was not made; None when it was."""
    todo = "請到「管理 → 備份」按「立即備份」。"
    if last is None:
        words = "還沒有備份。{failed}"
        return Finding("備份", FindingState.BAD, words, todo, (("failed", failed or ""),))
    values = (("at", _moment(last.at)), ("failed", failed or ""))
    if is_old(last, now):
        words = "最近一次是 {at}，超過三天了。{failed}"
        return Finding("備份", FindingState.BAD, words, todo, values)
    if failed:
        return Finding("備份", FindingState.LOOK, "最近一次是 {at}。{failed}", todo, values)
    return Finding("備份", FindingState.GOOD, "最近一次是 {at}，完好。", "", values)


def second_place(
    path: str, reached: Backup | None, trouble: Refused | None, now: datetime
) -> Finding:
    """`path` is '' where none is set; `reached` is the newest backup that is there."""
    if not path:
        return Finding(
            "第二處備份",
            FindingState.LOOK,
            "沒有設置。這台電腦壞了，備份也就沒有了。",
            "請準備一個 U 盤，到「管理 → 備份」設置第二處。",
        )
    at = _moment(reached.at) if reached else "—"
    values = (("path", path), ("at", at), ("trouble", trouble or ""))
    words = "{path}，最近複製的備份：{at}。{trouble}"
    if is_old(reached, now):
        todo = "請把備份用的 U 盤插上，或連上共享文件夾；十分鐘之內會自動複製。"
        return Finding("第二處備份", FindingState.LOOK, words, todo, values)
    return Finding("第二處備份", FindingState.GOOD, words, "", values)


def sqlite(version: tuple[int, ...]) -> Finding:
    """SQLite before 3.51.3 can spoil a database that two connections write at the same
    instant; the program lets only one write (sqlite.org/wal.html, the WAL-reset bug)."""
    told = ".".join(map(str, version))
    mended = version >= WAL_MENDED
    note = "" if mended else "這個版本有一個已知的缺陷，本程序已經避開。"
    return Finding("SQLite", FindingState.GOOD, "{told}。" + note, "", (("told", told),))


def program(version: str, python: str) -> Finding:
    values = (("version", version), ("python", python))
    return Finding("程序版本", FindingState.GOOD, "{version}，Python {python}", "", values)


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else ""
