"""Entering a sheet: the rows afterwards, refusals without a trace, twice, and at once."""

from datetime import timedelta
from threading import Barrier, Thread

import make
import pytest
from kit import MONDAY_4PM, count_queries

from liushou_web.actor import Actor
from liushou_web.attendance.rules.corrections import RollFacts
from liushou_web.attendance.rules.paper import UNLISTED_ON_PAPER, Faulty
from liushou_web.attendance.store import (
    closing,
    corrections,
    paper,
    paper_entry,
    paper_grid,
    rolls,
    taps,
)
from liushou_web.attendance.store.paper_entry import PaperEntry
from liushou_web.db import db
from liushou_web.refusal import NotAllowed, NotFound, Refused
from liushou_web.schema import Activity, Attendance, Child, Correction, PaperSheet, Trail

ENDS = MONDAY_4PM + timedelta(minutes=90)
TUESDAY = MONDAY_4PM + timedelta(days=1)
MONDAY = MONDAY_4PM.date()
FIVE_PAST = MONDAY_4PM + timedelta(minutes=5)
CAME = RollFacts(FIVE_PAST, ENDS)


@pytest.fixture
def li(store):
    make.school()
    return make.staff("李老師")


@pytest.fixture
def reading(li):
    """A reading hour of Monday at which 小明 and 小紅 were expected."""
    make.child("小明", number="1"), make.child("小紅", number="2")
    return make.activity(duty=[li])


@pytest.fixture
def sheet(reading, li):
    """Printed on Monday morning."""
    morning = MONDAY_4PM - timedelta(hours=8)
    return paper.prepare(MONDAY, MONDAY, by=make.actor(li), at=morning)[0]


def id_of(name):
    return Child.get(Child.name == name).id


def enter(activity, li, sheet=None, at=TUESDAY, seen=0, reason="", **said):
    """`enter(reading, li, 小明=Facts(…))`; whoever is not named has an empty line."""
    ids = {child.id: child.name for child in Child.select()}
    entries = {
        str(i): PaperEntry(i, *(said[n] if type(said[n]) is tuple else (said[n],)))
        for i, n in ids.items()
        if n in said
    }
    return paper_entry.enter(
        activity.id, sheet, entries, seen=seen, reason=reason, by=make.actor(li), at=at
    )


def row(name="小明"):
    return Attendance.get_or_none(Attendance.child == id_of(name))


def facts(name="小明"):
    found = row(name)
    return RollFacts(found.came_at, found.went_at, found.leave)


def test_a_roll_that_nobody_took_is_opened_and_filled(reading, sheet, li):
    count = enter(reading, li, sheet, 小明=CAME, 小紅=RollFacts())

    assert (count, facts(), facts("小紅")) == (1, CAME, RollFacts())
    activity = Activity.get_by_id(reading.id)
    assert (activity.opened_at, activity.grace_minutes, activity.version) == (
        TUESDAY,
        10,
        1,
    )


def test_each_row_says_who_entered_it_and_when_and_that_nobody_tapped(reading, sheet, li):
    enter(reading, li, sheet, 小明=CAME)

    first, second = rolls.roll_of(Activity.get_by_id(reading.id), at=TUESDAY)
    assert (first.paper_by, first.paper_at, first.came_by) == ("李老師", TUESDAY, None)
    assert (second.paper_by, second.paper_at) == (None, None)


def test_the_trail_tells_the_whole_and_each_row(reading, sheet, li):
    enter(reading, li, sheet, 小明=CAME)

    lines = Trail.select().where(Trail.deed == "paper.enter").order_by(Trail.id)
    assert [(line.subject, line.subject_id, line.detail) for line in lines] == [
        (
            "attendance",
            row().id,
            "came_at= → 2026-11-23 16:05:00; went_at= → 2026-11-23 17:30:00",
        ),
        ("activity", reading.id, f"No.{sheet} 1"),
    ]


def test_those_expected_are_those_of_the_sheet(reading, sheet, li):
    Child.update(left_on=MONDAY).where(Child.name == "小紅").execute()
    make.child("小新")
    Child.update(school_class=make.school_class(grade=6)).where(
        Child.name == "小明"
    ).execute()

    enter(reading, li, sheet, 小明=CAME)

    assert [each.child_id for each in Attendance.select()] == [id_of("小明"), id_of("小紅")]
    assert row().school_class_id == make.school_class().id


def test_of_two_sheets_those_of_the_one_that_was_used(reading, sheet, li):
    make.child("小新")
    morning = MONDAY_4PM - timedelta(hours=7)
    paper.prepare(MONDAY, MONDAY, by=make.actor(li), at=morning)

    enter(reading, li, sheet, 小明=CAME)

    assert [each.child_id for each in Attendance.select()] == [id_of("小明"), id_of("小紅")]


def test_a_time_of_unknown_origin_is_not_overwritten(reading, li):
    make.attendance(reading, Child.get(name="小明"), came_at=MONDAY_4PM)

    with pytest.raises(Faulty):
        enter(reading, li, 小明=CAME)

    assert facts() == RollFacts(MONDAY_4PM)


def test_without_a_sheet_those_of_the_register(reading, li):
    make.child("小新")

    enter(reading, li, 小新=CAME)

    assert Attendance.select().count() == 3
    assert (facts("小新"), row("小新").walk_in) == (CAME, False)


def test_leave_entered_ahead_is_kept_and_an_arrival_takes_its_place(reading, sheet, li):
    for name in ("小明", "小紅"):
        make.leave(Child.get(name=name), li, note="回家", kind="sick")

    enter(reading, li, sheet, 小明=CAME, 小紅=RollFacts())

    assert (facts(), row().leave_note, row().leave_by_id) == (CAME, "", None)
    assert (facts("小紅"), row("小紅").leave_note) == (RollFacts(leave="sick"), "回家")
    assert row("小紅").paper_at is None


def test_leave_on_paper_is_leave(reading, sheet, li):
    enter(reading, li, sheet, 小明=RollFacts(leave="personal"))

    assert (facts(), row().paper_by_id) == (RollFacts(leave="personal"), li.id)


def everything():
    return [list(table.select().dicts()) for table in (Activity, Attendance, Trail)]


def test_sent_again_nothing_changes(reading, sheet, li):
    make.child("外人")
    said = {"小明": CAME, "外人": CAME, "小紅": RollFacts(leave="sick")}
    enter(reading, li, sheet, **said)
    before = (
        Activity.get().version,
        Trail.select().count(),
        list(Attendance.select().dicts()),
    )

    assert enter(reading, li, sheet, at=TUESDAY + timedelta(hours=1), **said) == 0

    after = (
        Activity.get().version,
        Trail.select().count(),
        list(Attendance.select().dicts()),
    )
    assert after == before


def test_a_tapped_time_is_refused_at_its_row_and_nothing_is_saved(reading, sheet, li):
    taps.sign_in(reading.id, id_of("小明"), by=make.actor(li), at=MONDAY_4PM)
    before = Trail.select().count()

    with pytest.raises(Faulty) as fault:
        enter(reading, li, sheet, seen=1, 小明=CAME, 小紅=CAME)

    assert [*fault.value.faults] == [str(id_of("小明"))]
    assert (facts(), facts("小紅")) == (RollFacts(MONDAY_4PM), RollFacts())
    assert Trail.select().count() == before


def test_a_fault_leaves_the_roll_unopened(reading, sheet, li):
    with pytest.raises(Faulty):
        enter(reading, li, sheet, 小明=CAME, 小紅=RollFacts(None, ENDS))

    assert Activity.get().opened_at is None
    assert Attendance.select().count() == 0


def test_a_departure_on_paper_joins_an_arrival_that_was_tapped(reading, sheet, li):
    taps.sign_in(reading.id, id_of("小明"), by=make.actor(li), at=MONDAY_4PM)

    enter(reading, li, sheet, seen=1, 小明=RollFacts(None, ENDS))

    assert facts() == RollFacts(MONDAY_4PM, ENDS)
    assert (row().came_by_id, row().went_by_id, row().paper_by_id) == (li.id, None, li.id)


def test_what_came_from_paper_can_be_typed_over_and_taken_back(reading, sheet, li):
    enter(reading, li, sheet, 小明=CAME, 小紅=CAME)

    enter(reading, li, sheet, seen=1, 小明=RollFacts(MONDAY_4PM, ENDS), 小紅=RollFacts())

    assert (facts(), facts("小紅")) == (RollFacts(MONDAY_4PM, ENDS), RollFacts())
    assert (row("小紅").paper_at, row("小紅").paper_by_id) == (None, None)
    old = Trail.select().where(Trail.subject_id == row("小紅").id).order_by(Trail.id.desc())
    assert old.first().detail == (
        "came_at=2026-11-23 16:05:00 → ; went_at=2026-11-23 17:30:00 → "
    )


def test_how_a_child_went_home_goes_with_its_departure(reading, sheet, li):
    enter(reading, li, sheet, 小明=CAME)
    Attendance.update(way_home="alone").where(Attendance.went_at == ENDS).execute()

    enter(reading, li, sheet, seen=1, 小明=RollFacts(FIVE_PAST))

    assert (facts(), row().way_home) == (RollFacts(FIVE_PAST), "")


def test_an_old_page_takes_nothing_back_that_came_since(reading, sheet, li):
    enter(reading, li, sheet, 小明=CAME)

    enter(reading, li, sheet, seen=0, 小明=RollFacts(), 小紅=CAME)
    with pytest.raises(Faulty, match="有 1 行要修改"):
        enter(reading, li, sheet, seen=0, 小明=RollFacts(MONDAY_4PM))

    assert (facts(), facts("小紅")) == (CAME, CAME)


def test_a_child_who_is_not_on_the_sheet_is_added(reading, sheet, li):
    make.child("外人", school_class=make.school_class(grade=6))

    enter(reading, li, sheet, 外人=CAME)

    added = row("外人")
    assert (facts("外人"), added.walk_in, added.paper_by_id) == (CAME, True, li.id)
    assert added.school_class_id == make.school_class(grade=6).id


def test_who_is_not_on_the_sheet_needs_no_leave(reading, sheet, li):
    make.child("別人")

    with pytest.raises(Faulty) as fault:
        enter(reading, li, sheet, 別人=RollFacts(leave="sick"))

    assert [str(each) for each in fault.value.faults.values()] == [
        "別人不在名單上，不用記請假。"
    ]


def test_taken_back_it_is_off_the_roll(reading, sheet, li):
    make.child("外人")
    enter(reading, li, sheet, 外人=CAME)

    enter(reading, li, sheet, seen=1, 外人=RollFacts())

    assert row("外人") is None
    last = Trail.select().order_by(Trail.id.desc()).limit(2)
    assert [line.deed for line in last] == ["paper.enter", "attendance.undo_walk_in"]


def test_a_child_of_two_lines_is_refused_at_the_second(reading, sheet, li):
    entries = {"1": PaperEntry(1, CAME), "x1": PaperEntry(1, CAME)}

    with pytest.raises(Faulty) as fault:
        paper_entry.enter(
            reading.id, sheet, entries, seen=0, reason="", by=make.actor(li), at=TUESDAY
        )

    assert str(fault.value.faults["x1"]) == "小明已經有一行了，請填在那一行裏。"


def test_an_empty_grid_does_not_make_all_absent(reading, sheet, li):
    with pytest.raises(Refused, match="一行也沒有填"):
        enter(reading, li, sheet, 小明=RollFacts(), 小紅=RollFacts())

    assert Activity.get().opened_at is None


def test_only_those_in_charge_enter(reading, sheet):
    with pytest.raises(NotAllowed, match="只有這次活動的值班教師"):
        enter(reading, make.staff("別人"), sheet, 小明=CAME)

    assert enter(reading, make.staff("林老師", roles=["office"]), sheet, 小明=CAME) == 1


def test_the_sheet_of_another_activity_is_none_of_this(reading, sheet, li):
    other = make.activity(MONDAY_4PM + timedelta(hours=3))

    with pytest.raises(NotFound):
        enter(other, li, sheet, 小明=CAME)

    assert Attendance.select().count() == 0


@pytest.fixture
def closed(reading, sheet, li):
    """小明 was tapped in and out; 小紅 was not seen; closed on the day."""
    for deed, at in ((taps.sign_in, MONDAY_4PM), (taps.sign_out, ENDS)):
        deed(reading.id, id_of("小明"), by=make.actor(li), at=at)
    Activity.update(closed_at=ENDS, closed_by=li).execute()
    return reading


def test_a_closed_roll_is_corrected_with_one_reason(closed, sheet, li):
    make.child("外人")
    said = {"小明": CAME, "小紅": CAME, "外人": RollFacts(FIVE_PAST)}

    count = enter(closed, li, sheet, at=ENDS, seen=2, reason="停電補錄", **said)

    assert (count, facts(), facts("小紅"), facts("外人")) == (3, CAME, CAME, said["外人"])
    first, *others = corrections.of_activity(closed.id)
    assert (first.who, first.child, first.field) == ("李老師", "小明", "簽到")
    assert (first.old, first.new, first.reason) == ("16:00", "16:05", "停電補錄")
    assert [line.child for line in others] == ["小紅", "小紅", "外人"]
    assert row("外人").unsettled_reason == "停電補錄"
    assert {each.paper_by_id for each in Attendance.select()} == {li.id}


def test_a_closed_roll_sent_again_is_corrected_once(closed, sheet, li):
    for _ in range(2):
        enter(closed, li, sheet, at=ENDS, seen=2, reason="停電補錄", 小明=CAME)

    assert Correction.select().count() == 1


def test_a_closed_roll_without_a_reason_or_the_right_stays(closed, sheet, li):
    with pytest.raises(Refused, match="請寫明更正的原因"):
        enter(closed, li, sheet, at=ENDS, reason="停電", 小紅=CAME)
    with pytest.raises(NotAllowed, match="過後請找辦公室"):
        enter(closed, li, sheet, at=TUESDAY, reason="停電補錄", 小紅=CAME)

    assert facts("小紅") == RollFacts()
    assert Correction.select().count() == 0


def test_undone_by_a_tap_it_is_not_from_paper_any_more(reading, sheet, li):
    enter(
        reading, li, sheet, at=ENDS, 小明=RollFacts(FIVE_PAST), 小紅=RollFacts(leave="sick")
    )

    for name, was in (("小明", "in"), ("小紅", "leave")):
        taps.undo(reading.id, id_of(name), was=was, by=make.actor(li), at=ENDS)

    assert (facts(), row().paper_by_id) == (RollFacts(), None)
    assert (facts("小紅"), row("小紅").paper_at) == (RollFacts(), None)


def test_then_it_closes_late_without_a_room_check(reading, sheet, li):
    enter(reading, li, sheet, 小明=CAME)

    closing.close(reading.id, closing.Closing(), by=make.actor(li), at=TUESDAY)

    assert closing.record_of(reading.id).checks == ()


def names(activity, sheet, **values):
    lines = paper_grid.grid(activity, sheet, at=TUESDAY, **values)
    return [(line.number, line.name, line.listed) for line in lines]


def test_the_grid_shows_the_sheet_then_others_on_the_roll_then_those_asked_for(
    reading, sheet, li
):
    new, other = make.child("小新"), make.child("外人")
    on_sheet = [(1, "小明", True), (2, "小紅", True)]
    assert names(reading, sheet, also=[other.id]) == [*on_sheet, (None, "外人", False)]

    taps.walk_in(reading.id, new.id, by=make.actor(li), at=MONDAY_4PM)

    opened = Activity.get_by_id(reading.id)
    behind = [(None, "外人", True), (None, "小新", True)]
    assert names(opened, sheet, also=[new.id]) == on_sheet + behind
    assert [number for number, *_ in names(opened, None)] == [1, 2, 3, 4]


@pytest.mark.parametrize("of_sheet", [True, False])
def test_the_grid_asks_the_same_however_many(reading, li, of_sheet):
    counted = []
    for n in range(3):
        make.child(f"孩子{n}")
        made = paper.prepare(MONDAY, MONDAY, by=make.actor(li), at=MONDAY_4PM)
        with count_queries() as queries:
            paper_grid.grid(reading, made[0] if of_sheet else None, at=TUESDAY, also=[99])
        counted.append(queries.count)

    assert len(set(counted)) == 1


@pytest.mark.parametrize(
    ("query", "expected"),
    [("202401", "王芳"), ("lis", "李四"), ("王小明", "王小明"), ("李", "李四")],
)
def test_a_name_or_number_means_a_child(store, query, expected):
    for name, number in (("王芳", "202401"), ("王芳", "202402"), ("王小明", None)):
        make.child(name, number=number)
    make.child("王小明明"), make.child("李四", left_on=TUESDAY.date())

    assert paper_grid.meant(query, MONDAY) == Child.get(Child.name == expected).id


def test_no_child_or_several_are_refused_with_what_tells_them_apart(store):
    for number in ("202401", "202402"):
        make.child("王芳", number=number)
    make.child("李四", left_on=MONDAY)

    with pytest.raises(Refused) as several:
        paper_grid.meant("王芳", MONDAY)
    assert str(several.value) == (
        "「王芳」不止一名學生：王芳 3（1）班 202401、王芳 3（1）班 202402。請改填學籍號。"
    )
    with pytest.raises(Refused, match="沒有找到「李四」"):
        paper_grid.meant("李四", MONDAY)


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_who_enter_at_once_each_keeps_what_the_other_wrote(app, attempt):
    li, make_child = make.staff("李老師"), make.child
    reading = make.activity(duty=[li])
    ids = [make_child(f"孩子{n}").id for n in range(2)]
    gate, counts = Barrier(2), []
    by = Actor(li.id, li.name, li.roles)

    def run(mine):
        entries = {str(i): PaperEntry(i, CAME if i == mine else RollFacts()) for i in ids}
        with db.connection_context():
            gate.wait()
            counts.append(
                paper_entry.enter(
                    reading.id, None, entries, seen=0, reason="", by=by, at=TUESDAY
                )
            )

    racers = [Thread(target=run, args=(mine,)) for mine in ids]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    assert counts == [1, 1]
    assert [each.came_at for each in Attendance.select()] == [FIVE_PAST, FIVE_PAST]
    assert PaperSheet.select().count() == 0


def gone(name="小明"):
    found = row(name)
    return found.way_home, found.collected_by, found.release_reason, found.released_by_id


@pytest.mark.parametrize("typed", ["爺爺", "王大山", "爺爺 王大山", "爺爺王大山"])
def test_who_collected_is_found_on_the_list(reading, li, typed):
    make.collector(Child.get(name="小明"))

    enter(reading, li, 小明=(CAME, typed))

    assert gone() == ("collector", "爺爺 王大山", "", None)


@pytest.mark.parametrize("closed", [False, True])
def test_somebody_else_is_written_down_and_the_office_told(reading, li, closed):
    if closed:
        enter(reading, li, 小明=RollFacts(FIVE_PAST))
        Activity.update(closed_at=TUESDAY).execute()

    enter(reading, li, reason="紙本補錄。", 小明=(CAME, "鄰居 劉嬸"))

    assert gone() == ("other", "鄰居 劉嬸", UNLISTED_ON_PAPER, li.id)


def test_a_closed_roll_is_told_who_collected_without_another_time(reading, li):
    enter(reading, li, 小明=CAME)
    Activity.update(closed_at=TUESDAY).execute()

    assert enter(reading, li, reason="紙本補錄。", 小明=(CAME, "校車")) == 1

    assert gone() == ("bus", "", "", None)
    (line,) = Trail.select().where(Trail.detail.contains("way_home"))
    assert (line.deed, line.detail) == ("paper.enter", "way_home= → bus; 紙本補錄。")


def test_alone_needs_its_consent_or_stands_as_written(reading, li):
    enter(reading, li, 小明=(CAME, "自己"))

    assert gone()[:2] == ("other", "自己")


def test_of_two_with_one_relation_the_name_is_asked_for(reading, li):
    make.collector(Child.get(name="小明"))
    make.collector(Child.get(name="小明"), "陳建國")

    with pytest.raises(Faulty) as refused:
        enter(reading, li, 小明=(CAME, "爺爺"))

    (fault,) = refused.value.faults.values()
    assert str(fault) == "「爺爺」不止一人：爺爺 王大山、爺爺 陳建國。請寫姓名。"


def test_a_child_that_did_not_leave_was_taken_by_nobody(reading, li):
    with pytest.raises(Faulty) as refused:
        enter(reading, li, 小明=(RollFacts(FIVE_PAST), "爺爺"))

    (fault,) = refused.value.faults.values()
    assert str(fault) == "寫了「爺爺」接走，請填走的時間。"
