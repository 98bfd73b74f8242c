"""The empty roster that can be downloaded: a heading per column, and how to fill it in."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any, NamedTuple

from liushou_web.children.rules.register import ARRANGEMENT_LABELS, Arrangement

Say = Callable[[str], str]

PLAIN_TEXT = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
TEXT_FORMAT = 49  # the format of cells that keep what is typed
LAST_ROW = 2000  # so far the cells are set to text, and offer their choices


class TemplateColumn(NamedTuple):
    """A heading, the column's width, how to fill it in, an example, and choices."""

    heading: str
    width: int
    hint: str
    example: str
    choices: tuple[str, ...] = ()


YES_NO = ("是", "否")
ARRANGEMENTS = tuple(ARRANGEMENT_LABELS[one] for one in Arrangement if one)
COLUMNS = (
    TemplateColumn("學籍號", 20, "可以不填；填了就用它認出學生", "202632030"),
    TemplateColumn("姓名", 14, "必填", "李小明"),
    TemplateColumn("性別", 8, "男 或 女", "男", ("男", "女")),
    TemplateColumn("出生日期", 14, "年月日都要有", "2017-10-07"),
    TemplateColumn("班級", 14, "必填", "三年級1班"),
    TemplateColumn("是否寄宿", 10, "是 或 否", "否", YES_NO),
    TemplateColumn("居住情況", 18, "在下拉框裏選", "隨祖輩生活", ARRANGEMENTS),
    TemplateColumn("監護人", 14, "現在照顧孩子的人", "李桂蘭"),
    TemplateColumn("與學生關係", 12, "爺爺、奶奶、外公、舅舅……", "奶奶"),
    TemplateColumn("監護人電話", 16, "手機，或帶區號的固定電話", "13800138000"),
    TemplateColumn("父親姓名", 14, "", "李勇"),
    TemplateColumn("父親電話", 16, "", "13900139000"),
    TemplateColumn("母親姓名", 14, "", "王芳"),
    TemplateColumn("母親電話", 16, "", "13700137000"),
    TemplateColumn("父母務工地", 24, "", "廣東省東莞市"),
    TemplateColumn("父母方便接電話的時間", 24, "班次、休息日", "晚上 7 點以後，週日休息"),
    TemplateColumn("家庭住址", 28, "", "石橋村三組"),
    TemplateColumn("備註", 24, "", ""),
)


def empty_roster(say: Say) -> bytes:
    """An .xlsx whose cells are all text, so that no number loses its digits; the example
    stands on a second sheet. `say` turns our words into the reader's script."""
    from xlsxwriter import Workbook

    content = BytesIO()
    with Workbook(content, PLAIN_TEXT) as book:
        head = book.add_format({"bold": True, "border": 1, "bg_color": "#E4EEE7"})
        text = book.add_format({"num_format": TEXT_FORMAT})
        _write_list(book.add_worksheet(say("名冊")), head, text, say)
        _write_help(book.add_worksheet(say("填寫說明")), head, text, say)
    return content.getvalue()


def _write_list(page: Any, head: Any, text: Any, say: Say) -> None:
    for place, column in enumerate(COLUMNS):
        page.set_column(place, place, column.width, text)
        page.write_string(0, place, say(column.heading), head)
        if column.choices:
            choices = {"validate": "list", "source": list(map(say, column.choices))}
            page.data_validation(1, place, LAST_ROW, place, choices)
    page.freeze_panes(1, 2)


def _write_help(page: Any, head: Any, text: Any, say: Say) -> None:
    """One line for each column, downwards, so that nobody takes it for a roster."""
    page.set_column(0, 0, 16, text)
    page.set_column(1, 2, 40, text)
    for place, word in enumerate(("欄目", "怎麼填", "例子")):
        page.write_string(0, place, say(word), head)
    for row, column in enumerate(COLUMNS, 1):
        page.write_string(row, 0, say(column.heading), text)
        page.write_string(row, 1, say(column.hint), text)
        page.write_string(row, 2, say(column.example), text)
