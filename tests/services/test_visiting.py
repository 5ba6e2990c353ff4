"""走访: planned, written down, merged, called off; who may, what the month does, what becomes of problems."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime, shanghai
from assist.domain.errors import Conflict, Forbidden, Invalid, NotFound
from assist.domain.status import Method, Source
from assist.domain.visits import VisitKind, VisitStatus
from assist.models import AuditEntry, Message, Pairing, StandIn, Ticket, Visit
from assist.services import stand_ins, visit_access, visit_problems, visiting
from assist.services.queries import visit_month
from tests.cast import Cast, Person
from tests.engines import TestDatabase
from tests.make import Make
from tests.services.test_concurrency import at_once
from tests.told import told
from tests.visits import SITUATION, TODAY, done, plan, went, words

S = VisitStatus
PROBLEM = "供电增容方案一个月没有答复，新设备装不上。"


def reload(make: Make, found: Visit) -> Visit:
    make.session.expire_all()
    return make.session.get_one(Visit, found.id)


def test_an_officer_plans_and_writes_down_what_came_of_it(make: Make, cast: Cast, time: FixedTime) -> None:
    found = plan(make, cast.zhang, TODAY + timedelta(days=2))
    assert (found.status, found.account_id, found.visit_on) == (S.PLANNED, cast.zhang.id, date(2026, 11, 25))
    time.at = shanghai(2026, 11, 25, 16)
    said = words(visit_on=None, policies="技改贴息", promises="三日内送材料", companions="园区科长")
    done(make, cast.zhang, visiting.record, found.id, said)
    found = reload(make, found)
    assert (found.status, found.method, found.situation) == (S.DONE, Method.ONSITE, SITUATION)
    assert (found.visit_on, found.recorded_at) == (date(2026, 11, 25), time.at)
    with pytest.raises(Conflict, match="张建华 已于11月25日16:00登记"):
        done(make, cast.zhang, visiting.record, found.id, said)


@pytest.mark.parametrize(
    ("who", "firm", "may"),
    [
        ("zhang", "jia", True), ("zhang", "yi", False), ("li", "yi", True), ("wu", "jia", False), ("zhou", "jia", True),
        ("zhou", "yi", True), ("qian", "jia", True), ("qian", "yi", False), ("zhao", "yi", True), ("wang", "yi", True),
    ],
)  # fmt: skip
def test_whom_one_may_visit(make: Make, cast: Cast, who: str, firm: str, may: bool) -> None:
    if may:
        assert plan(make, getattr(cast, who), enterprise=getattr(cast, firm)).status is S.PLANNED
        return
    with pytest.raises(NotFound):
        plan(make, getattr(cast, who), enterprise=getattr(cast, firm))


@pytest.mark.parametrize("who", ["liu", "chen", "xi"])
def test_who_has_no_such_office_plans_nothing(make: Make, cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        plan(make, getattr(cast, who))


def test_a_stand_in_visits_for_the_officer_as_long_as_he_is_one(make: Make, cast: Cast, time: FixedTime) -> None:
    until = time.at + timedelta(hours=2)
    make.session.add(
        StandIn(
            officer_id=cast.zhang.id, stand_in_id=cast.wu.id, started_at=time.at, ended_at=until,
            reason="出差", made_by_id=cast.zhao.id, made_at=time.at,
        )
    )  # fmt: skip
    make.session.commit()

    def wu() -> Person:
        held = stand_ins.of(make.session, cast.wu.id, time.at)
        return replace(cast.wu, actor=replace(cast.wu.actor, stands_in_for=held))

    assert plan(make, wu()).account_id == cast.wu.id
    assert "市工业和信息化局吴外人计划11月23日到甲企业走访" in told(make.session, cast.zhang)
    time.at = until
    with pytest.raises(NotFound):
        plan(make, wu())


@pytest.mark.parametrize(
    ("more", "field", "sentence"),
    [
        ({"on": None}, "visit_on", "请填写计划日期"),
        ({"on": TODAY - timedelta(days=1)}, "visit_on", "直接登记"),
        ({"on": TODAY + timedelta(days=93)}, "visit_on", "三个月以内"),
        ({"purpose": "  "}, "purpose", "请填写目的"),
        ({"purpose": "长" * 10_000}, "purpose", "控制在"),
        ({"joins": 99}, "joins", "请选择要并入的走访"),
    ],
)
def test_what_a_plan_must_say(make: Make, cast: Cast, more: dict[str, Any], field: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence) as refused:
        plan(make, cast.zhang, **more)
    assert refused.value.field == field
    assert make.session.scalar(select(func.count()).select_from(Visit)) == 0


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"visit_on": TODAY + timedelta(days=1)}, "visit_on"),
        ({"visit_on": TODAY - timedelta(days=32)}, "visit_on"),
        ({"situation": " "}, "situation"),
        ({"problems": "长" * 2001}, "problems"),
        ({"companions": "长" * 201}, "companions"),
    ],
)
def test_what_a_record_must_say(make: Make, cast: Cast, more: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        done(make, cast.zhang, visiting.record_new, cast.jia, VisitKind.VISIT, words(**more))
    assert refused.value.field == field


def test_emoji_are_kept(make: Make, cast: Cast) -> None:
    assert reload(make, went(make, cast.zhang, situation="订单饱满👍")).situation == "订单饱满👍"


def test_a_coordinator_calls_off_with_a_reason_and_others_not_at_all(make: Make, cast: Cast) -> None:
    found = plan(make, cast.zhou, TODAY + timedelta(days=1))
    with pytest.raises(Forbidden):
        done(make, cast.zhang, visiting.cancel, found.id)
    with pytest.raises(NotFound):
        done(make, cast.li, visiting.cancel, found.id)
    with pytest.raises(Invalid, match="取消的原因"):
        done(make, cast.qian, visiting.cancel, found.id)
    done(make, cast.qian, visiting.cancel, found.id, "企业正在停产检修")
    assert reload(make, found).status is S.CANCELLED
    assert "11月24日到甲企业的走访已由钱调度取消" in told(make.session, cast.zhou)


def test_a_record_is_corrected_in_words_and_the_old_ones_are_kept_in_the_audit(make: Make, cast: Cast) -> None:
    found = went(make, cast.zhang)
    done(make, cast.zhang, visiting.amend, found.id, words(situation="订单排到明年2月。", visit_on=None))
    assert reload(make, found).situation == "订单排到明年2月。"
    entry = make.session.scalars(select(AuditEntry).where(AuditEntry.deed == "change_visit")).one()
    assert entry.detail["situation"] == [SITUATION, "订单排到明年2月。"]
    with pytest.raises(Forbidden):
        done(make, cast.wang, visiting.amend, found.id, words())


def test_one_click_makes_one_ticket_of_a_problem(make: Make, cast: Cast) -> None:
    found = went(make, cast.zhang, problems=PROBLEM)
    number = done(make, cast.zhang, visit_problems.make_ticket, found.id).number
    assert done(make, cast.zhang, visit_problems.make_ticket, found.id).number == number
    ticket = make.session.scalars(select(Ticket)).one()
    assert (ticket.description, ticket.source, ticket.is_entered) == (PROBLEM, Source.VISIT, True)
    assert (ticket.owner_id, reload(make, found).ticket_id) == (cast.zhang.id, ticket.id)
    with pytest.raises(Invalid, match="不能再改"):
        done(make, cast.zhang, visiting.amend, found.id, words(problems="没有了"))


def test_two_clicks_at_once_make_one_ticket(
    database: TestDatabase, time: FixedTime, make: Make, cast: Cast
) -> None:
    visit_id = went(make, cast.zhang, problems=PROBLEM).id
    make.session.close()
    came = at_once(
        database, time, cast.zhang, [lambda work: visit_problems.make_ticket(work, visit_id).number] * 3
    )
    assert len(set(came)) == 1
    with Session(database.engine) as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == 1


def test_what_a_unit_finds_is_the_officers_to_take_up(make: Make, cast: Cast) -> None:
    found = went(make, cast.zhou, problems=PROBLEM)
    title = "市生态环境局周承办在甲企业走访时发现问题，请核实后生成诉求"
    message = make.session.scalars(select(Message).where(Message.title == title)).one()
    assert (message.recipient_id, message.body, message.location) == (cast.zhang.id, PROBLEM, f"/visits/{found.id}")
    for who in (cast.zhou, cast.zhao, cast.wang):
        with pytest.raises(Forbidden):
            done(make, who, visit_problems.make_ticket, found.id)
    done(make, cast.zhang, visit_problems.make_ticket, found.id)
    assert make.session.scalars(select(Ticket)).one().owner_id == cast.zhang.id
    went(make, cast.zhang, problems="别的问题")
    assert told(make.session, cast.zhang).count(title) == 1


def test_in_a_vacancy_the_coordinators_hear_of_the_problem(make: Make, cast: Cast, time: FixedTime) -> None:
    pairing = make.session.scalars(select(Pairing).where(Pairing.enterprise_id == cast.jia)).one()
    pairing.ended_at = time.at
    make.session.commit()
    went(make, cast.zhou, problems=PROBLEM)
    assert any("没有在岗专员" in one for one in told(make.session, cast.qian))


def test_nothing_is_made_of_nothing(make: Make, cast: Cast) -> None:
    found = went(make, cast.zhang)
    with pytest.raises(Invalid, match="没有登记发现的问题"):
        done(make, cast.zhang, visit_problems.make_ticket, found.id)
    planned = plan(make, cast.zhang)
    with pytest.raises(Conflict):
        done(make, cast.zhang, visit_problems.make_ticket, planned.id)


@pytest.mark.parametrize(
    ("who", "sees"),
    [("zhang", True), ("zhou", False), ("li", False), ("wu", False), ("liu", True), ("qian", True), ("wang", True),
     ("chen", False), ("xi", False)],
)  # fmt: skip
def test_who_reads_an_officers_visit(make: Make, cast: Cast, who: str, sees: bool) -> None:
    found = went(make, cast.zhang)
    work = make.work(getattr(cast, who))
    if sees:
        assert visit_access.visit(work, found.id)[0].id == found.id
        return
    with pytest.raises(NotFound):
        visit_access.visit(work, found.id)


def test_a_former_officer_reads_what_was_planned_while_he_served(make: Make, cast: Cast, time: FixedTime) -> None:
    before = went(make, cast.zhou)
    pairing = make.session.scalars(select(Pairing).where(Pairing.enterprise_id == cast.jia)).one()
    pairing.ended_at = time.at + timedelta(hours=1)
    make.session.commit()
    time.at += timedelta(days=1)
    make.session.add(Pairing(enterprise_id=cast.jia, officer_id=cast.wu.id, started_at=time.at))
    make.session.commit()
    after = went(make, cast.zheng)
    assert visit_access.visit(make.work(cast.zhang), before.id)[0].id == before.id
    with pytest.raises(NotFound):
        visit_access.visit(make.work(cast.zhang), after.id)
    assert visit_access.visit(make.work(cast.wu), after.id)[0].id == after.id


def test_a_unit_is_told_the_day_the_unit_and_the_purpose_and_nothing_else(make: Make, cast: Cast) -> None:
    plan(make, cast.zhang, TODAY + timedelta(days=1), purpose="月度联系")
    went(make, cast.zhang, problems=PROBLEM)
    (month, following) = visit_month.months(make.work(cast.zhou), cast.jia)
    assert (month.used, month.budget, following.used) == (2, 4, 0)
    for one in month.visits:
        assert (one.unit, one.who, one.may_read) == ("市工业和信息化局", "", False)
    assert [one.purpose for one in month.visits] == ["", "月度联系"]
    assert [one.may_join for one in month.visits] == [False, True]
    (month, _) = visit_month.months(make.work(cast.zhang), cast.jia)
    assert {one.who for one in month.visits} == {"张建华"}
