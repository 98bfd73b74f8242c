"""The rows of a roster as children: accepted, named with their faults, or passed over."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from liushou_web.children.rules.names import fold
from liushou_web.refusal import Refused

from . import cells as roster_cells
from .book import Cell, Reading, Worksheet
from .classes import school_class
from .columns import first_row
from .vocabulary import CLASS, GRADE, LABELS, heading

TOTAL = re.compile(
    "(?:合计|总计|小计|共计|总人数|合计人数|人数合计|本页合计|本班合计)[0-9人名]*"
    "|共[0-9]+人"
)
SIGNATURE = re.compile(
    "(?:填表人?|制表人?|审核人?|复核人?|经办人|负责人|填报人?|班主任|校长|园长|分管领导"
    "|监制|盖章|联系人|填报日期|填表日期|日期|单位盖章|注|说明|备注|填表说明|签字|签名).*"
)


TITLE = re.compile("[0-9一二三四五六七八九]班|名单|名册|学校|年级")
LONGEST_TOTAL = 40  # characters that are looked at for such a word
FEWEST_CELLS = 2  # cells without a name that are still a child with a fault


class Record(NamedTuple):
    """What a row says of a child, each as the register keeps it; '' is nothing said.

    A class is '3.2', boarding 'yes' or 'no', a day '2014-03-05'.
    """

    number: str = ""
    name: str = ""
    sex: str = ""
    birth_date: str = ""
    school_class: str = ""
    boards: str = ""
    arrangement: str = ""
    carer_name: str = ""
    carer_relation: str = ""
    carer_phone: str = ""
    father_name: str = ""
    father_phone: str = ""
    mother_name: str = ""
    mother_phone: str = ""
    parents_work: str = ""
    parents_free: str = ""
    address: str = ""
    note: str = ""


class RosterRow(NamedTuple):
    """A row that can be used; `row` counts from 1 as in the file."""

    row: int
    record: Record


class Fault(NamedTuple):
    """Why a row is left out: where, what stands there, and one sentence."""

    row: int
    field: str
    value: str
    reason: Refused

    @property
    def label(self) -> str:
        return LABELS[self.field]


class Passed(NamedTuple):
    """A row that is no child: a total, a signature, a title between classes."""

    row: int
    text: str


class RosterRows(NamedTuple):
    """All rows under the headings: children, faults, and what is no child."""

    lines: list[RosterRow]
    faults: list[Fault]
    passed: list[Passed]

    @property
    def total(self) -> int:
        """Rows with something in them, under the headings."""
        return (
            len(self.lines) + len({fault.row for fault in self.faults}) + len(self.passed)
        )


def rows_of(sheet: Worksheet, reading: Reading, *, today: date) -> RosterRows:
    """Every row under the headings, judged by itself. No content raises."""
    places = {field: place for place, field in enumerate(reading.columns) if field}
    rows = RosterRows([], [], [])
    for row, cells in enumerate(sheet.rows[first_row(reading) :], first_row(reading) + 1):
        mine = {f: cells[p] for f, p in places.items() if p < len(cells) and cells[p] != ""}
        if not any(cell != "" for cell in cells):
            continue
        if _is_no_child(cells, mine, sheet, reading):
            if text := _text(cells):
                rows.passed.append(Passed(row, text))
            continue
        record, faults = _record(row, mine, reading.whole_class, today)
        rows.faults.extend(faults)
        if not faults:
            rows.lines.append(RosterRow(row, record))
    return rows


def _text(cells: Sequence[Cell]) -> str:
    return " ".join(text for cell in cells if (text := roster_cells.plain(cell)))[:60]


def _is_no_child(
    cells: Sequence[Cell], mine: dict[str, Cell], sheet: Worksheet, reading: Reading
) -> bool:
    """Totals, signatures, repeated headings, titles, rows with only a number."""
    first = next(cell for cell in cells if cell != "")
    if isinstance(first, str) and TOTAL.fullmatch(fold(first[:LONGEST_TOTAL])):
        return True
    said = [field for field, cell in mine.items() if roster_cells.plain(cell)]
    if "name" in said:
        name = fold(str(mine["name"]))
        alone = said == ["name"] and bool(TITLE.search(name))
        signs = "number" not in said and bool(SIGNATURE.fullmatch(name))
        return alone or signs or _repeats(mine["name"], sheet, reading)
    if len(said) < FEWEST_CELLS:
        return True
    words = (fold(str(cell)[:LONGEST_TOTAL]) for cell in cells)
    return "number" not in said and any(map(SIGNATURE.fullmatch, words))


def _repeats(name: Cell, sheet: Worksheet, reading: Reading) -> bool:
    """The heading over the names stands there again."""
    column = reading.columns.index("name")
    heads = {
        heading(str(sheet.cell(reading.header - 1 + level, column)))
        for level in range(reading.depth)
    }
    return heading(str(name)) in heads - {""}


def _record(
    row: int, mine: dict[str, Cell], whole_class: str, today: date
) -> tuple[Record, list[Fault]]:
    values: dict[str, str] = {}
    faults: list[Fault] = []
    for field in Record._fields:
        cell = mine.get(field, "")
        try:
            if field == CLASS:
                values[field] = _class(cell, mine.get(GRADE, ""), whole_class)
            elif cell != "":
                values[field] = roster_cells.clean(field, cell, today)
        except Refused as reason:
            faults.append(Fault(row, field, roster_cells.plain(cell)[:60], reason))
    if not values.get("name") and not any(fault.field == "name" for fault in faults):
        faults.append(Fault(row, "name", "", Refused("姓名空缺。")))
    return Record(**values), faults


def _class(cell: Cell, grade: Cell, whole_class: str) -> str:
    if roster_cells.plain(cell) or roster_cells.plain(grade):
        return school_class(roster_cells.plain(cell), roster_cells.plain(grade))
    return school_class(whole_class)
