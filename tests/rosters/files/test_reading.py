"""What a teacher hands in, friendly and hostile: cells, or one sentence."""

import io
import random
import re
import subprocess
import time
import zipfile
from datetime import datetime
from zlib import crc32

import pytest
from kit import FIXTURES
from xlsxwriter import Workbook

from liushou_web.refusal import Refused
from liushou_web.rosters.files import reading as rosters
from liushou_web.rosters.files import workbook
from liushou_web.rosters.files.template import COLUMNS, empty_roster
from liushou_web.rosters.files.text_cells import from_file, from_text
from liushou_web.rosters.rules.book import Book, Worksheet
from liushou_web.rosters.rules.columns import guess

AUTUMN = (FIXTURES / "roster-autumn.xlsx").read_bytes()
TEACHER = (FIXTURES / "class-teacher.xls").read_bytes()
TOO_LARGE = "文件超過 10 MB。請刪去圖片和用不到的工作表後再上傳。"
PASSWORD = rosters.FAULTS["password"]
NOT_A_TABLE = "這個文件不是表格。請上傳 .xlsx、.xls、.ods 或 .csv 文件。"
BROKEN = rosters.FAULTS["broken"]
HEAVY = rosters.FAULTS["heavy"]


def xlsx(fill):
    """A workbook; `fill` writes into it."""
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as book:
        fill(book)
    return content.getvalue()


def one_sheet(*cells):
    """A workbook with these cells: (row, column, value)."""

    def fill(book):
        sheet = book.add_worksheet()
        for row, column, value in cells:
            sheet.write(row, column, value)

    return xlsx(fill)


def archive(parts, **options):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", **options) as made:
        for name, part in parts.items():
            made.writestr(name, part)
    return content.getvalue()


def with_sheet(text):
    """The autumn roster with this text in place of its sheet."""
    with zipfile.ZipFile(io.BytesIO(AUTUMN)) as whole:
        parts = {part: whole.read(part) for part in whole.namelist()}
    name = next(part for part in parts if part.startswith("xl/worksheets/sheet"))
    return archive({**parts, name: text}, compression=zipfile.ZIP_DEFLATED)


def ods(rows):
    """An OpenDocument spreadsheet with these rows of XML."""
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc'
            ':opendocument:xmlns:manifest:1.0"/>',
            "content.xml": '<office:document-content xmlns:office="urn:oasis:names:tc:'
            'opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:'
            'xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
            f'<office:body><office:spreadsheet><table:table table:name="名冊">{rows}'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        }
    )


def row_of(*cells, repeated=1):
    told = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p>'
        "</table:table-cell>"
        for cell in cells
    )
    times = f' table:number-rows-repeated="{repeated}"' if repeated > 1 else ""
    return f"<table:table-row{times}>{told}</table:table-row>"


def refusal(content, name="名冊.xlsx"):
    with pytest.raises(Refused) as refused:
        rosters.read(content, name)
    return str(refused.value)


def test_the_autumn_roster():
    book = rosters.read(AUTUMN, "名冊.xlsx")

    assert [(sheet.name, len(sheet.rows), sheet.width) for sheet in book.sheets] == [
        ("花名册", 90, 17)
    ]
    assert book.sheets[0].rows[4][:6] == [
        1,
        "202611001",
        "李诗馨",
        "男",
        "2020-05-05",
        "一年级2班",
    ]


def test_an_old_workbook_under_any_name():
    book = rosters.read(TEACHER, "名冊.csv")

    assert (len(book.sheets[0].rows), book.sheets[0].cell(2, 6)) == (45, 19394243408)


def test_an_open_document():
    content = ods(row_of("姓名", "班級") + row_of("李明", "三(1)班"))

    assert rosters.read(content, "a.ods").sheets == (
        Worksheet("名冊", [["姓名", "班級"], ["李明", "三(1)班"]]),
    )


def test_rows_keep_their_numbers_under_blank_ones():
    content = one_sheet((4, 2, "姓名"), (6, 2, "李明"))

    assert rosters.read(content, "").sheets[0].rows == [
        [], [], [], [], ["", "", "姓名"], [], ["", "", "李明"],
    ]  # fmt: skip


def test_a_cell_merged_downwards_stands_in_each_row():
    def fill(book):
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 2, 0, "三(1)班")
        for row, name in enumerate(("李明", "王芳", "張偉")):
            sheet.write(row, 1, name)

    assert [row[0] for row in rosters.read(xlsx(fill), "").sheets[0].rows] == [
        "三(1)班"
    ] * 3


def test_hidden_sheets_are_left_alone():
    def fill(book):
        book.add_worksheet("名冊").write(0, 0, "姓名")
        hidden = book.add_worksheet("選項")
        hidden.write(0, 0, "男")
        hidden.hide()

    assert [sheet.name for sheet in rosters.read(xlsx(fill), "").sheets] == ["名冊"]


def test_numbers_and_days_and_marks():
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write_number(0, 0, 13800138000.0)
        sheet.write_number(0, 1, 1.5)
        sheet.write_boolean(0, 2, True)
        sheet.write_datetime(
            0, 3, datetime(2014, 3, 5, 8, 30), book.add_format({"num_format": 14})
        )
        sheet.write_formula(0, 4, "=NA()", None, "#N/A")
        sheet.write_string(0, 5, "=1+1")

    assert rosters.read(xlsx(fill), "").sheets[0].rows == [
        [13800138000, 1.5, "TRUE", "2014-03-05", "", "=1+1"]
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_the_encodings_of_schools(encoding):
    assert from_file("姓名,班級\r\n𠮷田,三(1)班\r\n".encode(encoding)) == [
        ["姓名", "班級"],
        ["𠮷田", "三(1)班"],
    ]


@pytest.mark.parametrize("sign", ["\t", ",", ";", "，"])
def test_text_with_any_separator(sign):
    assert from_text(f"姓名{sign}班級\n李明{sign}三(1)班") == [
        ["姓名", "班級"],
        ["李明", "三(1)班"],
    ]


def test_pasted_cells_keep_their_place():
    text = '\t姓名\t住址\r\n1\t李明\t"石橋村\n三組"\r\n\r\n2\t王芳\r\n'

    assert rosters.pasted(text).sheets[0].rows == [
        ["", "姓名", "住址"],
        ["1", "李明", "石橋村\n三組"],
        [],
        ["2", "王芳"],
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "這個文件是空的。"),
        (b"x" * (rosters.LARGEST_FILE + 1), TOO_LARGE),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 99, "這是一張圖片，不是表格。請上傳表格文件。"),
        (b"\xff\xd8\xff\xe0" + b"0" * 99, "這是一張圖片，不是表格。請上傳表格文件。"),
        (b"%PDF-1.7", "這是 PDF 文件，不是表格。請上傳表格文件。"),
        (b"MZ\x90\0\3\0\0\0", NOT_A_TABLE),
        (b"\xfe\xfd\xfc" * 9, NOT_A_TABLE),
        (b" \n ", "沒有可以讀取的內容。"),
        (archive({"word/document.xml": "x"}), NOT_A_TABLE),
        (AUTUMN[:9000], BROKEN),
        (b"PK\x03\x04" + b"0" * 99, BROKEN),
        (rosters.OLD_OFFICE + b"0" * 999, BROKEN),
        (rosters.OLD_OFFICE + "WordDocument".encode("utf-16-le"), NOT_A_TABLE),
        (TEACHER[:5000], BROKEN),
        (rosters.OLD_OFFICE + "EncryptedPackage".encode("utf-16-le"), PASSWORD),
        (one_sheet(), "這個表格是空的。"),
    ],
)  # fmt: skip
def test_what_is_no_roster_is_told_in_one_sentence(content, why):
    assert refusal(content) == why


def test_a_web_page_named_xls_is_told_how_to_save_it():
    assert refusal(b"\xef\xbb\xbf<html><table>") == (
        "這是網頁格式的文件，不是表格。請在 WPS 或 Excel 中打開它，另存為 .xlsx 後再上傳。"
    )


def test_a_locked_archive_asks_for_no_password():
    content = bytearray(AUTUMN)
    for mark, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = content.find(mark)
        while place >= 0:
            content[place + flags] |= 1
            place = content.find(mark, place + 4)

    assert refusal(bytes(content)) == PASSWORD


def test_an_old_workbook_with_a_password_is_told_so():
    content = bytearray(TEACHER)
    first_record = content.find(b"\x09\x08\x10\0") + 20
    content[first_record : first_record + 2] = b"\x2f\0"  # FILEPASS

    assert refusal(bytes(content)) == PASSWORD


@pytest.mark.parametrize(
    "parts",
    [
        {"xl/workbook.xml": "x", "xl/bomb.xml": b"0" * (rosters.LARGEST_UNPACKED + 1)},
        {"xl/workbook.xml": "x", **{f"xl/{n}.xml": "" for n in range(rosters.MOST_PARTS)}},
    ],
    ids=["one huge part", "too many parts"],
)
def test_a_bomb_is_not_unpacked(parts):
    content = archive(parts, compression=zipfile.ZIP_DEFLATED)
    began = time.perf_counter()

    assert refusal(content) == HEAVY
    assert time.perf_counter() - began < 5


def test_an_archive_that_lies_about_its_sizes_is_found_out(monkeypatch):
    """It tells of 500 bytes, with the right checksum for them, and holds five million."""
    monkeypatch.setattr(rosters, "_read_apart", lambda _: pytest.fail("it was unpacked"))
    part = b"0" * 5_000_000
    content = archive({"xl/workbook.xml": part}, compression=zipfile.ZIP_DEFLATED)

    for truth, lie in ((len(part), 500), (crc32(part), crc32(part[:500]))):
        content = content.replace(truth.to_bytes(4, "little"), lie.to_bytes(4, "little"))

    assert zipfile.ZipFile(io.BytesIO(content)).read("xl/workbook.xml") == part[:500]
    assert refusal(content) == BROKEN


SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'
FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
WIDE = "<row>" + "<c><v>1</v></c>" * 500 + "</row>"
MANY = "<row><c><v>1</v></c></row>" * 300_000
EVERYWHERE = (
    '<table:table-row table:number-rows-repeated="1048576"><table:table-cell'
    ' table:number-columns-repeated="16384" office:value-type="string">'
    "<text:p>x</text:p></table:table-cell></table:table-row>"
)


# The last number of the class teacher's workbook, moved to the last corner of its sheet.
FAR_OLD = TEACHER[: (at := TEACHER.rfind(b"\x03\x02\x0e\0")) + 4] + b"\xff\xff\xff\0"
FAR_OLD += TEACHER[at + 8 :]


def rows_in_sheet(*rows):
    data = "".join(rows)
    return with_sheet(f"{SHEET}<sheetData>{data}</sheetData></worksheet>")


@pytest.mark.parametrize(
    "content",
    [
        rows_in_sheet(ONE, FAR),
        rows_in_sheet(WIDE, MANY),
        ods(row_of("李明", repeated=1_048_576)),
        ods(EVERYWHERE),
        FAR_OLD,
    ],
    ids=["far cell", "many rows", "repeated rows", "repeated everything", "far old cell"],
)
def test_a_vast_sheet_is_refused_in_time(content):
    began = time.perf_counter()

    words = ("rows", "columns", "heavy", "slow", "broken")
    assert refusal(content) in {rosters.FAULTS[word] for word in words}
    assert time.perf_counter() - began < rosters.MOST_SECONDS + 3


def test_a_vast_merge_fills_nothing():
    content = with_sheet(
        f"{SHEET}<sheetData>{ONE}</sheetData>"
        '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'
    )

    assert rosters.read(content, "").sheets[0].rows == [[1]]


def test_entities_are_not_expanded():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    cell = '<c r="A1" t="inlineStr"><is><t>x&b;y</t></is></c>'
    content = with_sheet(
        f'{bomb}{SHEET}<sheetData><row r="1">{cell}</row></sheetData></worksheet>'
    )

    try:
        rows = rosters.read(content, "").sheets[0].rows
    except Refused:
        rows = []

    assert "aaaa" not in str(rows)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ([(20_000, 0, "x")], rosters.FAULTS["rows"]),
        ([(0, 100, "x")], rosters.FAULTS["columns"]),
    ],
)
def test_more_than_a_roster_holds_is_refused(cells, why):
    assert refusal(one_sheet((0, 0, "姓名"), *cells)) == why


def test_too_many_filled_cells_are_refused(monkeypatch):
    monkeypatch.setattr(workbook, "MOST_CELLS", 3)

    assert workbook.answer(one_sheet(*((0, n, "x") for n in range(4)))) == {
        "fault": "cells"
    }


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x\n" * 20_001, "表格超過 20,000 行。請分成幾個文件導入。"),
        (",".join("x" * 101), "表格超過 100 欄。請刪去用不到的欄後再上傳。"),
        ("a," + "x" * 40_000, "有的單元格內容太長，或者引號不成對，無法讀取。"),
    ],
)
def test_more_text_than_a_roster_holds_is_refused(text, why):
    with pytest.raises(Refused) as refused:
        from_text(text)
    assert str(refused.value) == why


def test_a_reader_that_hangs_is_stopped(monkeypatch, tmp_path):
    reader = tmp_path / "slow.py"
    reader.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(rosters, "READER", reader)
    monkeypatch.setattr(rosters, "MOST_SECONDS", 0.5)

    assert refusal(AUTUMN) == rosters.FAULTS["slow"]


@pytest.mark.parametrize(
    ("code", "why"), [("import os; os.abort()", HEAVY), ("1/0", BROKEN)]
)
def test_a_reader_that_dies_takes_nobody_along(monkeypatch, tmp_path, code, why):
    reader = tmp_path / "dies.py"
    reader.write_text(code)
    monkeypatch.setattr(rosters, "READER", reader)

    assert refusal(AUTUMN) == why


def test_the_reader_starts_without_the_application():
    told = subprocess.run(
        [rosters.sys.executable, "-X", "importtime", str(rosters.READER)],
        input=AUTUMN,
        capture_output=True,
        check=True,
    ).stderr

    assert b"flask" not in told


def mutated(content, seed):
    """A few bytes changed, dropped or doubled; of an archive also inside a part."""
    dice = random.Random(seed)
    changed = bytearray(content)
    for _ in range(dice.randint(1, 8)):
        place = dice.randrange(len(changed))
        match dice.randrange(4):
            case 0:
                changed[place] = dice.randrange(256)
            case 1:
                del changed[place : place + dice.randint(1, 40)]
            case 2:
                changed[place:place] = changed[place : place + dice.randint(1, 40)]
            case _:
                changed[place] ^= 1 << dice.randrange(8)
    return bytes(changed)


def mutated_part(content, seed):
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    name = random.Random(seed).choice(sorted(parts))
    return archive({**parts, name: mutated(parts[name] or b"x", seed)})


def outcome(content):
    try:
        return isinstance(rosters.read(content, "名冊.xlsx"), Book)
    except Refused as refused:
        return bool(str(refused))


@pytest.mark.parametrize("content", [AUTUMN, TEACHER], ids=["xlsx", "xls"])
def test_damage_is_met_without_a_crash_before_the_reader_starts(monkeypatch, content):
    sheet = {"name": "", "hidden": False, "rows": [["姓名"]], "merged": []}
    monkeypatch.setattr(rosters, "_read_apart", lambda _content: [sheet])

    for seed in range(400):
        assert outcome(mutated(content, seed)), seed


@pytest.mark.parametrize(
    "damaged",
    [
        *(mutated(AUTUMN, seed) for seed in range(10)),
        *(mutated(TEACHER, seed) for seed in range(30)),
        *(mutated_part(AUTUMN, seed) for seed in range(40)),
    ],
    ids=map(str, range(80)),
)
def test_damaged_files_are_read_or_refused_and_nothing_else(damaged):
    assert outcome(damaged)


def test_damage_that_kills_the_reader_is_only_refused():
    assert refusal(mutated(TEACHER, 2450)) in (HEAVY, BROKEN)


def test_the_empty_roster_is_understood_by_its_own_importer():
    book = rosters.read(empty_roster(str), "空表.xlsx")

    reading = guess(book)

    assert (book.sheets[reading.sheet].name, reading.header) == ("名冊", 1)
    assert len([field for field in reading.columns if field]) == len(COLUMNS)


def test_the_empty_roster_keeps_what_is_typed_as_text():
    content = empty_roster(str)

    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        styles = parts.read("xl/styles.xml").decode()
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()

    looks = [
        re.search(r'style="(\d+)"', column) for column in re.findall("<col .*?>", sheet)
    ]
    formats = re.findall(r'<xf numFmtId="(\d+)"', styles.partition("<cellXfs")[2])
    assert looks
    assert {formats[int(look[1])] for look in looks} == {"49"}  # 49 is text
    assert sheet.count("<dataValidation ") == 3
