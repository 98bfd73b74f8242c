"""A login ends while a reason is typed: it comes back closed, for the counsellor alone."""

import make
import pytest
from kit import MONDAY_4PM, soup

from liushou_web.counselling.rules.bookings import Words, unsealed
from liushou_web.counselling.views import booking_forms
from liushou_web.schema import CounsellingBooking, LoginSession
from liushou_web.vaults import unsaved
from liushou_web.vaults.rules import sealing

NOW = MONDAY_4PM.replace(hour=8)
BOOK = "/counselling/book"
TYPED = {"starts": "later", "channel": "carer", "key": "one"}
WORDS = {"alias": "小鳥", "reason": "夜裏睡不著"}
SAID = "剛才寫的化名和原因已經密封，會一起提交。想改，就在下面重新寫，原來的不再算數。"
LOST = "剛才寫的化名和原因沒有帶過來，請重新填寫，再提交一次。"


@pytest.fixture
def counsellor(app):
    return make.counsellor()


@pytest.fixture
def key(counsellor):
    return make.key_of(make.vault(counsellor))


@pytest.fixture
def sun(counsellor):
    return make.staff("孫老師", roles=("helper",))


@pytest.fixture
def client(client_for, at, sun):
    at(NOW)
    return client_for(sun)


def lapse(client, url=BOOK, **typed):
    """The login page, after a form that came too late."""
    LoginSession.update(ended_at=NOW).execute()
    return client.post(url, data={**TYPED, **WORDS, **typed})


def fields_of(answer, action=None):
    forms = soup(answer).select("main form[method]")
    chosen = [form for form in forms if form.get("action") == action] if action else forms
    return {tag["name"]: tag.get("value", "") for tag in chosen[-1].find_all("input")}


def log_in(client, person, page):
    carried_over = {"typed": fields_of(page)["typed"]}
    login = {"login": person.login, "password": make.SECRET}
    return client.post("/login", data={**carried_over, **login})


def words(key):
    return unsealed(sealing.open_sealed(bytes(CounsellingBooking.get().sealed), key))


def test_it_is_booked_with_the_words_that_nobody_saw(client, sun, key):
    page = lapse(client)
    back = log_in(client, sun, page)

    done = client.post(BOOK, data=fields_of(back, BOOK))

    assert (page.status_code, done.location) == (401, "/counselling")
    assert words(key) == Words("小鳥", "夜裏睡不著")
    told = [p.text for p in soup(back).select("main p")]
    assert told[1] == "化名和原因已經密封，只有輔導老師能看，這裏不顯示，會一起提交。"


def test_what_is_carried_holds_neither_alias_nor_reason(app, client, sun, key):
    public_key = sealing.public_of(key)

    fields = fields_of(log_in(client, sun, lapse(client)), BOOK)

    with app.test_request_context():
        sealed = unsaved.sealed_for(public_key, fields["words"])
    assert fields.keys() & WORDS.keys() == set()
    assert unsealed(sealing.open_sealed(sealed, key)) == Words("小鳥", "夜裏睡不著")


def test_another_person_gets_nothing_of_it(client, key):
    zhao = make.staff("趙老師")

    answer = log_in(client, zhao, lapse(client))

    assert (answer.status_code, answer.location) == (303, "/")


def test_refused_the_form_says_that_the_words_are_kept(client, sun, key):
    back = log_in(client, sun, lapse(client, channel=""))
    form = client.post(BOOK, data=fields_of(back, BOOK))

    done = client.post(BOOK, data={**fields_of(form), **TYPED})

    assert (form.status_code, soup(form).select_one("form p.hint").text) == (422, SAID)
    assert (done.status_code, words(key).reason) == (303, "夜裏睡不著")


def test_what_is_written_again_holds(client, sun, key):
    fields = fields_of(log_in(client, sun, lapse(client)), BOOK)

    client.post(BOOK, data={**fields, "reason": "別的原因"})

    assert words(key) == Words("", "別的原因")


def test_two_logins_that_end_lose_nothing(client, sun, key):
    first = fields_of(log_in(client, sun, lapse(client)), BOOK)
    LoginSession.update(ended_at=NOW).execute()
    second = log_in(client, sun, client.post(BOOK, data=first))

    client.post(BOOK, data=fields_of(second, BOOK))

    assert words(key) == Words("小鳥", "夜裏睡不著")


@pytest.mark.parametrize("made_up", ["", "made up", "WyJhIiwiYiJd.aaaa"])
def test_nobody_puts_other_words_in_their_place(client, key, made_up):
    answer = client.post(BOOK, data={**TYPED, "words": made_up})

    refused = [p.text for p in soup(answer).select("form p.bad")]
    assert refused == ([LOST] if made_up else [])
    assert (
        CounsellingBooking.select().where(~CounsellingBooking.sealed.is_null()).count() == 0
    )


def test_words_for_a_vault_that_is_gone_are_asked_for_again(client, app, key):
    with app.test_request_context():
        waiting = unsaved.sealed_words("[]", sealing.new_vault("x").public_key)

    form = client.post(BOOK, data={**TYPED, "words": waiting})
    done = client.post(BOOK, data={**fields_of(form), **TYPED, "reason": "再寫一次"})

    assert (form.status_code, soup(form).select_one("form p.bad").text) == (422, LOST)
    assert (done.status_code, words(key).reason) == (303, "再寫一次")


def test_words_too_long_for_any_form_are_not_taken(client, sun, key, monkeypatch):
    monkeypatch.setattr(booking_forms, "LONGEST_CARRIED", 10)

    back = log_in(client, sun, lapse(client))

    answer = client.post(BOOK, data=fields_of(back, BOOK))
    assert soup(answer).select_one("form p.bad").text == LOST


def test_before_the_counsellor_has_a_vault_they_are_not_carried_at_all(
    client, sun, counsellor
):
    page = lapse(client)

    assert "words" not in fields_of(log_in(client, sun, page), BOOK)


def test_with_another_counsellor_the_words_are_for_that_one(client, sun, counsellor, key):
    other = make.counsellor("馬老師", weekday=1)
    hers = make.key_of(make.vault(other))
    url = f"{BOOK}?with={other.id}"

    back = log_in(client, sun, lapse(client, url))
    client.post(url, data=fields_of(back, url))

    assert words(hers) == Words("小鳥", "夜裏睡不著")


def test_the_counsellors_own_reason_for_a_meeting_is_closed_too(
    client_for, at, counsellor, key
):
    at(NOW)
    client, url = client_for(counsellor), "/counselling/desk/block"
    day = {"day": "2026-11-24", "begins": "10:00", "ends": "11:00", "kind": "meeting"}
    typed = {**day, "room_id": make.counselling_room().id, "alias": ""}

    back = log_in(client, counsellor, lapse(client, url, **typed))
    client.post(url, data=fields_of(back, url))

    assert "夜裏睡不著" not in back.text
    assert words(key) == Words("", "夜裏睡不著")
