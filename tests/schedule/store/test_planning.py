"""Series of dates: saved exactly as previewed, or refused."""

from datetime import date, datetime, time, timedelta

import make
import pytest
from kit import count_queries

from liushou_web.consent import Consent
from liushou_web.refusal import Refused
from liushou_web.schedule.rules.activities import Expected, SlotPlan
from liushou_web.schedule.rules.planning import PlannedState
from liushou_web.schedule.store import activities, planning, slots
from liushou_web.schema import (
    Activity,
    ActivityChild,
    ActivityDuty,
    CalendarDay,
    Slot,
    SlotDuty,
    Trail,
)

NOW = datetime(2026, 9, 1, 12)
WEDNESDAY = 2
NINTH = date(2026, 9, 9)


def ten_weeks():
    return make.term(last_day=date(2026, 11, 8))


def wanted(term=None, **values):
    teachers = [make.staff(name="李老師"), make.staff(name="王老師")]
    plan = SlotPlan(
        (term or ten_weeks()).id,
        make.room().id,
        WEDNESDAY,
        time(16, 30),
        time(18),
        "閱讀",
        "reading",
        frozenset(teacher.id for teacher in teachers),
    )
    return plan._replace(**values)


def agreed(preview, **values):
    return Consent(preview.fingerprint, **values)


def opened(plan, at=NOW):
    consent = agreed(planning.preview(plan, at=at), accepted=True)
    return planning.open_slot(plan, consent, by=make.actor(), at=at)


def changed(slot, plan, first_day, at=NOW):
    consent = agreed(
        planning.preview_change(slot.id, plan, first_day, at=at), accepted=True
    )
    planning.change_slot(slot.id, plan, first_day, consent, by=make.actor(), at=at)


def held(slot):
    return list(Activity.select().where(Activity.slot == slot.id).order_by(Activity.starts))


def on(slot, day):
    return next(row for row in held(slot) if row.starts.date() == day)


def test_ten_weeks_with_two_clashes_and_a_holiday_make_seven_dates(store):
    plan = wanted()
    make.closed(date(2026, 10, 7), "國慶節")
    make.activity(datetime(2026, 9, 9, 16), title="家長會")
    make.activity(datetime(2026, 10, 21, 17), title="晚會")

    preview = planning.preview(plan, at=NOW)
    slot = planning.open_slot(plan, agreed(preview), by=make.actor(), at=NOW)

    assert len(preview.lines) == 10
    assert [
        tuple(line)[:3] for line in preview.lines if line.state != PlannedState.FREE
    ] == [
        (date(2026, 9, 9), PlannedState.CLASH, "家長會"),
        (date(2026, 10, 7), PlannedState.CLOSED, "國慶節"),
        (date(2026, 10, 21), PlannedState.CLASH, "晚會"),
    ]
    assert [row.starts.date() for row in held(slot)] == preview.free
    assert len(preview.free) == 7


def test_a_date_takes_all_of_its_slot(store):
    child = make.child()
    slot = opened(wanted(expected=Expected("children", children=frozenset({child.id}))))

    made = held(slot)[0]

    assert (made.starts, made.ends) == (
        datetime(2026, 9, 2, 16, 30),
        datetime(2026, 9, 2, 18),
    )
    assert (made.title, made.kind, made.expects) == ("閱讀", "reading", "children")
    assert ActivityDuty.select().where(ActivityDuty.activity == made.id).count() == 2
    assert [row.child_id for row in ActivityChild.select().where(
        ActivityChild.activity == made.id
    )] == [child.id]  # fmt: skip


def test_opening_leaves_one_trail_line(store):
    opened(wanted())

    assert [(row.deed, row.detail) for row in Trail.select()] == [
        ("slots.open", "閱讀 週三 16:30–18:00，10 次")
    ]


def test_a_term_under_way_is_planned_from_now_on(store):
    plan = wanted()

    before = planning.preview(plan, at=datetime(2026, 11, 4, 17, 59))
    after = planning.preview(plan, at=datetime(2026, 11, 4, 18))

    assert before.free == [date(2026, 11, 4)]
    assert after.free == []


def test_a_make_up_day_holds_the_plan_of_the_day_it_follows(store):
    plan = wanted()
    make.closed(date(2026, 10, 7), "國慶節")
    CalendarDay.create(
        day=date(2026, 10, 10), kind="make_up", name="調休", follows=date(2026, 10, 7)
    )

    slot = opened(plan)

    days = [row.starts.date() for row in held(slot)]
    assert date(2026, 10, 10) in days
    assert date(2026, 10, 7) not in days


def test_what_changed_since_the_preview_is_refused_and_nothing_saved(store):
    plan = wanted()
    seen = planning.preview(plan, at=NOW)
    make.activity(datetime(2026, 9, 9, 16))

    with pytest.raises(Refused, match="核對之後情況有變"):
        planning.open_slot(plan, agreed(seen), by=make.actor(), at=NOW)

    assert (Slot.select().count(), Activity.select().count()) == (0, 1)


def test_a_teacher_in_two_rooms_is_named_with_the_other_place(store):
    plan = wanted()
    make.activity(
        datetime(2026, 9, 9, 17),
        room=make.room("圖書室"),
        title="借書",
        duty=sorted(plan.duty)[:1],
    )

    (busy,) = planning.preview(plan, at=NOW).worries.busy

    assert (busy.staff, busy.room, busy.title) == ("李老師", "圖書室", "借書")


@pytest.mark.parametrize("others", [1, 3])
def test_a_preview_asks_the_same_however_much_is_planned(store, others):
    plan = wanted()
    for n in range(others):
        make.activity(
            datetime(2026, 9, 9, 8 + n), room=make.room(f"教室{n}"), duty=plan.duty
        )

    with count_queries() as queries:
        planning.preview(plan, at=NOW)

    assert queries.count == 6


def test_a_change_keeps_what_was_held_and_remakes_the_rest(store):
    slot = opened(wanted())
    ids = [row.id for row in held(slot)]
    plan = slots.plan_of(slot.id)._replace(title="書法", starts=time(15), ends=time(16))

    changed(slot, plan, date(2026, 9, 16), at=datetime(2026, 9, 10, 8))

    assert [row.id for row in held(slot)] == ids
    assert [(row.title, row.starts.hour) for row in held(slot)] == [("閱讀", 16)] * 2 + [
        ("書法", 15)
    ] * 8
    assert Slot.get_by_id(slot.id).title == "書法"


def test_a_change_of_weekday_moves_the_dates_still_to_come(store):
    slot = opened(wanted())
    plan = slots.plan_of(slot.id)._replace(weekday=4)

    changed(slot, plan, date(2026, 9, 16))

    days = [row.starts.date() for row in held(slot)]
    assert days[:4] == [
        date(2026, 9, 2), NINTH, date(2026, 9, 18), date(2026, 9, 25)
    ]  # fmt: skip
    assert {day.weekday() for day in days[2:]} == {4}


def test_a_change_leaves_cancelled_and_opened_dates_alone(store):
    slot = opened(wanted())
    first, second = held(slot)[:2]
    activities.cancel(second.id, reason="停電", by=make.actor(), at=NOW)
    make.attendance(first, make.child())
    plan = slots.plan_of(slot.id)._replace(title="書法")

    preview = planning.preview_change(slot.id, plan, NOW.date(), at=NOW)
    changed(slot, plan, NOW.date())

    assert [tuple(line)[1:3] for line in preview.lines[:2]] == [
        (PlannedState.BEGUN, ""),
        (PlannedState.CANCELLED, "停電"),
    ]
    assert [row.title for row in held(slot)][:3] == ["閱讀", "閱讀", "書法"]


def test_a_date_that_is_over_gets_no_second_time_on_its_day(store):
    slot = opened(wanted())
    evening = slots.plan_of(slot.id)._replace(starts=time(19), ends=time(20))
    after = datetime(2026, 9, 2, 18, 30)

    preview = planning.preview_change(slot.id, evening, after.date(), at=after)
    changed(slot, evening, after.date(), at=after)

    assert preview.lines[0] == (date(2026, 9, 2), PlannedState.BEGUN, "", None)
    assert [row.starts.hour for row in held(slot)] == [16] + [19] * 9


def test_a_moved_date_keeps_its_time_and_takes_the_rest(store):
    slot = opened(wanted())
    second = held(slot)[1]
    later = datetime(2026, 9, 10, 14)
    activities.move(
        second.id,
        second.room_id,
        planning.Span(later, later + timedelta(hours=1)),
        reason="借用",
        by=make.actor(),
        at=NOW,
    )
    plan = slots.plan_of(slot.id)._replace(title="書法")

    preview = planning.preview_change(slot.id, plan, NOW.date(), at=NOW)
    changed(slot, plan, NOW.date())

    assert preview.lines[1].state is PlannedState.MOVED
    assert preview.moved == (date(2026, 9, 10),)
    moved = Activity.get_by_id(second.id)
    assert (moved.title, moved.starts) == ("書法", later)
    assert len(held(slot)) == 10


def test_a_date_whose_new_room_is_taken_keeps_its_old_plan(store):
    slot = opened(wanted())
    hall = make.room("禮堂")
    make.activity(datetime(2026, 9, 9, 16), room=hall)
    plan = slots.plan_of(slot.id)._replace(room_id=hall.id)

    preview = planning.preview_change(slot.id, plan, NOW.date(), at=NOW)
    changed(slot, plan, NOW.date())

    assert preview.kept == (NINTH,)
    assert [row.day for row in preview.lines if row.state is PlannedState.CLASH] == [NINTH]
    assert on(slot, NINTH).room_id == make.room().id
    assert on(slot, date(2026, 9, 2)).room_id == hall.id


def test_a_change_does_not_clash_with_itself(store):
    slot = opened(wanted())
    plan = slots.plan_of(slot.id)._replace(starts=time(17))

    preview = planning.preview_change(slot.id, plan, NOW.date(), at=NOW)

    assert (preview.clashing, preview.worries.busy) == ([], ())


def test_a_changed_slot_has_its_new_teachers(store):
    slot = opened(wanted())
    new = frozenset({make.staff().id})

    changed(slot, slots.plan_of(slot.id)._replace(duty=new), NOW.date())

    assert {row.staff_id for row in SlotDuty.select()} == new
    assert {row.staff_id for row in ActivityDuty.select()} == new


def test_the_rest_of_a_series_is_cancelled_with_a_reason(store):
    slot = opened(wanted())

    count = slots.end(slot.id, NINTH, reason="老師外派", by=make.actor(), at=NOW)

    rows = held(slot)
    assert count == 9
    assert rows[0].cancelled_at is None
    assert {row.cancel_reason for row in rows[1:]} == {"老師外派"}
    assert Slot.get_by_id(slot.id).ended is True


def test_an_ended_series_leaves_opened_and_past_dates(store):
    slot = opened(wanted())
    first, second, third = held(slot)[:3]
    make.attendance(third, make.child())

    slots.end(slot.id, NOW.date(), reason="停", by=make.actor(), at=datetime(2026, 9, 3, 8))

    cancelled = [row.cancelled_at is not None for row in held(slot)]
    assert cancelled == [False, True, False] + [True] * 7


def test_an_ended_series_is_resumed_but_for_dates_cancelled_before(store):
    slot = opened(wanted())
    activities.cancel(on(slot, NINTH).id, reason="停電", by=make.actor(), at=NOW)
    later = NOW + timedelta(hours=1)
    slots.end(slot.id, NOW.date(), reason="停", by=make.actor(), at=later)

    count = slots.resume(slot.id, by=make.actor(), at=later)

    assert count == 9
    assert [row.cancel_reason for row in held(slot) if row.cancelled_at] == ["停電"]
    assert Slot.get_by_id(slot.id).ended is False


def test_a_series_whose_room_was_given_away_is_not_resumed(store):
    slot = opened(wanted())
    slots.end(slot.id, NOW.date(), reason="停", by=make.actor(), at=NOW)
    make.activity(datetime(2026, 9, 9, 16, 30))

    with pytest.raises(Refused, match="已被佔用"):
        slots.resume(slot.id, by=make.actor(), at=NOW)

    assert all(row.cancelled_at for row in held(slot))


def test_slot_lines_tell_what_is_to_come(store):
    slot = opened(wanted())

    line = slots.line(slot.id, at=datetime(2026, 9, 3, 8))

    assert (line.room, line.duty, line.coming) == ("活動室", ("李老師", "王老師"), 9)
    assert line.next_at == datetime(2026, 9, 9, 16, 30)


@pytest.mark.parametrize("count", [1, 3])
def test_slots_of_a_term_take_the_same_queries_however_many(store, count):
    term = ten_weeks()
    for n in range(count):
        slot = make.slot(term=term, weekday=n)
        SlotDuty.create(slot=slot, staff=make.staff())

    with count_queries() as queries:
        lines = slots.of_term(term.id, at=NOW)

    assert (len(lines), queries.count) == (count, 3)
