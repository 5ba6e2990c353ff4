"""批示: given by a leader of the group, or entered for one with the document; open until the owner has answered."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import shanghai
from assist.domain.errors import Conflict, Forbidden, Invalid, NotFound
from assist.domain.status import ClockHolder, ClockKind, Verdict
from assist.models import Clock, Instruction, Setting, TicketEvent
from assist.services import instructing, settings
from assist.services.queries import ticket_page
from tests.cast import Cast
from tests.make import Make
from tests.tasks import told

WORDS = "请市生态环境局牵头，一周内解决。"


def given(**more: Any) -> instructing.Given:
    return instructing.Given(**{"text": WORDS, "due_on": date(2026, 11, 27), **more})


def rows(session: Session) -> list[Instruction]:
    session.expire_all()
    return list(session.scalars(select(Instruction).order_by(Instruction.id)))


def clock(session: Session, row: Instruction) -> Clock:
    return session.scalars(select(Clock).where(Clock.instruction_id == row.id)).one()


def test_a_leader_of_the_group_instructs_and_the_owner_is_told_at_once(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.handled()
    make.act(cast.liu, ticket, instructing.instruct, given())
    (row,) = rows(session)
    assert (row.leader_id, row.leader_name, row.entered_by_id) == (cast.liu.id, "刘振华", None)
    found = clock(session, row)
    assert (found.kind, found.holder) == (ClockKind.INSTRUCTION, ClockHolder.OWNER)
    assert found.due_at == shanghai(2026, 11, 27, 17, 30)
    (message,) = told(session, cast.zhang.id, "instruction")
    assert message.title == f"刘振华批示 {ticket.number}，请于11月27日前落实并反馈"
    event = session.scalars(select(TicketEvent).order_by(TicketEvent.id.desc()).limit(1)).one()
    assert (event.seq, event.action.value, event.is_visible) == (row.event_seq, "instruct", False)
    assert told(session, cast.chen.id, "instruction") == []


def test_a_day_off_becomes_the_close_of_the_next_working_day_over_spring_festival_too(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.at(shanghai(2027, 2, 3, 9, 0)).handled()
    make.act(cast.liu, ticket, instructing.instruct, given(due_on=date(2027, 2, 6)))
    found = clock(session, rows(session)[0])
    assert found.due_at.date() > date(2027, 2, 10)


def test_a_supervisor_enters_it_for_a_leader_with_the_document(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.handled()
    with pytest.raises(Invalid) as refusal:
        make.act(cast.wang, ticket, instructing.instruct, given(leader_id=cast.liu.id))
    assert refusal.value.field == "document"
    session.rollback()
    make.act(cast.wang, ticket, instructing.instruct, given(document="聊政阅〔2026〕12号"))
    make.act(cast.wang, ticket, instructing.instruct, given(leader_name="市长李某", has_files=True))
    first, second = rows(session)
    assert (first.leader_id, first.entered_by_id) == (cast.liu.id, cast.wang.id)
    assert first.document == "聊政阅〔2026〕12号"
    assert (second.leader_id, second.leader_name) == (None, "市长李某")
    with pytest.raises(Invalid):
        make.act(cast.wang, ticket, instructing.instruct, given(leader_id=cast.zhang.id, document="1号"))
    session.rollback()


def test_it_stays_open_until_the_owner_answers_and_then_the_leader_is_told(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.handled()
    make.act(cast.liu, ticket, instructing.instruct, given())
    make.closed(make.answered(ticket))
    (row,) = rows(session)
    assert clock(session, row).stopped_at is None
    make.act(cast.zhang, ticket, instructing.reply, "已办结，企业满意。")
    (row,) = rows(session)
    assert (row.reply, row.replied_by_id) == ("已办结，企业满意。", cast.zhang.id)
    assert clock(session, row).verdict is Verdict.MET
    assert told(session, cast.liu.id, "instruction")[0].title == f"刘振华批示已落实：{ticket.number}"
    with pytest.raises(Conflict, match="张建华 已于"):
        make.act(cast.zhang, ticket, instructing.reply, "再报一次", row.id)
    session.rollback()


def test_of_several_the_oldest_is_answered_first_unless_it_is_said_which(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.handled()
    for words in ("第一", "第二", "第三"):
        make.act(cast.liu, ticket, instructing.instruct, given(text=words))
    ids = [row.id for row in rows(session)]
    make.act(cast.zhang, ticket, instructing.reply, "答第三", ids[2])
    make.act(cast.zhang, ticket, instructing.reply, "答第一")
    assert [row.reply for row in rows(session)] == ["答第一", "", "答第三"]


def test_late_it_is_the_owners_miss(make: Make, cast: Cast, session: Session) -> None:
    ticket = make.handled()
    make.act(cast.liu, ticket, instructing.instruct, given())
    make.at(shanghai(2026, 11, 27, 17, 31)).act(cast.zhang, ticket, instructing.reply, "已办")
    assert clock(session, rows(session)[0]).verdict is Verdict.MISSED


def test_what_is_missing_or_past_is_named(make: Make, cast: Cast, session: Session) -> None:
    ticket = make.handled()
    for wrong, field in (
        (given(text=" "), "text"),
        (given(text="长" * 10_000), "text"),
        (given(due_on=None), "due_on"),
        (given(due_on=date(2026, 11, 22)), "due_on"),
        (given(due_on=date(2099, 1, 1)), "due_on"),
    ):
        with pytest.raises(Invalid) as refusal:
            make.act(cast.liu, ticket, instructing.instruct, wrong)
        session.rollback()
        assert refusal.value.field == field
    assert rows(session) == []


def test_nobody_else_instructs_and_nobody_but_the_owner_answers(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.handled()
    for who in (cast.zhang, cast.zhao, cast.qian, cast.chen):
        with pytest.raises(Forbidden):
            make.act(who, ticket, instructing.instruct, given(document="1号"))
        session.rollback()
    other = make.handled(make.ticket(by=cast.sun))
    with pytest.raises(NotFound):
        make.act(cast.liu, other, instructing.instruct, given())
    session.rollback()
    make.act(cast.liu, ticket, instructing.instruct, given())
    for who in (cast.liu, cast.wang, cast.zhao, cast.chen):
        with pytest.raises(Forbidden):
            make.act(who, ticket, instructing.reply, "代答")
        session.rollback()


def test_an_ended_or_a_restricted_matter_is_not_instructed_on(
    make: Make, cast: Cast, session: Session
) -> None:
    with pytest.raises(Conflict):
        make.act(cast.liu, make.closed(), instructing.instruct, given())
    session.rollback()
    session.scalars(select(Setting).where(Setting.name == "restricted_owner_id")).one().value = cast.zhao.id
    settings.changed(session)
    session.commit()
    ticket = make.ticket("专员态度冷淡。", category="1302")
    with pytest.raises(Conflict):
        make.act(cast.wang, ticket, instructing.instruct, given(document="1号"))
    session.rollback()


def test_the_owner_is_offered_the_reply_only_while_one_waits(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.handled()

    def offered() -> bool:
        work = make.work(cast.zhang)
        page = ticket_page.load(work, ticket)
        return "reply_instruction" in {one.value for one in (*page.acts.first, *page.acts.more)}

    assert not offered()
    make.act(cast.liu, ticket, instructing.instruct, given())
    assert offered()
    make.act(cast.zhang, ticket, instructing.reply, "已办")
    assert not offered()
