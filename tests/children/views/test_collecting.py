"""Who collects a child over HTTP: the card, the list, the photo, the usual way home."""

from datetime import date, timedelta
from io import BytesIO

import make
import pytest
from kit import MONDAY_4PM, soup
from PIL import Image

from liushou_web.backups import making, restoring
from liushou_web.backups.rules.retention import BackupKind
from liushou_web.children.views import photos
from liushou_web.db.paths import paths
from liushou_web.schema import Collector, WayHome

TODAY = MONDAY_4PM.date()
TYPED = {
    "name": "王小蓮",
    "relation": "姑姑",
    "phone": "13800000001",
    "first_day": "2026-11-23",
    "key": "one",
}


@pytest.fixture
def teacher(app):
    return make.staff("孫老師", roles=("helper",))


@pytest.fixture
def mine(teacher):
    """A child of the teacher's own class."""
    group = make.school_class(3, 1, teacher=teacher)
    return make.child("小明", school_class=group, way=None)


@pytest.fixture
def other(teacher):
    return make.child("小紅", school_class=make.school_class(4, 1), way=None)


@pytest.fixture
def client(client_for, at, teacher):
    at(MONDAY_4PM)
    return client_for(teacher)


def picture(colour=(200, 30, 30)):
    out = BytesIO()
    Image.new("RGB", (900, 1200), colour).save(out, "JPEG")
    return BytesIO(out.getvalue()), "../../我的 奶奶.jpg"


def files():
    folder = photos.folder()
    return sorted(file.name for file in folder.iterdir()) if folder.is_dir() else []


def card(html):
    found = html.find(id="collecting")
    return found and " ".join(found.get_text(" ").split())


def of_child(child, deed):
    return f"/children/{child.id}/{deed}"


def notice(html):
    return html.find(id="notice").text.strip()


def test_the_empty_card_says_what_happens_and_how_to_fill_it(client, mine):
    html = soup(client.get(f"/children/{mine.id}"))

    assert card(html) == (
        "誰來接 平時： 沒有固定的 簽退時每次選擇 修改 名單上還沒有人。"
        "不在名單上的人來接，要寫明原因，還會告訴辦公室。 添加接的人"
    )
    links = [a["href"] for a in html.find(id="collecting").find_all("a")]
    assert links == [of_child(mine, "way-home"), of_child(mine, "collectors/new")]


def test_added_somebody_is_on_the_card(client, mine):
    html = soup(client.get(of_child(mine, "collectors/new")))
    assert html.find(id="first_day")["value"] == "2026-11-23"
    assert html.find(id="usual").has_attr("checked")

    answer = client.post(of_child(mine, "collectors/new"), data={**TYPED, "usual": "y"})

    assert (answer.status_code, answer.location) == (303, f"/children/{mine.id}#collecting")
    html = soup(client.get(f"/children/{mine.id}"))
    assert notice(html) == "姑姑 王小蓮可以來接了。"
    assert card(html) == (
        "誰來接 平時： 姑姑 王小蓮 接 修改 王 姑姑 王小蓮 平時 "
        "138****0001 2026年11月23日起 修改 停用 添加接的人"
    )


def test_a_second_press_answers_like_the_first(client, mine):
    first, second = (
        client.post(of_child(mine, "collectors/new"), data=TYPED) for _ in range(2)
    )

    assert (second.status_code, second.location) == (first.status_code, first.location)
    assert Collector.select().count() == 1


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        ({"name": " "}, "name", "請填寫這一項。"),
        ({"relation": ""}, "relation", "請填寫這一項。"),
        ({"phone": "12"}, "phone", "電話「12」不像電話號碼，請填 7 到 13 位數字。"),
        ({"first_day": ""}, "first_day", "請填寫這一項。"),
        ({"last_day": "1026-11-23"}, "last_day", "請核對年份。"),
    ],
)
def test_a_wrong_field_is_told_beside_it(client, mine, values, field, reason):
    answer = client.post(of_child(mine, "collectors/new"), data={**TYPED, **values})

    html = soup(answer)
    assert answer.status_code == 422
    assert html.find(id=f"{field}-errors").text == reason
    assert Collector.select().count() == 0


def test_a_refusal_is_told_on_top_and_the_typing_kept(client, mine):
    make.collector(mine, "王小蓮", relation="姑姑", phone="13800000001")

    answer = client.post(
        of_child(mine, "collectors/new"), data={**TYPED, "photo": picture()}
    )

    html = soup(answer)
    assert answer.status_code == 422
    assert html.select_one("form [role=alert]").text == "王小蓮已經在小明的名單上。"
    assert html.find(id="relation")["value"] == "姑姑"
    assert files() == []


def test_a_bad_photo_is_told_beside_it_and_the_rest_is_kept(client, mine):
    photo = BytesIO(b"not a photo"), "x.jpg"

    answer = client.post(of_child(mine, "collectors/new"), data={**TYPED, "photo": photo})

    html = soup(answer)
    assert answer.status_code == 422
    assert html.find(id="photo-errors").text == (
        "這個文件不是可以打開的照片。請用 JPEG、PNG 或 WebP 照片。"
    )
    assert html.find(id="name")["value"] == "王小蓮"
    assert html.select_one(".warn").text == "照片要再選一次，瀏覽器沒有記住它。"
    assert (files(), Collector.select().count()) == ([], 0)


def test_a_photo_is_kept_small_under_a_name_of_ours(client, duty, mine):
    client.post(of_child(mine, "collectors/new"), data={**TYPED, "photo": picture()})

    (name,) = files()
    assert Collector.get().photo == name
    assert (len(name), name[32:]) == (36, ".jpg")
    answer = duty.get("/collectors/1/photo")
    assert Image.open(BytesIO(answer.data)).size == (360, 480)
    assert (answer.content_type, answer.headers["Cache-Control"]) == (
        "image/jpeg",
        "no-store",
    )
    html = soup(client.get(f"/children/{mine.id}"))
    assert html.find("img", class_="face")["src"] == f"/collectors/1/photo?v={name[:8]}"


def test_a_new_photo_takes_the_place_of_the_old(client, mine):
    client.post(of_child(mine, "collectors/new"), data={**TYPED, "photo": picture()})
    (old,) = files()

    client.post("/collectors/1", data={**TYPED, "photo": picture((30, 30, 200))})
    (new,) = files()
    assert (new != old, Collector.get().photo) == (True, new)

    client.post("/collectors/1", data=TYPED)
    assert files() == [new]
    client.post("/collectors/1", data={**TYPED, "without": "y"})
    assert (files(), Collector.get().photo) == ([], "")


def test_what_nobody_needs_is_swept_away_after_an_hour(client, mine):
    import os

    folder = photos.folder()
    folder.mkdir(parents=True)
    for name, age in (("old.jpg.part", 2), ("new.jpg.part", 0)):
        (folder / name).write_bytes(b"")
        when = (folder / name).stat().st_mtime - age * 3600
        os.utime(folder / name, (when, when))

    client.post(of_child(mine, "collectors/new"), data={**TYPED, "photo": picture()})

    assert files() == sorted(["new.jpg.part", Collector.get().photo])


def test_a_full_disk_is_said_and_nothing_is_half_saved(client, mine, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(photos.disk, "put", full)

    answer = client.post(
        of_child(mine, "collectors/new"), data={**TYPED, "photo": picture()}
    )

    html = soup(answer)
    assert answer.status_code == 422
    assert html.select_one("form [role=alert]").text == (
        "照片沒有保存（磁盤空間不夠）。請檢查磁盤後再試一次。"
    )
    assert html.find(id="name")["value"] == "王小蓮"
    assert Collector.select().count() == 0


def test_a_photo_comes_back_with_a_backup(client, mine):
    client.post(of_child(mine, "collectors/new"), data={**TYPED, "photo": picture()})
    saved = making.make(paths(), BackupKind.MANUAL, MONDAY_4PM)
    photos.forget(Collector.get().photo)
    assert client.get("/collectors/1/photo").status_code == 404

    restoring.restore(paths(), paths().backups / saved.name, by=make.actor(), at=MONDAY_4PM)

    assert files() == [Collector.get().photo]


@pytest.mark.parametrize(
    ("role", "own", "others"),
    [("duty", 200, 200), ("office", 200, 200), ("head", 200, 200),
     ("counsellor", 403, 403), ("admin", 403, 403), ("helper", 404, 404)],
)  # fmt: skip
def test_the_photo_is_seen_by_who_sees_the_row(
    request, client, mine, other, role, own, others
):
    for child in (mine, other):
        name = photos._put(b"a photo")
        make.collector(child, photo=name)
    reader = request.getfixturevalue(role)

    assert client.get("/collectors/1/photo").data == b"a photo"
    assert client.get("/collectors/2/photo").status_code == 404
    assert reader.get("/collectors/1/photo").status_code == own
    assert reader.get("/collectors/2/photo").status_code == others


def test_no_photo_is_no_page(client, mine):
    make.collector(mine)

    assert client.get("/collectors/1/photo").status_code == 404
    assert client.get("/collectors/9/photo").status_code == 404


def test_a_change_shows_what_there_is_and_saves_what_is_typed(client, mine):
    make.collector(mine, phone="13900000002", last_day=TODAY)

    html = soup(client.get("/collectors/1"))
    assert html.h1.text == "修改爺爺 王大山"
    assert (html.find(id="phone")["value"], html.find(id="last_day")["value"]) == (
        "13900000002",
        "2026-11-23",
    )

    answer = client.post("/collectors/1", data={**TYPED, "guardian": "y", "last_day": ""})
    row = Collector.get()
    assert answer.location == f"/children/{mine.id}#collecting"
    assert (row.name, row.guardian, row.last_day) == ("王小蓮", True, None)


def test_ended_it_can_be_resumed_the_same_day(client, mine, at):
    make.collector(mine, usual=True)

    answer = client.post("/collectors/1/end")
    assert (answer.status_code, answer.location) == (303, f"/children/{mine.id}#collecting")
    html = soup(client.get(f"/children/{mine.id}"))
    assert notice(html) == "爺爺 王大山從現在起不能接了。停用錯了，今天可以點「恢復」。"
    ended = "王 爺爺 王大山 已停用 2026年11月23日起 ，2026年11月23日停用 恢復"
    assert f"以前的（1） {ended}" in card(html)

    client.post("/collectors/1/resume")
    assert Collector.get().ended_at is None
    assert notice(soup(client.get(f"/children/{mine.id}"))) == "爺爺 王大山又可以來接了。"


def test_the_day_after_it_is_refused(client, mine):
    make.collector(mine, ended_at=MONDAY_4PM - timedelta(days=1))

    answer = client.post("/collectors/1/resume")

    assert answer.status_code == 409
    assert soup(answer).h1.text == "不是今天停用的，不能恢復。請重新添加。"


def test_the_usual_way_home_is_chosen_from_what_is_open(client, mine):
    make.collector(mine, usual=True), make.collector(mine, "李嬸", ended_at=MONDAY_4PM)

    html = soup(client.get(of_child(mine, "way-home")))
    options = [(o["value"], o.text, o.has_attr("selected")) for o in html.select("option")]
    assert options == [
        ("1", "爺爺 王大山 接", True),
        ("alone", "自行回家", False),
        ("bus", "坐校車", False),
        ("", "沒有固定的，每次選擇", False),
    ]

    agreed = {"usual": "alone", "consent_by": "爺爺", "consent_on": "2026-11-20"}
    answer = client.post(of_child(mine, "way-home"), data=agreed)
    row = WayHome.get()
    assert answer.location == f"/children/{mine.id}#collecting"
    assert (row.way, row.consent_by, row.consent_on) == (
        "alone",
        "爺爺",
        date(2026, 11, 20),
    )
    assert "平時： 自行回家 爺爺 2026年11月20日同意自行回家 修改" in card(
        soup(client.get(f"/children/{mine.id}"))
    )


def test_only_a_boarder_is_offered_the_dormitory(client, mine):
    mine.boards = True
    mine.save()

    html = soup(client.get(of_child(mine, "way-home")))

    assert "回宿舍" in [option.text for option in html.select("option")]


def test_going_alone_without_consent_is_refused_on_the_form(client, mine):
    typed = {"usual": "alone", "consent_by": "爺爺"}

    answer = client.post(of_child(mine, "way-home"), data=typed)

    html = soup(answer)
    assert answer.status_code == 422
    assert html.select_one("form [role=alert]").text == (
        "自行回家要有監護人同意：請填寫誰同意、哪天同意的。"
    )
    assert html.find(id="consent_by")["value"] == "爺爺"
    assert html.select_one("option[selected]")["value"] == "alone"


def test_names_stay_as_typed_and_our_words_turn(client_for, at, mine, teacher):
    at(MONDAY_4PM)
    make.collector(mine, "馬國寶", usual=True)
    teacher.script = "hans"
    teacher.save()

    html = soup(client_for(teacher).get(of_child(mine, "way-home")))

    texts = [option.text for option in html.select("option")]
    assert texts[0] == "爺爺 馬國寶 接"
    assert texts[-1] == "没有固定的，每次选择"


def test_others_children_are_not_there_for_a_class_teacher(client, other):
    make.collector(other)

    answers = [
        client.get(of_child(other, "collectors/new")),
        client.post(of_child(other, "collectors/new"), data=TYPED),
        client.get(of_child(other, "way-home")),
        client.post(of_child(other, "way-home"), data={"usual": "bus"}),
        client.get("/collectors/1"),
        client.post("/collectors/1", data=TYPED),
        client.post("/collectors/1/end"),
        client.post("/collectors/1/resume"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 8
    assert (Collector.get().name, Collector.get().ended_at) == ("王大山", None)


def test_who_reads_the_file_sees_the_card_as_far_as_they_may(
    client_for, at, head, office, counsellor, mine, other, teacher
):
    make.collector(mine)
    pages = [soup(c.get(f"/children/{mine.id}")) for c in (head, office, counsellor)]

    assert [html.find(id="collecting") is not None for html in pages] == [
        True,
        True,
        False,
    ]
    buttons = [len(html.select("#collecting :is(a, button)")) for html in pages]
    assert buttons == [0, 4, 0]
    teacher.roles = frozenset({"helper", "counsellor"})
    teacher.save()
    assert soup(client_for(teacher).get(f"/children/{other.id}")).find(id="collecting") is (
        None
    )


@pytest.mark.parametrize("role", ["duty", "head"])
def test_who_only_reads_changes_nothing(request, mine, role):
    make.collector(mine)
    client = request.getfixturevalue(role)

    answers = [
        client.post("/collectors/1/end"),
        client.post("/collectors/1", data=TYPED),
        client.post(of_child(mine, "way-home"), data={"usual": "bus"}),
        client.post(of_child(mine, "collectors/new"), data=TYPED),
    ]

    assert [answer.status_code for answer in answers] == [403] * 4
    assert (Collector.select().count(), WayHome.select().count()) == (1, 0)


def test_of_a_child_who_left_the_list_is_read_only(client, mine):
    make.collector(mine)
    mine.left_on = TODAY
    mine.save()

    html = soup(client.get(f"/children/{mine.id}"))

    assert html.select("#collecting :is(a, button)") == []
    answer = client.post(of_child(mine, "collectors/new"), data=TYPED)
    assert soup(answer).select_one("form [role=alert]").text == (
        "小明已離開，名單不用再改。"
    )
