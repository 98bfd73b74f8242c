"""A generated school, written as plain SQL: a term, or ten years, of a busy home."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

CLASSES, GRADUATES = 18, 85  # of a school; who leaves and comes each year
WEEKS, PER_WEEK = 15, 7  # held in each term; activities in a week, all children expected
TEACHERS = 30
PASSWORD = "measured"  # noqa: S105 - of a school that does not exist
AFTERNOONS = ((0, 16), (1, 16), (1, 19), (2, 16), (3, 16), (3, 19), (4, 16))
COUNSELLOR, SESSIONS = TEACHERS + 1, 12  # of whom a child has so many a week
POOL, POOL_SIZE = 90, 80  # activities today whose taps are measured; children at each

COUNSELLING_ROOM, DAYS_BOOKED = POOL + 4, 14


class School(NamedTuple):
    """What the load needs to know of a school that was written."""

    pool: list[tuple[int, int]]  # activity and child of every tap that can be made
    children: list[int]  # of the school
    roll_83: int
    roll_500: int
    week: int  # the last whole week of the term
    attendance: int  # rows


def today() -> date:
    return (datetime.utcnow() + timedelta(hours=8)).date()  # noqa: DTZ003 - Beijing


def write(file: Path, terms: int, children: int = 500) -> School:
    """Fills a freshly migrated database with `terms` terms of a school of so many
    children, the last of which goes on."""
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA cache_size = -200000")
        indexes = _without_indexes(db)
        _people(db, children, years=(terms + 1) // 2)
        monday = today() - timedelta(days=today().weekday())
        for back in reversed(range(terms)):
            _term(db, children, monday, back)
        school = _today(db)
        for statement in indexes:
            db.execute(statement)
        db.commit()
        db.execute("PRAGMA journal_mode = WAL")
    return school


def _without_indexes(db: sqlite3.Connection) -> list[str]:
    """The big tables' indexes are made at the end, which is many times faster."""
    rows = db.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL "
        "AND tbl_name IN ('attendance', 'call', 'trail')"
    ).fetchall()
    for name, _ in rows:
        db.execute(f'DROP INDEX "{name}"')
    return [sql for _, sql in rows]


def _insert(db: sqlite3.Connection, table: str, rows: list[dict]) -> None:
    """Rows of any table; columns that are not named get what the schema must have."""
    columns = ", ".join(rows[0])
    values = ", ".join(f":{name}" for name in rows[0])
    sql = f"INSERT INTO {table} ({columns}) VALUES ({values})"  # noqa: S608 - our own words
    db.executemany(sql, rows)


def _people(db: sqlite3.Connection, children: int, years: int) -> None:
    school = {"id": 1, "name": "測速學校", "home_name": "測速之家", "script": "hant"}
    _insert(db, "school", [{**school, "grace_minutes": 10}])
    about = {"must_change": 0, "script": "", "password_hash": _hashed(PASSWORD)}
    _insert(
        db,
        "staff",
        [
            {"id": n, "login": f"t{n}", "name": f"老師{n}", "roles": "duty office", **about}
            for n in range(1, TEACHERS + 1)
        ],
    )
    _insert(
        db,
        "school_class",
        [
            {"id": n + 1, "grade": n // 3 + 1, "number": n % 3 + 1, "teacher_id": 1}
            for n in range(CLASSES)
        ],
    )
    _insert(db, "child", [_child(n) for n in range(children + GRADUATES * (years - 1))])
    gone = f"id <= {GRADUATES * (years - 1)}"
    db.execute(  # the day does not matter, nor does who left when
        f"UPDATE child SET left_on = ?, left_reason = 'graduated' WHERE {gone}",  # noqa: S608
        (today() - timedelta(days=30),),
    )
    db.execute(
        "INSERT INTO child_file (id, child_id, arrangement, carer_name, carer_relation, "
        "carer_phone, father_name, father_phone, mother_name, mother_phone, parents_work, "
        "address, note) SELECT id, id, 'grandparents', '奶奶', '奶奶', '13900000000', "
        "'', '', '', '', '廣東', '村', '' FROM child"
    )
    db.execute(
        "INSERT INTO collector (id, child_id, name, relation, phone, guardian, first_day, "
        "photo, added_at) SELECT id, id, '陳桂英', '奶奶', '13900000000', 1, '2020-09-01', "
        "'', '2020-09-01 08:00:00' FROM child"
    )
    db.execute(
        "INSERT INTO way_home (child_id, way, collector_id, consent_by, set_at) "
        "SELECT id, 'collector', id, '', '2020-09-01 08:00:00' FROM child"
    )
    _insert(
        db,
        "room",
        [{"id": n + 1, "name": f"房間{n}", "retired": 0} for n in range(POOL + 3)],
    )
    line = {"id": 1, "room_id": 1, "name": "電話", "way": "phone", "retired": 0}
    _insert(db, "phone", [line])
    _counselling(db)


def _counselling(db: sqlite3.Connection) -> None:
    """A counsellor who is in all day, every day: bookings are measured, not her rest."""
    person = {"id": COUNSELLOR, "login": "counsellor", "name": "輔導老師", "script": ""}
    more = {"roles": "counsellor", "must_change": 0, "password_hash": "none"}
    _insert(db, "staff", [{**person, **more}])
    room = {"id": COUNSELLING_ROOM, "name": "輔導室", "retired": 0, "counselling": 1}
    _insert(db, "room", [room])
    about = {"counsellor_id": COUNSELLOR, "room_id": COUNSELLING_ROOM}
    times = {"starts": "00:00:00", "ends": "23:50:00"}
    hours = [{"weekday": n, **about, **times} for n in range(7)]
    _insert(db, "counselling_hours", hours)
    db.execute("UPDATE school SET counselling_minutes = 10, counselling_pause = 0")


def sessions() -> list[datetime]:
    """Times that can be booked, from tomorrow on; ten minutes before midnight she rests."""
    first = datetime.combine(today() + timedelta(days=1), time())
    times = (first + timedelta(minutes=10 * n) for n in range(DAYS_BOOKED * 24 * 6))
    return [starts for starts in times if starts.time() < time(23, 40)]


def _booking(starts: datetime) -> dict:
    return {
        "counsellor_id": COUNSELLOR,
        "room_id": COUNSELLING_ROOM,
        "starts": starts,
        "ends": starts + timedelta(minutes=10),
        "kind": "child",
        "child_id": 1,
        "channel": "child",
        "urgent": 0,
        "state": "done",
        "before": "booked",
        "cancel_reason": "",
        "booked_by_id": 1,
        "asked_at": starts,
    }


def _child(n: int) -> dict:
    """The youngest come last; who is older than the school is large has left."""
    return {
        "id": n + 1,
        "number": f"2026{n:06}",
        "name": _name(n - (n % 50 == 49)),
        "sex": "mf"[n % 2],
        "school_class_id": n % CLASSES + 1,
        "boards": 0,
        "left_reason": "",
        "folded": "x",
        "pinyin": "x",
        "version": 1,
    }


def _name(n: int) -> str:
    """Of its own to each; one child in fifty has a neighbour's."""
    family = "李王張劉陳楊黃趙周吳徐孫朱馬胡郭林何高梁"[n % 20]
    first = "小志文雨子思佳建國春海秋玉雪曉明家欣宇永天慧俊美立"[n // 20 % 25]
    return f"{family}{first}{'明紅華強麗軍'[n // 500 % 6]}"


def _hashed(password: str) -> str:
    """As the program keeps it, but quick to compare: logging in is not what is measured."""
    digest = hashlib.scrypt(password.encode(), salt=b"salt", n=1024, r=8, p=1).hex()
    return f"scrypt:1024:8:1$salt${digest}"


def _term(db: sqlite3.Connection, children: int, monday: date, back: int) -> None:
    """One term, `back` half years ago, with its activities, rolls and trail."""
    first = monday - timedelta(weeks=WEEKS + 26 * back)
    term = {
        "name": f"學期-{back}",
        "first_day": first,
        "last_day": first + timedelta(weeks=20),
    }
    _insert(db, "term", [term])
    held = []
    for week in range(WEEKS):
        for weekday, hour in AFTERNOONS:
            day = first + timedelta(weeks=week, days=weekday)
            held.append(_activity(datetime.combine(day, time(hour, 30)), 1, 90))
    last = _last_id(db, "activity")
    _insert(db, "activity", held)
    weeks = (datetime.combine(first, time(9)) + timedelta(weeks=n) for n in range(WEEKS))
    booked = [week + timedelta(hours=n) for week in weeks for n in range(SESSIONS)]
    _insert(db, "counselling_booking", [_booking(starts) for starts in booked])
    youngest = db.execute("SELECT max(id) FROM child").fetchone()[0] - back // 2 * GRADUATES
    pupils = f"child.id BETWEEN {youngest - children + 1} AND {youngest}"
    _attendance(db, last, pupils)
    _calls(db, last, pupils)


def _activity(starts: datetime, room: int, minutes: int) -> dict:
    return {
        "room_id": room,
        "title": "作業輔導",
        "kind": "homework",
        "starts": starts.isoformat(" "),
        "ends": (starts + timedelta(minutes=minutes)).isoformat(" "),
        "expects": "all",
        "opened_at": starts.isoformat(" "),
        "grace_minutes": 10,
        "version": 1,
        "cancel_reason": "",
        "move_reason": "",
    }


def _last_id(db: sqlite3.Connection, table: str) -> int:
    return int(db.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0])  # noqa: S608


def _attendance(db: sqlite3.Connection, after: int, whom: str) -> None:
    """Of a hundred children 3 are away, 3 on leave, 7 late, and 1 is not signed out."""
    fate = "(child.id * 31 + activity.id * 17) % 100"
    came = (
        f"CASE WHEN {fate} < 6 THEN NULL WHEN {fate} < 13 "
        "THEN datetime(activity.starts, '+20 minutes') ELSE activity.starts END"
    )
    last = _last_id(db, "attendance")
    values = f"""
        activity.id, child.id, school_class_id, 0, {came},
        CASE WHEN {fate} < 6 THEN NULL ELSE 1 END,
        CASE WHEN {fate} < 7 THEN NULL ELSE activity.ends END,
        CASE WHEN {fate} < 7 THEN NULL ELSE 1 END,
        CASE WHEN {fate} < 3 THEN 'sick' ELSE '' END, '', 1
    """
    columns = (
        "activity_id, child_id, school_class_id, walk_in, came_at, came_by_id, went_at, "
        "went_by_id, leave, leave_note, version"
    )
    rows = f"FROM activity CROSS JOIN child WHERE activity.id > ? AND {whom}"
    sql = f"INSERT INTO attendance ({columns}) SELECT {values} {rows}"  # noqa: S608
    db.execute(sql, (after,))
    db.execute(
        "INSERT INTO trail (at, staff_id, address, deed, subject, subject_id, detail) "
        "SELECT came_at, 1, '192.168.1.21', 'attendance.sign_in', 'attendance', id, '' "
        "FROM attendance WHERE id > ? AND came_at IS NOT NULL",
        (last,),
    )


def _calls(db: sqlite3.Connection, after: int, whom: str) -> None:
    """Each child calls home once a week, and one time in ten nobody answers."""
    answered = (
        "CASE (child.id + activity.id) % 10 WHEN 0 THEN 'no_answer' ELSE 'connected' END"
    )
    db.execute(
        "INSERT INTO call (child_id, school_class_id, phone_id, way, contact, callee, "  # noqa: S608
        "relation, started_at, ended_at, result, feeling, started_by_id, ended_by_id) "
        "SELECT child.id, school_class_id, 1, 'phone', 'carer', '奶奶', '奶奶', "
        f"activity.starts, datetime(activity.starts, '+8 minutes'), {answered}, '', 1, 1 "
        f"FROM activity CROSS JOIN child WHERE activity.id > ? AND {whom} "
        "AND strftime('%w', activity.starts) = '1'",
        (after,),
    )


def _today(db: sqlite3.Connection) -> School:
    """Today's rolls: 60 with nobody here yet, one of 83 half here, one of all 500."""
    starts = datetime.combine(today(), time())
    rolls = [_activity(starts, 2 + n, 24 * 60 - 1) for n in range(POOL + 2)]
    last = _last_id(db, "activity")
    _insert(db, "activity", rolls)
    children = [
        id_ for (id_,) in db.execute("SELECT id FROM child ORDER BY id DESC LIMIT 500")
    ]
    pool = _pool(db, last + 1)
    roll_83, roll_500 = last + POOL + 1, last + POOL + 2
    half = [(roll_83, c) for c in children[:83]] + [(roll_500, c) for c in children]
    for rows, came in ((pool, None), (half, starts.isoformat(" "))):
        _insert(
            db,
            "attendance",
            [_row(*row, came if n % 2 else None) for n, row in enumerate(rows)],
        )
    rows = _last_id(db, "attendance")
    return School(pool, children, roll_83, roll_500, WEEKS, rows)


def _pool(db: sqlite3.Connection, first: int) -> list[tuple[int, int]]:
    """A child of its own for each tap, since nobody is at two activities at once. They
    leave today, so that the school is none the larger for them."""
    last = _last_id(db, "child")
    gone = {"left_on": today(), "left_reason": "moved"}
    _insert(db, "child", [{**_child(last + n), **gone} for n in range(POOL * POOL_SIZE)])
    return [(first + n % POOL, last + 1 + n) for n in range(POOL * POOL_SIZE)]


def _row(activity: int, child: int, came: str | None) -> dict:
    return {
        "activity_id": activity,
        "child_id": child,
        "school_class_id": (child - 1) % CLASSES + 1,
        "walk_in": 0,
        "came_at": came,
        "came_by_id": 1 if came else None,
        "leave": "",
        "leave_note": "",
        "version": 1,
    }
