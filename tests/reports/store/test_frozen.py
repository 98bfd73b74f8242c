"""Versions of a weekly sheet: one of each number, and never changed."""

from datetime import date, timedelta
from threading import Barrier, Thread

import make
import pytest
from kit import MONDAY_4PM, count_queries
from peewee import DatabaseError

from liushou_web.attendance.store import taps
from liushou_web.children.store import classes
from liushou_web.db import db
from liushou_web.refusal import NotFound, Refused
from liushou_web.reports.rules.frozen import KeptSheet, keep
from liushou_web.reports.store import frozen, weekly_sheet
from liushou_web.reports.store.frozen import Explanation, SheetVersion, WhichSheet
from liushou_web.schema import Attendance, FrozenSheet, Trail
from liushou_web.school.store import trail

HTML = "<section>第13周</section>"
NONE = KeptSheet((), ())
LATER = MONDAY_4PM + timedelta(hours=2)


@pytest.fixture
def school(store):
    make.school()
    return WhichSheet(make.term().id, 13, None, MONDAY_4PM.date())


@pytest.fixture
def by(store):
    return make.actor(make.staff(name="王校長", roles=("head",)))


def finalise(which, version=1, *, by, html=HTML, figures=NONE, at=MONDAY_4PM):
    return frozen.finalise(
        which, version, html=html, figures=figures, detail="第13周", by=by, at=at
    )


def week():
    days = date(2026, 11, 23), date(2026, 11, 29)
    return keep(weekly_sheet.week(*days, weekly_sheet.classes(), now=LATER).sheet)


def test_a_version_is_read_as_it_was_stored(school, by):
    make.attendance(make.activity(), make.child(), came_at=MONDAY_4PM)
    figures = week()

    row = finalise(school, by=by, figures=figures)

    found = frozen.one(row.id)
    assert found[:6] == (row.id, school, 1, MONDAY_4PM, "王校長", HTML)
    assert (found.figures, found.proven()) == (figures, found)
    assert trail.latest()[0][4:] == ("frozen.finalise", "frozen_sheet", row.id, "第13周")


def test_versions_are_counted_apart_by_monday_and_class(school, by):
    group = make.school_class()
    other_week = school._replace(monday=date(2026, 9, 7))
    next_week = school._replace(week=14, monday=date(2026, 11, 30))

    for which in (
        school,
        next_week,
        school._replace(class_id=group.id),
    ):
        finalise(which, by=by)
        finalise(which, 2, by=by, at=LATER)

    assert frozen.versions(school) == [
        SheetVersion(2, 2, LATER, "王校長", 13),
        SheetVersion(1, 1, MONDAY_4PM, "王校長", 13),
    ]
    assert frozen.newest(school._replace(class_id=group.id)).id == 6
    assert frozen.version_of(school, 1).id == 1
    assert frozen.version_of(school, 3) is frozen.newest(other_week) is None


@pytest.mark.parametrize("of_class", [False, True])
def test_a_number_is_given_once(school, by, of_class):
    which = school._replace(class_id=make.school_class().id) if of_class else school
    finalise(which, by=by)

    with pytest.raises(Refused, match="第1版剛剛已經定稿了，請返回周考勤表查看。"):
        finalise(which, by=by, html="<section>another</section>")

    assert [row.html for row in FrozenSheet.select()] == [HTML]
    assert Trail.select().where(Trail.deed == "frozen.finalise").count() == 1


@pytest.mark.parametrize("of_class", [False, True])
def test_of_many_who_finalise_at_once_one_makes_it(school, of_class):
    which = school._replace(class_id=make.school_class().id) if of_class else school
    people = [make.actor() for _ in range(6)]
    start, answers = Barrier(len(people)), []

    def race(by):
        with db.connection_context():
            start.wait()
            try:
                answers.append(finalise(which, by=by).version)
            except Refused as refusal:
                answers.append(str(refusal))

    racers = [Thread(target=race, args=(by,)) for by in people]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    assert answers.count(1) == 1
    assert answers.count("第1版剛剛已經定稿了，請返回周考勤表查看。") == 5
    assert [row.version for row in FrozenSheet.select()] == [1]


@pytest.mark.parametrize(
    "verb", ["UPDATE frozen_sheet SET html = 'x'", "DELETE FROM frozen_sheet"]
)
def test_a_frozen_sheet_is_never_changed(school, by, verb):
    finalise(school, by=by)

    with pytest.raises(DatabaseError, match="never changed"):
        db.execute_sql(verb)


@pytest.mark.parametrize(
    "changed",
    [
        {"html": "<section>第14周</section>"},
        {"figures": '{"columns": [], "rows": [1]}'},
        {"version": 2},
        {"week": 12},
        {"made_at": LATER},
        {"staff": 2},
        {"school_class": 1},
        {"sha256": "0" * 64},
    ],
    ids=str,
)
def test_what_was_altered_behind_its_back_is_refused(school, by, changed):
    make.school_class(), make.staff()
    row = finalise(school, by=by)
    db.execute_sql("DROP TRIGGER frozen_sheet_no_update")
    FrozenSheet.update(changed).execute()

    with pytest.raises(Refused, match="的存檔被改動過，不能再當作定稿使用。"):
        frozen.one(row.id).proven()


def test_a_version_that_is_not_there_is_not_found(store):
    with pytest.raises(NotFound):
        frozen.one(1)


def test_a_class_with_a_signed_sheet_cannot_be_removed(school, by):
    group = make.school_class()
    finalise(school._replace(class_id=group.id), by=by)

    with pytest.raises(Refused, match="不能刪除"):
        classes.remove(group.id, by=by, at=MONDAY_4PM)


@pytest.fixture
def roll(school):
    """小明 and 小紅 at one activity, whose roll is open."""
    return make.activity(), make.child("小明"), make.child("小紅")


def test_acts_on_a_child_explain_its_change(roll):
    reading, ming, hong = roll
    by = make.actor(make.staff(name="李老師"))
    taps.sign_in(reading.id, ming.id, by=by, at=MONDAY_4PM)
    taps.sign_all_in(reading.id, by=by, at=LATER)
    after = MONDAY_4PM + timedelta(seconds=1)

    found = frozen.explanations(
        [(reading.id, ming.id), (reading.id, hong.id)], MONDAY_4PM, LATER
    )
    later = frozen.explanations([(reading.id, ming.id)], after, LATER)
    before = frozen.explanations(
        [(reading.id, ming.id)], MONDAY_4PM - timedelta(days=1), MONDAY_4PM
    )

    own = Explanation(MONDAY_4PM, "李老師", "attendance.sign_in", "")
    whole = Explanation(LATER, "李老師", "attendance.sign_all_in", "1")
    assert found == {(reading.id, ming.id): [own], (reading.id, hong.id): [whole]}
    assert later == {(reading.id, ming.id): [whole]}
    assert before == {(reading.id, ming.id): [own]}


def test_acts_elsewhere_explain_nothing(roll):
    reading, ming, _ = roll
    by = make.actor()
    other = make.activity(starts=MONDAY_4PM + timedelta(hours=2))
    taps.sign_in(other.id, ming.id, by=by, at=LATER)
    make.attendance(reading, ming)

    assert frozen.explanations([(reading.id, ming.id)], MONDAY_4PM, LATER) == {
        (reading.id, ming.id): []
    }


@pytest.mark.parametrize("size", [1, 3])
def test_the_trail_is_asked_once_however_much_changed(school, size):
    by, reading = make.actor(), make.activity()
    children = [make.child(f"孩子{n}") for n in range(size)]
    for child in children:
        taps.sign_in(reading.id, child.id, by=by, at=MONDAY_4PM)
    changed = [(reading.id, child.id) for child in children]

    with count_queries() as queries:
        found = frozen.explanations(changed, MONDAY_4PM, LATER)

    assert queries.count == 1
    assert [len(acts) for acts in found.values()] == [1] * size
    assert Attendance.select().count() == size
