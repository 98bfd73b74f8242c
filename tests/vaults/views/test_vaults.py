"""One's own vault over HTTP: set up with a slip on paper, new passphrase, new code."""

import re

import make
import pytest
from kit import MONDAY_4PM, soup

from liushou_web.schema import Trail, Vault
from liushou_web.vaults import keyring
from liushou_web.vaults.rules import sealing
from liushou_web.vaults.store import openings, vaults

NEW = "門前大橋下游過一群鴨"
TWICE = {"passphrase": NEW, "passphrase_again": NEW}


@pytest.fixture
def chen(app):
    return make.staff("陳老師", login="chenlaoshi", roles=("counsellor",))


@pytest.fixture
def client(client_for, at, chen):
    at(MONDAY_4PM)
    return client_for(chen)


@pytest.fixture
def vault(chen):
    return make.vault(chen)


def heading(answer):
    return soup(answer).h1.text


def alerts(answer):
    return [tag.text for tag in soup(answer).select("main [role=alert]")]


def notice(answer):
    return soup(answer).find(id="notice").text.strip()


def code_on(answer):
    return "-".join(tag.text for tag in soup(answer).select(".code b"))


def opens(vault, passphrase):
    try:
        return bool(sealing.unlock(bytes(vault.wrapped), passphrase))
    except sealing.WrongSecret:
        return False


def now(vault):
    return Vault.get_by_id(vault.id)


def test_the_set_up_page_says_what_is_lost(client):
    words = soup(client.get("/notes/vault")).main.text

    assert "口令和恢復碼都丟了，記錄就永遠打不開了。" in words
    assert "可能傷害自己，或者傷害別人。" in words


def test_nothing_is_saved_before_the_slip_is_confirmed(client, chen):
    slip = client.post("/notes/vault/set-up", data=TWICE)

    assert re.fullmatch(r"([2-9A-HJ-NP-Z]{4}-){5}[2-9A-HJ-NP-Z]{4}", code_on(slip))
    assert slip.headers["Cache-Control"] == "no-store"
    assert "放進密封信封，交校長保險櫃。" in soup(slip).article.text
    assert (Vault.select().count(), vaults.of(chen.id)) == (0, None)


def test_the_code_is_not_kept_in_memory_while_the_slip_waits(client):
    code = code_on(client.post("/notes/vault/set-up", data=TWICE))

    waiting = [slip for slip in keyring._slips.values() if slip.last_group == code[-4:]]

    assert [slip.keys.code for slip in waiting] == [""]


def test_confirmed_both_the_passphrase_and_the_code_open_it(client, chen):
    code = code_on(client.post("/notes/vault/set-up", data=TWICE))

    answer = client.post("/notes/vault/confirm", data={"last": code[-4:].lower()})

    vault = vaults.of(chen.id)
    assert (answer.status_code, answer.location) == (303, "/notes")
    assert opens(vault, NEW)
    assert sealing.unlock_by_code(bytes(vault.wrapped_by_code), code)
    assert heading(client.get("/notes")) == "輔導記錄已鎖上"


def test_a_wrong_last_group_saves_nothing_and_does_not_show_the_code_again(client, chen):
    code = code_on(client.post("/notes/vault/set-up", data=TWICE))

    wrong = client.post("/notes/vault/confirm", data={"last": code[:4]})
    right = client.post("/notes/vault/confirm", data={"last": code[-4:]})

    assert alerts(wrong) == ["最後一組不對。請看着打印或抄下來的紙輸入。"]
    assert code[5:9] not in wrong.text
    assert (right.status_code, vaults.of(chen.id).id) == (303, 1)


def test_a_slip_is_confirmed_once(client):
    code = code_on(client.post("/notes/vault/set-up", data=TWICE))
    client.post("/notes/vault/confirm", data={"last": code[-4:]})

    again = client.post("/notes/vault/confirm", data={"last": code[-4:]})

    assert (again.status_code, Vault.select().count()) == (409, 1)


def test_a_slip_that_waited_too_long_is_void(client, seconds):
    code = code_on(client.post("/notes/vault/set-up", data=TWICE))
    seconds(1800)

    answer = client.post("/notes/vault/confirm", data={"last": code[-4:]})

    assert answer.status_code == 409
    assert heading(answer).startswith("這張恢復碼已過期，什麼也沒有改。")


def test_a_slip_of_another_login_is_not_confirmed(client, client_for, chen):
    code = code_on(client.post("/notes/vault/set-up", data=TWICE))

    answer = client_for(chen).post("/notes/vault/confirm", data={"last": code[-4:]})

    assert (answer.status_code, Vault.select().count()) == (409, 0)


@pytest.mark.parametrize(
    ("passphrase", "sentence"),
    [
        ("九個字的一句話不夠", "筆記口令至少要 10 個字符，一句話最好記。"),
        ("1234567890", "這個密碼太常見，很容易被猜到，請換一個。"),
        ("chenlaoshi的筆記", "密碼裏不要包含賬號、姓名或學校的名稱。"),
        (make.SECRET, "筆記口令不能和登錄密碼一樣。"),
    ],
)
def test_a_weak_passphrase_is_refused(client, passphrase, sentence):
    typed = {"passphrase": passphrase, "passphrase_again": passphrase}

    answer = client.post("/notes/vault/set-up", data=typed)

    assert (answer.status_code, alerts(answer)) == (422, [sentence])


def test_two_passphrases_that_differ_are_refused(client):
    answer = client.post("/notes/vault/set-up", data={**TWICE, "passphrase_again": "x"})

    assert [tag.text for tag in soup(answer).select(".error")] == ["兩次輸入的口令不一樣。"]


def test_a_vault_in_use_is_not_set_up_again(client, vault):
    client.post("/notes/vault/set-up", data=TWICE)
    client.post("/notes/vault/confirm", data={"last": "AAAA"})

    assert opens(now(vault), make.PASSPHRASE)
    assert heading(client.get("/notes/vault")) == "口令與恢復碼"


def test_a_passphrase_is_changed_with_the_old_one(client, vault):
    typed = {**TWICE, "passphrase_old": make.PASSPHRASE}

    answer = client.post("/notes/vault/passphrase", data=typed)

    assert (answer.status_code, answer.location) == (303, "/notes/vault")
    assert (opens(now(vault), NEW), opens(now(vault), make.PASSPHRASE)) == (True, False)
    assert bytes(now(vault).wrapped_by_code) == bytes(vault.wrapped_by_code)


@pytest.mark.parametrize("path", ["passphrase", "recover"])
def test_the_new_passphrase_is_called_new(client, vault, path):
    html = soup(client.get(f"/notes/vault/{path}"))

    assert html.select_one("label[for=passphrase]").text == "新的口令 *"


def test_without_the_old_one_it_is_not_changed(client, vault):
    answer = client.post("/notes/vault/passphrase", data={**TWICE, "passphrase_old": "no"})

    assert alerts(answer) == ["筆記口令不對，沒有打開。"]
    assert opens(now(vault), make.PASSPHRASE)
    assert [each.deed for each in openings.of_vault(vault)] == ["wrong"]


def test_forgotten_it_is_set_anew_by_the_code(client, vault):
    typed = {**TWICE, "passphrase_code": make.CODE.lower()}

    client.post("/notes/vault/recover", data=typed)

    assert opens(now(vault), NEW)
    assert notice(client.get("/notes/vault")) == (
        "口令已重設。恢復碼離開過信封，請馬上更換一張新的。"
    )
    assert Trail.select().order_by(Trail.id.desc()).get().deed == "vaults.recover"


def test_codes_are_throttled_and_slips_of_the_pen_are_not(client, vault):
    def tried(code):
        typed = {**TWICE, "passphrase_code": code}
        return alerts(client.post("/notes/vault/recover", data=typed))[0]

    slips = {tried("2" + make.CODE[1:]) for _ in range(9)}
    wrong = [tried(sealing.new_code()) for _ in range(5)]

    assert slips == {"恢復碼抄錯了，請逐組核對。裏面沒有 0、O、1、I 這四個字符。"}
    assert set(wrong) == {"恢復碼不對，沒有打開。可能是舊的一張，或者是別人的。"}
    assert tried(make.CODE) == "嘗試太多次，請等 30 秒再試。"
    assert opens(now(vault), make.PASSPHRASE)


def test_a_new_code_voids_the_old_one_when_it_is_on_paper(client, vault):
    slip = client.post("/notes/vault/code", data={"passphrase": make.PASSPHRASE})
    code, before = code_on(slip), bytes(now(vault).wrapped_by_code)

    client.post("/notes/vault/confirm", data={"last": code[-4:]})

    assert before == bytes(vault.wrapped_by_code)
    assert sealing.unlock_by_code(bytes(now(vault).wrapped_by_code), code)
    with pytest.raises(sealing.WrongSecret):
        sealing.unlock_by_code(bytes(now(vault).wrapped_by_code), make.CODE)


@pytest.mark.parametrize("path", ["passphrase", "recover", "code"])
def test_without_a_vault_there_is_nothing_to_change(client, path):
    typed = {**TWICE, "passphrase_old": "x", "passphrase_code": make.CODE}

    answer = client.post(f"/notes/vault/{path}", data=typed)

    assert answer.status_code == 422
    assert Vault.select().count() == 0


def test_what_others_did_is_told_on_today_until_it_is_known(client, vault):
    by = make.actor(make.staff("周校長", roles=("head",)))
    openings.record(vault, "break_glass", by=by, at=MONDAY_4PM, reason="孩子說不想活了")

    today = soup(client.get("/")).select_one(".pending li.bad")
    latest = soup(client.get("/notes/vault/openings")).find("input", {"name": "latest"})
    client.post("/notes/vault/openings/seen", data={"latest": latest["value"]})

    assert "2026-11-23 16:00 周校長：緊急打開" in today.text
    assert soup(client.get("/")).select(".pending li") == []
    row = soup(client.get("/notes/vault/openings")).select_one(".openings li")
    assert (row["class"], row.strong.text) == (["bad"], "緊急打開")


def test_the_reason_is_shown_only_while_the_vault_is_open(client, vault):
    by = make.actor(make.staff("周校長", roles=("head",)))
    openings.record(vault, "break_glass", by=by, at=MONDAY_4PM, reason="孩子說不想活了")

    closed = client.get("/notes/vault/openings")
    client.post("/notes/unlock", data={"passphrase": make.PASSPHRASE})
    opened = client.get("/notes/vault/openings")

    assert "已密封，打開筆記後顯示" in closed.text
    assert "孩子說不想活了" not in closed.text
    assert soup(opened).find(class_="as-typed").text == "孩子說不想活了"


def test_passphrases_and_codes_are_not_carried_over_a_lapsed_login(client, chen):
    from liushou_web.schema import LoginSession

    LoginSession.update(ended_at=MONDAY_4PM).execute()

    answer = client.post("/notes/vault/recover", data={**TWICE, "passphrase_code": "X"})

    assert (answer.status_code, answer.location) == (303, "/login")
