"""Every page that can be opened: by whom, and where, in a school with something on each."""

from datetime import date, time, timedelta
from typing import NamedTuple

import make
from kit import FIXTURES

from liushou_web.attendance.store import paper
from liushou_web.backups import making
from liushou_web.backups.rules.retention import BackupKind
from liushou_web.counselling.rules.notes import Note
from liushou_web.counselling.store import notes
from liushou_web.db import db
from liushou_web.db.paths import paths
from liushou_web.reports.rules.frozen import keep
from liushou_web.reports.store import frozen, weekly_sheet
from liushou_web.rosters.files import reading
from liushou_web.rosters.rules.columns import guess
from liushou_web.rosters.rules.rows import rows_of
from liushou_web.rosters.store import drafts, imports
from liushou_web.schedule.rules.calendar import monday_of, teaching_week
from liushou_web.schedule.store import swaps
from liushou_web.schema import (
    Activity,
    Attendance,
    CalendarDay,
    CheckItem,
    Child,
    NumberFault,
    Room,
    School,
    Staff,
    Term,
)
from liushou_web.school.store import trail
from liushou_web.vaults.store import openings

ROSTER = FIXTURES / "roster-autumn.xlsx"
FILES = {
    "static",
    "call_lists.download",
    "call_register.download",
    "collecting.photo",
    "imports.template",
    "reports.download",
}
PARTS = {"attendance.changes", "unlocking.still"}  # asked for by a page, never opened
WAYS_ON = {"attendance.current"}  # lead to another page, whatever is asked
BEFORE_A_SCHOOL = {"setup.begin", "setup.code"}

PAGES = {
    "account.index": ("duty", "/account"),
    "account.password": ("duty", "/account/password"),
    "activities.cancel": ("office", "/activities/{coming}/cancel"),
    "activities.edit": ("office", "/activities/{coming}/edit"),
    "activities.move": ("office", "/activities/{coming}/move"),
    "activities.new": ("office", "/activities/new"),
    "activities.show": ("office", "/activities/{coming}", "/activities/{cancelled}"),
    "attendance.leave": ("duty", "/attendance/{now}/children/{child}/leave"),
    "attendance.roll": (
        "duty",
        "/attendance/{now}?mode=in",
        "/attendance/{now}?mode=out&order=name",
        "/attendance/{coming}",
    ),
    "attendance.sign_out_many": ("duty", "/attendance/{now}/sign-out-many"),
    "attendance.sign_all_in": ("duty", "/attendance/{now}/sign-all-in"),
    "backups.index": ("admin", "/backups"),
    "backups.place": ("admin", "/backups/second"),
    "backups.show": ("admin", "/backups/here/{backup}"),
    "calendar.change_closed": ("office", "/calendar/closed/2026-12-01"),
    "calendar.change_make_up": ("office", "/calendar/make-up/2026-12-06"),
    "calendar.change_term": ("office", "/calendar/terms/{term}"),
    "calendar.close": ("office", "/calendar/closed"),
    "calendar.index": ("office", "/calendar", "/calendar?year=2031"),
    "calendar.make_up": ("office", "/calendar/make-up"),
    "calendar.new_term": ("office", "/calendar/terms/new"),
    "calendar.notice": ("office", "/calendar/notice"),
    "calendar.remove_day": ("office", "/calendar/days/2026-12-01/remove"),
    "cards.index": ("office", "/cards", "/cards?child={child}&q=x"),
    "cards.print_cards": ("office", "/cards/print?class={school_class}&per=10"),
    "call_lists.index": ("office", "/calls/missing", "/calls/missing?month=2026-10"),
    "call_lists.print_lists": ("office", "/calls/missing/print"),
    "call_register.index": (
        "duty",
        "/calls/register",
        "/calls/register?by=week&day=2026-11-02",
        "/calls/register?child={child}",
    ),
    "call_register.print_register": ("duty", "/calls/register/print"),
    "call_wishes.book": ("duty", "/calls/children/{child}/book"),
    "calls.dial": ("duty", "/calls/children/{child}", "/calls/children/{left}"),
    "calls.find": ("duty", "/calls/find", "/calls/find?q=zz"),
    "calls.index": ("duty", "/calls"),
    "calls.number": ("duty", "/calls/children/{child}/carer"),
    "calls.talking": ("duty", "/calls/{talking}"),
    "calls.tell": ("duty", "/calls/{talking}/tell", "/calls/{forgotten}/tell"),
    "check.index": ("admin", "/check"),
    "check_items.index": ("office", "/settings/room-check"),
    "check_items.rename": ("office", "/settings/room-check/1/rename"),
    "children.edit": ("office", "/children/{child}/edit"),
    "children.index": ("office", "/children", "/children?q=nobody"),
    "children.leave": ("office", "/children/{child}/leave"),
    "children.new": ("office", "/children/new"),
    "children.show": ("office", "/children/{child}", "/children/{left}"),
    "classes.edit": ("office", "/classes/{school_class}"),
    "classes.index": ("office", "/classes"),
    "classes.new": ("office", "/classes/new"),
    "classes.new_grades": ("office", "/classes/new-grades"),
    "duty_counts.index": ("office", "/schedule/duty-counts"),
    "frozen.finalise": (
        "head",
        "/reports/week/finalise?week={signed_week}",
        "/reports/week/finalise?class={school_class}",
    ),
    "frozen.show": ("head", "/reports/frozen/{signed}"),
    "frozen.slip": ("head", "/reports/frozen/{signed}/slip"),
    "closing.close": ("duty", "/attendance/{now}/close", "/attendance/{open}/close"),
    "collecting.change": ("office", "/collectors/{collector}"),
    "collecting.home": ("office", "/children/{child}/way-home"),
    "collecting.new": ("office", "/children/{child}/collectors/new"),
    "corrections.correct": ("office", "/attendance/{closed}/children/{child}/correct"),
    "glass.begin": ("head", "/break-glass"),
    "glass.hand_over": ("head", "/break-glass/hand-over"),
    "glass.index": ("head", "/break-glass/notes"),
    "glass.show": ("head", "/break-glass/notes/{note}", "/break-glass/notes/{void}"),
    "handover.index": ("counsellor", "/notes/hand-over"),
    "counselling.book": ("duty", "/counselling/book?child_id={child}", "/counselling/book"),
    "counselling.find": ("duty", "/counselling/find", "/counselling/find?q=zz"),
    "counselling.mine": ("duty", "/counselling"),
    "counselling_calendar.week": ("duty", "/counselling/calendar"),
    "counselling_counts.index": (
        "head",
        "/counselling/counts",
        "/counselling/counts?year=9",
    ),
    "counselling_desk.block": ("counsellor", "/counselling/desk/block"),
    "counselling_desk.cancel": ("counsellor", "/counselling/desk/{session}/cancel"),
    "counselling_desk.move": (
        "counsellor",
        "/counselling/desk/{session}/move",
        "/counselling/desk/{wish}/move",
    ),
    "counselling_desk.week": ("counsellor", "/counselling/desk", "/"),
    "counselling_hours.index": ("counsellor", "/counselling/hours"),
    "counselling_series.follow": ("counsellor", "/counselling/desk/{session}/follow"),
    "help.duty_card": ("duty", "/help/duty-card"),
    "help.phone_card": ("duty", "/help/phone-card"),
    "help.index": ("office", "/help"),
    "home.today": ("duty", "/"),
    "imports.begin": ("office", "/children/import"),
    "imports.columns": ("office", "/children/import/{roster}/columns"),
    "imports.done": ("office", "/children/import/{imported}/done"),
    "imports.preview": ("office", "/children/import/{roster}", "/children/import/{worse}"),
    "leave.find": ("office", "/leave/find", "/leave/find?q=zz"),
    "leave.index": ("office", "/leave"),
    "leave.new": ("office", "/leave/children/{child}/new"),
    "login.sign_in": ("", "/login"),
    "picking.family_phones": ("duty", "/attendance/{now}/children/{child}/phones"),
    "picking.pick": ("duty", "/attendance/{now}/children/{child}/pick"),
    "picking.unlisted": ("duty", "/attendance/{now}/children/{child}/unlisted"),
    "notes.edit": ("counsellor", "/notes/{note}/edit", "/notes/{referral}/edit"),
    "notes.index": ("counsellor", "/notes", "/notes?with={note}"),
    "notes.new": (
        "counsellor",
        "/notes/new",
        "/notes/new?kind=referral&with={note}",
        "/notes/new?booking={held}",
    ),
    "notes.print_one": ("counsellor", "/notes/{note}/print"),
    "notes.referrals": ("counsellor", "/notes/referrals"),
    "notes.show": ("counsellor", "/notes/{note}", "/notes/{referral}", "/notes/{void}"),
    "notes.void": ("counsellor", "/notes/{note}/void"),
    "numbers.renew": ("office", "/numbers/{fault}"),
    "phones.index": ("office", "/phones"),
    "phones.new": ("office", "/phones/new"),
    "phones.open_hours": ("office", "/phones/hours/new"),
    "phones.rename": ("office", "/phones/{phone}/rename"),
    "paper.enter": (
        "office",
        "/paper/activities/{now}?sheet={sheet}",
        "/paper/activities/{closed}?sheet=0",
    ),
    "paper.forms": ("duty", "/paper/forms"),
    "paper.index": ("office", "/paper", "/paper?number=999"),
    "paper.sheet": ("duty", "/paper/sheets/{sheet}"),
    "paper.week": ("head", "/paper/weeks/{monday}"),
    "presence.index": ("duty", "/present"),
    "released.index": ("office", "/released"),
    "reports.print_week": ("head", "/reports/week/print", "/reports/week/print?each=1"),
    "reports.week": ("head", "/reports/week", "/reports/week?week={signed_week}"),
    "rooms.index": ("office", "/rooms"),
    "rooms.rename": ("office", "/rooms/{room}/rename"),
    "scanning.find": (
        "duty",
        "/attendance/{now}/find?q=x",
        "/attendance/{now}/find?q=x&mode=out",
        "/attendance/{now}/find?q=zz",
    ),
    "schedule.mine": ("duty", "/schedule/mine"),
    "schedule.wall": ("head", "/schedule/wall"),
    "schedule.week": ("office", "/schedule"),
    "settings.index": ("admin", "/settings"),
    "slots.change": ("office", "/slots/{slot}/change"),
    "slots.end": ("office", "/slots/{slot}/end"),
    "slots.index": ("office", "/slots"),
    "slots.new": ("office", "/slots/new"),
    "slots.show": ("office", "/slots/{slot}", "/slots/{ended}"),
    "staff.add": ("admin", "/staff/add"),
    "staff.edit": ("admin", "/staff/{teacher}", "/staff/{retired}"),
    "staff.index": ("admin", "/staff"),
    "staff.roles": ("admin", "/roles"),
    "swaps.ask": ("duty", "/activities/{coming}/swap"),
    "unlocking.hidden": ("counsellor", "/notes/hidden"),
    "vaults.code": ("counsellor", "/notes/vault/code"),
    "vaults.index": ("counsellor", "/notes/vault"),
    "vaults.opened": ("counsellor", "/notes/vault/openings"),
    "vaults.passphrase": ("counsellor", "/notes/vault/passphrase"),
    "vaults.recover": ("counsellor", "/notes/vault/recover"),
    "trail.index": ("head", "/trail", "/trail?who=999"),
}
ROLES = ("duty", "office", "head", "admin", "counsellor")
BROKEN_FOR = "学生留言说今晚不想活了"

# What opens sealed notes: the page with the form, where it is sent, what is typed.
UNLOCK = {
    "counsellor": ("/notes", "/notes/unlock", {"passphrase": make.PASSPHRASE}),
    "head": (
        "/break-glass",
        "/break-glass",
        {"passphrase_code": make.CODE, "passphrase_reason": BROKEN_FOR},
    ),
}


class Filled(NamedTuple):
    """A school with something on every page: who may open them, and the ids in them."""

    people: dict[str, Staff]
    ids: dict[str, object]

    def paths(self, role):
        """All that this role opens."""
        return [
            path.format(**self.ids)
            for who, *paths in PAGES.values()
            if who == role
            for path in paths
        ]


@db.atomic()
def school(at, **of_staff):
    """Children that are here, late, on leave or gone; all user data looks alike in 繁 and
    简, so that any traditional character on a page is one of ours."""
    School.update(name="董岗镇中心学校", home_name="向阳之家").execute()
    people = {role: make.staff(f"{role}老师", roles=(role,), **of_staff) for role in ROLES}
    duty, office = people["duty"], people["office"]
    ids = {
        "term": make.term(name="2026年秋季学期").id,
        "teacher": duty.id,
        "room": make.room().id,
        "retired": make.staff("孙老师", retired_at=at).id,
    }
    ids |= children_of(duty, at) | drafts_of(office, at)
    ids |= schedule_of(duty, at, ids["child"])
    ids |= signed_by(people["head"], at)
    swapped_by(duty, at)
    ids |= sealed_by(people["counsellor"], people["head"], ids["child"], at)
    ids |= counselling_of(people["counsellor"], duty, at, ids["child"])
    ids |= calls_of(duty, at, ids["child"])
    ids |= papers_of(duty, at)
    for day, kind in ((date(2026, 12, 1), "closed"), (date(2026, 12, 6), "make_up")):
        CalendarDay.create(day=day, kind=kind, name="运动会")
    for n, kind in ((0, "make_up"), (7, "closed")):  # the name of a public holiday is ours
        CalendarDay.create(day=at.date() + timedelta(days=n), kind=kind, name="國慶節")
    Room.update(name="美术室").where(Room.name == "活動室").execute()
    trail.record("calendar.day", by=make.actor(office), at=at, detail="运动会")
    return Filled(people, ids)


def fill(at, **of_staff):
    """The same with a backup, which sees what is committed."""
    filled = school(at, **of_staff)
    filled.ids["backup"] = making.make(paths(), BackupKind.MANUAL, at).name
    return filled


def children_of(teacher, at):
    group = make.school_class(teacher=teacher)
    facts = {"carer_name": "王大山", "carer_phone": "13477190001", "address": "董岗村" * 9}
    first = make.child(
        "阿依古丽·买买提" * 2, number="202611001", school_class=group, **facts
    )
    about = {"relation": "爷爷", "phone": "13477190001"}
    listed = make.collector(first, "王大山" * 3, usual=True, **about)
    make.collector(first, "李婶", relation="邻居", ended_at=at)
    left = make.child("小王", left_on=at.date(), left_reason="转学")
    make.leave(first, teacher, at.date(), note="家里有事")
    ids = {"child": first.id, "left": left.id, "school_class": group.id}
    return {**ids, "collector": listed.id}


def schedule_of(teacher, at, child):
    slot = make.slot(title="作业辅导")
    others = [make.child(f"小{letter}", school_class=None) for letter in "红明丽华"]
    now = make.activity(at, duty=[teacher], slot=slot, title="阅读" * 15)
    past = make.activity(at - timedelta(days=21), duty=[teacher], title="活动")
    for n, one in enumerate([Child.get_by_id(child), *others]):
        came = at + timedelta(minutes=9 * n) if n < 3 else None
        for activity in (now, past):
            make.attendance(activity, one, came_at=came, leave="sick" * (n == 4))
    coming = make.activity(at + timedelta(days=2), duty=[teacher], title="讲座")
    off = {"cancelled_at": at, "cancel_reason": "停电"}
    cancelled = make.activity(at + timedelta(days=3), title="讲座", **off)
    ended = make.slot(title="兴趣小组", weekday=3, ended=True)
    CheckItem.update(name="大门").where(CheckItem.id == 1).execute()
    closed = make.activity(at - timedelta(days=14), duty=[teacher], title="活动")
    make.attendance(closed, Child.get_by_id(child), came_at=closed.starts)
    Activity.update(closed_at=closed.ends, closed_by=teacher).where(
        Activity.id == closed.id
    ).execute()
    made = {"open": past, "closed": closed}
    collected_of(teacher, closed, child)
    made |= {"now": now, "coming": coming, "cancelled": cancelled, "slot": slot}
    return {name: row.id for name, row in {**made, "ended": ended}.items()}


def collected_of(teacher, closed, child):
    """One who was let go with somebody not on the list, and waits for the office; another
    that the office has put aside."""
    gone = {"way_home": "other", "collected_by": "邻居 李婶", "released_by": teacher}
    gone |= {
        "came_at": closed.starts,
        "went_at": closed.ends,
        "release_reason": "奶奶住院了",
    }
    seen = {"release_seen_at": closed.ends, "release_seen_by": teacher}
    make.attendance(closed, make.child("小文"), **gone)
    make.attendance(closed, make.child("小安"), **gone, **seen)


def swapped_by(teacher, at):
    """A duty handed to this teacher, one that a colleague asks for, one that they ask."""
    other, by = make.staff("小王老师"), make.actor(teacher)
    for n, (gives, takes) in enumerate([(other, by), (other, by), (teacher, other)]):
        starts = at + timedelta(days=4 + n)
        activity = make.activity(starts, duty=[gives], title="讲座")
        asker = make.actor(gives)
        made = swaps.ask(activity.id, takes.id, words="开会", by=asker, at=at)
        if n == 0:
            swaps.accept(made.id, by=by, at=at)


def calls_of(teacher, at, child):
    """Somebody talks, somebody forgot to end, one line is free, and two wait."""
    first = Child.get_by_id(child)
    room = make.room()
    lines = [make.phone(f"线路{n}", room=room) for n in range(3)]
    make.phone("旧线路", "video", room=room, retired=True)
    make.phone_hours(at.weekday(), room=room, ends=time(23, 59))
    here = Child.select().where(Child.name.startswith("小"), Child.left_on.is_null())
    red, ming, li, hua = here.order_by(Child.id).limit(4)
    told = {
        "started_by": teacher,
        "callee": "王大山",
        "contact": "carer",
        "relation": "奶奶",
    }
    ago = at - timedelta(minutes=12)
    talking = make.call(red, ago, phone=lines[0], result="", **told)
    forgotten = make.call(ming, ago - timedelta(days=1), phone=lines[1], result="", **told)
    make.call(hua, ago, phone=lines[2], feeling="happy", **told)
    make.call(
        hua, at - timedelta(minutes=4), minutes=2, result="busy", phone=lines[2], **told
    )
    dead = make.call(first, ago, phone=lines[2], result="out_of_order", **told)
    fault = NumberFault.create(
        child=first,
        contact="carer",
        number="13477190001",
        call=dead,
        found_at=at,
        found_by=teacher,
    )
    slot = {"starts": at.time(), "ends": (at + timedelta(minutes=10)).time()}
    make.wish(first, at, asked_by=teacher, phone=lines[2], **slot)
    make.wish(li, at, asked_by=teacher)
    made = {"talking": talking, "forgotten": forgotten, "fault": fault, "phone": lines[2]}
    return {name: row.id for name, row in made.items()}


def signed_by(person, at):
    """The sheet of three weeks ago, and one mark that changed since."""
    day = (at - timedelta(days=21)).date()
    week = teaching_week(Term.get().first_day, day)
    which = frozen.WhichSheet(Term.get().id, week, None, monday_of(day))
    found = weekly_sheet.week(day, day, weekly_sheet.classes(), now=at)
    html = '<section class="week-paper"><h1>第10周 <small>第1版</small></h1></section>'
    figures = keep(found.sheet)
    by = make.actor(person)
    row = frozen.finalise(which, 1, html=html, figures=figures, detail="", by=by, at=at)
    Attendance.update(leave="sick").where(
        Attendance.activity == found.sheet.columns[0].id, Attendance.came_at.is_null()
    ).execute()
    return {"signed": row.id, "signed_week": week}


def sealed_by(person, head, child, at):
    """Notes of a child and of an alias, one changed, one void; and a broken glass."""
    vault, by = make.vault(person), make.actor(person)
    make.vault(make.staff("周老师", roles=("counsellor",)))
    told = {"who": "阿依古丽", "risk": "high", "next_day": at.date(), "place": "心理室"}
    note = make.note(
        vault, child_id=child, starts=at.time(), issue="夜里睡不着" * 9, **told
    )
    changed = Note(who="阿依古丽", child_id=child, day=at.date(), way="phone", risk="watch")
    notes.change(note, vault, changed, version=1, by=by, at=at)
    void = make.note(vault, who="小草", issue="写错")
    gone = Note(who="小草", day=at.date(), void="写错")
    notes.void(void, vault, gone, version=1, by=by, at=at)
    sent = {"kind": "referral", "way": "", "to_whom": "县医院", "reason": "睡不着"}
    openings.record(vault, "break_glass", by=make.actor(head), at=at, reason=BROKEN_FOR)
    return {
        "vault": vault.id,
        "note": note,
        "void": void,
        "referral": make.note(vault, who="小草", **sent),
    }


def unlock(client, role, filled):
    """Opens what this role can open, as a person would."""
    if role in UNLOCK:
        _, url, typed = UNLOCK[role]
        answer = client.post(url, data={"vault_id": filled.ids["vault"], **typed})
        assert answer.status_code == 303, answer.text


def counselling_of(person, teacher, at, child):
    """Hours, exceptions, and a booking in every state."""
    room = make.counselling_room("谈心室")
    make.counselling_hours(person, room=room, weekday=at.weekday())
    make.counselling_exception(person, at.date() + timedelta(days=8))
    times = {"starts": at.time(), "ends": (at + timedelta(hours=1)).time()}
    make.counselling_exception(person, at.date(), kind="extra", room=room, **times)
    about = {"room": room, "by": teacher, "channel": "child", "sealed": b"\x01closed"}
    make.booking(person, at + timedelta(hours=3), child=child, state="waiting", **about)
    wish = make.booking(person, None, by=teacher, state="waiting", urgent=True)
    for n, state in enumerate(("booked", "done", "missed", "cancelled"), 2):
        reason = "withdrawn" if state == "cancelled" else ""
        told = {"state": state, "before": "waiting", "cancel_reason": reason}
        make.booking(person, at - timedelta(hours=n), child=child, **told, **about)
    for n in range(4):
        held = make.booking(person, at - timedelta(days=40 + n), room=room, state="done")
    make.booking(person, at - timedelta(hours=7), kind="meeting", room=room)
    ahead = make.booking(person, at + timedelta(days=1), child=child, **about)
    make.booking(person, at + timedelta(days=8), series=ahead.id, **about)
    return {"session": ahead.id, "wish": wish.id, "held": held.id}


def papers_of(person, at):
    """Blank sheets of the week, the first of the activity that is on."""
    monday = monday_of(at.date())
    by = make.actor(person)
    numbers = paper.prepare(monday, monday + timedelta(days=6), by=by, at=at)
    return {"monday": monday, "sheet": numbers[0]}


def drafts_of(person, at):
    """A roster with nothing but new children, one with questions, and one that is done."""
    by = make.actor(person)

    def keep(content, name):
        book = reading.read(content, name)
        token = drafts.keep(book, by=by, at=at)
        drafts.understand(token, guess(book), by=by, at=at)
        return token, book

    worse = "姓名,班级,电话,出生日期\n小王,九年级99班,12,哪天\n" + "小王,三年级1班,,\n" * 2
    done, book = keep("姓名,班级\n赵一,三年级1班\n".encode(), "一.csv")
    rows = rows_of(book.sheets[0], guess(book), today=at.date())
    seen = imports.preview(rows).digest
    imports.confirm(rows, seen=seen, choices={}, by=by, at=at, token=done)
    return {
        "roster": keep(ROSTER.read_bytes(), ROSTER.name)[0],
        "worse": keep(worse.encode(), "二.csv")[0],
        "imported": done,
    }
