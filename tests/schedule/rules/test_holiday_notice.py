"""Notices of holidays, as they are written and as they are mangled."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liushou_web.refusal import Refused
from liushou_web.schedule.rules.calendar import PUBLISHED, Bounds
from liushou_web.schedule.rules.holiday_notice import Closed, Unread, Worked, read

OF_2026 = """办公厅关于2026年
部分节假日安排的通知
各省、自治区、直辖市人民政府，各部委、各直属机构：
现将放假调休的具体日期通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。\
2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。\
9月20日（周日）、10月10日（周六）上班。
请妥善安排好值班和安全工作。
2025年11月4日
"""


def closed(notice):
    return [(each.name, each.days.first_day, each.days.last_day) for each in notice.closed]


def worked(notice):
    return {each.day: each.follows for each in notice.worked}


def one(text, year=2027):
    """The stretches of one sentence, which must be understood to its end."""
    notice = read(text, year)
    assert (notice.unread, notice.doubts) == ((), ())
    return [(each.days.first_day, each.days.last_day) for each in notice.closed], [
        each.day for each in notice.worked
    ]


def test_a_whole_notice_gives_the_published_year():
    notice = read(OF_2026)

    assert notice.year == 2026
    assert closed(notice) == [
        (holiday.name, holiday.first_day, holiday.last_day) for holiday in PUBLISHED
    ]
    assert worked(notice) == {
        day: special.follows
        for holiday in PUBLISHED
        for day, special in holiday.special_days().items()
        if not special.closed
    }
    assert notice.doubts == ()


def test_what_is_no_holiday_is_listed_in_full():
    assert read(OF_2026).unread == (
        Unread("办公厅关于2026年", dated=False),
        Unread("部分节假日安排的通知", dated=False),
        Unread("各省、自治区、直辖市人民政府，各部委、各直属机构：", dated=False),
        Unread("现将放假调休的具体日期通知如下", dated=False),
        Unread("请妥善安排好值班和安全工作", dated=False),
        Unread("2025年11月4日", dated=False),
    )


def test_traditional_script_reads_the_same():
    text = """關於2027年部分節假日安排的通知
二、春節：2月5日（農曆臘月二十九、週五）至11日（週四）放假調休，共7天。2月14日（星期日）上班。
七、國慶節、中秋節：10月1日至7日放假調休，共7天。10月9日（週六）上班。"""

    notice = read(text)

    assert notice.closed == (
        Closed("春節", Bounds(date(2027, 2, 5), date(2027, 2, 11))),
        Closed("國慶節、中秋節", Bounds(date(2027, 10, 1), date(2027, 10, 7))),
    )
    assert notice.worked == (
        Worked("春節", date(2027, 2, 14), date(2027, 2, 11)),
        Worked("國慶節、中秋節", date(2027, 10, 9), date(2027, 10, 7)),
    )
    assert notice.doubts == ()


@pytest.mark.parametrize(
    ("text", "days", "make_ups"),
    [
        # one day, with its count
        ("劳动节：5月1日放假1天。", [((2027, 5, 1), (2027, 5, 1))], []),
        ("四、勞動節：5月1日（週六）放假，共1天。", [((2027, 5, 1), (2027, 5, 1))], []),
        # a Friday and a Monday with the weekend beside them
        ("清明节：4月5日（周一）放假，与周末连休。", [((2027, 4, 3), (2027, 4, 5))], []),
        ("元旦：1月1日放假，與週末連休，共3天。", [((2027, 1, 1), (2027, 1, 3))], []),
        # across a month, across the year, with and without the years written
        (
            "国庆节：9月29日至10月6日放假调休，共8天。",
            [((2027, 9, 29), (2027, 10, 6))],
            [],
        ),
        (
            "一、元旦：12月31日至1月2日放假，共3天。",
            [((2026, 12, 31), (2027, 1, 2))],
            [],
        ),
        (
            "元旦：2026年12月31日至2027年1月2日放假调休，共3天。2026年12月27日（周日）上班。",
            [((2026, 12, 31), (2027, 1, 2))],
            [(2026, 12, 27)],
        ),
        ("元旦：12月31日、1月1日放假。", [((2026, 12, 31), (2027, 1, 1))], []),
        (
            "元旦：1月1日至3日放假。12月27日（周日）上班。",
            [((2027, 1, 1), (2027, 1, 3))],
            [(2026, 12, 27)],
        ),
        # a holiday on Sunday, its substitute on Monday
        (
            "端午节：6月13日放假，6月14日（周一）补休。",
            [((2027, 6, 13), (2027, 6, 14))],
            [],
        ),
        # both verbs in one sentence; other dashes, spaces and full-width digits
        (
            "国庆节：10月1日-7日放假，9月26日（周日）、10月9日（周六）上班。",
            [((2027, 10, 1), (2027, 10, 7))],
            [(2027, 9, 26), (2027, 10, 9)],
        ),
        (
            "（七）国庆节 ： １０ 月 １ 日 ～ ７ 日 放假 ， 共 ７ 天 。",
            [((2027, 10, 1), (2027, 10, 7))],
            [],
        ),
        # no heading, only the holiday's name before its dates
        ("国庆节放假时间为10月1号到10月7号，共计7天", [((2027, 10, 1), (2027, 10, 7))], []),
        # two stretches of one holiday stay two
        ("校庆：5月10日、5月12日放假。", [((2027, 5, 10),) * 2, ((2027, 5, 12),) * 2], []),
    ],
)
def test_sentences_of_many_years(text, days, make_ups):
    assert one(text) == (
        [(date(*first), date(*last)) for first, last in days],
        [date(*day) for day in make_ups],
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("一、元旦：1月1日放假。", "元旦"),
        ("劳动节：5月1日放假。", "勞動節"),
        ("五一假期：5月1日放假。", "勞動節"),
        ("中秋节、国庆节：10月1日放假。", "中秋節、國慶節"),
        ("三、校运会：5月10日放假。", "校运会"),
        ("5月10日放假。", ""),
    ],
)
def test_the_name_of_a_holiday(text, name):
    assert [each.name for each in read(text, 2027).closed] == [name]


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("清明节：13月40日放假。", ["清明节：13月40日放假"]),
        ("清明节：4月31日放假。", ["清明节：4月31日放假"]),
        ("清明节：4月5日至3日放假。", ["清明节：4月5日至3日放假"]),  # backwards
        ("清明节：4月5日。", ["清明节：4月5日"]),  # and what of it?
        ("2月8日（周一）起正常上班。", ["2月8日（周一）起正常上班"]),  # no make-up day
        ("寒假：1月20日至4月20日放假。", ["寒假：1月20日至4月20日放假"]),  # too long
        ("国庆节：10.1-10.7放假。", ["国庆节：10.1-10.7放假"]),
        ("鼓励单位安排职工在2月9日休息。", ["鼓励单位安排职工在2月9日休息"]),
    ],
)
def test_what_is_not_understood_is_shown_and_not_guessed(text, unread):
    notice = read("一、元旦：1月1日放假。\n" + text, 2027)

    assert closed(notice) == [("元旦", date(2027, 1, 1), date(2027, 1, 1))]
    assert worked(notice) == {}
    assert [line.text for line in notice.unread] == unread
    assert [line.dated for line in notice.unread] == [True]


def test_a_sentence_half_understood_is_shown_too():
    notice = read("春节：2月5日至11日放假，2月13日待定。", 2027)

    assert closed(notice) == [("春節", date(2027, 2, 5), date(2027, 2, 11))]
    assert [line.text for line in notice.unread] == ["春节：2月5日至11日放假，2月13日待定"]


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        (
            "清明节：4月3日至5日放假，共4天。",
            "「清明節」：通知寫共 4 天，這裏讀出 3 天，請核對。",
        ),
        (
            "清明节：4月3日（周六）至5日（周二）放假，共3天。",
            "通知寫 2027-04-05 是星期二，日曆上是星期一，請核對年份。",
        ),
        (
            "清明节：4月3日（周六）至5日放假。4月11日（星期六）上班。",
            "通知寫 2027-04-11 是星期六，日曆上是星期日，請核對年份。",
        ),
    ],
)
def test_what_does_not_add_up_is_said(text, doubt):
    assert [str(each) for each in read(text, 2027).doubts] == [doubt]


def test_the_notice_knows_its_year_better_than_the_field():
    assert read("关于2028年放假安排\n元旦：1月1日放假。", 2027).year == 2028
    assert read("元旦：2028年1月1日放假。").year == 2028


def test_without_a_year_it_asks_for_one():
    with pytest.raises(Refused, match="沒有寫年份"):
        read("元旦：1月1日放假。")


@pytest.mark.parametrize("text", ["", "您好", "关于2027年放假的通知", "2027年见。\n。。；"])
def test_a_text_without_holidays_is_refused(text):
    with pytest.raises(Refused, match="沒有讀出放假的日子"):
        read(text, 2027)


PIECES = st.sampled_from(
    [
        "一、",
        "春节：",
        "元旦",
        "2027年",
        "1月",
        "12月",
        "31日",
        "3日",
        "（周六）",
        "（",
        "至",
        "、",
    ]
    + ["，", "。", "放假", "上班", "与周末连休", "共3天", "鼓励", "补休", "\n", "9", "\x00"]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_text_is_read_or_refused(text):
    try:
        notice = read(text, 2027)
    except Refused:
        return

    assert all(each.days.first_day <= each.days.last_day for each in notice.closed)
    assert all(each.day.weekday() >= 5 for each in notice.worked)
    assert all(line.text for line in notice.unread)
