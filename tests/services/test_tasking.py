"""承办任务: asked, dispatched, signed, passed on, nudged; whose clock runs, who is told, who sees it."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from assist.domain.clock import shanghai
from assist.domain.errors import Conflict, Forbidden, Invalid, NotFound
from assist.domain.status import ClockHolder, ClockKind, Verdict
from assist.domain.tasks import TaskKind, TaskResult, TaskStatus
from assist.services import task_access, tasking
from tests.cast import Cast, account
from tests.make import Make
from tests.tasks import SHIELDED, clocks, county_unit, events, running, told

K, T, R = ClockKind, TaskStatus, TaskResult
NEXT_DAY = shanghai(2026, 11, 24, 10)


@pytest.fixture
def county(session: Session, cast: Cast) -> int:
    return county_unit(session, cast)


def test_a_city_unit_waits_for_dispatch_and_the_citys_two_hours_run(
    make: Make, session: Session, cast: Cast
) -> None:
    task = make.task()
    assert task.number.endswith("-01")
    assert (task.status, task.needs_dispatch, task.with_unit_at) == (T.ASKED, True, None)
    found = clocks(session, task)
    assert set(found) == {K.DECISION}
    assert (found[K.DECISION].holder, found[K.DECISION].due_at) == (
        ClockHolder.CITY,
        shanghai(2026, 11, 23, 11, 30),
    )
    assert "张建华提请市生态环境局" in told(session, cast.zhao.id, "task_to_dispatch")[0].title
    assert told(session, cast.zhou.id, "task_asked") == []
    with pytest.raises(NotFound):
        task_access.task(make.work(cast.zhou), task.number)


def test_dispatch_starts_the_units_clocks_and_tells_it(make: Make, session: Session, cast: Cast) -> None:
    task = make.task()
    make.at(shanghai(2026, 11, 23, 11))
    make.dispatched(task)
    found = clocks(session, task)
    assert found[K.DECISION].verdict is Verdict.MET
    assert found[K.TASK_SIGN].due_at == shanghai(2026, 11, 24, 17, 30)
    assert found[K.TASK_REPLY].due_at == shanghai(2026, 11, 26, 17, 30)
    assert {found[K.TASK_SIGN].holder, found[K.TASK_REPLY].holder} == {ClockHolder.UNIT}
    assert found[K.TASK_REPLY].unit_id == cast.zhou.actor.unit_id
    message = told(session, cast.zhou.id, "task_asked")[0]
    assert message.location == f"/tasks/{task.number}"
    assert "甲企业" in message.body
    assert told(session, cast.zheng.id, "task_asked")


def test_a_county_unit_is_asked_directly(make: Make, session: Session, county: int) -> None:
    task = make.task(unit=county)
    assert (task.status, task.needs_dispatch) == (T.ASKED, False)
    assert task.with_unit_at == make.time.at
    assert running(session, task) == {K.TASK_SIGN, K.TASK_REPLY}


def test_a_unit_without_accounts_is_reported_to_the_coordinators(
    make: Make, session: Session, county: int, cast: Cast
) -> None:
    make.task(unit=county)
    assert "没有可用的承办人员账号" in told(session, cast.qian.id, "task_asked")[0].title


def test_the_owners_date_is_the_due_time_of_the_reply(make: Make, session: Session) -> None:
    task = make.dispatched(due_on=date(2026, 12, 4))
    assert clocks(session, task)[K.TASK_REPLY].due_at == shanghai(2026, 12, 4, 17, 30)


def test_a_date_that_passed_before_the_dispatch_is_not_held_against_the_unit(
    make: Make, session: Session
) -> None:
    task = make.task(due_on=date(2026, 11, 23))
    make.at(NEXT_DAY)
    make.dispatched(task)
    assert clocks(session, task)[K.TASK_REPLY].due_at == shanghai(2026, 11, 27, 17, 30)
    assert clocks(session, task)[K.DECISION].verdict is Verdict.MISSED


def test_a_date_over_spring_festival_is_that_dates_close_or_the_next_working_days(
    make: Make, session: Session
) -> None:
    make.at(shanghai(2027, 2, 1, 9))
    task = make.dispatched(make.task(make.handled(make.ticket()), due_on=date(2027, 2, 8)))
    assert clocks(session, task)[K.TASK_REPLY].due_at > shanghai(2027, 2, 8, 17, 30)


@pytest.mark.parametrize(
    ("due_on", "at", "words"),
    [
        (date(2026, 11, 22), shanghai(2026, 11, 23, 9, 30), "不能早于今天"),
        (date(2026, 11, 23), shanghai(2026, 11, 23, 18), "已经下班"),
        (date(9999, 12, 31), shanghai(2026, 11, 23, 9, 30), "一年以内"),
    ],
)
def test_a_date_that_nobody_can_keep_is_refused(
    due_on: date, at: Any, words: str, make: Make, session: Session
) -> None:
    ticket = make.handled()
    make.at(at)
    with pytest.raises(Invalid, match=words):
        make.task(ticket, due_on=due_on)
    session.rollback()


def test_who_may_ask_and_when(make: Make, session: Session, cast: Cast, county: int) -> None:
    early = make.ticket()
    with pytest.raises(Conflict, match="不能“提请承办”"):
        make.task(early)
    ticket = make.handled(early)
    for who in (cast.wang, cast.zhao, cast.chen, cast.liu):
        with pytest.raises(Forbidden):
            make.act(who, ticket, tasking.ask, county, TaskKind.LEAD, "请办理")
    with pytest.raises(Invalid, match="请选择承办单位"):
        make.act(cast.zhang, ticket, tasking.ask, 987654, TaskKind.LEAD, "请办理")
    with pytest.raises(Invalid, match="请单位办理的内容"):
        make.act(cast.zhang, ticket, tasking.ask, county, TaskKind.LEAD, "   ")
    session.rollback()


def test_one_open_task_a_unit_and_one_lead_a_ticket(make: Make, session: Session, county: int) -> None:
    ticket = make.handled()
    make.task(ticket)
    with pytest.raises(Invalid, match="还有一项没有办结的任务"):
        make.task(ticket, kind=TaskKind.ASSIST)
    with pytest.raises(Invalid, match="已由市生态环境局牵头"):
        make.task(ticket, county)
    assert make.task(ticket, county, kind=TaskKind.ASSIST).number.endswith("-02")


def test_signing_gives_it_to_who_signs_and_tells_the_owner(make: Make, session: Session, cast: Cast) -> None:
    task = make.signed()
    assert (task.status, task.handler_id) == (T.SIGNED, cast.zhou.id)
    assert running(session, task) == {K.TASK_REPLY}
    assert told(session, cast.zhang.id, "task_signed")
    with pytest.raises(Conflict, match="已签收"):
        make.task_act(cast.zheng, task, tasking.sign)


def test_it_is_passed_to_a_colleague_of_the_same_unit_only(make: Make, session: Session, cast: Cast) -> None:
    task = make.dispatched()
    make.task_act(cast.zhou, task, tasking.pass_on, cast.zheng.id, "请你牵头")
    assert task.handler_id == cast.zheng.id
    assert told(session, cast.zheng.id, "task_passed")[0].body.endswith("请你牵头")
    make.task_act(cast.zhou, task, tasking.sign)
    assert task.handler_id == cast.zheng.id, "whom it was passed to keeps it, whoever signs"
    for stranger in (cast.zhang.id, cast.zheng.id, 999999):
        with pytest.raises(Invalid):
            make.task_act(cast.zhou, task, tasking.pass_on, stranger)


def test_nudging_is_once_a_day_and_goes_to_whom_it_waits_for(make: Make, session: Session, cast: Cast) -> None:
    task = make.task()
    make.task_act(cast.zhang, task, tasking.nudge, "请尽快核发")
    assert [one.body for one in told(session, cast.zhao.id, "task_nudge")] == ["请尽快核发"]
    make.dispatched(task)
    with pytest.raises(Conflict, match="每天可催办一次"):
        make.task_act(cast.zhang, task, tasking.nudge)
    make.task_act(cast.wang, task, tasking.nudge)
    assert told(session, cast.zhou.id, "task_nudge")
    make.at(NEXT_DAY)
    make.signed(task)
    make.replied(task)
    make.task_act(cast.zhao, task, tasking.nudge)
    assert told(session, cast.zhang.id, "task_nudge")
    with pytest.raises(Forbidden):
        make.task_act(cast.liu, task, tasking.nudge)


def test_every_act_is_an_internal_event_with_the_tasks_number(make: Make, session: Session, cast: Cast) -> None:
    task = make.replied()
    make.task_act(cast.zhang, task, tasking.accept_reply)
    found = [one for one in events(session, task.ticket_id) if "task" in one.fields]
    assert [one.action.value for one in found] == [
        "assign_task", "task_dispatch", "task_sign", "task_reply", "task_accept_reply",
    ]  # fmt: skip
    assert all(not one.is_visible and one.fields["task"] == task.number for one in found)
    assert all(one.fields["unit"] == "市生态环境局" for one in found)


def test_a_shielded_task_never_names_the_enterprise_to_the_unit(
    make: Make, session: Session, cast: Cast
) -> None:
    ticket = make.handled(make.ticket("甲制造被反复检查"), category=SHIELDED)
    if not make.work().settings.categories[ticket.category_id or 0].is_shielded:
        pytest.fail("the category is no longer shielded")
    words = "聊城甲制造有限公司（甲企业）反映检查过多，联系人13806350001"
    task = make.dispatched(make.task(ticket, text=words))
    assert task.is_shielded
    for message in told(session, cast.zhou.id, "task_asked"):
        told_words = message.title + message.body
        assert "甲" not in told_words
        assert "13806350001" not in told_words
        assert "反映检查过多" in told_words


def test_a_stand_in_acts_for_the_owner_and_the_event_says_for_whom(
    make: Make, session: Session, cast: Cast
) -> None:
    from dataclasses import replace

    standing_in = replace(cast.wu, actor=replace(cast.wu.actor, stands_in_for=frozenset({cast.zhang.id})))
    task = make.replied()
    make.task_act(standing_in, task, tasking.accept_reply)
    last = events(session, task.ticket_id)[-1]
    assert (last.actor_id, last.acting_for_id) == (cast.wu.id, cast.zhang.id)


def test_an_open_task_can_be_read_by_exactly_these(make: Make, session: Session, cast: Cast) -> None:
    task = make.dispatched()
    other = account(session, "other", "外单位", *cast.zhou.actor.roles, unit_id=cast.zhang.actor.unit_id)
    session.commit()
    seen = set()
    for person in cast.everybody():
        try:
            task_access.task(make.work(person), task.number)
        except NotFound:
            continue
        seen.add(person.username)
    assert seen == {"zhang", "wang", "zhao", "qian", "liu", "zhou", "zheng"}
    work = make.work()
    work.actor = other.as_actor()
    with pytest.raises(NotFound):
        task_access.task(work, task.number)
