"""Passwords and accounts: what services/accounts.py promises."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime
from assist.domain.errors import Conflict, Forbidden, Invalid, NotFound
from assist.domain.roles import Role
from assist.models import Account, Area, AuditEntry, Enterprise, EnterpriseContact, Message
from assist.models.engine import begin_writing
from assist.services import accounts, passwords
from assist.services.work import Work
from tests.cast import Cast
from tests.entering import GOOD, HASHED, by, hashed, refusal, visit


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
    """People of the roster are a coordinator's (an area's own), all others a system administrator's; but the other
    two administrators are the command line's: none of the three becomes another."""
    roster = {cast.chen.id, cast.sun.id, cast.zhang.id, cast.li.id, cast.wu.id, cast.zhou.id, cast.zheng.id}
    offices = {cast.wang.id, cast.zhao.id, cast.qian.id, cast.liu.id}
    allowed = {cast.zhao.id: roster, cast.qian.id: {cast.chen.id, cast.zhang.id}, cast.xi.id: offices}
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
