"""The invented counsellor's sealed notes; here alone, everybody is told what opens them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from liushou_web.actor import Actor
from liushou_web.counselling.rules.notes import Note, NoteKind
from liushou_web.counselling.store import notes
from liushou_web.db import db
from liushou_web.schema import Child, SchoolClass, Staff
from liushou_web.vaults.rules import sealing
from liushou_web.vaults.store import vaults

LOGIN = "he"
PASSPHRASE = "demodemodemo"  # noqa: S105 - everybody is to know it
LETTERS = "DEMADEMADEMADEMADEMA"
CODE = sealing.spaced(LETTERS + sealing.check_group(LETTERS))

ROOM = "心理輔導室"


class DemoNote(NamedTuple):
    """Days ago, of which grade the child is (0: an alias), and what was said."""

    days: int
    grade: int
    words: dict[str, Any]


SESSIONS = (
    DemoNote(27, 4, {
        "issue": "上課常發呆，作業交不上。說夜裏睡不好，總想給媽媽打電話又怕她忙。",
        "goal": "先把想說的話說出來，找到能每天做的一件小事。",
        "course": "畫了「我的一天」。畫到晚上停了很久，說奶奶睡得早，屋裏很黑。",
        "observation": "說話聲音小，提到媽媽時流淚，離開時鬆了一口氣。",
        "agreements": "每天睡前寫一句想對媽媽說的話，週五念給她聽。",
        "risk": "watch",
    }),
    DemoNote(20, 4, {
        "issue": "這週和媽媽通了兩次電話，睡得好一些。",
        "course": "讀了三句寫給媽媽的話。媽媽答應每週二、週五晚上七點打來。",
        "observation": "主動坐到窗邊，笑了兩次。",
        "agreements": "和奶奶約好，床頭留一盞小燈。",
        "risk": "none",
    }),
    DemoNote(13, 6, {
        "issue": "和同桌爭吵後不願上學，說「沒有人跟我一邊」。",
        "goal": "弄清楚發生了什麼，練習怎樣開口。",
        "course": "用兩把椅子演了一遍：先當自己，再當同桌。",
        "observation": "開始時很激動，後來能說出自己也推了人。",
        "agreements": "明天課間對同桌說第一句話：「昨天我也不對。」",
        "risk": "none",
    }),
    DemoNote(9, 0, {
        "issue": "托同學遞來紙條，只寫「我不想再這樣了」。約到午休時談。",
        "goal": "確認安全。",
        "course": "問清楚：沒有具體的打算，是考砸了又被爸爸在電話裏罵。",
        "observation": "手腕上沒有傷。能說出三個可以求助的人。",
        "agreements": "難受時先去找班主任或者來這裏；當天已告訴班主任和外婆。",
        "risk": "high",
    }),
    DemoNote(6, 3, {
        "issue": "吃飯少，常說肚子疼，班主任請我看看。",
        "course": "一起捏黏土。捏了一張很大的飯桌，坐了五個人。",
        "observation": "胃口不好已有三週，比上月瘦。",
        "agreements": "請班主任聯繫外公，先去衛生院檢查。",
        "risk": "watch",
    }),
    DemoNote(2, 0, {
        "issue": "複談。補考及格了，和爸爸通了電話，爸爸說了對不起。",
        "observation": "笑着進來的。",
        "agreements": "兩週後再見一次。",
        "risk": "none",
    }),
)  # fmt: skip
REFERRAL = DemoNote(5, 3, {
    "to_whom": "鎮衛生院兒科",
    "reason": "食慾差三週、腹痛，先排除身體的原因。",
    "follow_up": "外公週六帶去；請班主任下週一問結果。",
})  # fmt: skip
ALIAS = "小樹葉"


def write(now: datetime) -> None:
    """Sets up the vault of the invented counsellor, once, and writes what is in it."""
    person = Staff.get_or_none(Staff.login == LOGIN)
    if person and vaults.newest(person.id) is None:
        _fill(person, sealing.new_vault(PASSPHRASE, CODE), now)


@db.atomic()
def _fill(person: Staff, keys: sealing.NewVault, now: datetime) -> None:
    by = Actor(person.id, person.name, person.roles, "192.168.1.23")
    began = _at(now, SESSIONS[0].days + 1)
    vault = vaults.set_up(person.id, keys, by=by, at=began)
    for session in SESSIONS:
        notes.write(vault, _session(session, now), by=by, at=_at(now, session.days))
    sent = replace(_note(REFERRAL, now), kind=NoteKind.REFERRAL)
    notes.write(vault, sent, by=by, at=_at(now, REFERRAL.days))


def _session(session: DemoNote, now: datetime) -> Note:
    """A session in the lunch break; one of the last days says when they meet again."""
    note = _note(session, now)
    note = replace(note, starts=time(12, 40), ends=time(13, 20), place=ROOM, way="face")
    ahead = now.date() + timedelta(days=12)
    return replace(note, next_day=ahead) if session.days < 3 else note


def _note(demo: DemoNote, now: datetime) -> Note:
    day, child = _at(now, demo.days).date(), _child(demo.grade)
    who = child.name if child else ALIAS
    return Note(day=day, who=who, child_id=child.id if child else None, **demo.words)


def _at(now: datetime, days: int) -> datetime:
    return datetime.combine(now.date() - timedelta(days=days), time(13, 30))


def _child(grade: int) -> Child | None:
    found: Child | None = (
        Child.select()
        .join(SchoolClass)
        .where(SchoolClass.grade == grade)
        .order_by(Child.id)
        .first()
    )
    return found
