"""The calendar changes, and the openings to come move with it."""

from datetime import date, datetime, time, timedelta

import make
import pytest
from kit import MONDAY_4PM, count_queries

from liushou_web.refusal import Refused
from liushou_web.schedule.rules.calendar import Bounds, SpecialDay
from liushou_web.schedule.rules.replanning import Act, Unconfirmed, seen_as
from liushou_web.schedule.store import activities, calendar, replanning
from liushou_web.schema import Activity, ActivityDuty, CalendarDay, Slot, SlotDuty, Term
from liushou_web.schema import Trail as TrailRow

THURSDAY, FRIDAY = date(2026, 12, 3), date(2026, 12, 4)
SATURDAY = date(2026, 12, 5)
SHUT = SpecialDay(True, "校運會")


@pytest.fixture
def by(store):
    return make.actor(make.staff("辦公室", roles=("office",)))


@pytest.fixture
def friday(by):
    """An opening on Fridays 16:00-17:30 with its dates until the end of term."""
    return opening(weekday=4)


def opening(**values):
    slot = make.slot(**values)
    day = date(2026, 11, 23) + timedelta(days=slot.weekday)
    while day <= date(2027, 1, 22):
        make.activity(datetime.combine(day, slot.starts), slot=slot, title=slot.title)
        day += timedelta(weeks=1)
    return slot


def change(days, by, at=MONDAY_4PM):
    """As the page does it: preview, then confirm what was seen."""
    moves = replanning.preview(days=days, at=at)
    done = replanning.change_days(days, seen=seen_as(moves), by=by, at=at)
    assert done == moves
    return [(move.act, move.day) for move in moves]


def on(day, slot=None):
    rows = Activity.select().where(
        Activity.starts.between(
            datetime.combine(day, time.min), datetime.combine(day, time.max)
        )
    )
    return [row for row in rows if slot is None or row.slot_id == slot.id]


def standing():
    return [
        (row.starts, row.cancelled_at, row.cancel_reason, row.room_id, row.title)
        for row in Activity.select().order_by(Activity.starts, Activity.id)
    ]


def test_closing_a_day_cancels_its_openings_with_the_name_of_the_day(by, friday):
    moved = change({FRIDAY: SHUT}, by)

    assert moved == [(Act.CANCEL, FRIDAY)]
    (row,) = on(FRIDAY)
    assert (row.cancelled_at, row.cancel_reason) == (MONDAY_4PM, "校運會")
    assert calendar.special_days(FRIDAY, FRIDAY) == {FRIDAY: SHUT}
    assert Activity.select().where(Activity.cancelled_at.is_null(False)).count() == 1


def test_opening_it_again_brings_them_back(by, friday):
    before = standing()
    change({FRIDAY: SHUT}, by)

    moved = change({FRIDAY: None}, by)

    assert moved == [(Act.RESTORE, FRIDAY)]
    assert standing() == before
    assert CalendarDay.select().count() == 0


def test_a_renamed_holiday_still_brings_them_back(by, friday):
    change({FRIDAY: SHUT}, by)

    assert change({FRIDAY: SpecialDay(True, "運動會")}, by) == []
    assert on(FRIDAY)[0].cancel_reason == "運動會"
    assert change({FRIDAY: None}, by) == [(Act.RESTORE, FRIDAY)]


def test_what_comes_back_is_as_the_opening_is_now(by, friday):
    change({FRIDAY: SHUT}, by)
    other = make.room("圖書室")
    Slot.update(room=other, starts=time(15)).where(Slot.id == friday.id).execute()

    change({FRIDAY: None}, by)

    (row,) = on(FRIDAY)
    assert (row.room_id, row.starts.time()) == (other.id, time(15))


def test_cancelled_by_hand_stays_cancelled(by, friday):
    activities.cancel(on(FRIDAY)[0].id, reason="停電", by=by, at=MONDAY_4PM)

    assert change({FRIDAY: SHUT}, by) == []
    assert change({FRIDAY: None}, by) == []
    assert on(FRIDAY)[0].cancel_reason == "停電"


def test_a_date_skipped_when_planning_is_not_made_by_another_change(by, friday):
    Activity.delete().where(Activity.id == on(FRIDAY)[0].id).execute()

    assert change({THURSDAY: SHUT}, by) == []
    assert on(FRIDAY) == []


def test_restored_by_hand_on_a_closed_day_is_left_alone(by, friday):
    change({FRIDAY: SHUT}, by)
    activities.restore(on(FRIDAY)[0].id, by=by, at=MONDAY_4PM)

    assert change({THURSDAY: SHUT}, by) == []
    assert on(FRIDAY)[0].cancelled_at is None


def test_make_up_day_takes_the_openings_and_the_duty(by, friday):
    li = make.staff()
    SlotDuty.create(slot=friday, staff=li)

    moved = change({FRIDAY: SHUT, SATURDAY: SpecialDay(False, "校運會", FRIDAY)}, by)

    assert moved == [(Act.CANCEL, FRIDAY), (Act.ADD, SATURDAY)]
    (row,) = on(SATURDAY)
    assert row.starts == datetime(2026, 12, 5, 16)
    duties = ActivityDuty.select().where(ActivityDuty.activity == row.id)
    assert [duty.staff_id for duty in duties] == [li.id]


def test_make_up_day_displaces_its_own_weekday(by, friday):
    saturday = opening(weekday=5, title="閱讀")

    moved = change({SATURDAY: SpecialDay(False, "國慶節", FRIDAY)}, by)

    assert moved == [(Act.ADD, SATURDAY), (Act.CANCEL, SATURDAY)]
    assert on(SATURDAY, saturday)[0].cancel_reason == "國慶節調休"
    assert on(SATURDAY, friday)[0].cancelled_at is None


def test_make_up_day_without_a_plan_holds_nothing(by, friday):
    saturday = opening(weekday=5)

    moved = change({SATURDAY: SpecialDay(False, "國慶節")}, by)

    assert moved == [(Act.CANCEL, SATURDAY)]
    assert len(on(SATURDAY)) == len(on(SATURDAY, saturday)) == 1


def test_make_up_day_taken_back_cancels_and_set_again_restores(by, friday):
    make_up = {SATURDAY: SpecialDay(False, "國慶節", FRIDAY)}
    change(make_up, by)

    assert change({SATURDAY: None}, by) == [(Act.CANCEL, SATURDAY)]
    assert on(SATURDAY)[0].cancel_reason == "校曆調整"
    assert change(make_up, by) == [(Act.RESTORE, SATURDAY)]
    assert len(on(SATURDAY)) == 1


def test_past_days_never_move(by, friday):
    past = date(2026, 11, 20)
    row = make.activity(datetime(2026, 11, 20, 16), slot=friday)

    assert change({past: SHUT}, by) == []
    assert Activity.get_by_id(row.id).cancelled_at is None


def test_what_has_begun_today_stays(by):
    slot = make.slot()
    began = make.activity(MONDAY_4PM, slot=slot)

    moved = change({MONDAY_4PM.date(): SHUT}, by)

    assert moved == [(Act.STAY, MONDAY_4PM.date())]
    assert Activity.get_by_id(began.id).cancelled_at is None


def test_an_opened_roll_stays(by, friday):
    (row,) = on(FRIDAY)
    Activity.update(opened_at=MONDAY_4PM).where(Activity.id == row.id).execute()

    assert change({FRIDAY: SHUT}, by) == [(Act.STAY, FRIDAY)]
    assert on(FRIDAY)[0].cancelled_at is None


def test_a_moved_date_stays_where_it_was_moved(by, friday):
    (row,) = on(FRIDAY)
    tuesday = datetime(2026, 12, 8, 16)
    Activity.update(
        moved_from=row.starts, starts=tuesday, ends=tuesday + timedelta(hours=1)
    ).where(Activity.id == row.id).execute()

    assert change({FRIDAY: SHUT}, by) == []
    assert change({tuesday.date(): SHUT}, by) == [(Act.STAY, tuesday.date())]
    assert change({FRIDAY: None}, by) == []


def test_a_single_activity_stays_and_is_pointed_out(by):
    make.activity(datetime(2026, 12, 4, 9), title="家長會")

    (move,) = replanning.preview(days={FRIDAY: SHUT}, at=MONDAY_4PM)

    assert (move.act, move.title, move.why) == (Act.STAY, "家長會", "單獨安排的活動")


def test_a_taken_room_is_shown_and_skipped(by, friday):
    make.activity(datetime(2026, 12, 5, 17), title="家長會")
    days = {SATURDAY: SpecialDay(False, "國慶節", FRIDAY)}

    (move,) = replanning.preview(days=days, at=MONDAY_4PM)
    change(days, by)

    assert (move.act, move.why) == (Act.CLASH, "家長會")
    assert len(on(SATURDAY)) == 1


def test_two_openings_that_would_meet_on_a_make_up_day(by, friday):
    opening(weekday=4, starts=time(17), ends=time(18), title="閱讀")

    moved = change({SATURDAY: SpecialDay(False, "國慶節", FRIDAY)}, by)

    assert moved == [(Act.ADD, SATURDAY), (Act.CLASH, SATURDAY)]


def test_an_ended_opening_gets_no_new_dates(by, friday):
    Slot.update(ended=True).where(Slot.id == friday.id).execute()

    assert change({SATURDAY: SpecialDay(False, "國慶節", FRIDAY)}, by) == []


def test_nothing_is_saved_before_it_was_seen(by, friday):
    before = standing()

    with pytest.raises(Unconfirmed) as refusal:
        replanning.change_days({FRIDAY: SHUT}, seen="", by=by, at=MONDAY_4PM)

    assert [move.act for move in refusal.value.moves] == [Act.CANCEL]
    assert (standing(), CalendarDay.select().count()) == (before, 0)
    assert TrailRow.select().count() == 0


def test_what_changed_since_it_was_seen_must_be_seen_again(by, friday):
    seen = seen_as(replanning.preview(days={FRIDAY: SHUT}, at=MONDAY_4PM))
    activities.cancel(on(FRIDAY)[0].id, reason="停電", by=by, at=MONDAY_4PM)

    with pytest.raises(Unconfirmed):
        replanning.change_days({FRIDAY: SHUT}, seen=seen, by=by, at=MONDAY_4PM)


def test_each_day_and_each_activity_leaves_a_trail(by, friday):
    change({FRIDAY: SHUT}, by)

    lines = [(line.deed, line.detail) for line in TrailRow.select()]
    assert lines == [
        ("calendar.day", "2026-12-04 放假：校運會"),
        ("activities.cancel", "校運會"),
    ]


def test_add_days_refuses_a_day_that_is_marked(by):
    make.closed(SATURDAY, "校慶")

    with pytest.raises(Refused, match="2026-12-05 已登記為「校慶」"):
        replanning.add_days({FRIDAY: SHUT, SATURDAY: SHUT}, seen="", by=by, at=MONDAY_4PM)

    assert calendar.special_days(FRIDAY, FRIDAY) == {}


def change_stretch(day, days, by):
    with pytest.raises(Unconfirmed) as refusal:
        replanning.change_stretch(day, days, seen="", by=by, at=MONDAY_4PM)
    seen = seen_as(refusal.value.moves)
    moves = replanning.change_stretch(day, days, seen=seen, by=by, at=MONDAY_4PM)
    return [(move.act, move.day) for move in moves]


def test_a_stretch_is_changed_as_a_whole(by, friday):
    change({THURSDAY: SHUT, FRIDAY: SHUT}, by)

    moved = change_stretch(FRIDAY, {THURSDAY: SHUT, date(2026, 12, 11): SHUT}, by)

    assert moved == [(Act.RESTORE, FRIDAY), (Act.CANCEL, date(2026, 12, 11))]
    assert list(calendar.special_days(FRIDAY, date(2026, 12, 31))) == [date(2026, 12, 11)]


def test_a_stretch_is_removed_as_a_whole(by, friday):
    change({THURSDAY: SHUT, FRIDAY: SHUT}, by)

    assert change_stretch(THURSDAY, {}, by) == [(Act.RESTORE, FRIDAY)]
    assert CalendarDay.select().count() == 0


def test_a_stretch_does_not_grow_over_another(by):
    make.closed(THURSDAY, "校慶")
    make.closed(FRIDAY, "校運會")

    with pytest.raises(Refused, match="2026-12-03 已登記為「校慶」"):
        replanning.change_stretch(
            FRIDAY, {THURSDAY: SHUT, FRIDAY: SHUT}, seen="", by=by, at=MONDAY_4PM
        )


def move_term(term, first, last, by):
    bounds = Bounds(first, last)
    moves = replanning.preview(terms={term.id: bounds}, at=MONDAY_4PM)
    replanning.change_term(term.id, "秋", bounds, seen=seen_as(moves), by=by, at=MONDAY_4PM)
    return [(move.act, move.day) for move in moves]


def test_a_shorter_term_drops_dates_and_a_longer_one_brings_and_adds(by, friday):
    term = Term.get()
    first = term.first_day

    assert move_term(term, first, date(2027, 1, 14), by) == [
        (Act.CANCEL, date(2027, 1, 15)),
        (Act.CANCEL, date(2027, 1, 22)),
    ]
    assert on(date(2027, 1, 22))[0].cancel_reason == "學期日期調整"
    assert move_term(term, first, date(2027, 1, 29), by) == [
        (Act.RESTORE, date(2027, 1, 15)),
        (Act.RESTORE, date(2027, 1, 22)),
        (Act.ADD, date(2027, 1, 29)),
    ]
    kept = Term.get()
    assert (kept.name, kept.last_day) == ("秋", date(2027, 1, 29))


def test_a_term_is_not_moved_into_another(by):
    term = make.term()
    make.term(name="春", first_day=date(2027, 2, 22), last_day=date(2027, 7, 9))

    with pytest.raises(Refused, match="與「春」"):
        replanning.change_term(
            term.id,
            term.name,
            Bounds(term.first_day, date(2027, 2, 22)),
            seen="",
            by=by,
            at=MONDAY_4PM,
        )

    assert Term.get_by_id(term.id).last_day == date(2027, 1, 22)


def test_a_term_is_not_given_anothers_name(by):
    term = make.term()
    make.term(name="春", first_day=date(2027, 2, 22), last_day=date(2027, 7, 9))

    with pytest.raises(Refused, match="已有名為「春」"):
        replanning.change_term(
            term.id, "春", calendar.bounds_of(term), seen="", by=by, at=MONDAY_4PM
        )


def test_a_closed_day_within_a_dropped_week_is_still_told_by_its_name(by, friday):
    term = Term.get()
    change({date(2027, 1, 22): SpecialDay(True, "校慶")}, by)
    move_term(term, term.first_day, date(2027, 1, 21), by)

    assert on(date(2027, 1, 22))[0].cancel_reason == "學期日期調整"
    assert move_term(term, term.first_day, date(2027, 1, 22), by) == []
    assert change({date(2027, 1, 22): None}, by) == [(Act.RESTORE, date(2027, 1, 22))]


@pytest.mark.parametrize("openings", [1, 3])
def test_preview_takes_as_many_queries_however_much_is_planned(by, openings):
    for number in range(openings):
        opening(weekday=4, room=make.room(f"房間{number}"))

    with count_queries() as queries:
        moves = replanning.preview(days={FRIDAY: SHUT}, at=MONDAY_4PM)

    assert len(moves) == openings
    assert queries.count == 5
