"""The roles in plain words, told from the table in `rules/access.py`."""

from __future__ import annotations

from typing import NamedTuple

from liushou_web.access import RIGHTS, Kind, Role

NOTHING = "—"
WORDS = {
    "": NOTHING,
    "r": "查看",
    "rw": "查看和修改",
    "own r": "只看自己班級",
    "own rw": "只看和修改自己班級",
}
SENTENCES = {
    Role.DUTY: "給學生簽到、簽退、登記請假，打印和補錄紙本簽到單，查看誰在場、誰來接，"
    "管親情電話（撥號時看得到那一個號碼）；可以請同事代班；看不到學生的家庭檔案。",
    Role.COUNSELLOR: "查看學生檔案和日程，安排心理輔導，寫密封的輔導記錄，別人都看不到；"
    "不參與簽到。",
    Role.HELPER: "只看自己班級學生的檔案、簽到、考勤表和通話記錄，登記誰來接，"
    "更新打不通的電話；別的班級一律看不到。",
    Role.OFFICE: "管理學生檔案、班級、日程、校曆、親情電話和學校設置，"
    "也可以替值班教師簽到；查看每人值班的次數。",
    Role.HEAD: "查看學生、簽到、考勤表、賬號名單和全部操作記錄，不修改；"
    "親情電話和心理輔導只看數字，輔導記錄平時打不開，"
    "危及生命時憑信封裏的恢復碼打開，每次都有記錄。",
    Role.ADMIN: "管理賬號和學校設置，查看系統操作記錄；看不到任何學生的記錄。",
}


class RoleRights(NamedTuple):
    """One kind of record, and what each role may do with it, in the order of `Role`."""

    kind: Kind
    rights: tuple[str, ...]


def table() -> list[RoleRights]:
    """What each role may do, a line for each kind of record."""
    return [
        RoleRights(kind, tuple(WORDS[RIGHTS[kind].get(role, "")] for role in Role))
        for kind in Kind
    ]
