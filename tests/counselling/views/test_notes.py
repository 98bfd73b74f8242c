"""Sealed notes over HTTP: locked, opened, written, changed, read by their owner alone."""

import re
from datetime import date, time

import make
import pytest
from kit import MONDAY_4PM, PART, soup

from liushou_web.counselling.rules.notes import Note
from liushou_web.counselling.store import notes
from liushou_web.schema import LoginSession, SessionNote, Vault
from liushou_web.vaults.store import openings

TYPED = {
    "who": "小草",
    "day": "2026-11-23",
    "starts": "16:00",
    "ends": "16:50",
    "place": "心理輔導室",
    "way": "face",
    "issue": "夜裏睡不著",
    "agreements": "每天寫一句話",
    "risk": "watch",
    "next_day": "2026-11-30",
    "key": "one",
}
SENT = {
    "who": "小草",
    "day": "2026-11-23",
    "to_whom": "縣醫院",
    "reason": "吃不下飯",
    "key": "two",
}


@pytest.fixture
def chen(app):
    return make.staff("陳老師", roles=("counsellor",))


@pytest.fixture
def vault(chen):
    return make.vault(chen)


@pytest.fixture
def key(vault):
    return make.key_of(vault)


@pytest.fixture
def locked(client_for, at, chen, vault):
    at(MONDAY_4PM)
    return client_for(chen)


@pytest.fixture
def reader(locked):
    assert unlock(locked).status_code == 303
    return locked


def unlock(client, passphrase=make.PASSPHRASE, **more):
    return client.post("/notes/unlock", data={"passphrase": passphrase, **more})


def heading(answer):
    return soup(answer).h1.text


def alerts(answer):
    return [tag.text for tag in soup(answer).select("main [role=alert]")]


def errors(answer):
    return [tag.text for tag in soup(answer).select(".error")]


def waiting(answer):
    return soup(answer).find("input", {"name": "sealed"})["value"]


def lines(answer):
    return [" ".join(li.get_text(" ").split()) for li in soup(answer).select(".found li")]


def deeds(vault):
    return [opening.deed for opening in openings.of_vault(vault)][::-1]


def test_a_locked_vault_asks_for_the_passphrase_and_goes_on(locked, vault):
    asked = locked.get("/notes/referrals")
    onward = soup(asked).find("input", {"name": "next"})["value"]

    opened = unlock(locked, next=onward)

    assert (asked.status_code, heading(asked)) == (200, "輔導記錄已鎖上")
    assert (opened.status_code, opened.location) == (303, "/notes/referrals")
    assert heading(locked.get("/notes/referrals")) == "轉介"
    assert deeds(vault) == ["unlock"]


def test_a_wrong_passphrase_is_told_and_recorded(locked, vault):
    answer = unlock(locked, "not this one", next="/notes/referrals")

    assert (answer.status_code, alerts(answer)) == (422, ["筆記口令不對，沒有打開。"])
    assert soup(answer).find("input", {"name": "next"})["value"] == "/notes/referrals"
    assert heading(locked.get("/notes")) == "輔導記錄已鎖上"
    assert deeds(vault) == ["wrong"]


def test_after_five_wrong_ones_the_right_one_has_to_wait(locked):
    for _ in range(5):
        unlock(locked, "not this one")

    answer = unlock(locked)

    assert alerts(answer) == ["嘗試太多次，請等 30 秒再試。"]
    assert heading(locked.get("/notes")) == "輔導記錄已鎖上"


def test_a_public_key_put_in_place_of_ours_is_noticed(locked, vault):
    other = make.vault(make.staff(roles=("counsellor",)))
    Vault.update(public_key=other.public_key).where(Vault.id == vault.id).execute()

    answer = unlock(locked)

    assert answer.status_code == 422
    assert heading(locked.get("/notes")) == "輔導記錄已鎖上"


@pytest.mark.parametrize("onward", ["//evil.example/", "http://evil.example/", ""])
def test_it_leads_nowhere_else(locked, onward):
    assert unlock(locked, next=onward).location in ("/", "/notes")


def test_without_a_vault_the_way_is_to_set_one_up(client_for, chen):
    client = client_for(chen)

    for answer in (client.get("/notes"), client.post("/notes/new"), unlock(client)):
        assert (answer.status_code, answer.location) == (303, "/notes/vault")


def test_written_it_is_sealed_and_read_again(reader, vault, key):
    answer = reader.post("/notes/new", data=TYPED)

    row = SessionNote.get()
    assert (answer.status_code, answer.location) == (303, f"/notes/{row.id}")
    assert notes.one(row.id, vault, key).note == Note(
        who="小草",
        day=date(2026, 11, 23),
        starts=time(16),
        ends=time(16, 50),
        place="心理輔導室",
        way="face",
        issue="夜裏睡不著",
        agreements="每天寫一句話",
        risk="watch",
        next_day=date(2026, 11, 30),
    )
    assert "夜裏睡不著" in soup(reader.get(answer.location)).article.text


def test_a_second_press_answers_like_the_first(reader):
    first, second = (reader.post("/notes/new", data=TYPED) for _ in range(2))

    assert second.location == first.location
    assert SessionNote.select().count() == 1


def test_the_list_tells_whom_when_how_and_at_what_risk(reader):
    reader.post("/notes/new", data=TYPED)

    assert lines(reader.get("/notes")) == [
        "小草 2026年11月23日 16:00 – 16:50 面談 需要留意 下次 11月30日".replace(" – ", "–")
    ]


def test_an_empty_list_says_what_to_do(reader):
    answer = soup(reader.get("/notes")).find(class_="empty")

    assert answer.p.text == "還沒有輔導記錄。談完話，趁記得清楚寫一份；只有您的口令能打開。"
    assert [a["href"] for a in answer.find_all("a")] == ["/notes/new?kind=session"]


def test_referrals_are_listed_apart(reader):
    reader.post("/notes/new", data=TYPED)
    reader.post("/notes/new?kind=referral", data=SENT)

    assert lines(reader.get("/notes/referrals")) == [
        "小草 2026年11月23日 轉介到 縣醫院 還沒有結果"
    ]
    assert len(lines(reader.get("/notes"))) == 1


@pytest.mark.parametrize(
    ("typed", "child"),
    [
        ("王芳 三年級1班", "first"),
        ("王芳 四年級1班", "second"),
        ("小明", "third"),  # there is only one
        ("小草", None),  # an alias
    ],
)
def test_a_child_is_chosen_by_name_or_an_alias_is_kept(reader, vault, key, typed, child):
    made = {
        "first": make.child("王芳"),
        "second": make.child("王芳", school_class=make.school_class(4, 1)),
        "third": make.child("小明"),
    }

    reader.post("/notes/new", data={**TYPED, "who": typed})

    note = notes.all_of(vault, key)[0].note
    assert note.child_id == (made[child].id if child else None)
    assert note.who == typed.split()[0]


def test_a_name_that_two_children_have_is_asked_about(reader):
    make.child("王芳"), make.child("王芳", school_class=make.school_class(4, 1))

    answer = reader.post("/notes/new", data={**TYPED, "who": "王芳"})

    assert alerts(answer) == ["有 2 名學生叫王芳。請從名單裏選帶班級的一項，或者寫化名。"]
    assert SessionNote.select().count() == 0


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        (
            "issue",
            "身份證 11010519491231002X",
            "請不要寫身份證號，「主訴問題」裏有一個。記錄用不着它。",
        ),
        (
            "issue",
            "家住柳溪村三組",
            "請不要寫詳細住址，「主訴問題」裏有。寫到村名就夠了。",
        ),
        ("ends", "15:00", "結束時間必須晚於開始時間。"),
    ],
)
def test_what_does_not_belong_is_refused_and_the_typing_kept(reader, field, text, sentence):
    answer = reader.post("/notes/new", data={**TYPED, field: text})

    assert (answer.status_code, alerts(answer)) == (422, [sentence])
    assert soup(answer).find(attrs={"name": "agreements"}).text.strip() == "每天寫一句話"
    assert SessionNote.select().count() == 0


def test_risk_has_to_be_chosen(reader):
    answer = reader.post("/notes/new", data={**TYPED, "risk": ""})

    assert errors(answer) == ["請選擇危險程度。"]


def test_a_change_keeps_the_older_words_readable(reader, vault):
    note_id = make.note(vault, issue="第一遍")

    answer = reader.post(f"/notes/{note_id}/edit", data={**TYPED, "version": 1})

    page = soup(reader.get(answer.location))
    assert "夜裏睡不著" in page.article.text
    assert "第一遍" in page.find("details", class_="note").text


def test_a_change_in_two_windows_is_shown_and_needs_a_second_press(reader, vault, key):
    note_id = make.note(vault)
    reader.post(f"/notes/{note_id}/edit", data={**TYPED, "version": 1})

    late = reader.post(
        f"/notes/{note_id}/edit", data={**TYPED, "version": 1, "issue": "晚了"}
    )
    version = soup(late).find("input", {"name": "version"})["value"]
    again = {**TYPED, "version": version, "issue": "晚了"}
    reader.post(f"/notes/{note_id}/edit", data=again)

    assert alerts(late)[0].startswith("這份記錄剛在另一個窗口改過")
    assert notes.one(note_id, vault, key).note.issue == "晚了"
    assert len(notes.before(note_id, vault, key)) == 2


def test_a_change_leaves_a_child_who_has_left_as_it_was(reader, vault, key):
    child = make.child("小明", left_on=date(2026, 9, 1))
    note_id = make.note(vault, child_id=child.id, who="小明")

    reader.post(f"/notes/{note_id}/edit", data={**TYPED, "version": 1, "who": "小明"})

    assert notes.one(note_id, vault, key).note.child_id == child.id


def test_void_it_stays_and_is_not_changed_any_more(reader, vault):
    note_id = make.note(vault)

    answer = reader.post(f"/notes/{note_id}/void", data={"void": "寫錯人", "version": 1})
    changing = reader.get(f"/notes/{note_id}/edit")

    page = soup(reader.get(answer.location))
    assert page.find(class_="warn").text == "這份記錄已作廢：寫錯人"
    assert (changing.status_code, page.find("a", string="修改")) == (409, None)


def test_reading_changing_and_printing_are_recorded(reader, vault):
    note_id = make.note(vault)

    for path in ("", "/edit", "/print"):
        reader.get(f"/notes/{note_id}{path}")

    assert deeds(vault) == ["unlock", "read", "read", "print"]


def test_the_list_of_one_person_is_asked_for_by_a_note(reader, vault):
    """No child is named in an address, which a browser remembers."""
    hers = [make.note(vault, who="小草") for _ in range(2)]
    make.note(vault, who="小花")

    answer = reader.get(f"/notes?with={hers[0]}")

    assert len(lines(answer)) == 2
    assert soup(answer).find(role="status").text == "小草：2 份，最近的在前。"


def test_no_title_names_a_child(reader, vault):
    """A browser remembers titles, too."""
    note_id = make.note(vault, who="小草")

    for path in ("", f"/{note_id}", f"/{note_id}/edit", f"/{note_id}/print", "/new"):
        assert "小草" not in soup(reader.get(f"/notes{path}")).title.text


def test_locked_by_hand_it_is_locked(reader):
    reader.post("/notes/lock")

    assert heading(reader.get("/notes")) == "輔導記錄已鎖上"


def test_idle_it_locks_itself(reader, seconds):
    unlock(reader)
    seconds(299)
    still = heading(reader.get("/notes"))
    seconds(300)

    assert (still, heading(reader.get("/notes"))) == ("輔導記錄", "輔導記錄已鎖上")


def test_typing_is_no_idle_minute(reader, seconds):
    unlock(reader)
    for _ in range(3):
        seconds(200)
        assert reader.get("/notes/still", headers=PART).status_code == 204

    assert heading(reader.get("/notes")) == "輔導記錄"


def test_a_page_left_open_hides_itself_and_one_that_is_typed_into_does_not(reader, vault):
    note_id = make.note(vault)

    refresh = {path: reader.get(path).headers.get("Refresh") for path in (
        "/notes", f"/notes/{note_id}", "/notes/new"
    )}  # fmt: skip

    assert refresh["/notes"] == "301; url=/notes/hidden?next=/notes"
    assert refresh[f"/notes/{note_id}"] == f"301; url=/notes/hidden?next=/notes/{note_id}"
    assert refresh["/notes/new"] is None


def test_the_hidden_page_shows_nothing_and_does_not_count_as_reading(reader, seconds):
    unlock(reader)
    seconds(200)
    hidden = reader.get("/notes/hidden?next=/notes/new")
    seconds(100)
    later = reader.get("/notes/hidden?next=/notes/new")

    assert soup(hidden).find("a", class_="primary")["href"] == "/notes/new"
    assert heading(later) == "輔導記錄已鎖上"


def test_what_was_typed_when_it_locked_waits_sealed_and_is_saved(locked, vault, key):
    asked = locked.post("/notes/new", data=TYPED)
    saved = locked.post(
        "/notes/new", data={"sealed": waiting(asked), "passphrase": make.PASSPHRASE}
    )

    assert asked.status_code == 422
    assert "夜裏睡不著" not in asked.text
    assert soup(asked).find("form", class_="card")["action"] == "/notes/new"
    assert (saved.status_code, SessionNote.select().count()) == (303, 1)
    assert notes.all_of(vault, key)[0].note.issue == "夜裏睡不著"


def test_a_wrong_passphrase_does_not_lose_the_typing(locked):
    asked = locked.post("/notes/new", data=TYPED)
    wrong = locked.post("/notes/new", data={"sealed": waiting(asked), "passphrase": "no"})
    saved = locked.post(
        "/notes/new", data={"sealed": waiting(wrong), "passphrase": make.PASSPHRASE}
    )

    assert alerts(wrong) == ["筆記口令不對，沒有打開。"]
    assert (waiting(wrong), saved.status_code) == (waiting(asked), 303)


def test_what_has_a_fault_comes_back_in_the_form_after_the_passphrase(locked):
    asked = locked.post("/notes/new", data={**TYPED, "risk": ""})
    form = locked.post(
        "/notes/new", data={"sealed": waiting(asked), "passphrase": make.PASSPHRASE}
    )

    assert errors(form) == ["請選擇危險程度。"]
    assert soup(form).find(attrs={"name": "issue"}).text.strip() == "夜裏睡不著"


def test_locked_in_the_middle_of_typing_the_form_comes_back_unsaved(reader):
    asked = reader.post("/notes/new", data={**TYPED, "lock": "1"})
    form = reader.post(
        "/notes/new", data={"sealed": waiting(asked), "passphrase": make.PASSPHRASE}
    )

    assert heading(asked) == "輔導記錄已鎖上"
    assert (form.status_code, alerts(form)) == (200, [])
    assert soup(form).find(attrs={"name": "issue"}).text.strip() == "夜裏睡不著"
    assert SessionNote.select().count() == 0


@pytest.mark.parametrize("seal", ["", "made up", "AAAA"])
def test_what_this_key_did_not_seal_is_as_good_as_nothing(reader, seal):
    answer = reader.post("/notes/new", data={"sealed": seal})

    assert (answer.status_code, SessionNote.select().count()) == (422, 0)


def end_sessions():
    LoginSession.update(ended_at=MONDAY_4PM).execute()


def log_in_again(client, person, lapsed):
    fields = soup(lapsed).select("main form input")
    data = {tag["name"]: tag.get("value", "") for tag in fields}
    return client.post(
        "/login", data={**data, "login": person.login, "password": make.SECRET}
    )


def test_a_login_that_ends_carries_the_note_sealed(locked, chen, vault, key):
    end_sessions()
    lapsed = locked.post("/notes/new", data={**TYPED, "reader": chen.id})
    back = log_in_again(locked, chen, lapsed)
    fields = {t["name"]: t["value"] for t in soup(back).select("main form input")}

    asked = locked.post("/notes/new", data=fields)
    locked.post(
        "/notes/new", data={"sealed": waiting(asked), "passphrase": make.PASSPHRASE}
    )

    assert "這是輔導記錄，已經密封" in soup(back).main.text
    assert not any("睡不著" in answer.text for answer in (lapsed, back, asked))
    assert notes.all_of(vault, key)[0].note.issue == "夜裏睡不著"


def test_the_signed_text_of_the_login_page_holds_no_word_of_it(locked, chen):
    from base64 import urlsafe_b64decode
    from zlib import decompress

    end_sessions()
    lapsed = locked.post("/notes/new", data={**TYPED, "reader": chen.id})

    text = soup(lapsed).find("input", {"name": "typed"})["value"]
    body = text.lstrip(".").split(".")[0]
    raw = urlsafe_b64decode(body + "=" * (-len(body) % 4))
    plain = decompress(raw) if text.startswith(".") else raw
    assert b"sealed" in plain
    assert "睡".encode() not in plain
    assert b"\\u7761" not in plain


def test_a_note_that_says_no_reader_is_not_carried(locked):
    end_sessions()

    lapsed = locked.post("/notes/new", data=TYPED)

    assert (lapsed.status_code, lapsed.location) == (303, "/login")


def test_an_old_page_of_another_counsellor_is_not_given_back(app, client_for, at, chen):
    at(MONDAY_4PM)
    zhou = make.staff("周老師", roles=("counsellor",))
    make.vault(chen), make.vault(zhou)
    app.config["WTF_CSRF_ENABLED"] = True
    client = app.test_client()
    page = client.get("/login")
    log_in_again(client, zhou, page)

    answer = client.post("/notes/new", data={**TYPED, "reader": chen.id})

    assert answer.status_code == 400
    assert "夜裏睡不著" not in answer.text
    assert not soup(answer).find("input", {"name": "sealed"})


def test_another_counsellor_finds_no_such_note(client_for, at, chen, vault):
    at(MONDAY_4PM)
    note_id = make.note(vault)
    zhou = make.staff("周老師", roles=("counsellor",))
    make.vault(zhou)
    client = client_for(zhou)
    unlock(client)

    for path in ("", "/edit", "/void", "/print"):
        assert client.get(f"/notes/{note_id}{path}").status_code == 404
    assert client.post(f"/notes/{note_id}/edit", data=TYPED).status_code == 404
    assert lines(client.get(f"/notes?with={note_id}")) == []


def test_one_login_opens_nothing_on_another_device(reader, client_for, chen):
    assert heading(client_for(chen).get("/notes")) == "輔導記錄已鎖上"


def test_logged_out_and_in_again_it_is_locked(reader, client_for, chen):
    reader.post("/logout")
    reader.post("/login", data={"login": chen.login, "password": make.SECRET})

    assert heading(reader.get("/notes")) == "輔導記錄已鎖上"


def test_a_damaged_note_is_told_and_does_not_hide_the_rest(reader, vault):
    damaged, whole = make.note(vault), make.note(vault, who="小草")
    SessionNote.update(sealed=b"\x01x").where(SessionNote.id == damaged).execute()

    shown = lines(reader.get("/notes"))

    assert [bool(re.search("可能已損壞", line)) for line in shown] == [False, True]
    assert heading(reader.get(f"/notes/{damaged}")) == "打不開的記錄"
    assert heading(reader.get(f"/notes/{whole}")) == "輔導記錄"


def test_the_list_takes_as_many_queries_however_many_notes(reader, vault):
    from kit import count_queries

    def queries():
        with count_queries() as counter:
            reader.get("/notes")
        return counter.count

    child = make.child("小明")
    make.note(vault, child_id=child.id)
    one = queries()
    for _ in range(3):
        make.note(vault, child_id=child.id)

    assert queries() == one
