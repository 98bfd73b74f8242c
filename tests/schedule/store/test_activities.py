"""Dated activities: one room is in one place, and nobody rewrites the past."""

from datetime import date, datetime, timedelta

import make
import pytest
from kit import MONDAY_4PM, count_queries, race

from liushou_web.db import db
from liushou_web.refusal import NotFound, Refused
from liushou_web.schedule.rules.activities import ActivityPlan, Expected
from liushou_web.schedule.store import activities, slots
from liushou_web.schema import Activity, ActivityClass, ActivityDuty, Trail
from liushou_web.span import Span

HOUR = Span(MONDAY_4PM, MONDAY_4PM + timedelta(hours=1))
NOON = datetime(2026, 11, 23, 12)
DAWN = datetime(2026, 11, 23, 6)
MONDAY = MONDAY_4PM.date()


def plan(**values):
    room = values.pop("room", None) or make.room()
    return ActivityPlan(room.id, HOUR, "家長會", "parent_meeting")._replace(**values)


def clock_times(starts, ends):
    return Span(
        datetime(2026, 11, 23, *divmod(starts, 100)),
        datetime(2026, 11, 23, *divmod(ends, 100)),
    )


@pytest.mark.parametrize(
    ("starts", "ends", "free"),
    [
        (800, 900, True),  # wholly before
        (800, 1000, True),  # ends as the other begins
        (800, 1030, False),  # runs into it
        (800, 1200, False),  # around it
        (1000, 1030, False),  # begins with it
        (1015, 1045, False),  # within it
        (1030, 1200, False),  # out of it
        (1100, 1200, True),  # begins as the other ends
        (930, 1015, False),  # another period's times
    ],
)
def test_a_room_is_booked_only_while_it_is_free(store, starts, ends, free):
    make.activity(datetime(2026, 11, 23, 10), ends=datetime(2026, 11, 23, 11))
    wanted = plan(span=clock_times(starts, ends))

    if free:
        made = activities.add(wanted, by=make.actor(), at=DAWN)
        assert (made.starts, made.ends) == (wanted.span.starts, wanted.span.ends)
    else:
        with pytest.raises(Refused, match="該房間在 .* 已被佔用"):
            activities.add(wanted, by=make.actor(), at=DAWN)
        assert Activity.select().count() == 1


def test_the_refusal_says_when_and_not_by_what(store):
    make.activity(title="秘密")

    with pytest.raises(Refused) as refused:
        activities.add(plan(), by=make.actor(), at=NOON)

    said = "該房間在 11-23 16:00–17:00 已被佔用。請改時間或換房間。"
    assert str(refused.value) == said


def test_another_room_is_free_at_the_same_time(store):
    make.activity()

    made = activities.add(plan(room=make.room("圖書室")), by=make.actor(), at=NOON)

    assert made.starts == MONDAY_4PM


def test_a_retired_room_is_not_booked(store):
    room = make.room()
    room.retired = True
    room.save()

    with pytest.raises(Refused, match="「活動室」已停用"):
        activities.add(plan(), by=make.actor(), at=NOON)


def test_of_eight_who_want_a_room_one_gets_it(database):
    with db.connection_context():
        wanted, by = plan(), make.actor()

    outcomes = race(*[lambda: activities.add(wanted, by=by, at=NOON)] * 8)

    taken = "該房間在 11-23 16:00–17:00 已被佔用。請改時間或換房間。"
    assert outcomes == ["won"] + [taken] * 7


def test_an_activity_takes_its_people_and_leaves_a_trail(store):
    teacher, by = make.staff(), make.actor()
    school_class = make.school_class()

    made = activities.add(
        plan(
            duty=frozenset({teacher.id}),
            expected=Expected("classes", classes=frozenset({school_class.id})),
        ),
        by=by,
        at=NOON,
    )

    assert [row.staff_id for row in ActivityDuty.select()] == [teacher.id]
    assert [row.school_class_id for row in ActivityClass.select()] == [school_class.id]
    line = Trail.select().get()
    assert (line.deed, line.subject_id, line.staff_id, line.at, line.detail) == (
        "activities.add",
        made.id,
        by.id,
        NOON,
        "11-23 16:00–17:00 家長會",
    )


def test_a_slot_makes_its_activity_on_any_date(store):
    slot = make.slot(weekday=2)

    made = slots.make_activity(slot.id, date(2026, 11, 28), by=make.actor(), at=NOON)

    assert (made.slot_id, made.starts, made.title) == (
        slot.id,
        datetime(2026, 11, 28, 16),
        "作業輔導",
    )


def test_a_change_rewrites_the_whole_plan(store):
    old, new = make.staff(), make.staff()
    activity = make.activity(duty=[old])

    activities.change(activity.id, plan(duty=frozenset({new.id})), by=make.actor(), at=NOON)

    changed = Activity.get_by_id(activity.id)
    assert (changed.title, changed.ends) == ("家長會", HOUR.ends)
    assert [row.staff_id for row in ActivityDuty.select()] == [new.id]


def test_a_change_into_a_taken_time_changes_nothing(store):
    make.activity(MONDAY_4PM)
    activity = make.activity(MONDAY_4PM + timedelta(hours=3))

    with pytest.raises(Refused, match="已被佔用"):
        activities.change(activity.id, plan(), by=make.actor(), at=NOON)

    assert Activity.get_by_id(activity.id).title == "作業輔導"


def test_a_move_remembers_where_it_was_first(store):
    activity = make.activity()
    hall, by = make.room("禮堂"), make.actor()
    next_day = MONDAY_4PM + timedelta(days=1)

    for day in (next_day, next_day + timedelta(days=1)):
        span = Span(day, day + timedelta(hours=1))
        activities.move(activity.id, hall.id, span, reason="借用", by=by, at=NOON)

    moved = Activity.get_by_id(activity.id)
    assert (moved.moved_from, moved.starts) == (MONDAY_4PM, day)
    assert (moved.room_id, moved.move_reason) == (hall.id, "借用")


def test_a_move_within_its_own_time_is_not_in_its_own_way(store):
    activity = make.activity()
    span = Span(MONDAY_4PM + timedelta(minutes=30), activity.ends)

    activities.move(
        activity.id, activity.room_id, span, reason="晚些", by=make.actor(), at=NOON
    )

    assert Activity.get_by_id(activity.id).starts == span.starts


def test_cancelling_frees_the_room_and_keeps_the_reason(store):
    activity = make.activity()

    activities.cancel(activity.id, reason="停電", by=make.actor(), at=NOON)
    activities.add(plan(), by=make.actor(), at=NOON)

    cancelled = Activity.get_by_id(activity.id)
    assert (cancelled.cancelled_at, cancelled.cancel_reason) == (NOON, "停電")


def test_a_second_cancelling_changes_nothing(store):
    activity = make.activity()
    activities.cancel(activity.id, reason="停電", by=make.actor(), at=NOON)

    activities.cancel(activity.id, reason="別的", by=make.actor(), at=NOON)

    assert Activity.get_by_id(activity.id).cancel_reason == "停電"
    assert Trail.select().count() == 1


def test_a_cancelled_activity_is_restored(store):
    activity = make.activity(cancelled_at=NOON, cancel_reason="停電")

    activities.restore(activity.id, by=make.actor(), at=NOON)

    restored = Activity.get_by_id(activity.id)
    assert (restored.cancelled_at, restored.cancel_reason) == (None, "")


def test_it_is_not_restored_when_the_room_was_given_away(store):
    activity = make.activity(cancelled_at=NOON, cancel_reason="停電")
    make.activity()

    with pytest.raises(Refused, match="已被佔用"):
        activities.restore(activity.id, by=make.actor(), at=NOON)

    assert Activity.get_by_id(activity.id).cancelled_at == NOON


BEFORE = Span(NOON - timedelta(hours=2), NOON)


@pytest.mark.parametrize(
    "deed",
    [
        lambda id_, by: activities.add(plan(span=BEFORE), by=by, at=NOON),
        lambda id_, by: activities.change(id_, plan(span=BEFORE), by=by, at=NOON),
        lambda id_, by: activities.move(
            id_, make.room().id, BEFORE, reason="早些", by=by, at=NOON
        ),
    ],
)
def test_nothing_is_planned_for_a_time_that_is_over(store, deed):
    activity = make.activity()

    with pytest.raises(Refused, match="這個時間已經過去了"):
        deed(activity.id, make.actor())

    assert [row.starts for row in Activity.select()] == [MONDAY_4PM]


def cancel(id_, by, at):
    activities.cancel(id_, reason="停電", by=by, at=at)


DEEDS = [
    lambda id_, by, at: activities.change(id_, plan(), by=by, at=at),
    cancel,
    lambda id_, by, at: activities.move(
        id_, make.room().id, HOUR, reason="借用", by=by, at=at
    ),
]


@pytest.mark.parametrize("deed", DEEDS)
def test_past_and_opened_activities_stay_as_they_were(store, deed):
    past = make.activity()
    opened = make.activity(room=make.room("禮堂"), opened_at=NOON)

    if deed is not cancel:  # what was not held may say so afterwards
        with pytest.raises(Refused, match="已經結束"):
            deed(past.id, make.actor(), past.ends)
    with pytest.raises(Refused, match="簽到已經開始"):
        deed(opened.id, make.actor(), NOON)

    assert Trail.select().count() == 0


def test_a_week_lists_rooms_times_and_teachers(store):
    teachers = [make.staff(name="李老師"), make.staff(name="王老師")]
    late = make.activity(MONDAY_4PM + timedelta(days=6), title="閱讀")
    early = make.activity(duty=teachers)
    make.activity(MONDAY_4PM - timedelta(days=1))
    make.activity(MONDAY_4PM + timedelta(days=7))

    week = activities.between(MONDAY, MONDAY + timedelta(days=6))

    assert [(entry.id, entry.room, entry.duty) for entry in week] == [
        (early.id, "活動室", ("李老師", "王老師")),
        (late.id, "活動室", ()),
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_a_week_takes_two_queries_however_full(store, count):
    for n in range(count):
        make.activity(room=make.room(f"教室{n}"), duty=[make.staff()])

    with count_queries() as queries:
        entries = activities.between(MONDAY, MONDAY)

    assert (len(entries), queries.count) == (count, 2)


def test_an_activity_that_is_not_there_is_not_found(store):
    with pytest.raises(NotFound):
        activities.entry(1)


DAY = timedelta(days=1)


def test_what_was_held_without_a_plan_is_entered_afterwards_and_marked(store):
    made = activities.add(plan(), by=make.actor(), at=MONDAY_4PM + DAY * 60, held=True)

    assert activities.entry(made.id).added_after == MONDAY_4PM + DAY * 60
    assert Trail.get().deed == "activities.add_held"


@pytest.mark.parametrize(
    ("at", "words"), [(MONDAY_4PM + DAY * 61, "60 天"), (MONDAY_4PM, "還沒有結束")]
)
def test_what_is_too_old_or_not_over_is_not_entered_as_held(store, at, words):
    with pytest.raises(Refused, match=words):
        activities.add(plan(), by=make.actor(), at=at, held=True)


def test_a_time_that_is_over_is_still_refused_as_a_plan(store):
    with pytest.raises(Refused, match="已經過去了"):
        activities.add(plan(), by=make.actor(), at=MONDAY_4PM + DAY)
