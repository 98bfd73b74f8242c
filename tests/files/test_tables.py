"""A list as a workbook: text stays text, numbers are numbers, the head is repeated."""

from io import BytesIO
from zipfile import ZipFile

from python_calamine import CalamineWorkbook

from liushou_web.files.tables import PrintedTable, TableColumn, table_book

TABLE = PrintedTable(
    "名單", "學校　名單", "2026年11月",
    [TableColumn("姓名", 14), TableColumn("次", 6)],
    [["=1+1", 3], ["https://a.b", None], ["13900000001", 0]],
    ["合計：3 次"],
)  # fmt: skip


def test_what_people_typed_is_no_formula_link_or_number():
    book = CalamineWorkbook.from_filelike(BytesIO(table_book([TABLE])))

    assert book.get_sheet_by_name("名單").to_python() == [
        ["學校　名單", ""],
        ["2026年11月", ""],
        ["姓名", "次"],
        ["=1+1", 3.0],
        ["https://a.b", ""],
        ["13900000001", 0.0],
        ["合計：3 次", ""],
    ]
    sheet = ZipFile(BytesIO(table_book([TABLE]))).read("xl/worksheets/sheet1.xml").decode()
    assert ("<f>" in sheet, "<hyperlink" in sheet) == (False, False)


def test_each_table_has_a_sheet_that_prints_across_a4():
    archive = ZipFile(BytesIO(table_book([TABLE, TABLE._replace(name="另一張")])))
    sheet = archive.read("xl/worksheets/sheet2.xml").decode()

    assert 'paperSize="9"' in sheet
    assert 'orientation="landscape"' in sheet
    assert "另一張!$3:$3" in archive.read("xl/workbook.xml").decode()
