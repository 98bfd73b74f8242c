"""Backups and the self-check in a real browser, on the real server."""

import re
from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM
from playwright.sync_api import expect

from liushou_web.backups import making
from liushou_web.backups.rules.retention import BackupKind
from liushou_web.db.paths import Paths
from liushou_web.schema import Room

from .conftest import PC, barriers, sign_in


@pytest.fixture
def home(database):
    """The server's folder, without the backups of other tests."""
    made = Paths(database)
    for backup in making.all_in(made.backups):
        (made.backups / backup.name).unlink()
    return made


@pytest.fixture
def admin(page, home):
    return sign_in(page, make.staff("王主任", roles=("admin",)))


def test_a_backup_is_made_tried_and_put_back(admin, home):
    make.room("備份時的房間")
    admin.goto("/backups")
    admin.get_by_role("button", name="立即備份").click()
    expect(admin.locator("#notice")).to_contain_text("備份已做好")
    make.room("後來的房間")

    admin.get_by_role("link", name=re.compile("^查看")).first.click()
    assert barriers(admin) == []
    admin.get_by_role("button", name="演練一次").click()
    expect(admin.locator("#notice")).to_contain_text("演練通過")
    admin.get_by_label("確認").fill("恢復")
    admin.get_by_role("button", name="恢復這份備份").click()

    expect(admin.locator("#notice")).to_contain_text("所有人都要重新登錄")
    assert admin.url.endswith("/login")
    assert [room.name for room in Room.select()] == ["備份時的房間"]


def test_without_the_word_the_page_says_what_is_missing(admin, home):
    made = making.make(home, BackupKind.DAILY, MONDAY_4PM)
    admin.goto(f"/backups/here/{made.name}")

    admin.get_by_label("確認").fill("好")
    admin.get_by_role("button", name="恢復這份備份").click()

    expect(admin.locator("#word-errors")).to_have_text("請輸入「恢復」兩個字。")
    assert barriers(admin) == []


def test_the_pages_of_backups_open_without_barriers(admin, home, tmp_path):
    for days in range(3):
        making.make(home, BackupKind.DAILY, MONDAY_4PM - timedelta(days=days))
    for path in ("/backups", "/backups/second", "/check", "/"):
        admin.goto(path)

        assert barriers(admin) == []
        assert admin.evaluate("document.documentElement.scrollWidth <= 360")


def test_a_stick_is_set_filled_and_may_be_pulled_out(admin, home, tmp_path):
    making.make(home, BackupKind.DAILY, MONDAY_4PM)
    stick = tmp_path / "U 盤"
    stick.mkdir()

    admin.goto("/backups/second")
    admin.get_by_label("位置").fill(str(stick))
    admin.get_by_role("button", name="保存").click()
    admin.wait_for_timeout(500)
    admin.reload()

    expect(admin.get_by_text("可以拔出")).to_be_visible()
    (stick / "liushou-backup-place.txt").unlink()
    admin.get_by_role("button", name="立即備份").click()
    admin.wait_for_timeout(500)
    admin.reload()
    expect(admin.get_by_text("沒有我們的標記")).to_be_visible()
    admin.on("dialog", lambda dialog: dialog.accept())
    admin.get_by_role("button", name="取消第二處").click()
    expect(admin.locator("#notice")).to_contain_text("已取消第二處")


def test_the_office_sees_on_today_that_the_last_backup_is_old(open_device, home):
    making.make(home, BackupKind.DAILY, MONDAY_4PM - timedelta(days=4))
    page = sign_in(open_device(**PC), make.staff(roles=("office",)))

    expect(page.get_by_text("已經超過三天")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("link", name="去備份").click()
    page.get_by_role("button", name="立即備份").click()
    page.goto("/")

    expect(page.get_by_text("已經超過三天")).to_have_count(0)
