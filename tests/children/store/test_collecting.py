"""A child's list and its usual way home: the rows, refusals, and what files bring."""

from dataclasses import replace
from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM, count_queries
from peewee import IntegrityError

from liushou_web.children.rules.collecting import (
    CollectorFields,
    HomeChoice,
    Way,
    WayInWords,
)
from liushou_web.children.rules.register import ChildFields
from liushou_web.children.store import child_files, collecting, collectors, register
from liushou_web.db import db
from liushou_web.refusal import NotFound, Refused
from liushou_web.schema import Child, Collector, Trail, WayHome

TODAY = MONDAY_4PM.date()
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
AUNT = CollectorFields("王小蓮", "姑姑", "13800000001", False, TODAY)
WHEN = {"at": MONDAY_4PM}


@pytest.fixture
def office(store):
    make.school()
    return make.actor(make.staff(roles=("office",)))


@pytest.fixture
def child(office):
    return make.child("小明", way=None)


def add(child, by, fields=AUNT, *, usual=False, **more):
    return collecting.add(child.id, fields, usual=usual, by=by, **WHEN, **more)


def card(child, day=TODAY):
    return collectors.card_of(child.id, day=day)


def lines():
    return [(row.deed, row.detail) for row in Trail.select().order_by(Trail.id)]


def test_somebody_is_added_with_all_that_is_known(child, office):
    made = add(child, office, replace(AUNT, last_day=TOMORROW), photo="x.jpg")

    row = Collector.get()
    assert (row.id, row.child_id, row.name, row.relation) == (
        made.id,
        child.id,
        "王小蓮",
        "姑姑",
    )
    assert (row.phone, row.guardian, row.photo) == ("13800000001", False, "x.jpg")
    assert (row.first_day, row.last_day) == (TODAY, TOMORROW)
    assert (row.added_by_id, row.added_at, row.ended_at) == (office.id, MONDAY_4PM, None)
    assert lines() == [("collecting.add", f"child={child.id}; 姑姑 王小蓮")]


def test_whoever_usually_collects_is_said_at_once(child, office):
    made = add(child, office, usual=True)

    assert card(child).home.usual == HomeChoice(Way.COLLECTOR, made.id)
    assert card(child).usual == WayInWords("姑姑 王小蓮", "接")


def test_not_usual_leaves_the_way_home_as_it_is(child, office):
    add(child, office)

    assert WayHome.select().count() == 0
    assert card(child).usual is None


@pytest.mark.parametrize(
    ("fields", "usual", "refusal"),
    [
        (AUNT, False, "王小蓮已經在小明的名單上"),
        (
            replace(AUNT, name="王小花", first_day=TOMORROW),
            True,
            "從 2026-11-24 起才可以接",
        ),
        (replace(AUNT, name=""), False, "請填寫接的人的姓名"),
    ],
)
def test_a_refused_addition_leaves_no_trace(child, office, fields, usual, refusal):
    add(child, office)
    before = lines()

    with pytest.raises(Refused, match=refusal):
        add(child, office, fields, usual=usual)

    assert (Collector.select().count(), lines()) == (1, before)


def test_a_child_who_left_gets_nobody(child, office):
    Child.update(left_on=TODAY).execute()

    with pytest.raises(Refused, match="小明已離開"):
        add(child, office)
    with pytest.raises(Refused, match="小明已離開"):
        collecting.set_home(child.id, "bus", by=office, **WHEN)


def test_a_change_is_told_and_the_old_photo_given_back(child, office):
    made = add(child, office, photo="old.jpg")
    new = replace(AUNT, phone="13900000002", last_day=TOMORROW)

    unused = collecting.change(made.id, new, photo="new.jpg", by=office, **WHEN)

    row = Collector.get()
    assert (unused, row.photo, row.phone, row.last_day) == (
        "old.jpg",
        "new.jpg",
        "13900000002",
        TOMORROW,
    )
    assert lines()[-1][1] == (
        f"child={child.id}; 電話：13800000001 → 13900000002；"
        "到哪天止：（空） → 2026-11-24；照片"
    )


def test_nothing_changed_is_no_deed(child, office):
    made = add(child, office, photo="old.jpg")
    before = lines()

    assert collecting.change(made.id, AUNT, by=office, **WHEN) == ""

    assert (lines(), Collector.get().photo) == (before, "old.jpg")


def test_ended_at_once_and_resumed_the_same_day(child, office):
    made = add(child, office, usual=True)

    collecting.end(made.id, by=office, **WHEN)
    assert (card(child).usual, card(child).collecting) == (None, [])
    assert [p.ended_today for p in card(child).past] == [True]
    with pytest.raises(Refused, match="姑姑 王小蓮已經停用"):
        collecting.change(made.id, AUNT, by=office, **WHEN)

    collecting.resume(made.id, by=office, **WHEN)
    assert card(child).usual == WayInWords("姑姑 王小蓮", "接")
    assert [deed for deed, _ in lines()[1:]] == ["collecting.end", "collecting.resume"]


def test_ended_twice_keeps_the_first_moment(child, office):
    made = add(child, office)
    collecting.end(made.id, by=office, **WHEN)
    before = lines()

    collecting.end(made.id, by=office, at=MONDAY_4PM + timedelta(hours=1))

    assert (Collector.get().ended_at, lines()) == (MONDAY_4PM, before)


def test_the_day_after_an_ending_stays(child, office):
    made = add(child, office)
    collecting.end(made.id, by=office, **WHEN)

    with pytest.raises(Refused, match="不是今天停用的"):
        collecting.resume(made.id, by=office, at=MONDAY_4PM + timedelta(days=1))

    assert Collector.get().ended_at == MONDAY_4PM


def test_the_card_knows_who_is_yet_to_come_and_who_was(child):
    now = make.collector(child, "現在", guardian=True)
    make.collector(child, "以後", first_day=TOMORROW)
    make.collector(child, "以前", first_day=YESTERDAY, last_day=YESTERDAY)
    usual = make.collector(child, "平時", usual=True)

    found = card(child)

    assert [p.fields.name for p in found.listed] == ["現在", "以後", "平時"]
    assert [p.fields.name for p in found.past] == ["以前"]
    assert [p.id for p in found.collecting] == [usual.id, now.id]


@pytest.mark.parametrize("people", [1, 3])
def test_the_card_takes_two_queries_however_many(child, people):
    for n in range(people):
        make.collector(child, f"人{n}")

    with count_queries() as queries:
        assert len(card(child).collecting) == people

    assert queries.count == 2


@pytest.mark.parametrize(
    ("boards", "consent", "ways"),
    [
        (False, {}, [Way.BUS]),
        (True, {}, [Way.BUS, Way.DORMITORY]),
        (False, {"consent_by": "爺爺", "consent_on": TODAY}, [Way.ALONE, Way.BUS]),
    ],
)
def test_which_ways_are_offered_at_the_door(child, boards, consent, ways):
    Child.update(boards=boards).execute()
    WayHome.create(child=child, set_at=MONDAY_4PM, **consent)

    assert [way for way, _ in card(child).ways] == ways


def test_going_alone_is_set_with_who_agreed_and_when(child, office):
    consent = {"consent_by": "爺爺 王大山", "consent_on": YESTERDAY}

    collecting.set_home(child.id, "alone", **consent, by=office, **WHEN)

    row = WayHome.get()
    assert (row.way, row.collector_id) == ("alone", None)
    assert (row.consent_by, row.consent_on) == ("爺爺 王大山", YESTERDAY)
    assert lines() == [
        ("collecting.set_home", "自行回家；爺爺 王大山 2026-11-22 同意自行回家")
    ]


def test_the_consent_stays_when_somebody_usually_collects(child, office):
    consent = {"consent_by": "爺爺 王大山", "consent_on": YESTERDAY}
    collecting.set_home(child.id, "alone", **consent, by=office, **WHEN)

    add(child, office, usual=True)

    assert (card(child).home.consent_by, card(child).usual.words) == ("爺爺 王大山", "接")


def test_no_usual_way_can_be_said_too(child, office):
    add(child, office, usual=True)

    collecting.set_home(child.id, "", by=office, **WHEN)

    assert (card(child).usual, WayHome.get().way) == (None, "")
    assert lines()[-1] == ("collecting.set_home", "每次選擇")


def test_the_same_way_again_is_no_deed(child, office):
    collecting.set_home(child.id, "bus", by=office, **WHEN)
    before = lines()

    collecting.set_home(child.id, "bus", by=office, **WHEN)

    assert lines() == before


@pytest.mark.parametrize(
    ("usual", "refusal"),
    [
        ("alone", "要有監護人同意"),
        ("dormitory", "小明不住校"),
        ("other", "請選擇怎麼回家"),
        ("1", "「爺爺 王大山」現在不能接小明"),
        ("2", "這個人不在小明的名單上"),
    ],
)
def test_a_way_that_is_not_open_is_not_the_usual_one(child, office, usual, refusal):
    make.collector(child, ended_at=MONDAY_4PM)
    make.collector(make.child("小紅"))
    before = WayHome.select().count(), lines()

    with pytest.raises(Refused, match=refusal):
        collecting.set_home(child.id, usual, by=office, **WHEN)

    assert (WayHome.select().count(), lines()) == before


def test_the_table_itself_lets_nobody_go_alone_without_consent(child):
    for wrong in (
        {"way": "alone"},
        {"way": "collector"},
        {"way": "other"},
        {"way": "bus", "consent_by": "爺爺"},
    ):
        with pytest.raises(IntegrityError), db.atomic():
            WayHome.create(child=child, set_at=MONDAY_4PM, **wrong)


def test_a_class_teacher_finds_only_the_own_children(child, office):
    teacher = make.staff(roles=("helper",))
    mine = make.child("自", school_class=make.school_class(1, 1, teacher=teacher))
    own, other = make.collector(mine), make.collector(child)
    limits = {"by": make.actor(teacher), "of_teacher": teacher.id, **WHEN}

    assert collecting.end(own.id, **limits).id == own.id
    for deed in (collecting.end, collecting.resume):
        with pytest.raises(NotFound):
            deed(other.id, **limits)
    with pytest.raises(NotFound):
        collecting.change(other.id, AUNT, **limits)
    with pytest.raises(NotFound):
        collecting.add(child.id, AUNT, usual=False, **limits)
    with pytest.raises(NotFound):
        collecting.set_home(child.id, "bus", **limits)


def test_who_listens_hears_of_every_change(child, office, monkeypatch):
    heard = []
    monkeypatch.setattr(collecting, "when_changed", (lambda *news: heard.append(news),))

    made = add(child, office)
    collecting.change(made.id, replace(AUNT, phone="13900000002"), by=office, **WHEN)
    collecting.end(made.id, by=office, **WHEN)
    collecting.resume(made.id, by=office, **WHEN)
    collecting.set_home(child.id, "bus", by=office, **WHEN)

    assert heard == [(child.id, MONDAY_4PM)] * 5


FILED = ChildFields(
    "小剛", 1, carer_name="李大山", carer_relation="外公", carer_phone="13800000009"
)


@pytest.mark.parametrize(
    ("fields", "way", "people"),
    [
        (FILED, "collector", ["李大山"]),
        (replace(FILED, boards=True), "dormitory", ["李大山"]),
        (ChildFields("小剛", 1, boards=True), "dormitory", []),
        (ChildFields("小剛", 1), None, []),
    ],
)
def test_a_new_file_brings_its_carer_and_its_way_home(office, fields, way, people):
    make.school_class()

    register.add(fields, by=office, **WHEN)
    register.add_all([fields], by=office, **WHEN)

    assert [row.way for row in WayHome.select()] == [way] * 2 * (way is not None)
    found = list(Collector.select())
    assert [row.name for row in found] == people * 2
    assert {(r.relation, r.phone, r.guardian, r.first_day) for r in found} <= {
        ("外公", "13800000009", True, TODAY)
    }
    assert len({row.child_id for row in found}) == len(found)


def test_a_carer_who_is_filed_later_is_taken_over_once(office):
    make.school_class()
    made = register.add(ChildFields("小剛", 1), by=office, **WHEN)

    register.change(made.id, FILED, version=1, by=office, **WHEN)
    register.change(
        made.id, replace(FILED, carer_name="另一人"), version=2, by=office, **WHEN
    )

    assert [row.name for row in Collector.select()] == ["李大山"]
    assert card(made).usual == WayInWords("外公 李大山", "接")


@pytest.mark.parametrize(
    ("change", "relation", "phone"),
    [
        ({"carer_phone": "13900000002"}, "外公", "13900000002"),
        ({"carer_relation": "爺爺"}, "爺爺", "13800000009"),
        ({"carer_phone": ""}, "外公", "13800000009"),  # not known is no news
        ({"carer_name": "另一人", "carer_phone": "13900000002"}, "外公", "13800000009"),
        ({"address": "石橋村"}, "姑父", "13700000000"),  # the list's own, left alone
    ],
)
def test_a_new_phone_in_the_file_is_not_typed_again(office, change, relation, phone):
    make.school_class()
    made = register.add(FILED, by=office, **WHEN)
    other = register.add(replace(FILED, name="小強"), by=office, **WHEN)
    if "address" in change:
        Collector.update(relation=relation, phone=phone).execute()

    register.change(made.id, replace(FILED, **change), version=1, by=office, **WHEN)

    row = Collector.get(Collector.child == made)
    assert (row.name, row.relation, row.phone) == ("李大山", relation, phone)
    if "address" not in change:
        assert Collector.get(Collector.child == other).phone == "13800000009"


def test_who_was_ended_stays_as_it_was(office):
    make.school_class()
    made = register.add(FILED, by=office, **WHEN)
    Collector.update(ended_at=MONDAY_4PM).execute()

    new = replace(FILED, carer_phone="13900000002")
    register.change(made.id, new, version=1, by=office, **WHEN)

    assert Collector.get().phone == "13800000009"


@pytest.mark.parametrize("way", ["bus", ""])
def test_what_somebody_decided_is_never_written_over(office, way):
    decided = make.child("小明", way=way, carer_name="王大山")
    listed = make.child("小紅", way=None, carer_name="李大山")
    make.collector(listed, "她的姑姑")

    collecting.take_from_files([decided.id, listed.id], by=office, **WHEN)

    assert [row.name for row in Collector.select()] == ["她的姑姑"]
    assert [row.way for row in WayHome.select()] == [way]


@pytest.mark.parametrize("count", [1, 30])
def test_files_are_taken_over_by_as_many_statements_however_many(office, count):
    made = [make.child(f"子{n}", way=None, carer_name="王大山") for n in range(count)]

    with count_queries() as queries:
        collecting.take_from_files([child.id for child in made], by=office, **WHEN)

    assert (WayHome.select().count(), queries.count) == (count, 2)


def test_a_file_says_whose_class_it_is(child):
    teacher = make.staff(roles=("helper",))
    mine = make.child("自", school_class=make.school_class(1, 1, teacher=teacher))

    assert child_files.file_of(mine.id).teacher_id == teacher.id
    assert child_files.file_of(child.id).teacher_id is None
