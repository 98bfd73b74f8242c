"""Breaking the glass over HTTP: by the code, for fifteen minutes, and never unseen."""

import make
import pytest
from kit import MONDAY_4PM, soup

from liushou_web.counselling.store import notes
from liushou_web.db import db
from liushou_web.schema import SessionNote, Staff, Trail, Vault
from liushou_web.vaults.rules import sealing
from liushou_web.vaults.store import openings

REASON = "學生留言說今晚不想活了，要找到她"


@pytest.fixture
def chen(app):
    return make.staff("陳老師", roles=("counsellor",))


@pytest.fixture
def vault(chen):
    return make.vault(chen)


@pytest.fixture
def note_id(vault):
    return make.note(vault, who="小草", issue="夜裏睡不著")


def break_glass(client, vault, **typed):
    told = {"passphrase_code": make.CODE, "passphrase_reason": REASON, **typed}
    return client.post("/break-glass", data={"vault_id": vault.id, **told})


def alerts(answer):
    return [tag.text for tag in soup(answer).select("main [role=alert]")]


def deeds(vault):
    return [opening.deed for opening in openings.of_vault(vault)][::-1]


def test_with_the_code_the_head_reads_and_it_is_recorded(head, vault, note_id):
    answer = break_glass(head, vault)
    listed = soup(head.get(answer.location)).select(".found li strong")
    shown = soup(head.get(f"/break-glass/notes/{note_id}")).article

    assert (answer.status_code, answer.location) == (303, "/break-glass/notes")
    assert [tag.text for tag in listed] == ["小草"]
    assert "夜裏睡不著" in shown.text
    assert deeds(vault) == ["break_glass", "break_read"]


def test_the_trail_says_that_and_not_why(head, vault):
    break_glass(head, vault)

    line = Trail.select().order_by(Trail.id.desc()).get()
    assert (line.deed, line.subject_id, line.detail) == ("glass.break", vault.id, "")


def test_the_reason_is_sealed_for_the_counsellor(head, vault):
    break_glass(head, vault)

    sealed = openings.of_vault(vault)[0].reason
    assert sealing.open_sealed(bytes(sealed), make.key_of(vault)) == REASON
    assert "不想活".encode() not in bytes(sealed)


def test_it_only_reads(head, vault, note_id):
    break_glass(head, vault)

    for path in ("/notes", f"/notes/{note_id}", f"/notes/{note_id}/edit", "/notes/new"):
        assert head.get(path).status_code == 403
    assert head.post(f"/break-glass/notes/{note_id}").status_code == 405


def test_after_fifteen_minutes_it_is_over_however_busy(head, vault, note_id, seconds):
    break_glass(head, vault)
    for _ in range(4):
        seconds(224)
        last = head.get("/break-glass/notes")
    seconds(4)

    over = head.get(f"/break-glass/notes/{note_id}")

    assert last.status_code == 200
    assert last.headers["Refresh"] == "61; url=/break-glass"
    assert (over.status_code, over.location) == (303, "/break-glass")
    assert deeds(vault) == ["break_glass"]


def test_locked_by_hand_it_is_over(head, vault):
    break_glass(head, vault)

    head.post("/break-glass/end")

    assert head.get("/break-glass/notes").location == "/break-glass"


def test_another_device_of_the_head_opens_nothing(head, vault, client_for):
    break_glass(head, vault)
    other = client_for(next(one for one in Staff.select() if "head" in one.roles))

    assert other.get("/break-glass/notes").location == "/break-glass"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"passphrase_reason": "有危險"}, "請寫明原因，至少 10 個字。"),
        ({"passphrase_code": "AAAA"}, "恢復碼有六組，每組 4 個字符，請照紙上抄全。"),
    ],
)
def test_without_a_reason_or_a_whole_code_nothing_is_tried(head, vault, typed, sentence):
    answer = break_glass(head, vault, **typed)

    assert (answer.status_code, alerts(answer)) == (422, [sentence])
    assert deeds(vault) == []


def test_a_wrong_code_is_recorded_told_and_throttled(head, vault):
    answers = [
        break_glass(head, vault, passphrase_code=sealing.new_code()) for _ in range(5)
    ]

    waits = break_glass(head, vault)

    assert alerts(answers[0]) == ["恢復碼不對，沒有打開。可能是舊的一張，或者是別人的。"]
    assert alerts(waits) == ["嘗試太多次，請等 30 秒再試。"]
    assert deeds(vault) == ["break_wrong"] * 5
    assert len(openings.unseen_of_others(vault)) == 5


def test_guesses_at_the_code_do_not_lock_the_counsellor_out(head, vault, chen, client_for):
    for _ in range(6):
        break_glass(head, vault, passphrase_code=sealing.new_code())

    answer = client_for(chen).post("/notes/unlock", data={"passphrase": make.PASSPHRASE})

    assert answer.status_code == 303


def test_the_code_of_one_counsellor_opens_no_other(head, vault, chen):
    other = make.staff("周老師", roles=("counsellor",))
    theirs = make.vault(other, code=sealing.new_code())

    answer = break_glass(head, theirs)

    assert alerts(answer) == ["恢復碼不對，沒有打開。可能是舊的一張，或者是別人的。"]


def test_of_one_who_left_it_is_read_too_and_marked(head, vault, chen, note_id):
    Staff.update(retired_at=MONDAY_4PM).where(Staff.id == chen.id).execute()

    options = [tag.text for tag in soup(head.get("/break-glass")).find_all("option")]
    answer = break_glass(head, vault)

    assert options == ["陳老師（已離任）"]
    assert answer.status_code == 303


def test_with_no_vault_there_is_nothing_to_break(head):
    page = soup(head.get("/break-glass"))

    assert page.find(class_="empty").text == "還沒有輔導教師設置密封筆記。"
    assert not page.main.find("form")


def hand_over(client, vault, to, **typed):
    told = {"passphrase_code": make.CODE, "passphrase_reason": REASON, **typed}
    data = {"vault_id": vault.id, "to": to.id, **told}
    return client.post("/break-glass/hand-over", data=data)


@pytest.fixture
def zhous(app):
    return make.vault(make.staff("周老師", roles=("counsellor",)), "another passphrase")


def test_with_the_code_the_head_hands_over_and_reads_nothing(head, vault, zhous, note_id):
    answer = hand_over(head, vault, zhous)

    key = make.key_of(zhous, "another passphrase")
    assert (answer.status_code, answer.location) == (303, "/break-glass")
    assert notes.one(note_id, zhous, key).note.issue == "夜裏睡不著"
    assert bytes(Vault.get_by_id(vault.id).wrapped_by_code) == b""
    assert head.get("/break-glass/notes").location == "/break-glass"
    assert deeds(zhous) == ["break_hand_over"]


def test_a_wrong_code_hands_nothing_over(head, vault, zhous, note_id):
    answer = hand_over(head, vault, zhous, passphrase_code=sealing.new_code())

    assert answer.status_code == 422
    assert SessionNote.get_by_id(note_id).vault_id == vault.id


def test_the_counsellor_whose_notes_were_taken_is_told(
    head, vault, zhous, chen, client_for
):
    hand_over(head, vault, zhous)

    client = client_for(chen)

    assert "用恢復碼交接" in soup(client.get("/")).select_one(".pending li.bad").text
    assert "交接出去" in soup(client.get("/notes/vault")).find(class_="warn").text


def test_nobody_is_suggested_as_their_own_successor(head, vault, zhous):
    html = soup(head.get("/break-glass/hand-over"))

    offered = [tag["value"] for tag in html.select("#vault_id option")]
    assert [tag["value"] for tag in html.select("#to [selected]")] == offered[1:]


def test_a_successor_who_left_is_not_offered(head, vault, zhous):
    Staff.update(retired_at=MONDAY_4PM).where(Staff.id == zhous.staff_id).execute()

    options = soup(head.get("/break-glass/hand-over")).select("#to option")
    answer = hand_over(head, vault, zhous)

    assert [tag.text for tag in options] == ["陳老師"]
    assert (answer.status_code, deeds(vault)) == (422, [])


@pytest.mark.parametrize("verb", ["DELETE FROM vault_opening", "DELETE FROM trail"])
def test_the_record_cannot_be_removed(head, vault, verb):
    break_glass(head, vault)

    with pytest.raises(Exception, match="never changed"):
        db.execute_sql(verb)
