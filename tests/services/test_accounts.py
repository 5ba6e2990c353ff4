"""Logging in, locks, passwords and accounts: what services/logins.py and services/accounts.py promise."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime
from assist.domain.errors import Conflict, Forbidden, Invalid, NotFound, Refused, TooMany
from assist.domain.roles import SYSTEM, Role
from assist.models import Account, Area, AuditEntry, Enterprise, EnterpriseContact, LoginFailure, Message
from assist.models.engine import begin_writing
from assist.services import accounts, logins, passwords
from assist.services.passwords import OneTime
from assist.services.work import Work
from tests.cast import PASSWORD, Cast, Person

HOME = "203.0.113.7"
GOOD = "Tk7#mv92Lq"
HASHED = "$argon2id$v=19$m=8,t=1,p=1$stands-for-a-hash"


def visit(session: Session, time: FixedTime, username: str, password: str, address: str = HOME) -> Account:
    """One login as the page does it: a failure is committed, too."""
    begin_writing(session)
    work = Work(session, time, SYSTEM, address)
    try:
        return logins.verify_login(work, username, password)
    finally:
        session.commit()


def refusal(session: Session, time: FixedTime, username: str, password: str, address: str = HOME) -> Refused:
    with pytest.raises(Refused) as caught:
        visit(session, time, username, password, address)
    return caught.value


def by(session: Session, time: FixedTime, person: Person) -> Work:
    begin_writing(session)
    return Work(session, time, person.actor)


def hashed(plain: str = "one-time") -> OneTime:
    """A one-time password whose hash nobody checks."""
    return OneTime(plain, HASHED)


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


def test_ones_own_change_ends_the_other_sessions_and_needs_the_password_that_was_checked(
    session: Session, time: FixedTime, cast: Cast
) -> None:
    work = by(session, time, cast.zhang)
    old = accounts.own(work).password_hash
    before = accounts.own(work).session_version
    account = accounts.set_own_password(work, cast.zhang.id, old, HASHED)
    assert (account.session_version, account.must_change) == (before + 1, False)
    with pytest.raises(Conflict):
        accounts.set_own_password(work, cast.zhang.id, old, HASHED)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("Short-1", "至少10个字符"),
        ("alllowercase", "三种"),
        ("Zhangjianhua@88", "容易猜到"),
        ("Gongxinju-2026", "容易猜到"),
        ("Jiazhizao!2026", "容易猜到"),
        ("Yuanhang-2026", "容易猜到"),
        ("Liaocheng#168a", "容易猜到"),
        ("19906350003Zz!", "容易猜到"),
        ("P@ssw0rd2026", "容易猜到"),
        ("Qwertyuiop1!", "容易猜到"),
        ("Aa1!Aa1!Aa1!", "容易猜到"),
        ("Tk7#mv92Lq\x00", "不能使用"),
        ("Tk7#mv92Lq" * 20, "最多128"),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(
    password: str, why: str, session: Session, time: FixedTime, cast: Cast
) -> None:
    work = by(session, time, cast.zhang)
    with pytest.raises(Invalid, match=why) as caught:
        accounts.check_new_password(work, accounts.own(work), password)
    assert caught.value.field == "new_password"


def test_a_good_password_passes_but_not_the_present_one(
    session: Session, time: FixedTime, cast: Cast
) -> None:
    work = by(session, time, cast.zhang)
    account = accounts.own(work)
    accounts.check_new_password(work, account, GOOD)
    account.password_hash = passwords.hash_password(GOOD)
    with pytest.raises(Invalid, match="不能与现在的密码相同"):
        accounts.check_new_password(work, account, GOOD)


def test_full_width_characters_are_the_same_password() -> None:
    assert passwords.matches(passwords.hash_password("Tk7#mv92Lq"), "Ｔｋ７＃ｍｖ９２Ｌｑ")


def test_one_time_passwords_are_different_good_and_fit_their_hashes() -> None:
    made = passwords.one_time_many(3)
    assert len({one.plain for one in made}) == 3
    assert all(passwords.matches(one.hash, one.plain) for one in made)
    assert made[0].plain not in repr(made[0])


def test_who_may_reset_whose_password(session: Session, time: FixedTime, cast: Cast) -> None:
    """The city's coordinator: every enterprise and officer. An area's: those of his own area. Others: nobody's."""
    roster = {cast.chen.id, cast.sun.id, cast.zhang.id, cast.li.id, cast.wu.id}
    allowed = {cast.zhao.id: roster, cast.qian.id: {cast.chen.id, cast.zhang.id}}
    for actor in cast.everybody():
        found = set()
        for target in cast.everybody():
            try:
                accounts.reset_password(by(session, time, actor), target.id, hashed())
                found.add(target.id)
            except NotFound:
                pass
            session.rollback()
        assert found == allowed.get(actor.id, set()), actor.name


def test_a_contact_of_two_areas_is_the_citys_to_reset(session: Session, time: FixedTime, cast: Cast) -> None:
    session.add(EnterpriseContact(enterprise_id=cast.yi, account_id=cast.chen.id))
    session.commit()
    with pytest.raises(NotFound):
        accounts.reset_password(by(session, time, cast.qian), cast.chen.id, hashed())
    accounts.reset_password(by(session, time, cast.zhao), cast.chen.id, hashed())


def test_an_officer_with_another_office_is_no_coordinators_to_reset(
    session: Session, time: FixedTime, cast: Cast
) -> None:
    row = session.get(Account, cast.zhang.id)
    assert row is not None
    row.roles = frozenset({Role.OFFICER, Role.LEADER})
    session.commit()
    with pytest.raises(NotFound):
        accounts.reset_password(by(session, time, cast.zhao), cast.zhang.id, hashed())


def test_a_reset_forces_a_change_ends_sessions_and_locks_is_logged_and_told(
    session: Session, time: FixedTime, cast: Cast
) -> None:
    for _ in range(5):
        refusal(session, time, "chen", "forgotten")
    version = session.scalar(select(Account.session_version).where(Account.id == cast.chen.id)) or 0
    secret = passwords.one_time()
    accounts.reset_password(by(session, time, cast.qian), cast.chen.id, secret)
    session.commit()
    account = visit(session, time, "chen", secret.plain)
    assert account.must_change
    assert account.session_version == version + 1
    entry = session.scalars(select(AuditEntry).where(AuditEntry.deed == "reset_password")).one()
    assert (entry.actor_id, entry.subject) == (cast.qian.id, "chen")
    assert secret.plain not in str(entry.detail)
    assert (
        "钱调度" in session.scalars(select(Message.title).where(Message.recipient_id == cast.chen.id)).one()
    )


def test_the_command_line_resets_anybodys_password(session: Session, time: FixedTime, cast: Cast) -> None:
    begin_writing(session)
    assert accounts.reset_password(Work(session, time), cast.an.id, hashed()).must_change


def test_sessions_are_ended_by_their_owner_or_an_administrator_only(
    session: Session, time: FixedTime, cast: Cast
) -> None:
    for who in (cast.zhang, cast.an, cast.xi):
        before = session.scalar(select(Account.session_version).where(Account.id == cast.zhang.id)) or 0
        assert accounts.revoke_sessions(by(session, time, who), cast.zhang.id).session_version == before + 1
        session.commit()
    for who in (cast.li, cast.zhao, cast.wang, cast.shen):
        with pytest.raises(Forbidden):
            accounts.revoke_sessions(by(session, time, who), cast.zhang.id)


def test_a_new_account_is_spelt_logs_in_once_and_must_change(session: Session, time: FixedTime) -> None:
    begin_writing(session)
    secret = passwords.one_time()
    new = accounts.NewAccount(
        "13906350099", "单小明", frozenset({Role.OFFICER}), phone="139 0635 0099", position="科员"
    )
    accounts.create(Work(session, time), new, secret)
    session.commit()
    account = visit(session, time, "13906350099", secret.plain)
    assert account.must_change
    assert (account.phone, account.initials.split()[0]) == ("13906350099", "sxm")


def test_demo_people_are_exempt_from_the_first_change(session: Session, time: FixedTime) -> None:
    new = accounts.NewAccount("qiye001", "陈桂芳", frozenset({Role.ENTERPRISE}), is_demo=True)
    assert not accounts.create(Work(session, time), new, hashed()).must_change


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"roles": frozenset()}, "roles"),
        ({"roles": frozenset({Role.SUPERVISOR, Role.COORDINATOR})}, "roles"),
        ({"roles": frozenset({Role.SYSADMIN, Role.AUDITOR})}, "roles"),
        ({"roles": frozenset({Role.UNIT})}, "unit"),
        ({"username": "zhang"}, "username"),
        ({"username": "ZHANG"}, "username"),
        ({"username": "a"}, "username"),
        ({"username": "张三丰"}, "username"),
        ({"username": "x" * 41}, "username"),
        ({"username": "a\x00bcd"}, "username"),
        ({"name": "  "}, "name"),
        ({"name": "名" * 41}, "name"),
        ({"name": "张\x00三"}, "name"),
        ({"phone": "1234"}, "phone"),
    ],
)
def test_what_does_not_make_an_account_is_named(
    changes: dict[str, object], field: str, session: Session, time: FixedTime, cast: Cast
) -> None:
    values: dict[str, object] = {"username": "newcomer", "name": "新人", "roles": frozenset({Role.OFFICER})}
    begin_writing(session)
    with pytest.raises(Invalid) as caught:
        accounts.create(Work(session, time), accounts.NewAccount(**{**values, **changes}), hashed())  # type: ignore[arg-type]
    assert caught.value.field == field
    session.commit()
    assert session.scalar(select(Account.id).where(Account.name == "新人")) is None


def test_a_coordinator_makes_accounts_of_the_roster_only(
    session: Session, time: FixedTime, cast: Cast
) -> None:
    work = by(session, time, cast.zhao)
    accounts.create(work, accounts.NewAccount("newone", "新人", frozenset({Role.OFFICER})), hashed())
    with pytest.raises(Forbidden):
        accounts.create(work, accounts.NewAccount("newtwo", "新人", frozenset({Role.COORDINATOR})), hashed())
    with pytest.raises(Forbidden):
        accounts.create(
            by(session, time, cast.wang),
            accounts.NewAccount("newthree", "新人", frozenset({Role.OFFICER})),
            hashed(),
        )


def test_an_officer_without_enterprises_belongs_to_his_units_area(
    session: Session, time: FixedTime, cast: Cast
) -> None:
    area = session.scalar(select(Area.id).order_by(Area.sort))
    row = session.get(Account, cast.wu.id)
    assert row is not None
    assert row.unit is not None
    row.unit.level, row.unit.area_id = "county", area
    session.commit()
    assert accounts.areas_of(by(session, time, cast.qian), row) == {area}
    assert session.scalar(select(Enterprise.area_id).where(Enterprise.id == cast.jia)) == area
