"""承办任务: asked, dispatched, signed, passed on, replied, accepted or sent back; whose clock runs, and who is told."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import shanghai
from assist.domain.errors import Conflict, Forbidden, Invalid, NotFound, StaleTicket
from assist.domain.status import ClockHolder, ClockKind, Outcome, Status, Verdict
from assist.domain.tasks import TaskKind, TaskResult, TaskStatus
from assist.models import Clock, Message, Task, TaskReply, Ticket, TicketEvent, Unit
from assist.services import answering, task_access, task_endings, tasking
from tests.cast import Cast, account
from tests.make import Make

K, T, R = ClockKind, TaskStatus, TaskResult
SHIELDED = "1202"
NEXT_DAY = shanghai(2026, 11, 24, 10)


@pytest.fixture
def county(session: Session, cast: Cast) -> int:
    """A unit of 甲's own county."""
    unit = Unit(name="东昌府区住建局", short_name="区住建局", level="county", area_id=cast.qian.actor.area_id)
    session.add(unit)
    session.commit()
    return unit.id


def clocks(session: Session, task: Task) -> dict[ClockKind, Clock]:
    """The last clock of each kind of a task."""
    session.expire_all()
    rows = session.scalars(select(Clock).where(Clock.task_id == task.id).order_by(Clock.id))
    return {row.kind: row for row in rows}


def running(session: Session, task: Task) -> set[ClockKind]:
    return {kind for kind, clock in clocks(session, task).items() if clock.stopped_at is None}


def events(session: Session, ticket_id: int) -> list[TicketEvent]:
    rows = select(TicketEvent).where(TicketEvent.ticket_id == ticket_id).order_by(TicketEvent.seq)
    return list(session.scalars(rows))


def told(session: Session, person: int, kind: str) -> list[Message]:
    query = select(Message).where(Message.recipient_id == person, Message.kind == kind)
    return list(session.scalars(query.order_by(Message.id)))


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


def test_a_reply_stops_the_clock_and_waits_for_the_owner(make: Make, session: Session, cast: Cast) -> None:
    task = make.signed()
    make.at(NEXT_DAY)
    make.replied(task)
    assert task.status is T.REPLIED
    assert clocks(session, task)[K.TASK_REPLY].verdict is Verdict.MET
    assert running(session, task) == set()
    assert "已办理" in told(session, cast.zhang.id, "task_replied")[0].title
    make.task_act(cast.zhang, task, tasking.accept_reply, version=task.version)
    assert (task.status, task.ended_at) == (T.ACCEPTED, make.time.at)


def test_words_that_a_kind_of_reply_needs(make: Make, session: Session, cast: Cast) -> None:
    task = make.signed()
    for result, more, words in (
        (R.CONTINUING, {}, "承诺办结日期"),
        (R.CONTINUING, {"promised_on": date(2026, 11, 20)}, "不能早于今天"),
        (R.BEYOND_POWERS, {}, "职权所限的依据"),
    ):
        with pytest.raises(Invalid, match=words):
            make.task_act(cast.zhou, task, tasking.reply, result, "情况如下", **more)
    with pytest.raises(Invalid, match="2000字以内"):
        make.task_act(cast.zhou, task, tasking.reply, R.DONE, "很" * 10_000)
    session.rollback()
    make.replied(task, R.BEYOND_POWERS, "属省级审批😀", basis="《行政许可法》第二十四条")
    assert session.scalars(select(TaskReply)).one().basis.startswith("《行政许可法》")


def test_a_promise_is_a_clock_until_the_next_reply_and_accepting_it_leaves_the_task_open(
    make: Make, session: Session, cast: Cast
) -> None:
    task = make.replied(result=R.CONTINUING, text="需待设备到货", promised_on=date(2026, 12, 4))
    promise = clocks(session, task)[K.TASK_PROMISE]
    assert (promise.due_at, promise.holder) == (shanghai(2026, 12, 4, 17, 30), ClockHolder.UNIT)
    make.task_act(cast.zhang, task, tasking.accept_reply)
    assert (task.status, task.ended_at) == (T.SIGNED, None)
    assert running(session, task) == {K.TASK_PROMISE}
    ticket = session.get_one(Ticket, task.ticket_id)
    with pytest.raises(Conflict, match="还有承办任务没有办结"):
        make.answered(ticket)
    make.at(shanghai(2026, 12, 7, 9))
    make.replied(task)
    assert clocks(session, task)[K.TASK_PROMISE].verdict is Verdict.MISSED
    make.task_act(cast.zhang, task, tasking.accept_reply)
    assert task.status is T.ACCEPTED


def test_the_owners_silence_does_not_keep_a_unit_from_its_promise(
    make: Make, session: Session, cast: Cast
) -> None:
    task = make.replied(result=R.CONTINUING, text="需待设备到货", promised_on=date(2026, 12, 4))
    make.at(shanghai(2026, 12, 4, 16))
    make.replied(task)
    assert clocks(session, task)[K.TASK_PROMISE].verdict is Verdict.MET
    assert task.promised_on is None
    with pytest.raises(Conflict):
        make.replied(task)


def test_sent_back_is_one_more_working_day_and_the_first_verdict_stands(
    make: Make, session: Session, cast: Cast
) -> None:
    task = make.signed()
    make.at(shanghai(2026, 11, 27, 9))  # the reply was due on the 26th
    make.replied(task)
    make.task_act(cast.zhang, task, tasking.send_back, "没有附图纸", version=task.version)
    assert task.status is T.SIGNED
    rows = session.scalars(select(Clock).where(Clock.task_id == task.id, Clock.kind == K.TASK_REPLY)).all()
    assert [row.verdict for row in rows] == [Verdict.MISSED, None]
    assert rows[1].due_at == shanghai(2026, 11, 30, 17, 30)
    assert "没有附图纸" in told(session, cast.zhou.id, "task_sent_back")[0].body
    make.replied(task)
    replies = session.scalars(select(TaskReply).order_by(TaskReply.no)).all()
    assert [one.sent_back_at is not None for one in replies] == [True, False]


def test_a_promise_sent_back_is_no_promise(make: Make, session: Session, cast: Cast) -> None:
    task = make.replied(result=R.CONTINUING, text="再等等", promised_on=date(2026, 12, 4))
    make.task_act(cast.zhang, task, tasking.send_back, "请本周内办结")
    assert clocks(session, task)[K.TASK_PROMISE].verdict is Verdict.VOID
    assert running(session, task) == {K.TASK_REPLY}
    assert task.promised_on is None


def test_where_the_unit_wants_it_a_reply_leaves_with_the_approvers_signature(
    make: Make, session: Session, cast: Cast
) -> None:
    session.get_one(Unit, cast.zhou.actor.unit_id).needs_signature = True
    session.commit()
    task = make.replied(text="初稿里的话")
    assert task.replied_at is None
    assert running(session, task) == {K.TASK_REPLY}, "time inside the unit is the unit's"
    assert told(session, cast.zhang.id, "task_replied") == []
    assert all("初稿里的话" not in one.note for one in events(session, task.ticket_id))
    assert told(session, cast.zheng.id, "task_to_sign")
    with pytest.raises(Conflict, match="等待签发"):
        make.replied(task)
    with pytest.raises(Forbidden):
        make.task_act(cast.zhou, task, tasking.sign_reply)
    make.task_act(cast.zheng, task, tasking.hand_back, "补充测量数据")
    assert told(session, cast.zhou.id, "task_handed_back")[0].body == "补充测量数据"
    make.replied(task, text="第二稿")
    make.at(NEXT_DAY)
    make.task_act(cast.zheng, task, tasking.sign_reply)
    assert task.status is T.REPLIED
    sent = session.scalars(select(TaskReply).where(TaskReply.sent_at.is_not(None))).one()
    assert (sent.text, sent.written_by_id, sent.signed_by_id) == ("第二稿", cast.zhou.id, cast.zheng.id)


def test_an_approvers_own_reply_leaves_at_once(make: Make, session: Session, cast: Cast) -> None:
    session.get_one(Unit, cast.zhou.actor.unit_id).needs_signature = True
    session.commit()
    task = make.signed()
    make.task_act(cast.zheng, task, tasking.reply, R.DONE, "已办理完毕")
    assert task.status is T.REPLIED


def test_a_cancelled_task_stays_a_miss_once_it_was_late(make: Make, session: Session, cast: Cast) -> None:
    task = make.signed()
    make.at(shanghai(2026, 11, 27, 9))
    make.task_act(cast.zhang, task, tasking.cancel, "改由区里办理", version=task.version)
    assert task.status is T.CANCELLED
    assert clocks(session, task)[K.TASK_REPLY].verdict is Verdict.MISSED
    assert told(session, cast.zhou.id, "task_cancelled")
    early = make.task(session.get_one(Ticket, task.ticket_id))
    make.task_act(cast.zhang, early, tasking.cancel, "重复")
    assert clocks(session, early)[K.DECISION].verdict is Verdict.VOID
    assert len(told(session, cast.zhou.id, "task_cancelled")) == 1, "it had never reached the unit"


def test_acts_of_the_owner_carry_the_tasks_version_and_are_told_who_was_faster(
    make: Make, session: Session, cast: Cast
) -> None:
    task = make.signed()
    read = task.version
    make.replied(task)
    with pytest.raises(StaleTicket, match="周承办 已于11月23日09:30办理了“承办反馈”"):
        make.task_act(cast.zhang, task, tasking.cancel, "不用了", version=read)
    session.rollback()
    assert task.status is T.REPLIED


def test_nobody_accepts_his_own_reply_or_dispatches_his_own_asking(
    make: Make, session: Session, cast: Cast
) -> None:
    task = make.replied()
    session.scalars(select(TaskReply)).one().written_by_id = cast.zhang.id
    task.asked_by_id = cast.zhao.id
    session.commit()
    with pytest.raises(Conflict, match="不能由您本人认可"):
        make.task_act(cast.zhang, task, tasking.accept_reply)
    other = make.task(make.handled(make.ticket()))
    other.asked_by_id = cast.zhao.id
    session.commit()
    with pytest.raises(Conflict, match="您是提请人"):
        make.dispatched(other)


def test_an_open_task_blocks_the_answer_and_the_sentence_says_which(
    make: Make, session: Session, cast: Cast
) -> None:
    ticket = make.handled()
    task = make.task(ticket)
    words = rf"市生态环境局（{task.number}，自11月23日09:30）"
    with pytest.raises(Conflict, match=words):
        make.act(cast.zhang, ticket, answering.answer, Outcome.SOLVED, "已办好", "内部")
    session.rollback()
    make.task_act(cast.zhang, task, tasking.cancel, "不需要了")
    assert make.answered(ticket).status is Status.ANSWERED


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


def test_a_return_that_was_granted_ends_it_and_a_deferral_moves_it(
    make: Make, session: Session, cast: Cast
) -> None:
    task = make.signed()
    work = make.work(cast.zhang)
    loaded = task_access.task(work, task.number, lock=True)
    assert task_endings.defer(work, loaded, date(2026, 12, 1), "需现场检测")
    session.commit()
    assert clocks(session, task)[K.TASK_REPLY].due_at == shanghai(2026, 12, 1, 17, 30)
    assert task.deferral_count == 1
    assert told(session, cast.zhou.id, "task_moved")
    work = make.work(cast.zhao)
    task_endings.returned(work, task_access.task(work, task.number, lock=True), "非其职责")
    session.commit()
    assert (task.status, task.end_reason) == (T.RETURNED, "非其职责")
    assert running(session, task) == set()
    assert told(session, cast.zhang.id, "task_returned")


def test_what_has_passed_does_not_move(make: Make, session: Session, cast: Cast) -> None:
    task = make.signed()
    make.at(shanghai(2026, 11, 27, 9))
    work = make.work(cast.zhang)
    assert not task_endings.defer(work, task_access.task(work, task.number, lock=True), date(2026, 12, 1), "晚了")


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
