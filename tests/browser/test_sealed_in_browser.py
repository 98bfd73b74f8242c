"""Sealed notes in a real browser: from the slip of paper to a note that locks itself."""

import re

import make
import pytest
from kit import MONDAY_4PM
from playwright.sync_api import expect

from liushou_web.counselling.store import notes
from liushou_web.schema import LoginSession, SessionNote
from liushou_web.vaults.store import vaults

from .conftest import PC, barriers, printed, sign_in

WORDS = "夜裏睡不著，想媽媽"
PASSPHRASE = "門前大橋下游過一群鴨"


@pytest.fixture
def chen():
    return make.staff("陳老師", roles=("counsellor",))


def heading(page, words):
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def set_up(page):
    page.goto("/notes/vault")
    page.locator("[name=passphrase]").fill(PASSPHRASE)
    page.locator("[name=passphrase_again]").fill(PASSPHRASE)
    page.get_by_role("button", name="下一步：恢復碼").click()
    heading(page, "輔導記錄恢復碼")


def unlock(page, passphrase=make.PASSPHRASE):
    page.get_by_label("筆記口令").fill(passphrase)
    page.get_by_role("button", name="打開", exact=True).click()


def write(page, words=WORDS):
    page.get_by_label("學生").fill("小草")
    page.get_by_label("主訴問題").fill(words)
    page.get_by_label("未見危險").check()


def save(page):
    page.get_by_role("button", name="密封保存").click()


def opened(page, person):
    """The list of a counsellor whose vault is open."""
    make.vault(person)
    sign_in(page, person).goto("/notes")
    unlock(page)
    heading(page, "輔導記錄")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_from_the_slip_to_the_first_note(open_device, chen, script):
    page = sign_in(open_device(java_script_enabled=script), chen)
    set_up(page)
    page.get_by_label("恢復碼的最後一組").fill(page.locator(".code b").last.inner_text())
    page.get_by_role("button", name="紙已收好，完成").click()
    unlock(page, PASSPHRASE)
    page.get_by_role("link", name="寫記錄").click()
    write(page)
    save(page)

    expect(page.locator("article")).to_contain_text(WORDS)
    vault = vaults.of(chen.id)
    key = make.key_of(vault, PASSPHRASE)
    assert [entry.note.issue for entry in notes.all_of(vault, key)] == [WORDS]


def test_the_pages_of_a_set_up_are_without_barriers(page, chen):
    sign_in(page, chen)
    page.goto("/notes/vault")
    found = barriers(page)
    set_up(page)
    found += barriers(page)
    page.get_by_label("恢復碼的最後一組").fill("AAAA")
    page.get_by_role("button", name="紙已收好，完成").click()
    heading(page, "恢復碼抄好了嗎？")

    assert found + barriers(page) == []


def test_the_slip_is_one_page_with_the_code_and_no_form(open_device, chen, tmp_path):
    page = sign_in(open_device(**PC), chen)
    set_up(page)
    code = page.locator(".code b").all_inner_texts()

    paper = printed(page, tmp_path)

    assert (paper.pages, paper.size) == (1, "A4")
    assert all(group in paper.text for group in code)
    assert "最後一組" not in paper.text


def test_a_form_that_nobody_types_into_locks_itself_and_loses_nothing(page, chen):
    opened(page, chen)
    page.clock.install()
    page.goto("/notes/new")
    write(page)
    page.clock.fast_forward(299_000)
    expect(page.get_by_label("主訴問題")).to_have_value(WORDS)

    page.clock.fast_forward(301_000)  # a scroll that came late began the minutes anew
    heading(page, "輔導記錄已鎖上")
    assert WORDS not in page.content()
    assert barriers(page) == []
    unlock(page)
    expect(page.get_by_label("主訴問題")).to_have_value(WORDS)
    expect(page.get_by_label("未見危險")).to_be_checked()
    assert SessionNote.select().count() == 0
    save(page)

    expect(page.locator("article")).to_contain_text(WORDS)


def test_typing_keeps_it_open_and_tells_the_server(page, chen):
    opened(page, chen)
    page.clock.install()
    page.goto("/notes/new")
    with page.expect_response(re.compile("/notes/still")) as told:
        page.get_by_label("主訴問題").press_sequentially("夜")
    page.clock.fast_forward(200_000)
    page.get_by_label("主訴問題").press_sequentially("裏")
    page.clock.fast_forward(200_000)

    expect(page.get_by_label("主訴問題")).to_have_value("夜裏")
    assert told.value.status == 204


def test_after_locking_the_back_button_shows_no_word(page, chen):
    opened(page, chen)
    page.goto("/notes/new")
    write(page)
    page.get_by_role("button", name="先鎖上，文字保留").click()
    heading(page, "輔導記錄已鎖上")

    page.go_back()

    heading(page, "輔導記錄已鎖上")
    assert WORDS not in page.content()


def test_the_end_of_the_login_loses_no_word_either(page, chen, console):
    console.expect("401")
    opened(page, chen)
    page.goto("/notes/new")
    write(page)
    LoginSession.update(ended_at=MONDAY_4PM).execute()
    save(page)
    page.locator("#login").fill(chen.login)
    page.locator("#password").fill(make.SECRET)
    page.get_by_role("button", name="登錄", exact=True).click()
    heading(page, "您剛才填寫的內容還在")
    assert barriers(page) == []
    page.get_by_role("button", name="再次提交").click()
    unlock(page)

    expect(page.locator("article")).to_contain_text(WORDS)


def test_a_note_of_full_length_prints_with_its_foot(open_device, chen, tmp_path):
    vault = make.vault(chen)
    long = "夜裏睡不著，" * 300
    note_id = make.note(vault, issue=long, course=long)
    page = sign_in(open_device(**PC), chen)
    page.goto(f"/notes/{note_id}/print")
    unlock(page)
    heading(page, "輔導記錄")

    paper = printed(page, tmp_path)

    assert (paper.pages, paper.size) == (3, "A4")
    assert "陳老師" in paper.by_page[-1]


def test_the_head_breaks_the_glass_and_the_counsellor_sees_it(page, open_device, chen):
    make.note(make.vault(chen), issue=WORDS)
    head = sign_in(open_device(), make.staff("周校長", roles=("head",)))
    head.goto("/break-glass")
    head.get_by_label("信封裏的恢復碼").fill(make.CODE.lower())
    head.get_by_label("原因").fill("學生留言說今晚不想活了，要找到她")
    head.get_by_role("button", name="打開，並留下記錄").click()
    head.get_by_role("link", name="小明").click()
    expect(head.locator("article")).to_contain_text(WORDS)
    head.get_by_role("button", name="看完了，鎖上").click()
    heading(head, "緊急打開輔導記錄")

    sign_in(page, chen)
    page.get_by_role("link", name="看誰打開過").click()
    expect(page.locator(".openings li.bad")).to_have_count(2)
    page.get_by_role("button", name="知道了").click()
    expect(page.get_by_role("button", name="知道了")).to_have_count(0)
