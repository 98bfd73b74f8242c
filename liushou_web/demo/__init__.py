"""An invented school as of today: `serve --demo` shows it, built by the same functions
that real teachers use."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from liushou_web.access import ROLE_LABELS, Role
from liushou_web.actor import Actor
from liushou_web.children.store import classes, register
from liushou_web.consent import Consent
from liushou_web.db import db
from liushou_web.schedule.rules.activities import (
    ActivityKind,
    ActivityPlan,
    Expected,
    SlotPlan,
)
from liushou_web.schedule.rules.calendar import SpecialDay, monday_of
from liushou_web.schedule.store import activities, calendar, planning, replanning
from liushou_web.schema import Activity, Child, Room, SchoolClass, Staff, Term
from liushou_web.school.rules import passwords
from liushou_web.school.store import staff
from liushou_web.serve.announce import Account
from liushou_web.serve.data_folder import DataFolder
from liushou_web.setup.rules.setup import term_name
from liushou_web.setup.store import setup
from liushou_web.span import Span
from liushou_web.version import __version__

from . import (
    attendance,
    collecting,
    counselling,
    frozen,
    leave,
    notes,
    paper,
    people,
    phone,
    swaps,
)

WEEKS_BEFORE, WEEKS = 12, 20
TRAINING_AFTER = timedelta(weeks=WEEKS_BEFORE + 1)
TO_SUNDAY = timedelta(days=3)  # from a Thursday
ROOMS = ("活動室", "閱讀室", "美術室", "親情電話室", "心理輔導室")
WEEKLY_SLOTS = (
    (1, "活動室", "作業輔導", ActivityKind.HOMEWORK, ("li", "chen")),
    (3, "閱讀室", "課外閱讀", ActivityKind.READING, ("huang", "zhang")),
)
AFTER_SCHOOL = time(16, 30), time(18, 0)
ADDRESS = "192.168.1.21"
BEGAN, LASTS, ROUND = (timedelta(minutes=n) for n in (20, 120, 5))
DRAWING = "繪畫興趣小組"
VAULT_KEYS = {
    notes.LOGIN: f"筆記口令 {notes.PASSPHRASE}",
    "zhou": f"信封裏的恢復碼 {notes.CODE}",
}


def accounts() -> tuple[Account, ...]:
    """All logins, for the terminal and the login page of the demonstration."""
    return tuple(
        Account(
            person.login,
            person.name,
            "、".join(ROLE_LABELS[role] for role in Role if role in person.roles),
            people.PASSWORD,
            VAULT_KEYS.get(person.login, ""),
        )
        for person in people.staff()
    )


def make_ready(folder: DataFolder, now: datetime) -> None:
    """Builds the school where it is missing, of another day or of another version; and
    sees to it that an activity is open now."""
    mark = folder.path / "demo"
    made_for = f"{now.date()} {__version__}"
    if not mark.is_file() or mark.read_text("ascii") != made_for or not folder.exists:
        print("正在生成演示數據…", flush=True)
        mark.write_text("", "ascii")
        folder.empty()
        folder.create(lambda: build(now))
        mark.write_text(made_for, "ascii")
    folder.ready(now)
    printer = frozen.printer(folder.database)
    with db.connection_context():
        frozen.finalise_last_week(printer, "zhou", now)
        notes.write(now)
        counselling.arrange(now, _actor)
        open_now(now)


@db.atomic()
def build(now: datetime) -> None:
    """Builds a term of which twelve weeks have passed, with all that happened in them."""
    chance = Random(2026)  # noqa: S311 - the same school each time
    first_day = monday_of(now.date()) - timedelta(weeks=WEEKS_BEFORE)
    began = datetime.combine(first_day, time(8, 0))
    by = _set_up(first_day, began)
    _add_people(by, began, chance)
    _close_some_days(first_day, by, began)
    for weekday, room, title, kind, duty in WEEKLY_SLOTS:
        _open_slot(weekday, room, title, kind, duty, by, began)
    swaps.hand_over("作業輔導", "chen", "zhang", _actor)
    _hold_the_past(now, chance)
    leave.enter(now, _actor)
    collecting.enter(_office(), now)
    swaps.ask("課外閱讀", "huang", "li", now, _actor)
    phone.set_up(_office(), began)
    phone.hold(first_day, now, _actor)
    phone.today(now, _actor)


def _set_up(first_day: date, began: datetime) -> Actor:
    admin = next(person for person in people.staff() if Role.ADMIN in person.roles)
    begins = setup.Beginning(
        name="青石鎮中心學校（演示）",
        home_name="向陽留守兒童之家",
        script="hant",
        term_name=term_name(first_day),
        first_day=first_day,
        last_day=first_day + timedelta(weeks=WEEKS, days=-3),
        rooms=ROOMS,
        login=admin.login,
        person=admin.name,
        password_hash=passwords.hash_of(people.PASSWORD),
        roles=admin.roles,
    )
    return _actor(setup.set_up(begins, address=ADDRESS, at=began))


def _actor(person: Staff) -> Actor:
    return Actor(person.id, person.name, person.roles, ADDRESS)


def _add_people(by: Actor, began: datetime, chance: Random) -> None:
    same = Staff.get_by_id(by.id).password_hash
    for person in people.staff():
        if person.name != by.name:
            staff.add(*person, same, by=by, at=began, must_change=False)
    class_ids = [
        classes.add(grade, 1, teacher_id=_staff(login).id, by=by, at=began).id
        for grade, login in enumerate(people.CLASS_TEACHERS, 1)
    ]
    invented = people.children(class_ids, began.date(), chance)
    register.add_all(invented, by=_office(), at=began)


def _staff(login: str) -> Staff:
    return Staff.get(Staff.login == login)


def _office() -> Actor:
    return _actor(_staff("lin"))


def _close_some_days(first_day: date, by: Actor, began: datetime) -> None:
    """Enters a sports day made up for on the Sunday after, and a free day that is yet to
    come."""
    special = calendar.special_days(first_day, first_day + timedelta(weeks=WEEKS))
    thursdays = [first_day + timedelta(weeks=week, days=3) for week in range(4, WEEKS)]
    usual = [day for day in thursdays if not special.keys() & {day, day + TO_SUNDAY}]
    sports, *later = usual
    training = next(day for day in later if day > began.date() + TRAINING_AFTER)
    days = {
        sports: SpecialDay(closed=True, name="校運動會"),
        sports + TO_SUNDAY: SpecialDay(False, "補運動會的課", sports),
        training: SpecialDay(closed=True, name="教師培訓，停課"),
    }
    replanning.change_days(days, seen="", by=by, at=began)


def _open_slot(
    weekday: int,
    room: str,
    title: str,
    kind: str,
    duty: tuple[str, ...],
    by: Actor,
    began: datetime,
) -> None:
    plan = SlotPlan(
        Term.get().id,
        Room.get(Room.name == room).id,
        weekday,
        *AFTER_SCHOOL,
        title,
        kind,
        frozenset(_staff(login).id for login in duty),
    )
    shown = planning.preview(plan, at=began)
    planning.open_slot(plan, Consent(shown.fingerprint), by=by, at=began)


def _hold_the_past(now: datetime, chance: Random) -> None:
    teacher = {slot[2]: _actor(_staff(slot[4][0])) for slot in WEEKLY_SLOTS}
    held = Activity.select().where(Activity.starts <= now).order_by(Activity.starts)
    over = [activity for activity in held if activity.ends <= now]
    never_taken, left_open = over[-4:-3], over[-2:-1]
    of_missed = {monday_of(activity.starts.date()) for activity in never_taken}
    for activity in held:
        by = teacher[activity.title]
        if monday_of(activity.starts.date()) in of_missed:
            paper.prepare(activity.starts.date(), by, now=now)
        if activity in never_taken:
            continue
        attendance.hold(activity, by, chance, until=now, neighbour=activity in over[-3:-2])
        if activity.ends <= now and activity not in left_open:
            attendance.close(activity, by, chance, until=now)
    paper.prepare(now.date(), _actor(_staff("li")), now=now)


@db.atomic()
def open_now(now: datetime) -> None:
    """Opens an activity that began a little while ago, on this very day, partly signed
    in."""
    running = (Activity.title == DRAWING) & (Activity.starts <= now) & (Activity.ends > now)
    if Activity.select().where(running).exists():
        return
    made = activities.add(_drawing(span_around(now)), by=_office(), at=now)
    by = _actor(_staff("li"))
    attendance.hold(made, by, Random(7), until=now)  # noqa: S311
    attendance.walk_in(made, by, at=now, count=1)


def span_around(now: datetime) -> Span:
    """A span from a little before to well after, at round minutes, within the day."""
    midnight = datetime.combine(now.date(), time.min)
    last = datetime.combine(now.date(), time(23, 59, 59))
    since = now - midnight
    starts = midnight + (since - since % ROUND) - BEGAN
    return Span(max(starts, midnight), min(starts + LASTS, last))


def _drawing(span: Span) -> ActivityPlan:
    chosen = Child.select(Child.id).join(SchoolClass).where(SchoolClass.grade.between(3, 5))
    ids = [child.id for child in chosen][::3]
    return ActivityPlan(
        Room.get(Room.name == "美術室").id,
        span,
        DRAWING,
        ActivityKind.INTEREST,
        frozenset({_staff("li").id, _staff("chen").id}),
        Expected("children", children=frozenset(ids)),
    )
