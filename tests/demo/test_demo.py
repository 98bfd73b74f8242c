"""The invented school: whole, believable, as of today, and never in the real one's way."""

import shutil
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from kit import soup

from liushou_web import create_app, demo
from liushou_web.access import Role
from liushou_web.attendance.store import leave, paper
from liushou_web.counselling.store import notes
from liushou_web.db import db
from liushou_web.phone.store import calls, dead_numbers, phones
from liushou_web.phone.store import queue as call_queue
from liushou_web.reports.store import frozen
from liushou_web.schedule.store import swap_requests
from liushou_web.schema import (
    Activity,
    Attendance,
    Call,
    CallWish,
    Child,
    ChildFile,
    DutySwap,
    FrozenSheet,
    SchoolClass,
    Slot,
    SlotDuty,
    Staff,
    Term,
)
from liushou_web.serve.data_folder import DataFolder, hold
from liushou_web.vaults.store import vaults

TUESDAY_2PM = datetime(2026, 11, 24, 14, 2, 33)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A demonstration built once, and left as it is by the tests below."""
    with hold(tmp_path_factory.mktemp("demo"), demo=True) as folder:
        demo.make_ready(folder, TUESDAY_2PM)
        yield folder


@pytest.fixture
def school(built):
    db.init(str(built.database))
    with db.connection_context():
        yield


def test_its_children_and_staff_are_those_of_a_township_school(school):
    homes = Counter(file.arrangement for file in ChildFile.select())
    roles = {role for person in Staff.select() for role in person.roles}

    assert Child.select().count() == 83
    assert len({each.grade for each in SchoolClass.select()}) == 6
    assert set(homes) == {"grandparents", "relatives"}
    assert 0.75 < homes["grandparents"] / 83 < 0.85
    assert (Staff.select().count(), roles) == (12, set(Role))


def test_the_room_opens_twice_a_week_with_two_teachers(school):
    weekdays = [slot.weekday for slot in Slot.select()]

    assert weekdays == [1, 3]
    assert SlotDuty.select().count() == 4


def test_the_counsellors_notes_open_with_what_the_login_page_tells(school):
    from liushou_web.demo import VAULT_KEYS
    from liushou_web.demo import notes as sealed
    from liushou_web.vaults.rules import sealing

    vault = vaults.of(Staff.get(Staff.login == "he").id)
    key = sealing.unlock(bytes(vault.wrapped), VAULT_KEYS["he"].split()[-1])

    written = [entry.note for entry in notes.all_of(vault, key)]
    assert [note.kind for note in written].count("referral") == 1
    assert (len(written), {note.risk for note in written}) == (
        7,
        {"", "none", "watch", "high"},
    )
    code = VAULT_KEYS["zhou"].split()[-1]
    assert sealing.unlock_by_code(bytes(vault.wrapped_by_code), code) == key
    assert max(note.day for note in written) < TUESDAY_2PM.date()
    assert code == sealed.CODE


def test_twelve_weeks_have_passed_and_some_are_to_come(school):
    term = Term.get()
    held = Activity.select().where(Activity.opened_at.is_null(False), Activity.slot > 0)
    weeks = {(row.starts.date() - term.first_day).days // 7 for row in held}

    assert TUESDAY_2PM.date() - term.first_day == timedelta(weeks=12, days=1)
    assert len(weeks) >= 10  # of twelve: holidays take some
    assert Activity.select().where(Activity.starts > TUESDAY_2PM).count() > 5


def test_most_children_came_and_the_usual_exceptions_are_there(school):
    rows = Attendance.select().where(Attendance.activity.in_(past()))
    came = rows.where(Attendance.came_at.is_null(False)).count()

    assert 0.85 < came / rows.count() < 0.97
    assert rows.where(Attendance.leave != "").count() > 10
    forgotten = Attendance.came_at.is_null(False) & Attendance.went_at.is_null()
    assert 0 < rows.where(forgotten).count() < 30


def test_the_last_full_week_is_signed_and_nothing_changed_since(school):
    (sheet,) = FrozenSheet.select()

    assert (sheet.week, sheet.version) == (12, 1)
    assert sheet.made_at == datetime(2026, 11, 20, 17, 40)
    assert frozen.one(sheet.id).intact
    assert len(frozen.one(sheet.id).figures.rows) == 83


def test_a_sheet_of_the_week_is_printed_and_one_waits_to_be_entered(school):
    sheets = paper.latest(at=TUESDAY_2PM)
    over = [each for each in sheets if each.ends <= TUESDAY_2PM]

    assert len([each for each in over if each.opened_at is None]) == 1
    assert len(sheets) > len(over)
    assert len(paper.rows_of(each.number for each in over[:1])) == 83


def past():
    return Activity.select(Activity.id).where(Activity.ends <= TUESDAY_2PM)


def test_one_activity_is_open_now_and_partly_signed_in(school):
    open_now = Activity.starts <= TUESDAY_2PM, Activity.ends > TUESDAY_2PM
    (activity,) = Activity.select().where(*open_now)
    rows = Attendance.select().where(Attendance.activity == activity)

    assert activity.starts == datetime(2026, 11, 24, 13, 40)
    assert 0 < rows.where(Attendance.came_at.is_null(False)).count() < rows.count()


def test_class_teachers_entered_leave_ahead_and_nobody_came_in_spite_of_it(school):
    told = [entry.kind for entry in leave.coming(TUESDAY_2PM.date())]
    of_today = Attendance.select().where(Attendance.leave == "sick")
    on_roll = of_today.join(Activity).where(Activity.starts > TUESDAY_2PM.date())

    assert Counter(told) == {"sick": 4, "personal": 2}
    assert on_roll.where(Attendance.came_at.is_null(False)).count() == 0


def test_one_duty_was_handed_over_and_one_is_asked_of_the_duty_teacher(school):
    li = Staff.get(Staff.login == "li")
    (accepted,) = DutySwap.select().where(DutySwap.answer == "accepted")

    assert accepted.answered_at < TUESDAY_2PM - timedelta(weeks=8)
    assert [each.asked_by for each in swap_requests.to_answer(li.id, at=TUESDAY_2PM)] == [
        "黃麗華"
    ]


def test_children_called_home_all_term_and_somebody_is_talking_now(school):
    over = Call.select().where(Call.result != "")
    results = Counter(call.result for call in over)
    (talking,) = Call.select().where(
        Call.result == "", Call.started_at > TUESDAY_2PM.date()
    )

    assert over.count() > 200
    assert 0.7 < results["connected"] / over.count() < 0.9
    assert TUESDAY_2PM - talking.started_at == timedelta(minutes=4)
    assert [call.started_at.day for call in calls.forgotten(TUESDAY_2PM)] == [23]


def test_some_wait_for_a_call_today_one_at_a_time_of_its_own(school):
    queue = call_queue.queue(at=TUESDAY_2PM)
    booked = CallWish.select().where(CallWish.starts.is_null(False))

    assert len(queue) >= 5
    assert [wish.day for wish in booked] == [TUESDAY_2PM.date()]
    assert len(dead_numbers.waiting()) == 1
    assert {line.way for line in phones.in_use()} == {"phone", "video"}


@pytest.mark.parametrize("moment", ["00:00:10", "00:12:00", "16:45:00", "23:58:59"])
def test_the_open_activity_keeps_within_its_day(moment):
    now = datetime.fromisoformat(f"2026-11-24 {moment}")

    span = demo.span_around(now)

    assert span.starts <= now < span.ends
    assert span.starts.date() == span.ends.date() == now.date()


@pytest.mark.parametrize("minutes", [0, 6, 15])
def test_the_demonstration_opens_just_after_midnight_too(built, tmp_path, minutes):
    after_midnight = datetime(2026, 11, 25, 0, minutes, 10)
    db.init(str(shutil.copy(built.database, tmp_path)))

    with db.connection_context():
        demo.open_now(after_midnight)
        on = Activity.starts <= after_midnight, Activity.ends > after_midnight
        opened = Activity.select().where(*on, Activity.opened_at.is_null(False))
        assert [activity.starts.date() for activity in opened] == [after_midnight.date()]


def test_every_login_works_and_is_shown_on_the_login_page(built):
    config = {"SECRET_KEY": "k", "DATABASE": str(built.database), "WTF_CSRF_ENABLED": False}
    app = create_app({**config, "TESTING": True, "DEMO": demo.accounts()})
    page = soup(app.test_client().get("/login"))
    answer = app.test_client().post("/login", data={"login": "li", "password": "demo"})
    db.close()

    shown = [row.th.get_text() for row in page.select("#demo tbody tr")]
    assert shown == [account.login for account in demo.accounts()]
    assert (answer.status_code, answer.location) == (303, "/")


def test_a_real_installation_shows_no_logins(app):
    assert soup(app.test_client().get("/login")).select("#demo") == []


def test_the_next_start_of_the_day_keeps_it_and_the_next_day_makes_it_anew(
    built, tmp_path, monkeypatch
):
    folder = DataFolder(Path(shutil.copytree(built.path, tmp_path / "demo")))
    made = []
    monkeypatch.setattr(demo, "build", made.append)
    monkeypatch.setattr(demo, "open_now", lambda _: None)

    demo.make_ready(folder, TUESDAY_2PM + timedelta(hours=3))
    assert made == []

    demo.make_ready(folder, TUESDAY_2PM + timedelta(days=1))
    assert made == [TUESDAY_2PM + timedelta(days=1)]
