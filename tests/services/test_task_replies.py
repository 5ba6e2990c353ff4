"""承办反馈: the four kinds, the promise, the signature inside the unit, 认可 and 退回重报; and how a task ends else."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import shanghai
from assist.domain.errors import Conflict, Forbidden, Invalid, StaleTicket
from assist.domain.status import ClockHolder, ClockKind, Outcome, Status, Verdict
from assist.domain.tasks import TaskResult, TaskStatus
from assist.models import Clock, TaskReply, Ticket, Unit
from assist.services import answering, task_access, task_endings, tasking
from tests.cast import Cast
from tests.make import Make
from tests.tasks import clocks, events, running, told

K, T, R = ClockKind, TaskStatus, TaskResult
NEXT_DAY = shanghai(2026, 11, 24, 10)


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
