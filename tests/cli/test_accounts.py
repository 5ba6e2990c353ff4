"""`flask account …`: says what it did and exits 0, or says why not and exits 1, or 2 for wrong usage."""

import re

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime
from assist.domain.errors import Refused
from assist.domain.roles import Role
from assist.models import Account, Area, AuditEntry
from assist.models.engine import begin_writing
from assist.services import logins
from assist.services.work import Work
from tests.cast import PASSWORD, Cast

SECRET = re.compile(r"一次性密码：(\S+)")


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["account", *words])


def opens(session: Session, time: FixedTime, username: str, password: str) -> Account:
    begin_writing(session)
    try:
        return logins.verify_login(Work(session, time), username, password)
    finally:
        session.commit()


def test_an_account_is_made_and_its_password_shown_once(
    app: Flask, session: Session, time: FixedTime
) -> None:
    made = run(
        app, "create", "13906350077", "--name", "单小明", "--role", "officer", "--phone", "13906350077"
    )
    assert made.exit_code == 0
    assert "服务专员" in made.output
    secret = SECRET.search(made.output)
    assert secret is not None
    account = opens(session, time, "13906350077", secret[1])
    assert account.must_change
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.deed, entry.actor_name, entry.actor_id) == ("create_account", "命令行", None)


def test_unit_area_and_several_roles_are_taken_by_name(app: Flask, session: Session, cast: Cast) -> None:
    assert run(app, "create", "u1", "--name", "承", "--role", "unit", "--unit", "无此单位").exit_code == 1
    area = session.scalars(select(Area).order_by(Area.sort)).first()
    assert area is not None
    words = ("create", "newone", "--name", "新", "--role", "unit", "--role", "coordinator")
    assert run(app, *words, "--unit", "市生态环境局", "--area", area.name).exit_code == 0
    session.rollback()
    made = session.scalars(select(Account).where(Account.username == "newone")).one()
    assert made.roles == {Role.UNIT, Role.COORDINATOR}
    assert (made.area_id, made.unit_id is not None) == (area.id, True)


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("create", "zhang", "--name", "张", "--role", "officer"), 1, "已有人使用"),
        (("create", "new", "--name", " ", "--role", "officer"), 1, "请填写姓名"),
        (
            ("create", "new1", "--name", "新", "--role", "supervisor", "--role", "coordinator"),
            1,
            "不能由一人兼任",
        ),
        (("create", "new2", "--name", "新", "--role", "coordinator", "--area", "火星"), 1, "火星"),
        (("create", "new3", "--name", "新", "--role", "king"), 2, "king"),
        (("create", "new4", "--name", "新"), 2, "--role"),
        (("create",), 2, "USERNAME"),
        (("reset-password", "nobody"), 1, "没有用户名为“nobody”的账号"),
        (("unlock", "nobody"), 1, "没有用户名为“nobody”的账号"),
        (("unlock",), 2, "USERNAME"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    words: tuple[str, ...], code: int, told: str, app: Flask, session: Session, cast: Cast
) -> None:
    before = len(session.scalars(select(Account.id)).all())
    session.rollback()
    found = run(app, *words)
    assert found.exit_code == code
    assert told in found.output
    assert "一次性密码" not in found.output
    assert len(session.scalars(select(Account.id)).all()) == before


def test_a_password_is_reset_for_anybody(app: Flask, session: Session, time: FixedTime, cast: Cast) -> None:
    found = run(app, "reset-password", "an")
    secret = SECRET.search(found.output)
    assert secret is not None
    assert opens(session, time, "an", secret[1]).must_change


def test_a_locked_account_is_unlocked(app: Flask, session: Session, time: FixedTime, cast: Cast) -> None:
    for _ in range(5):
        with pytest.raises(Refused):
            opens(session, time, "zhang", "wrong")
    with pytest.raises(Refused):
        opens(session, time, "zhang", PASSWORD)
    assert "已解锁 zhang（张建华）" in run(app, "unlock", "zhang").output
    assert opens(session, time, "zhang", PASSWORD)
