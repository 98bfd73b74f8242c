"""The pages of backups: made by one button, tried by another, put back by a word."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM, soup

from liushou_web.backups import daily, making, second_place
from liushou_web.backups.rules.retention import BackupKind
from liushou_web.db import db
from liushou_web.db.paths import Paths
from liushou_web.schema import Room, School, Trail

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def forgetful():
    """What the process knows of the places and of failures, forgotten after each test."""
    yield
    daily.failed.clear()
    second_place.seen.clear()


@pytest.fixture
def home(app, database):
    return Paths(database)


@pytest.fixture
def backup(home):
    """One of Monday morning, with one room."""
    make.room("週一的房間")
    return making.make(home, BackupKind.DAILY, MONDAY_4PM - 8 * DAY / 24)


@pytest.fixture
def stick(tmp_path, home):
    inside = home.folder
    place = tmp_path.parent / f"{tmp_path.name}-stick"
    place.mkdir()
    assert not place.is_relative_to(inside)
    return place


def notice(html):
    return html.find(id="notice").get_text(strip=True)


def deeds():
    return [(row.deed, row.detail) for row in Trail.select() if "backup." in row.deed]


@pytest.mark.parametrize("who", ["admin", "office"])
def test_one_button_makes_a_backup(request, home, who):
    client = request.getfixturevalue(who)

    answer = client.post("/backups/make")

    (made,) = making.all_in(home.backups)
    assert (answer.status_code, answer.location) == (303, "/backups")
    assert (made.at, made.kind) == (MONDAY_4PM, BackupKind.MANUAL)
    assert deeds() == [("backup.make", made.name)]
    assert notice(soup(client.get("/backups"))) == "備份已做好，已經核對過，可以用來恢復。"


def test_the_page_without_a_backup_says_so_and_has_the_button(office):
    html = soup(office.get("/backups"))

    assert html.find("p", class_="warn").text == "△ 還沒有備份。"
    assert html.find("form", action="/backups/make").button.text == "立即備份"


def test_the_list_shows_the_newest_first(admin, home, backup):
    making.make(home, BackupKind.MANUAL, MONDAY_4PM)

    rows = soup(admin.get("/backups")).find("ul", class_="backups").find_all("li")

    assert [row.find(class_="number").text for row in rows] == [
        "2026-11-23 16:00",
        "2026-11-23 08:00",
    ]
    assert [row.find(class_="tag").text for row in rows] == ["手動", "每日"]
    assert rows[1].a["href"] == f"/backups/here/{backup.name}"


def test_the_office_sees_the_list_without_the_way_to_restore(office, backup):
    html = soup(office.get("/backups"))

    assert len(html.find("ul", class_="backups").find_all("li")) == 1
    assert html.find("ul", class_="backups").find("a") is None
    assert office.get(f"/backups/here/{backup.name}").status_code == 403
    assert office.post(f"/backups/here/{backup.name}/restore").status_code == 403


@pytest.mark.parametrize("who", ["duty", "helper", "head", "counsellor"])
def test_backups_are_not_everybodys(request, home, who):
    client = request.getfixturevalue(who)

    assert client.get("/backups").status_code == 403
    assert client.post("/backups/make").status_code == 403
    assert making.all_in(home.backups) == []


def test_a_failure_is_said_and_stays_on_the_page_until_it_is_mended(
    admin, home, monkeypatch
):
    with monkeypatch.context() as patch:
        patch.setattr(making, "MARGIN", 10**15)
        daily.look(home, MONDAY_4PM)
        answer = admin.post("/backups/make")

    assert answer.status_code == 409
    assert soup(answer).h1.text == making.NO_ROOM
    assert soup(admin.get("/backups")).find("p", class_="bad").text == f"✕ {making.NO_ROOM}"

    admin.post("/backups/make")

    assert soup(admin.get("/backups")).find("p", class_="bad") is None


def test_the_preview_tells_what_is_in_the_backup(admin, backup):
    html = soup(admin.get(f"/backups/here/{backup.name}"))

    facts = dict(
        zip(
            (dt.text for dt in html.find_all("dt")),
            (dd.text for dd in html.find_all("dd")),
            strict=True,
        )
    )
    assert html.h1.text == "2026-11-23 08:00 的備份（每日）"
    assert (facts["學校"], facts["賬號"], facts["學生"]) == ("董崗鎮中心學校", "1", "0")
    assert facts["程序版本"] == "0.1.0"
    assert facts["數據庫版本"][:4].isdecimal()


def test_a_backup_of_another_school_is_pointed_out(admin, backup):
    School.update(name="另一所學校").execute()

    html = soup(admin.get(f"/backups/here/{backup.name}"))

    assert "學校名稱和現在的不同" in html.find("p", class_="warn").text


def test_a_rehearsal_proves_it_and_changes_nothing(admin, backup):
    make.room("今天的房間")

    answer = admin.post(f"/backups/here/{backup.name}/rehearse")

    assert answer.location == f"/backups/here/{backup.name}"
    assert Room.select().count() == 2
    assert deeds() == [("backup.rehearse", backup.name)]
    assert notice(soup(admin.get(answer.location))).startswith("演練通過：")


@pytest.mark.parametrize("word", ["恢復", "恢复", " 恢復 "])
def test_restoring_takes_the_word_and_ends_every_login(admin, home, backup, word):
    make.room("今天的房間")
    other = make.staff("後來的", roles=("duty",))

    answer = admin.post(f"/backups/here/{backup.name}/restore", data={"word": word})

    saved = making.all_in(home.backups)[0]
    assert (answer.status_code, answer.location) == (303, "/login")
    assert [room.name for room in Room.select()] == ["週一的房間"]
    assert saved.kind is BackupKind.RESTORE
    assert deeds() == [("backup.restore", f"{backup.name}（李老師）")]
    assert other.name == "後來的"
    assert saved.name in notice(soup(admin.get("/login")))
    assert admin.get("/backups").location == "/login?next=/backups"


@pytest.mark.parametrize("word", ["", "復原", "yes"])
def test_without_the_word_nothing_is_restored(admin, home, backup, word):
    make.room("今天的房間")

    answer = admin.post(f"/backups/here/{backup.name}/restore", data={"word": word})

    assert answer.status_code == 422
    assert soup(answer).find(id="word-errors").text
    assert Room.select().count() == 2
    assert len(making.all_in(home.backups)) == 1


def test_a_spoilt_backup_is_refused_in_words(admin, home, backup):
    file = home.backups / backup.name
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    file.write_bytes(whole)

    for deed in ("rehearse", "restore"):
        answer = admin.post(f"/backups/here/{backup.name}/{deed}", data={"word": "恢復"})

        assert answer.status_code == 409
        assert "不是完好的備份" in soup(answer).h1.text
    assert Room.select().count() == 1


@pytest.mark.parametrize(
    "path",
    [
        "here/20200101-000000-daily.zip",  # there was never one
        "here/..%2Fliushou.db",
        "here/liushou.db",
        "there/20261123-080000-daily.zip",  # no second place is set
        "elsewhere/20261123-080000-daily.zip",
    ],
)
def test_only_our_own_backups_have_a_page(admin, home, backup, path):
    (home.backups / "liushou.db").write_bytes(home.database.read_bytes())

    assert admin.get(f"/backups/{path}").status_code == 404
    assert admin.post(f"/backups/{path}/restore", data={"word": "恢復"}).status_code == 404


def test_a_second_place_is_set_and_filled_and_restored_from(admin, home, backup, stick):
    answer = admin.post("/backups/second", data={"path": str(stick)})
    second_place.fill(home, MONDAY_4PM)

    html = soup(admin.get("/backups"))
    assert answer.location == "/backups"
    assert deeds() == [("backup.second", str(stick))]
    assert html.find("dd").text == str(stick)
    assert "可以拔出" in html.get_text()
    there = f"/backups/there/{backup.name}"
    assert html.find("a", href=there)
    assert admin.post(f"{there}/rehearse").location == there


def test_a_stick_that_is_gone_is_said_quietly(admin, home, backup, stick):
    second_place.claim(home, str(stick))
    (stick / second_place.MARKER).unlink()
    second_place.fill(home, MONDAY_4PM)

    html = soup(admin.get("/backups"))

    assert second_place.NOT_OURS in html.find("p", class_="warn").text


def test_a_place_that_is_not_there_is_refused_and_the_typing_kept(admin, home):
    answer = admin.post("/backups/second", data={"path": "/nowhere/at all"})

    assert answer.status_code == 422
    assert soup(answer).find(role="alert", class_="bad").text.startswith("找不到")
    assert soup(answer).find(id="path")["value"] == "/nowhere/at all"
    assert second_place.setting(home) is None


def test_a_second_place_is_forgotten(admin, home, stick):
    second_place.claim(home, str(stick))

    assert admin.post("/backups/second/forget").location == "/backups"

    assert second_place.setting(home) is None
    assert deeds() == [("backup.forget", "")]


def test_the_office_sets_no_second_place(office, home, stick):
    assert office.get("/backups/second").status_code == 403
    assert office.post("/backups/second", data={"path": str(stick)}).status_code == 403
    assert office.post("/backups/second/forget").status_code == 403
    assert second_place.setting(home) is None


def test_nobody_backs_up_without_a_login(app, home):
    client = app.test_client()

    assert client.get("/backups").location == "/login?next=/backups"
    assert client.post("/backups/make").status_code == 303
    assert making.all_in(home.backups) == []


@pytest.mark.parametrize("who", ["admin", "office"])
@pytest.mark.parametrize(
    ("days", "tag", "words"),
    [
        (0, "p", "✓ 最近一次備份：2026-11-23 16:00，完好。備份"),
        (3, "p", "✓ 最近一次備份：2026-11-20 16:00，完好。備份"),
        (4, "li", "備份最近一次是 2026-11-19 16:00，已經超過三天。去備份"),
    ],
)
def test_today_shows_the_last_good_backup_and_red_after_three_days(
    request, home, who, days, tag, words
):
    client = request.getfixturevalue(who)
    making.make(home, BackupKind.DAILY, MONDAY_4PM - days * DAY)

    html = soup(client.get("/"))

    shown = html.find("main").find("a", href="/backups").find_parent(tag)
    assert shown.get_text(strip=True) == words
    assert ("bad" in shown["class"]) is (days > 3)


def test_today_of_a_school_without_a_backup_leads_to_the_button(office):
    shown = soup(office.get("/")).select_one(".pending li.warn")

    assert " ".join(shown.span.text.split()) == "備份 還沒有備份。"
    assert shown.a["href"] == "/backups"


@pytest.mark.parametrize("who", ["duty", "helper", "head", "counsellor"])
def test_others_are_not_troubled_with_backups(request, who):
    html = soup(request.getfixturevalue(who).get("/"))

    assert html.find("a", href="/backups") is None


def test_a_full_disk_and_a_read_only_one_are_told_apart(admin, monkeypatch):
    typed = {**make.SETTINGS, "grace_minutes": "9"}

    db.execute_sql("PRAGMA query_only = 1")
    refused = soup(admin.post("/settings", data=typed)).h1.text
    db.execute_sql("PRAGMA query_only = 0")

    assert refused.startswith("數據文件夾現在不能寫入")
    assert admin.post("/settings", data=typed).status_code == 303
