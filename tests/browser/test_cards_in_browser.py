"""Name cards in a real browser: chosen, printed to the millimetre, and their codes."""

import re

import make
import pytest
import segno
from playwright.sync_api import expect

from .conftest import PC, barriers, printed, sign_in

LONG = "阿依古麗·買買提江·吐爾遜阿依·阿不都熱合曼"
INSIDE = """cards => cards.flatMap(card => {
  const outer = card.getBoundingClientRect()
  return [...card.querySelectorAll('p, h2, svg, b')].filter(part => {
    const box = part.getBoundingClientRect()
    return box.left < outer.left || box.right > outer.right || box.top < outer.top
      || box.bottom > outer.bottom || part.scrollWidth > part.clientWidth + 1
      && part.tagName !== 'B'
  }).map(part => part.outerHTML.slice(0, 80))
})"""


@pytest.fixture
def office(open_device):
    return sign_in(open_device(**PC), make.staff(roles=("office",)))


def children(count):
    group = make.school_class()
    return group, [
        make.child(f"王小{n:02}", number=f"2026{n:05}", school_class=group)
        for n in range(count)
    ]


@pytest.mark.parametrize(("per_page", "count", "sheets"), [(8, 17, 3), (10, 21, 3)])
def test_eight_or_ten_cards_are_an_a4_page(office, tmp_path, per_page, count, sheets):
    group, _ = children(count)
    office.goto(f"/cards/print?class={group.id}&per={per_page}")

    paper = printed(office, tmp_path)

    assert (paper.pages, paper.size) == (sheets, "A4")
    on_each = [len(re.findall("王小[0-9][0-9]", page)) for page in paper.by_page]
    assert on_each == [per_page, per_page, 1]
    assert paper.text.count("三年級1班") == count


@pytest.mark.parametrize("per_page", [8, 10])
def test_nothing_of_a_long_name_is_cut_off(office, house, tmp_path, per_page):
    house.name = "四川省涼山彝族自治州昭覺縣青石鎮柳溪中心學校寄宿部"
    house.save()
    for n, name in enumerate((LONG, LONG[:14] * 2, "Al-Mansouri Abdurrahman", "歐陽明月")):
        make.child(name, number=f"G44058220150512123{n}")
    make.child("小明" * 20, number="X" * 29 + "1")
    group = make.school_class()
    office.goto(f"/cards/print?class={group.id}&per={per_page}")
    office.emulate_media(media="print")

    assert office.locator(".name-card").evaluate_all(INSIDE) == []
    paper = printed(office, tmp_path)
    assert (paper.pages, paper.text.count("縣"), paper.text.count("明")) == (1, 5, 21)


def test_the_codes_are_those_of_number_and_card(office):
    group, [first] = children(1)
    other = make.child("小紅", school_class=group)
    office.goto(f"/cards/print?class={group.id}")

    drawn = office.locator(".qr path").evaluate_all("all => all.map(p => p.outerHTML)")

    for path, code in zip(drawn, (first.number, f"LS-{other.id}"), strict=True):
        made = segno.make_qr(code, error="m").svg_inline(omitsize=True, border=4)
        assert re.search(' d="(.*?)"', path)[1] == re.search(' d="(.*?)"', made)[1]


def test_a_code_is_as_large_as_a_cheap_scanner_needs(office):
    group, _ = children(1)
    office.goto(f"/cards/print?class={group.id}&per=10")

    size = office.locator(".qr svg").evaluate("svg => svg.getBoundingClientRect().width")

    assert size / 96 * 25.4 == pytest.approx(32, abs=0.2)  # millimetres, 1 of them a dot


def test_cards_are_chosen_on_a_phone(page):
    children(2)
    make.child("單雨萱", school_class=make.school_class(5, 2))
    sign_in(page, make.staff(roles=("office",))).goto("/cards")

    page.get_by_label("姓名、拼音或學籍號").fill("syx")
    page.get_by_label("單雨萱").check()
    page.get_by_label("姓名、拼音或學籍號").fill("")
    expect(page.get_by_label("單雨萱")).to_be_checked()
    page.get_by_label("三年級1班").check()
    page.get_by_label("10 張，省紙").check()
    assert barriers(page) == []
    page.get_by_role("button", name="看打印的樣子").click()

    expect(page.locator(".per-10 h2")).to_have_text(["王小00", "王小01", "單雨萱"])
    assert barriers(page) == []
    page.get_by_role("link", name="返回").click()
    expect(page.get_by_label("單雨萱")).to_be_checked()


def test_without_script_enter_searches_and_keeps_what_is_chosen(open_device):
    children(1)
    make.child("單雨萱", school_class=make.school_class(5, 2))
    page = sign_in(open_device(java_script_enabled=False), make.staff(roles=("office",)))
    page.goto("/cards")

    page.get_by_label("三年級1班").check()
    page.get_by_label("姓名、拼音或學籍號").fill("syx")
    page.get_by_label("姓名、拼音或學籍號").press("Enter")
    page.get_by_label("單雨萱").check()
    page.get_by_role("button", name="看打印的樣子").click()

    expect(page.locator(".name-card h2")).to_have_text(["王小00", "單雨萱"])
