"""The trail in words: what each deed is called, and which are the system's own."""

from __future__ import annotations

from collections.abc import Iterable

from .access import Role

LABELS = {
    "login.begin": "登錄",
    "login.failed": "登錄失敗",
    "login.end_others": "結束其他設備上的登錄",
    "account.password": "修改自己的密碼",
    "account.script": "切換繁簡",
    "staff.add": "添加賬號",
    "staff.rename": "修改姓名",
    "staff.change_roles": "修改角色",
    "staff.reset_password": "重置密碼",
    "staff.retire": "停用賬號",
    "staff.bring_back": "恢復賬號",
    "school.set_up": "首次設置",
    "school.change": "修改學校設置",
    "calendar.add_term": "添加學期",
    "calendar.term": "修改學期",
    "calendar.day": "修改校曆",
    "calendar.seed": "寫入已公佈的節假日",
    "rooms.add": "添加房間",
    "rooms.rename": "修改房間名稱",
    "rooms.retire": "停用房間",
    "rooms.bring_back": "恢復房間",
    "slots.open": "添加固定開放",
    "slots.change": "修改固定開放",
    "slots.end": "結束固定開放",
    "slots.resume": "恢復固定開放",
    "activities.add": "添加活動",
    "activities.change": "修改活動",
    "activities.cancel": "取消活動",
    "activities.restore": "恢復活動",
    "activities.move": "移動活動",
    "swaps.ask": "請人代班",
    "swaps.accept": "接受代班",
    "swaps.decline": "謝絕代班",
    "swaps.withdraw": "撤回代班請求",
    "attendance.sign_in": "簽到",
    "attendance.sign_out": "簽退",
    "attendance.leave": "登記請假",
    "attendance.undo_in": "撤銷簽到",
    "attendance.undo_out": "撤銷簽退",
    "attendance.undo_leave": "撤銷請假",
    "attendance.undo_walk_in": "撤銷臨時加入",
    "attendance.sign_all_in": "全部簽到",
    "attendance.sign_all_out": "全部簽退",
    "attendance.undo_all_in": "撤銷全部簽到",
    "attendance.undo_all_out": "撤銷全部簽退",
    "attendance.present": "查看在場名單",
    "attendance.release": "名單外接走",
    "collecting.add": "添加接送人",
    "collecting.change": "修改接送人",
    "collecting.end": "停用接送人",
    "collecting.resume": "恢復接送人",
    "collecting.set_home": "設定回家方式",
    "collecting.put_aside": "名單外接走：知道了",
    "collecting.bring_back": "名單外接走：恢復",
    "leave.enter": "提前登記請假",
    "leave.withdraw": "撤回請假",
    "leave.restore": "恢復請假",
    "closing.close": "關閉活動",
    "corrections.correct": "更正簽到記錄",
    "check_items.add": "添加檢查項目",
    "check_items.rename": "修改檢查項目",
    "check_items.retire": "停用檢查項目",
    "check_items.bring_back": "恢復檢查項目",
    "children.add": "添加學生",
    "children.change": "修改學生檔案",
    "children.view": "查看學生檔案",
    "children.leave": "學生離校",
    "children.come_back": "學生返校",
    "classes.add": "添加班級",
    "classes.change": "修改班級",
    "classes.remove": "刪除班級",
    "imports.read": "讀取名冊文件",
    "imports.confirm": "導入名冊",
    "reports.print_week": "打印周考勤表",
    "reports.download": "導出周考勤表",
    "cards.print_cards": "打印名卡",
    "frozen.finalise": "周考勤表定稿",
    "frozen.show": "打印定稿",
    "frozen.slip": "打印更正單",
    "backup.make": "備份",
    "backup.rehearse": "演練恢復",
    "backup.restore": "恢復備份",
    "backup.upgrade": "升級數據庫",
    "backup.second": "設置第二處備份",
    "backup.forget": "取消第二處備份",
}
FEATURES = {
    "login": "登錄",
    "account": "自己的賬號",
    "staff": "賬號",
    "school": "學校設置",
    "calendar": "校曆",
    "rooms": "房間",
    "slots": "固定開放",
    "activities": "活動",
    "swaps": "調換值班",
    "attendance": "簽到",
    "collecting": "誰來接",
    "leave": "請假",
    "closing": "關閉活動",
    "corrections": "更正",
    "check_items": "房間檢查清單",
    "children": "學生",
    "cards": "名卡",
    "classes": "班級",
    "imports": "名冊導入",
    "reports": "考勤表",
    "frozen": "定稿",
    "backup": "備份",
}
SUBJECTS = {
    "staff": "賬號",
    "school": "學校",
    "term": "學期",
    "calendar_day": "校曆",
    "room": "房間",
    "slot": "固定開放",
    "activity": "活動",
    "duty_swap": "調換值班",
    "attendance": "簽到記錄",
    "leave": "請假",
    "check_item": "檢查項目",
    "child": "學生",
    "child_file": "學生檔案",
    "collector": "接送人",
    "school_class": "班級",
    "import_draft": "名冊",
    "frozen_sheet": "定稿",
}
TECHNICAL = (
    "login",
    "account",
    "staff",
    "school",
    "calendar",
    "rooms",
    "check_items",
    "backup",
)


def label(deed: str) -> str:
    """The deed in words; of one that has none yet, at least what it was about."""
    feature = deed.split(".")[0]
    return LABELS.get(deed) or f"{FEATURES.get(feature, feature)}：其他操作"


def subject(table: str, row_id: int | None) -> str:
    """'學生 12', or nothing: ids, for names change and may be nobody's business."""
    return f"{SUBJECTS.get(table, table)} {row_id}" if table and row_id else ""


def sees_all(roles: Iterable[str]) -> bool:
    """The head reads every line; the administrator those that are not about children."""
    return Role.HEAD in roles
