"""Factories: plain functions with defaults; a test states only what matters to it."""

from datetime import datetime, time, timedelta
from itertools import count

from kit import MONDAY_4PM
from werkzeug.security import generate_password_hash

from liushou_web.actor import Actor
from liushou_web.children.rules.names import search_columns
from liushou_web.counselling.rules.notes import Note
from liushou_web.counselling.store import notes
from liushou_web.schema import (
    Activity,
    ActivityDuty,
    Attendance,
    CalendarDay,
    Call,
    CallWish,
    Child,
    ChildFile,
    Collector,
    CounsellingBooking,
    CounsellingException,
    CounsellingHours,
    Leave,
    Phone,
    PhoneHours,
    Room,
    School,
    SchoolClass,
    Slot,
    Staff,
    Term,
    WayHome,
)
from liushou_web.vaults.rules import sealing
from liushou_web.vaults.store import vaults

SECRET = "a long enough secret"
HASH = generate_password_hash(SECRET, method="scrypt:1024:8:1")

numbers = count(1)


# What the page of settings sends when nothing was changed on it.
SETTINGS = {
    "name": "董崗鎮中心學校",
    "home_name": "向陽留守兒童之家",
    "script": "hant",
    "grace_minutes": 10,
    "absences_in_row": 2,
    "sick_alike": 3,
    "closing_grace_minutes": 30,
    "vault_idle_minutes": 5,
    "call_minutes": 10,
}


def school(**values):
    return School.create(
        **{"id": 1, "name": "董崗鎮中心學校", "home_name": "向陽留守兒童之家", **values}
    )


def staff(name="李老師", roles=("duty",), **values):
    values.setdefault("login", f"staff{next(numbers)}")
    return Staff.create(name=name, roles=frozenset(roles), password_hash=HASH, **values)


def actor(person=None, address="192.168.1.20"):
    person = person or staff()
    return Actor(person.id, person.name, person.roles, address)


def term(**values):
    return Term.create(
        **{
            "name": "2026年秋季學期",
            "first_day": datetime(2026, 9, 1).date(),
            "last_day": datetime(2027, 1, 22).date(),
            **values,
        }
    )


def closed(day, name="停課"):
    return CalendarDay.create(day=day, kind="closed", name=name)


def school_class(grade=3, number=1, **values):
    found = SchoolClass.get_or_none(grade=grade, number=number)
    return found or SchoolClass.create(grade=grade, number=number, **values)


def child(name="小明", way="bus", **values):
    """Who goes home by bus, so that one tap signs it out; with `way=None` by no way."""
    values.setdefault("school_class", None)
    values["school_class"] = values["school_class"] or school_class()
    file = {key: values.pop(key) for key in list(values) if key in ChildFile._meta.fields}
    made = Child.create(name=name, **search_columns(name)._asdict(), **values)
    ChildFile.create(child=made, **file)
    if way is not None:
        WayHome.create(child=made, way=way, set_at=MONDAY_4PM)
    return made


def collector(child, name="王大山", usual=False, **values):
    """Who may collect the child from that morning on; the `usual` one, if asked."""
    columns = {"relation": "爺爺", "first_day": MONDAY_4PM.date(), **values}
    columns.setdefault("added_at", MONDAY_4PM.replace(hour=8))
    made = Collector.create(child=child, name=name, **columns)
    if usual:
        WayHome.delete().where(WayHome.child == child).execute()
        WayHome.create(child=child, way="collector", collector=made, set_at=MONDAY_4PM)
    return made


def room(name="活動室"):
    found = Room.get_or_none(name=name)
    return found or Room.create(name=name)


def slot(**values):
    values.setdefault("term", Term.get_or_none() or term())
    values.setdefault("room", room())
    return Slot.create(
        **{
            "weekday": 0,
            "starts": time(16, 0),
            "ends": time(17, 30),
            "title": "作業輔導",
            "kind": "homework",
            **values,
        }
    )


def activity(starts=MONDAY_4PM, duty=(), **values):
    values.setdefault("room", room())
    made = Activity.create(
        **{
            "starts": starts,
            "ends": starts + timedelta(minutes=90),
            "title": "作業輔導",
            "kind": "homework",
            **values,
        }
    )
    for person in duty:
        ActivityDuty.create(activity=made, staff=person)
    return made


def attendance(activity, child, **values):
    """A row of an opened roll."""
    if activity.opened_at is None:
        activity.opened_at = activity.starts
        activity.save()
    values.setdefault("school_class", child.school_class_id)
    return Attendance.create(activity=activity, child=child, **values)


def leave(child, person, first=None, last=None, **values):
    """Entered that morning."""
    columns = {"kind": "personal", "entered_at": MONDAY_4PM.replace(hour=8), **values}
    first = first or MONDAY_4PM.date()
    days = {"first_day": first, "last_day": last or first}
    return Leave.create(child=child, staff=person, **days, **columns)


PASSPHRASE = "a passphrase of hers"
CODE = sealing.spaced("ABCDEFGHJKLMNPQRSTUV" + sealing.check_group("ABCDEFGHJKLMNPQRSTUV"))


def vault(person, passphrase=PASSPHRASE, code=CODE):
    """A vault of theirs in use."""
    new = sealing.new_vault(passphrase, code)
    return vaults.set_up(person.id, new, by=actor(person), at=MONDAY_4PM)


def key_of(vault, passphrase=PASSPHRASE):
    return sealing.unlock(bytes(vault.wrapped), passphrase)


def note(vault, at=MONDAY_4PM, **fields):
    """A note in the vault; its id."""
    words = {
        "who": "小明",
        "day": at.date(),
        "issue": "夜裏睡不著",
        "way": "face",
        **fields,
    }
    by = actor(Staff.get_by_id(vault.staff_id))
    return notes.write(vault, Note(**words), by=by, at=at)


def counselling_room(name="心理輔導室"):
    found = Room.get_or_none(name=name)
    return found or Room.create(name=name, counselling=True)


def counsellor(name="何老師", weekday=0, starts=time(14, 0), ends=time(17, 0)):
    """With hours on one day of the week."""
    person = staff(name, roles=("counsellor",))
    counselling_hours(person, weekday=weekday, starts=starts, ends=ends)
    return person


def counselling_hours(person, **values):
    values["room"] = values.get("room") or counselling_room()
    return CounsellingHours.create(
        **{
            "counsellor": person,
            "weekday": 0,
            "starts": time(14, 0),
            "ends": time(17, 0),
            **values,
        }
    )


def counselling_exception(person, first_day, last_day=None, kind="away", **values):
    days = {"first_day": first_day, "last_day": last_day or first_day}
    return CounsellingException.create(counsellor=person, kind=kind, **days, **values)


def booking(person, starts=MONDAY_4PM, by=None, **values):
    """With this counsellor; a wish without a time where `starts` is None."""
    placed = {}
    if starts is not None:
        room = values.pop("room", None) or counselling_room()
        placed = {"starts": starts, "ends": starts + timedelta(minutes=45), "room": room}
    columns = {"state": "booked", "asked_at": MONDAY_4PM.replace(hour=8)}
    return CounsellingBooking.create(
        **{**columns, **placed, "counsellor": person, "booked_by": by or person, **values}
    )


def phone(name="電話一", way="phone", **values):
    found = Phone.get_or_none(name=name)
    values["room"] = values.get("room") or room("親情電話室")
    return found or Phone.create(name=name, way=way, **values)


def phone_hours(weekday=0, starts=time(16, 0), ends=time(17, 0), **values):
    """Mondays from four to five."""
    values["room"] = values.get("room") or room("親情電話室")
    return PhoneHours.create(weekday=weekday, starts=starts, ends=ends, **values)


def call(child, started_at=MONDAY_4PM, minutes=8, result="connected", **values):
    """A call that is over; with result='' it is open."""
    values["phone"] = values.get("phone") or phone()
    values["started_by"] = values.get("started_by") or Staff.get_or_none() or staff()
    values.setdefault("school_class", child.school_class_id)
    over = {"ended_at": started_at + timedelta(minutes=minutes)} if result else {}
    columns = {"way": "phone", "contact": "mother", "callee": "王芳", **over, **values}
    return Call.create(child=child, started_at=started_at, result=result, **columns)


def wish(child, at=MONDAY_4PM, **values):
    """Asked for that day, at that moment."""
    values["asked_by"] = values.get("asked_by") or Staff.get_or_none() or staff()
    return CallWish.create(child=child, day=at.date(), asked_at=at, **values)
