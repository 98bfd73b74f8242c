"""Duties handed over: asked, answered, refused, raced for; and everything that follows."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM, count_queries, race

from liushou_web.attendance.store import closing
from liushou_web.consent import Consent
from liushou_web.refusal import NotFound, Refused
from liushou_web.schedule.rules.calendar import SpecialDay
from liushou_web.schedule.rules.replanning import seen_as
from liushou_web.schedule.rules.swaps import SwapState
from liushou_web.schedule.store import (
    activities,
    planning,
    replanning,
    slots,
    swap_requests,
    swaps,
    timetables,
)
from liushou_web.schema import Activity, ActivityDuty, DutySwap, Slot, SlotDuty, Trail

NOON = MONDAY_4PM.replace(hour=12)
LATER = NOON + timedelta(minutes=10)
DAY = MONDAY_4PM.date()


class Cast:
    """李老師 and 陳老師 on duty on Monday at four; 王老師 is free."""

    def __init__(self):
        self.li, self.chen, self.wang = (
            make.staff(name) for name in ("李老師", "陳老師", "王老師")
        )
        self.activity = make.activity(duty=[self.li, self.chen])

    def ask(self, by=None, of=None, at=NOON, words="有事"):
        asked_of = (of or self.wang).id
        return swaps.ask(
            self.activity.id, asked_of, words=words, by=make.actor(by or self.li), at=at
        )

    def on_duty(self):
        return activities.entry(self.activity.id).duty


@pytest.fixture
def cast(store):
    return Cast()


def trail():
    rows = Trail.select().where(Trail.deed.startswith("swaps.")).order_by(Trail.id)
    return [(row.deed, row.staff_id, row.detail) for row in rows]


def test_asking_moves_nothing_and_is_on_the_trail(cast):
    made = cast.ask()

    request = swap_requests.one(made.id, at=NOON)
    assert (request.state, request.words, request.asked_of) == (
        SwapState.WAITING,
        "有事",
        "王老師",
    )
    assert cast.on_duty() == ("李老師", "陳老師")
    assert trail() == [
        ("swaps.ask", cast.li.id, "11-23 16:00–17:30 作業輔導：李老師 → 王老師")
    ]


def test_accepting_moves_the_duty_and_leaves_a_trace(cast):
    made = cast.ask()

    swaps.accept(made.id, by=make.actor(cast.wang), at=LATER)

    [request] = swap_requests.of_activity(cast.activity.id, at=LATER)
    assert cast.on_duty() == ("王老師", "陳老師")
    assert (request.state, request.answered_at) == (SwapState.ACCEPTED, LATER)
    assert trail()[1:] == [
        ("swaps.accept", cast.wang.id, "11-23 16:00–17:30 作業輔導：李老師 → 王老師")
    ]


def test_everything_that_shows_duties_follows(cast):
    swaps.accept(cast.ask().id, by=make.actor(cast.wang), at=LATER)

    [week] = activities.between(DAY, DAY)
    assert week.duty == ("王老師", "陳老師")
    assert [each.id for each in timetables.duties_of(cast.wang.id, DAY, DAY)] == [week.id]
    assert timetables.duties_of(cast.li.id, DAY, DAY) == []
    assert closing.duty_of(week.id) == {cast.wang.id, cast.chen.id}
    assert [each.id for each in timetables.not_as_usual(DAY, DAY)] == [week.id]


@pytest.mark.parametrize("deed", ["accept", "decline", "withdraw"])
def test_a_second_press_changes_nothing(cast, deed):
    made = cast.ask()
    by = make.actor(cast.li if deed == "withdraw" else cast.wang)
    getattr(swaps, deed)(made.id, by=by, at=LATER)

    getattr(swaps, deed)(made.id, by=by, at=LATER + timedelta(minutes=1))

    assert (DutySwap.get().answered_at, len(trail())) == (LATER, 2)


@pytest.mark.parametrize("deed", ["decline", "withdraw"])
def test_declined_or_taken_back_the_duty_stays(cast, deed):
    made = cast.ask()
    by = make.actor(cast.li if deed == "withdraw" else cast.wang)

    getattr(swaps, deed)(made.id, by=by, at=LATER)

    assert cast.on_duty() == ("李老師", "陳老師")
    with pytest.raises(Refused):
        swaps.accept(made.id, by=make.actor(cast.wang), at=LATER)
    assert cast.on_duty() == ("李老師", "陳老師")
    assert cast.ask(of=make.staff("孫老師"))


def test_only_the_two_it_is_between_may_touch_it(cast):
    made = cast.ask()

    for person in (cast.li, cast.chen):
        with pytest.raises(NotFound):
            swaps.accept(made.id, by=make.actor(person), at=LATER)
        with pytest.raises(NotFound):
            swaps.decline(made.id, by=make.actor(person), at=LATER)
    with pytest.raises(NotFound):
        swaps.withdraw(made.id, by=make.actor(cast.wang), at=LATER)
    with pytest.raises(NotFound):
        swaps.accept(99, by=make.actor(cast.wang), at=LATER)
    assert DutySwap.get().answer == ""


def cancelled(cast):
    activities.cancel(cast.activity.id, reason="停電", by=make.actor(), at=NOON)
    return LATER


def begun(cast):
    return MONDAY_4PM


def off_duty(cast):
    ActivityDuty.delete().where(ActivityDuty.staff == cast.li).execute()
    return LATER


@pytest.mark.parametrize("what", [cancelled, begun, off_duty])
def test_what_lapsed_is_neither_shown_nor_accepted(cast, what):
    made = cast.ask()
    at = what(cast)
    duty = cast.on_duty()

    with pytest.raises(Refused):
        swaps.accept(made.id, by=make.actor(cast.wang), at=at)

    assert swap_requests.to_answer(cast.wang.id, at=at) == []
    assert [each.state for each in swap_requests.asked_by(cast.li.id, at=at)] == [
        SwapState.LAPSED
    ]
    assert (cast.on_duty(), DutySwap.get().answer) == (duty, "")


def test_who_has_other_duties_by_then_cannot_accept(cast):
    made = cast.ask()
    room = make.room("閱讀室")
    make.activity(MONDAY_4PM + timedelta(minutes=30), duty=[cast.wang], room=room)

    with pytest.raises(Refused) as refused:
        swaps.accept(made.id, by=make.actor(cast.wang), at=LATER)

    assert str(refused.value) == (
        "王老師那個時間（11-23 16:30–18:00）要在閱讀室值班，不能兼顧。"
    )
    assert cast.on_duty() == ("李老師", "陳老師")


def test_who_was_put_on_duty_there_meanwhile_cannot_accept(cast):
    made = cast.ask()
    ActivityDuty.create(activity=cast.activity, staff=cast.wang)

    with pytest.raises(Refused, match="本來就在"):
        swaps.accept(made.id, by=make.actor(cast.wang), at=LATER)


def test_colleagues_are_the_active_duty_teachers_who_are_not_there(cast):
    make.staff("孫老師", retired_at=NOON)
    make.staff("校長", roles=("head",))
    busy = make.staff("趙老師")
    make.activity(MONDAY_4PM - timedelta(minutes=89), duty=[busy], room=make.room("閱讀室"))

    found = [
        (each.name, each.busy and each.busy.room)
        for each in swaps.teachers(cast.activity.id)
    ]

    assert found == [("王老師", None), ("趙老師", "閱讀室")]


def test_a_duty_that_ends_as_the_other_begins_is_no_hindrance(cast):
    before = MONDAY_4PM - timedelta(minutes=90)
    make.activity(before, duty=[cast.wang], room=make.room("閱讀室"))

    swaps.accept(cast.ask().id, by=make.actor(cast.wang), at=NOON)

    assert cast.on_duty() == ("王老師", "陳老師")


def test_what_cannot_be_asked(cast):
    head = make.staff("校長", roles=("head",))
    busy = make.staff("趙老師")
    make.activity(duty=[busy], room=make.room("閱讀室"))

    for of, words in ((head, "在名單裏"), (cast.chen, "本來就在"), (busy, "不能兼顧")):
        with pytest.raises(Refused, match=words):
            cast.ask(of=of)
    with pytest.raises(Refused, match="已經不同"):
        cast.ask(by=cast.wang, of=make.staff("孫老師"))
    with pytest.raises(Refused, match="已經開始"):
        cast.ask(at=MONDAY_4PM)
    assert (DutySwap.select().count(), trail()) == (0, [])


def test_one_colleague_is_asked_at_a_time_for_each_duty(cast):
    cast.ask()

    with pytest.raises(Refused, match="先撤回"):
        cast.ask(of=make.staff("孫老師"))
    cast.ask(by=cast.chen, of=make.staff("趙老師"))

    assert DutySwap.select().count() == 2
    with pytest.raises(Exception, match="UNIQUE"):
        DutySwap.create(
            activity=cast.activity, asked_by=cast.li, asked_of=cast.chen, asked_at=NOON
        )


def test_a_duty_goes_on_to_a_third_and_comes_back(cast):
    swaps.accept(cast.ask().id, by=make.actor(cast.wang), at=NOON)
    back = cast.ask(by=cast.wang, of=cast.li, at=LATER)

    swaps.accept(back.id, by=make.actor(cast.li), at=LATER)

    assert cast.on_duty() == ("李老師", "陳老師")
    requests = swap_requests.of_activity(cast.activity.id, at=LATER)
    assert [each.detail[-9:] for each in requests] == [
        "李老師 → 王老師",
        "王老師 → 李老師",
    ]


def test_of_many_duties_at_one_time_only_one_is_accepted(app):
    cast = Cast()
    made = [cast.ask()]
    for n in range(5):
        other = make.staff(f"老師{n}")
        activity = make.activity(duty=[other], room=make.room(f"房間{n}"))
        by = make.actor(other)
        made.append(swaps.ask(activity.id, cast.wang.id, words="", by=by, at=NOON))
    wang = make.actor(cast.wang)

    outcomes = race(
        *(lambda id_=each.id: swaps.accept(id_, by=wang, at=LATER) for each in made)
    )

    assert outcomes.count("won") == 1
    assert ActivityDuty.select().where(ActivityDuty.staff == cast.wang).count() == 1
    assert DutySwap.select().where(DutySwap.answer == "accepted").count() == 1


def test_accepting_and_taking_back_at_once_do_not_both_succeed(app):
    cast = Cast()
    made = cast.ask()
    li, wang = make.actor(cast.li), make.actor(cast.wang)

    outcomes = race(
        lambda: swaps.accept(made.id, by=wang, at=LATER),
        lambda: swaps.withdraw(made.id, by=li, at=LATER),
    )

    accepted = DutySwap.get().answer == "accepted"
    assert outcomes.count("won") == 1
    assert cast.on_duty() == (("王老師" if accepted else "李老師"), "陳老師")


def test_asking_twice_at_once_asks_one(app):
    cast = Cast()
    others = [make.staff(f"老師{n}") for n in range(4)]

    outcomes = race(*(lambda who=who: cast.ask(of=who) for who in others))

    assert outcomes.count("won") == 1
    assert DutySwap.select().count() == 1


@pytest.mark.parametrize("requests", [1, 3])
def test_lists_take_one_query_however_long(cast, requests):
    for n in range(requests):
        starts = MONDAY_4PM + timedelta(days=n)
        activity = make.activity(starts, duty=[cast.chen], room=make.room("閱讀室"))
        by = make.actor(cast.chen)
        swaps.ask(activity.id, cast.wang.id, words="", by=by, at=NOON)

    with count_queries() as queries:
        found = swap_requests.to_answer(cast.wang.id, at=NOON)

    assert (len(found), queries.count) == (requests, 1)


def weekly(cast):
    """An opening on Mondays whose date is the activity of the cast."""
    slot = make.slot(title="作業輔導")
    for person in (cast.li, cast.chen):
        SlotDuty.create(slot=slot, staff=person)
    Activity.update(slot=slot).where(Activity.id == cast.activity.id).execute()
    return slot


def change(slot, **values):
    plan = slots.plan_of(slot.id)._replace(**values)
    seen = planning.preview_change(slot.id, plan, DAY, at=LATER).fingerprint
    consent = Consent(seen, accepted=True)
    planning.change_slot(slot.id, plan, DAY, consent, by=make.actor(), at=LATER)


def test_a_change_of_the_whole_series_keeps_the_swap(cast):
    slot = weekly(cast)
    swaps.accept(cast.ask().id, by=make.actor(cast.wang), at=LATER)

    change(slot, title="功課輔導")

    assert activities.entry(cast.activity.id).title == "功課輔導"
    assert set(cast.on_duty()) == {"王老師", "陳老師"}
    next_week = Activity.get(Activity.starts == MONDAY_4PM + timedelta(weeks=1))
    assert set(activities.entry(next_week.id).duty) == {"李老師", "陳老師"}


def test_a_date_moved_by_hand_keeps_the_swap_as_well(cast):
    slot = weekly(cast)
    swaps.accept(cast.ask().id, by=make.actor(cast.wang), at=LATER)
    Activity.update(moved_from=MONDAY_4PM - timedelta(days=1)).execute()

    change(slot, title="功課輔導")

    assert activities.entry(cast.activity.id).title == "功課輔導"
    assert set(cast.on_duty()) == {"王老師", "陳老師"}


def test_a_date_that_the_calendar_takes_and_gives_back_keeps_the_swap(cast):
    weekly(cast)
    swaps.accept(cast.ask().id, by=make.actor(cast.wang), at=LATER)
    for special in (SpecialDay(closed=True, name="停課"), None):
        days = {DAY: special}
        moves = replanning.preview(days=days, at=LATER)
        seen = seen_as(moves)
        replanning.change_days(days, seen=seen, by=make.actor(), at=LATER)

    assert activities.entry(cast.activity.id).cancelled_at is None
    assert set(cast.on_duty()) == {"王老師", "陳老師"}


def test_the_office_has_the_last_word_on_one_date(cast):
    swaps.accept(cast.ask().id, by=make.actor(cast.wang), at=LATER)
    plan = activities.plan_of(cast.activity.id)
    assert plan.duty == {cast.wang.id, cast.chen.id}  # a form opened now keeps the swap

    plan = plan._replace(duty=frozenset({cast.li.id, cast.chen.id}))
    activities.change(cast.activity.id, plan, by=make.actor(), at=LATER)

    assert set(cast.on_duty()) == {"李老師", "陳老師"}


def test_a_date_that_a_change_removes_takes_its_requests_along(cast):
    slot = weekly(cast)
    cast.ask()

    change(slot, weekday=2)

    assert (DutySwap.select().count(), Slot.get().weekday) == (0, 2)
    assert len(trail()) == 1
