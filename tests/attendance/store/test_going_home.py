"""Signing out: by the usual way in one tap, by a choice, or with somebody not listed."""

from datetime import timedelta
from threading import Barrier, Thread

import make
import pytest
from kit import MONDAY_4PM, count_queries
from peewee import IntegrityError

from liushou_web.attendance.rules.corrections import RollFacts
from liushou_web.attendance.store import corrections, rolls, taps
from liushou_web.children.rules.collecting import Release, WayInWords
from liushou_web.db import db
from liushou_web.refusal import Refused
from liushou_web.schema import Activity, Attendance, Child, Collector, Trail, WayHome

SOON = MONDAY_4PM + timedelta(minutes=30)
LATER = SOON + timedelta(minutes=5)
TODAY = MONDAY_4PM.date()
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)


@pytest.fixture
def by(store):
    make.school()
    return make.actor()


@pytest.fixture
def reading(by):
    return make.activity(title="閱讀")


@pytest.fixture
def child(by):
    return make.child("小明", way=None)


@pytest.fixture
def here(reading, child):
    """The child is signed in; nothing is known of who collects it."""
    return make.attendance(reading, child, came_at=MONDAY_4PM)


def again(row):
    return Attendance.get_by_id(row.id)


def gone(row):
    row = again(row)
    return row.went_at, row.way_home, row.collected_by


def last_line():
    return Trail.select().order_by(-Trail.id).get()


def sign_out(row, by, at=SOON, **more):
    taps.sign_out(row.activity_id, row.child_id, by=by, at=at, **more)


def test_one_tap_where_somebody_usually_collects(here, by, child):
    make.collector(child, usual=True)

    sign_out(here, by)

    assert gone(here) == (SOON, "collector", "爺爺 王大山")
    assert last_line().detail == "way_home=collector; collected_by=爺爺 王大山"


@pytest.mark.parametrize(
    ("usual", "boards", "way"),
    [
        ({"way": "bus"}, False, "bus"),
        ({"way": "dormitory"}, True, "dormitory"),
        ({"way": "alone", "consent_by": "爺爺", "consent_on": TODAY}, False, "alone"),
    ],
)
def test_one_tap_for_each_other_usual_way(here, by, child, usual, boards, way):
    Child.update(boards=boards).execute()
    WayHome.create(child=child, set_at=MONDAY_4PM, **usual)

    sign_out(here, by)

    assert gone(here) == (SOON, way, "")


@pytest.mark.parametrize(
    "over",
    [
        {"last_day": YESTERDAY, "first_day": YESTERDAY},
        {"first_day": TOMORROW},
        {"ended_at": MONDAY_4PM},
    ],
)
def test_a_usual_person_who_may_not_collect_today_does_not(here, by, child, over):
    make.collector(child, usual=True, **over)
    before = again(here).version, Trail.select().count(), Activity.get().version

    with pytest.raises(Refused, match="「爺爺 王大山」現在不能接小明"):
        sign_out(here, by)

    assert gone(here) == (None, "", "")
    assert (
        again(here).version,
        Trail.select().count(),
        Activity.get().version,
    ) == before


def test_without_a_way_home_nobody_is_signed_out(here, by):
    with pytest.raises(Refused, match="小明沒有固定的回家方式"):
        sign_out(here, by)

    assert gone(here) == (None, "", "")


def test_a_boarder_who_does_not_board_any_more_is_not_sent_to_the_dormitory(
    here, by, child
):
    WayHome.create(child=child, set_at=MONDAY_4PM, way="dormitory")

    with pytest.raises(Refused, match="小明不住校"):
        sign_out(here, by)


def test_another_person_of_the_list_is_chosen(here, by, child):
    make.collector(child, usual=True)
    aunt = make.collector(child, "王小蓮", relation="姑姑")

    sign_out(here, by, choice=str(aunt.id))

    assert gone(here) == (SOON, "collector", "姑姑 王小蓮")


@pytest.mark.parametrize(
    ("choice", "refusal"),
    [
        ("1", "這個人不在小明的名單上"),  # on another child's
        ("99", "這個人不在小明的名單上"),
        ("alone", "沒有監護人同意的記錄"),
        ("dormitory", "小明不住校"),
        ("other", "請選擇怎麼回家"),
    ],
)
def test_a_choice_that_is_not_open_is_refused(here, by, child, choice, refusal):
    make.collector(make.child("小紅"), "別人的爺爺")
    make.collector(child, usual=True)

    with pytest.raises(Refused, match=refusal):
        sign_out(here, by, choice=choice)

    assert gone(here) == (None, "", "")


def test_the_words_stay_as_they_were_that_day(here, by, child):
    grandfather = make.collector(child, usual=True)
    sign_out(here, by)

    Collector.update(name="改了", ended_at=LATER).execute()

    assert gone(here)[2] == "爺爺 王大山"
    row = rolls.roll_row(rolls.activity(here.activity_id), child.id, at=LATER)
    assert row.home == WayInWords("爺爺 王大山", "接")
    assert grandfather.id


@pytest.mark.parametrize("choice", ["", "same"])
def test_a_second_tap_keeps_the_first_departure(here, by, child, choice):
    listed = make.collector(child, usual=True)
    sign_out(here, by)
    lines = Trail.select().count()

    sign_out(here, make.actor(), at=LATER, choice=choice and str(listed.id))

    assert gone(here) == (SOON, "collector", "爺爺 王大山")
    assert Trail.select().count() == lines


def test_a_second_tap_needs_no_way_that_is_still_open(here, by, child):
    make.collector(child, usual=True)
    sign_out(here, by)
    Collector.update(ended_at=SOON).execute()

    sign_out(here, by, at=LATER)

    assert gone(here) == (SOON, "collector", "爺爺 王大山")


def test_two_doors_that_say_different_things_are_not_both_right(here, by, child):
    make.collector(child, usual=True)
    sign_out(here, by)

    with pytest.raises(Refused, match="小明已於 16:30 簽退。如果記錯了，請先撤銷"):
        sign_out(here, by, at=LATER, choice="bus")

    assert gone(here) == (SOON, "collector", "爺爺 王大山")


def let_go(row, by, at=SOON, **other):
    told = Release("李嬸", "鄰居", "奶奶住院", by.id)._replace(**other)
    taps.release(row.activity_id, row.child_id, told, teachers={by.id}, by=by, at=at)


def test_somebody_not_listed_needs_a_reason_and_a_teacher(here, by):
    let_go(here, by)

    row = again(here)
    assert gone(here) == (SOON, "other", "鄰居 李嬸")
    assert (row.release_reason, row.released_by_id) == ("奶奶住院", by.id)
    assert (row.release_seen_at, row.release_seen_by_id) == (None, None)
    assert (last_line().deed, last_line().detail) == (
        "attendance.release",
        f"way_home=other; collected_by=鄰居 李嬸; release_reason=奶奶住院; "
        f"released_by={by.id}",
    )


@pytest.mark.parametrize("other", [{"reason": "病了"}, {"teacher_id": 99}, {"name": ""}])
def test_a_refused_release_leaves_no_trace(here, by, other):
    with pytest.raises(Refused):
        let_go(here, by, **other)

    assert gone(here) == (None, "", "")
    assert Trail.select().count() == 0


def test_the_same_release_pressed_twice_is_one(here, by):
    let_go(here, by)
    lines = Trail.select().count()

    let_go(here, by, at=LATER)

    assert (gone(here)[0], Trail.select().count()) == (SOON, lines)
    with pytest.raises(Refused, match="請先撤銷"):
        let_go(here, by, at=LATER, reason="別的原因")


def test_undoing_a_departure_takes_all_of_it_back(here, by):
    let_go(here, by)
    Attendance.update(release_seen_at=SOON, release_seen_by=by.id).execute()

    taps.undo(here.activity_id, here.child_id, was="out", by=by, at=LATER)

    row = again(here)
    assert gone(here) == (None, "", "")
    assert (row.release_reason, row.released_by_id) == ("", None)
    assert (row.release_seen_at, row.release_seen_by_id) == (None, None)
    assert "collected_by=鄰居 李嬸; release_reason=奶奶住院" in last_line().detail


@pytest.mark.parametrize(
    "wrong",
    [
        {"way_home": "bus", "went_at": None},
        {"way_home": "collector"},
        {"way_home": "bus", "collected_by": "爺爺"},
        {"way_home": "other", "collected_by": "李嬸", "release_reason": "奶奶住院"},
        {"way_home": "other", "collected_by": "李嬸", "release_reason": "病", "by": True},
        {"way_home": "bus", "release_reason": "奶奶住院"},
        {"way_home": "bus", "release_seen_at": SOON},
        {"way_home": "taxi"},
    ],
)
def test_the_table_promises_what_a_departure_says(here, by, wrong):
    teacher = {"released_by": by.id} if wrong.pop("by", False) else {}

    with pytest.raises(IntegrityError), db.atomic():
        Attendance.update(**{"went_at": SOON, **wrong, **teacher}).execute()


def seen_of(*rows):
    return {row.child_id: again(row).version for row in rows}


def test_many_out_leaves_those_somebody_has_to_choose_for_by_name(reading, by, child, here):
    bus, alone = make.child("小紅"), make.child("小剛", way=None)
    make.collector(alone, usual=True, last_day=TODAY)
    rows = [make.attendance(reading, each, came_at=SOON) for each in (bus, alone)]
    absent = make.attendance(reading, make.child("未到"))
    seen = seen_of(here, *rows, absent)

    batch = taps.sign_out_many(reading.id, seen, by=by, at=MONDAY_4PM)

    assert (batch.size, tuple(batch.left.values())) == (2, ("小明",))
    assert gone(here) == gone(absent) == (None, "", "")
    assert [gone(row) for row in rows] == [  # nobody leaves before coming
        (SOON, "bus", ""),
        (SOON, "collector", "爺爺 王大山"),
    ]
    assert rolls.size_of_batch(reading.id, batch.version) == 2
    assert (last_line().deed, last_line().detail) == ("attendance.sign_all_out", "2")


def test_many_out_leaves_those_whose_row_moved_on_by_name(reading, by):
    rows = [
        make.attendance(reading, make.child(name), came_at=MONDAY_4PM, version=1)
        for name in ("小紅", "小剛")
    ]
    seen = seen_of(*rows)
    taps.undo(reading.id, rows[0].child_id, was="in", by=by, at=SOON)
    taps.sign_in(reading.id, rows[0].child_id, by=by, at=SOON)

    batch = taps.sign_out_many(reading.id, seen, by=by, at=LATER)

    assert (batch.size, tuple(batch.left.values())) == (1, ("小紅",))
    assert [gone(row) for row in rows] == [(None, "", ""), (LATER, "bus", "")]


def test_many_out_signs_out_nobody_who_was_not_ticked(reading, by):
    ticked, other = (
        make.attendance(reading, make.child(name), came_at=MONDAY_4PM)
        for name in ("小紅", "小剛")
    )

    batch = taps.sign_out_many(reading.id, seen_of(ticked), by=by, at=SOON)

    assert (batch.size, tuple(batch.left.values())) == (1, ())
    assert [gone(ticked), gone(other)] == [(SOON, "bus", ""), (None, "", "")]


def test_many_out_keeps_the_departure_of_who_has_gone_already(reading, by):
    row = make.attendance(reading, make.child("小紅"), came_at=MONDAY_4PM)
    seen = seen_of(row)
    sign_out(row, make.actor())

    for _ in range(2):
        batch = taps.sign_out_many(reading.id, seen, by=by, at=LATER)
        assert (batch.size, tuple(batch.left.values())) == (0, ())

    assert gone(row) == (SOON, "bus", "")


def test_undoing_many_out_takes_the_ways_back(reading, by):
    row = make.attendance(reading, make.child("小紅"), came_at=MONDAY_4PM)
    batch = taps.sign_out_many(reading.id, seen_of(row), by=by, at=SOON)

    taps.undo_all(reading.id, batch.version, was="out", by=by, at=LATER)

    assert gone(row) == (None, "", "")


CORRECTED = {"reason": "記錯了人", "at": LATER + timedelta(hours=2)}


@pytest.fixture
def closed(here, by, reading):
    let_go(here, by)
    Activity.update(closed_at=LATER, closed_by=by.id).execute()
    return here


def test_a_corrected_time_keeps_who_collected(closed, by):
    facts = RollFacts(MONDAY_4PM, LATER)

    corrections.correct(closed.activity_id, closed.child_id, facts, by=by, **CORRECTED)

    assert gone(closed) == (LATER, "other", "鄰居 李嬸")


def test_a_corrected_away_departure_leaves_nothing_half_said(closed, by):
    facts = RollFacts(MONDAY_4PM, None)

    corrections.correct(closed.activity_id, closed.child_id, facts, by=by, **CORRECTED)

    row = again(closed)
    assert gone(closed) == (None, "", "")
    assert (row.release_reason, row.released_by_id) == ("", None)
    assert "collected_by=鄰居 李嬸; release_reason=奶奶住院" in last_line().detail


def test_a_departure_set_by_a_correction_does_not_say_how(here, by, child):
    make.collector(child, usual=True)
    Activity.update(closed_at=LATER, closed_by=by.id).execute()
    facts = RollFacts(MONDAY_4PM, SOON)

    corrections.correct(here.activity_id, here.child_id, facts, by=by, **CORRECTED)

    assert gone(here) == (SOON, "", "")


def queries_of(deed, *args, **kwargs):
    with count_queries() as queries:
        deed(*args, **kwargs)
    return queries.count


def test_a_sign_out_costs_as_many_queries_as_a_sign_in(reading, by):
    first, second = make.child("一"), make.child("二")
    for each in (first, second):
        make.attendance(reading, each)
    told = {"by": by, "at": MONDAY_4PM}

    sign_in = queries_of(taps.sign_in, reading.id, second.id, **told)
    sign_out = queries_of(taps.sign_out, reading.id, second.id, **told)
    chosen = {"choice": "bus", **told}
    taps.sign_in(reading.id, first.id, **told)

    assert sign_out == sign_in
    assert queries_of(taps.sign_out, reading.id, first.id, **chosen) == sign_out


@pytest.mark.parametrize("children", [1, 3])
@pytest.mark.parametrize("opened", [False, True])
def test_a_roll_shows_all_ways_by_one_query(reading, by, children, opened):
    for n in range(children):
        each = make.child(f"孩子{n}", way=None)
        make.collector(each, f"接{n}", usual=True)
        if opened:
            make.attendance(reading, each, came_at=MONDAY_4PM)

    with count_queries() as queries:
        activity = rolls.activity(reading.id)
        roll = rolls.roll_of(activity, at=SOON)

    assert [row.home for row in roll] == [
        WayInWords(f"爺爺 接{n}", "接") for n in range(children)
    ]
    assert queries.count == 2


@pytest.mark.parametrize(
    ("days", "choice"),
    [
        ({"first_day": TODAY}, "1"),
        ({"first_day": YESTERDAY, "last_day": TODAY}, "1"),
        ({"first_day": YESTERDAY, "last_day": YESTERDAY}, ""),
        ({"first_day": TOMORROW}, ""),
        ({"first_day": TODAY, "ended_at": MONDAY_4PM}, ""),
    ],
)
def test_the_roll_and_the_rules_say_the_same_of_who_may_collect(
    here, by, child, days, choice
):
    person = make.collector(child, usual=True, **days)
    row = rolls.roll_row(rolls.activity(here.activity_id), child.id, at=SOON)

    assert row.choice == choice
    assert row.home == (
        WayInWords("爺爺 王大山", "接") if choice else WayInWords("", "接的人：請選擇")
    )
    try:
        sign_out(here, by, choice=str(person.id))
    except Refused:
        assert not choice
    assert bool(again(here).went_at) is bool(choice)


def test_eight_doors_at_once_make_one_departure(app):
    child = make.child("小明", way=None)
    listed = [make.collector(child, f"人{n}", relation="") for n in range(8)]
    row = make.attendance(make.activity(), child, came_at=MONDAY_4PM)
    doors = [make.actor() for _ in listed]
    gate, outcomes = Barrier(8), []

    def tap(by, person):
        with db.connection_context():
            gate.wait()
            try:
                sign_out(row, by, choice=str(person.id))
                outcomes.append(person.name)
            except Refused:
                outcomes.append("")

    racers = [Thread(target=tap, args=pair) for pair in zip(doors, listed, strict=True)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    assert [name for name in outcomes if name] == [again(row).collected_by]
    assert Trail.select().where(Trail.deed == "attendance.sign_out").count() == 1
