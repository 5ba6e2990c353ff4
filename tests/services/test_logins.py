"""Logging in and being locked out: what services/logins.py promises."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime
from assist.domain.errors import Forbidden, Invalid, TooMany
from assist.domain.roles import SYSTEM
from assist.models import Account, AuditEntry, LoginFailure
from assist.models.engine import begin_writing
from assist.services import accounts, logins, passwords
from assist.services.work import Work
from tests.cast import PASSWORD, Cast
from tests.entering import HOME, by, refusal, visit


def test_the_right_password_opens_and_is_noted(session: Session, time: FixedTime, cast: Cast) -> None:
    account = visit(session, time, "zhang", PASSWORD)
    assert account.id == cast.zhang.id
    assert account.last_login_at == time.at
    assert session.scalar(select(func.count()).select_from(LoginFailure)) == 0


@pytest.mark.parametrize(
    "typed", ["ZHANG", " zhang ", "ｚｈａｎｇ", "19906350003", "199 0635 0003", "+86 19906350003"]
)
def test_user_names_are_read_kindly_and_the_phone_number_is_one(
    typed: str, session: Session, time: FixedTime, cast: Cast
) -> None:
    assert visit(session, time, typed, PASSWORD).id == cast.zhang.id


def test_a_phone_number_that_two_people_share_opens_neither(
    session: Session, time: FixedTime, cast: Cast
) -> None:
    row = session.get(Account, cast.li.id)
    assert row is not None
    row.phone = cast.zhang.phone
    session.commit()
    assert str(refusal(session, time, cast.zhang.phone, PASSWORD)) == logins.WRONG


def test_an_unknown_name_and_a_wrong_password_read_the_same(
    session: Session, time: FixedTime, cast: Cast
) -> None:
    known = refusal(session, time, "zhang", "nonsense", "203.0.113.1")
    unknown = refusal(session, time, "nobody", "nonsense", "203.0.113.2")
    assert (type(known), str(known)) == (type(unknown), str(unknown))


def test_an_unknown_name_is_checked_against_a_hash_of_the_same_cost(
    session: Session, time: FixedTime
) -> None:
    attempt = logins.look_up(Work(session, time), "nobody")
    assert attempt.password_hash is None
    assert not attempt.check("anything")
    assert (
        passwords._nobodys().split("$")[3] == passwords.hash_password("x").split("$")[3] == "m=19456,t=2,p=1"
    )


@pytest.mark.parametrize("name", ["zhang", "nobody"])
def test_five_failures_lock_a_name_from_everywhere_for_fifteen_minutes(
    name: str, session: Session, time: FixedTime, cast: Cast
) -> None:
    for turn in range(4):
        assert isinstance(refusal(session, time, name, "wrong", f"198.51.100.{turn}"), Invalid)
    fifth = refusal(session, time, name, "wrong", "198.51.100.5")
    assert isinstance(fifth, TooMany)
    assert "09:45" in str(fifth)
    time.at += timedelta(minutes=14)
    assert isinstance(refusal(session, time, name, PASSWORD, "198.51.100.6"), TooMany)
    time.at += timedelta(minutes=1)
    if name == "zhang":
        assert visit(session, time, name, PASSWORD, "198.51.100.6").failed_count == 0
    else:
        assert isinstance(refusal(session, time, name, PASSWORD, "198.51.100.6"), Invalid)


def test_a_lock_holds_even_when_its_first_failures_are_long_ago(
    session: Session, time: FixedTime, cast: Cast
) -> None:
    for _ in range(5):
        refusal(session, time, "zhang", "wrong")
        time.at += timedelta(minutes=3)
    time.at += timedelta(minutes=11)
    assert isinstance(refusal(session, time, "zhang", PASSWORD), TooMany)


def test_failures_that_lie_far_apart_lock_nobody(session: Session, time: FixedTime, cast: Cast) -> None:
    for _ in range(8):
        assert isinstance(refusal(session, time, "zhang", "wrong"), Invalid)
        time.at += timedelta(minutes=4)


def test_five_failures_lock_an_address_whatever_the_names(
    session: Session, time: FixedTime, cast: Cast
) -> None:
    for turn in range(5):
        refusal(session, time, f"somebody{turn}", "wrong")
        time.at += timedelta(seconds=1)
    assert isinstance(refusal(session, time, "zhang", PASSWORD), TooMany)
    assert visit(session, time, "zhang", PASSWORD, "203.0.113.99").id == cast.zhang.id


def test_neighbours_in_one_ipv6_network_count_as_one_address(
    session: Session, time: FixedTime, cast: Cast
) -> None:
    for turn in range(5):
        refusal(session, time, f"somebody{turn}", "wrong", f"2001:db8:1:2::{turn}")
    assert isinstance(refusal(session, time, "zhang", PASSWORD, "2001:db8:1:2:ffff::1"), TooMany)
    assert visit(session, time, "zhang", PASSWORD, "2001:db8:1:3::1")


def test_a_persons_own_typing_errors_are_forgiven_with_the_right_password(
    session: Session, time: FixedTime, cast: Cast
) -> None:
    for name in ("zhang", "li", "chen"):
        for _ in range(2):
            refusal(session, time, name, "typo")
            time.at += timedelta(seconds=20)
        visit(session, time, name, PASSWORD)
    assert session.scalar(select(func.count()).select_from(LoginFailure)) == 0


def test_ones_own_login_does_not_wipe_out_guesses_at_others(
    session: Session, time: FixedTime, cast: Cast
) -> None:
    for _ in range(4):
        refusal(session, time, "zhang", "guess")
        time.at += timedelta(seconds=1)
    visit(session, time, "wu", PASSWORD)
    assert isinstance(refusal(session, time, "zhang", "guess"), TooMany)


def test_guesses_that_run_at_once_do_not_get_past_the_lock(
    session: Session, time: FixedTime, cast: Cast
) -> None:
    late = logins.look_up(Work(session, time, SYSTEM, HOME), "zhang")
    assert late.check(PASSWORD)
    for _ in range(5):
        refusal(session, time, "zhang", "wrong", "198.51.100.1")
    begin_writing(session)
    with pytest.raises(TooMany):
        logins.record_success(Work(session, time, SYSTEM, HOME), late)


def test_an_inactive_account_is_told_so_only_with_the_right_password(
    session: Session, time: FixedTime, cast: Cast
) -> None:
    row = session.get(Account, cast.zhang.id)
    assert row is not None
    row.is_active = False
    session.commit()
    assert str(refusal(session, time, "zhang", "wrong")) == logins.WRONG
    assert str(refusal(session, time, "zhang", PASSWORD)) == logins.INACTIVE


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "\x00",
        "zhang\x00",
        "张建华",
        "😀😀😀",
        "x" * 300,
        "' OR 1=1 --",
        "%",
        "../../etc/passwd",
        "\ud800",
    ],
)
@pytest.mark.parametrize("password", ["", "\x00", "😀" * 5000, "\ud800"])
def test_hostile_names_and_passwords_are_only_wrong(
    typed: str, password: str, session: Session, time: FixedTime, cast: Cast
) -> None:
    assert str(refusal(session, time, typed, password)) == logins.WRONG


def test_old_failures_are_swept_away(session: Session, time: FixedTime, cast: Cast) -> None:
    refusal(session, time, "zhang", "wrong")
    time.at += timedelta(days=2)
    refusal(session, time, "li", "wrong")
    assert session.scalar(select(func.count()).select_from(LoginFailure)) == 2


def test_a_lock_is_in_the_audit_log_and_the_security_administrator_ends_it(
    session: Session, time: FixedTime, cast: Cast
) -> None:
    for _ in range(5):
        refusal(session, time, "zhang", "wrong")
    with pytest.raises(Forbidden):
        accounts.unlock(by(session, time, cast.zhao), cast.zhang.id)
    accounts.unlock(by(session, time, cast.an), cast.zhang.id)
    session.commit()
    assert visit(session, time, "zhang", PASSWORD).locked_until is None
    assert list(session.scalars(select(AuditEntry.deed).order_by(AuditEntry.seq))) == [
        "lock_account",
        "unlock_account",
    ]
