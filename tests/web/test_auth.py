"""Signing in and out, locks, idle and revoked sessions: what web/auth.py promises at the doors."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime
from assist.extensions import db
from assist.models import Account, LoginFailure, Message
from assist.models.engine import begin_writing
from assist.services import passwords
from assist.web.redirects import own_path
from tests.cast import PASSWORD, Cast, Person
from tests.doors import Visitor
from tests.engines import TestDatabase
from tests.statements import counted


@pytest.fixture
def visitor(app: Flask, cast: Cast) -> Visitor:
    return Visitor(app)


@pytest.fixture
def inside(visitor: Visitor) -> Visitor:
    """张, signed in."""
    assert visitor.sign_in("zhang").status_code == 302
    return visitor


def change(session: Session, person: Person, **values: object) -> None:
    session.execute(update(Account).where(Account.id == person.id).values(**values))
    session.commit()


def test_the_login_page_says_whom_to_call_and_bears_no_secret(visitor: Visitor) -> None:
    page = visitor.get("/login").text
    assert "0635-8888120" in page
    assert "助企办" in page
    assert PASSWORD not in page
    assert "涉密信息不得录入" in page


def test_the_demo_world_shows_its_logins(visitor: Visitor, session: Session, cast: Cast) -> None:
    change(session, cast.zhang, username="zhuanyuan001", is_demo=True)
    page = visitor.get("/login").text
    assert "zhuanyuan001" in page
    assert PASSWORD in page
    assert "演示环境" in page
    assert "qiye001" not in page


def test_signing_in_leads_to_the_own_place(visitor: Visitor) -> None:
    answer = visitor.sign_in("zhang")
    assert (answer.status_code, answer.location) == (302, "/")
    assert visitor.get("/").location == "/desk/"
    assert visitor.get("/login").location == "/"


def test_signing_in_leads_on_to_where_one_wanted_to_go(visitor: Visitor) -> None:
    asked = visitor.get("/me")
    assert asked.location == "/login?next=/me"
    assert 'name="next" type="hidden" value="/me"' in visitor.get(asked.location).text
    assert visitor.sign_in("zhang", next="/me").location == "/me"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil",
    ]
    + [
        "javascript:alert(1)",
        "http:evil.example",
        "///evil.example",
        "/" + "x" * 600,
        "/%0d%0aSet-Cookie:a=b\r\n",
    ],
)
def test_nobody_is_sent_to_another_site(wanted: str, visitor: Visitor) -> None:
    assert own_path(wanted) == "/"
    assert visitor.sign_in("zhang", next=wanted).location == "/"


@pytest.mark.parametrize(
    "wanted", ["/tickets/?status=handling&q=排队", "/me", "/tickets/LC-20261123-0001#word"]
)
def test_a_path_of_the_own_site_is_kept(wanted: str) -> None:
    assert own_path(wanted) == wanted


def test_a_wrong_password_keeps_the_name_and_never_the_password(visitor: Visitor) -> None:
    answer = visitor.sign_in("zhang", "my wrong <secret>")
    assert answer.status_code == 400
    assert "用户名或密码不正确" in answer.text
    assert 'value="zhang"' in answer.text
    assert "secret" not in answer.text
    assert not visitor.is_in()


def test_empty_fields_are_named(visitor: Visitor) -> None:
    answer = visitor.sign_in("", "")
    assert answer.status_code == 400
    assert "请输入用户名或手机号" in answer.text
    assert "请输入密码" in answer.text


@pytest.mark.parametrize(
    "name", ["\x00", "😀", "x" * 300, "' OR 1=1 --", "<script>alert(1)</script>", "张\u202e三"]
)
def test_hostile_names_are_only_wrong(name: str, visitor: Visitor) -> None:
    answer = visitor.sign_in(name, "\x00😀" * 200)
    assert answer.status_code == 400
    assert "用户名或密码不正确" in answer.text
    assert "<script>alert" not in answer.text


def test_the_fifth_failure_locks_and_says_until_when(visitor: Visitor, time: FixedTime) -> None:
    answers = [visitor.sign_in("zhang", "wrong") for _ in range(5)]
    assert [one.status_code for one in answers] == [400, 400, 400, 400, 429]
    assert "09:45" in answers[-1].text
    assert visitor.sign_in("zhang").status_code == 429
    time.at += timedelta(minutes=15)
    assert visitor.sign_in("zhang").status_code == 302


def test_every_post_needs_the_token(visitor: Visitor) -> None:
    for url in ("/login", "/logout", "/password", "/me", "/me/sign-out-everywhere", "/large-text"):
        assert visitor.client.post(url, data={"username": "zhang", "password": PASSWORD}).status_code == 400


def test_signing_in_begins_a_new_session_with_a_new_token(visitor: Visitor) -> None:
    before = visitor.token("/login")
    visitor.sign_in("zhang")
    assert visitor.client.post("/me", data={"csrf_token": before}).status_code == 400


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(visitor: Visitor) -> None:
    cookie = visitor.sign_in("zhang").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_signing_out_ends_the_session(inside: Visitor) -> None:
    assert inside.post("/logout", "/me").location == "/login"
    assert not inside.is_in()
    assert "您已退出登录" in inside.get("/login").text


def test_half_an_hour_of_idleness_signs_out_and_says_so(inside: Visitor, time: FixedTime) -> None:
    for _ in range(4):
        time.at += timedelta(minutes=29)
        assert inside.is_in()
    time.at += timedelta(minutes=31)
    assert inside.get("/me").location == "/login?next=/me"
    assert "超过30分钟没有操作" in inside.get("/login").text


def test_the_cookie_is_renewed_at_most_once_a_minute(inside: Visitor, time: FixedTime) -> None:
    inside.get("/password")
    time.at += timedelta(seconds=59)
    assert "Set-Cookie" not in inside.get("/password").headers
    time.at += timedelta(seconds=1)
    assert "Set-Cookie" in inside.get("/password").headers
    assert "Set-Cookie" not in inside.get("/password").headers


def test_a_page_costs_one_statement_for_the_session_and_writes_nothing(
    app: Flask, inside: Visitor, time: FixedTime
) -> None:
    time.at += timedelta(minutes=5)
    with app.app_context(), counted(db.engine) as sent:
        inside.get("/password")
    assert len(sent) == 1
    assert sent[0].startswith("SELECT")


def test_unread_messages_are_counted_up_to_a_hundred(
    inside: Visitor, session: Session, time: FixedTime, cast: Cast
) -> None:
    for number in range(120):
        session.add(
            Message(recipient_id=cast.zhang.id, kind="x", title="x", dedupe_key=f"x{number}", at=time.at)
        )
    session.commit()
    assert re.search(r'top-badge">100<', inside.get("/me").text)


@pytest.mark.parametrize("values", [{"is_active": False}, {"session_version": 99}])
def test_a_revoked_or_inactive_account_is_out_at_once(
    values: dict[str, object], inside: Visitor, session: Session, cast: Cast
) -> None:
    change(session, cast.zhang, **values)
    assert not inside.is_in()
    assert "已失效" in inside.get("/login").text


@pytest.mark.parametrize(
    "forged", ["", "1", "1:", ":1", "a:b", "-1:1", "99999999999999999999:1", "1:99999999999999999999"]
)
def test_a_session_that_names_nobody_is_no_session(forged: str, visitor: Visitor) -> None:
    with visitor.client.session_transaction() as held:
        held["_user_id"] = forged
        held["seen"] = 2**40
    assert not visitor.is_in()


def test_nothing_is_locked_while_the_hash_is_computed(
    app: Flask, visitor: Visitor, database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another writer gets through in the middle of a login."""
    real = passwords.matches

    def meanwhile(password_hash: str | None, plain: str) -> bool:
        with Session(database.engine) as other:
            begin_writing(other)
            other.execute(update(Account).where(Account.username == "zhang").values(position="处长"))
            other.commit()
        return real(password_hash, plain)

    monkeypatch.setattr(passwords, "matches", meanwhile)
    assert visitor.sign_in("zhang").status_code == 302
    assert "处长" in visitor.get("/me").text


def test_a_failed_login_leaves_its_trace(visitor: Visitor, session: Session) -> None:
    visitor.sign_in("zhang", "wrong")
    assert set(session.scalars(select(LoginFailure.address))) == {"3:account", "127.0.0.1"}
