"""The workbook itself: what a reader of the file cannot see in its values."""

import re
from datetime import datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from liushou_web.attendance.rules.marks import Meeting
from liushou_web.reports.files.week_book import ColumnHead, SheetHeading, week_book
from liushou_web.reports.rules.arrivals import Arrival
from liushou_web.reports.rules.weekly_sheet import (
    SheetActivity,
    SheetChild,
    SheetClass,
    details,
    weekly_sheet,
)

MONDAY = datetime(2026, 11, 23, 16, 0)
MEETING = Meeting(MONDAY, MONDAY + timedelta(hours=1), 10)
HEADING = SheetHeading(
    "學校", "之家", "秋季", "第13周", "日期", "全校", 1, ["停課"], ["未點名"], "現在"
)
HEAD = ColumnHead("週一", "11/23", "閱讀", "16:00")


def made(name="小明", number="007", say=str, title="閱讀"):
    entries = [(1, 1, 1, Arrival.CAME)]
    sheet = weekly_sheet(
        [SheetActivity(1, "閱讀", MEETING)],
        [SheetClass(1, 3, 1)],
        [SheetChild(1, number, name)],
        entries,
        now=MONDAY + timedelta(days=1),
    )
    return week_book(HEADING, [HEAD._replace(title=title)], sheet, details(sheet, {}), say)


@pytest.fixture(scope="module")
def parts():
    with ZipFile(BytesIO(made())) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_heads_and_first_columns_stay_in_sight(parts):
    pane = re.search("<pane [^>]*>", parts["xl/worksheets/sheet1.xml"])[0]
    assert 'xSplit="4" ySplit="3" topLeftCell="E4"' in pane
    assert 'state="frozen"' in pane
    assert 'ySplit="1"' in parts["xl/worksheets/sheet2.xml"]


@pytest.mark.parametrize("number", [1, 2])
def test_it_prints_one_page_wide_on_a4_landscape(parts, number):
    setup = re.search("<pageSetup [^>]*>", parts[f"xl/worksheets/sheet{number}.xml"])[0]
    assert setup == '<pageSetup paperSize="9" fitToHeight="0" orientation="landscape"/>'


def test_heads_repeat_on_every_page(parts):
    titles = re.findall('Print_Titles"[^>]*>([^<]*)<', parts["xl/workbook.xml"])
    assert titles == ["匯總!$3:$3", "明細!$1:$1"]


def test_the_foot_explains_the_marks():
    rows = CalamineWorkbook.from_filelike(BytesIO(made())).get_sheet_by_index(0).to_python()

    assert [row[0] for row in rows[-5:-1]] == [
        "√ 到　○ 遲到　△ 請假　× 缺席　⊙ 未簽退　○⊙ 遲到，未簽退　— 不在名單",
        "出勤率 = 實到 ÷（應到 − 請假）",
        "停課",
        "未點名",
    ]


def test_it_ends_with_the_lines_to_sign_on():
    rows = CalamineWorkbook.from_filelike(BytesIO(made())).get_sheet_by_index(0).to_python()

    for who in ("值班教師：＿", "之家負責人：＿", "校長：＿", "日期：＿", "（蓋章）"):
        assert who in rows[-1][0]


@pytest.mark.parametrize(
    ("title", "height"), [("閱讀", 60), ("法制／安全講座與消防演練", 90)]
)
def test_heads_are_high_enough_for_the_longest_title(title, height):
    content = made(title=title)

    with ZipFile(BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert re.search('<row r="3"[^>]* ht="([0-9]+)"', sheet)[1] == f"{height}"
    assert '<mergeCell ref="A1:L1"/>' in sheet


@pytest.mark.parametrize(
    "text", ["=SUM(A1)", "{=1}", "+86", "007", "1e5", "http://a.cn", "a\tb"]
)
def test_text_stays_text(text):
    content = made(name=text, number=text)

    with ZipFile(BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        links = [name for name in archive.namelist() if "_rels/sheet" in name]
    rows = (
        CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    )
    assert ("<f>" in sheet, links) == (False, [])
    assert rows[3][2:4] == [text, text]


def test_only_our_own_words_are_turned():
    content = made(name="到", say=lambda words: f"〔{words}〕" if words else "")

    rows = (
        CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(1).to_python()
    )

    assert rows[1][3:8] == ["閱讀", "〔三年級1班〕", "007", "到", "〔未簽退〕"]
