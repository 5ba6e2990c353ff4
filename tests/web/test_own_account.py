"""The own password and account: what web/auth.py promises to those inside."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime
from assist.models import Account, AuditEntry
from assist.models.engine import begin_writing
from assist.services import accounts, passwords
from assist.services.passwords import OneTime
from assist.services.work import Work
from tests.cast import PASSWORD, Cast, Person
from tests.doors import Visitor

GOOD = "Tk7#mv92Lq"


@pytest.fixture
def visitor(app: Flask, cast: Cast) -> Visitor:
    return Visitor(app)


@pytest.fixture
def inside(visitor: Visitor) -> Visitor:
    """张, signed in."""
    assert visitor.sign_in("zhang").status_code == 302
    return visitor


def one_time(session: Session, time: FixedTime, cast: Cast, person: Person) -> OneTime:
    secret = passwords.one_time()
    begin_writing(session)
    accounts.reset_password(Work(session, time, cast.zhao.actor), person.id, secret)
    session.commit()
    return secret


def test_a_one_time_password_leads_to_the_change_and_nowhere_else(
    visitor: Visitor, session: Session, time: FixedTime, cast: Cast
) -> None:
    secret = one_time(session, time, cast, cast.zhang)
    visitor.sign_in("zhang", secret.plain)
    for url in ("/", "/me", "/desk/"):
        assert visitor.get(url).location == "/password"
    page = visitor.get("/password").text
    assert "设置您自己的密码" in page
    assert "现在的密码" not in page
    answer = visitor.post("/password", new_password=GOOD, again=GOOD)
    assert (answer.status_code, answer.location) == (302, "/")
    assert visitor.is_in()
    assert Visitor(visitor.app).sign_in("zhang", GOOD).status_code == 302


def test_the_one_time_password_cannot_be_kept(
    visitor: Visitor, session: Session, time: FixedTime, cast: Cast
) -> None:
    secret = one_time(session, time, cast, cast.zhang)
    visitor.sign_in("zhang", secret.plain)
    answer = visitor.post("/password", new_password=secret.plain, again=secret.plain)
    assert answer.status_code == 400
    assert "不能与现在的密码相同" in answer.text


def test_changing_the_password_ends_the_other_sessions_only(
    app: Flask, inside: Visitor, session: Session
) -> None:
    elsewhere = Visitor(app)
    elsewhere.sign_in("zhang")
    answer = inside.post("/password", current_password=PASSWORD, new_password=GOOD, again=GOOD)
    assert answer.status_code == 302
    assert inside.is_in()
    assert not elsewhere.is_in()
    assert session.scalar(select(AuditEntry.deed)) == "change_password"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"current_password": "wrong", "new_password": GOOD, "again": GOOD}, "现在的密码不正确"),
        ({"current_password": PASSWORD, "new_password": GOOD, "again": GOOD + "x"}, "两次输入的新密码不一致"),
        (
            {"current_password": PASSWORD, "new_password": "Zhang-jianhua1", "again": "Zhang-jianhua1"},
            "容易猜到",
        ),
        ({"current_password": PASSWORD, "new_password": "", "again": ""}, "请输入新密码"),
        ({"new_password": GOOD, "again": GOOD}, "请输入现在的密码"),
    ],
)
def test_a_change_that_will_not_do_changes_nothing_and_says_why(
    fields: dict[str, str], why: str, inside: Visitor
) -> None:
    answer = inside.post("/password", **fields)
    assert answer.status_code == 400
    assert why in answer.text
    assert Visitor(inside.app).sign_in("zhang").status_code == 302


def test_guessing_the_present_password_locks_like_a_login(inside: Visitor) -> None:
    for _ in range(4):
        inside.post("/password", current_password="guess", new_password=GOOD, again=GOOD)
    assert (
        inside.post("/password", current_password="guess", new_password=GOOD, again=GOOD).status_code == 429
    )
    assert (
        inside.post("/password", current_password=PASSWORD, new_password=GOOD, again=GOOD).status_code == 429
    )


def test_the_own_account_shows_ones_own_data(app: Flask, inside: Visitor) -> None:
    officer = inside.get("/me").text
    assert "张建华" in officer
    assert "市工业和信息化局" in officer
    contact = Visitor(app)
    contact.sign_in("chen")
    assert "聊城甲制造有限公司" in contact.get("/me").text


def test_inbox_only_is_switched_on_and_off(inside: Visitor, session: Session, cast: Cast) -> None:
    for field, expected in (({"inbox_only": "y"}, True), ({}, False)):
        assert inside.post("/me", **field).status_code == 302
        session.rollback()
        assert session.scalar(select(Account.inbox_only).where(Account.id == cast.zhang.id)) is expected


def test_signing_out_everywhere_ends_every_session(app: Flask, inside: Visitor) -> None:
    elsewhere = Visitor(app)
    elsewhere.sign_in("zhang")
    assert inside.post("/me/sign-out-everywhere", "/me").location == "/login"
    assert not inside.is_in()
    assert not elsewhere.is_in()


def test_large_text_is_a_choice_of_this_device(inside: Visitor) -> None:
    answer = inside.post("/large-text", "/me", large="1", next="/me")
    assert answer.location == "/me"
    assert "large" in inside.get("/me").text.split(">")[1]
    inside.post("/large-text", "/me", large="0", next="//evil.example")
    assert "roomy large" not in inside.get("/me").text
    assert 'class=" large"' not in inside.get("/me").text
