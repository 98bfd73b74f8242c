"""One cell at a time: what the register keeps of it, and what it refuses."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liushou_web.refusal import Refused
from liushou_web.rosters.rules.cells import AS_TEXT, clean, plain
from liushou_web.rosters.rules.classes import named_in, school_class
from liushou_web.rosters.rules.rows import Record

TODAY = date(2026, 11, 23)


def each(kept, *cells):
    """Cases of one result."""
    return [(cell, kept) for cell in cells]


def reason(field, cell):
    with pytest.raises(Refused) as refused:
        clean(field, cell, TODAY)
    return str(refused.value)


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("李  明", "李明"),
        ("　李\u3000明 ", "李明"),  # ideographic spaces
        ("𠮷田", "𠮷田"),
        ("王㛃", "王㛃"),
        ("阿依古麗•買買提", "阿依古麗·買買提"),
        ("李\u200b明\u202e", "李明"),  # zero width, right-to-left override
        ("Anna  Li", "Anna Li"),
        ("<script>", "<script>"),  # text is text
        ("=李明", "=李明"),
    ],
)
def test_name(cell, kept):
    assert clean("name", cell, TODAY) == kept


@pytest.mark.parametrize("cell", [2, 2.0, "2", "***", "①②"])
def test_a_number_is_no_name(cell):
    assert reason("name", cell) == "這不像姓名，請核對。"


@pytest.mark.parametrize("field", Record._fields)
@pytest.mark.parametrize("cell", ["", " ", "無", "无", "-", "/", "N/A", "\u200b"])
def test_nothing_is_nothing_in_every_column(field, cell):
    if field != "school_class":
        assert clean(field, cell, TODAY) == ""


@pytest.mark.parametrize("cell", ["同上", "〃"])
def test_ditto_is_refused(cell):
    assert reason("address", cell) == "請寫出內容，不要寫「同上」。"


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("2014-03-05", "2014-03-05"),
        ("2014.3.5", "2014-03-05"),
        ("2014/3/5", "2014-03-05"),
        ("2014年3月5日", "2014-03-05"),
        ("2014年 3月 5日", "2014-03-05"),
        ("2014 . 3 . 5", "2014-03-05"),
        ("２０１４．３．５", "2014-03-05"),
        ("20140305", "2014-03-05"),
        (20140305, "2014-03-05"),
        (20140305.0, "2014-03-05"),
        ("2014-03-05 00:00:00", "2014-03-05"),
        ("2014/3/5 0:00", "2014-03-05"),
        (41703, "2014-03-05"),  # days since 1899-12-30
        ("41703", "2014-03-05"),
        (41703.5, "2014-03-05"),
        ("2016-02-29", "2016-02-29"),
    ],
)
def test_birth_date(cell, kept):
    assert clean("birth_date", cell, TODAY) == kept


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("2017.2.30", "沒有這一天，請核對。"),
        ("2017-02-29", "沒有這一天，請核對。"),
        ("2017.13.1", "沒有這一天，請核對。"),
        ("2014.03", "只有年月，請補上日。"),
        (2014.3, "只有年月，請補上日。"),  # may have been 2014.30
        ("2014年3月", "只有年月，請補上日。"),
        ("201403", "只有年月，請補上日。"),
        (2014, "只有年月，請補上日。"),
        ("14.3.5", "看不懂這個日期。請寫成 2014-03-05。"),  # which century
        ("3/5/2014", "看不懂這個日期。請寫成 2014-03-05。"),  # March or May
        ("8歲", "看不懂這個日期。請寫成 2014-03-05。"),
        ("2026-11-24", "出生日期在今天以後，請核對。"),
        ("1985-01-01", "出生年份太早，請核對。"),
        ("1995-01-01", "按這個出生日期已超過 25 歲，請核對。"),
    ],
)
def test_birth_date_refused(cell, why):
    assert reason("birth_date", cell) == why


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("13800138000", "13800138000"),
        (13800138000, "13800138000"),
        (13800138000.0, "13800138000"),
        ("13800138000.0", "13800138000"),
        (1.38e10, "13800000000"),  # a number is exact, however it is shown
        ("1.3800138000E+10", "13800138000"),  # every digit is still there
        ("138 0013 8000", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("+86 13800138000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("0730-6222345", "0730-6222345"),
        ("07306222345", "0730-6222345"),
        ("(0730)6222345", "0730-6222345"),
        ("010—88888888", "010-88888888"),
        ("6222345", "6222345"),
    ],
)
def test_phone(cell, kept):
    assert clean("carer_phone", cell, TODAY) == kept


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("1380000", "電話號碼的位數不對，請核對。"),
        ("1380013800", "電話號碼的位數不對，請核對。"),
        ("138001380001", "電話號碼的位數不對，請核對。"),
        ("1.38E+10", AS_TEXT),  # a .csv that Excel has spoilt
        ("找奶奶", "這不像電話號碼，請核對。"),
        (
            "13800138000/13900139000",
            "一格裏有兩個號碼，請只留一個，另一個寫到備註。",
        ),
    ],
)
def test_phone_refused(cell, why):
    assert reason("father_phone", cell) == why


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("202611001", "202611001"),
        (202611001, "202611001"),
        (202611001.0, "202611001"),
        ("202611001.0", "202611001"),
        ("Ｇ430102199001011234", "G430102199001011234"),
        ("g43010219900101123x", "G43010219900101123X"),
        ("00123", "00123"),
    ],
)
def test_number(cell, kept):
    assert clean("number", cell, TODAY) == kept


@pytest.mark.parametrize(
    "cell", [430102199001011234, 4.301021990010112e17, "4.30102E+17", float("inf")]
)
def test_a_number_that_lost_its_digits_is_refused(cell):
    assert reason("number", cell) == AS_TEXT


@pytest.mark.parametrize("field", ["address", "note", "carer_relation"])
def test_eighteen_digits_typed_as_a_number_are_refused_anywhere(field):
    assert reason(field, 430102199001011234) == AS_TEXT


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("男", "m"),
        ("女", "f"),
        ("M", "m"),
        ("Ｆ", "f"),
        ("女孩", "f"),
        ("男性", "m"),
        ("男生", "m"),
    ],
)
def test_sex(cell, kept):
    assert clean("sex", cell, TODAY) == kept


def test_an_unknown_sex_is_refused():
    assert reason("sex", "未知") == "性別請寫「男」或「女」。"


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        *each("yes", "是", "√", "住校", "寄宿生", "Y", "有", 1),
        *each("no", "否", "走讀", "走读生", "×", "FALSE", "不住校", 0),
    ],
)
def test_boards(cell, kept):
    assert clean("boards", cell, TODAY) == kept


def test_boards_refused():
    assert reason("boards", "有時") == "請寫「是」或「否」。"


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        *each("grandparents", "隔代監護", "隔代监护", "爺爺奶奶", "隨祖輩生活"),
        *each("relatives", "親屬監護", "舅舅家", "隨其他親戚生活", "寄宿在親戚家"),
        *each("care_parent", "代管家長", "隨代管家長生活"),
        *each("boarding", "寄宿", "在校寄宿"),
        *each("alone", "獨自生活"),
        *each("one_parent", "單親", "隨父母一方生活", "母親監護"),
        *each("other", "其他"),
    ],
)
def test_arrangement(cell, kept):
    assert clean("arrangement", cell, TODAY) == kept


def test_too_long_is_refused():
    assert reason("address", "村" * 70_000) == "內容太長，請不要超過 100 個字。"


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        *each(
            "1.2", "一(2)班", "一（2）班", "一(2)", "一2班", "1(2)班", "1.2", 1.2, "1．2"
        ),
        *each("1.2", "1-2", "1—2", "1-2班", "1/2", "1年2班", "102", 102, "102班"),
        *each("1.2", "一年级2班", "一年級二班", "一年級（二）班", "一 年 級 2 班"),
        *each("1.2", "2020-01-02", "1月2日"),  # 1-2, taken for a day
        *each("6.12", "六年級十二班", "６．１２", "六(12)班", "612"),
        *each("3.20", "三年級二十班", "320"),
        *each("7.2", "七年級2班", "初一(2)班", "初中一年級2班"),
        *each("3.1", "小學三年級1班", "三一班"),
        ("", ""),
    ],
)
def test_school_class(cell, kept):
    assert school_class(cell) == kept


@pytest.mark.parametrize(
    ("cell", "grade", "kept"),
    [
        ("2班", "一年級", "1.2"),
        (2, 1, "1.2"),
        ("(2)班", "一", "1.2"),
        ("二班", "1年級", "1.2"),
        ("12", "三年級", "3.12"),
        ("一(2)班", "一年級", "1.2"),
    ],
)
def test_a_class_beside_its_grade(cell, grade, kept):
    assert school_class(cell, grade) == kept


@pytest.mark.parametrize(
    ("cell", "grade", "why"),
    [
        (
            "三年級",
            "",
            "只寫了年級，沒有寫幾班。每個年級只有一個班時，請寫成「三年級1班」。",
        ),
        ("", "三年級", "只寫了年級，沒有寫幾班。"),
        ("一(2)班", "三年級", "班級和年級對不上。"),
        ("2020級3班", "", "請寫現在的年級，不要寫入學年份。"),
        ("高一(2)班", "", "看不懂這個班級。請寫成「三年級2班」這樣。"),
        ("2班", "", "看不懂這個班級。請寫成「三年級2班」這樣。"),
        ("12", "", "看不懂這個班級。請寫成「三年級2班」這樣。"),
        ("一(41)班", "", "班號請寫 1 到 40。"),
        ("一(0)班", "", "班號請寫 1 到 40。"),
        ("2班", "十年級", "年級請寫成「一年級」到「九年級」。"),
    ],
)
def test_school_class_refused(cell, grade, why):
    with pytest.raises(Refused) as refused:
        school_class(cell, grade)
    assert str(refused.value) == why


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("三年級2班留守兒童花名冊", "三年級2班"),
        ("董崗小學三(2)班名冊2026年9月.xlsx", "三年級2班"),
        ("董崗鎮中心學校2026年秋季留守兒童花名冊", ""),
        ("三(1)班、三(2)班名冊", ""),  # two classes
    ],
)
def test_a_class_named_in_a_title(title, named):
    assert named_in(title) == named


CELLS = st.one_of(
    st.text(),
    st.text(st.characters(categories=("Cs", "Cc", "Cf", "Co", "Lo", "Nd", "Po"))),
    st.integers(),
    st.floats(),
    st.from_regex(r"[0-9０-９.年月日/E+-]{1,24}"),
)


@given(field=st.sampled_from(Record._fields), cell=CELLS, grade=CELLS)
def test_no_content_makes_a_cell_crash(field, cell, grade):
    kept = ""
    with suppress(Refused):
        is_class = field == "school_class"
        kept = school_class(cell, grade) if is_class else clean(field, cell, TODAY)

    kept.encode()  # SQLite takes it: no lone surrogates
    assert kept == kept.strip()


@given(CELLS)
def test_what_is_kept_reads_as_itself(cell):
    assert plain(plain(cell)) == plain(cell)
