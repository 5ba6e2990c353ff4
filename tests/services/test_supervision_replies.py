"""督办: replied to by its addressee, then accepted, raised or void; nobody is his own judge."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import shanghai
from assist.domain.errors import Conflict, Forbidden, NotFound
from assist.domain.status import Verdict
from assist.domain.supervision import Addressee, SupervisionLevel, SupervisionStatus
from assist.models import Message, Setting, TicketEvent
from assist.services import pairing, settings, standing_in, supervising, supervision_access
from assist.services.queries import invariants
from tests.cast import Cast
from tests.make import Make
from tests.supervisions import act, clock_of, issued, order, proposed
from tests.tasks import SHIELDED, told

L, A, S = SupervisionLevel, Addressee, SupervisionStatus


def test_the_owner_replies_and_the_supervisor_accepts(
    make: Make, cast: Cast, session: Session
) -> None:
    row = issued(make, make.handled())
    act(make, cast.zhang, supervising.reply, row.id, "已约定明日验收。")
    assert (row.status, row.reply, row.replied_by_id) == (S.REPLIED, "已约定明日验收。", cast.zhang.id)
    assert clock_of(session, row).verdict is Verdict.MET
    assert str(row.number) in told(session, cast.wang.id, "supervision")[0].title
    with pytest.raises(Conflict, match="张建华 已于"):
        act(make, cast.zhang, supervising.reply, row.id, "再报一次。")
    session.rollback()
    act(make, cast.wang, supervising.accept, row.id)
    assert row.status is S.ACCEPTED
    assert [one.title for one in told(session, cast.zhang.id, "supervision")][-1].endswith("已认可")
    assert list(invariants.broken(session)) == []


def test_a_late_reply_is_a_miss_of_whoever_owed_it(make: Make, cast: Cast, session: Session) -> None:
    row = issued(make, make.handled())
    make.at(shanghai(2026, 11, 27, 9, 0))
    act(make, cast.zhang, supervising.reply, row.id, "已约定。")
    assert clock_of(session, row).verdict is Verdict.MISSED


def test_a_stand_in_replies_for_the_owner_as_long_as_he_is_one(
    make: Make, cast: Cast, session: Session
) -> None:
    row = issued(make, make.handled())
    acting = replace(cast.wu, actor=replace(cast.wu.actor, stands_in_for=frozenset({cast.zhang.id})))
    for who in (cast.wu, acting):  # the second claims it, but the record has ended
        with pytest.raises(NotFound):
            act(make, who, supervising.reply, row.id, "代为反馈。")
        session.rollback()
    since, until = shanghai(2026, 11, 23, 9, 0), shanghai(2026, 11, 25)
    act(make, cast.zhao, standing_in.appoint, cast.zhang.id, cast.wu.id, since, until, "参加培训")
    act(make, acting, supervising.reply, row.id, "代为反馈。")
    event = session.scalars(select(TicketEvent).order_by(TicketEvent.id.desc()).limit(1)).one()
    assert (event.actor_id, event.acting_for_id) == (cast.wu.id, cast.zhang.id)


def test_staff_of_the_unit_reply_and_no_other_unit_finds_it(
    make: Make, cast: Cast, session: Session
) -> None:
    task = make.signed()
    row = issued(make, task.ticket, order(L.ORDER, A.UNIT, task.number))
    assert (row.unit_id, row.task_id, row.account_id) == (task.unit_id, task.id, None)
    assert clock_of(session, row).unit_id == task.unit_id
    assert told(session, cast.zhou.id, "supervision")
    for who in (cast.zhang, cast.qian, cast.zhao, cast.liu, cast.wang):
        with pytest.raises(Forbidden):
            act(make, who, supervising.reply, row.id, "代为反馈")
        session.rollback()
    for who in (cast.chen, cast.li, cast.sun, cast.wu):
        with pytest.raises(NotFound):
            act(make, who, supervising.reply, row.id, "代为反馈")
        session.rollback()
    act(make, cast.zheng, supervising.reply, row.id, "我局已现场核查。")
    assert row.status is S.REPLIED


def test_of_a_shielded_matter_the_unit_is_not_told_whose_it_is(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.handled(make.ticket("甲企业被要求停产整改。"), category=SHIELDED)
    task = make.signed(make.task(ticket))
    given = supervising.Order(L.NOTICE, A.UNIT, task.number, "请就聊城甲制造有限公司整改事项反馈。")
    issued(make, ticket, given)
    (message,) = told(session, cast.zhou.id, "supervision")
    assert "甲" not in message.body + message.title
    assert "该企业" in message.body


def test_the_areas_coordinator_replies_for_the_area_the_citys_only_where_it_has_none(
    make: Make, cast: Cast, session: Session
) -> None:
    own = issued(make, make.handled(), order(L.NOTICE, A.AREA))
    with pytest.raises(Forbidden):
        act(make, cast.zhao, supervising.reply, own.id, "市里代报")
    session.rollback()
    act(make, cast.qian, supervising.reply, own.id, "区里已调度。")
    other = issued(make, make.handled(make.ticket(by=cast.sun)), order(L.NOTICE, A.AREA))
    act(make, cast.zhao, supervising.reply, other.id, "该县暂无调度员，市里代报。")
    assert (own.status, other.status) == (S.REPLIED, S.REPLIED)


def test_raised_it_goes_on_with_the_next_number_linked_to_the_first(
    make: Make, cast: Cast, session: Session
) -> None:
    row = issued(make, make.handled())
    with pytest.raises(Conflict, match="还没有到"):
        act(make, cast.wang, supervising.raise_level, row.id)
    session.rollback()
    make.at(shanghai(2026, 11, 27, 9, 0))
    made = act(make, cast.wang, supervising.raise_level, row.id, "", "逾期未反馈")
    assert (row.status, row.note) == (S.RAISED, "逾期未反馈")
    assert clock_of(session, row).verdict is Verdict.MISSED
    assert (made.level, made.number, made.raised_from_id) == (L.ORDER, "聊助企督〔2026〕2号", row.id)
    assert made.demand == row.demand
    assert clock_of(session, made).due_at == shanghai(2026, 12, 1, 17, 30)
    assert list(invariants.broken(session)) == []


def test_a_reply_that_does_not_do_is_raised_at_once_and_the_third_level_is_the_last(
    make: Make, cast: Cast, session: Session
) -> None:
    row = issued(make, make.handled(), order(L.ORDER))
    act(make, cast.zhang, supervising.reply, row.id, "正在办。")
    last = act(make, cast.wang, supervising.raise_level, row.id, "请当面说明。", "反馈空泛")
    assert (last.level, last.demand) == (L.KEY_ORDER, "请当面说明。")
    act(make, cast.zhang, supervising.reply, last.id, "已办结。")
    with pytest.raises(Conflict):
        act(make, cast.wang, supervising.raise_level, last.id)
    session.rollback()


def test_a_void_one_keeps_its_number(make: Make, cast: Cast, session: Session) -> None:
    row = issued(make, make.handled())
    act(make, cast.wang, supervising.void, row.id, "对象有误。")
    assert (row.status, row.number, row.note) == (S.VOID, "聊助企督〔2026〕1号", "对象有误。")
    assert clock_of(session, row).verdict is Verdict.VOID
    assert issued(make, make.handled(make.ticket("另一件"))).number == "聊助企督〔2026〕2号"


def test_one_open_supervision_an_addressee(make: Make, cast: Cast, session: Session) -> None:
    ticket = make.handled()
    issued(make, ticket)
    with pytest.raises(Conflict, match="聊助企督〔2026〕1号"):
        make.act(cast.wang, ticket, supervising.issue, order(L.ORDER))
    session.rollback()
    issued(make, ticket, order(L.NOTICE, A.AREA))


def test_nobody_but_a_supervisor_issues_and_settles(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.handled()
    row = issued(make, ticket)
    for who in (cast.zhang, cast.zhao, cast.qian, cast.liu, cast.chen):
        with pytest.raises(Forbidden):
            make.act(who, ticket, supervising.issue, order(L.NOTICE, A.AREA))
        session.rollback()
    for who in (cast.zhang, cast.zhao, cast.qian, cast.liu):
        for deed in (supervising.void, supervising.accept, supervising.raise_level):
            with pytest.raises(Forbidden):
                act(make, who, deed, row.id, "理由")
            session.rollback()


def test_a_proposal_is_found_by_supervisors_alone(
    make: Make, cast: Cast, session: Session
) -> None:
    row = proposed(session, make.handled())
    assert supervision_access.supervision(make.work(cast.wang), row.id)[0].id == row.id
    for who in (cast.zhang, cast.zhao, cast.qian, cast.liu, cast.zhou, cast.chen):
        with pytest.raises(NotFound):
            supervision_access.supervision(make.work(who), row.id)


def test_a_supervisor_named_for_a_restricted_matter_neither_supervises_himself_nor_is_found_by_others(
    make: Make, cast: Cast, session: Session
) -> None:
    session.scalars(select(Setting).where(Setting.name == "restricted_owner_id")).one().value = cast.wang.id
    settings.changed(session)
    session.commit()
    ticket = make.ticket("专员态度冷淡。", category="1302")
    with pytest.raises(Forbidden):
        make.act(cast.wang, ticket, supervising.issue, order())
    session.rollback()


def test_it_outlives_the_ticket_and_is_the_new_officers_after_a_handover(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.handled()
    row = issued(make, ticket)
    pairing.end(make.work(cast.zhao), cast.jia, "岗位调整")
    pairing.pair(make.work(cast.zhao), cast.jia, cast.wu.id)
    session.commit()
    session.refresh(ticket)
    make.closed(make.answered(ticket))
    assert clock_of(session, row).stopped_at is None
    with pytest.raises(Forbidden):
        act(make, cast.zhang, supervising.reply, row.id, "我已不负责")
    session.rollback()
    act(make, cast.wu, supervising.reply, row.id, "已办结。")
    assert row.replied_by_id == cast.wu.id


def test_over_spring_festival_the_reply_is_due_after_it(make: Make, session: Session) -> None:
    make.at(shanghai(2027, 2, 4, 9, 0))
    row = issued(make, make.handled())
    due_at = clock_of(session, row).due_at
    assert due_at >= shanghai(2027, 2, 12, 17, 30)


def test_nothing_is_said_to_the_enterprise(make: Make, cast: Cast, session: Session) -> None:
    row = issued(make, make.handled())
    act(make, cast.zhang, supervising.reply, row.id, "已办。")
    act(make, cast.wang, supervising.accept, row.id, "好")
    kinds = session.scalars(select(Message.kind).where(Message.recipient_id == cast.chen.id)).all()
    assert "supervision" not in kinds
    about = TicketEvent.action.in_(["supervise", "reply_supervision", "settle_supervision"])
    visible = select(TicketEvent).where(TicketEvent.is_visible, about)
    assert session.scalars(visible).all() == []
