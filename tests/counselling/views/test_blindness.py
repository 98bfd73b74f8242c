"""What everyone but the counsellor sees of a booking: a time, and 已佔用. Nothing else.

Each page is read with the same booking made for a child, for a meeting and for a repair,
urgent or not, settled one way or another: to the letter it has to be the same page.
"""

import io
import re
from datetime import date, timedelta
from zipfile import ZipFile

import make
import pages
import pytest
from kit import MONDAY_4PM, soup

from liushou_web.counselling.rules.bookings import BookingKind, BookingState, Wish
from liushou_web.counselling.store import bookings
from liushou_web.schedule.rules.activities import ActivityPlan
from liushou_web.schedule.store import activities
from liushou_web.schema import CounsellingBooking, Trail
from liushou_web.span import Span

TWO = MONDAY_4PM.replace(hour=14)
TODAY = TWO.date()
OTHERS = ("duty", "office", "head", "admin")
ALWAYS_NEW = ("/trail", "/present", "/check", "/backups")  # their time, their disk
ONCE = re.compile(r'(name="(?:csrf_token|key)"[^>]*value=")[^"]*')


@pytest.fixture
def filled(app, at):
    at(MONDAY_4PM)
    return pages.fill(MONDAY_4PM)


@pytest.fixture
def row(filled):
    """A booking today, in a room that the pages show."""
    counsellor = filled.people["counsellor"]
    return make.booking(counsellor, TWO - timedelta(hours=4))


def guises(child):
    """The same time, held for whatever."""
    yield {
        "kind": "child",
        "child": child,
        "channel": "carer",
        "urgent": True,
        "sealed": b"x",
    }
    yield {"kind": "child", "state": "missed", "child": child, "before": "booked"}
    yield {"kind": "meeting", "state": "booked"}
    yield {"kind": "maintenance", "state": "done", "before": "booked"}


PLAIN = {
    "kind": "child", "child": None, "channel": "", "urgent": False, "sealed": None,
    "state": "booked", "before": "",
}  # fmt: skip


def disguise(row, **values):
    CounsellingBooking.update(**{**PLAIN, **values}).where(
        CounsellingBooking.id == row.id
    ).execute()


def reading(client, paths):
    """What the reader sees on each page, without what is new at each look."""
    return {path: seen(client.get(path)) for path in paths}


def seen(answer):
    if answer.mimetype.startswith("text/"):
        return ONCE.sub(r"\1", answer.text)
    sheets = ZipFile(io.BytesIO(answer.data))
    return [sheets.read(name) for name in sheets.namelist() if "docProps" not in name]


def every_path(filled):
    """All pages that anybody opens, with the week of the booking and the next; and the
    files. Whoever may not open one is refused alike."""
    everywhere = {path for who in pages.ROLES for path in filled.paths(who)}
    asked = {path for path in everywhere if not path.startswith(ALWAYS_NEW)}
    more = {"/schedule?week=2026-11-23", "/counselling/calendar?day=2026-11-23"}
    more |= {"/reports/week/download", "/schedule/mine", "/children?q=x", "/rooms"}
    return sorted(asked | more)


@pytest.mark.parametrize("role", OTHERS)
def test_every_page_and_file_is_the_same_whatever_a_time_is_held_for(
    client_for, filled, row, role
):
    client, child = client_for(filled.people[role]), filled.ids["child"]
    paths, looks = every_path(filled), []

    for guise in guises(child):
        disguise(row, **guise)
        looks.append(reading(client, paths))

    for look in looks[1:]:
        differing = [path for path in paths if look[path] != looks[0][path]]
        assert differing == []


@pytest.mark.parametrize("role", OTHERS)
def test_the_week_says_taken_and_no_more(client_for, filled, row, role):
    client = client_for(filled.people[role])

    html = soup(client.get("/schedule"))

    taken = {" ".join(p.get_text(" ").split()) for p in html.select(".week-list .taken")}
    assert f"{row.starts:%H:%M}–{row.ends:%H:%M} 已佔用 心理輔導室" in taken
    assert not html.select(".taken [title], .taken a, .taken [aria-label]")


def test_the_calendar_of_all_says_free_taken_or_closed(admin):
    counsellor = make.counsellor(weekday=1)
    tuesday = TWO + timedelta(days=1)
    make.booking(counsellor, tuesday, kind="maintenance")

    html = soup(admin.get("/counselling/calendar"))

    days = [" ".join(day.get_text(" ").split()) for day in html.select(".blind-day")]
    assert days == [
        "週一 11月23日 今天 不開放",
        "週二 11月24日 14:00–14:45 已佔用 14:55–15:40 空閒 15:50–16:35 空閒",
        "週三 11月25日 不開放",
        "週四 11月26日 不開放",
        "週五 11月27日 不開放",
    ]


def test_a_day_that_is_over_is_not_called_closed(admin):
    make.counsellor(weekday=0)

    html = soup(admin.get("/counselling/calendar?day=2026-11-16"))

    assert [day.text for day in html.select(".blind-day li")] == ["已過去"] * 5


def test_without_a_room_the_calendar_says_what_to_do(office):
    html = soup(office.get("/counselling/calendar"))

    assert html.select_one(".empty a")["href"] == "/rooms"


def test_the_wall_shows_the_hours_and_no_booking(head):
    make.term()
    counsellor = make.counsellor()
    make.booking(counsellor, TWO + timedelta(days=1), child=make.child("小明"))

    html = soup(head.get("/schedule/wall"))

    openings = [" ".join(each.get_text(" ").split()) for each in html.select(".opening")]
    assert openings == ["14:00–17:00 心理輔導（先預約） 何老師"]
    assert html.select(".others") == []


def test_a_term_that_is_over_had_other_hours(head):
    term = make.term(first_day=date(2026, 2, 23), last_day=date(2026, 7, 3))
    make.counsellor()

    html = soup(head.get(f"/schedule/wall?term={term.id}"))

    assert html.select(".opening") == []


def deeds(head):
    """What the head reads of the trail about bookings: deed, subject, detail."""
    html = soup(head.get("/trail"))
    cells = [[td.text for td in tr.find_all("td")] for tr in html.select("tbody tr")]
    return [(deed, detail) for _, _, deed, what, detail, _ in cells if "預約" in what]


def test_the_trail_tells_no_child_from_a_meeting(head, counsellor_and_me):
    counsellor, me = counsellor_and_me
    span = Span(TWO + timedelta(days=1), TWO + timedelta(days=1, hours=1))
    place = bookings.Place(counsellor.id, make.counselling_room().id)
    wish = Wish(counsellor.id, None, make.child("小明").id, "carer", True)
    bookings.book(wish, sealed=b"x", by=me, at=TWO)
    bookings.block(BookingKind.MEETING, place, span, by=me, at=TWO)
    child = make.booking(counsellor, TWO)
    meeting = make.booking(counsellor, TWO - timedelta(hours=2), kind="meeting")
    bookings.settle(child.id, BookingState.MISSED, by=me, at=MONDAY_4PM)
    bookings.settle(meeting.id, BookingState.DONE, by=me, at=MONDAY_4PM)

    assert deeds(head) == [("處理輔導室預約", "")] * 2 + [("預約輔導室", "")] * 2


@pytest.fixture
def counsellor_and_me(head):
    counsellor = make.counsellor()
    return counsellor, make.actor(counsellor)


def test_the_administrator_reads_none_of_it(admin):
    counsellor = make.counsellor()
    bookings.book(Wish(counsellor.id, None), by=make.actor(counsellor), at=TWO)

    assert "預約" not in {td.text for td in soup(admin.get("/trail")).select("td")}
    assert Trail.select().count() > 0


@pytest.mark.parametrize("kind", list(BookingKind))
def test_a_clash_on_the_schedule_is_told_in_the_same_words(office, kind):
    make.booking(make.counsellor(), TWO + timedelta(days=1), kind=kind)
    room = make.counselling_room()
    data = {
        "kind": "lecture", "room_id": room.id, "day": "2026-11-24", "starts": "14:30",
        "ends": "15:30", "expects": "all", "key": "k", "deed": "save", "accepted": "y",
    }  # fmt: skip

    first = soup(office.post("/activities/new", data=data))
    seen = first.find("input", {"name": "seen"})["value"]
    html = soup(office.post("/activities/new", data={**data, "seen": seen}))

    assert [p.text for p in html.select("form p.bad")] == [
        "該房間在 11-24 14:30–15:30 已被佔用。請改時間或換房間。"
    ]


@pytest.mark.parametrize("kind", list(BookingKind))
def test_so_is_a_counsellor_wanted_on_duty_at_that_time(office, kind):
    counsellor = make.staff("何老師", roles=("counsellor", "duty"))
    make.booking(counsellor, TWO + timedelta(days=1), kind=kind)
    data = {
        "kind": "lecture", "room_id": make.room().id, "day": "2026-11-24",
        "starts": "14:30", "ends": "15:30", "expects": "all", "key": "k", "deed": "save",
        "duty": [counsellor.id, make.staff("李老師").id],
    }  # fmt: skip

    html = soup(office.post("/activities/new", data=data))

    (worry,) = html.select(".warn li")
    assert " ".join(worry.text.split()) == "何老師 11月24日 14:00–14:45 已被佔用。"


@pytest.mark.parametrize("kind", list(BookingKind))
def test_so_it_is_in_the_preview_of_a_weekly_opening(office, kind):
    make.booking(make.counsellor(), TWO + timedelta(days=1), kind=kind)
    data = {
        "kind": "reading", "room_id": make.counselling_room().id, "weekday": 1,
        "starts": "14:00", "ends": "15:00", "term_id": make.term().id, "expects": "all",
        "key": "k", "deed": "preview",
    }  # fmt: skip

    html = soup(office.post("/slots/new", data=data))

    clash = html.select_one(".dates .clash .what")
    assert " ".join(clash.text.split()) == "房間已被佔用，跳過"


def test_a_change_of_the_calendar_says_no_more_either(office):
    counsellor, room = make.counsellor(), make.counselling_room()
    sunday = TWO + timedelta(days=6)
    make.slot(room=room, weekday=0, starts=TWO.time(), ends=MONDAY_4PM.time())
    make.booking(counsellor, sunday, kind="meeting")
    data = {"name": "補課", "day": sunday.date(), "follows": TODAY, "key": "k"}

    html = soup(office.post("/calendar/make-up", data=data))

    assert [s.text.strip() for s in html.select(".moves li .soft")][-1] == "房間已被佔用"


def test_an_activity_in_the_room_is_in_nobodys_calendar_by_name(duty):
    counsellor, room = make.counsellor(), make.counselling_room()
    plan = ActivityPlan(room.id, Span(TWO, MONDAY_4PM), "團體輔導", "group_session")
    activities.add(plan, by=make.actor(counsellor), at=TWO)

    text = duty.get("/counselling/calendar").text

    assert "14:00–16:00" in text
    assert "團體輔導" not in text
