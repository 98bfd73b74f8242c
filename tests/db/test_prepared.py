"""Queries that are written once: they answer as peewee's own do, every time anew."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM, count_queries
from peewee import IntegrityError

from liushou_web.db.prepared import Prepared, as_row, change_row, new_row
from liushou_web.schema import Activity, Room, Staff


@Prepared
def of_kind(kind, since):
    return Activity.select().where(
        Activity.title != "不算", Activity.starts >= since, Activity.kind == kind
    )


@Prepared
def rename(name, room_id):
    return Room.update(name=name).where(Room.id == room_id)


@Prepared
def person(staff_id):
    return Staff.select().where(Staff.id == staff_id)


def test_the_values_go_where_they_belong_each_time(store):
    first = make.activity(kind="reading")
    second = make.activity(kind="drill", starts=MONDAY_4PM + timedelta(days=1))

    found = [
        [row[0] for row in of_kind.rows(kind, since)]
        for kind, since in (
            ("reading", MONDAY_4PM),
            ("drill", MONDAY_4PM),
            ("reading", MONDAY_4PM + timedelta(hours=1)),
        )
    ]

    assert found == [[first.id], [second.id], []]


def test_a_row_is_as_peewee_reads_it(store):
    made = make.activity(opened_at=MONDAY_4PM)
    teacher = make.staff(roles=("duty", "helper"))

    activity = as_row(Activity, of_kind.row(made.kind, MONDAY_4PM))
    staff = as_row(Staff, person.row(teacher.id))

    assert activity.__data__ == Activity.get_by_id(made.id).__data__
    assert staff.__data__ == Staff.get_by_id(teacher.id).__data__
    assert (staff.must_change, staff.roles) == (False, frozenset({"duty", "helper"}))
    assert not activity.is_dirty()


def test_a_write_tells_how_many_rows_it_changed(store):
    room = make.room()

    assert rename.execute("閱讀室", room.id) == 1
    assert rename.execute("閱讀室", 999) == 0
    assert Room.get_by_id(room.id).name == "閱讀室"


def test_nothing_found_is_none_and_each_use_is_one_query(store):
    with count_queries() as queries:
        assert person.row(999) is None

    assert queries.count == 1


def test_hostile_values_stay_values(store):
    make.activity(kind="reading")

    assert of_kind.rows("' OR 1=1 --", MONDAY_4PM) == []


def test_a_new_row_is_the_one_that_peewee_makes(store):
    values = {"login": "li", "name": "李老師", "password_hash": "x"}

    made = new_row(Staff, **values, roles=frozenset({"duty", "head"}))
    other = Staff.create(**{**values, "login": "wang"}, roles=frozenset({"duty", "head"}))

    read = Staff.get_by_id(made.id)
    assert read.__data__ == Staff.get_by_id(other.id).__data__ | {
        "id": made.id,
        "login": "li",
    }
    assert made.__data__ == other.__data__ | {"id": made.id, "login": "li"}


def test_a_new_row_that_the_database_refuses_is_refused_as_ever(store):
    room = make.room()

    with pytest.raises(IntegrityError):
        new_row(Room, name=room.name)


def test_change_row_sets_these_columns_of_this_row_alone(store):
    one, other = make.staff(), make.staff(login="wang")
    before = Staff.get_by_id(other.id).__data__

    counts = [
        change_row(Staff, one.id, {"name": "陳老師", "roles": frozenset({"head"})}),
        change_row(Staff, one.id + 100, {"name": "無", "roles": frozenset()}),
    ]

    changed = Staff.get_by_id(one.id)
    assert counts == [1, 0]
    assert (changed.name, changed.roles) == ("陳老師", {"head"})
    assert Staff.get_by_id(other.id).__data__ == before
