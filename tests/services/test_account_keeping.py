"""Accounts in the hands of three administrators, none of whom can make himself another."""

from typing import Any

import pytest
from sqlalchemy import select

from assist.domain.clock import FixedTime
from assist.domain.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from assist.domain.roles import Role
from assist.models import Account, Area, AuditEntry, Task, Unit
from assist.models.engine import begin_writing
from assist.services import account_keeping, accounts, configuring, pairing, units
from assist.services.account_keeping import PersonWords, Standing
from assist.services.accounts import NewAccount
from assist.services.passwords import OneTime
from assist.services.units import UnitWords
from assist.services.work import Work
from tests.cast import Cast, Person, account, person
from tests.engines import TestDatabase
from tests.make import Make
from tests.services.test_concurrency import Deed, at_once

SECRET = OneTime("one-time", "$argon2id$v=19$m=8,t=1,p=1$stands-for-a-hash")


def by(make: Make, who: Person) -> Work:
    make.session.rollback()
    begin_writing(make.session)
    return make.work(who)


def refusal(make: Make, deed: Any, who: Person, *words: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        deed(by(make, who), *words)
    make.session.rollback()
    return caught.value


def row(make: Make, who: Person) -> Account:
    make.session.rollback()
    return make.session.get_one(Account, who.id)


def test_only_a_system_administrator_puts_people_out_of_use_and_never_himself(make: Make, cast: Cast) -> None:
    for who in cast.everybody():
        if who not in (cast.xi,):
            refused = refusal(make, account_keeping.set_active, who, cast.liu.id, False)
            assert isinstance(refused, Forbidden | NotFound), who.name
    assert isinstance(refusal(make, account_keeping.set_active, cast.xi, cast.xi.id, False), Forbidden)
    account_keeping.set_active(by(make, cast.xi), cast.liu.id, False)
    make.session.commit()
    assert not row(make, cast.liu).is_active
    account_keeping.set_active(by(make, cast.xi), cast.liu.id, True)
    make.session.commit()
    deeds = make.session.scalars(select(AuditEntry.deed).order_by(AuditEntry.seq)).all()
    assert deeds == ["deactivate", "activate"]


def test_an_officer_who_still_serves_is_named_with_his_enterprises(make: Make, cast: Cast) -> None:
    refused = refusal(make, account_keeping.set_active, cast.xi, cast.zhang.id, False)
    assert refused.sentence == "张建华仍是聊城甲制造有限公司的服务专员，请先由调度员办理交接或结束结对。"
    pairing.end(by(make, cast.zhao), cast.jia, "调离")
    make.session.commit()
    assert not account_keeping.set_active(by(make, cast.xi), cast.zhang.id, False).is_active


def test_the_last_administrator_of_a_kind_stays(make: Make, cast: Cast) -> None:
    for who in (cast.an, cast.shen):
        assert "最后一个在用的" in refusal(make, account_keeping.set_active, cast.xi, who.id, False).sentence
    leader = Standing(frozenset({Role.LEADER}))
    assert "最后一个在用的" in refusal(make, account_keeping.set_standing, cast.an, cast.xi.id, leader).sentence
    second = person(account(make.session, "shen2", "第二审计", Role.AUDITOR))
    make.session.commit()
    account_keeping.set_active(by(make, cast.xi), cast.shen.id, False)
    make.session.commit()
    assert "最后一个在用的" in refusal(make, account_keeping.set_active, cast.xi, second.id, False).sentence


def test_it_takes_two_to_make_an_administrator(make: Make, cast: Cast) -> None:
    new = NewAccount("shen2", "第二审计", frozenset())
    made = account_keeping.open_account(by(make, cast.xi), new, Standing(frozenset({Role.AUDITOR})), SECRET)
    make.session.commit()
    assert not made.is_active
    made_id = made.id
    assert "安全管理员启用" in refusal(make, account_keeping.set_active, cast.xi, made_id, True).sentence
    account_keeping.set_active(by(make, cast.an), made_id, True)
    make.session.commit()
    assert make.session.get_one(Account, made_id).is_active


def test_an_account_of_any_other_kind_is_in_use_at_once(make: Make, cast: Cast) -> None:
    area = make.session.scalars(select(Area.id).order_by(Area.sort)).first()
    new = NewAccount("diaodu99", "新调度", frozenset(), phone="139 0635 0098", email="a@b.cn", position="科员")
    standing = Standing(frozenset({Role.COORDINATOR}), area_id=area)
    made = account_keeping.open_account(by(make, cast.xi), new, standing, SECRET)
    make.session.commit()
    assert (made.is_active, made.must_change, made.area_id) == (True, True, area)
    assert isinstance(refusal(make, account_keeping.open_account, cast.an, new, standing, SECRET), Forbidden)


@pytest.mark.parametrize(
    ("standing", "field"),
    [
        (Standing(frozenset()), "roles"),
        (Standing(frozenset({Role.SUPERVISOR, Role.COORDINATOR})), "roles"),
        (Standing(frozenset({Role.SYSADMIN, Role.OFFICER})), "roles"),
        (Standing(frozenset({Role.ENTERPRISE, Role.OFFICER})), "roles"),
        (Standing(frozenset({Role.UNIT})), "unit"),
        (Standing(frozenset({Role.COORDINATOR}), area_id=999_999), "area"),
        (Standing(frozenset({Role.OFFICER}), is_approver=True), "is_approver"),
        (Standing(frozenset({Role.OFFICER}), is_head=True), "is_head"),
    ],
)
def test_roles_that_do_not_go_together_are_refused(
    standing: Standing, field: str, make: Make, cast: Cast
) -> None:
    refused = refusal(make, account_keeping.set_standing, cast.an, cast.liu.id, standing)
    assert isinstance(refused, Invalid)
    assert refused.field == field


def test_only_a_security_administrator_says_who_may_be_what_and_never_of_himself(
    make: Make, cast: Cast
) -> None:
    both = Standing(frozenset({Role.LEADER, Role.COORDINATOR}))
    for who in cast.everybody():
        if who is not cast.an:
            refused = refusal(make, account_keeping.set_standing, who, cast.liu.id, both)
            assert isinstance(refused, Forbidden | NotFound), who.name
    assert isinstance(refusal(make, account_keeping.set_standing, cast.an, cast.an.id, both), Forbidden)
    version = row(make, cast.liu).session_version
    account_keeping.set_standing(by(make, cast.an), cast.liu.id, both)
    make.session.commit()
    changed = row(make, cast.liu)
    assert (changed.roles, changed.session_version) == (both.roles, version + 1)
    entry = make.session.scalars(select(AuditEntry)).one()
    assert (entry.deed, entry.detail["roles"]) == ("change_roles", ["工作组领导", "工作组领导、助企办调度员"])


def test_a_role_somebody_is_still_bound_by_cannot_be_taken(make: Make, cast: Cast) -> None:
    leader = Standing(frozenset({Role.LEADER}))
    told = refusal(make, account_keeping.set_standing, cast.an, cast.zhang.id, leader)
    assert "聊城甲制造有限公司的服务专员" in told.sentence
    told = refusal(make, account_keeping.set_standing, cast.an, cast.chen.id, leader)
    assert "聊城甲制造有限公司的联系人" in told.sentence
    configuring.name_for_restricted(by(make, cast.wang), cast.wang.id)
    make.session.commit()
    told = refusal(make, account_keeping.set_active, cast.xi, cast.wang.id, False)
    assert "专项诉求的指定办理人" in told.sentence


def test_the_only_one_who_signs_stays_and_tasks_go_back_to_the_unit(make: Make, cast: Cast) -> None:
    unit_id = row(make, cast.zheng).unit_id or 0
    name = make.session.get_one(Unit, unit_id).name
    units.change(by(make, cast.wang), unit_id, UnitWords(name, needs_signature=True))
    make.session.commit()
    for deed, who, words in (
        (account_keeping.set_active, cast.xi, False),
        (account_keeping.set_standing, cast.an, Standing(frozenset({Role.UNIT}), unit_id=unit_id)),
    ):
        assert "唯一的签发人" in refusal(make, deed, who, cast.zheng.id, words).sentence
    account_keeping.set_standing(
        by(make, cast.an), cast.zhou.id, Standing(frozenset({Role.UNIT}), unit_id=unit_id, is_approver=True)
    )
    account_keeping.set_active(make.work(cast.xi), cast.zheng.id, False)
    make.session.commit()
    assert make.session.scalars(select(Task).where(Task.handler_id == cast.zheng.id)).all() == []


def test_a_unit_without_anybody_to_sign_cannot_ask_for_signatures(make: Make, cast: Cast) -> None:
    home = row(make, cast.zhang).unit_id or 0
    name = make.session.get_one(Unit, home).name
    refused = refusal(make, units.change, cast.wang, home, UnitWords(name, needs_signature=True))
    assert isinstance(refused, Invalid)
    assert refused.field == "needs_signature"


def test_records_of_the_roster_are_not_a_system_administrators(make: Make, cast: Cast) -> None:
    words = PersonWords("刘振东", "13906350097", "liu@example.cn", "副市长")
    assert isinstance(refusal(make, account_keeping.correct, cast.xi, cast.zhang.id, words), Forbidden)
    assert isinstance(refusal(make, account_keeping.correct, cast.an, cast.liu.id, words), Forbidden)
    account_keeping.correct(by(make, cast.xi), cast.liu.id, words)
    make.session.commit()
    changed = row(make, cast.liu)
    assert (changed.name, changed.initials, changed.email) == ("刘振东", "lzd", "liu@example.cn")
    wrong = refusal(make, account_keeping.correct, cast.xi, cast.liu.id, PersonWords("刘振东", "12"))
    assert isinstance(wrong, Invalid)
    assert wrong.field == "phone"


def test_ending_sessions_and_unlocking_are_logged(make: Make, cast: Cast) -> None:
    accounts.revoke_sessions(by(make, cast.xi), cast.liu.id)
    accounts.unlock(make.work(cast.an), cast.liu.id)
    make.session.commit()
    deeds = make.session.scalars(select(AuditEntry.deed).order_by(AuditEntry.seq)).all()
    assert deeds == ["revoke_sessions", "unlock_account"]


def test_two_who_put_each_other_out_of_use_at_once_do_not_both_succeed(
    database: TestDatabase, time: FixedTime, make: Make, cast: Cast
) -> None:
    second = person(account(make.session, "xi2", "第二系统", Role.SYSADMIN))
    make.session.commit()
    make.session.close()

    def put_out(who: Person, other: Person) -> Deed:
        return lambda work: account_keeping.set_active(Work(work.session, time, who.actor), other.id, False).id

    came = at_once(database, time, cast.xi, [put_out(cast.xi, second), put_out(second, cast.xi)])
    assert len([one for one in came if isinstance(one, Conflict)]) == 1
    query = select(Account.id).where(Account.id.in_([cast.xi.id, second.id]), Account.is_active)
    assert len(make.session.scalars(query).all()) == 1


def test_a_conflict_changes_nothing(make: Make, cast: Cast) -> None:
    before = row(make, cast.zhang).session_version
    assert isinstance(refusal(make, account_keeping.set_active, cast.xi, cast.zhang.id, False), Conflict)
    after = row(make, cast.zhang)
    assert (after.is_active, after.session_version) == (True, before)
