"""The self-check's page."""

from datetime import datetime, timedelta

import make
import pytest
from kit import MONDAY_4PM, soup

from liushou_web.backups import making
from liushou_web.backups.rules.retention import BackupKind
from liushou_web.db import db
from liushou_web.db.paths import Paths


def states(html):
    found = {}
    for heading in html.find("ul", class_="findings").find_all("h2"):
        tag = heading.find(class_="tag").extract()
        found[heading.get_text(strip=True)] = tag["class"][-1]
    return found


@pytest.mark.parametrize("who", ["admin", "office"])
def test_everything_is_looked_at_and_said_in_words_and_shape(request, database, who):
    client = request.getfixturevalue(who)
    making.make(Paths(database), BackupKind.DAILY, MONDAY_4PM)

    html = soup(client.get("/check"))

    found = states(html)
    assert list(found) == [
        "數據庫",
        "數據的關聯",
        "數據庫版本",
        "電腦時間",
        "磁盤空間",
        "備份",
        "第二處備份",
        "網絡地址",
        "程序版本",
        "SQLite",
    ]
    assert {name for name, state in found.items() if state == "bad"} == set()
    assert found["第二處備份"] == "warn"
    assert html.find("p", class_="todo").text.startswith("怎麼辦：")


def test_a_school_without_a_backup_is_told(admin):
    assert states(soup(admin.get("/check")))["備份"] == "bad"


def test_a_clock_that_was_set_back_is_noticed(admin, at):
    at(MONDAY_4PM - timedelta(hours=1))

    html = soup(admin.get("/check"))

    assert states(html)["電腦時間"] == "bad"
    assert "比最近的記錄（2026-11-23 16:00）還早" in html.get_text()


def test_rows_that_point_nowhere_are_noticed(admin):
    db.execute_sql("PRAGMA foreign_keys = 0")
    make.room()
    db.execute_sql("INSERT INTO activity_duty (activity_id, staff_id) VALUES (77, 77)")
    db.execute_sql("PRAGMA foreign_keys = 1")

    assert states(soup(admin.get("/check")))["數據的關聯"] == "bad"


def test_a_schema_that_is_not_ours_is_noticed(admin):
    db.execute_sql("ALTER TABLE room ADD COLUMN theirs TEXT")

    assert states(soup(admin.get("/check")))["數據庫版本"] == "bad"


def test_a_newer_schema_is_noticed(admin):
    db.execute_sql("INSERT INTO schema_migration VALUES (9999, '9999_future', '')")

    assert "更新版本的程序" in soup(admin.get("/check")).get_text()


@pytest.mark.parametrize("who", ["duty", "helper", "head", "counsellor"])
def test_the_self_check_is_not_everybodys(request, who):
    assert request.getfixturevalue(who).get("/check").status_code == 403


def test_nobody_checks_without_a_login(app):
    assert app.test_client().get("/check").location == "/login?next=/check"


def test_a_dead_battery_is_named(client_for, at):
    at(datetime(2000, 1, 1, 8, 0))
    admin = client_for(make.staff(roles=("admin",)))

    html = soup(admin.get("/check"))

    assert states(html)["電腦時間"] == "bad"
    assert "主板電池" in html.get_text()
