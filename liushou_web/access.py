"""Who may see and do what: the one table, asked by every view and every query.

Rights: `r` read, `w` write, `own` only the children of one's own classes.
The administrator runs the system and reads no child's record. Sources: the law on the
protection of minors (network regulation art. 36: least authority) and the school's duties.
"""

from enum import StrEnum
from typing import Literal

Action = Literal["r", "w"]


class Role(StrEnum):
    DUTY = "duty"
    COUNSELLOR = "counsellor"
    HELPER = "helper"
    OFFICE = "office"
    HEAD = "head"
    ADMIN = "admin"

    @property
    def label(self) -> str:
        return ROLE_LABELS[self]


ROLE_LABELS = {
    Role.DUTY: "值班教師",
    Role.COUNSELLOR: "心理輔導教師",
    Role.HELPER: "班主任／代管家長",
    Role.OFFICE: "留守兒童辦公室",
    Role.HEAD: "校長",
    Role.ADMIN: "系統管理員",
}


class Kind(StrEnum):
    ACCOUNT = "account"  # one's own password, script and logins
    SCHEDULE = "schedule"
    SWAP = "swap"  # to ask a colleague to take a duty, and to answer
    DUTY_COUNT = "duty_count"  # who was on duty how often
    CALENDAR = "calendar"
    ROLL = "roll"
    COLLECTING = "collecting"  # who may collect a child, with a photo
    RELEASED = "released"  # who was let go with somebody not on the list
    PRESENT = "present"  # who is in the building, with the carer's phone
    PAPER = "paper"  # blank sheets for a power cut; `w`: to prepare and to enter them
    LEAVE = "leave"  # entered ahead, and the absences that call for a word
    OVERVIEW = "overview"  # how many are here today, and last week: numbers, no names
    SHEET = "sheet"  # `w`: to finalise it
    CHILD = "child"  # name, class, number
    CHILD_FILE = "child_file"  # family, carer, address
    CALL = "call"  # the desk at the family phone, and its register
    CALL_WISH = "call_wish"  # to let a child wait for a call
    CALL_COUNT = "call_count"  # who was not called; names only for readers of `CALL`
    NUMBER = "number"  # the family's phone numbers that reach nobody, and new ones
    CLASS = "class"
    SETTINGS = "settings"
    STAFF = "staff"
    TRAIL = "trail"
    NOTE = "note"  # a counsellor's own sealed notes, and the vault that they are in
    BREAK_GLASS = "break_glass"  # in danger to life, by the code in the envelope
    BACKUP = "backup"  # to make one, and to see which there are
    RESTORE = "restore"  # to put one back, to try one, to say where copies go
    BOOKING = "booking"  # to ask for the counsellor's time, and to see what one asked for
    COUNSELLING = "counselling"  # one's own hours, and who asked for them
    COUNSELLING_COUNTS = "counselling_counts"

    @property
    def label(self) -> str:
        return KIND_LABELS[self]


KIND_LABELS = {
    Kind.ACCOUNT: "自己的賬號",
    Kind.SCHEDULE: "房間與日程",
    Kind.SWAP: "調換值班",
    Kind.DUTY_COUNT: "值班統計",
    Kind.CALENDAR: "校曆",
    Kind.ROLL: "簽到表",
    Kind.COLLECTING: "誰來接（接送人、照片、回家方式）",
    Kind.RELEASED: "名單外接走",
    Kind.PRESENT: "在場名單（含監護人電話）",
    Kind.PAPER: "紙本簽到單（停電包）",
    Kind.LEAVE: "請假登記",
    Kind.OVERVIEW: "今日概況（只有人數）",
    Kind.SHEET: "周考勤表",
    Kind.CHILD: "學生名單",
    Kind.CHILD_FILE: "學生檔案（家庭、監護人、住址）",
    Kind.CALL: "親情電話",
    Kind.CALL_WISH: "親情電話排隊",
    Kind.CALL_COUNT: "本月未通話（校長只看人數）",
    Kind.NUMBER: "打不通的家人電話",
    Kind.CLASS: "班級",
    Kind.SETTINGS: "學校設置",
    Kind.STAFF: "教職工賬號",
    Kind.TRAIL: "操作記錄",
    Kind.NOTE: "輔導記錄（密封，只有本人的口令能打開）",
    Kind.BREAK_GLASS: "危及生命時，憑信封裏的恢復碼打開輔導記錄",
    Kind.BACKUP: "備份",
    Kind.RESTORE: "恢復備份、演練、第二處",
    Kind.BOOKING: "預約心理輔導（只看自己提出的）",
    Kind.COUNSELLING: "輔導時間和預約安排（只看約自己的）",
    Kind.COUNSELLING_COUNTS: "輔導統計（只有次數和人數）",
}

EVERYONE = {role: "rw" for role in Role}

RIGHTS: dict[Kind, dict[Role, str]] = {
    Kind.ACCOUNT: EVERYONE,
    Kind.SCHEDULE: {
        Role.DUTY: "r", Role.COUNSELLOR: "r", Role.HELPER: "r",
        Role.OFFICE: "rw", Role.HEAD: "r", Role.ADMIN: "r",
    },
    Kind.SWAP: {Role.DUTY: "rw"},
    Kind.DUTY_COUNT: {Role.OFFICE: "r"},
    Kind.CALENDAR: {
        Role.DUTY: "r", Role.COUNSELLOR: "r", Role.HELPER: "r",
        Role.OFFICE: "rw", Role.HEAD: "r", Role.ADMIN: "r",
    },
    Kind.ROLL: {Role.DUTY: "rw", Role.HELPER: "own r", Role.OFFICE: "rw", Role.HEAD: "r"},
    Kind.COLLECTING: {
        Role.DUTY: "r", Role.HELPER: "own rw", Role.OFFICE: "rw", Role.HEAD: "r",
    },
    Kind.RELEASED: {Role.OFFICE: "rw", Role.HEAD: "r"},
    Kind.PRESENT: {Role.DUTY: "r", Role.OFFICE: "r", Role.HEAD: "r"},
    Kind.PAPER: {Role.DUTY: "rw", Role.OFFICE: "rw", Role.HEAD: "r"},
    Kind.LEAVE: {
        Role.DUTY: "r", Role.HELPER: "own rw", Role.OFFICE: "rw", Role.HEAD: "r",
    },
    Kind.OVERVIEW: {Role.OFFICE: "r", Role.HEAD: "r"},
    Kind.SHEET: {Role.HELPER: "own r", Role.OFFICE: "rw", Role.HEAD: "rw"},
    Kind.CHILD: {
        Role.COUNSELLOR: "r", Role.HELPER: "own r", Role.OFFICE: "rw", Role.HEAD: "r",
    },
    Kind.CHILD_FILE: {
        Role.COUNSELLOR: "r", Role.HELPER: "own r", Role.OFFICE: "rw", Role.HEAD: "r",
    },
    Kind.CALL: {Role.DUTY: "rw", Role.HELPER: "own r", Role.OFFICE: "rw"},
    Kind.CALL_WISH: {Role.DUTY: "rw", Role.HELPER: "own rw", Role.OFFICE: "rw"},
    Kind.CALL_COUNT: {
        Role.DUTY: "r", Role.HELPER: "own r", Role.OFFICE: "r", Role.HEAD: "r",
    },
    Kind.NUMBER: {Role.HELPER: "own rw", Role.OFFICE: "rw"},
    Kind.CLASS: {Role.OFFICE: "rw", Role.HEAD: "r"},
    Kind.SETTINGS: {Role.OFFICE: "rw", Role.ADMIN: "rw"},
    Kind.STAFF: {Role.HEAD: "r", Role.ADMIN: "rw"},
    Kind.TRAIL: {Role.HEAD: "r", Role.ADMIN: "r"},
    Kind.NOTE: {Role.COUNSELLOR: "rw"},
    Kind.BREAK_GLASS: {Role.HEAD: "rw"},
    Kind.BACKUP: {Role.OFFICE: "rw", Role.ADMIN: "rw"},
    Kind.RESTORE: {Role.ADMIN: "rw"},
    Kind.BOOKING: {
        Role.DUTY: "rw", Role.COUNSELLOR: "rw", Role.HELPER: "own rw", Role.OFFICE: "rw",
    },
    Kind.COUNSELLING: {Role.COUNSELLOR: "rw"},
    Kind.COUNSELLING_COUNTS: {Role.COUNSELLOR: "r", Role.HEAD: "r"},
}  # fmt: skip


class Scope(StrEnum):
    NONE = "none"
    OWN = "own"
    ALL = "all"


def roles_that(kind: Kind, action: Action) -> frozenset[Role]:
    """The roles that may do `action` on at least some records of `kind`."""
    return frozenset(
        role for role in RIGHTS[kind] if _scope(kind, role, action) is not Scope.NONE
    )


def scope_of(roles: frozenset[str], kind: Kind, action: Action = "r") -> Scope:
    """How far a person with these roles reaches: the widest of what each role gives."""
    reach = {_scope(kind, Role(role), action) for role in roles}
    return next((s for s in (Scope.ALL, Scope.OWN) if s in reach), Scope.NONE)


def _scope(kind: Kind, role: Role, action: Action) -> Scope:
    words = RIGHTS[kind].get(role, "").split()
    if not words or action not in words[-1]:
        return Scope.NONE
    return Scope.OWN if words[0] == "own" else Scope.ALL
