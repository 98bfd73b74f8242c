"""The trail: in words, all of it for the head, the system's part for the administrator."""

import re
from datetime import timedelta
from pathlib import Path

import make
import pytest
from kit import MONDAY_4PM, soup

import liushou_web
from liushou_web.attendance.store import room_check
from liushou_web.phone.store import phones
from liushou_web.schedule.store import rooms
from liushou_web.schema import Trail
from liushou_web.school.rules import trail as words
from liushou_web.school.store import trail

PACKAGE = Path(liushou_web.__file__).parent


@pytest.fixture
def lines(app):
    li = make.staff(name="李明")
    trail.record("attendance.present", by=make.actor(li), at=MONDAY_4PM, detail="12")
    trail.record(
        "rooms.add", make.room(), by=make.actor(li), at=MONDAY_4PM - timedelta(days=1)
    )
    return li


def deeds(answer):
    return [row.find_all("td")[2].text for row in soup(answer).find("tbody").find_all("tr")]


def test_the_head_reads_every_line_in_words(head, lines):
    row = soup(head.get("/trail")).find("tbody").find("tr")

    assert deeds(head.get("/trail")) == ["添加房間", "查看在場名單", "登錄"]
    assert [cell.text for cell in row.find_all("td")] == [
        "2026-11-22 16:00",
        "李明",
        "添加房間",
        "房間 1",
        "",
        "192.168.1.20",
    ]


def test_the_administrator_reads_what_is_not_about_children(admin, lines):
    assert deeds(admin.get("/trail")) == ["添加房間", "登錄"]


def test_the_trail_is_filtered_by_person_and_day(head, lines):
    assert deeds(head.get(f"/trail?who={lines.id}")) == ["添加房間", "查看在場名單"]
    assert deeds(head.get("/trail?day=2026-11-22")) == ["添加房間"]
    assert deeds(head.get(f"/trail?who={lines.id}&day=2026-11-22")) == ["添加房間"]


@pytest.mark.parametrize(
    "query", ["who=x", "who=-1", "who=99999999999999999999", "day=2026-13-40", "before=x"]
)
def test_a_filter_that_makes_no_sense_is_none(head, lines, query):
    assert len(deeds(head.get(f"/trail?{query}"))) == 3


def test_no_lines_are_said_in_words(head):
    html = soup(head.get("/trail?day=2020-01-01"))

    assert html.find(class_="empty").text.startswith("沒有符合條件的記錄。")


def test_older_lines_are_one_press_away(head, lines):
    for n in range(100):
        trail.record(f"rooms.{n}", by=make.actor(lines), at=MONDAY_4PM)

    first = soup(head.get(f"/trail?who={lines.id}"))
    older = first.find(class_="actions").find("a")["href"]

    assert len(first.find("tbody").find_all("tr")) == 100
    assert deeds(head.get(older)) == ["添加房間", "查看在場名單"]


def test_reading_the_trail_writes_nothing(head, lines):
    before = Trail.select().count()

    head.get("/trail")

    assert Trail.select().count() == before


@pytest.mark.parametrize("who", ["duty", "office", "helper", "counsellor"])
def test_the_trail_is_not_everybodys(request, who):
    assert request.getfixturevalue(who).get("/trail").status_code == 403


@pytest.mark.parametrize("rows", [rooms.ROOMS, room_check.ITEMS, phones.PHONES])
@pytest.mark.parametrize("verb", ["add", "rename", "retire", "bring_back"])
def test_every_deed_of_a_list_of_names_has_words(rows, verb):
    assert f"{rows.feature}.{verb}" in words.LABELS


def test_every_deed_that_is_recorded_has_words():
    written = " ".join(path.read_text("utf-8") for path in PACKAGE.glob("*/store/*.py"))
    deeds = re.findall(r'"(([a-z]+)\.[a-z_]+)"', written)
    told = {deed for deed, feature in deeds if feature in words.FEATURES}

    assert told - set(words.LABELS) == set()
